/*
 * The ring: the newest events, as the bytes that were signed.
 *
 * An arena of fixed size holds, one after the other, a fixed-size record and the raw JSON behind
 * it; a new event overwrites the oldest ones. Events are addressed by sequence number, which
 * counts up from 1 for the life of the program and is never used again. No JSON tree is kept: at
 * 1.1 KB an event a tree costs five times its text.
 *
 * Not locked: the store, which owns the ring, is.
 */
#ifndef ANCHORTOP_RING_H
#define ANCHORTOP_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"

enum {
    RING_MIN_BYTES = 16 << 20, /* so that the largest delivery leaves room for others */
    RING_LINKS = 6,            /* kinds of ids that tie events together: see chain.h */
};

/* What is known of an event without decoding it. Written once, but for `duplicates`. */
struct ring_record {
    int64_t created_ms;            /* Unix time; received_ms when the event does not say */
    int64_t received_ms;           /* Unix time */
    int64_t row;                   /* of the journal; 0: it stands in none */
    uint32_t length;               /* bytes of raw JSON */
    uint32_t duplicates;           /* further deliveries of the same id */
    uint16_t type;                 /* number of the type in the store's type table */
    uint8_t entity;                /* enum entity_kind */
    uint8_t outcome;               /* enum outcome */
    bool verified;                 /* its signature was checked */
    bool recalled;                 /* it was there before this program started: no news */
    uint32_t previous[RING_LINKS]; /* how far back the previous event of the same id is; 0: none */
};

struct ring;

/* An empty ring that will use at most `bytes` of memory (at least RING_MIN_BYTES), taken from the
 * system only as it fills. NULL when the address space has no room. */
struct ring *ring_new(size_t bytes);
void ring_free(struct ring *ring);

/* Copies an event in, dropping the oldest ones for room. Returns its sequence number, or 0 when
 * record->length is over half of the arena. */
uint64_t ring_push(struct ring *ring, const struct ring_record *record, const char *raw);

/*
 * The same for an event that takes long to copy, in steps. ring_make_room() drops up to `most` of
 * the oldest events, and returns whether the room is made; ring_reserve() then tells where the raw
 * JSON goes, NULL when it is too large; ring_commit() adds what was copied there. In between no
 * other event may be pushed, but those that are remembered may be read.
 */
bool ring_make_room(struct ring *ring, uint32_t length, size_t most);
char *ring_reserve(struct ring *ring, uint32_t length);
uint64_t ring_commit(struct ring *ring, const struct ring_record *record);

/* Drops so many of the oldest events, if there are as many. */
void ring_drop(struct ring *ring, size_t count);

/* The remembered events are first <= seq < end; the ring is empty when they are equal. */
uint64_t ring_first(const struct ring *ring);
uint64_t ring_end(const struct ring *ring);

/* The record and the raw JSON (not terminated) of an event; NULL when it is not remembered. The
 * pointers are good until the next ring_push(). */
struct ring_record *ring_at(const struct ring *ring, uint64_t seq);
const char *ring_raw(const struct ring *ring, uint64_t seq);

/* The type number alone, from a dense array: what a scan over a million events reads. Only for
 * remembered events. */
uint16_t ring_type(const struct ring *ring, uint64_t seq);

/* Bytes of the events held now, with their records and index entries, and the cap. */
size_t ring_used(const struct ring *ring);
size_t ring_capacity(const struct ring *ring);

#endif
