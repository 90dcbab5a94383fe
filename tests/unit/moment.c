/*
 * Days and times as people write them, where clocks are set forward and back.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

#include "event.h"
#include "moment.h"
#include "text.h"

static void use_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

static const char berlin[] = "CET-1CEST,M3.5.0,M10.5.0/3";
static const char lord_howe[] = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";

/* What words stand for, when it is half past ten (Berlin) on 2026-10-26. */
static const struct {
    const char *zone, *text, *first, *last; /* NULL: it is no moment */
} rows[] = {
    {"UTC", "2026-05-24", "2026-05-24T00:00:00.000Z", "2026-05-24T23:59:59.999Z"},
    {berlin, "2026-05-24", "2026-05-23T22:00:00.000Z", "2026-05-24T21:59:59.999Z"},
    {berlin, "2026-05-24Z", "2026-05-24T00:00:00.000Z", "2026-05-24T23:59:59.999Z"},
    {berlin, "2026-05-24+05:30", "2026-05-23T18:30:00.000Z", "2026-05-24T18:29:59.999Z"},
    {berlin, "2026-05-24-0230", "2026-05-24T02:30:00.000Z", "2026-05-25T02:29:59.999Z"},
    {berlin, "2026-05-24T14", "2026-05-24T12:00:00.000Z", "2026-05-24T12:59:59.999Z"},
    {berlin, "2026-05-24T14+02", "2026-05-24T12:00:00.000Z", "2026-05-24T12:59:59.999Z"},
    {berlin, "2026-05-24 14", "2026-05-24T12:00:00.000Z", "2026-05-24T12:59:59.999Z"},
    {berlin, "2026-05-24t9:05", "2026-05-24T07:05:00.000Z", "2026-05-24T07:05:59.999Z"},
    {berlin, "2026-05-24T12:00+02:00", "2026-05-24T10:00:00.000Z", "2026-05-24T10:00:59.999Z"},
    {berlin, "2026-05-24T12:00Z", "2026-05-24T12:00:00.000Z", "2026-05-24T12:00:59.999Z"},
    {berlin, "2026-05-24\t12:00:07Z", "2026-05-24T12:00:07.000Z", "2026-05-24T12:00:07.999Z"},
    {berlin, "2026-05-24  12:00:07z", "2026-05-24T12:00:07.000Z", "2026-05-24T12:00:07.999Z"},
    {berlin, "2026-05-24T12:00:07.5", "2026-05-24T10:00:07.500Z", "2026-05-24T10:00:07.500Z"},
    {berlin, "2026-05-24T12:00:07.1239Z", "2026-05-24T12:00:07.123Z", "2026-05-24T12:00:07.123Z"},
    {berlin, "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z", "1969-12-31T23:59:59.500Z"},
    {berlin, "1969-12-31T23:59:59.5", "1969-12-31T22:59:59.500Z", "1969-12-31T22:59:59.500Z"},
    /* Relative to the day on which they are asked. */
    {berlin, "today", "2026-10-25T23:00:00.000Z", "2026-10-26T22:59:59.999Z"},
    {berlin, "Today 09:00", "2026-10-26T08:00:00.000Z", "2026-10-26T08:00:59.999Z"},
    {berlin, "09:00", "2026-10-26T08:00:00.000Z", "2026-10-26T08:00:59.999Z"},
    {berlin, "9:00:30", "2026-10-26T08:00:30.000Z", "2026-10-26T08:00:30.999Z"},
    {berlin, "yesterday", "2026-10-24T22:00:00.000Z", "2026-10-25T22:59:59.999Z"},
    {berlin, "YESTERDAY 22:00", "2026-10-25T21:00:00.000Z", "2026-10-25T21:00:59.999Z"},
    {berlin, "yesterdayT22", "2026-10-25T21:00:00.000Z", "2026-10-25T21:59:59.999Z"},
    {"PST8", "yesterday 23:30", "2026-10-26T07:30:00.000Z", "2026-10-26T07:30:59.999Z"},
    /* The night in which clocks are set forward. */
    {berlin, "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T21:59:59.999Z"},
    {berlin, "2026-03-29T01", "2026-03-29T00:00:00.000Z", "2026-03-29T00:59:59.999Z"},
    {berlin, "2026-03-29T02", "2026-03-29T01:00:00.000Z", "2026-03-29T00:59:59.999Z"},
    {berlin, "2026-03-29T02:30", "2026-03-29T01:00:00.000Z", "2026-03-29T00:59:59.999Z"},
    {berlin, "2026-03-29T03", "2026-03-29T01:00:00.000Z", "2026-03-29T01:59:59.999Z"},
    /* And back: from the first time to the last. */
    {berlin, "2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T22:59:59.999Z"},
    {berlin, "2026-10-25T02", "2026-10-25T00:00:00.000Z", "2026-10-25T01:59:59.999Z"},
    {berlin, "2026-10-25T02:30", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:59.999Z"},
    {berlin, "2026-10-25T02:59:59", "2026-10-25T00:59:59.000Z", "2026-10-25T01:59:59.999Z"},
    {berlin, "2026-10-25T03", "2026-10-25T02:00:00.000Z", "2026-10-25T02:59:59.999Z"},
    /* By half an hour. */
    {lord_howe, "2026-10-04T02", "2026-10-03T15:30:00.000Z", "2026-10-03T15:59:59.999Z"},
    {lord_howe, "2026-04-05T01", "2026-04-04T14:00:00.000Z", "2026-04-04T15:29:59.999Z"},
    /* What is none. */
    {"UTC", "", NULL, NULL},
    {"UTC", "9", NULL, NULL},
    {"UTC", "09", NULL, NULL},
    {"UTC", "9:0", NULL, NULL},
    {"UTC", "24:00", NULL, NULL},
    {"UTC", "09:60", NULL, NULL},
    {"UTC", "09:00Z", NULL, NULL},
    {"UTC", "yesterday 22:00Z", NULL, NULL},
    {"UTC", "yesterdays", NULL, NULL},
    {"UTC", "yesterday ", NULL, NULL},
    {"UTC", "tomorrow", NULL, NULL},
    {"UTC", "2026-05", NULL, NULL},
    {"UTC", "2026-5-24", NULL, NULL},
    {"UTC", "2026-02-29", NULL, NULL},
    {"UTC", "2026-05-24T", NULL, NULL},
    {"UTC", "2026-05-24 ", NULL, NULL},
    {"UTC", "2026-05-24T12:", NULL, NULL},
    {"UTC", "2026-05-24T12:00:00.", NULL, NULL},
    {"UTC", "2026-05-24T12:00 +02:00", NULL, NULL},
    {"UTC", "2026-05-24T12:00+2", NULL, NULL},
    {"UTC", "2026-05-24T12:00+02:", NULL, NULL},
    {"UTC", "2026-05-24T12:00ZZ", NULL, NULL},
    {"UTC", "2026-05-24x", NULL, NULL},
};

Test(moment, stands_for_all_of_its_length_by_the_clock_on_the_wall)
{
    int64_t now_ms;

    cr_assert(event_parse_time("2026-10-26T09:30:00Z", &now_ms));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct moment_words words;
        char first[40], last[40];
        use_zone(rows[i].zone);
        bool read = moment_read(rows[i].text, &words);
        cr_expect_eq(read, rows[i].first != NULL, "\"%s\"", rows[i].text);
        if (!read || !rows[i].first)
            continue;
        struct moment moment = moment_place(&words, now_ms);
        text_time_iso(first, sizeof first, moment.first_ms);
        text_time_iso(last, sizeof last, moment.last_ms);
        cr_expect_str_eq(first, rows[i].first, "%s: from %s", rows[i].text, first);
        cr_expect_str_eq(last, rows[i].last, "%s: to %s", rows[i].text, last);
    }
}

/* Every second of two days, against what the C library makes of it. */
Test(moment, is_what_clocks_read)
{
    static const struct {
        const char *zone, *from;
    } nights[] = {
        {berlin, "2026-03-28T12:00:00Z"},
        {berlin, "2026-10-24T12:00:00Z"},
        {lord_howe, "2026-04-04T00:00:00Z"},
        {lord_howe, "2026-10-03T00:00:00Z"},
        {"<+00>0<-01>1,M3.5.0/0,M10.5.0/1", "2026-03-28T12:00:00Z"},
    };
    static const size_t lengths[] = {10, 13, 16, 19}; /* a day, an hour, a minute, a second */

    for (size_t n = 0; n < sizeof nights / sizeof nights[0]; n++) {
        int64_t from_ms;
        use_zone(nights[n].zone);
        cr_assert(event_parse_time(nights[n].from, &from_ms));
        for (int64_t ms = from_ms; ms < from_ms + 48 * 3600000; ms += 53000) {
            time_t time = (time_t)(ms / 1000), other = time + 3600;
            struct tm tm, other_tm;
            localtime_r(&time, &tm);
            localtime_r(&other, &other_tm);
            for (size_t f = 0; f < sizeof lengths / sizeof lengths[0]; f++) {
                char text[40], other_text[40];
                struct moment_words words;
                strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
                strftime(other_text, sizeof other_text, "%Y-%m-%dT%H:%M:%S", &other_tm);
                text[lengths[f]] = other_text[lengths[f]] = '\0';
                cr_assert(moment_read(text, &words), "%s", text);
                struct moment moment = moment_place(&words, 0);
                cr_assert(moment_holds(&moment, ms, ms), "%s of %s", text, nights[n].zone);
                cr_assert_eq(moment_holds(&moment, ms + 3600000, ms + 3600000),
                             strcmp(text, other_text) == 0, "%s an hour later, of %s", text,
                             nights[n].zone);
            }
        }
    }
}

Test(moment, a_day_is_known)
{
    cr_expect(moment_is_day("2026-05-24"));
    cr_expect(moment_is_day("Yesterday"));
    cr_expect(moment_is_day("today"));
    cr_expect_not(moment_is_day("2026-05-24T12"));
    cr_expect_not(moment_is_day("09:00"));
    cr_expect_not(moment_is_day("2026-05"));
}
