/*
 * Alerts at work: which rules an event sets off, and the commands that they start.
 *
 * What only a terminal can do is left to the caller. Commands run beside the program, which never
 * waits for them: the envelope is in a file before they start, what they complain of is collected
 * now and then, and the one that does not end is ended. Nothing that came over the network is ever
 * part of a command: it is in variables and on standard input. Main thread.
 */
#ifndef ANCHORTOP_ALERT_H
#define ANCHORTOP_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert_rule.h"
#include "field.h"
#include "store.h"

enum {
    ALERT_MAX_AGE_MS = 3600 * 1000, /* what was created before that is history, not news */
    ALERT_MAX_RUNNING = 8,          /* commands at a time */
    ALERT_KILL_MS = 30 * 1000,      /* how long a command may take */
    ALERT_TITLE_SIZE = 160,
    ALERT_BODY_SIZE = 512,
    ALERT_FAILURE_SIZE = 320,
};

/* What the screen is to do. */
enum alert_action { ALERT_BELL = 1 << 0, ALERT_FLASH = 1 << 1, ALERT_DESKTOP = 1 << 2 };

struct alert_notice {
    unsigned actions;             /* enum alert_action */
    char title[ALERT_TITLE_SIZE]; /* of the desktop notification, and its text; both clean */
    char body[ALERT_BODY_SIZE];
};

struct alerts;

/* Rules and store are borrowed. NULL when memory ran out. */
struct alerts *alerts_new(const struct alert_rules *rules, struct store *store);
/* Commands that still run are left to themselves. */
void alerts_free(struct alerts *alerts);

/* (locked) Whether an event, one of those that are remembered, may set off any rule: if so, it is
 * to be copied out for alerts_consider(). `real_ms` is Unix time, here and below. */
bool alerts_glance(struct alerts *alerts, uint64_t seq, int64_t real_ms);

/*
 * Which rules an event sets off now, as a set to be given to alerts_fire(). A rule that fired less
 * than its `every` ago counts it instead. `now_ms` is of any clock that is not set back, here and
 * below. Not locked: asks the store for itself who waits for a human.
 */
uint64_t alerts_consider(struct alerts *alerts, const struct store_copy *copy, int64_t real_ms,
                         int64_t now_ms);

/* Starts the commands of a set of rules, and tells what remains to be done. `raw` is the envelope
 * as it was received. */
void alerts_fire(struct alerts *alerts, uint64_t set, const struct field_source *source,
                 const char *raw, size_t length, int64_t now_ms, struct alert_notice *notice);

/*
 * Looks after the commands: collects those that have ended, ends those that take too long. Returns
 * true and a sentence when something went wrong; call it until it returns false. The sentence may
 * hold foreign text.
 */
bool alerts_reap(struct alerts *alerts, int64_t now_ms, char *failure, size_t size);

/* How many commands run. While there are any, alerts_reap() wants to be called now and then, and
 * after each SIGCHLD. */
size_t alerts_running(const struct alerts *alerts);

#endif
