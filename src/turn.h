/*
 * A turn with the store's lock, for those who look at many events or entities.
 *
 * How long a step takes depends on what a delivery brought, so a turn ends by the clock and not by
 * a count: after less than a millisecond, or much earlier when another thread waits. What a single
 * step may cost is bounded by its owner: more than TURN_BYTES of one event are not read within a
 * turn, but copied out by store_fetch() and read without the lock.
 */
#ifndef ANCHORTOP_TURN_H
#define ANCHORTOP_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

enum {
    TURN_US = 700,         /* that a turn lasts when nobody waits */
    TURN_LEAST_US = 50,    /* and when somebody does */
    TURN_BYTES = 16 << 10, /* of an event that may be read in a step */
};

struct turn {
    struct store *store;
    int64_t began_us;
    size_t bytes; /* looked at since the clock was */
};

/* Takes the store's lock. */
void turn_begin(struct turn *turn, struct store *store);

/* (locked) Whether the clock lets another step follow. */
bool turn_has_time(struct turn *turn);

/* (locked) Counts a step that has looked at so many bytes. Whether another one may follow. */
static inline bool turn_goes_on(struct turn *turn, size_t bytes)
{
    enum { STEP = 64, CLOCK = 16 << 10 }; /* the clock costs as much as reading some kilobytes */
    turn->bytes += STEP + bytes;
    return turn->bytes < CLOCK || turn_has_time(turn);
}

/* Gives the lock to who waits for it. */
void turn_end(struct turn *turn);

#endif
