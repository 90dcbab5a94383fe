/*
 * The journal read into the store, and followed: `anchortop watch --since`.
 *
 * A thread of its own reads. Nothing is written, and whichever anchortop keeps the journal does
 * not notice; what it accepts shows at once.
 */
#ifndef ANCHORTOP_REPLAY_H
#define ANCHORTOP_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

/* Borrowed, and to outlive the replay. */
struct replay_config {
    const char *path; /* of the journal */
    int64_t since_ms; /* see struct follower_config, for these three */
    bool ends;
    int64_t until_ms;
    struct store *store;
    /* Called by the reading thread when it has changed the store, without its mutex. */
    void (*changed)(void *context);
    void *changed_context;
};

struct replay;

/* Opens the journal, so that a missing one is known before the screen opens. NULL with a
 * sentence. */
struct replay *replay_open(const struct replay_config *config, char *reason, size_t reason_size);

/* Starts the thread. False with a reason. */
bool replay_start(struct replay *replay, char *reason, size_t reason_size);

/* Stops the thread, wherever it is, and waits for it. NULL does nothing. */
void replay_free(struct replay *replay);

/* What the operator has not been told yet, or NULL. Main thread; the sentence is good until the
 * next call. */
const char *replay_news(struct replay *replay);

#endif
