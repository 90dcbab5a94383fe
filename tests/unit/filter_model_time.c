/*
 * Days and times, and the clock on the wall.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "filter_model.h"

static const char blanks[] = " \t\r\n";

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

static bool fixed(const char **at, size_t digits, int64_t least, int64_t most, int64_t *number)
{
    if (digits_at(*at) < digits)
        return false;
    *number = 0;
    for (size_t i = 0; i < digits; i++)
        *number = *number * 10 + (*(*at)++ - '0');
    return *number >= least && *number <= most;
}

static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t past = year - 1;
    int64_t leap_days = past / 4 - past / 100 + past / 400;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return past * 365 + leap_days + before[month - 1] + (leap && month > 2) + day - 1 - 719162;
}

static bool read_day(const char **at, struct when *when)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day;
    when->relative = strncasecmp(*at, "today", 5) == 0 || strncasecmp(*at, "yesterday", 9) == 0;
    if (when->relative) {
        bool today = strncasecmp(*at, "today", 5) == 0;
        when->day = today ? 0 : -1;
        *at += today ? 5 : 9;
        return true;
    }
    if (!fixed(at, 4, 1, 9999, &year) || *(*at)++ != '-' || !fixed(at, 2, 1, 12, &month) ||
        *(*at)++ != '-' || !fixed(at, 2, 1, 31, &day))
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    when->day = days_since_1970(year, month, day);
    return day <= lengths[month - 1] + (leap && month == 2);
}

static bool read_clock(const char **at, struct when *when)
{
    int64_t hour, minute = 0, second = 0, fraction = 0;
    size_t digits = digits_at(*at);
    if (digits < 1 || digits > 2 || !fixed(at, digits, 0, 23, &hour))
        return false;
    when->length = 3600000;
    if (**at == ':') {
        when->length = 60000;
        ++*at;
        if (!fixed(at, 2, 0, 59, &minute))
            return false;
        if (**at == ':') {
            when->length = 1000;
            ++*at;
            if (!fixed(at, 2, 0, 60, &second))
                return false;
            if (**at == '.' || **at == ',') {
                when->length = 1;
                digits = digits_at(*at + 1);
                for (size_t i = 1; i <= 3; i++)
                    fraction = fraction * 10 + (i <= digits ? (*at)[i] - '0' : 0);
                *at += 1 + digits;
                if (digits == 0)
                    return false;
            }
        }
    }
    when->from = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    return true;
}

static bool read_offset(const char **at, struct when *when)
{
    int64_t hours, minutes = 0;
    when->placed = true;
    if (**at == 'Z' || **at == 'z') {
        ++*at;
        return true;
    }
    bool west = **at == '-';
    if (**at != '+' && **at != '-')
        return false;
    ++*at;
    if (!fixed(at, 2, 0, 23, &hours))
        return false;
    bool colon = **at == ':';
    *at += colon;
    if ((colon || digits_at(*at) > 0) && !fixed(at, 2, 0, 59, &minutes))
        return false;
    when->offset = (west ? -1 : 1) * (hours * 60 + minutes) * 60000;
    return true;
}

bool model_is_day(const char *text)
{
    struct when when;
    return read_day(&text, &when) && *text == '\0';
}

bool model_when(const char *text, struct when *when)
{
    *when = (struct when){.length = 86400000};
    const char *at = text;
    if (!read_day(&at, when)) {
        *when = (struct when){.relative = true};
        return read_clock(&text, when) && when->length < 3600000 && *text == '\0';
    }
    size_t apart = strspn(at, blanks);
    if (*at == 'T' || *at == 't' || apart > 0) {
        at += apart > 0 ? apart : 1;
        if (!read_clock(&at, when))
            return false;
    }
    if (*at != '\0' && (when->relative || !read_offset(&at, when)))
        return false;
    return *at == '\0';
}

/* What the local clock reads more than UTC, in milliseconds. */
static int64_t clock_offset(int64_t second)
{
    struct tm local;
    time_t moment = (time_t)second;
    localtime_r(&moment, &local);
    return ((int64_t)timegm(&local) - second) * 1000;
}

static void add_part(struct span *span, int64_t from, int64_t until)
{
    if (from >= until)
        return;
    if (span->count > 0 && span->parts[span->count - 1].until == from)
        span->parts[span->count - 1].until = until;
    else
        span->parts[span->count++] = (struct stretch){from, until};
    span->first = span->parts[0].from;
    span->end = span->parts[span->count - 1].until;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* All the milliseconds at which the local clock reads from `from` to `until`. */
static struct span read_locally(int64_t from, int64_t until)
{
    struct span span = {0};
    int64_t begin = from / 1000 - 2 * 86400, last = until / 1000 + 2 * 86400;
    int64_t offset = clock_offset(begin), jump = 0;
    for (int64_t hour = begin; hour < last; hour += 3600) {
        int64_t next = clock_offset(hour + 3600);
        if (next == offset)
            continue;
        int64_t low = hour, high = hour + 3600; /* the clock is set in between */
        while (high - low > 1) {
            int64_t middle = low + (high - low) / 2;
            *(clock_offset(middle) == offset ? &low : &high) = middle;
        }
        add_part(&span, later(from - offset, begin * 1000), earlier(until - offset, high * 1000));
        if (high * 1000 + offset <= from && until <= high * 1000 + next)
            jump = high * 1000;
        begin = high;
        offset = next;
    }
    add_part(&span, later(from - offset, begin * 1000), earlier(until - offset, last * 1000));
    if (span.count == 0)
        span.first = span.end = jump;
    return span;
}

struct span model_span(const struct when *when, int64_t now_ms)
{
    int64_t day = when->day;
    if (when->relative) {
        int64_t local = now_ms + clock_offset(now_ms / 1000);
        day += local / 86400000;
    }
    int64_t from = day * 86400000 + when->from, until = from + when->length;
    if (!when->placed)
        return read_locally(from, until);
    struct span span = {0};
    add_part(&span, from - when->offset, until - when->offset);
    return span;
}

struct span model_instant(int64_t ms)
{
    struct span span = {0};
    add_part(&span, ms, ms + 1);
    return span;
}

static bool contains(const struct span *outer, int64_t from, int64_t until)
{
    for (size_t i = 0; i < outer->count; i++)
        if (outer->parts[i].from <= from && until <= outer->parts[i].until)
            return true;
    return false;
}

/* All that compares so with what is asked for. */
static struct span wanted(enum operator op, const struct span *asked)
{
    struct span span = {0};
    if (op == OP_LESS || op == OP_AT_MOST)
        add_part(&span, INT64_MIN, op == OP_LESS ? asked->first : asked->end);
    else if (op == OP_MORE || op == OP_AT_LEAST)
        add_part(&span, op == OP_MORE ? asked->end : asked->first, INT64_MAX);
    else
        span = *asked;
    return span;
}

/* What the clock leaves out is behind all that it read before, and before all that it reads then.
 */
static bool jump_compares(int64_t jump, enum operator op, const struct span *asked)
{
    bool before = asked->count > 0 ? jump <= asked->first : jump < asked->first;
    bool behind = asked->count > 0 ? jump >= asked->end : jump > asked->first;
    switch (op) {
    case OP_LESS: return before;
    case OP_AT_MOST: return !behind;
    case OP_MORE: return behind;
    case OP_AT_LEAST: return !before;
    default: return !before && !behind;
    }
}

bool model_span_compares(const struct span *span, enum operator op, const struct span *asked)
{
    struct span all = wanted(op, asked);
    if (span->count == 0)
        return jump_compares(span->first, op, asked);
    for (size_t i = 0; i < span->count; i++)
        if (!contains(&all, span->parts[i].from, span->parts[i].until))
            return false;
    return true;
}
