/*
 * What the journal holds, brought back into memory at the start, beside the endpoint.
 *
 * A thread of its own reads the newest events into the ring until that is full, oldest first, and
 * then folds all older ones into the entities, oldest first as well. Meanwhile the
 * endpoint accepts: what arrives before the ring is complete goes into the journal only, where the
 * loader finds it in its turn. So the ring is in the order of arrival, and nobody waits.
 */
#ifndef ANCHORTOP_LOADER_H
#define ANCHORTOP_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "history.h"
#include "store.h"

/* All borrowed, and to outlive the loader. */
struct loader_config {
    struct history *history;
    struct store *store;
    void (*changed)(void *context); /* after each part; in the loader's thread */
    void *changed_context;
};

enum loader_phase {
    LOADER_REMEMBERING, /* new events are not shown yet */
    LOADER_FOLDING,     /* they are; entities do not know everything yet */
    LOADER_DONE,
    LOADER_FAILED, /* the journal could not be read to its end */
};

struct loader_progress {
    enum loader_phase phase;
    uint64_t done, total; /* events of the phase */
};

struct loader;

/* Starts the thread. NULL with a reason. */
struct loader *loader_start(const struct loader_config *config, char *reason, size_t reason_size);

/* Ends the thread, wherever it is. Not while anybody may be between enter and leave. */
void loader_stop(struct loader *loader);

/*
 * For the thread that writes the journal, around writing and adding to the store. True: what was
 * written is to be added to the store; false: the loader will do it. A NULL loader is one that is
 * done.
 */
bool loader_enter(struct loader *loader);
void loader_leave(struct loader *loader);

/* Any thread. */
struct loader_progress loader_progress(const struct loader *loader);

#endif
