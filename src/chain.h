/*
 * Which events belong together: the index behind an event's timeline.
 *
 * For each id that an event names, its record in the ring tells how far back the previous event is
 * that names it too; the chain knows the newest one of every id. So all events of a session or a
 * task are found in time proportional to their number, and what has left the ring ends a walk.
 *
 * Ids are known by 64 bits of a seeded hash alone: two of a million ids are taken for one with a
 * probability of 1 to 37 million, and nobody can bring it about.
 *
 * Not locked: the store, which owns it, is.
 */
#ifndef ANCHORTOP_CHAIN_H
#define ANCHORTOP_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ids.h"
#include "ring.h"

struct chain;

/* An index of nothing. NULL when there is no room. */
struct chain *chain_new(void);
void chain_free(struct chain *chain);

/* Takes in the newest event of the ring, and sets `previous` in its record. Without memory the
 * event stands alone. */
void chain_add(struct chain *chain, struct ring *ring, const struct event_ids *ids);

/* A walk through the events that name any of some ids, newest first. It is only numbers: it may be
 * kept while events come and go, and be given up at any time. */
struct chain_walk {
    uint64_t at[ID_KINDS]; /* the next event of each id, or 0 */
};

struct chain_walk chain_walk(const struct chain *chain, const struct event_ids *ids);

/* The next events of a walk, at most `max`; returns how many. Fewer than `max`: it has ended. */
size_t chain_next(struct chain_walk *walk, const struct ring *ring, uint64_t *seqs, size_t max);

/* Bytes of memory used. */
size_t chain_memory(const struct chain *chain);

/* Whether the events of a ring name more ids than fit into so many bytes for good: then fewer of
 * them are to be remembered. An estimate, which takes some microseconds. */
bool chain_is_crowded(const struct chain *chain, const struct ring *ring, size_t bytes);

#endif
