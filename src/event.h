/*
 * One delivery's JSON, decoded: the envelope that all events share, and the tree of its data.
 *
 * An event is a short-lived view: it is decoded on arrival, and again from the remembered bytes
 * whenever a row or the detail pane needs it. Nothing keeps the tree.
 * Source of the envelope: https://docs.anchorbrowser.io/webhooks/events.
 */
#ifndef ANCHORTOP_EVENT_H
#define ANCHORTOP_EVENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"

enum {
    EVENT_MAX_DEPTH = 64,     /* nesting of arrays and objects in a body */
    EVENT_SKIMMED = 64 << 10, /* a longer body is long */
    EVENT_MAX_NAME = 256,     /* bytes of `id` and of `type`, without the terminator */
};

/* Owned by whoever decoded it, used by one thread at a time. Pointers live until event_free(). */
struct event {
    cJSON *json;                    /* the whole envelope */
    const cJSON *data;              /* its `data` when that is an object, else NULL */
    const char *id;                 /* never NULL or empty after a successful decode */
    const char *type;               /* likewise */
    const char *created;            /* as received, or NULL */
    const char *project;            /* `project_id`, or NULL */
    const char *text;               /* one-line summary by Anchor, or NULL */
    int64_t created_ms;             /* Unix time, or 0 when `created` is absent or unreadable */
    const struct event_type *known; /* row of the catalogue, or NULL */
    enum entity_kind entity;
    enum outcome outcome;
    const char *subject; /* id of the entity that the event is about, or NULL */
};

/*
 * Decode `length` bytes of a body. Returns true and fills *event, to be given to event_free(); or
 * returns false, owns nothing, and writes into reason a sentence that says what is wrong with the
 * body and where, and repeats nothing of it. Bodies need not be terminated; any bytes are safe.
 *
 * In the tree, \u0000 in a string stands as U+2400 and half a surrogate pair as U+FFFD.
 */
bool event_decode(struct event *event, const char *body, size_t length, char *reason,
                  size_t reason_size);

/*
 * The same for what comes from outside for the first time. A JSON text is UTF-8: of what is not,
 * each reader makes something else, and two ids could look alike. So could ids with half of a
 * surrogate pair or a zero character, which decoding replaces. Neither is accepted.
 */
bool event_accept(struct event *event, const char *body, size_t length, char *reason,
                  size_t reason_size);
void event_free(struct event *event);

/* Decode what there is to show of a body that was accepted: all of one that is short, of a long one
 * the first members of each array and object and the beginning of each string, as json_abridge()
 * leaves them. Takes some milliseconds at most. As event_decode() otherwise. */
bool event_skim(struct event *event, const char *body, size_t length, char *reason,
                size_t reason_size);

/* A string member of the event's data, or NULL when it is absent, empty or of another type. */
const char *event_data_string(const struct event *event, const char *key);

/*
 * ISO 8601 date and time ("2026-05-24T12:18:05.123Z", offsets, any number of fraction digits) to
 * Unix milliseconds. Returns false when it is not one; that includes days which do not exist, and
 * times without "Z" or an offset, which could be anywhere.
 */
bool event_parse_time(const char *text, int64_t *ms);

/* Days from 1970-01-01 in the Gregorian calendar; false when there is no such day. */
bool event_days(int year, int month, int day, int64_t *days);

#endif
