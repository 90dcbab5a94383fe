/*
 * A filter at work on the store: which of the remembered events are wanted.
 *
 * Looks at an event's type first, which lies in a dense array, so that most filters pass over most
 * events at the speed of that. Belongs to one thread; (locked) as in store.h.
 */
#ifndef ANCHORTOP_MATCHER_H
#define ANCHORTOP_MATCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter.h"
#include "recalled.h"
#include "store.h"

/* Zero-initialise; matcher_free() releases it. */
struct matcher {
    const struct filter *filter;       /* borrowed */
    uint8_t verdicts[STORE_MAX_TYPES]; /* enum filter_verdict, by type number */
    size_t type_count;                 /* of verdicts that are known */
    bool reads_text;
    int64_t now_ms;
    struct filter_scratch scratch;
};

/* Begins with another filter, which must live as long as it is used here. */
void matcher_set(struct matcher *matcher, const struct filter *filter);
void matcher_free(struct matcher *matcher);

/* (locked) Prepares a pass of matcher_match(), before which the store must not change: types that
 * it has met meanwhile are judged, and ages are those at `now_ms`. */
void matcher_prepare(struct matcher *matcher, const struct store *store, int64_t now_ms);

/* (locked) Whether an event, one of those that are remembered, is wanted. */
bool matcher_match(struct matcher *matcher, const struct store *store, uint64_t seq);

/* (locked) The same for an event that only the journal has. */
bool matcher_match_recalled(struct matcher *matcher, const struct store *store,
                            const struct recalled *event);

/* (locked) The same for what an entity remembers of its newest event: see entity_event.h. */
bool matcher_match_entity(struct matcher *matcher, const struct store *store,
                          const struct entity *entity);

/* How many events a filter can look at in less than a millisecond. */
size_t matcher_budget(const struct filter *filter);

#endif
