/*
 * An event as one line of output: aligned for people, or a JSON object for programs.
 */
#ifndef ANCHORTOP_LINE_H
#define ANCHORTOP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "ring.h"

enum line_format {
    LINE_TEXT, /* time, how it went, type, subject, duration, cost, summary; safe to print */
    LINE_JSON, /* {"received":"<ISO 8601>","verified":true|false,"event":<as received>} */
};

/* How a line is written. */
struct line_style {
    enum line_format format;
    bool color;  /* of LINE_TEXT: with the terminal's colours */
    bool ascii;  /* likewise: with ASCII characters only */
    bool dates;  /* likewise: each time has its date, for what goes back beyond today */
    int columns; /* likewise: what a line has at most; 0: as many as it takes */
};

/* What is written. Borrowed for the call. */
struct line_event {
    const struct ring_record *record;
    const char *raw;           /* record->length bytes */
    const struct event *event; /* `raw` decoded; LINE_JSON does not need it */
    int64_t now_ms;
};

/* Bytes that line_write() needs at most for an event of that many bytes. */
size_t line_room(enum line_format format, size_t length);

/* Writes the line with its newline, not terminated; returns its length. */
size_t line_write(char *out, const struct line_style *style, const struct line_event *event);

#endif
