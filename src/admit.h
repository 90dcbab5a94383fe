/*
 * What one turn of the server's loop has received and found good: made durable together, then
 * remembered. Between the two a sender could still be told that it was not accepted; after them
 * nothing can go wrong any more.
 *
 * For the server's thread. No sockets.
 */
#ifndef ANCHORTOP_ADMIT_H
#define ANCHORTOP_ADMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "history.h"
#include "intake.h"
#include "loader.h"
#include "store.h"

enum {
    ADMIT_MAX = 256,       /* events in one transaction */
    ADMIT_BYTES = 4 << 20, /* of bodies, after which a transaction takes no more: each has a tree,
                              which may be many times as large */
};

/* One good delivery. */
struct admission {
    struct event event;      /* owned */
    const char *raw;         /* borrowed, as is delivery_id, until admit_clear() */
    const char *delivery_id; /* may be NULL */
    size_t length;
    int64_t received_ms;
    bool verified;
    /* Told by admit_all(). */
    bool refused; /* the journal could not be written */
    enum delivery_result result;
    uint64_t seq; /* in the store, or 0 */
    int64_t row;  /* of the journal, or 0: of what was accepted */
};

/* Zero-initialise, with what stands first. */
struct admissions {
    struct store *store;
    struct history *history; /* NULL: nothing is kept */
    struct loader *loader;   /* NULL: nothing is being loaded */
    size_t count, bytes;
    char reason[INTAKE_REASON_SIZE]; /* why they were refused */
    struct admission list[ADMIT_MAX];
    struct history_entry entries[ADMIT_MAX];
};

/* Whether there is no room for another one. */
bool admit_is_full(const struct admissions *admissions);

/* Takes one in; its event is freed by admit_clear(). It stands where it is until then. */
struct admission *admit_add(struct admissions *admissions, const struct admission *admission);

void admit_all(struct admissions *admissions);
void admit_clear(struct admissions *admissions);

#endif
