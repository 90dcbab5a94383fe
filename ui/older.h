/*
 * The rows below the oldest event that is remembered: those that only the journal has.
 *
 * Without a filter they are all there at once, as a range of rows that costs nothing. With one, the
 * journal is searched backwards in slices, and only as far as somebody scrolls: it may hold many
 * times more than memory. What leaves memory while it is looked at joins them at the top. When the
 * answer for a row may become another one, they are all looked at again now and then, as those of
 * matches.h are.
 *
 * Reads the disk, so not to be used with the store's lock. Main thread.
 */
#ifndef ANCHORTOP_OLDER_H
#define ANCHORTOP_OLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/past.h"
#include "again.h"
#include "rows.h"

enum { OLDER_SLICE_US = 2000 }; /* that one older_update() takes, more or less */

/* Zero-initialise with `past`; older_free() releases it. */
struct older {
    struct past *past;               /* borrowed; NULL: there is no journal */
    struct rows rows;                /* their numbers are rows of the journal */
    struct rows_range range;         /* all that there are */
    bool begun;                      /* with a filter: rows.looked_at says which were looked at */
    size_t wanted;                   /* rows that are to be found, if there are so many */
    uint64_t sought;                 /* all down to this row are to be looked at; 0: none */
    int64_t reached_ms;              /* when the oldest that was looked at arrived */
    char trouble[HISTORY_TEXT_SIZE]; /* why the journal, or the search, goes no further; or "" */
    bool stuck;                      /* the search has failed, and is tried again later */
    int64_t retry_ms;                /* then */
    struct rows again;               /* found by looking again, while that lasts */
    bool looking_again;
    struct again when;
};

void older_free(struct older *older);

/* Forgets what was found: another filter holds, whose answers may change so, or (filtered false)
 * none. */
void older_reset(struct older *older, bool filtered, unsigned change);

/* Where memory begins: the row of its oldest event, or 0 when the journal does not go on there. */
void older_bound(struct older *older, int64_t end);

/* From now on, what leaves memory is looked at. */
void older_begin(struct older *older);
/* So many more rows are wanted; SIZE_MAX: all. */
void older_want(struct older *older, size_t more);
/* It is to be found out whether this row passes. */
void older_seek(struct older *older, uint64_t row);
/* No more is wanted than there is. */
void older_rest(struct older *older);

/* Whether rows are wanted that may still be found. */
bool older_is_searching(const struct older *older);

/* Whether there is more of the journal that nobody has asked for. */
bool older_has_more(const struct older *older);

/* Whether it is not known yet if a row passes, and will be. */
bool older_may_find(const struct older *older, uint64_t row);

/* What a pass goes by. `match` is asked for each event, with a filter. */
struct older_pass {
    recalled_visit *match;
    void *context;
    uint64_t generation; /* of the store */
    int64_t now_ms;
    bool paused; /* what was found stays as it is */
};

/* Brings the rows up to the journal. Returns false when another call is wanted. */
bool older_update(struct older *older, const struct older_pass *pass);

/* How many milliseconds from now the rows may be others though nothing happens, or -1. */
int older_wait_ms(const struct older *older, uint64_t generation, int64_t now_ms);

/* Whether older_note() has anything to say. */
bool older_has_note(const struct older *older);

/* A sentence to stand below the last row, "" for none. */
void older_note(const struct older *older, char *text, size_t size);

#endif
