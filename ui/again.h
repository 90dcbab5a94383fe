/*
 * When a list is looked at again, because what its filter says of a row may have become another
 * answer: not more than once a second, and in no more than a fifth of the time. Main thread.
 */
#ifndef ANCHORTOP_AGAIN_H
#define ANCHORTOP_AGAIN_H

#include <stdbool.h>
#include <stdint.h>

enum { AGAIN_MS = 1000 };

/* Zero-initialise, or again_reset(). */
struct again {
    unsigned change; /* bits of enum filter_change */
    bool begun;
    uint64_t generation;      /* of the store, when the list was looked at */
    int64_t began_ms, due_ms; /* then, and when it may be looked at again */
    int64_t day_end_ms;       /* the last of the day on which it was */
    int rarely;               /* how many times more rarely, because nothing changes */
};

/* Another filter holds, whose answers may change so. */
void again_reset(struct again *again, unsigned change);

/* The list is looked at from now on, for the first time or again. */
void again_begin(struct again *again, uint64_t generation, int64_t now_ms);

/* It has been looked at. Where only time changes the answers, it comes up to 30 times more rarely
 * the longer the rows are the `same`. */
void again_end(struct again *again, int64_t now_ms, bool same);

/* Whether it is to be looked at again now. */
bool again_is_due(const struct again *again, uint64_t generation, int64_t now_ms);

/* How many milliseconds from now that will be so if nothing happens, or -1. */
int again_wait_ms(const struct again *again, uint64_t generation, int64_t now_ms);

#endif
