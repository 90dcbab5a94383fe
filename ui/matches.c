/*
 * The rows of a list, looked at again.
 */
#include "matches.h"

void matches_free(struct matches *matches)
{
    rows_free(&matches->rows);
    rows_free(&matches->again);
    *matches = (struct matches){.looking_again = false};
}

void matches_reset(struct matches *matches, bool filtered, unsigned change)
{
    rows_reset(&matches->rows, filtered);
    again_reset(&matches->when, change);
    matches->looking_again = false;
}

bool matches_due(struct matches *matches, uint64_t generation, int64_t now_ms)
{
    bool again = matches->when.begun;
    if (again && !again_is_due(&matches->when, generation, now_ms))
        return false;
    again_begin(&matches->when, generation, now_ms);
    return again;
}

static void swap(struct matches *matches)
{
    struct rows rows = matches->rows;
    matches->rows = matches->again;
    matches->again = rows;
    matches->looking_again = false;
}

bool matches_update(struct matches *matches, const struct matches_pass *pass, rows_look *look,
                    void *context)
{
    if (!matches->when.begun)
        again_begin(&matches->when, pass->generation, pass->now_ms);
    if (!rows_update(&matches->rows, pass->range, look, context))
        return false;
    if (!matches->looking_again) {
        if (!matches_due(matches, pass->generation, pass->now_ms))
            return true;
        rows_reset(&matches->again, true);
        matches->looking_again = true;
    }
    if (!rows_update(&matches->again, pass->range, look, context))
        return false;
    again_end(&matches->when, pass->now_ms, false);
    swap(matches);
    return true;
}

int matches_wait_ms(const struct matches *matches, uint64_t generation, int64_t now_ms)
{
    return matches->looking_again ? -1 : again_wait_ms(&matches->when, generation, now_ms);
}
