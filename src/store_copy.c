/*
 * Events copied out of the store: see store.h.
 */
#include <stdlib.h>
#include <string.h>

#include "store.h"

enum { PART_BYTES = 64 << 10 }; /* of a large event, copied under one lock */

static bool reserve_copy(struct store_copy *copy, uint32_t length)
{
    if (copy->capacity > length)
        return true;
    size_t capacity = (size_t)length + 1;
    char *grown = realloc(copy->raw, capacity);
    if (!grown)
        return false;
    copy->raw = grown;
    copy->capacity = capacity;
    return true;
}

bool store_copy_set(struct store_copy *copy, const struct ring_record *record, const char *raw)
{
    if (!reserve_copy(copy, record->length))
        return false;
    copy->record = *record;
    memcpy(copy->raw, raw, record->length);
    copy->raw[record->length] = '\0';
    return true;
}

bool store_copy_event(const struct store *store, uint64_t seq, struct store_copy *copy)
{
    const struct ring_record *record = ring_at(store_ring(store), seq);
    if (!record || !store_copy_set(copy, record, ring_raw(store_ring(store), seq)))
        return false;
    copy->seq = seq;
    return true;
}

/* (locked) Copies a part of an event; false when it is no longer remembered. */
static bool copy_part(const struct store *store, uint64_t seq, struct store_copy *copy, size_t from)
{
    const struct ring_record *record = ring_at(store_ring(store), seq);
    if (!record)
        return false;
    size_t length = record->length - from < PART_BYTES ? record->length - from : PART_BYTES;
    memcpy(copy->raw + from, ring_raw(store_ring(store), seq) + from, length);
    copy->record = *record;
    return true;
}

/* What is remembered never changes, so that its parts fit together. */
static bool fetch_parts(struct store *store, uint64_t seq, uint32_t length, struct store_copy *copy)
{
    bool there = reserve_copy(copy, length);
    size_t from = 0;
    copy->seq = 0;
    do {
        store_lock(store);
        there = there && copy_part(store, seq, copy, from);
        store_unlock(store);
        from += PART_BYTES;
    } while (there && from < length);
    if (!there)
        return false;
    copy->raw[length] = '\0';
    copy->seq = seq;
    return true;
}

bool store_fetch(struct store *store, uint64_t seq, struct store_copy *copy)
{
    store_lock(store);
    const struct ring_record *record = ring_at(store_ring(store), seq);
    uint32_t length = record ? record->length : 0;
    bool small = record && length <= PART_BYTES && length < copy->capacity;
    if (small)
        store_copy_event(store, seq, copy);
    store_unlock(store);
    return small || (record && fetch_parts(store, seq, length, copy));
}

void store_copy_shrink(struct store_copy *copy)
{
    free(copy->raw);
    copy->raw = NULL;
    copy->capacity = 0;
}

void store_copy_free(struct store_copy *copy)
{
    free(copy->raw);
    *copy = (struct store_copy){0};
}
