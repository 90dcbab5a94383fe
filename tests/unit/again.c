/* When a list is looked at again: how long it rests, and that it rests longer for nothing. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "../../src/filter.h"
#include "../../ui/again.h"

Test(again, rests_longer_while_time_alone_passes_and_changes_nothing)
{
    static const struct {
        const char *name;
        unsigned change;
        bool same;
        int took_ms;
        int waits_ms[3]; /* after the first, second and third look; AGAIN_MS is 1000 */
    } rows[] = {
        {"time, nothing changes", FILTER_CHANGES_IN_TIME, true, 0, {2000, 3000, 5000}},
        {"time, something changes", FILTER_CHANGES_IN_TIME, false, 0, {1000, 1000, 1000}},
        {"it takes long", FILTER_CHANGES_IN_TIME, false, 50, {1200, 1200, 1200}},
        {"events", FILTER_CHANGES_BY_EVENTS, true, 0, {1000, 1000, 1000}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct again again;
        int64_t now_ms = 1000;
        again_reset(&again, rows[i].change);
        cr_expect_eq(again_wait_ms(&again, 1, now_ms), -1, "%s: not begun", rows[i].name);
        for (size_t look = 0; look < 3; look++) {
            again_begin(&again, 1, now_ms);
            now_ms += rows[i].took_ms;
            again_end(&again, now_ms, rows[i].same);
            int wait_ms = again_wait_ms(&again, 2, now_ms);
            cr_expect_eq(wait_ms, rows[i].waits_ms[look], "%s, look %zu: %d", rows[i].name, look,
                         wait_ms);
            cr_expect_not(again_is_due(&again, 2, now_ms + wait_ms - 1), "%s", rows[i].name);
            now_ms += wait_ms;
            cr_expect(again_is_due(&again, 2, now_ms), "%s", rows[i].name);
        }
    }
}

/* A list that asks for what was yesterday is right until midnight. */
Test(again, rests_until_the_day_is_over)
{
    const int64_t day_ms = 24 * 3600 * 1000;
    struct again again;
    setenv("TZ", "UTC", 1);
    tzset();
    again_reset(&again, FILTER_CHANGES_BY_DAY);
    cr_expect_eq(again_wait_ms(&again, 1, 0), -1);
    again_begin(&again, 1, day_ms + 5000);
    again_end(&again, day_ms + 5000, false);
    cr_expect_eq(again_wait_ms(&again, 2, day_ms + 60000), day_ms - 60000);
    cr_expect_not(again_is_due(&again, 2, 2 * day_ms - 1));
    cr_expect(again_is_due(&again, 2, 2 * day_ms));
    cr_expect(again_is_due(&again, 2, day_ms), "the clock was set back");
    again_reset(&again, FILTER_CHANGES_BY_DAY | FILTER_CHANGES_BY_EVENTS);
    again_begin(&again, 1, day_ms);
    again_end(&again, day_ms, false);
    cr_expect_eq(again_wait_ms(&again, 1, day_ms), day_ms);
    cr_expect_eq(again_wait_ms(&again, 2, day_ms), AGAIN_MS);
}

Test(again, is_never_due_much_later_than_half_a_minute)
{
    struct again again;
    again_reset(&again, FILTER_CHANGES_IN_TIME);
    for (int look = 0; look < 100; look++) {
        again_begin(&again, 1, 0);
        again_end(&again, 0, true);
    }
    cr_expect_eq(again_wait_ms(&again, 1, 0), 31 * AGAIN_MS);
}
