/*
 * Days and times as people write them: "2026-05-24", "2026-05-24T14:00+02:00", "yesterday 22:00",
 * "09:00". Each stands for all of its length, by the clock on the wall where it has no offset.
 *
 *     moment = day [ ("T" | blanks) clock ] [offset] | clock
 *     day    = YYYY-MM-DD | "today" | "yesterday"
 *     clock  = H [ ":" MM [ ":" SS [ "." digits ] ] ]    H of one or two digits
 *     offset = "Z" | ("+" | "-") HH [ [":"] MM ]
 *
 * A clock alone has minutes and is today's. An offset goes with YYYY-MM-DD only. Upper and lower
 * case are alike. Digits behind the third of a fraction do not count.
 */
#ifndef ANCHORTOP_MOMENT_H
#define ANCHORTOP_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* The words, which "today" does not place in time yet. */
struct moment_words {
    bool relative; /* to the day on which they are placed */
    bool utc;      /* they have an offset, which is taken off `from_ms` */
    int64_t day;   /* since 1970-01-01, or since today */
    int64_t from_ms, length_ms;
};

/* What they stand for: Unix milliseconds, inclusive. */
struct moment {
    int64_t first_ms, last_ms; /* the last is before the first for what clocks jump over */
    /* Where clocks are set back, they read some times twice, with others between. */
    bool twice;
    int64_t local_first_ms, local_last_ms; /* what they read */
};

/* Read the whole of a terminated text. False when it is no such words. */
bool moment_read(const char *text, struct moment_words *words);

/* Say whether a text is a day alone, behind which a clock may follow. */
bool moment_is_day(const char *text);

/* Place words in time; those that are relative, at the day of `now_ms`. */
struct moment moment_place(const struct moment_words *words, int64_t now_ms);

/* Say whether all of the span from `first_ms` to `last_ms` is in the moment. */
bool moment_holds(const struct moment *moment, int64_t first_ms, int64_t last_ms);

/* The day of `now_ms` by the clock on the wall. */
struct moment moment_today(int64_t now_ms);

#endif
