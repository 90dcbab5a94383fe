/*
 * What an entity remembers of its newest event, as an event: for filters, when neither memory nor a
 * journal has that event any more.
 */
#ifndef ANCHORTOP_ENTITY_EVENT_H
#define ANCHORTOP_ENTITY_EVENT_H

#include "entity.h"
#include "ring.h"

/* The envelope, with the type, the ids, the time and those figures that no other event has told
 * since: malloc()ed, the caller's. Fills in the record, but for its type. NULL when the type is none
 * of the catalogue's, or memory ran out. */
char *entity_event(const struct entity *entity, struct ring_record *record);

#endif
