/*
 * The ids of events that were seen lately: is this delivery one that we have already?
 *
 * A set of fixed capacity that forgets the oldest id for a new one, and no clock: an id is kept
 * for as long as there is room, however the clock is set. Ids are kept as salted digests, so that
 * a sender can neither fill the memory with long ids nor choose ones that collide.
 *
 * Not locked, but for seen_digest(), which any thread may call at any time.
 */
#ifndef ANCHORTOP_SEEN_H
#define ANCHORTOP_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands for an id: half of a SHA-256. */
struct seen_key {
    uint64_t words[2];
};

struct seen;

/* An empty set for the newest `capacity` ids. NULL when there is no room or no randomness. */
struct seen *seen_new(size_t capacity);
void seen_free(struct seen *seen);

/* The key of an id, for this set only. False when the crypto library fails. */
bool seen_digest(const struct seen *seen, const char *id, struct seen_key *key);

/* Whether an id is in the set; *seq receives the number that it was added with. */
bool seen_find(const struct seen *seen, const struct seen_key *key, uint64_t *seq);

/* Adds an id that is not in the set, forgetting the oldest when the set is full. */
void seen_add(struct seen *seen, const struct seen_key *key, uint64_t seq);

size_t seen_count(const struct seen *seen);

#endif
