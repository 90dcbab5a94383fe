/*
 * What values of filters mean: numbers of any length, days and times, paths, and letters.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter.h"

static void use_berlin(void)
{
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
}

TestSuite(filter_values, .init = use_berlin);

/* Whether an event that has this data, and was created then, is wanted. */
static bool is_wanted(const char *text, const char *data, const char *created, int64_t now_ms)
{
    struct filter_scratch scratch = {0};
    struct filter_error error;
    struct ring_record record = {0};
    char raw[2048];

    snprintf(raw, sizeof raw,
             "{\"id\":\"evt_1\",\"type\":\"task.failed\",\"created\":\"%s\",\"data\":%s}", created,
             data);
    cr_assert(event_parse_time(created, &record.created_ms), "%s", created);
    record.received_ms = record.created_ms + 1;
    record.length = (uint32_t)strlen(raw);
    struct filter *filter = filter_parse(text, &error);
    cr_assert(filter, "%s: %s at %zu", text, error.message, error.offset);
    bool wanted = filter_match(
        filter, &(struct filter_subject){.raw = raw, .record = &record, .now_ms = now_ms},
        &scratch);
    filter_free(filter);
    filter_scratch_free(&scratch);
    return wanted;
}

#define ANY_TIME "2026-05-24T12:18:05.123Z"

struct row {
    const char *text, *data;
    bool wanted;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(is_wanted(rows[i].text, rows[i].data, ANY_TIME, 1), rows[i].wanted, "%s of %s",
                     rows[i].text, rows[i].data);
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

#define BIG "12345678901234567890"

Test(filter_values, tabs_are_blanks_within_quotes_too)
{
    static const struct row rows[] = {
        {"data.due>\"2026-05-24\\t12:00\"", "{\"due\":\"2026-05-24 13:00\"}", true},
        {"data.due>2026-05-24T12", "{\"due\":\"2026-05-24\\t13:00\"}", true},
        {"size=\"2\\tk\"", "{\"size_bytes\":2048}", true},
        {"cost=\"2\\tusd\"", "{\"cost\":{\"amount\":2,\"currency\":\"USD\"}}", true},
        {"cost=\"usd\\t2\"", "{\"cost\":{\"amount\":2,\"currency\":\"USD\"}}", true},
    };

    CHECK(rows);
}

Test(filter_values, blanks_and_signs_stand_only_where_they_may)
{
    static const char *const none[] = {"cost=\"5 \"",    "cost=\"$5 \"",
                                       "cost=\" 5usd\"", "size=\"5 \"",
                                       "size=\" 5k\"",   "data.n<-1M"}; /* no minutes either */
    struct filter_error error;

    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect_null(filter_parse(none[i], &error), "%s", none[i]);
}

Test(filter_values, a_time_that_clocks_leave_out_lies_where_they_jump)
{
    static const struct row rows[] = {
        {"data.due<2026-03-29T03", "{\"due\":\"2026-03-29T02:30\"}", true},
        {"data.due>=2026-03-29T03", "{\"due\":\"2026-03-29T02:30\"}", false},
        {"data.due<=2026-03-29T01:59", "{\"due\":\"2026-03-29T02:30\"}", false},
        {"data.due>2026-03-29T01", "{\"due\":\"2026-03-29T02:30\"}", true},
        {"data.due=2026-03-29", "{\"due\":\"2026-03-29T02:30\"}", true},
        {"data.due=2026-03-29T01", "{\"due\":\"2026-03-29T02:30\"}", false},
        {"data.due<2026-03-29T02:10", "{\"due\":\"2026-03-29T02:30\"}", false},
        {"data.due>2026-03-29T02:10", "{\"due\":\"2026-03-29T02:30\"}", false},
        {"data.due<=2026-03-29T02:10", "{\"due\":\"2026-03-29T02:30\"}", true},
        {"data.due>=2026-03-29T02:50", "{\"due\":\"2026-03-29T02:30\"}", true},
        {"data.due=2026-03-29T02", "{\"due\":\"2026-03-29T02:30\"}", true},
    };

    CHECK(rows);
}

Test(filter_values, a_share_is_exactly_within_its_bounds)
{
    static const char *const none[] = {
        "confidence<1.00000000000000000001",
        "confidence<100.00000000000000001%",
        "confidence>-1e-400",
        "data.n<100.00000000000000001%",
    };
    static const struct row rows[] = {
        {"has:confidence", "{\"confidence_score\":1.00000000000000000000}", true},
        {"has:confidence", "{\"confidence_score\":1.00000000000000000001}", false},
        {"has:confidence", "{\"confidence_score\":-1e-400}", false},
    };
    struct filter_error error;

    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect_null(filter_parse(none[i], &error), "%s", none[i]);
    CHECK(rows);
}

Test(filter_values, a_zero_of_any_length_needs_no_unit)
{
    static const struct row rows[] = {
        {"duration>0.00000000000000000000", "{\"duration_ms\":1}", true},
        {"duration>-0", "{\"duration_ms\":1}", true},
    };

    CHECK(rows);
}

Test(filter_values, numbers_of_any_length_are_compared_exactly)
{
    static const struct row rows[] = {
        {"data.n=" BIG, "{\"n\":" BIG "}", true},
        {"data.n=12345678901234567891", "{\"n\":" BIG "}", false},
        {"data.n>12345678901234567889", "{\"n\":" BIG "}", true},
        {"data.n>" BIG, "{\"n\":" BIG "}", false},
        {"data.n>=" BIG, "{\"n\":" BIG "}", true},
        {"data.n<12345678901234567891", "{\"n\":" BIG "}", true},
        {"data.n<=12345678901234567889", "{\"n\":" BIG "}", false},
        {"data.n>-" BIG, "{\"n\":-12345678901234567889}", true},
        {"data.n=" BIG ".0", "{\"n\":" BIG "}", true},
        {"data.n=1234567890123456789e1", "{\"n\":" BIG "}", true},
        {"data.n:1234567890", "{\"n\":" BIG "}", true},
        {"data.n~901234567890", "{\"n\":" BIG "}", true},
        {"data.n~901234567891", "{\"n\":" BIG "}", false},
        /* The doubles of these are equal. */
        {"data.n=9007199254740993", "{\"n\":9007199254740992}", false},
        {"data.n!=9007199254740993", "{\"n\":9007199254740992}", true},
        {"data.n>9007199254740992", "{\"n\":9007199254740993}", true},
        {"data.n<0.1000000000000000001", "{\"n\":0.1}", true},
        {"data.n=0.1", "{\"n\":0.1000000000000000001}", false},
        {"data.n=0.10", "{\"n\":0.1}", true},
        {"data.n=0.30000000000000004", "{\"n\":0.30000000000000004}", true},
        /* In a text as well, and in units. */
        {"data.n=" BIG, "{\"n\":\"" BIG "\"}", true},
        {"data.n>" BIG, "{\"n\":\"12345678901234567891\"}", true},
        {"data.n=12345678901234567ms", "{\"n\":12345678901234567}", true},
        {"data.n=12345678901234568ms", "{\"n\":12345678901234567}", false},
        {"data.n=9007199254740993B", "{\"n\":9007199254740993}", true},
        {"data.n=9007199254740992B", "{\"n\":9007199254740993}", false},
        {"data.n=12.3456789012345678901%", "{\"n\":0.123456789012345678901}", true},
        {"data.n=12.3456789012345678901%", "{\"n\":0.123456789012345678902}", false},
        /* Beyond what a double can be. */
        {"data.n>1e308", "{\"n\":1e309}", true},
        {"data.n>1e309", "{\"n\":1e309}", false},
        {"data.n=10e308", "{\"n\":1e309}", true},
        {"data.n>0", "{\"n\":1e-400}", true},
        {"data.n=0", "{\"n\":1e-400}", false},
        {"data.n>1e308", "{\"n\":1e308}", false},
        /* Fields. */
        {"steps=" BIG, "{\"steps\":" BIG "}", true},
        {"steps>" BIG, "{\"steps\":12345678901234567891}", true},
        {"steps=" BIG, "{\"steps\":12345678901234567891}", false},
        {"proxy=9007199254740993", "{\"proxy_bytes\":9007199254740992}", false},
        {"duration=9007199254740993ms", "{\"duration_ms\":9007199254740992}", false},
        {"duration>=9007199254740992ms", "{\"duration_ms\":9007199254740993}", true},
        {"cost=" BIG ".01", "{\"cost\":{\"amount\":" BIG ".01,\"currency\":\"USD\"}}", true},
        {"cost>$" BIG ".01", "{\"cost\":{\"amount\":" BIG ".02,\"currency\":\"USD\"}}", true},
        {"cost<-$" BIG ".01", "{\"cost\":{\"amount\":-" BIG ".02,\"currency\":\"USD\"}}", true},
        {"cost<-$4", "{\"cost\":{\"amount\":-5,\"currency\":\"USD\"}}", true},
        {"cost=$-5", "{\"cost\":{\"amount\":-5,\"currency\":\"USD\"}}", true},
        {"confidence<0.90000000000000000001", "{\"confidence_score\":0.9}", true},
        {"output=" BIG, "{\"output\":{\"value\":[" BIG "]}}", true},
    };
    CHECK(rows);
}

Test(filter_values, units_and_words_are_the_same_in_either_case)
{
    static const struct row rows[] = {
        {"duration>=30S", "{\"duration_ms\":30000}", true},
        {"duration=4218MS", "{\"duration_ms\":4218}", true},
        {"duration=4218.5Ms", "{\"duration_ms\":4218.5}", true},
        {"DURATION>1H30M", "{\"duration_ms\":5400001}", true},
        {"duration<2D", "{\"duration_ms\":5400001}", true},
        {"proxy>2.5mib", "{\"proxy_bytes\":2621441}", true},
        {"proxy=1k", "{\"proxy_bytes\":1024}", true},
        {"cost=3EUR", "{\"cost\":{\"amount\":3,\"currency\":\"eur\"}}", true},
        {"draft=YES", "{\"published_as_draft\":true}", true},
        {"Data.a=1", "{\"a\":1}", true},
        {"DATA.a=1", "{\"a\":1}", true},
        {"has:Data.a", "{\"a\":1}", true},
        {"DATA=1", "{\"a\":1}", true},
        {"data.A=1", "{\"a\":1}", false},
        {"data.n=30S", "{\"n\":30000}", true},
        {"data.n=1E3", "{\"n\":1000}", true},
        /* Alone, M is both. */
        {"data.n=5m", "{\"n\":300000}", true},
        {"data.n=5M", "{\"n\":5242880}", true},
        {"data.n=1h5M", "{\"n\":3900000}", true},
        {"duration=5M", "{\"duration_ms\":300000}", true},
        {"proxy=5m", "{\"proxy_bytes\":5242880}", true},
    };
    CHECK(rows);
}

Test(filter_values, letters_of_every_alphabet_have_no_case)
{
    static const struct row rows[] = {
        {"STRAẞE", "{\"a\":\"Straße\"}", true},
        {"straße", "{\"a\":\"STRA\\u1E9EE\"}", true},
        {"ქართული", "{\"a\":\"ᲥᲐᲠᲗᲣᲚᲘ\"}", true},
        {"data.a=ⱥ", "{\"a\":\"Ⱥ\"}", true},
        {"data.a=Ⱥx", "{\"a\":\"ⱥX\"}", true},
        {"data.a:300K", "{\"a\":\"300K exactly\"}", true},
        {"data.a~ſession", "{\"a\":\"a Session\"}", true},
        {"data.a=ss", "{\"a\":\"ß\"}", false},
    };
    CHECK(rows);
}

Test(filter_values, quotes_make_one_key_of_a_path)
{
    static const struct row rows[] = {
        {"data.a.\"b.c\"=1", "{\"a\":{\"b.c\":1}}", true},
        {"data.a.\"b.c\"=1", "{\"a.b\":{\"c\":1}}", false},
        {"data.a.\"b.c\"=1", "{\"a\":{\"b\":{\"c\":1}}}", false},
        {"data.a.\"b.c\"=1", "{\"a.b.c\":1}", false},
        {"data.\"a.b\".c=1", "{\"a.b\":{\"c\":1}}", true},
        {"data.\"a.b\".c=1", "{\"a\":{\"b\":{\"c\":1}}}", false},
        {"data.\"a\".b=1", "{\"a.b\":1}", false},
        {"data.a.b.c=1", "{\"a\":{\"b\":{\"c\":1}}}", true},
        {"data.a.b.c=1", "{\"a.b\":{\"c\":1}}", true},
        {"data.a.b.c=1", "{\"a\":{\"b.c\":1}}", true},
        {"data.a.b.c=1", "{\"a.b.c\":1}", true},
        {"data.a.\"b.c\".d.e=1", "{\"a\":{\"b.c\":{\"d.e\":1}}}", true},
        {"data.\"\"=1", "{\"\":1}", true},
        {"data.\"\".a=1", "{\"\":{\"a\":1}}", true},
        {"data.\"a\\\"b\"=1", "{\"a\\\"b\":1}", true},
        {"data.\"caf\\u00e9\"=1", "{\"café\":1}", true},
        {"has:data.a.\"b.c\"", "{\"a\":{\"b.c\":1}}", true},
        {"has:data.a.\"b.c\"", "{\"a.b\":{\"c\":1}}", false},
        /* A number counts elements, unless it is in quotes. */
        {"data.a.1=x", "{\"a\":[\"w\",\"x\"]}", true},
        {"data.a.\"1\"=x", "{\"a\":[\"w\",\"x\"]}", false},
        {"data.a.1=x", "{\"a\":{\"1\":\"x\"}}", true},
        {"data.a.\"1\"=x", "{\"a\":{\"1\":\"x\"}}", true},
        {"data.a.\"1\"=x", "{\"a\":[{\"1\":\"x\"}]}", true},
        {"data.a.1=x", "{\"a\":[{\"1\":\"x\"}]}", false},
        {"data.a.b=x", "{\"a\":[[{\"b\":\"x\"}]]}", true},
        {"data.\"a\".0.b=x", "{\"a\":[{\"b\":\"x\"}]}", true},
    };
    CHECK(rows);
}

Test(filter_values, days_and_times_of_the_payload_last)
{
    static const struct row rows[] = {
        {"data.due>2026-05-24", "{\"due\":\"2026-05-25\"}", true},
        {"data.due>2026-05-24", "{\"due\":\"2026-05-24\"}", false},
        {"data.due>=2026-05-24", "{\"due\":\"2026-05-24\"}", true},
        {"data.due<=2026-05-24", "{\"due\":\"2026-05-24\"}", true},
        {"data.due<2026-05-24", "{\"due\":\"2026-05-24\"}", false},
        {"data.due<2026-05-24", "{\"due\":\"2026-05-23\"}", true},
        {"data.due=2026-05-24", "{\"due\":\"2026-05-24T14:00\"}", true},
        {"data.due=2026-05-24", "{\"due\":\"2026-05-24 14:00:59.5\"}", true},
        {"data.due=2026-05-24", "{\"due\":\"2026-05-24T23:00Z\"}", false}, /* 01:00 here */
        {"data.due=2026-05-25", "{\"due\":\"2026-05-24T23:00Z\"}", true},
        {"data.due=2026-05-25", "{\"due\":\"2026-05-25T01:00+02:00\"}", true},
        /* A whole day is not within an hour of it, and on neither side of it. */
        {"data.due=2026-05-24T12", "{\"due\":\"2026-05-24\"}", false},
        {"data.due<2026-05-24T12", "{\"due\":\"2026-05-24\"}", false},
        {"data.due>2026-05-24T12", "{\"due\":\"2026-05-24\"}", false},
        {"data.due>2026-05-24T12:00Z", "{\"due\":\"2026-05-24T14:01\"}", true},
        {"data.due:2026-05", "{\"due\":\"2026-05-24\"}", true},
        {"data.due>2026-05-24 10:00", "{\"due\":\"2026-05-24T10:01\"}", true},
        {"data.due>\"2026-05-24 10:00\"", "{\"due\":\"2026-05-24T10:00\"}", false},
        {"data.due>2026-05-24", "{\"due\":\"soon\"}", false},
        {"data.due>2026-05-24", "{\"due\":20260525}", false},
        {"data.due>2020-01-01", "{\"due\":\"today\"}", false},
        {"data.due=today", "{\"due\":\"Today\"}", true},
        {"data.at=09:00", "{\"at\":\"09:00\"}", true},
        {"data.at>09:00", "{\"at\":\"10:00\"}", false},
        {"output>2026-05-24", "{\"output\":{\"due\":\"2026-05-25\"}}", true},
    };
    CHECK(rows);
}

/* What is wanted of an event that was created at that time; it is 10:30 here on 2026-10-26. */
Test(filter_values, times_are_those_of_the_clock_on_the_wall)
{
    static const struct {
        const char *text, *created;
        bool wanted;
    } rows[] = {
        {"created>=2026-05-24T12:00+02:00", "2026-05-24T10:00:00Z", true},
        {"created>=2026-05-24T12:00+02:00", "2026-05-24T09:59:59.999Z", false},
        {"created=2026-05-24T12:00Z", "2026-05-24T12:00:59.999Z", true},
        {"created=2026-05-24T12:00Z", "2026-05-24T12:01:00Z", false},
        {"created=2026-05-24T12Z", "2026-05-24T12:59:59Z", true},
        {"created=2026-05-24Z", "2026-05-24T23:59:59Z", true},
        {"created=2026-05-24+0530", "2026-05-23T18:30:00Z", true},
        {"created=2026-05-24T12:18:05.123", "2026-05-24T10:18:05.123Z", true},
        {"created=2026-11-22T03", "2026-11-22T02:59:59Z", true},
        {"created:2026-11-22", "2026-11-22T22:59:59Z", true},
        {"created:2026-11-22", "2026-11-22T23:00:00Z", false},
        /* A day and a clock are one value, a day and another word are not. */
        {"created>2026-11-24 10:00", "2026-11-24T09:01:00Z", true},
        {"created>2026-11-24 10:00", "2026-11-24T09:00:59Z", false},
        {"created=2026-11-24 10", "2026-11-24T09:59:59Z", true},
        {"created=2026-11-24   10:00:07", "2026-11-24T09:00:07Z", true},
        {"created=2026-11-24 10:00Z", "2026-11-24T10:00:59Z", true},
        {"created=2026-11-24 10:00,2026-11-24 11:00", "2026-11-24T10:00:59Z", true},
        {"(created=2026-11-24 10)", "2026-11-24T09:59:59Z", true},
        {"created=2026-11-24 10:00 failed", "2026-11-24T09:00:59Z", true},
        {"created:2026-11-24 8421", "2026-11-24T09:59:59Z", false},
        {"created:2026-11-24 8421", "2026-11-24T09:59:59.842Z", false},
        {"created:2026-11-24 842", "2026-11-24T09:59:59.842Z", true},
        {"created:2026-11-24 \"59\"", "2026-11-24T09:59:59.842Z", true},
        {"created:\"2026-11-24\" 59", "2026-11-24T09:59:59.842Z", true},
        {"created:2026-11-24 59s", "2026-11-24T09:59:59.842Z", false},
        {"created=yesterday 22:00", "2026-10-25T21:00:59Z", true},
        /* By the day on which they are looked at. */
        {"created=today", "2026-10-25T23:00:00Z", true},
        {"created=today", "2026-10-25T22:59:59Z", false},
        {"created=yesterday", "2026-10-25T22:59:59Z", true},
        {"created=yesterday", "2026-10-24T22:00:00Z", true},
        {"created<Yesterday", "2026-10-24T21:59:59Z", true},
        {"created>09:00", "2026-10-26T08:01:00Z", true},
        {"created>09:00", "2026-10-26T08:00:59Z", false},
        {"created>=9:00", "2026-10-26T08:00:00Z", true},
        {"received>09:00", "2026-10-26T08:00:59.999Z", true},
        {"created=today,yesterday -created=yesterday", "2026-10-26T08:00:00Z", true},
        /* The hour that clocks read twice, and the one that they leave out. */
        {"created=2026-10-25T02", "2026-10-25T00:00:00Z", true},
        {"created=2026-10-25T02", "2026-10-25T01:59:59Z", true},
        {"created=yesterday 02:30", "2026-10-25T00:30:00Z", true},
        {"created=yesterday 02:30", "2026-10-25T01:30:00Z", true},
        {"created=yesterday 02:30", "2026-10-25T00:45:00Z", false},
        {"created>yesterday 02:30", "2026-10-25T00:45:00Z", false},
        {"created>=yesterday 02:30", "2026-10-25T00:45:00Z", true},
        {"created<yesterday 02:30", "2026-10-25T00:45:00Z", false},
        {"created=2026-03-29T02:30", "2026-03-29T01:00:00Z", false},
        {"created>2026-03-29T02:30", "2026-03-29T01:00:00Z", true},
        {"created<2026-03-29T02:30", "2026-03-29T00:59:59Z", true},
    };
    int64_t now_ms;

    cr_assert(event_parse_time("2026-10-26T09:30:00Z", &now_ms));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(is_wanted(rows[i].text, "{}", rows[i].created, now_ms), rows[i].wanted,
                     "%s of %s", rows[i].text, rows[i].created);
}

/* A filter that stays in force for days goes on to mean the day on which it is asked. */
Test(filter_values, yesterday_is_another_day_tomorrow)
{
    struct filter_scratch scratch = {0};
    struct filter_error error;
    struct filter *filter = filter_parse("created=yesterday", &error);
    struct ring_record record = {0};
    int64_t now_ms;

    cr_assert(filter && event_parse_time("2026-10-24T12:00:00Z", &record.created_ms) &&
              event_parse_time("2026-10-24T20:00:00Z", &now_ms));
    cr_expect_eq(filter_changes(filter), FILTER_CHANGES_BY_DAY);
    for (int day = 0; day < 4; day++, now_ms += 24 * 3600000)
        cr_expect_eq(filter_match(filter,
                                  &(struct filter_subject){
                                      .raw = "", .record = &record, .type = "a", .now_ms = now_ms},
                                  &scratch),
                     day == 1, "after %d days", day);
    filter_free(filter);
    filter_scratch_free(&scratch);
}
