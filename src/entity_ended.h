/*
 * What has ended and was forgotten while the past is still being read: a request of long ago must
 * not begin to wait because its answer, which was read first, had to make room. Hashes of entities;
 * not locked.
 */
#ifndef ANCHORTOP_ENTITY_ENDED_H
#define ANCHORTOP_ENTITY_ENDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise; ended_free() releases it. */
struct ended {
    uint64_t *hashes; /* linear probing; 0: empty */
    size_t mask, count;
};

void ended_free(struct ended *ended);

/* Without memory it is not noted. */
void ended_add(struct ended *ended, uint64_t hash);
bool ended_has(const struct ended *ended, uint64_t hash);

#endif
