/*
 * Rates, as seconds pass, stand still and jump.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats.h"

static const int64_t start = INT64_C(1779625085000);

Test(stats, series_is_of_whole_seconds_oldest_first)
{
    struct rate rate = {0};
    uint32_t series[3];
    rate_add(&rate, start, 1);
    rate_add(&rate, start + 999, 1);
    rate_add(&rate, start + 2500, 5);

    static const struct {
        int64_t after;
        uint32_t expected[3];
    } rows[] = {
        {0, {0, 0, 0}},    {1000, {0, 0, 2}}, {2999, {0, 2, 0}},
        {3000, {2, 0, 5}}, {5000, {5, 0, 0}}, {6000, {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rate_series(&rate, start + rows[i].after, series, 3);
        for (size_t k = 0; k < 3; k++)
            cr_expect_eq(series[k], rows[i].expected[k], "after %lld ms, [%zu]: %u",
                         (long long)rows[i].after, k, series[k]);
    }
}

Test(stats, whole_history_is_kept)
{
    struct rate rate = {0};
    uint32_t series[RATE_SECONDS];
    for (uint32_t i = 0; i <= RATE_SECONDS; i++)
        rate_add(&rate, start + i * INT64_C(1000), i + 1);
    rate_series(&rate, start + RATE_SECONDS * INT64_C(1000), series, RATE_SECONDS);
    for (uint32_t i = 0; i < RATE_SECONDS; i++)
        cr_expect_eq(series[i], i + 1, "[%u]: %u", i, series[i]);
}

Test(stats, average)
{
    struct rate rate = {0};
    cr_expect_eq(rate_average(&rate, start, 10), 0);
    rate_add(&rate, start, 30);
    rate_add(&rate, start + 1000, 12);
    cr_expect_eq(rate_average(&rate, start, 10), 0, "the second under way does not count");
    cr_expect_eq(rate_average(&rate, start + 1000, 10), 3);
    cr_expect_eq(rate_average(&rate, start + 2000, 1), 12);
    cr_expect_eq(rate_average(&rate, start + 2000, 2), 21);
    cr_expect_eq(rate_average(&rate, start + 2000, 0), 0);
    cr_expect_eq(rate_average(&rate, start + 2000, 1000), 42.0 / RATE_SECONDS);
    cr_expect_eq(rate_average(&rate, start + 100000, 10), 0);
}

Test(stats, active_until_the_last_event_is_old)
{
    struct rate rate = {0};
    cr_expect_not(rate_active(&rate, start, 5));
    rate_add(&rate, start, 1);
    cr_expect(rate_active(&rate, start, 0));
    cr_expect(rate_active(&rate, start + 5000, 5));
    cr_expect_not(rate_active(&rate, start + 6000, 5));
    cr_expect(rate_active(&rate, start + RATE_SECONDS * INT64_C(1000), 1000));
    cr_expect_not(rate_active(&rate, start + (RATE_SECONDS + 1) * INT64_C(1000), 1000));
}

Test(stats, clock_jumps)
{
    static const struct {
        const char *name;
        int64_t jump;
        double expected; /* average of 2 s, one second after the jump */
    } rows[] = {
        {"none", 0, 5},
        {"a second forward", 1000, 5},
        {"a day forward", 86400000, 1},
        {"a year back", -31536000000, 1},
        {"to 1970", 1000 - start, 1},
        {"before 1970", -1 - start, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rate rate = {0};
        rate_add(&rate, start, 8);
        rate_add(&rate, start + rows[i].jump, 2);
        double average = rate_average(&rate, start + rows[i].jump + 1000, 2);
        cr_expect_eq(average, rows[i].expected, "%s: %g", rows[i].name, average);
    }
}

Test(stats, a_small_step_back_loses_nothing)
{
    struct rate rate = {0};
    rate_add(&rate, start + 3000, 8);
    rate_add(&rate, start, 2);
    cr_expect_eq(rate_average(&rate, start + 4000, 4), 2.5);
}

Test(stats, quantiles_are_near_the_truth)
{
    static const struct {
        const char *name;
        int64_t from, step;
        unsigned count;
    } rows[] = {
        {"one of 0 ms", 0, 0, 1},       {"one of 7 ms", 7, 0, 1},      {"one of 8 ms", 8, 0, 1},
        {"one of 4.2 s", 4218, 0, 1},   {"to 10 ms", 0, 1, 11},        {"to 16 ms", 1, 1, 16},
        {"to 10 s", 1, 1, 10000},       {"to 100 hours", 1, 36, 9999}, {"equal", 1234, 0, 1000},
        {"50 days", 4000000000, 1, 99},
    };
    static const double quantiles[] = {0, 0.01, 0.5, 0.95, 1};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct histogram histogram = {0};
        for (unsigned k = 0; k < rows[i].count; k++)
            histogram_add(&histogram, rows[i].from + rows[i].step * k);
        for (size_t q = 0; q < sizeof quantiles / sizeof *quantiles; q++) {
            double rank = ceil(quantiles[q] * rows[i].count);
            double truth = (double)rows[i].from + (double)rows[i].step * (rank > 0 ? rank - 1 : 0);
            double found = (double)histogram_quantile(&histogram, quantiles[q]);
            cr_expect_leq(fabs(found - truth), truth / 14, "%s, %g: %g, not %g", rows[i].name,
                          quantiles[q], found, truth);
        }
    }
}

Test(stats, durations_without_measure)
{
    struct histogram histogram = {0};
    cr_expect_eq(histogram_quantile(&histogram, 0.5), -1, "nothing was added");
    histogram_add(&histogram, -5);
    cr_expect_eq(histogram_quantile(&histogram, 0.5), 0);
    histogram_add(&histogram, INT64_MAX);
    cr_expect_gt(histogram_quantile(&histogram, 1), INT64_C(4000000000));
    histogram.counts[0] = UINT32_MAX;
    histogram_add(&histogram, 0);
    cr_expect_eq(histogram.counts[0], UINT32_MAX, "full");
}

Test(stats, merged_histograms_are_as_one)
{
    struct histogram one = {0}, other = {0}, both = {0};
    for (int64_t ms = 1; ms < 1000000; ms += ms / 3 + 1) {
        histogram_add(ms % 2 ? &one : &other, ms);
        histogram_add(&both, ms);
    }
    histogram_merge(&one, &other);
    cr_expect_eq(memcmp(&one, &both, sizeof one), 0);
}

static const int64_t minute = 60000;

Test(stats, a_run_counts_in_the_hour_of_its_end)
{
    static const struct {
        const char *name;
        int64_t now, created; /* minutes after the start */
        int64_t asked;
        bool counts;
    } rows[] = {
        {"now", 0, 0, 0, true},
        {"59 minutes ago", 0, 0, 59, true},
        {"an hour ago", 0, 0, 60, false},
        {"late", 30, 0, 30, true},
        {"late, and now old", 30, 0, 60, false},
        {"very late", 60, 0, 60, false},
        {"late by just under an hour", 59, 0, 59, true},
        {"from the future", 0, 500, 0, true},
        {"from the future, and now old", 0, 500, 60, false},
        {"asked about a time before it", 0, 0, -1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hour hour = {0};
        struct hour_sums sums;
        hour_add(&hour, start + rows[i].now * minute, start + rows[i].created * minute, true, 700);
        hour_sum(&hour, start + rows[i].asked * minute, &sums);
        cr_expect_eq(sums.ok, rows[i].counts, "%s", rows[i].name);
        cr_expect_eq(sums.durations.total, rows[i].counts, "%s", rows[i].name);
        hour_free(&hour);
    }
}

Test(stats, the_hour_slides)
{
    struct hour hour = {0};
    struct hour_sums sums;
    for (int64_t i = 0; i < 200; i++)
        hour_add(&hour, start + i * minute, start + i * minute, i % 4 != 0, i < 190 ? 1000 : -1);
    hour_sum(&hour, start + 199 * minute, &sums);
    cr_expect_eq(sums.ok, 45);
    cr_expect_eq(sums.failed, 15);
    cr_expect_eq(sums.durations.total, 50, "ten are of unknown duration");
    cr_expect_eq(histogram_quantile(&sums.durations, 0.95), 1000, "%jd",
                 (intmax_t)histogram_quantile(&sums.durations, 0.95));
    hour_sum(&hour, start + 229 * minute, &sums);
    cr_expect_eq(sums.ok + sums.failed, 30);
    hour_free(&hour);
    hour_sum(&hour, start, &sums);
    cr_expect_eq(sums.ok + sums.failed, 0);
}
