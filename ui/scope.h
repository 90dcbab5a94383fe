/*
 * The events of one entity, as rows: found by its chain, so that the cost is in proportion to their
 * number, whatever else is remembered. Main thread, not with the store's lock.
 */
#ifndef ANCHORTOP_SCOPE_H
#define ANCHORTOP_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/store.h"
#include "look.h"
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

/* As rows_update(), but for the entity's events only. */
bool scope_update(struct scope *scope, struct rows *rows, struct rows_range range,
                  struct look *look);

/* Looks at the entity's events of a range, forwards, as rows_look() does. */
size_t scope_look(const struct scope *scope, struct rows_range range, struct look *look,
                  struct rows_found *found);

#endif
