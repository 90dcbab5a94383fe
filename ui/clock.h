/*
 * A clock that goes on evenly when the time of day is set.
 */
#ifndef ANCHORTOP_CLOCK_H
#define ANCHORTOP_CLOCK_H

#include <stdint.h>

/* Microseconds since some moment. */
int64_t clock_steady_us(void);

#endif
