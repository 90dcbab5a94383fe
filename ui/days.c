/*
 * Days by the local calendar.
 */
#include "days.h"

#include <stdio.h>
#include <time.h>

#include "screen.h"

static bool local(int64_t ms, struct tm *tm)
{
    time_t time = (time_t)(ms / 1000 - (ms % 1000 < 0));
    return localtime_r(&time, tm) != NULL;
}

static bool same_day(const struct tm *a, const struct tm *b)
{
    return a->tm_year == b->tm_year && a->tm_yday == b->tm_yday;
}

bool days_same(int64_t a_ms, int64_t b_ms)
{
    struct tm a, b;
    return !local(a_ms, &a) || !local(b_ms, &b) || same_day(&a, &b);
}

/* Noon of a day so many days from another one: days have 23 to 25 hours. */
static bool is_days_from(const struct tm *day, int days, const struct tm *other)
{
    struct tm noon = {.tm_year = other->tm_year,
                      .tm_mon = other->tm_mon,
                      .tm_mday = other->tm_mday + days,
                      .tm_hour = 12,
                      .tm_isdst = -1};
    return mktime(&noon) != (time_t)-1 && same_day(&noon, day);
}

void days_name(char *text, size_t size, int64_t ms, int64_t now_ms)
{
    static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm day, now;
    if (!local(ms, &day) || !local(now_ms, &now)) {
        snprintf(text, size, "?");
        return;
    }
    if (same_day(&day, &now)) {
        snprintf(text, size, "today");
        return;
    }
    const char *near = is_days_from(&day, -1, &now)  ? "yesterday, "
                       : is_days_from(&day, 1, &now) ? "tomorrow, "
                                                     : "";
    char year[16] = "";
    if (day.tm_year != now.tm_year)
        snprintf(year, sizeof year, " %d", day.tm_year + 1900);
    snprintf(text, size, "%s%s %d %s%s", near, weekdays[day.tm_wday], day.tm_mday,
             months[day.tm_mon], year);
}

void days_draw(int row, int column, int width, int64_t ms, int64_t now_ms)
{
    enum { LEAD = 2 }; /* columns of the line before the name */
    char name[64], text[68];
    days_name(name, sizeof name, ms, now_ms);
    snprintf(text, sizeof text, " %s ", name);
    screen_hline(row, column, width, STYLE(BORDER));
    if (width > LEAD)
        screen_put(row, column + LEAD, width - LEAD, STYLE(DIM), text);
}
