/*
 * Days and times as people write them: see moment.h.
 */
#include "moment.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "event.h"

enum { DAY_SECONDS = 86400 };

static const int64_t second_ms = 1000, minute_ms = 60000, hour_ms = 3600000, day_ms = 86400000;

/* Takes `least` to `most` decimal digits. */
static bool take_number(const char **text, int least, int most, int *number)
{
    int digits = 0;

    for (*number = 0; digits < most && **text >= '0' && **text <= '9'; digits++)
        *number = *number * 10 + (*(*text)++ - '0');
    return digits >= least;
}

static bool take(const char **text, const char *any_of)
{
    if (!**text || !strchr(any_of, **text))
        return false;
    ++*text;
    return true;
}

static bool take_word(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncasecmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool take_day(const char **text, struct moment_words *words)
{
    int year, month, day;

    words->length_ms = day_ms;
    words->relative = true;
    if (take_word(text, "today"))
        return true;
    words->day = -1;
    if (take_word(text, "yesterday"))
        return true;
    words->relative = false;
    return take_number(text, 4, 4, &year) && take(text, "-") && take_number(text, 2, 2, &month) &&
           take(text, "-") && take_number(text, 2, 2, &day) &&
           event_days(year, month, day, &words->day);
}

static bool take_fraction(const char **text, struct moment_words *words)
{
    int64_t weight = 100;
    int digit;

    if (!take(text, ".,"))
        return true;
    if (!take_number(text, 1, 1, &digit))
        return false;
    do {
        words->from_ms += digit * weight;
        weight /= 10;
    } while (take_number(text, 1, 1, &digit));
    words->length_ms = 1;
    return true;
}

/* A leap second counts as the next one. */
static bool take_clock(const char **text, struct moment_words *words)
{
    int hour, minute, second;

    if (!take_number(text, 1, 2, &hour) || hour > 23)
        return false;
    words->from_ms = hour * hour_ms;
    words->length_ms = hour_ms;
    if (!take(text, ":"))
        return true;
    if (!take_number(text, 2, 2, &minute) || minute > 59)
        return false;
    words->from_ms += minute * minute_ms;
    words->length_ms = minute_ms;
    if (!take(text, ":"))
        return true;
    if (!take_number(text, 2, 2, &second) || second > 60)
        return false;
    words->from_ms += second * second_ms;
    words->length_ms = second_ms;
    return take_fraction(text, words);
}

static bool take_offset(const char **text, struct moment_words *words)
{
    int hour, minute = 0;

    words->utc = true;
    if (take(text, "Zz"))
        return true;
    int64_t sign = **text == '-' ? -1 : 1;
    if (!take(text, "+-") || !take_number(text, 2, 2, &hour) || hour > 23)
        return false;
    bool colon = take(text, ":");
    if ((colon || **text) && (!take_number(text, 2, 2, &minute) || minute > 59))
        return false;
    words->from_ms -= sign * (hour * hour_ms + minute * minute_ms);
    return true;
}

static bool take_separator(const char **text)
{
    if (take(text, "Tt"))
        return true;
    size_t blanks = strspn(*text, " \t\r\n");
    *text += blanks;
    return blanks > 0;
}

bool moment_read(const char *text, struct moment_words *words)
{
    const char *start = text;

    *words = (struct moment_words){0};
    if (take_day(&text, words)) {
        if (take_separator(&text) && !take_clock(&text, words))
            return false;
        return !*text || (!words->relative && take_offset(&text, words) && !*text);
    }
    *words = (struct moment_words){.relative = true};
    text = start;
    return take_clock(&text, words) && words->length_ms < hour_ms && !*text;
}

bool moment_is_day(const char *text)
{
    struct moment_words words = {0};
    return take_day(&text, &words) && !*text;
}

/* What clocks on the wall read at a Unix time, in seconds as if it were UTC. */
static int64_t local_seconds(int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm tm;
    int64_t days;

    if (!localtime_r(&time, &tm) ||
        !event_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &days))
        return seconds;
    return days * DAY_SECONDS + (tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec;
}

static int64_t offset_at(int64_t seconds)
{
    return local_seconds(seconds) - seconds;
}

/* The first second at which the offset is no longer that of `from`; it is another one at `to`. */
static int64_t find_change(int64_t from, int64_t to)
{
    int64_t before = offset_at(from);

    while (to - from > 1) {
        int64_t middle = from + (to - from) / 2;
        if (offset_at(middle) == before)
            from = middle;
        else
            to = middle;
    }
    return to;
}

/* When clocks on the wall read `local`: for the first and the last time. When they jump over it,
 * the first is behind the jump and the last before it. */
static void find_local(int64_t local, int64_t *first, int64_t *last)
{
    /* No clock is as much as a day from UTC, and none is set twice within two. */
    int64_t before = offset_at(local - DAY_SECONDS), after = offset_at(local + DAY_SECONDS);
    bool early = offset_at(local - before) == before, late = offset_at(local - after) == after;

    if (early || late) {
        *first = local - (early ? before : after);
        *last = local - (late ? after : before);
    } else {
        *first = find_change(local - DAY_SECONDS, local + DAY_SECONDS);
        *last = *first - 1;
    }
}

static struct moment place_locally(int64_t from_ms, int64_t length_ms)
{
    int64_t part = from_ms % second_ms, local = from_ms / second_ms, first, last, ignored;
    int64_t last_local = local + (length_ms >= second_ms ? length_ms / second_ms - 1 : 0);

    if (part < 0) {
        part += second_ms;
        local--;
        last_local--;
    }
    find_local(local, &first, &ignored);
    find_local(last_local, &ignored, &last);
    struct moment moment = {
        .first_ms = first * second_ms + part,
        .last_ms = last * second_ms + (length_ms >= second_ms ? second_ms - 1 : part),
        .local_first_ms = from_ms,
        .local_last_ms = from_ms + length_ms - 1,
    };
    moment.twice = moment.last_ms - moment.first_ms >= length_ms;
    return moment;
}

static int64_t day_of(int64_t now_ms)
{
    int64_t local = local_seconds(now_ms / second_ms);
    return local / DAY_SECONDS - (local % DAY_SECONDS < 0);
}

struct moment moment_place(const struct moment_words *words, int64_t now_ms)
{
    int64_t day = words->day + (words->relative ? day_of(now_ms) : 0);
    int64_t from_ms = day * day_ms + words->from_ms;

    if (!words->utc)
        return place_locally(from_ms, words->length_ms);
    return (struct moment){.first_ms = from_ms, .last_ms = from_ms + words->length_ms - 1};
}

static bool reads(const struct moment *moment, int64_t ms)
{
    int64_t part = ms % second_ms, seconds = ms / second_ms;

    if (part < 0) {
        part += second_ms;
        seconds--;
    }
    int64_t local_ms = local_seconds(seconds) * second_ms + part;
    return moment->local_first_ms <= local_ms && local_ms <= moment->local_last_ms;
}

bool moment_holds(const struct moment *moment, int64_t first_ms, int64_t last_ms)
{
    if (first_ms < moment->first_ms || last_ms > moment->last_ms)
        return false;
    return !moment->twice || (reads(moment, first_ms) && reads(moment, last_ms));
}

struct moment moment_today(int64_t now_ms)
{
    return moment_place(&(struct moment_words){.relative = true, .length_ms = day_ms}, now_ms);
}
