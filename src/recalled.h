/*
 * An event as the journal gives it back: its bytes, decoded, and what was noted of it.
 */
#ifndef ANCHORTOP_RECALLED_H
#define ANCHORTOP_RECALLED_H

#include <stdbool.h>

#include "event.h"
#include "history_reader.h"
#include "store.h"

/* Good during the visit only. The type's number in the record is not filled in. */
struct recalled {
    struct ring_record record;
    const char *raw; /* record.length bytes, not terminated */
    const struct event *event;
};

typedef bool recalled_visit(void *context, const struct recalled *event);

/* Decodes a row and hands it to visit(), whose answer is returned. True without a visit when it
 * holds no event, or memory ran out: somebody else has changed the file then. */
bool recall_row(const struct history_row *row, recalled_visit *visit, void *context);

/* The same event for the store, as one of the past; `recalled` is to be cleared where it has just
 * arrived. Borrows what the recalled one borrows. */
struct store_arrival recalled_arrival(const struct recalled *event);

#endif
