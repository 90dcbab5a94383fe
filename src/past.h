/*
 * The journal's events for the screen: those that memory no longer has.
 *
 * An event is addressed by its row in the journal. Nothing is kept here; the file is opened when it
 * is first asked, and again after it was replaced. For one thread.
 */
#ifndef ANCHORTOP_PAST_H
#define ANCHORTOP_PAST_H

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "recalled.h"

/* Borrowed, and to outlive the past. */
struct past_config {
    const char *path;        /* of the journal */
    struct history *history; /* that is told of damage; NULL: another program keeps it */
    int64_t since_ms;        /* nothing that arrived before is shown; Unix time, 0: no limit */
};

struct past;

/* NULL when memory ran out. */
struct past *past_new(const struct past_config *config);
void past_free(struct past *past);

/* Why the last call failed, and what will happen; "" when it did not. Good until the next call. */
const char *past_trouble(const struct past *past);

/* The oldest row below `end`, or `end` when there is none, or when the journal cannot be read. */
int64_t past_first(struct past *past, int64_t end);

/* Hands the events of a range to visit(), which returns false to end. False on failure. */
bool past_read(struct past *past, const struct history_range *range, recalled_visit *visit,
               void *context);

/* *answer receives what ask() says of the event of a row, false when there is no such row. False on
 * failure. */
bool past_ask(struct past *past, int64_t row, recalled_visit *ask, void *context, bool *answer);

/* Copies the event of a row, as store_copy_event() does; its `seq` is left alone. False when the
 * row is there no longer, or on failure. */
bool past_copy(struct past *past, int64_t row, struct store_copy *copy);

#endif
