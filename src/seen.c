/*
 * The ids of events that were seen lately: see seen.h.
 *
 * A circular queue holds the entries in the order they came; a hash table of queue positions, with
 * linear probing, finds them. Taking out the oldest closes the gap in its run of the table, so
 * there are no tombstones and both arrays keep their size for good. Both are zero pages until they
 * are used.
 */
#include "seen.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

enum { SALT_SIZE = 16 };

struct entry {
    struct seen_key key;
    uint64_t seq;
};

struct seen {
    EVP_MD *sha256;
    unsigned char salt[SALT_SIZE];
    struct entry *queue;
    size_t capacity; /* of the queue */
    size_t oldest;   /* position in the queue */
    size_t count;
    uint32_t *table; /* position in the queue + 1; 0: empty */
    size_t mask;     /* of the table, which is at most half full */
};

struct seen *seen_new(size_t capacity)
{
    struct seen *seen = calloc(1, sizeof *seen);
    if (!seen || capacity == 0 || capacity >= UINT32_MAX)
        goto fail;
    size_t slots = 4;
    while (slots < capacity * 2)
        slots *= 2;
    seen->capacity = capacity;
    seen->mask = slots - 1;
    seen->queue = calloc(capacity, sizeof *seen->queue);
    seen->table = calloc(slots, sizeof *seen->table);
    seen->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (seen->queue && seen->table && seen->sha256 && RAND_bytes(seen->salt, SALT_SIZE) == 1)
        return seen;
fail:
    seen_free(seen);
    return NULL;
}

void seen_free(struct seen *seen)
{
    if (!seen)
        return;
    EVP_MD_free(seen->sha256);
    free(seen->queue);
    free(seen->table);
    free(seen);
}

bool seen_digest(const struct seen *seen, const char *id, struct seen_key *key)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestInit_ex(context, seen->sha256, NULL) &&
                EVP_DigestUpdate(context, seen->salt, SALT_SIZE) &&
                EVP_DigestUpdate(context, id, strlen(id)) &&
                EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    if (good)
        memcpy(key, digest, sizeof *key);
    return good;
}

static size_t home_of(const struct seen *seen, const struct seen_key *key)
{
    return (size_t)key->words[0] & seen->mask;
}

/* The slot of a key, or the empty one where it would go. */
static size_t slot_of(const struct seen *seen, const struct seen_key *key)
{
    size_t slot = home_of(seen, key);
    for (; seen->table[slot]; slot = (slot + 1) & seen->mask) {
        const struct seen_key *other = &seen->queue[seen->table[slot] - 1].key;
        if (other->words[0] == key->words[0] && other->words[1] == key->words[1])
            break;
    }
    return slot;
}

bool seen_find(const struct seen *seen, const struct seen_key *key, uint64_t *seq)
{
    uint32_t position = seen->table[slot_of(seen, key)];
    if (position)
        *seq = seen->queue[position - 1].seq;
    return position != 0;
}

/* Empties a slot, moving back what was pushed past it by earlier collisions. */
static void close_gap(struct seen *seen, size_t gap)
{
    size_t mask = seen->mask;
    for (size_t slot = (gap + 1) & mask; seen->table[slot]; slot = (slot + 1) & mask) {
        size_t home = home_of(seen, &seen->queue[seen->table[slot] - 1].key);
        if (((slot - home) & mask) < ((slot - gap) & mask))
            continue;
        seen->table[gap] = seen->table[slot];
        gap = slot;
    }
    seen->table[gap] = 0;
}

static void forget_oldest(struct seen *seen)
{
    close_gap(seen, slot_of(seen, &seen->queue[seen->oldest].key));
    seen->oldest = (seen->oldest + 1) % seen->capacity;
    seen->count--;
}

void seen_add(struct seen *seen, const struct seen_key *key, uint64_t seq)
{
    if (seen->count == seen->capacity)
        forget_oldest(seen);
    size_t position = (seen->oldest + seen->count++) % seen->capacity;
    seen->queue[position] = (struct entry){.key = *key, .seq = seq};
    seen->table[slot_of(seen, key)] = (uint32_t)position + 1;
}

size_t seen_count(const struct seen *seen)
{
    return seen->count;
}
