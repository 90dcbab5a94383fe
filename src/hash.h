/*
 * A seeded hash of foreign text.
 *
 * SipHash-1-3: who does not know the seed can neither choose ids that fall into one bucket of a
 * table, nor two that have the same 64 bits.
 */
#ifndef ANCHORTOP_HASH_H
#define ANCHORTOP_HASH_H

#include <stdbool.h>
#include <stdint.h>

struct hash_seed {
    uint64_t words[2];
};

/* A seed that nobody can guess. False when the system has no randomness. */
bool hash_seed_random(struct hash_seed *seed);

/* The hash of a text. Equal texts with different tweaks are different things. */
uint64_t hash_text(const struct hash_seed *seed, uint64_t tweak, const char *text);

#endif
