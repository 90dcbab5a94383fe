/*
 * Small figures that are kept as events pass: how many a second, how they went, how long they took.
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

/*
 * How often durations came, in buckets that are an eighth of an octave wide: quantiles are within
 * 7 % of the truth, whatever was added and in whatever order. From 0 ms to 2^32 - 1 ms (50 days);
 * what is longer counts as that. Zero-initialise.
 */
enum { HISTOGRAM_BUCKETS = 240 };
struct histogram {
    uint32_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
    int64_t least, most; /* ms; of what was added, when total is not 0 */
};

void histogram_add(struct histogram *histogram, int64_t ms);

/* Adds all that was added to another. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/* The duration that a share of `quantile` (0 to 1) of all does not exceed: the middle of its
 * bucket, in milliseconds, but never less than the least or more than the most that was added. -1
 * when nothing was. */
int64_t histogram_quantile(const struct histogram *histogram, double quantile);

enum { HOUR_MINUTES = 60 };

/* One minute of the hour. `durations` is NULL until one came. */
struct hour_minute {
    int64_t number; /* Unix minute */
    uint32_t ok, failed;
    struct histogram *durations;
};

/* Runs of the minute under way and the 59 before it. Zero-initialise; free with hour_free(). */
struct hour {
    struct hour_minute minutes[HOUR_MINUTES]; /* by their number modulo that */
};

void hour_free(struct hour *hour);

/* Adds a run that ended at created_ms. `now_ms` is the time now, also for an event that arrived
 * long ago and is only read again. The run counts in its own minute, so that deliveries that come
 * late change nothing else; one from the future counts as of now, one older than the hour not at
 * all. `duration_ms` is negative when it is not known. */
void hour_add(struct hour *hour, int64_t now_ms, int64_t created_ms, bool ok, int64_t duration_ms);

/* Sums of the hour. */
struct hour_sums {
    uint64_t ok, failed;
    struct histogram durations;
};

void hour_sum(const struct hour *hour, int64_t now_ms, struct hour_sums *sums);

#endif
