/*
 * A timeline: the remembered events that belong together, oldest first, with the time between
 * them. Live: what arrives appears while it is open. Main thread.
 */
#ifndef ANCHORTOP_TIMELINE_H
#define ANCHORTOP_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/store.h"

enum { TIMELINE_MAX = 5000 }; /* events; of more, the newest are shown */

struct timeline_item {
    uint64_t seq;
    int64_t created_ms;
};

/* Zero-initialise; timeline_free() at the end. */
struct timeline {
    struct timeline_item *items; /* oldest first */
    size_t count;
    bool cut;          /* there are older ones */
    uint64_t selected; /* seq; 0: the last one, whichever that is */
    size_t cursor, top;
    int height;
    uint64_t generation;       /* of the store, when it was gathered */
    struct store_copy *copies; /* of the visible items */
    size_t copy_count, copy_capacity;
    uint64_t *found; /* working memory */
};

void timeline_free(struct timeline *timeline);
/* Shows other events from now on, with the cursor on `selected`. */
void timeline_reset(struct timeline *timeline, uint64_t selected);

/* (locked) Gathers the events that name any of these ids, and copies the visible ones out. Costs
 * time in proportion to their number, and only when something came. */
void timeline_load(struct timeline *timeline, const struct store *store,
                   const struct event_ids *ids);

void timeline_move(struct timeline *timeline, long by);
/* The event under the cursor, or 0. */
uint64_t timeline_selected(const struct timeline *timeline);

/* Draws into the rectangle; `origin` is the event that is marked, 0 for none. */
void timeline_draw(struct timeline *timeline, int row, int column, int width, int height,
                   bool focused, uint64_t origin, int64_t now_ms);

#endif
