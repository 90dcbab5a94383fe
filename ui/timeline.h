/*
 * A timeline: the events that belong together, oldest first, with the time between them. Live: what
 * arrives appears while it is open.
 *
 * Those in memory are there at once. Those that only the journal has come in at the top as they are
 * found. Main thread.
 */
#ifndef ANCHORTOP_TIMELINE_H
#define ANCHORTOP_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/store.h"
#include "trace.h"

/* Events; of more, the newest are shown, or those around the event that the timeline is of. */
enum { TIMELINE_MAX = 5000 };

struct timeline_item {
    uint64_t seq; /* with VIEW_PAST its row, of an event that only the journal has */
    int64_t row;  /* of the journal, or 0 */
    int64_t created_ms;
};

/* An event that is visible. */
struct timeline_copy {
    struct store_copy copy; /* of a long event without its bytes */
    struct event event;     /* what there is to see of it; json is NULL for none */
};

/* Zero-initialise with `trace.older.past`; timeline_free() at the end. */
struct timeline {
    struct timeline_item *items; /* oldest first */
    size_t count, capacity;
    bool older, newer;    /* there are such that are not shown */
    bool nameless;        /* the event has no id that others could name */
    uint64_t origin;      /* the event that the timeline is of: its seq; or 0 */
    int64_t origin_row;   /* its row of the journal when memory has let go of it, or 0 */
    uint64_t selected;    /* seq; 0: the first or the last one, whichever that is */
    bool at_first;        /* the first, then: older ones may still be found */
    int64_t selected_row; /* the same event's row of the journal, or 0 */
    size_t cursor, top;
    int height;                     /* of the rectangle */
    uint64_t generation;            /* of the store, when memory was gathered; UINT64_MAX: never */
    struct timeline_item *memory;   /* what memory has of them, circular, newest first */
    size_t memory_count;            /* all that were walked through; the last ones are there */
    struct timeline_item *gathered; /* the same while memory is walked through anew */
    size_t gathered_count;
    struct chain_walk walk;
    bool walking;
    bool far;                     /* the event is so old that the newest are not shown */
    size_t left;                  /* how many events are still to be walked through */
    struct timeline_copy *copies; /* of the visible items */
    size_t copy_count, copy_capacity;
    struct trace trace;
};

void timeline_free(struct timeline *timeline);

/* Shows other events from now on, with the cursor on `selected`. */
void timeline_reset(struct timeline *timeline, uint64_t selected);
/* Memory has let go of an event: the same one has another number now. */
void timeline_renumber(struct timeline *timeline, uint64_t from, uint64_t to);

/* Gathers the events that name any of these ids, and copies the visible ones out. Takes the store's
 * lock for itself, in turns; costs time in proportion to the number of events, and only when
 * something came, but no more than a slice of it, and another one for the journal. Returns false
 * when another call is wanted soon. */
bool timeline_update(struct timeline *timeline, struct store *store, const struct event_ids *ids,
                     int64_t now_ms);

void timeline_move(struct timeline *timeline, long by);
/* The event under the cursor, or 0. */
uint64_t timeline_selected(const struct timeline *timeline);

/* Draws into the rectangle of `timeline->height` rows; `origin` is the event that is marked, 0 for
 * none. */
void timeline_draw(struct timeline *timeline, int row, int column, int width, bool focused,
                   uint64_t origin, int64_t now_ms);

#endif
