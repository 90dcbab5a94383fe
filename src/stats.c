/*
 * Small figures that are kept as events pass: see stats.h.
 */
#include "stats.h"

#include <string.h>

enum { BUCKETS = RATE_SECONDS + 1 };

static int64_t second_of(int64_t ms)
{
    return ms / 1000 - (ms % 1000 < 0);
}

static size_t bucket_of(int64_t second)
{
    return (size_t)((second % BUCKETS + BUCKETS) % BUCKETS);
}

static uint32_t count_at(const struct rate *rate, int64_t second)
{
    if (second > rate->second || second <= rate->second - BUCKETS)
        return 0;
    return rate->buckets[bucket_of(second)];
}

void rate_add(struct rate *rate, int64_t now_ms, uint32_t count)
{
    int64_t now = second_of(now_ms);
    if (now >= rate->second + BUCKETS || now <= rate->second - BUCKETS) {
        /* Long silence, or a clock that was set back: nothing in the history is near now. */
        memset(rate->buckets, 0, sizeof rate->buckets);
        rate->second = now;
    }
    while (rate->second < now)
        rate->buckets[bucket_of(++rate->second)] = 0;
    rate->buckets[bucket_of(now)] += count;
}

void rate_series(const struct rate *rate, int64_t now_ms, uint32_t *series, size_t count)
{
    int64_t first = second_of(now_ms) - (int64_t)count;
    for (size_t i = 0; i < count; i++)
        series[i] = count_at(rate, first + (int64_t)i);
}

double rate_average(const struct rate *rate, int64_t now_ms, unsigned seconds)
{
    uint64_t sum = 0;
    int64_t now = second_of(now_ms);
    if (seconds > RATE_SECONDS)
        seconds = RATE_SECONDS;
    for (int64_t second = now - seconds; second < now; second++)
        sum += count_at(rate, second);
    return seconds ? (double)sum / seconds : 0;
}

bool rate_active(const struct rate *rate, int64_t now_ms, unsigned seconds)
{
    int64_t now = second_of(now_ms);
    if (seconds > RATE_SECONDS)
        seconds = RATE_SECONDS;
    for (int64_t second = now - seconds; second <= now; second++)
        if (count_at(rate, second))
            return true;
    return false;
}
