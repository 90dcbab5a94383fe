/*
 * Rates, as seconds pass, stand still and jump.
 */
#include <criterion/criterion.h>

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
