/*
 * When a list is looked at again: see again.h.
 */
#include "again.h"

#include "../src/filter.h"

enum { REST = 4, RAREST = 30 };

void again_reset(struct again *again, unsigned change)
{
    *again = (struct again){.change = change};
}

void again_begin(struct again *again, uint64_t generation, int64_t now_ms)
{
    again->begun = true;
    again->generation = generation;
    again->began_ms = now_ms;
    again->due_ms = now_ms + AGAIN_MS;
    if (again->change & FILTER_CHANGES_BY_DAY)
        again->day_end_ms = moment_today(now_ms).last_ms;
}

void again_end(struct again *again, int64_t now_ms, bool same)
{
    int64_t took_ms = now_ms - again->began_ms;
    int64_t rest_ms = AGAIN_MS + (took_ms > 0 ? REST * took_ms : 0);
    bool rarer = same && !(again->change & FILTER_CHANGES_BY_EVENTS);
    again->rarely = rarer ? again->rarely * 2 + (again->rarely == 0) : 0;
    if (again->rarely > RAREST)
        again->rarely = RAREST;
    again->due_ms = now_ms + rest_ms * (1 + again->rarely);
}

/* Whether there is a reason to look again, sooner or later. */
static bool is_stale(const struct again *again, uint64_t generation)
{
    return again->begun &&
           (again->change & FILTER_CHANGES_IN_TIME ||
            (again->change & FILTER_CHANGES_BY_EVENTS && generation != again->generation));
}

int again_wait_ms(const struct again *again, uint64_t generation, int64_t now_ms)
{
    bool set_back = now_ms < again->began_ms; /* the clock */
    if (again->begun && again->change & FILTER_CHANGES_BY_DAY) {
        int64_t left_ms = again->day_end_ms + 1 - now_ms;
        if (left_ms <= 0 || set_back)
            return 0;
        if (!is_stale(again, generation))
            return (int)left_ms;
    }
    if (!is_stale(again, generation))
        return -1;
    return now_ms >= again->due_ms || set_back ? 0 : (int)(again->due_ms - now_ms);
}

bool again_is_due(const struct again *again, uint64_t generation, int64_t now_ms)
{
    return again_wait_ms(again, generation, now_ms) == 0;
}
