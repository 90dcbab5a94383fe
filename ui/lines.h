/*
 * Styled lines of text: what the pages of the detail pane, the help and the menus are made of.
 *
 * A page is built as a whole, then drawn a window at a time. Text is cleaned as it is added, so
 * whatever came over the network may be given to it.
 */
#ifndef ANCHORTOP_LINES_H
#define ANCHORTOP_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/search.h"
#include "theme.h"

struct lines_span {
    size_t start, length; /* in lines.text */
    enum role role;
};

struct lines_line {
    size_t span, span_count;
    uint64_t tag;   /* what the line stands for, by its page: a link's number, a fold's line */
    bool continued; /* belongs to the line above it */
};

/* Owned by the caller: zero-initialise, lines_free() at the end. Main thread. */
struct lines {
    char *text;
    size_t text_length, text_capacity;
    struct lines_span *spans;
    size_t span_count, span_capacity;
    struct lines_line *lines;
    size_t count, line_capacity;
    bool ascii; /* marks and borders in ASCII */
};

void lines_free(struct lines *lines);
void lines_clear(struct lines *lines);

/* Begins a line. When memory runs out, lines are left out. */
void lines_begin(struct lines *lines, uint64_t tag);
/* Adds text to the line that was begun last. */
void lines_add(struct lines *lines, enum role role, const char *text);
void lines_add_bytes(struct lines *lines, enum role role, const char *text, size_t length);
/* Adds blanks up to a column. */
void lines_pad(struct lines *lines, int column);
/*
 * Adds text that may be longer than the line: it goes on in further lines, which begin at `indent`
 * and have the same tag. Breaks at blanks where there are some, and at line feeds.
 */
void lines_wrap(struct lines *lines, enum role role, const char *text, int indent, int width);
void lines_wrap_bytes(struct lines *lines, enum role role, const char *text, size_t length,
                      int indent, int width);

/* Columns that a line takes. */
int lines_width(const struct lines *lines, size_t index);

/* Draws a line into `width` columns; `over` is the role of the background, ROLE_TEXT for none. */
void lines_draw(const struct lines *lines, size_t index, int row, int column, int width,
                enum role over);

/* Whether a line has a text in it, upper and lower case alike. Text that runs from one line into
 * the next is not found. */
bool lines_have(const struct lines *lines, size_t index, const struct search *sought);

/* Draws the places that have it once more, so that they stand out. */
void lines_mark(const struct lines *lines, size_t index, int row, int column, int width,
                const struct search *sought);

#endif
