/*
 * The ids that an event names: what ties events to each other, and to entities.
 */
#ifndef ANCHORTOP_IDS_H
#define ANCHORTOP_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog.h"
#include "event.h"
#include "hash.h"

enum { ID_MAX = EVENT_MAX_NAME }; /* bytes; what is longer names nothing */

/* What an id stands for: an entity, by its own number, or an execution. */
enum id_kind {
    ID_TASK = ENTITY_TASK,
    ID_SESSION = ENTITY_SESSION,
    ID_REQUEST = ENTITY_INTERVENTION,
    ID_BATCH = ENTITY_BATCH,
    ID_IDENTITY = ENTITY_IDENTITY,
    ID_EXECUTION, /* of a task or login; that which failed, for what healed it */
    ID_KINDS
};

/* An id, borrowed from the event, and the hash of its kind and text. */
struct event_id {
    const char *text; /* NULL: the event names none */
    uint64_t hash;
};

struct event_ids {
    struct event_id of[ID_KINDS];
};

/* Reads all ids of an event. */
void ids_read(struct event_ids *ids, const struct hash_seed *seed, const struct event *event);

/* Whether there is any. */
bool ids_any(const struct event_ids *ids);

/* One id. Unless it is empty or too long, in which case it is none. */
struct event_id id_of(const struct hash_seed *seed, enum id_kind kind, const char *text);

#endif
