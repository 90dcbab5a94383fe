/*
 * Failing streaks: see fold.h.
 *
 * Only failures newer than the newest success count, and only the newest of them are kept: one more
 * than are counted, because whether a 1,001st is there must not depend on the order either. An
 * older one can never come back into the count: successes only get newer.
 */
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "heap.h"

enum { KEPT = FOLD_STREAK_MAX + 1, MIN_CAPACITY = 4, MAX_CAPACITY = 2 * KEPT };

static size_t size_of(uint32_t failures)
{
    return failures * sizeof(struct stamp);
}

/* How many of the failures are not newer than the stamp. */
static uint32_t not_newer(const struct streak *streak, const struct stamp *at)
{
    uint32_t low = 0, high = streak->count;
    /* Nearly always the newest one yet. */
    if (high && stamp_compare(&streak->failures[streak->first + high - 1], at) <= 0)
        return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (stamp_compare(&streak->failures[streak->first + middle], at) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Makes room behind the last failure. Moves them to the front when that is empty by half, so that a
 * long streak costs the same for each failure as a short one. */
static bool make_room(struct streak *streak)
{
    if (streak->first + streak->count < streak->capacity)
        return true;
    if (streak->first && streak->first >= streak->capacity / 2 - 1) {
        memmove(streak->failures, streak->failures + streak->first,
                streak->count * sizeof *streak->failures);
        streak->first = 0;
        return true;
    }
    uint32_t capacity = streak->capacity ? streak->capacity * 2 : MIN_CAPACITY;
    if (capacity > MAX_CAPACITY)
        capacity = MAX_CAPACITY;
    struct stamp *failures =
        heap_grow(streak->failures, size_of(streak->capacity), size_of(capacity));
    if (!failures)
        return false;
    streak->failures = failures;
    streak->capacity = capacity;
    return true;
}

void streak_fail(struct streak *streak, const struct stamp *at)
{
    if (stamp_compare(at, &streak->success) <= 0)
        return;
    uint32_t place = not_newer(streak, at);
    if (streak->count == KEPT) {
        if (place == 0)
            return;
        streak->first++;
        streak->count--;
        place--;
    }
    if (!make_room(streak))
        return;
    struct stamp *failure = streak->failures + streak->first + place;
    memmove(failure + 1, failure, (streak->count++ - place) * sizeof *failure);
    *failure = *at;
}

void streak_succeed(struct streak *streak, const struct stamp *at)
{
    if (!stamp_advance(&streak->success, at))
        return;
    uint32_t over = not_newer(streak, at);
    streak->first += over;
    streak->count -= over;
    if (streak->count)
        return;
    heap_free(streak->failures, size_of(streak->capacity));
    *streak = (struct streak){.success = streak->success};
}

uint32_t streak_length(const struct streak *streak, bool *more)
{
    *more = streak->count > FOLD_STREAK_MAX;
    return *more ? FOLD_STREAK_MAX : streak->count;
}

void streak_free(struct streak *streak)
{
    heap_free(streak->failures, size_of(streak->capacity));
    *streak = (struct streak){0};
}

bool streak_copy(struct streak *to, const struct streak *from)
{
    *to = (struct streak){.success = from->success};
    if (!from->count)
        return true;
    to->failures = heap_take(size_of(from->count));
    if (!to->failures)
        return false;
    memcpy(to->failures, from->failures + from->first, from->count * sizeof *to->failures);
    to->count = to->capacity = from->count;
    return true;
}
