/*
 * A recording that is read into the store: `anchortop watch`.
 *
 * A thread of its own reads, so that the first frame does not wait for a large file, and a pipe can
 * be followed for as long as it lives. Every line leaves a row in the list of deliveries; one that
 * is no event is skipped, and its row says why.
 */
#ifndef ANCHORTOP_RECORDING_H
#define ANCHORTOP_RECORDING_H

#include <stdbool.h>
#include <stddef.h>

#include "store.h"

/* Borrowed strings are copied by recording_open(). */
struct recording_config {
    const char *path;
    int descriptor;      /* what to read instead of opening the path, taken over; -1: none */
    const char *name;    /* for people */
    struct store *store; /* borrowed; outlives the recording */
    /* Called by the reading thread when it has changed the store, without its mutex. */
    void (*changed)(void *context);
    void *changed_context;
};

struct recording;

/* Opens it, so that a missing file is known before the screen opens. NULL with a sentence. */
struct recording *recording_open(const struct recording_config *config, char *reason,
                                 size_t reason_size);

/* Starts the thread. False with a reason. */
bool recording_start(struct recording *recording, char *reason, size_t reason_size);

/* Stops the thread, wherever it is in the recording, and waits for it. NULL does nothing. */
void recording_free(struct recording *recording);

/* The name, safe to print; owned by the recording. */
const char *recording_name(const struct recording *recording);

/* What the operator has not been told yet: lines that were skipped, the end of a pipe. NULL when
 * there is nothing. Main thread; the sentence is good until the next call. */
const char *recording_news(struct recording *recording);

#endif
