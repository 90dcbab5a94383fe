/*
 * Whether events that only the journal has pass a filter: for the tables, which ask the newest
 * event of each entity.
 *
 * While a table is gathered, under the store's lock, an answer is looked up, and what is not known
 * is noted; asked_update() finds it out afterwards, in slices, and then the table is to be gathered
 * again. Main thread.
 */
#ifndef ANCHORTOP_ASKED_H
#define ANCHORTOP_ASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/past.h"
#include "again.h"

enum { ASKED_SLICE_US = 2000 }; /* that one asked_update() takes, more or less */

struct answer {
    int64_t row;    /* of the journal: which event was asked; 0: none */
    unsigned round; /* in which it was asked last */
    bool passes;
};

/* Zero-initialise with `past`; asked_free() releases it. */
struct asked {
    struct past *past;      /* borrowed; NULL: there is no journal, and nothing passes */
    struct answer *answers; /* by the slot of the entity */
    size_t answer_count;
    uint32_t *wanted; /* slots that are to be asked, in this order from `next` on */
    size_t wanted_count, wanted_capacity, next;
    unsigned journal;                /* of the store, that rows are numbered by */
    unsigned round;                  /* counts how often all are asked again */
    bool in_round;                   /* they are being asked for the first time in it */
    struct again when;               /* the next one is due */
    bool changed;                    /* an answer is another one than before */
    char trouble[HISTORY_TEXT_SIZE]; /* why the journal cannot be asked now, or "" */
    int64_t retry_ms;                /* when it is tried again */
};

void asked_free(struct asked *asked);

/* Another filter holds, whose answers may change so. */
void asked_reset(struct asked *asked, unsigned change);

/* A table is gathered from now on; `generation` and `journal` are the store's. */
void asked_begin(struct asked *asked, uint64_t generation, unsigned journal, int64_t now_ms);

/* Makes room for answers about so many slots, so that no memory is asked for under the store's
 * lock. */
void asked_reserve(struct asked *asked, uint32_t slots);

/* The answer is known already, for memory still has the event. */
void asked_tell(struct asked *asked, uint32_t slot, int64_t row, bool passes);

/* Whether the event at a row, the newest one of the entity in a slot, passes as far as is known.
 * What is not known, or not in this round, is asked next. */
bool asked_look_up(struct asked *asked, uint32_t slot, int64_t row);

/* How many milliseconds from now something is to be asked, again or still, or -1. */
int asked_wait_ms(const struct asked *asked, uint64_t generation, int64_t now_ms);

/* How many events are still to be asked, and whether they can be. */
size_t asked_left(const struct asked *asked);
bool asked_is_busy(const struct asked *asked);

/* Asks some of them; `match` says whether one passes. Not with the store's lock. Returns false when
 * another call is wanted; *gather is set when the table is to be gathered again. */
bool asked_update(struct asked *asked, recalled_visit *match, void *context, int64_t now_ms,
                  bool *gather);

/* A sentence on what is not known yet, and whether there is one. */
bool asked_has_note(const struct asked *asked);
void asked_note(const struct asked *asked, char *text, size_t size);

#endif
