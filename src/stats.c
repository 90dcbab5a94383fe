/*
 * Small figures that are kept as events pass: see stats.h.
 */
#include "stats.h"

#include <math.h>
#include <stdlib.h>
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

enum {
    OCTAVE_BITS = 3, /* buckets an octave, as a power of two */
    OCTAVE = 1 << OCTAVE_BITS,
};

static unsigned log2_of(uint64_t value)
{
    unsigned bits = 0;
    while (value >>= 1)
        bits++;
    return bits;
}

/* Below two octaves each bucket is one millisecond; above, it is named by the octave and the bits
 * that follow the highest one. */
static size_t duration_bucket(int64_t ms)
{
    if (ms < OCTAVE)
        return (size_t)ms;
    unsigned shift = log2_of((uint64_t)ms) - OCTAVE_BITS;
    return (size_t)(shift << OCTAVE_BITS) + (size_t)(ms >> shift);
}

static int64_t bucket_middle(size_t bucket)
{
    if (bucket < 2 * OCTAVE)
        return (int64_t)bucket;
    unsigned shift = (unsigned)(bucket >> OCTAVE_BITS) - 1;
    int64_t low = (int64_t)(bucket % OCTAVE + OCTAVE) << shift;
    return low + (INT64_C(1) << shift) / 2;
}

/* To be called before the total changes. */
static void widen(struct histogram *histogram, int64_t least, int64_t most)
{
    if (histogram->total == 0 || least < histogram->least)
        histogram->least = least;
    if (histogram->total == 0 || most > histogram->most)
        histogram->most = most;
}

void histogram_add(struct histogram *histogram, int64_t ms)
{
    ms = ms < 0 ? 0 : ms > UINT32_MAX ? UINT32_MAX : ms;
    uint32_t *count = &histogram->counts[duration_bucket(ms)];
    if (*count == UINT32_MAX)
        return;
    ++*count;
    widen(histogram, ms, ms);
    histogram->total++;
}

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    uint64_t total = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        uint32_t room = UINT32_MAX - histogram->counts[i];
        uint32_t more = other->counts[i] < room ? other->counts[i] : room;
        histogram->counts[i] += more;
        total += more;
    }
    if (total > 0)
        widen(histogram, other->least, other->most);
    histogram->total += total;
}

int64_t histogram_quantile(const struct histogram *histogram, double quantile)
{
    double rank = ceil(quantile * (double)histogram->total);
    uint64_t below = 0;
    int64_t middle = -1;
    if (histogram->total == 0)
        return middle;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        if (!histogram->counts[i])
            continue;
        middle = bucket_middle(i);
        below += histogram->counts[i];
        if ((double)below >= rank)
            break;
    }
    return middle < histogram->least  ? histogram->least
           : middle > histogram->most ? histogram->most
                                      : middle;
}

static int64_t minute_of(int64_t ms)
{
    return ms / 60000 - (ms % 60000 < 0);
}

static size_t minute_index(int64_t number)
{
    return (size_t)((number % HOUR_MINUTES + HOUR_MINUTES) % HOUR_MINUTES);
}

void hour_free(struct hour *hour)
{
    for (size_t i = 0; i < HOUR_MINUTES; i++)
        free(hour->minutes[i].durations);
    *hour = (struct hour){0};
}

static void start_minute(struct hour_minute *minute, int64_t number)
{
    struct histogram *durations = minute->durations;
    if (durations)
        *durations = (struct histogram){0};
    *minute = (struct hour_minute){.number = number, .durations = durations};
}

void hour_add(struct hour *hour, int64_t now_ms, int64_t created_ms, bool ok, int64_t duration_ms)
{
    int64_t now = minute_of(now_ms), number = minute_of(created_ms);
    if (number > now)
        number = now;
    if (number <= now - HOUR_MINUTES)
        return;
    struct hour_minute *minute = &hour->minutes[minute_index(number)];
    if (minute->number != number)
        start_minute(minute, number);
    *(ok ? &minute->ok : &minute->failed) += 1;
    if (duration_ms < 0)
        return;
    if (!minute->durations)
        minute->durations = calloc(1, sizeof *minute->durations);
    if (minute->durations)
        histogram_add(minute->durations, duration_ms);
}

void hour_sum(const struct hour *hour, int64_t now_ms, struct hour_sums *sums)
{
    int64_t now = minute_of(now_ms);
    *sums = (struct hour_sums){0};
    for (size_t i = 0; i < HOUR_MINUTES; i++) {
        const struct hour_minute *minute = &hour->minutes[i];
        if (minute->number > now || minute->number <= now - HOUR_MINUTES)
            continue;
        sums->ok += minute->ok;
        sums->failed += minute->failed;
        if (minute->durations)
            histogram_merge(&sums->durations, minute->durations);
    }
}
