/*
 * The journal's own clock, by which events age: `arrived_ms` of its rows.
 *
 * It shows Unix time for as long as the system's clock is right, and it never runs backwards, not
 * even across programs and boots. As long as the machine is up it goes on with the uptime, whatever
 * the system's clock does. Only across a boot, or on another machine, must that clock tell how much
 * time has passed. What it tells there is a doubt: until signed deliveries on both sides confirm
 * the clock, events from before are not removed for it.
 *
 * What `arrived_ms` differs by from row to row is time that has passed. To find a Unix time among
 * them, add history_clock_ahead_ms() to it.
 */
#ifndef ANCHORTOP_HISTORY_CLOCK_H
#define ANCHORTOP_HISTORY_CLOCK_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "machine.h"

/* Times of the journal lie between 0 and this, the year 9999; a file may say otherwise. */
#define CLOCK_MAX_MS INT64_C(253402300799999)

/* A moment of which the journal knows both its own time and the machine's. */
struct clock_mark {
    struct machine_time machine;
    int64_t arrived_ms;
    int64_t doubt_ms; /* how much of that nothing but the system's clock has said */
};

/* The journal's clock, going. */
struct history_clock {
    struct clock_mark start; /* of this boot, as the journal has it */
    int64_t arrived_ms;      /* when it was set going */
    int64_t steady_ms;       /* the same moment on a clock that is never set */
    bool marked;             /* the journal has a mark of this boot */
    bool confirmed;          /* the doubt is as small as it will be */
};

/*
 * Continues a clock after the latest moments that the journal knows: the last mark, and the newest
 * event, of which the uptime is not known. Either may be NULL.
 */
struct clock_mark history_clock_continue(const struct clock_mark *mark,
                                         const struct clock_mark *newest,
                                         const struct machine_time *now);

/* Sets the clock of a journal going. What it returns is SQLite's code. */
int history_clock_start(struct history_clock *clock, sqlite3 *db);

/* Writes a mark of this boot where there is none, and removes those that are of no use any more. */
int history_clock_keep(struct history_clock *clock, sqlite3 *db);

/* The journal's time now. */
int64_t history_clock_arrival_ms(const struct history_clock *clock);

/* How far the journal's time is ahead of the system's clock; mostly next to nothing. */
int64_t history_clock_ahead_ms(const struct history_clock *clock);

/* Takes a signed delivery at a time of the system's clock as a proof that this is right, when it
 * has not been set since the boot. With another one before that boot there is no doubt how much
 * time has passed. In the transaction that writes the delivery. */
int history_clock_confirm(struct history_clock *clock, sqlite3 *db, int64_t received_ms);

/* By how much the oldest events may be younger than they seem. */
int history_clock_doubt(sqlite3 *db, int64_t *doubt_ms);

#endif
