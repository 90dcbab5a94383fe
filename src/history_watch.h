/*
 * When to look at a journal again that another program writes to.
 *
 * On Linux the kernel tells when its files change, so that nothing wakes up while nothing happens.
 * SQLite changes FILE-wal some time before what it wrote can be read, and then tells nobody: after
 * each change the journal is worth looking at several times, at growing distances. Elsewhere, and
 * where the kernel cannot tell, it is worth looking at twice a second. Belongs to one thread.
 */
#ifndef ANCHORTOP_HISTORY_WATCH_H
#define ANCHORTOP_HISTORY_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct history_watch;

/* Watches the journal at a path, whether it is there or not. NULL when memory ran out. */
struct history_watch *history_watch_open(const char *path);
void history_watch_close(struct history_watch *watch);

/* Readable when history_watch_due() has something to take in; -1 when nothing ever does. */
int history_watch_descriptor(const struct history_watch *watch);

/* Whether it is time to look. Ask before each look: what changes during a look makes it due
 * again. The first time it always is. */
bool history_watch_due(struct history_watch *watch, int64_t now_ms);

/* The last look has found something: more may follow soon. */
void history_watch_found(struct history_watch *watch, int64_t now_ms);

/* Milliseconds until it is due although the descriptor is not readable; -1: it will not be. */
int history_watch_timeout(const struct history_watch *watch, int64_t now_ms);

#endif
