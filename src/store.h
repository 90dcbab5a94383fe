/*
 * Everything that is remembered, under one mutex.
 *
 * The server thread puts events and deliveries in; the screen's thread copies out what one frame
 * shows. Nobody holds the mutex for more than about a millisecond, however large events are and
 * however many: long scans go in turns (turn.h), and between them who waits goes first. The store
 * does no I/O and has no clock: time is passed in.
 *
 * Functions marked (locked) want store_lock() to be held, and what they return is good until
 * store_unlock(). The others lock for themselves.
 */
#ifndef ANCHORTOP_STORE_H
#define ANCHORTOP_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain.h"
#include "entity.h"
#include "event.h"
#include "ids.h"
#include "ring.h"
#include "stats.h"

enum {
    STORE_MAX_TYPES = 512,    /* distinct event types; later ones share the last, "(other types)" */
    STORE_SEEN_IDS = 1000000, /* at most: ids that are known to be duplicates when they come again */
    STORE_ENTITIES = 100000,  /* at most: remembered of each kind, and any number that wait */
    STORE_DELIVERIES = 10000, /* at most: remembered rows of the delivery list */
    STORE_MIN_MEMORY = 32 << 20,
    STORE_PEER_SIZE = 56,     /* "[IPv6]:port" and its terminator */
    STORE_REASON_SIZE = 160,
    STORE_EVENT_ID_SIZE = 48, /* start of an id, for the delivery list */
};

/* What became of a delivery. */
enum delivery_result {
    DELIVERY_ACCEPTED,
    DELIVERY_DUPLICATE,
    DELIVERY_REFUSED,
    DELIVERY_SKIPPED, /* a line of a recording that is no event */
    DELIVERY_ABORTED, /* the sender went away or was too slow: no answer was given */
    DELIVERY_RESULTS
};

/* One request to the endpoint, accepted or not, or a line of a recording. Text is clean: safe to
 * print. */
struct delivery {
    uint64_t number; /* counts up from 1 */
    int64_t received_ms;
    uint64_t seq;    /* the event, or 0: it was not in memory then, see store_delivered() */
    int64_t row;     /* of the journal, of an event that was accepted; or 0 */
    uint32_t micros; /* from the first byte of the request to its answer */
    uint32_t bytes;  /* of body received */
    uint16_t status; /* HTTP status answered, or 0 */
    uint8_t result;  /* enum delivery_result */
    bool verified;   /* its signature was checked, and right */
    char peer[STORE_PEER_SIZE];
    char reason[STORE_REASON_SIZE]; /* of a refusal; empty otherwise */
    char event_id[STORE_EVENT_ID_SIZE];
    char delivery_id[STORE_EVENT_ID_SIZE]; /* Anchor-Delivery-Id */
};

/* A type that was met, known or not. Numbers 0 to catalog_size - 1 are the catalogue's rows. */
struct store_type {
    char name[EVENT_MAX_NAME + 1]; /* foreign when not in the catalogue */
    enum entity_kind entity;
    enum outcome outcome;
    uint64_t count; /* events accepted since the start */
};

/* Figures since the start. */
struct store_counts {
    uint64_t results[DELIVERY_RESULTS]; /* deliveries by result */
    uint64_t unverified;                /* events accepted without a signature check */
    uint64_t forgotten;                 /* events that are no longer in the ring */
    uint64_t outcomes[OUTCOMES];        /* events by outcome */
    uint64_t entities[ENTITY_KINDS];    /* events by family */
};

struct store;

/* How much is remembered. */
struct store_limits {
    size_t ring;       /* bytes of events, with what is noted beside each */
    size_t links;      /* bytes of what ties them together */
    size_t entities;   /* bytes of them */
    size_t each;       /* entities of each kind */
    size_t ids;        /* that were seen */
    size_t deliveries; /* rows */
};

/* Shares `memory` bytes out, STORE_MIN_MEMORY at least, so that all of it together takes no more. */
struct store_limits store_share(size_t memory);

/* NULL when there is no room, or no randomness. */
struct store *store_new(size_t memory);
struct store *store_new_limited(const struct store_limits *limits);
void store_free(struct store *store);

/* An event that has passed every check. Everything is borrowed for the call. */
struct store_arrival {
    const struct event *event;
    const char *raw;
    size_t length;
    int64_t received_ms;
    int64_t now_ms; /* Unix time now, where that is not when it was received; else 0 */
    int64_t row;    /* of the journal, or 0 */
    bool verified;
    bool recalled; /* it did not arrive now: no rate counts it, and it is no news */
};

/* What the ring would note of it; the type's number, which is the store's to give, is 0. */
struct ring_record store_record(const struct store_arrival *arrival);

/*
 * Adds an event, or counts a duplicate on the event that it repeats; which of the two is returned.
 * *seq receives the event's number (for a duplicate: the first one's, or 0 when that has left the
 * ring). What it costs to hash ids and to look into the tree is spent before the mutex is taken.
 */
enum delivery_result store_add(struct store *store, const struct store_arrival *arrival,
                               uint64_t *seq);

/* Adds a row to the delivery list and counts it; `number` is assigned here. */
void store_add_delivery(struct store *store, const struct delivery *delivery);

/* Counts a duplicate of an event that the journal has. Returns the event's number, or 0 when it is
 * not remembered. */
uint64_t store_repeat(struct store *store, const char *id);

/* Folds an event that is too old to be remembered, and was not added, into the entities. To be
 * called in the order of arrival; what it names is older than what any event that was added names. */
void store_fold(struct store *store, const struct store_arrival *arrival);

/* Between these, store_fold() may be called: what must be known until then is kept. */
void store_expect_past(struct store *store);
void store_end_past(struct store *store);

/* From now on rows are another journal's: where events stood in the one before is forgotten. */
void store_forget_rows(struct store *store);
/* (locked) Counts how often that has happened. */
unsigned store_journal(const struct store *store);

/* Takes the lock for a moment. Nobody is kept from it: see fair_lock.h. */
void store_lock(struct store *store);
/* Takes it for a turn: see turn.h, which does. */
void store_lock_last(struct store *store);
void store_unlock(struct store *store);
/* (locked) Whether another thread waits for the lock. */
bool store_is_wanted(const struct store *store);

/* (locked) Bytes that are held or set aside for what is remembered. */
size_t store_memory(const struct store *store);

/* Changes with every event and delivery; for "is there anything new to draw". Atomic: no lock. */
uint64_t store_generation(const struct store *store);

const struct ring *store_ring(const struct store *store);           /* (locked) */
const struct store_counts *store_counts(const struct store *store); /* (locked) */
const struct rate *store_rate(const struct store *store);           /* (locked) accepted events */

const struct entities *store_entities(const struct store *store); /* (locked) */

/* The ids that an event names, and one id, as walks want them. Any thread, without the mutex. */
void store_ids(const struct store *store, const struct event *event, struct event_ids *ids);
struct event_id store_id(const struct store *store, enum id_kind kind, const char *text);

/*
 * (locked) Walks through the remembered events that name any of these ids, newest first: see
 * chain.h. Each takes about half a microsecond, so a long walk is to be taken in parts of a
 * thousand, with the mutex given back between them.
 */
struct chain_walk store_walk(const struct store *store, const struct event_ids *ids);
size_t store_walk_next(const struct store *store, struct chain_walk *walk, uint64_t *seqs,
                       size_t max);

/* (locked) Types met so far; the catalogue's come first, also when none of theirs has come. */
size_t store_type_count(const struct store *store);
const struct store_type *store_type(const struct store *store, size_t number);

/* (locked) The number of the event that a delivery brought, or 0 when it is not in memory. What is
 * accepted while the journal is loaded comes there later. */
uint64_t store_delivered(const struct store *store, const struct delivery *delivery);

/* (locked) Deliveries first <= number < end; store_delivery() is NULL outside. */
uint64_t store_delivery_first(const struct store *store);
uint64_t store_delivery_end(const struct store *store);
const struct delivery *store_delivery(const struct store *store, uint64_t number);

/* An event copied out of the store. Zero-initialise; reused from call to call; freed by
 * store_copy_free(). */
struct store_copy {
    uint64_t seq;
    struct ring_record record;
    char *raw; /* record.length bytes, terminated */
    size_t capacity;
};

/* Copies an event of any size, a large one in parts; takes the lock for itself. False when it is not
 * remembered or memory ran out; what was copied before is lost then. */
bool store_fetch(struct store *store, uint64_t seq, struct store_copy *copy);
/* (locked) The same under the caller's lock, for events that are known to be small. */
bool store_copy_event(const struct store *store, uint64_t seq, struct store_copy *copy);
/* The same for an event that is not in the store; `seq` is left alone. */
bool store_copy_set(struct store_copy *copy, const struct ring_record *record, const char *raw);
void store_copy_free(struct store_copy *copy);
/* Frees the bytes, and keeps what is known of the event. */
void store_copy_shrink(struct store_copy *copy);

#endif
