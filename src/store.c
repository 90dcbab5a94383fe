/*
 * Everything that is remembered: see store.h.
 */
#include "store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "fair_lock.h"
#include "seen.h"

enum {
    PART_BYTES = 64 << 10, /* of an event that is copied in under the lock */
    PART_EVENTS = 500,     /* dropped, or gone through, under one lock */
    CROWD_EVENTS = 1024,   /* between two looks at whether they name too many ids */
    ID_BYTES = 32,         /* of an id that was seen */
};

struct store {
    pthread_mutex_t adding; /* taken before `lock`, by those who add: that takes several steps */
    struct fair_lock lock;  /* guards everything below but `generation` and `seed` */
    _Atomic uint64_t generation;
    struct hash_seed seed;
    struct ring *ring;
    struct chain *chain;
    struct entities *entities;
    struct seen *seen;
    struct rate rate;
    struct store_counts counts;
    struct store_type *types; /* STORE_MAX_TYPES */
    size_t type_count;
    struct delivery *deliveries; /* limits.deliveries, by number modulo that */
    uint64_t delivery_end;
    struct store_limits limits;
    bool crowded;     /* the events name more ids than there is room for */
    unsigned journal; /* counts those that rows were numbered by */
};

static void add_type(struct store *store, const char *name, enum entity_kind entity,
                     enum outcome outcome)
{
    struct store_type *type = &store->types[store->type_count++];
    snprintf(type->name, sizeof type->name, "%s", name);
    type->entity = entity;
    type->outcome = outcome;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct store_limits store_share(size_t memory)
{
    if (memory < STORE_MIN_MEMORY)
        memory = STORE_MIN_MEMORY;
    struct store_limits limits = {
        .links = memory / 16,
        .entities = memory / 4,
        .each = STORE_ENTITIES,
        .ids = least(memory / 16 / ID_BYTES, STORE_SEEN_IDS),
        .deliveries = least(memory / 64 / sizeof(struct delivery), STORE_DELIVERIES),
    };
    limits.ring = memory - limits.links - limits.entities - limits.ids * ID_BYTES -
                  limits.deliveries * sizeof(struct delivery);
    return limits;
}

struct store *store_new(size_t memory)
{
    const struct store_limits limits = store_share(memory);
    return store_new_limited(&limits);
}

struct store *store_new_limited(const struct store_limits *limits)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return NULL;
    store->limits = *limits;
    pthread_mutex_init(&store->adding, NULL);
    fair_lock_open(&store->lock);
    store->delivery_end = 1;
    if (!hash_seed_random(&store->seed)) {
        store_free(store);
        return NULL;
    }
    store->ring = ring_new(limits->ring);
    store->chain = chain_new();
    store->entities = entities_new(limits->each, &store->seed);
    store->seen = seen_new(limits->ids);
    store->types = calloc(STORE_MAX_TYPES, sizeof *store->types);
    store->deliveries = calloc(limits->deliveries, sizeof *store->deliveries);
    if (!store->ring || !store->chain || !store->entities || !store->seen || !store->types ||
        !store->deliveries) {
        store_free(store);
        return NULL;
    }
    entities_limit_bytes(store->entities, limits->entities);
    for (size_t i = 0; i < catalog_size; i++)
        add_type(store, catalog[i].name, catalog[i].entity, catalog[i].outcome);
    return store;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    ring_free(store->ring);
    chain_free(store->chain);
    entities_free(store->entities);
    seen_free(store->seen);
    free(store->types);
    free(store->deliveries);
    fair_lock_close(&store->lock);
    pthread_mutex_destroy(&store->adding);
    free(store);
}

void store_lock(struct store *store)
{
    fair_lock_take(&store->lock);
}

void store_lock_last(struct store *store)
{
    fair_lock_take_last(&store->lock);
}

void store_unlock(struct store *store)
{
    fair_lock_release(&store->lock);
}

bool store_is_wanted(const struct store *store)
{
    return fair_lock_is_wanted(&store->lock);
}

/* Lets those go first who wait. */
static void give_way(struct store *store)
{
    store_unlock(store);
    store_lock_last(store);
}

size_t store_memory(const struct store *store)
{
    const struct store_limits *limits = &store->limits;
    return ring_capacity(store->ring) + chain_memory(store->chain) +
           entities_bytes(store->entities) + limits->ids * ID_BYTES +
           limits->deliveries * sizeof(struct delivery);
}

static void changed(struct store *store)
{
    atomic_fetch_add(&store->generation, 1);
}

uint64_t store_generation(const struct store *store)
{
    return atomic_load(&store->generation);
}

/* The number of an event's type. Senders may invent types without end, so the table does not grow
 * beyond its size: the last row stands for all that came too late. */
static size_t intern_type(struct store *store, const struct event *event)
{
    if (event->known)
        return (size_t)(event->known - catalog);
    for (size_t i = catalog_size; i < store->type_count; i++)
        if (strcmp(store->types[i].name, event->type) == 0)
            return i;
    if (store->type_count < STORE_MAX_TYPES - 1)
        add_type(store, event->type, event->entity, event->outcome);
    else if (store->type_count == STORE_MAX_TYPES - 1)
        add_type(store, "(other types)", ENTITY_OTHER, OUTCOME_NEUTRAL);
    return store->type_count - 1;
}

static void count_event(struct store *store, const struct store_arrival *arrival, size_t type)
{
    store->types[type].count++;
    store->counts.outcomes[arrival->event->outcome]++;
    store->counts.entities[arrival->event->entity]++;
    store->counts.unverified += !arrival->verified;
    if (!arrival->recalled)
        rate_add(&store->rate, arrival->received_ms, 1);
}

struct ring_record store_record(const struct store_arrival *arrival)
{
    const struct event *event = arrival->event;
    return (struct ring_record){
        .created_ms = event->created_ms ? event->created_ms : arrival->received_ms,
        .received_ms = arrival->received_ms,
        .row = arrival->row,
        .length = (uint32_t)arrival->length,
        .entity = (uint8_t)event->entity,
        .outcome = (uint8_t)event->outcome,
        .verified = arrival->verified,
        .recalled = arrival->recalled,
    };
}

/* (locked) Copies the raw JSON to where it is going to stand. Nobody sees it there yet, so that the
 * lock is given away meanwhile when it is much. False when it is too much to be remembered. */
static bool put_raw(struct store *store, const struct store_arrival *arrival)
{
    uint32_t length = (uint32_t)arrival->length;
    while (!ring_make_room(store->ring, length, PART_EVENTS))
        give_way(store);
    char *raw = ring_reserve(store->ring, length);
    if (!raw)
        return false;
    if (length <= PART_BYTES) {
        memcpy(raw, arrival->raw, length);
        return true;
    }
    store_unlock(store);
    memcpy(raw, arrival->raw, length);
    store_lock(store);
    return true;
}

/* Ties an event to those that name the same ids. Where ids are too many, two old events go for each
 * new one, until what is left names few enough. */
static void link_event(struct store *store, const struct entity_facts *facts, uint64_t seq)
{
    chain_add(store->chain, store->ring, &facts->ids);
    if (seq % CROWD_EVENTS == 0)
        store->crowded = chain_is_crowded(store->chain, store->ring, store->limits.links);
    if (store->crowded)
        ring_drop(store->ring, 2);
}

/* (locked, adding) */
static uint64_t remember(struct store *store, const struct store_arrival *arrival,
                         const struct entity_facts *facts)
{
    uint64_t first = ring_first(store->ring);
    bool fits = put_raw(store, arrival);
    size_t type = intern_type(store, arrival->event);
    struct ring_record record = store_record(arrival);
    record.type = (uint16_t)type;
    uint64_t seq = fits ? ring_commit(store->ring, &record) : 0;
    if (seq)
        link_event(store, facts, seq);
    store->counts.forgotten += ring_first(store->ring) - first + (seq == 0);
    entities_fold(store->entities, facts, seq, arrival->row);
    count_event(store, arrival, type);
    return seq;
}

/* Counts a further delivery of an event; returns its number, or 0 when it has left the ring. */
static uint64_t repeat(struct store *store, uint64_t seq)
{
    struct ring_record *record = ring_at(store->ring, seq);
    if (!record)
        return 0;
    if (record->duplicates < UINT32_MAX)
        record->duplicates++;
    return seq;
}

static void read_facts(const struct store *store, const struct store_arrival *arrival,
                       struct entity_facts *facts)
{
    entities_read(store->entities, arrival->event, arrival->received_ms, facts);
    facts->verified = arrival->verified;
    if (arrival->now_ms)
        facts->now_ms = arrival->now_ms;
}

enum delivery_result store_add(struct store *store, const struct store_arrival *arrival,
                               uint64_t *seq)
{
    enum delivery_result result = DELIVERY_ACCEPTED;
    struct entity_facts facts;
    struct seen_key key;
    read_facts(store, arrival, &facts);
    /* Without a digest there is no telling: better twice than not at all. */
    bool has_key = seen_digest(store->seen, arrival->event->id, &key);

    pthread_mutex_lock(&store->adding);
    store_lock(store);
    if (has_key && seen_find(store->seen, &key, seq)) {
        *seq = repeat(store, *seq);
        result = DELIVERY_DUPLICATE;
    } else {
        *seq = remember(store, arrival, &facts);
        if (has_key)
            seen_add(store->seen, &key, *seq);
    }
    changed(store);
    store_unlock(store);
    pthread_mutex_unlock(&store->adding);
    return result;
}

uint64_t store_repeat(struct store *store, const char *id)
{
    struct seen_key key;
    uint64_t seq = 0;
    if (!seen_digest(store->seen, id, &key))
        return 0;
    store_lock(store);
    if (seen_find(store->seen, &key, &seq))
        seq = repeat(store, seq);
    changed(store);
    store_unlock(store);
    return seq;
}

void store_fold(struct store *store, const struct store_arrival *arrival)
{
    struct entity_facts facts;
    read_facts(store, arrival, &facts);
    pthread_mutex_lock(&store->adding);
    store_lock(store);
    entities_fold_past(store->entities, &facts, arrival->row);
    changed(store);
    store_unlock(store);
    pthread_mutex_unlock(&store->adding);
}

void store_expect_past(struct store *store)
{
    store_lock(store);
    entities_expect_past(store->entities);
    store_unlock(store);
}

void store_end_past(struct store *store)
{
    store_lock(store);
    entities_end_past(store->entities);
    store_unlock(store);
}

static void forget_event_rows(struct store *store)
{
    for (uint64_t seq = ring_first(store->ring); seq < ring_end(store->ring); seq++) {
        ring_at(store->ring, seq)->row = 0;
        if (seq % PART_EVENTS == 0)
            give_way(store);
    }
}

static void forget_entity_rows(struct store *store)
{
    for (int kind = 0; kind < ENTITY_TABLES; kind++)
        for (uint32_t slot = 0;
             entities_forget_rows(store->entities, (enum entity_kind)kind, slot, PART_EVENTS);
             slot += PART_EVENTS)
            give_way(store);
}

void store_forget_rows(struct store *store)
{
    pthread_mutex_lock(&store->adding);
    store_lock(store);
    forget_event_rows(store);
    forget_entity_rows(store);
    store->journal++;
    changed(store);
    store_unlock(store);
    pthread_mutex_unlock(&store->adding);
}

unsigned store_journal(const struct store *store)
{
    return store->journal;
}

void store_add_delivery(struct store *store, const struct delivery *delivery)
{
    store_lock(store);
    uint64_t number = store->delivery_end++;
    struct delivery *row = &store->deliveries[number % store->limits.deliveries];
    *row = *delivery;
    row->number = number;
    store->counts.results[delivery->result]++;
    changed(store);
    store_unlock(store);
}

const struct ring *store_ring(const struct store *store)
{
    return store->ring;
}

const struct store_counts *store_counts(const struct store *store)
{
    return &store->counts;
}

const struct rate *store_rate(const struct store *store)
{
    return &store->rate;
}

const struct entities *store_entities(const struct store *store)
{
    return store->entities;
}

void store_ids(const struct store *store, const struct event *event, struct event_ids *ids)
{
    ids_read(ids, &store->seed, event);
}

struct event_id store_id(const struct store *store, enum id_kind kind, const char *text)
{
    return id_of(&store->seed, kind, text);
}

struct chain_walk store_walk(const struct store *store, const struct event_ids *ids)
{
    return chain_walk(store->chain, ids);
}

size_t store_walk_next(const struct store *store, struct chain_walk *walk, uint64_t *seqs,
                       size_t max)
{
    return chain_next(walk, store->ring, seqs, max);
}

size_t store_type_count(const struct store *store)
{
    return store->type_count;
}

const struct store_type *store_type(const struct store *store, size_t number)
{
    return number < store->type_count ? &store->types[number] : NULL;
}

uint64_t store_delivery_first(const struct store *store)
{
    size_t most = store->limits.deliveries;
    return store->delivery_end > most ? store->delivery_end - most : 1;
}

uint64_t store_delivery_end(const struct store *store)
{
    return store->delivery_end;
}

const struct delivery *store_delivery(const struct store *store, uint64_t number)
{
    if (number < store_delivery_first(store) || number >= store->delivery_end)
        return NULL;
    return &store->deliveries[number % store->limits.deliveries];
}

/* Rows count up with numbers, behind events that stand in no journal. */
static uint64_t find_row(const struct ring *ring, int64_t row)
{
    uint64_t low = ring_first(ring), high = ring_end(ring);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (ring_at(ring, middle)->row < row)
            low = middle + 1;
        else
            high = middle;
    }
    const struct ring_record *record = ring_at(ring, low);
    return record && record->row == row ? low : 0;
}

uint64_t store_delivered(const struct store *store, const struct delivery *delivery)
{
    if (delivery->seq || delivery->row == 0)
        return delivery->seq;
    return find_row(store->ring, delivery->row);
}
