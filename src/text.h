/*
 * Text for people: making foreign text safe to print, how wide it is (text.c), and numbers with
 * units (text_units.c).
 *
 * Everything here may be used from any thread, and does not depend on the locale but for the
 * decimal point: the program leaves LC_NUMERIC at "C". Buffers are always terminated; lengths
 * returned do not count the terminator.
 */
#ifndef ANCHORTOP_TEXT_H
#define ANCHORTOP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How text_clean() treats what it finds. */
enum text_flags {
    TEXT_ASCII = 1 << 0,         /* marks in ASCII; other characters spelled so, or as "?" */
    TEXT_KEEP_NEWLINES = 1 << 1, /* "\n" stays; otherwise it becomes a visible mark too */
};

/*
 * Copies foreign text so that printing it cannot do anything but show it. Control characters
 * (C0, DEL) become their pictures ("␛", or "^[" in ASCII); C1 controls, bidirectional overrides,
 * isolates and other invisible format characters become "<U+202E>"; bytes that are not UTF-8 and
 * characters without an agreed width (unassigned ones) become U+FFFD. Variation selectors and
 * zero-width joiners are dropped, because terminals do not agree on their width, and so is every
 * combining mark beyond the fourth on one character. Writes whole characters and marks only; stops
 * when the buffer is full.
 */
size_t text_clean(char *out, size_t size, const char *text, size_t length, unsigned flags);

/*
 * Copies foreign text as one line without anything unseen, so that it can be pasted anywhere and
 * does nothing but stand there. Line ends and tabs become a blank between words; other controls,
 * invisible format characters, variation selectors, joiners and bytes that are not UTF-8 are left
 * out. Writes whole characters only; stops when the buffer is full.
 */
size_t text_line(char *out, size_t size, const char *text, size_t length);

/* Whether a character is a control or one that text_clean() names or drops because it cannot be
 * seen. */
bool text_is_unseen(uint32_t code_point);

/*
 * Decodes the UTF-8 character at the start of `length` bytes, of which there must be one. Returns
 * how many bytes it takes and writes its code point, or 0xFFFD with 1 byte for anything malformed,
 * overlong or a surrogate.
 */
size_t text_decode(const char *text, size_t length, uint32_t *code_point);

/* How many bytes at the start of a text are whole, valid characters of UTF-8: `length` when all of
 * it is. */
size_t text_valid(const char *text, size_t length);

/* Writes a code point, at most 0x10FFFF, as UTF-8 of 1 to 4 bytes, not terminated; returns how
 * many. */
size_t text_encode(char *out, uint32_t code_point);

/* Terminal columns of one code point (0, 1 or 2) and of a clean UTF-8 string. */
int text_char_width(uint32_t code_point);
int text_width(const char *text);

/*
 * The number of bytes of a clean string that fit into `columns`, never splitting a character or a
 * character from its combining marks. *used receives the columns taken.
 */
size_t text_fit(const char *text, int columns, int *used);

/* Copy text; what the buffer has no room for is cut after a whole character and ends in "…". NULL
 * is empty. */
size_t text_cut(char *out, size_t size, const char *text);

/* "4.2s", "850ms", "1m32s", "2h05m", "3d04h". Negative values get a minus sign, here and below;
 * what is not a finite number, or no time of the calendar, is "?". */
size_t text_duration(char *out, size_t size, int64_t ms);
/* The same in whole seconds, for what counts on: "11s", "1m32s". Never negative. */
size_t text_elapsed(char *out, size_t size, int64_t ms);
/* "512 B", "38.4 KB", "2.6 MB", "1.2 GB"; powers of 1000. */
size_t text_bytes(char *out, size_t size, double bytes);
/* "12,403"; fractions are kept when there are any. */
size_t text_count(char *out, size_t size, double count);
/* The same of a number in digits, of any length. */
size_t text_digits(char *out, size_t size, const char *digits);
/* The shortest decimal that reads back as the same number: "1.5", "1e-07". Whole ones below 10^17
 * have no exponent. */
size_t text_number(char *out, size_t size, double number);
/* "14.2", "12.4k", "1.2M": at most five columns, the minus sign aside. */
size_t text_short_count(char *out, size_t size, double count);
/* "$0.012", "€3.40", "0.50 CHF"; six digits that matter, at least two decimals. currency may be
 * NULL (no unit) and is foreign: an unknown one is cut after 8 bytes of letters and digits. */
size_t text_money(char *out, size_t size, double amount, const char *currency);
/* "82%", "99.5%"; "<0.1%" and ">99.9%" so that neither 0% nor 100% is a lie. */
size_t text_percent(char *out, size_t size, double ratio);
/* Local time: "14:02:07", or with the date when it is not the day of now_ms: "05-24 14:02". */
size_t text_time(char *out, size_t size, int64_t ms, int64_t now_ms);
/* Local time of day, whatever the day: "14:02:07". */
size_t text_clock(char *out, size_t size, int64_t ms);
/* Local time in full, with milliseconds and offset: "2026-05-24 14:18:05.123 +0200". */
size_t text_time_full(char *out, size_t size, int64_t ms);
/* UTC, ISO 8601: "2026-05-24T12:18:05.123Z". */
size_t text_time_iso(char *out, size_t size, int64_t ms);

/*
 * "30s", "5m", "1h30m", "7d", "250ms", "1.5h" to milliseconds; a bare number is refused, for its
 * unit would be a guess. Larger units (w d h m s ms, in either case) come first. Returns false when it is not a
 * duration or does not fit.
 */
bool text_parse_duration(const char *text, int64_t *ms);
/* "256M", "1.5GB", "64KiB", "1048576" to bytes. K, M, G, T and KiB … are powers of 1024 and KB, MB
 * … powers of 1000. Returns false when it is not a size or does not fit. */
bool text_parse_size(const char *text, uint64_t *bytes);

#endif
