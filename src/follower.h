/*
 * The journal's events from a moment on, in the order of arrival, and then each as it is written.
 *
 * Everything comes from the one place, so that between what was there and what comes there is
 * neither a gap nor an overlap, and nothing is lost on a slow reader. Belongs to one thread; the
 * journal is written by another.
 */
#ifndef ANCHORTOP_FOLLOWER_H
#define ANCHORTOP_FOLLOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "history.h"
#include "ring.h"

enum follower_state {
    FOLLOWER_MORE,       /* there may be more already */
    FOLLOWER_UP_TO_DATE, /* the next one has to be written first */
    FOLLOWER_LATER,      /* reading failed; it is worth trying again in a second */
};

/* One event; good during the visit only. The type's number is not filled in. */
struct followed {
    struct ring_record record;
    const char *raw; /* record.length bytes, not terminated */
    const struct event *event;
};

struct follower;

/* Begins with the first event that arrived at a time (Unix, milliseconds) or after it. NULL with a
 * reason when the journal, which is borrowed, cannot be read. */
struct follower *follower_open(struct history *history, int64_t since_ms, char *reason,
                               size_t reason_size);
void follower_close(struct follower *follower);

/*
 * Hands the next events to visit(), not too many for an eye on other things, and fewer when that
 * returns false after one. `trouble` receives a sentence when something has just happened that
 * the reader of the events should know, and is empty otherwise.
 */
enum follower_state follower_read(struct follower *follower,
                                  bool (*visit)(void *context, const struct followed *event),
                                  void *context, char trouble[HISTORY_TEXT_SIZE]);

#endif
