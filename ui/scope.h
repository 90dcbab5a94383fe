/*
 * The events of one entity, as rows: found by its chain, so that the cost is in proportion to their
 * number, whatever else is remembered. Main thread.
 */
#ifndef ANCHORTOP_SCOPE_H
#define ANCHORTOP_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/store.h"
#include "rows.h"

/* Zero-initialise; scope_set() with NULL releases it. */
struct scope {
    enum entity_kind kind;
    char *id; /* owned; NULL: no entity, all events */
    bool begun;
    struct chain_walk older; /* where the search of the past goes on */
    uint64_t newest;         /* all up to this event were looked at */
};

/* Another entity, or none; its rows are to be reset. */
void scope_set(struct scope *scope, enum entity_kind kind, const char *id);
/* Begins again, for another filter. */
void scope_restart(struct scope *scope);

/* (locked) As rows_update(), but for the entity's events only. */
bool scope_update(struct scope *scope, const struct store *store, struct rows *rows,
                  struct rows_range range, rows_match *match, const void *context);

#endif
