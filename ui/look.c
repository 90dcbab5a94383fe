/*
 * Looking at the events of memory.
 */
#include "look.h"

#include "../src/clock.h"

enum { SKIP_BYTES = 4 }; /* what it costs to pass over an event, as turn_goes_on() counts */

bool look_has_time(struct look *look)
{
    bool first = !look->begun;
    look->begun = true;
    return first || clock_steady_us() < look->until_us;
}

/* Takes events down for a turn; returns how many were looked at. */
static size_t take(struct look *look, struct rows_range range, bool backwards)
{
    struct sieve *sieve = look->sieve;
    size_t looked_at = 0, all = (size_t)(range.end - range.first);
    struct turn turn;
    turn_begin(&turn, sieve->store);
    sieve_prepare(sieve, look->now_ms);
    for (bool more = true; more && looked_at < all && !sieve_is_full(sieve);) {
        uint64_t first = backwards ? range.first : range.first + looked_at;
        uint64_t end = backwards ? range.end - looked_at : range.end;
        size_t skipped = sieve_skip(sieve, first, end, backwards);
        size_t bytes = skipped * SKIP_BYTES;
        if (skipped == 0)
            bytes = sieve_take(sieve, backwards ? end - 1 : first);
        looked_at += skipped > 0 ? skipped : 1;
        more = turn_goes_on(&turn, bytes);
    }
    turn_end(&turn);
    return looked_at;
}

size_t look_at_events(struct look *look, struct rows_range range, bool backwards,
                      struct rows_found *found)
{
    struct sieve *sieve = look->sieve;
    size_t looked_at = take(look, range, backwards);
    size_t decided = sieve_decide(sieve, look->until_us);
    if (decided < sieve->count) {
        uint64_t next = sieve->rows[decided].seq;
        looked_at = (size_t)(backwards ? range.end - 1 - next : next - range.first);
    }
    for (size_t i = 0; i < decided; i++)
        if (sieve->rows[i].verdict == FILTER_ALWAYS)
            found->numbers[found->count++] = sieve->rows[i].seq;
    return looked_at;
}
