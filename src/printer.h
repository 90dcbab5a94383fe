/*
 * Events on standard output, a line each, as they come: `anchortop tail` and `wait`.
 *
 * Runs in the main thread. However slow the reader is, only this thread waits for it: the ring
 * keeps what has come meanwhile, and what it had to overwrite is counted on standard error. With a
 * follower events are read from the journal instead, which keeps them all.
 */
#ifndef ANCHORTOP_PRINTER_H
#define ANCHORTOP_PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "follower.h"
#include "hindsight.h"
#include "history_watch.h"
#include "line.h"
#include "store.h"

enum { EXIT_GAVE_UP = 3 };

/* Everything is borrowed for the run. */
struct printer_config {
    struct store *store;         /* that deliveries go to; NULL: there are none here */
    struct follower *follower;   /* where events come from; NULL: the store, from the first on */
    struct hindsight *hindsight; /* of the same, for a filter that asks what became of events; NULL:
                                  * the store says what became of those in it */
    struct history_watch *watch; /* says when to look at a journal that another program keeps;
                                  * NULL: wake() of wake.h does */
    bool ends;                   /* the follower does, and the printer with it */
    const struct filter *filter; /* NULL: every event is printed */
    struct line_style style; /* but for its columns: those of a terminal, as long as it is one */
    uint64_t wanted;    /* ends after so many lines; 0: never */
    int64_t timeout_ms; /* gives up when they have not come by then; 0: never */
    /* Called once it obeys signals: before, they end the program. May be NULL. */
    void (*ready)(void *context);
    /* With `watch`: called before each look. May be NULL. */
    void (*looking)(void *context);
    /* Called on SIGHUP: reads the secrets again. Returns a sentence, good until the next call.
     * NULL: SIGHUP ends it, as SIGTERM does. */
    const char *(*reload)(void *context);
    void *context;
};

/*
 * Prints until it has printed enough, a signal asks it to end, or nobody reads on. wake() of wake.h
 * tells it that the store has changed. No transaction of the journal is open while it writes.
 *
 * Returns the exit status; with `ends`, 1 when the journal could not be read. Without `wanted`,
 * being interrupted and losing the reader are the usual
 * end: 0. With it, 0 means that the events came, EXIT_GAVE_UP that they did not come in time, 128
 * and the signal's number that it was interrupted; a reader who goes away changes nothing.
 */
int printer_run(const struct printer_config *config);

#endif
