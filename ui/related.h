/*
 * From what is shown to what it has to do with: the session of a failed task, the intervention of a
 * session. Main thread.
 */
#ifndef ANCHORTOP_RELATED_H
#define ANCHORTOP_RELATED_H

#include "../src/store.h"
#include "detail.h"

/* (locked) The entity of that kind that the detail pane's subject has to do with most nearly, or
 * NULL when there is none, or it is forgotten. */
const struct entity *related_entity(const struct store *store, const struct detail *detail,
                                    enum entity_kind kind);

#endif
