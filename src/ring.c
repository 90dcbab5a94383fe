/*
 * The ring: see ring.h.
 *
 * Beside the arena stand two arrays, indexed by sequence number modulo a power of two: where an
 * event begins, and its type. All three lie in one mapping that the system fills with pages as
 * they are first written, so that a large cap costs nothing before it is needed.
 */
#include "ring.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    SLOT_ALIGN = 8,        /* of a record in the arena */
    BYTES_PER_ENTRY = 256, /* of the cap for an index entry: the smallest events in practice */
};

struct ring {
    void *mapping;
    size_t capacity; /* bytes of the mapping */
    size_t *offsets; /* of records in the arena, by sequence number */
    uint16_t *types; /* likewise */
    size_t entries;  /* of both, a power of two */
    char *arena;
    size_t size; /* bytes of the arena */
    size_t head; /* where the next event goes, if it fits */
    size_t used; /* bytes of slots held */
    uint64_t first, end;
};

struct ring *ring_new(size_t bytes)
{
    if (bytes < RING_MIN_BYTES)
        bytes = RING_MIN_BYTES;
    struct ring *ring = calloc(1, sizeof *ring);
    if (!ring)
        return NULL;
    ring->mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (ring->mapping == MAP_FAILED) {
        free(ring);
        return NULL;
    }
    ring->capacity = bytes;
    ring->entries = 1;
    while (ring->entries <= bytes / BYTES_PER_ENTRY / 2)
        ring->entries *= 2;
    ring->offsets = ring->mapping;
    ring->types = (uint16_t *)(ring->offsets + ring->entries);
    ring->arena = (char *)(ring->types + ring->entries);
    ring->size = bytes - (size_t)(ring->arena - (char *)ring->mapping);
    ring->first = ring->end = 1;
    return ring;
}

void ring_free(struct ring *ring)
{
    if (!ring)
        return;
    munmap(ring->mapping, ring->capacity);
    free(ring);
}

static size_t index_of(const struct ring *ring, uint64_t seq)
{
    return (size_t)seq & (ring->entries - 1);
}

static struct ring_record *record_at(const struct ring *ring, uint64_t seq)
{
    return (struct ring_record *)(void *)(ring->arena + ring->offsets[index_of(ring, seq)]);
}

static size_t slot_size(size_t length)
{
    return (sizeof(struct ring_record) + length + SLOT_ALIGN - 1) & ~(size_t)(SLOT_ALIGN - 1);
}

static void drop_oldest(struct ring *ring)
{
    ring->used -= slot_size(record_at(ring, ring->first)->length);
    ring->first++;
}

void ring_drop(struct ring *ring, size_t count)
{
    for (; count > 0 && ring->first < ring->end; count--)
        drop_oldest(ring);
}

/* Whether `need` bytes are free at ring->head, which moves to the start of the arena when its end
 * is too near: an event never straddles. The free bytes run from head to the oldest event, or to
 * the end of the arena when the oldest event lies before head. */
static bool has_room(struct ring *ring, size_t need)
{
    if (ring->end - ring->first == ring->entries)
        return false;
    if (ring->first == ring->end) {
        ring->head = 0;
        return true;
    }
    size_t tail = ring->offsets[index_of(ring, ring->first)];
    if (ring->head > tail && ring->size - ring->head < need)
        ring->head = 0;
    return (ring->head > tail ? ring->size : tail) - ring->head >= need;
}

bool ring_make_room(struct ring *ring, uint32_t length, size_t most)
{
    while (length <= ring->size / 2 && !has_room(ring, slot_size(length))) {
        if (most-- == 0)
            return false;
        drop_oldest(ring);
    }
    return true;
}

char *ring_reserve(struct ring *ring, uint32_t length)
{
    if (length > ring->size / 2)
        return NULL;
    ring_make_room(ring, length, SIZE_MAX);
    return ring->arena + ring->head + sizeof(struct ring_record);
}

uint64_t ring_commit(struct ring *ring, const struct ring_record *record)
{
    size_t need = slot_size(record->length);
    uint64_t seq = ring->end++;
    memcpy(ring->arena + ring->head, record, sizeof *record);
    ring->offsets[index_of(ring, seq)] = ring->head;
    ring->types[index_of(ring, seq)] = record->type;
    ring->head += need;
    ring->used += need;
    return seq;
}

uint64_t ring_push(struct ring *ring, const struct ring_record *record, const char *raw)
{
    char *slot = ring_reserve(ring, record->length);
    if (!slot)
        return 0;
    memcpy(slot, raw, record->length);
    return ring_commit(ring, record);
}

uint64_t ring_first(const struct ring *ring)
{
    return ring->first;
}

uint64_t ring_end(const struct ring *ring)
{
    return ring->end;
}

struct ring_record *ring_at(const struct ring *ring, uint64_t seq)
{
    return seq >= ring->first && seq < ring->end ? record_at(ring, seq) : NULL;
}

const char *ring_raw(const struct ring *ring, uint64_t seq)
{
    const struct ring_record *record = ring_at(ring, seq);
    return record ? (const char *)(record + 1) : NULL;
}

uint16_t ring_type(const struct ring *ring, uint64_t seq)
{
    return ring->types[index_of(ring, seq)];
}

size_t ring_used(const struct ring *ring)
{
    size_t held = (size_t)(ring->end - ring->first);
    return ring->used + held * (sizeof *ring->offsets + sizeof *ring->types);
}

size_t ring_capacity(const struct ring *ring)
{
    return ring->capacity;
}
