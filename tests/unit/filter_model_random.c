/*
 * What random events and random expressions are made of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter_model_random.h"
#include "filter_model_words.h"

static uint64_t state;

void random_begin(uint64_t seed)
{
    state = seed;
    uint64_t high = random_below(UINT32_MAX), low = random_below(UINT32_MAX);
    state = high << 32 | low;
}

unsigned random_below(unsigned limit)
{
    state += 0x9e3779b97f4a7c15U;
    uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return (unsigned)((mixed ^ (mixed >> 31)) % limit);
}

bool once_in(unsigned times)
{
    return random_below(times) == 0;
}

static void put_bytes(struct out *out, const char *text, size_t length)
{
    if (out->length + length < out->size) {
        memcpy(out->text + out->length, text, length);
        out->length += length;
        out->text[out->length] = '\0';
    }
}

void put(struct out *out, const char *text)
{
    put_bytes(out, text, strlen(text));
}

/* Whether the local clock is set within a day of it. */
static bool is_set_at(int64_t second)
{
    time_t before = (time_t)(second - 86400), behind = (time_t)(second + 86400);
    struct tm first, last;
    localtime_r(&before, &first);
    localtime_r(&behind, &last);
    return first.tm_isdst != last.tm_isdst;
}

/* Moments worth a look: around midnight, and where clocks are set. */
int64_t random_moment(void)
{
    static const int64_t seconds[] = {
        1792893600,             /* 2026-10-25T00:00+02:00? near the end of summer time in Europe */
        1774746000,             /* the beginning */
        1793512800,             /* the end in America */
        1772953200,             /* the beginning */
        1790956800, 1775318400, /* on Lord Howe Island */
        1779624000, 1795478400, 1798675200, 1767225600, 1709164800};
    int64_t second = PICK(seconds);
    for (int i = 0; i < 4 && !is_set_at(second); i++)
        second = PICK(seconds);
    int64_t ms = second * 1000;
    if (once_in(3)) /* close to it */
        return ms + ((int64_t)random_below(49) - 24) * 600000;
    ms += ((int64_t)random_below(97) - 48) * 1800000;
    return ms + (once_in(3) ? 0 : (int64_t)random_below(3600000) - 1800000);
}

/* A time, in which Y, m, d, H, M and S stand for its parts. */
static void put_shape(struct out *out, const char *shape, const struct tm *tm)
{
    static const char letters[] = "YmdHMS";
    const int parts[] = {tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday,
                         tm->tm_hour,        tm->tm_min,     tm->tm_sec};
    for (; *shape != '\0'; shape++) {
        const char *letter = strchr(letters, *shape);
        char text[16];
        int digits = *shape == 'Y' ? 4 : 2;
        if (letter != NULL)
            snprintf(text, sizeof text, "%0*d", digits, parts[letter - letters]);
        else
            snprintf(text, sizeof text, "%c", *shape);
        put(out, text);
    }
}

static void put_moment(struct out *out)
{
    static const char *const shapes[] = {"Y-m-d",
                                         "Y-m-dTH",
                                         "Y-m-dTH:M",
                                         "Y-m-dTH:M:S",
                                         "Y-m-d H:M",
                                         "Y-m-d H",
                                         "Y-m-dTH:M:SZ",
                                         "Y-m-dTH:M:S.123Z",
                                         "Y-m-dTH:M+02:00",
                                         "Y-m-dtH:M:S.5",
                                         "Y-m-dZ",
                                         "Y-m-d+05:30",
                                         "Y-m-dTH-0330",
                                         "Y-m-d  H:M:SZ",
                                         "Y-m-dTH:M:S.000+0000",
                                         "Y-m-dTH:M:S+01",
                                         "H:M",
                                         "H:M:S",
                                         "Y-m-dH:M",
                                         "Ymd",
                                         "Y-m-dTTH:M",
                                         "Y-m-d\tH:M"};
    struct tm tm;
    time_t moment = (time_t)(random_moment() / 1000);
    if (once_in(2))
        gmtime_r(&moment, &tm);
    else
        localtime_r(&moment, &tm);
    put_shape(out, PICK(shapes), &tm);
}

void put_time(struct out *out)
{
    static const char *const days[] = {"today",      "yesterday",  "TODAY",      "Yesterday",
                                       "2026-02-29", "2024-02-29", "2026-13-01", "0000-01-01",
                                       "2026-1-01",  "9999-12-31", "0001-01-01"};
    if (!once_in(4)) {
        put_moment(out);
        return;
    }
    if (once_in(3)) {
        put(out, PICK(clocks));
        return;
    }
    put(out, PICK(days));
    if (once_in(2)) {
        static const char *const between[] = {" ", "T", "  ", "\t", "t", ""};
        put(out, PICK(between));
        put(out, PICK(clocks));
    }
    if (once_in(3))
        put(out, PICK(offsets));
}

void put_text(struct out *out)
{
    switch (random_below(8)) {
    case 0: put(out, PICK(numbers)); break;
    case 1:
    case 2: put_time(out); break;
    case 3: put(out, PICK(durations)); break;
    case 4: put(out, PICK(types)); break;
    default: put(out, PICK(words)); break;
    }
}

static void put_unit(struct out *out, uint32_t unit)
{
    char escape[16];
    once_in(2) ? snprintf(escape, sizeof escape, "\\u%04x", unit)
               : snprintf(escape, sizeof escape, "\\u%04X", unit);
    put(out, escape);
}

/* One character as JSON, escaped in one of the ways there are. */
static size_t put_char(struct out *out, const char *text, bool controls)
{
    unsigned char byte = (unsigned char)*text;
    size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    uint32_t code = length == 1 ? byte : byte & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    static const char meanings[] = "\"\\/\b\f\n\r\t", letters[] = "\"\\/bfnrt";
    const char *letter = byte < 0x80 ? strchr(meanings, byte) : NULL;
    bool must = byte == '"' || byte == '\\' || (byte < 0x20 && !controls);
    char escape[16];
    if (letter != NULL && byte != '\0' && (must ? !once_in(3) : once_in(6))) {
        snprintf(escape, sizeof escape, "\\%c", letters[letter - meanings]);
        put(out, escape);
    } else if (must || once_in(12)) {
        if (code >= 0x10000) {
            put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        put_unit(out, code);
    } else {
        put_bytes(out, text, length);
    }
    return length;
}

void put_quoted(struct out *out, const char *text, bool controls)
{
    put(out, "\"");
    while (*text != '\0')
        text += put_char(out, text, controls);
    static const char *const halves[] = {"\\u0000", "\\ud800", "\\uDC00x", "\\ud83d\\u0041"};
    if (once_in(40))
        put(out, PICK(halves));
    put(out, "\"");
}
