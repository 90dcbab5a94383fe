/*
 * Which events belong together: see chain.h.
 *
 * A hash table with linear probing, of which nothing is taken out: an id whose newest event has
 * left the ring is left behind when the table is rebuilt. Rebuilding a million entries at once
 * would hold the store's mutex for tens of milliseconds, so a full table becomes the old one, and
 * each further id moves a few of its entries into the new one.
 */
#include "chain.h"

#include <assert.h>
#include <stdlib.h>

enum {
    MIN_SLOTS = 1024,
    MOVE = 16,     /* slots of the old table that adding an id looks at */
    SAMPLE = 4096, /* slots from which the number of live ids is estimated */
    FULLNESS = 4,  /* slots for each live id, at most, once a table was rebuilt */
};

static_assert((int)ID_KINDS == (int)RING_LINKS, "a record has a link for each kind of id");

struct entry {
    uint64_t hash;
    uint64_t newest; /* number of an event; 0: empty */
};

struct slots {
    struct entry *entries;
    size_t mask;
    size_t used;
};

struct chain {
    struct slots now, old; /* what is in both is right in `now` */
    size_t moved;          /* slots of `old` that have been looked at */
};

static bool slots_start(struct slots *slots, size_t size)
{
    *slots = (struct slots){.mask = size - 1};
    slots->entries = calloc(size, sizeof *slots->entries);
    return slots->entries != NULL;
}

struct chain *chain_new(void)
{
    struct chain *chain = calloc(1, sizeof *chain);
    if (chain && slots_start(&chain->now, MIN_SLOTS))
        return chain;
    free(chain);
    return NULL;
}

void chain_free(struct chain *chain)
{
    if (!chain)
        return;
    free(chain->now.entries);
    free(chain->old.entries);
    free(chain);
}

/* The entry of a hash, or the empty one where it would go. */
static struct entry *slots_find(const struct slots *slots, uint64_t hash)
{
    size_t slot = (size_t)hash & slots->mask;
    while (slots->entries[slot].newest && slots->entries[slot].hash != hash)
        slot = (slot + 1) & slots->mask;
    return &slots->entries[slot];
}

static uint64_t newest_of(const struct chain *chain, uint64_t hash)
{
    uint64_t newest = slots_find(&chain->now, hash)->newest;
    if (!newest && chain->old.entries)
        newest = slots_find(&chain->old, hash)->newest;
    return newest;
}

static void put(struct slots *slots, struct entry *entry, uint64_t hash, uint64_t newest)
{
    slots->used += entry->newest == 0;
    *entry = (struct entry){.hash = hash, .newest = newest};
}

/* Moves what is still alive among the next slots of the old table, and lets that go at its end. */
static void move(struct chain *chain, uint64_t first, size_t slots)
{
    for (; chain->old.entries && slots > 0; slots--) {
        const struct entry *entry = &chain->old.entries[chain->moved];
        if (entry->newest >= first) {
            struct entry *to = slots_find(&chain->now, entry->hash);
            if (!to->newest)
                put(&chain->now, to, entry->hash, entry->newest);
        }
        if (chain->moved++ < chain->old.mask)
            continue;
        free(chain->old.entries);
        chain->old = (struct slots){0};
    }
}

/* How many ids of a table have events in the ring, roughly: hashes stand in no order, so any part
 * of the table is as good as a sample. */
static size_t estimate_live(const struct slots *slots, uint64_t first)
{
    size_t sample = slots->mask < SAMPLE ? slots->mask + 1 : SAMPLE, live = 0;
    for (size_t i = 0; i < sample; i++)
        live += slots->entries[i].newest && slots->entries[i].newest >= first;
    return live * ((slots->mask + 1) / sample);
}

/* Begins a new table, large enough for what lives and for what is added while that moves. */
static void rebuild(struct chain *chain, uint64_t first)
{
    size_t size = MIN_SLOTS;
    size_t expected = estimate_live(&chain->now, first) + (chain->now.mask + 1) / MOVE;
    struct slots fresh;
    while (size / 8 * 5 < expected)
        size *= 2;
    if (!slots_start(&fresh, size))
        return;
    chain->old = chain->now;
    chain->now = fresh;
    chain->moved = 0;
}

/* Makes sure that one more id fits in, and that a table is never full. */
static bool make_room(struct chain *chain, uint64_t first)
{
    size_t size = chain->now.mask + 1;
    move(chain, first, MOVE);
    if (chain->now.used < size / 4 * 3)
        return true;
    if (chain->old.entries) /* the estimate was far off */
        move(chain, first, SIZE_MAX);
    rebuild(chain, first);
    return chain->now.used < chain->now.mask;
}

static uint32_t add_id(struct chain *chain, uint64_t hash, uint64_t seq, uint64_t first)
{
    if (!make_room(chain, first))
        return 0;
    uint64_t newest = newest_of(chain, hash);
    put(&chain->now, slots_find(&chain->now, hash), hash, seq);
    return newest >= first && seq - newest <= UINT32_MAX ? (uint32_t)(seq - newest) : 0;
}

void chain_add(struct chain *chain, struct ring *ring, const struct event_ids *ids)
{
    uint64_t first = ring_first(ring), seq = ring_end(ring) - 1;
    struct ring_record *record = ring_at(ring, seq);
    for (size_t kind = 0; record && kind < ID_KINDS; kind++)
        if (ids->of[kind].text)
            record->previous[kind] = add_id(chain, ids->of[kind].hash, seq, first);
}

struct chain_walk chain_walk(const struct chain *chain, const struct event_ids *ids)
{
    struct chain_walk walk = {{0}};
    for (size_t kind = 0; kind < ID_KINDS; kind++)
        if (ids->of[kind].text)
            walk.at[kind] = newest_of(chain, ids->of[kind].hash);
    return walk;
}

size_t chain_next(struct chain_walk *walk, const struct ring *ring, uint64_t *seqs, size_t max)
{
    size_t count = 0;
    while (count < max) {
        uint64_t newest = 0;
        for (size_t kind = 0; kind < ID_KINDS; kind++)
            newest = walk->at[kind] > newest ? walk->at[kind] : newest;
        const struct ring_record *record = ring_at(ring, newest);
        if (!record)
            break;
        for (size_t kind = 0; kind < ID_KINDS; kind++)
            if (walk->at[kind] == newest)
                walk->at[kind] = record->previous[kind] ? newest - record->previous[kind] : 0;
        seqs[count++] = newest;
    }
    return count;
}

bool chain_is_crowded(const struct chain *chain, const struct ring *ring, size_t bytes)
{
    size_t live = estimate_live(&chain->now, ring_first(ring));
    return !chain->old.entries && live * FULLNESS * sizeof(struct entry) > bytes;
}

size_t chain_memory(const struct chain *chain)
{
    size_t slots = chain->now.mask + 1 + (chain->old.entries ? chain->old.mask + 1 : 0);
    return slots * sizeof(struct entry);
}
