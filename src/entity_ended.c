/*
 * What has ended and was forgotten: see entity_ended.h.
 */
#include "entity_ended.h"

#include <stdlib.h>

enum { MIN_SLOTS = 1024 };

void ended_free(struct ended *ended)
{
    free(ended->hashes);
    *ended = (struct ended){0};
}

/* Where a hash stands, or would. */
static uint64_t *find(const struct ended *ended, uint64_t hash)
{
    size_t slot = (size_t)hash & ended->mask;
    while (ended->hashes[slot] && ended->hashes[slot] != hash)
        slot = (slot + 1) & ended->mask;
    return &ended->hashes[slot];
}

static bool grow(struct ended *ended)
{
    size_t slots = ended->hashes ? (ended->mask + 1) * 2 : MIN_SLOTS;
    struct ended grown = {.hashes = calloc(slots, sizeof *grown.hashes), .mask = slots - 1};
    if (!grown.hashes)
        return false;
    for (size_t slot = 0; ended->hashes && slot <= ended->mask; slot++)
        if (ended->hashes[slot])
            *find(&grown, ended->hashes[slot]) = ended->hashes[slot];
    grown.count = ended->count;
    ended_free(ended);
    *ended = grown;
    return true;
}

void ended_add(struct ended *ended, uint64_t hash)
{
    bool full = !ended->hashes || ended->count > ended->mask / 2;
    if (!hash || (full && !grow(ended)))
        return;
    uint64_t *at = find(ended, hash);
    ended->count += *at == 0;
    *at = hash;
}

bool ended_has(const struct ended *ended, uint64_t hash)
{
    return ended->hashes && hash && *find(ended, hash) == hash;
}
