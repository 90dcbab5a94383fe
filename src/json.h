/*
 * JSON text as it was received, cut into tokens and laid out in lines.
 *
 * The detail pane shows the bytes that were signed: a tree would turn 12345678901234567890 into
 * 1.2345678901234567e19, drop the second of two equal keys and change the escapes. So this reads
 * the text itself. Input is any bytes; what is not JSON ends the layout with an error line. It is
 * as forgiving as event_decode(), so that whatever was accepted is laid out to its end.
 */
#ifndef ANCHORTOP_JSON_H
#define ANCHORTOP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_MAX_LEVELS = 1000 }; /* nesting that json_layout() follows; deeper is an error */

enum json_kind {
    JSON_PUNCTUATION, /* { } [ ] , : */
    JSON_KEY,         /* with its quotes, like JSON_STRING */
    JSON_STRING,
    JSON_NUMBER,
    JSON_LITERAL, /* true false null */
    JSON_ERROR,   /* from here to the end it is not JSON; empty when the text ends too early */
};

/* A coloured piece of a line: bytes [start, start + length) of the text, still foreign. */
struct json_token {
    uint32_t start, length;
    enum json_kind kind;
};

/*
 * One line of the indented layout: its tokens one after the other, with a blank behind each colon.
 * A line that opens an object or array with members is a fold: `close` is the index of the line
 * that closes it, and `members` how many members it has.
 */
struct json_line {
    uint32_t token; /* the first, in json_layout.tokens */
    uint32_t close; /* 0: not a fold */
    uint32_t members;
    uint16_t token_count;
    uint16_t depth; /* levels of indentation */
};

/* Owned by the caller; json_layout_free() releases it. Refers to the text by offset only. */
struct json_layout {
    struct json_token *tokens;
    size_t token_count;
    struct json_line *lines;
    size_t line_count;
};

/*
 * Lays out `length` bytes, in time and memory proportional to them. There is always at least one
 * line. Returns false, and an empty layout, when memory ran out or the text is 4 GiB or longer.
 */
bool json_layout(struct json_layout *layout, const char *text, size_t length);

/*
 * The same for a long text, in steps. json_layout_begin() borrows the text until the end, and
 * returns NULL when json_layout() would return false; json_layout_go_on() takes so many tokens more
 * and returns whether there are others; json_layout_end() returns what json_layout() does. The
 * layout is of use after that only.
 */
struct json_scan;
struct json_scan *json_layout_begin(struct json_layout *layout, const char *text, size_t length);
bool json_layout_go_on(struct json_scan *scan, size_t tokens);
bool json_layout_end(struct json_scan *scan);
void json_layout_free(struct json_layout *layout);

/* What json_survey() finds in a text. */
struct json_survey {
    /* The deepest nesting of arrays and objects, and never less than the depth at which a recursive
     * parser can be when it meets the first error. */
    unsigned depth;
    size_t longest_number; /* bytes */
    bool exponents;        /* a number has one */
};

/*
 * Look through any text before a recursive parser sees it, reading strings rightly. It stops where
 * the nesting is deeper than `limit`, which is then exceeded by one.
 */
struct json_survey json_survey(const char *text, size_t length, unsigned limit);

/* Return the first number of the text that is in no string, and its length; or NULL. */
const char *json_number(const char *text, const char *end, size_t *length);

/* The UTF-16 code unit of a \uXXXX escape at `text`, or -1 when there is none before `end`. */
long json_escape_unit(const char *text, const char *end);

/*
 * Replaces every escape of a JSON text by the character that it stands for, in strings and keys
 * alike; everything else stays. `out` has room for `length` bytes and may be `text`. Returns the
 * length written. As in the tree of event_decode(), \u0000 becomes U+2400 and half a surrogate pair
 * U+FFFD; a backslash that begins no escape stays.
 */
size_t json_unescape(char *out, const char *text, size_t length);

#endif
