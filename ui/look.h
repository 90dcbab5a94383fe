/*
 * Looking at the events of memory for those that a filter wants: what rows_update() asks for. Main
 * thread, not with the store's lock.
 */
#ifndef ANCHORTOP_LOOK_H
#define ANCHORTOP_LOOK_H

#include <stdint.h>

#include "../src/sieve.h"
#include "rows.h"

/* What a pass goes by. */
struct look {
    struct sieve *sieve;
    int64_t now_ms;
    int64_t until_us; /* of clock_steady_us(): not much longer */
    bool begun;       /* a pass looks at something, however late it is */
};

/* Whether there is time for more. */
bool look_has_time(struct look *look);

/* As rows_look(), without a look at the time: one turn with the store. */
size_t look_at_events(struct look *look, struct rows_range range, bool backwards,
                      struct rows_found *found);

#endif
