/*
 * The events of the journal that name any of some ids: the part of a timeline that is older than
 * memory. Searched for backwards, in slices: see older.h.
 *
 * Reads the disk, so not to be used with the store's lock, unless it says otherwise. Main thread.
 */
#ifndef ANCHORTOP_TRACE_H
#define ANCHORTOP_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/store.h"
#include "older.h"

struct traced {
    int64_t row; /* of the journal */
    int64_t created_ms;
};

/* Zero-initialise with `older.past`; trace_free() releases it. */
struct trace {
    struct older older;
    unsigned journal;      /* of the store, that rows are numbered by */
    struct traced *events; /* as they were found; after trace_sort() the newest first */
    size_t count, capacity;
    int64_t around; /* the row of an event that the others are to be around, or 0 */
    bool passed;    /* the search has come by it */
};

void trace_free(struct trace *trace);

/* Forgets what was found: other ids are asked for. The search goes on at least down to the row
 * `around`, when that is not 0. */
void trace_reset(struct trace *trace, int64_t around);

/* Takes in an event that memory has just let go of, so that it is not missing until the search
 * comes by. (May be used with the store's lock.) */
void trace_add(struct trace *trace, int64_t row, int64_t created_ms);

/* Goes on looking for events, up to `wanted` of them, the newest or those around the row. Takes the
 * store's lock for itself. Returns false when another call is wanted; *changed is set when there
 * are others than before. Begins again when rows are another journal's. */
bool trace_update(struct trace *trace, struct store *store, const struct event_ids *ids,
                  size_t wanted, int64_t now_ms, bool *changed);

/* Puts the newest first, each once, without those that were removed from the journal. (May be used
 * with the store's lock.) */
void trace_sort(struct trace *trace);

/* A sentence on what is still to be looked at, or on why it cannot be; and whether there is one. */
bool trace_has_note(const struct trace *trace);
void trace_note(const struct trace *trace, char *text, size_t size);

#endif
