/*
 * The journal's events from a moment on, in the order of arrival, and then each as it is written.
 *
 * Everything comes from the one place, so that between what was there and what comes there is
 * neither a gap nor an overlap, and nothing is lost on a slow reader. Belongs to one thread; the
 * journal is written by another, or by another program.
 */
#ifndef ANCHORTOP_FOLLOWER_H
#define ANCHORTOP_FOLLOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "history.h"
#include "recalled.h"

enum follower_state {
    FOLLOWER_MORE,       /* there may be more already */
    FOLLOWER_UP_TO_DATE, /* the next one has to be written first */
    FOLLOWER_LATER,      /* reading failed; it is worth trying again in a second */
    FOLLOWER_AT_END,     /* with `ends`: all has been handed over */
};

/* Borrowed, and to outlive the follower. */
struct follower_config {
    const char *path;        /* of the journal */
    struct history *history; /* that is told of damage; NULL: another program keeps it */
    int64_t since_ms;        /* begins with the first event that arrived then or later; Unix time,
                              * FOLLOWER_NOW: with the first that is written from now on */
    bool ends;               /* at the newest event that the journal has now, … */
    int64_t until_ms;        /* … or, if that is not 0, the last that arrived then or before */
};

#define FOLLOWER_NOW INT64_MAX

struct follower;

/* How many times another journal, with rows of its own, has begun in the place of the first. */
unsigned follower_journals(const struct follower *follower);

/* NULL with a reason when the journal cannot be read. */
struct follower *follower_open(const struct follower_config *config, char *reason,
                               size_t reason_size);
void follower_close(struct follower *follower);

/*
 * Hands the next events to visit(), not too many for an eye on other things, and fewer when that
 * returns false after one. `trouble` receives a sentence when something has just happened that
 * the reader of the events should know, and is empty otherwise.
 */
enum follower_state follower_read(struct follower *follower, recalled_visit *visit, void *context,
                                  char trouble[HISTORY_TEXT_SIZE]);

#endif
