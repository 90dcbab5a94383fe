/*
 * A filter at work on the store: which of the remembered events are wanted.
 *
 * Looks at an event's type first, which lies in a dense array, so that most filters pass over most
 * events at the speed of that. What takes longer than a glance is done on a copy, so that the store
 * is not held meanwhile. Belongs to one thread; (locked) as in store.h.
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
    const struct filter *filter;        /* borrowed */
    uint8_t verdicts[STORE_MAX_TYPES];  /* enum filter_verdict, by type number */
    size_t type_count;                  /* of verdicts that are known */
    const char *names[STORE_MAX_TYPES]; /* of types, by number: the store's; NULL: of many */
    bool reads_text;
    int64_t now_ms;
    struct filter_scratch scratch;
};

/* Begins with another filter, which must live as long as it is used here. */
void matcher_set(struct matcher *matcher, const struct filter *filter);
void matcher_free(struct matcher *matcher);

/* (locked) Prepares for matcher_glance() and matcher_match(): types that the store has met
 * meanwhile are judged, and ages are those at `now_ms`. To be called under each lock anew. */
void matcher_prepare(struct matcher *matcher, const struct store *store, int64_t now_ms);

/* (locked) Whether an event, one of those that are remembered, is wanted, as far as its type, its
 * record and, when it is short, its text tell. FILTER_DEPENDS: it is to be copied out, for
 * matcher_match(). */
enum filter_verdict matcher_glance(struct matcher *matcher, const struct store *store,
                                   uint64_t seq);

/* Whether an event is wanted that was copied out of the store. Not locked: this decodes it, and
 * asks the store for itself who waits for a human. */
bool matcher_match(struct matcher *matcher, struct store *store, const struct ring_record *record,
                   const char *raw);

/* The same for an event that only the journal has. */
bool matcher_match_recalled(struct matcher *matcher, struct store *store,
                            const struct recalled *event);

/* (locked) The same for what an entity remembers of its newest event: see entity_event.h. */
bool matcher_match_entity(struct matcher *matcher, const struct store *store,
                          const struct entity *entity);

#endif
