/*
 * The rows of a list, looked at again.
 */
#include "matches.h"

/* Looking again takes no more than a fifth of the time. */
enum { REST = 4 };

void matches_free(struct matches *matches)
{
    rows_free(&matches->rows);
    rows_free(&matches->again);
    *matches = (struct matches){.begun = false};
}

void matches_reset(struct matches *matches, bool filtered, unsigned change)
{
    rows_reset(&matches->rows, filtered);
    matches->change = change;
    matches->begun = matches->looking_again = false;
}

static void begin(struct matches *matches, uint64_t generation, int64_t now_ms)
{
    matches->begun = true;
    matches->generation = generation;
    matches->began_ms = now_ms;
    matches->due_ms = now_ms + MATCHES_AGAIN_MS;
}

/* Whether there is a reason to look again, sooner or later. */
static bool is_stale(const struct matches *matches, uint64_t generation)
{
    return matches->begun &&
           (matches->change & FILTER_CHANGES_IN_TIME ||
            (matches->change & FILTER_CHANGES_BY_EVENTS && generation != matches->generation));
}

bool matches_due(struct matches *matches, uint64_t generation, int64_t now_ms)
{
    bool set_back = now_ms < matches->began_ms; /* the clock */

    if (matches->begun &&
        (!is_stale(matches, generation) || (now_ms < matches->due_ms && !set_back)))
        return false;
    bool again = matches->begun;
    begin(matches, generation, now_ms);
    return again;
}

static void swap(struct matches *matches)
{
    struct rows rows = matches->rows;
    matches->rows = matches->again;
    matches->again = rows;
    matches->looking_again = false;
}

bool matches_update(struct matches *matches, const struct matches_pass *pass, rows_match *match,
                    const void *context)
{
    if (!matches->begun)
        begin(matches, pass->generation, pass->now_ms);
    if (!rows_update(&matches->rows, pass->range, match, context, pass->budget))
        return false;
    if (!matches->looking_again) {
        if (!matches_due(matches, pass->generation, pass->now_ms))
            return true;
        rows_reset(&matches->again, true);
        matches->looking_again = true;
    }
    if (!rows_update(&matches->again, pass->range, match, context, pass->budget))
        return false;
    int64_t took_ms = pass->now_ms - matches->began_ms;
    matches->due_ms = pass->now_ms + MATCHES_AGAIN_MS + (took_ms > 0 ? REST * took_ms : 0);
    swap(matches);
    return true;
}

int matches_wait_ms(const struct matches *matches, uint64_t generation, int64_t now_ms)
{
    if (matches->looking_again || !is_stale(matches, generation))
        return -1;
    bool due = now_ms >= matches->due_ms || now_ms < matches->began_ms;
    return due ? 0 : (int)(matches->due_ms - now_ms);
}
