/*
 * JSON text as it was received, cut into tokens and laid out in lines.
 *
 * The detail pane shows the bytes that were signed: a tree would turn 12345678901234567890 into
 * 1.2345678901234567e19, drop the second of two equal keys and change the escapes. So this reads
 * the text itself. Input is any bytes; what is not JSON ends the layout with an error line.
 */
#ifndef ANCHORTOP_JSON_H
#define ANCHORTOP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind {
    JSON_PUNCTUATION, /* { } [ ] , : */
    JSON_KEY,
    JSON_STRING,
    JSON_NUMBER,
    JSON_LITERAL, /* true false null */
    JSON_ERROR,   /* from here on it is not JSON */
};

/* A coloured piece of a line: bytes [start, start + length) of the text. */
struct json_token {
    size_t start, length;
    enum json_kind kind;
};

/*
 * One line of the indented layout. A line that opens an object or array with members is a fold:
 * `close` is the index of the line that closes it, and `members` how many members it has.
 */
struct json_line {
    size_t token, token_count; /* first token in json_layout.tokens, and how many */
    uint16_t depth;            /* levels of indentation */
    size_t close;              /* 0: not a fold */
    size_t members;
};

/* Owned by the caller; json_layout_free() releases it. Refers to the text by offset only. */
struct json_layout {
    struct json_token *tokens;
    size_t token_count;
    struct json_line *lines;
    size_t line_count;
};

/* Lays out `length` bytes. Returns false when memory ran out (the layout is then empty). */
bool json_layout(struct json_layout *layout, const char *text, size_t length);
void json_layout_free(struct json_layout *layout);

/*
 * The deepest nesting of arrays and objects in the text, reading strings rightly and stopping at
 * `limit` + 1. A guard to be asked before any recursive parser sees the text.
 */
unsigned json_depth(const char *text, size_t length, unsigned limit);

#endif
