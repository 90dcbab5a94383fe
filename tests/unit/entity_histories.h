/*
 * Random histories: events as Anchor sends them, and as it might. They share their ids and times,
 * so that the events of a history have to do with each other.
 */
#ifndef ANCHORTOP_ENTITY_HISTORIES_H
#define ANCHORTOP_ENTITY_HISTORIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dice.h"

struct history_event {
    char *body;
    int64_t received_ms;
    bool verified;
};

/* Events in the order of arrival, and in that any of them again. */
struct random_history {
    struct history_event *events;
    size_t count;
    int64_t now_ms; /* after all of them */
};

/* Write the history of a seed, in which the ids of events are `alike` in their first 31 bytes, or
 * differ there. Free it with random_history_free(). */
struct random_history random_history(uint64_t seed, bool alike);
void random_history_free(struct random_history *history);

#endif
