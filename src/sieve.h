/*
 * Looking through many events for those that are wanted, without keeping others from the store.
 *
 * Under the store's lock, in turns, each event is only glanced at. What a glance does not tell is
 * copied out with the next events and decided without the lock, so that nobody waits while a large
 * body is decoded. A pass is sieve_prepare(), sieve_take() for one event after the other while the
 * turn goes on, and sieve_decide() after it. For one thread.
 */
#ifndef ANCHORTOP_SIEVE_H
#define ANCHORTOP_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "matcher.h"
#include "store.h"
#include "turn.h"

enum {
    SIEVE_ROWS = 256,       /* events taken down in one turn */
    SIEVE_BYTES = 64 << 10, /* and what is copied of them */
};

struct sieve_row {
    uint64_t seq;
    enum filter_verdict verdict; /* FILTER_DEPENDS: to be decided */
    struct ring_record record;   /* then; of one that was copied */
    size_t raw;                  /* where in `bytes`, or SIZE_MAX: it is to be fetched */
};

/* Zero-initialise, and set the first three; sieve_free() releases it. */
struct sieve {
    struct store *store;
    struct matcher *matcher; /* NULL: whatever is of a type that is shown */
    const uint64_t *shown;   /* types, as bits by number; NULL: all */

    struct sieve_row rows[SIEVE_ROWS]; /* those that passed, or may, in the order they were taken */
    size_t count;
    uint8_t verdicts[STORE_MAX_TYPES]; /* enum filter_verdict */
    char bytes[SIEVE_BYTES];
    size_t used;
    struct store_copy large;
};

void sieve_free(struct sieve *sieve);

/* (locked) Begins a pass. */
void sieve_prepare(struct sieve *sieve, int64_t now_ms);

/* (locked) Looks at an event, which may be one that is no longer remembered. Returns the bytes that
 * it has looked at, for turn_goes_on(). There must be room: see sieve_is_full(). */
size_t sieve_take(struct sieve *sieve, uint64_t seq);
bool sieve_is_full(const struct sieve *sieve);
/* Takes an event down whose verdict is known. */
void sieve_put(struct sieve *sieve, uint64_t seq, enum filter_verdict verdict);

/* (locked) How many of the events of a range, from one of its ends on, are of types that are not
 * wanted whatever they hold: they need not be taken. No more than some thousand at a time. */
size_t sieve_skip(const struct sieve *sieve, uint64_t first, uint64_t end, bool backwards);

/* Decides the rows that are open, in their order, one at least, and no further one after `until_us`
 * of clock_steady_us(). Returns how many rows are decided. */
size_t sieve_decide(struct sieve *sieve, int64_t until_us);

#endif
