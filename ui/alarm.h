/*
 * Alerts on the screen: which events are looked at, and the bell, flash and notifications.
 *
 * Every accepted event is looked at once, in the order of arrival and whatever the screen shows.
 * Main thread.
 */
#ifndef ANCHORTOP_ALARM_H
#define ANCHORTOP_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "../src/alert.h"

struct ui;

struct alarm {
    struct alerts *alerts; /* NULL: there are no rules */
    uint64_t next;         /* the first event that was not looked at */
    bool behind;           /* there are more to look at */
};

/* Begins with the first event of all. False when memory ran out. */
bool alarm_open(struct ui *ui);
void alarm_close(struct alarm *alarm);

/* Looks at a slice of the events that have come, and after the commands that run. Once a frame,
 * before it is drawn. */
void alarm_pass(struct ui *ui);

/* How many milliseconds from now another pass is wanted, or -1. */
int alarm_wait_ms(const struct alarm *alarm);

#endif
