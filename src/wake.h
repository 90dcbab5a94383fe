/*
 * What wakes a loop that waits in poll(): a pipe that other threads and signal handlers write to.
 */
#ifndef ANCHORTOP_WAKE_H
#define ANCHORTOP_WAKE_H

#include <stdbool.h>
#include <stddef.h>

/* Opens the pipe, once, before anything can call wake(). It is never closed. False with a reason.
 */
bool wake_open(char *reason, size_t reason_size);

/* Makes wake_descriptor() readable. From any thread and any signal handler; never blocks. */
void wake(void *unused);

/* Readable from a wake() on until wake_clear(), which has to come before what woke is looked at. */
int wake_descriptor(void);
void wake_clear(void);

#endif
