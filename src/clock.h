/*
 * The time of day, and a clock that goes on evenly when that is set. Any thread.
 */
#ifndef ANCHORTOP_CLOCK_H
#define ANCHORTOP_CLOCK_H

#include <stdint.h>

/* Unix milliseconds. */
int64_t clock_now_ms(void);

/* Microseconds since some moment. */
int64_t clock_steady_us(void);

#endif
