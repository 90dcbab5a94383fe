/*
 * Numbers with units, for people: see text.h.
 *
 * Each number is rounded before its unit is chosen, so that 59.96 s is "1m00s" and never "60.0s".
 * Decimal points are printf's: the program leaves LC_NUMERIC at "C".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "text.h"

enum { NUMBER_SIZE = 64 };

/* For what is not a finite number, or a time that the calendar cannot tell. */
static const char unknown[] = "?";

/* What snprintf() really wrote. */
static size_t written(int length, size_t size)
{
    if (length < 0 || size == 0)
        return 0;
    return (size_t)length < size ? (size_t)length : size - 1;
}

static size_t put(char *out, size_t size, const char *text)
{
    return written(snprintf(out, size, "%s", text), size);
}

size_t text_duration(char *out, size_t size, int64_t ms)
{
    const char *sign = ms < 0 ? "-" : "";
    uint64_t rest = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;
    if (rest < 1000)
        return written(snprintf(out, size, "%s%ums", sign, (unsigned)rest), size);

    uint64_t tenths = (rest + 50) / 100;
    if (tenths < 600)
        return written(
            snprintf(out, size, "%s%u.%us", sign, (unsigned)tenths / 10, (unsigned)tenths % 10),
            size);

    /* Two neighbouring units each: the first row whose larger unit does not overflow. */
    static const struct {
        uint64_t ms, per, limit;
        char large, small;
    } rows[] = {
        {1000, 60, 60, 'm', 's'}, {60000, 60, 24, 'h', 'm'}, {3600000, 24, UINT64_MAX, 'd', 'h'}};
    size_t i = 0;
    uint64_t count = (rest + rows[i].ms / 2) / rows[i].ms;
    while (count / rows[i].per >= rows[i].limit) {
        i++;
        count = (rest + rows[i].ms / 2) / rows[i].ms;
    }
    return written(snprintf(out, size, "%s%llu%c%02u%c", sign,
                            (unsigned long long)(count / rows[i].per), rows[i].large,
                            (unsigned)(count % rows[i].per), rows[i].small),
                   size);
}

size_t text_elapsed(char *out, size_t size, int64_t ms)
{
    int64_t seconds = ms > 0 ? ms / 1000 : 0;
    if (seconds >= 60)
        return text_duration(out, size, seconds * 1000);
    int length = snprintf(out, size, "%ds", (int)seconds);
    return (size_t)length < size ? (size_t)length : size - 1;
}

size_t text_bytes(char *out, size_t size, double bytes)
{
    static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
    const size_t last = sizeof units / sizeof *units - 1;
    const char *sign = bytes < 0 ? "-" : "";
    double rest = fabs(bytes);
    if (!isfinite(bytes))
        return put(out, size, unknown);
    if (rest < 999.5)
        return written(snprintf(out, size, "%s%.0f B", sign, rest), size);

    size_t unit = 0;
    for (rest /= 1000; rest >= 999.95 && unit < last; unit++)
        rest /= 1000;
    if (rest >= 999.95)
        return written(snprintf(out, size, "%s%.3g %s", sign, rest, units[unit]), size);
    return written(snprintf(out, size, "%s%.1f %s", sign, rest, units[unit]), size);
}

size_t text_count(char *out, size_t size, double count)
{
    char number[NUMBER_SIZE], grouped[NUMBER_SIZE];
    if (!isfinite(count))
        return put(out, size, unknown);
    if (fabs(count) < 1e18 && count == trunc(count))
        snprintf(number, sizeof number, "%.0f", count + 0.0); /* + 0.0: no "-0" */
    else
        snprintf(number, sizeof number, "%.15g", count);
    text_digits(grouped, sizeof grouped, number);
    return put(out, size, grouped);
}

size_t text_digits(char *out, size_t size, const char *digits)
{
    size_t sign = digits[0] == '-', count = strspn(digits + sign, "0123456789"), length = 0;

    if (size == 0)
        return 0;
    for (size_t i = 0; digits[i]; i++) {
        bool comma = i > sign && i < sign + count && (sign + count - i) % 3 == 0;
        if (length + 1 + comma >= size)
            break;
        if (comma)
            out[length++] = ',';
        out[length++] = digits[i];
    }
    out[length] = '\0';
    return length;
}

size_t text_number(char *out, size_t size, double number)
{
    char digits[NUMBER_SIZE];
    double again = NAN;

    if (fabs(number) < 1e17 && number <= trunc(number) && number >= trunc(number))
        return written(snprintf(out, size, "%.0f", number + 0.0), size); /* + 0.0: no "-0" */
    for (int precision = 15; precision <= 17 && !(again <= number && again >= number);
         precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        again = strtod(digits, NULL);
    }
    return put(out, size, digits);
}

size_t text_short_count(char *out, size_t size, double count)
{
    static const char suffixes[] = "kMGTPE";
    const char *sign = count < 0 ? "-" : "";
    double rest = fabs(count);
    if (!isfinite(count))
        return put(out, size, unknown);
    if (rest < 999.95)
        return written(snprintf(out, size, "%s%.*f", sign, rest != trunc(rest), rest), size);

    const char *suffix = suffixes;
    for (rest /= 1000; rest >= 999.5 && suffix[1]; suffix++)
        rest /= 1000;
    if (rest >= 999.5)
        return written(snprintf(out, size, "%s>999%c", sign, *suffix), size);
    return written(snprintf(out, size, "%s%.*f%c", sign, rest < 99.95, rest, *suffix), size);
}

/* Six digits that matter, but always two decimals and never more than twelve. */
static void money_digits(char number[NUMBER_SIZE], double amount)
{
    int decimals = 2;
    if (amount >= 1e15) {
        snprintf(number, NUMBER_SIZE, "%.6g", amount);
        return;
    }
    if (amount > 0)
        decimals = (int)fmin(fmax(5 - floor(log10(amount)), 2), 12);
    int length = snprintf(number, NUMBER_SIZE, "%.*f", decimals, amount);
    for (; decimals > 2 && number[length - 1] == '0'; decimals--)
        number[--length] = '\0';
}

size_t text_money(char *out, size_t size, double amount, const char *currency)
{
    static const struct {
        const char *code, *symbol;
    } symbols[] = {{"USD", "$"}, {"EUR", "€"}, {"GBP", "£"}, {"JPY", "¥"}};
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    char number[NUMBER_SIZE], grouped[NUMBER_SIZE];
    const char *sign = amount < 0 ? "-" : "";
    if (!isfinite(amount))
        return put(out, size, unknown);
    money_digits(number, fabs(amount));
    text_digits(grouped, sizeof grouped, number);

    if (!currency)
        currency = "";
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strcasecmp(currency, symbols[i].code) == 0)
            return written(snprintf(out, size, "%s%s%s", sign, symbols[i].symbol, grouped), size);
    size_t length = strspn(currency, plain);
    return written(snprintf(out, size, "%s%s%s%.*s", sign, grouped, length ? " " : "",
                            length < 8 ? (int)length : 8, currency),
                   size);
}

size_t text_percent(char *out, size_t size, double ratio)
{
    double tenths = round(ratio * 1000);
    if (!isfinite(tenths))
        return put(out, size, unknown);
    /* One failure in a million is not "100%", and one success not "0%". */
    if (ratio > 0 && tenths < 1)
        return put(out, size, "<0.1%");
    if (ratio < 1 && tenths >= 1000)
        return put(out, size, ">99.9%");
    return written(snprintf(out, size, "%.6g%%", tenths / 10 + 0.0), size);
}

/* Unix milliseconds to the calendar: the rest is 0 to 999, also before 1970. */
static bool broken_down(struct tm *(*convert)(const time_t *, struct tm *), int64_t ms,
                        struct tm *tm, unsigned *rest)
{
    int64_t part = ms % 1000, seconds = ms / 1000;
    if (part < 0) {
        part += 1000;
        seconds--;
    }
    time_t time = (time_t)seconds;
    *rest = (unsigned)part;
    return time == seconds && convert(&time, tm) != NULL;
}

size_t text_time(char *out, size_t size, int64_t ms, int64_t now_ms)
{
    struct tm then, now;
    unsigned rest;
    if (!broken_down(localtime_r, ms, &then, &rest))
        return put(out, size, unknown);
    bool today = broken_down(localtime_r, now_ms, &now, &rest) && then.tm_year == now.tm_year &&
                 then.tm_yday == now.tm_yday;
    char text[NUMBER_SIZE];
    strftime(text, sizeof text, today ? "%H:%M:%S" : "%m-%d %H:%M", &then);
    return put(out, size, text);
}

size_t text_clock(char *out, size_t size, int64_t ms)
{
    return text_time(out, size, ms, ms);
}

size_t text_time_full(char *out, size_t size, int64_t ms)
{
    struct tm tm;
    unsigned rest;
    if (!broken_down(localtime_r, ms, &tm, &rest))
        return put(out, size, unknown);
    char date[NUMBER_SIZE], zone[NUMBER_SIZE];
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &tm);
    strftime(zone, sizeof zone, "%z", &tm);
    return written(snprintf(out, size, "%s.%03u %s", date, rest, zone), size);
}

size_t text_time_iso(char *out, size_t size, int64_t ms)
{
    struct tm tm;
    unsigned rest;
    if (!broken_down(gmtime_r, ms, &tm, &rest))
        return put(out, size, unknown);
    char date[NUMBER_SIZE];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
    return written(snprintf(out, size, "%s.%03uZ", date, rest), size);
}

/* A decimal number as written: whole + part / scale. Digits after the sixth decimal are dropped. */
struct decimal {
    uint64_t whole, part, scale;
};

/* Reads "12" or "1.5" and moves *text behind it. */
static bool read_decimal(const char **text, struct decimal *number)
{
    const char *at = *text;
    *number = (struct decimal){.scale = 1};
    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (number->whole > (UINT64_MAX - digit) / 10)
            return false;
        number->whole = number->whole * 10 + digit;
    }
    if (*at == '.') {
        if (*++at < '0' || *at > '9')
            return false;
        for (; *at >= '0' && *at <= '9'; at++) {
            if (number->scale == 1000000)
                continue;
            number->part = number->part * 10 + (uint64_t)(*at - '0');
            number->scale *= 10;
        }
    }
    *text = at;
    return true;
}

/* *total += number * unit, unless that goes beyond `limit`. Units are below 2^44. */
static bool add_scaled(uint64_t *total, const struct decimal *number, uint64_t unit, uint64_t limit)
{
    uint64_t part = number->part * unit / number->scale;
    if (number->whole > (limit - *total) / unit)
        return false;
    *total += number->whole * unit;
    if (part > limit - *total)
        return false;
    *total += part;
    return true;
}

bool text_parse_duration(const char *text, int64_t *ms)
{
    /* Larger first; "ms" before "m". */
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"w", 604800000}, {"d", 86400000}, {"h", 3600000},
                 {"ms", 1},        {"m", 60000},    {"s", 1000}};
    uint64_t total = 0, last = UINT64_MAX;
    do {
        struct decimal number;
        if (!read_decimal(&text, &number))
            return false;
        size_t i = 0, count = sizeof units / sizeof *units;
        while (i < count && strncasecmp(text, units[i].name, strlen(units[i].name)) != 0)
            i++;
        if (i == count || units[i].ms >= last ||
            !add_scaled(&total, &number, units[i].ms, INT64_MAX))
            return false;
        last = units[i].ms;
        text += strlen(units[i].name);
    } while (*text);
    *ms = (int64_t)total;
    return true;
}

bool text_parse_size(const char *text, uint64_t *bytes)
{
    static const struct {
        const char *name;
        uint64_t bytes;
    } units[] = {
        {"", 1},
        {"B", 1},
        {"K", UINT64_C(1) << 10},
        {"KiB", UINT64_C(1) << 10},
        {"KB", UINT64_C(1000)},
        {"M", UINT64_C(1) << 20},
        {"MiB", UINT64_C(1) << 20},
        {"MB", UINT64_C(1000000)},
        {"G", UINT64_C(1) << 30},
        {"GiB", UINT64_C(1) << 30},
        {"GB", UINT64_C(1000000000)},
        {"T", UINT64_C(1) << 40},
        {"TiB", UINT64_C(1) << 40},
        {"TB", UINT64_C(1000000000000)},
    };
    struct decimal number;
    if (!read_decimal(&text, &number))
        return false;
    size_t blanks = strspn(text, " \t\r\n");
    text += blanks;
    if (blanks > 0 && !*text)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t total = 0;
        if (strcasecmp(text, units[i].name) != 0)
            continue;
        if (!add_scaled(&total, &number, units[i].bytes, UINT64_MAX))
            return false;
        *bytes = total;
        return true;
    }
    return false;
}
