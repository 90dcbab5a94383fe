/*
 * A turn with the store's lock: see turn.h.
 */
#include "turn.h"

#include "clock.h"

void turn_begin(struct turn *turn, struct store *store)
{
    store_lock_last(store);
    *turn = (struct turn){.store = store, .began_us = clock_steady_us()};
}

bool turn_has_time(struct turn *turn)
{
    turn->bytes = 0;
    int64_t passed_us = clock_steady_us() - turn->began_us;
    return passed_us < (store_is_wanted(turn->store) ? TURN_LEAST_US : TURN_US);
}

void turn_end(struct turn *turn)
{
    store_unlock(turn->store);
}
