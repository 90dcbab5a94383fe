/*
 * The rows below the oldest event that is remembered: those that only the journal has.
 *
 * Without a filter they are all there at once, as a range of rows that costs nothing. With one, the
 * journal is searched backwards in slices, and only as far as somebody scrolls: it may hold many
 * times more than memory. What leaves memory while it is looked at joins them at the top.
 *
 * Reads the disk, so not to be used with the store's lock. Main thread.
 */
#ifndef ANCHORTOP_OLDER_H
#define ANCHORTOP_OLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/past.h"
#include "rows.h"

enum { OLDER_SLICE_US = 2000 }; /* that one older_update() takes, more or less */

/* Zero-initialise with `past`; older_free() releases it. */
struct older {
    struct past *past;       /* borrowed; NULL: there is no journal */
    struct rows rows;        /* their numbers are rows of the journal */
    struct rows_range range; /* all that there are */
    bool begun;              /* with a filter: rows.looked_at says which were looked at */
    size_t wanted;           /* rows that are to be found, if there are so many */
    int64_t reached_ms;      /* when the oldest that was looked at arrived */
};

void older_free(struct older *older);

/* Forgets what was found: another filter holds, or (filtered false) none. */
void older_reset(struct older *older, bool filtered);

/* Where memory begins: the row of its oldest event, or 0. Never moves back. */
void older_bound(struct older *older, int64_t end);

/* From now on, what leaves memory is looked at. */
void older_begin(struct older *older);
/* So many more rows are wanted; SIZE_MAX: all. And: no more than there are. */
void older_want(struct older *older, size_t more);
void older_rest(struct older *older);

/* Whether rows are wanted that may still be found. */
bool older_is_searching(const struct older *older);

/* Brings the rows up to the journal. `match` is asked for each, with a filter. Returns false when
 * another call is wanted. */
bool older_update(struct older *older, recalled_visit *match, void *context);

/* A sentence to stand below the last row, "" for none. */
void older_note(const struct older *older, char *text, size_t size);

#endif
