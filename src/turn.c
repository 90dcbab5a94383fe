/*
 * A turn with the store's lock: see turn.h.
 */
#include "turn.h"

#include "clock.h"

enum {
    STEP_BYTES = 64, /* that the smallest step is taken for */
    CLOCK_BYTES =
        4 << 10, /* the clock is looked at once for so many: about a microsecond's worth */
};

void turn_begin(struct turn *turn, struct store *store)
{
    store_lock(store);
    *turn = (struct turn){.store = store, .began_us = clock_steady_us()};
}

bool turn_goes_on(struct turn *turn, size_t bytes)
{
    turn->bytes += STEP_BYTES + bytes;
    if (turn->bytes < CLOCK_BYTES)
        return true;
    turn->bytes = 0;
    int64_t passed_us = clock_steady_us() - turn->began_us;
    return passed_us < (store_is_wanted(turn->store) ? TURN_LEAST_US : TURN_US);
}

void turn_end(struct turn *turn)
{
    store_unlock(turn->store);
}
