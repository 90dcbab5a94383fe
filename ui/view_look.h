/*
 * Views: finding the rows that pass their filter, in turns with the store. Main thread, not with
 * the store's lock.
 */
#ifndef ANCHORTOP_VIEW_LOOK_H
#define ANCHORTOP_VIEW_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "view.h"

/* What a log had, all under one lock. */
struct log_bounds {
    struct rows_range range;
    int64_t first_row; /* of the journal: where the oldest row stands, or 0 */
    unsigned journal;  /* of the store */
};
struct log_bounds view_log_bounds(const struct view *view, struct store *store);

/* Gets the view's filter ready for a pass. */
void view_prepare(struct view *view, struct store *store, int64_t now_ms);

/* Brings a log's rows up to these bounds. False when another call is wanted. */
bool view_look(struct view *view, struct store *store, const struct log_bounds *bounds,
               int64_t now_ms);

/* Brings a table's rows up to the store. False when another call is wanted soon. */
bool view_gather(struct view *view, struct store *store, int64_t now_ms);

/* How many milliseconds from now a table is to be gathered again though nothing happens, or -1. */
int view_gather_wait_ms(const struct view *view, const struct store *store, int64_t now_ms);

/* Whether a row of a log passes. */
bool view_passes(struct view *view, struct store *store, uint64_t number, int64_t now_ms);

#endif
