/*
 * The table of fields: what can be asked of an event.
 *
 * Columns, the detail pane, filters, sorting and machine output all read this one table, so that a
 * thing has one name, one title and one unit everywhere. A field of the catalogue that is not in
 * the table is still shown, generically, by field_each().
 */
#ifndef ANCHORTOP_FIELD_H
#define ANCHORTOP_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"

enum field_type {
    FIELD_TEXT,
    FIELD_ID,
    FIELD_URL,
    FIELD_TIME,     /* Unix milliseconds */
    FIELD_DURATION, /* milliseconds */
    FIELD_AGE,      /* milliseconds before now */
    FIELD_BYTES,
    FIELD_COUNT,
    FIELD_MONEY, /* number in value.text's currency */
    FIELD_RATIO, /* 0 to 1, shown as per cent */
    FIELD_FLAG,
    FIELD_LIST,  /* array of strings, shown joined */
    FIELD_FILES, /* array of {name, url, size, content_type}, shown as their names */
    FIELD_JSON,  /* any value, shown as compact JSON, or a string as it is */
    FIELD_TYPES
};

/* An event and what is known of its arrival. Borrowed by every function here. */
struct field_source {
    const struct event *event;
    int64_t received_ms;
    int64_t now_ms;
    uint32_t duplicates; /* further deliveries of the same id */
    bool verified;
};

/* What a field of one event holds. Text is borrowed from the event and foreign: pass it through
 * text_clean() before it is shown. */
struct value {
    enum field_type type;
    double number; /* numeric types; FIELD_FLAG as 0 or 1; elements of FIELD_LIST and _FILES */
    const char
        *digits; /* the number as it was received, where a double may be another one; or NULL */
    const char *text;  /* FIELD_TEXT, _ID, _URL; the currency of FIELD_MONEY or NULL; else NULL */
    const cJSON *json; /* FIELD_LIST, _FILES, _JSON */
};

struct field {
    const char *name;  /* as in a filter: "cost" */
    const char *title; /* for people: "Cost" */
    enum field_type type;
    /* Where it stands in the envelope: "data.cost". Several places are separated by "|"; the first
     * that is there counts. NULL for what is computed. */
    const char *path;
    bool (*extract)(const struct field_source *source, struct value *value); /* with path NULL */
    bool derived;        /* repeats other fields: for columns and filters, not for field_each() */
    const char *meaning; /* one line for the help and the manual page */
};

extern const struct field fields[];
extern const size_t field_count;

/* The field of that name, or NULL. */
const struct field *field_find(const char *name);

/*
 * Reads a field. Returns false when this event does not have it, or has something else there than
 * the field's type: a cost that is not a number, a name that is empty. An empty list is there.
 */
bool field_get(const struct field *field, const struct field_source *source, struct value *value);

/*
 * Writes a value for people ("4.2s", "2.6 MB", "$0.012", "82%"), always terminated. Text values
 * are written as they came, still foreign. Returns the length written.
 */
size_t field_format(const struct value *value, char *buffer, size_t size);

/* The value of the first member of the envelope at a dotted path, or NULL. An array on the way is
 * entered at the element that the next part numbers ("data.artifacts.0.url"). */
const cJSON *field_path(const cJSON *root, const char *path);

/* One line of the detail pane. `title`, `path` and `text` are valid during the call only. */
struct field_line {
    const struct field *field; /* NULL for what the table does not have */
    const char *title;         /* for people, may hold foreign text; for what the table does not
                                  have its path without "data." */
    const char *path;          /* "" for what is computed; foreign, cut at 1 KiB. Keys that have a
                                  dot, a quote or a backslash, or nothing, are JSON strings */
    const char *text;          /* formatted, foreign, of any length */
    enum field_type type;      /* of this line: FIELD_URL for a link, FIELD_JSON for a bare value */
};

/*
 * Calls `visit` for everything that the event holds: the fields of the table in its order, then
 * every other leaf of the envelope in the order received. What stands in a field of the table but
 * has the wrong type for it is such a leaf too. Objects in FIELD_JSON and _FILES take several
 * lines. Nothing of the payload is left out.
 */
void field_each(const struct field_source *source,
                void (*visit)(void *context, const struct field_line *line), void *context);

/*
 * Write the one-line summary of an event, after its type's template in the catalogue: prose, also
 * where the payload is JSON ("parcel 95274 · in transit"). Foreign text; what the buffer has no
 * room for is cut and ends in "…". Always terminated; returns the length written.
 */
size_t field_summary(const struct field_source *source, char *buffer, size_t size);

/* The same without the field of this name, which is shown beside it. */
size_t field_summary_beside(const struct field_source *source, const char *beside, char *buffer,
                            size_t size);

#endif
