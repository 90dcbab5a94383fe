/*
 * Numbers with units, at the places where they round, overflow or are not numbers at all.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text.h"

static const struct {
    int64_t ms;
    const char *expected;
} duration_rows[] = {
    {0, "0ms"},
    {1, "1ms"},
    {850, "850ms"},
    {999, "999ms"},
    {1000, "1.0s"},
    {4218, "4.2s"},
    {4250, "4.3s"},
    {27500, "27.5s"},
    {59949, "59.9s"},
    {59950, "1m00s"},
    {59999, "1m00s"},
    {60000, "1m00s"},
    {92000, "1m32s"},
    {92499, "1m32s"},
    {92500, "1m33s"},
    {3599499, "59m59s"},
    {3599500, "1h00m"},
    {7500000, "2h05m"},
    {86369999, "23h59m"},
    {86370000, "1d00h"},
    {273600000, "3d04h"},
    {-850, "-850ms"},
    {-92000, "-1m32s"},
    {INT64_MAX, "106751991167d07h"},
    {INT64_MIN, "-106751991167d07h"},
};

Test(text_units, duration)
{
    for (size_t i = 0; i < sizeof duration_rows / sizeof *duration_rows; i++) {
        char out[64];
        text_duration(out, sizeof out, duration_rows[i].ms);
        cr_expect_str_eq(out, duration_rows[i].expected, "%lld ms: \"%s\", expected \"%s\"",
                         (long long)duration_rows[i].ms, out, duration_rows[i].expected);
    }
}

typedef size_t formatter(char *out, size_t size, double number);

static const struct {
    const char *name;
    formatter *format;
    double number;
    const char *expected;
} number_rows[] = {
    {"bytes", text_bytes, 0, "0 B"},
    {"bytes", text_bytes, 512, "512 B"},
    {"bytes", text_bytes, 999, "999 B"},
    {"bytes", text_bytes, 999.5, "1.0 KB"},
    {"bytes", text_bytes, 1000, "1.0 KB"},
    {"bytes", text_bytes, 38421, "38.4 KB"},
    {"bytes", text_bytes, 999949, "999.9 KB"},
    {"bytes", text_bytes, 999950, "1.0 MB"},
    {"bytes", text_bytes, 2621440, "2.6 MB"},
    {"bytes", text_bytes, 1.2e9, "1.2 GB"},
    {"bytes", text_bytes, -38421, "-38.4 KB"},
    {"bytes", text_bytes, 1e27, "1e+03 YB"},
    {"bytes", text_bytes, 1e308, "1e+284 YB"},
    {"bytes", text_bytes, NAN, "?"},
    {"bytes", text_bytes, -INFINITY, "?"},
    {"count", text_count, 0, "0"},
    {"count", text_count, -0.0, "0"},
    {"count", text_count, 7, "7"},
    {"count", text_count, 999, "999"},
    {"count", text_count, 1000, "1,000"},
    {"count", text_count, 12403, "12,403"},
    {"count", text_count, 1234567, "1,234,567"},
    {"count", text_count, -123, "-123"},
    {"count", text_count, -1234, "-1,234"},
    {"count", text_count, 0.1, "0.1"},
    {"count", text_count, 12403.25, "12,403.25"},
    {"count", text_count, 9007199254740991, "9,007,199,254,740,991"},
    {"count", text_count, 1e20, "1e+20"},
    {"count", text_count, 1e308, "1e+308"},
    {"count", text_count, INFINITY, "?"},
    {"short count", text_short_count, 0, "0"},
    {"short count", text_short_count, 999, "999"},
    {"short count", text_short_count, 14.2, "14.2"},
    {"short count", text_short_count, 999.96, "1.0k"},
    {"short count", text_short_count, 1000, "1.0k"},
    {"short count", text_short_count, 12403, "12.4k"},
    {"short count", text_short_count, 99949, "99.9k"},
    {"short count", text_short_count, 99950, "100k"},
    {"short count", text_short_count, 999499, "999k"},
    {"short count", text_short_count, 999500, "1.0M"},
    {"short count", text_short_count, 1.2e6, "1.2M"},
    {"short count", text_short_count, 18446744073709551615.0, "18.4E"},
    {"short count", text_short_count, 1e300, ">999E"},
    {"short count", text_short_count, -1200, "-1.2k"},
    {"short count", text_short_count, NAN, "?"},
    {"percent", text_percent, 0, "0%"},
    {"percent", text_percent, 0.82, "82%"},
    {"percent", text_percent, 0.995, "99.5%"},
    {"percent", text_percent, 1, "100%"},
    {"percent", text_percent, 0.99999, ">99.9%"},
    {"percent", text_percent, 0.00001, "<0.1%"},
    {"percent", text_percent, 1.5, "150%"},
    {"percent", text_percent, -0.25, "-25%"},
    {"percent", text_percent, -0.00001, "0%"},
    {"percent", text_percent, NAN, "?"},
    {"percent", text_percent, 1e308, "?"},
};

Test(text_units, numbers)
{
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        char out[64];
        size_t length = number_rows[i].format(out, sizeof out, number_rows[i].number);
        cr_expect_str_eq(out, number_rows[i].expected, "%s of %g: \"%s\", expected \"%s\"",
                         number_rows[i].name, number_rows[i].number, out, number_rows[i].expected);
        cr_expect_eq(length, strlen(out), "%s of %g: length %zu", number_rows[i].name,
                     number_rows[i].number, length);
    }
}

static const struct {
    double amount;
    const char *currency, *expected;
} money_rows[] = {
    {0.012, "USD", "$0.012"},
    {0.012, "usd", "$0.012"},
    {3.4, "EUR", "€3.40"},
    {0.5, "CHF", "0.50 CHF"},
    {0, "USD", "$0.00"},
    {0.1 + 0.2, "USD", "$0.30"},
    {1.234567, "USD", "$1.23457"},
    {0.00001234, "USD", "$0.00001234"},
    {1e-15, "USD", "$0.00"},
    {1234.5, "USD", "$1,234.50"},
    {1234567.891, "GBP", "£1,234,567.89"},
    {-0.012, "USD", "-$0.012"},
    {-2, "SEK", "-2.00 SEK"},
    {1e300, "USD", "$1e+300"},
    {2, NULL, "2.00"},
    {2, "", "2.00"},
    {2, "CREDITSANDMORE", "2.00 CREDITSA"},
    {2, "\x1b[31m", "2.00"},
    {2, "X\x1b[31m", "2.00 X"},
    {NAN, "USD", "?"},
    {INFINITY, "USD", "?"},
};

Test(text_units, money)
{
    for (size_t i = 0; i < sizeof money_rows / sizeof *money_rows; i++) {
        char out[64];
        text_money(out, sizeof out, money_rows[i].amount, money_rows[i].currency);
        cr_expect_str_eq(out, money_rows[i].expected, "%g: \"%s\", expected \"%s\"",
                         money_rows[i].amount, out, money_rows[i].expected);
    }
}

Test(text_units, small_buffers_are_terminated)
{
    char out[4] = "###";
    cr_expect_eq(text_count(out, sizeof out, 12403), 3);
    cr_expect_str_eq(out, "12,");
    cr_expect_eq(text_duration(out, 0, 5), 0);
    cr_expect_str_eq(out, "12,", "a buffer of no bytes is left alone");
}

static const struct {
    const char *zone;
    int64_t ms, now_ms;
    const char *time, *full, *iso;
} time_rows[] = {
    {"UTC0", 1779625085123, 1779625085123, "12:18:05", "2026-05-24 12:18:05.123 +0000",
     "2026-05-24T12:18:05.123Z"},
    {"CET-2", 1779625085123, 1779650000000, "14:18:05", "2026-05-24 14:18:05.123 +0200",
     "2026-05-24T12:18:05.123Z"},
    {"UTC0", 1779625085123, 1779650000000, "12:18:05", "2026-05-24 12:18:05.123 +0000",
     "2026-05-24T12:18:05.123Z"},
    {"UTC0", 1779625085123, 1779680000000, "05-24 12:18", "2026-05-24 12:18:05.123 +0000",
     "2026-05-24T12:18:05.123Z"},
    {"UTC0", -1, 0, "12-31 23:59", "1969-12-31 23:59:59.999 +0000", "1969-12-31T23:59:59.999Z"},
    {"UTC0", INT64_MAX, 0, "08-17 07:12", "292278994-08-17 07:12:55.807 +0000",
     "292278994-08-17T07:12:55.807Z"},
    {"UTC0", INT64_MIN, INT64_MIN, "16:47:04", "-292275055-05-16 16:47:04.192 +0000",
     "-292275055-05-16T16:47:04.192Z"},
    {"UTC0", 0, INT64_MAX, "01-01 00:00", "1970-01-01 00:00:00.000 +0000",
     "1970-01-01T00:00:00.000Z"},
};

Test(text_units, times)
{
    for (size_t i = 0; i < sizeof time_rows / sizeof *time_rows; i++) {
        char out[64];
        setenv("TZ", time_rows[i].zone, 1);
        tzset();
        text_time(out, sizeof out, time_rows[i].ms, time_rows[i].now_ms);
        cr_expect_str_eq(out, time_rows[i].time, "row %zu: \"%s\"", i, out);
        text_time_full(out, sizeof out, time_rows[i].ms);
        cr_expect_str_eq(out, time_rows[i].full, "row %zu: \"%s\"", i, out);
        text_time_iso(out, sizeof out, time_rows[i].ms);
        cr_expect_str_eq(out, time_rows[i].iso, "row %zu: \"%s\"", i, out);
    }
}

static const struct {
    const char *text;
    int64_t ms; /* -1: refused */
} parse_duration_rows[] = {
    {"0s", 0},
    {"250ms", 250},
    {"30s", 30000},
    {"5m", 300000},
    {"1h30m", 5400000},
    {"1m30s250ms", 90250},
    {"1.5h", 5400000},
    {"0.5s", 500},
    {"7d", 604800000},
    {"2w", 1209600000},
    {"1.0000000001s", 1000},
    {"9223372036854775807ms", INT64_MAX},
    {"9223372036854775808ms", -1},
    {"99999999999999999999s", -1},
    {"15250284453w", -1},
    {"106751991167d7h12m55s808ms", -1},
    {"", -1},
    {"30", -1},
    {"s", -1},
    {"30 s", -1},
    {" 30s", -1},
    {"30s ", -1},
    {"-30s", -1},
    {"+30s", -1},
    {"30m1h", -1},
    {"1h1h", -1},
    {"1.h", -1},
    {".5h", -1},
    {"1e3s", -1},
    {"0x10s", -1},
    {"infs", -1},
    {"5M", 300000},
    {"4218MS", 4218},
    {"1H30M", 5400000},
};

Test(text_units, parse_duration)
{
    for (size_t i = 0; i < sizeof parse_duration_rows / sizeof *parse_duration_rows; i++) {
        int64_t ms = -1;
        bool good = text_parse_duration(parse_duration_rows[i].text, &ms);
        cr_expect_eq(good, parse_duration_rows[i].ms >= 0, "\"%s\" is %s",
                     parse_duration_rows[i].text, good ? "taken" : "refused");
        cr_expect_eq(ms, parse_duration_rows[i].ms, "\"%s\": %lld ms", parse_duration_rows[i].text,
                     (long long)ms);
    }
}

static const struct {
    const char *text;
    bool good;
    uint64_t bytes;
} parse_size_rows[] = {
    {"0", true, 0},
    {"1048576", true, 1048576},
    {"512B", true, 512},
    {"256M", true, 268435456},
    {"256m", true, 268435456},
    {"256 MB", true, 256000000},
    {"1.5GB", true, 1500000000},
    {"1.5G", true, 1610612736},
    {"64KiB", true, 65536},
    {"2TiB", true, UINT64_C(2) << 40},
    {"0.5K", true, 512},
    {"18446744073709551615", true, UINT64_MAX},
    {"18446744073709551616", false, 0},
    {"16777216T", false, 0},
    {"", false, 0},
    {"M", false, 0},
    {"-1", false, 0},
    {"1X", false, 0},
    {"90 ", false, 0},
    {"1MBs", false, 0},
    {"1.M", false, 0},
    {"1,000", false, 0},
    {"0x10", false, 0},
};

Test(text_units, parse_size)
{
    for (size_t i = 0; i < sizeof parse_size_rows / sizeof *parse_size_rows; i++) {
        uint64_t bytes = 0;
        bool good = text_parse_size(parse_size_rows[i].text, &bytes);
        cr_expect_eq(good, parse_size_rows[i].good, "\"%s\" is %s", parse_size_rows[i].text,
                     good ? "taken" : "refused");
        cr_expect_eq(bytes, parse_size_rows[i].bytes, "\"%s\": %llu bytes", parse_size_rows[i].text,
                     (unsigned long long)bytes);
    }
}
