/*
 * Small figures that are kept as events pass: how many a second, and for how long.
 *
 * Pure: time is passed in, as Unix milliseconds, and may jump either way. Not locked.
 */
#ifndef ANCHORTOP_STATS_H
#define ANCHORTOP_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RATE_SECONDS = 64 }; /* history of a rate */

/* Events a second for the last RATE_SECONDS whole seconds and the one under way.
 * Zero-initialise. */
struct rate {
    uint32_t buckets[RATE_SECONDS + 1]; /* by second, modulo their number */
    int64_t second;                     /* Unix second of the newest bucket */
};

void rate_add(struct rate *rate, int64_t now_ms, uint32_t count);

/* Counts of the `count` (at most RATE_SECONDS) whole seconds before now, oldest first. */
void rate_series(const struct rate *rate, int64_t now_ms, uint32_t *series, size_t count);

/* Events a second, averaged over the last `seconds` (at most RATE_SECONDS) whole seconds. */
double rate_average(const struct rate *rate, int64_t now_ms, unsigned seconds);

/* Whether any event lies in the second under way or the `seconds` whole ones before it. */
bool rate_active(const struct rate *rate, int64_t now_ms, unsigned seconds);

#endif
