/*
 * Days by the local calendar, also where clocks are changed.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "days.h"

static void in_berlin(void)
{
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
}

TestSuite(days, .init = in_berlin);

/* Local time to Unix milliseconds. */
static int64_t at(int year, int month, int day, int hour, int minute)
{
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = month - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_min = minute,
                    .tm_isdst = -1};
    return (int64_t)mktime(&tm) * 1000;
}

Test(days, a_day_ends_at_midnight_by_the_local_clock)
{
    cr_expect_not(days_same(at(2026, 11, 23, 23, 59), at(2026, 11, 24, 0, 0)));
    cr_expect(days_same(at(2026, 11, 24, 0, 0), at(2026, 11, 24, 23, 59)));
    cr_expect_not(days_same(at(2025, 11, 24, 0, 0), at(2026, 11, 24, 0, 0)), "another year");
    cr_expect(days_same(at(2026, 10, 25, 0, 30), at(2026, 10, 25, 23, 30)), "25 hours");
    cr_expect_not(days_same(at(2026, 3, 29, 23, 30), at(2026, 3, 30, 0, 30)), "after 23 hours");
}

Test(days, names)
{
    static const struct {
        int now[5], then[5];
        const char *name;
    } rows[] = {
        {{2026, 11, 24, 14, 2}, {2026, 11, 24, 0, 0}, "today"},
        {{2026, 11, 24, 14, 2}, {2026, 11, 23, 23, 59}, "yesterday, Mon 23 Nov"},
        {{2026, 11, 24, 14, 2}, {2026, 11, 22, 23, 59}, "Sun 22 Nov"},
        {{2026, 11, 24, 14, 2}, {2026, 11, 25, 0, 0}, "tomorrow, Wed 25 Nov"},
        {{2026, 1, 1, 0, 5}, {2025, 12, 31, 23, 59}, "yesterday, Wed 31 Dec 2025"},
        {{2026, 11, 24, 14, 2}, {2024, 2, 29, 12, 0}, "Thu 29 Feb 2024"},
        /* The day before has 23 hours, then 25: 24 hours earlier is not always yesterday. */
        {{2026, 3, 30, 0, 10}, {2026, 3, 29, 0, 5}, "yesterday, Sun 29 Mar"},
        {{2026, 3, 30, 0, 10}, {2026, 3, 28, 23, 50}, "Sat 28 Mar"},
        {{2026, 10, 26, 23, 50}, {2026, 10, 25, 0, 10}, "yesterday, Sun 25 Oct"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[64];
        const int *now = rows[i].now, *then = rows[i].then;
        days_name(name, sizeof name, at(then[0], then[1], then[2], then[3], then[4]),
                  at(now[0], now[1], now[2], now[3], now[4]));
        cr_expect_str_eq(name, rows[i].name, "%s: %s", rows[i].name, name);
    }
}
