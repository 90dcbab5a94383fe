/*
 * FILE-shm, the index of SQLite's log, checked against what was written.
 *
 * It is memory that programs share by a file, so that anything may scribble on it. SQLite finds a
 * damaged header, but believes the rest: pages that it does not find there any more are read from
 * the file as they were before, written anew from that, and everything in between is lost. The one
 * who writes knows what the index has to say, because FILE-wal says it. Before a transaction is
 * written, and before the log is moved into the file, the index is compared; when it differs,
 * SQLite is made to build it again from FILE-wal. The format is documented:
 * sqlite.org/walformat.html.
 *
 * For the thread that writes.
 */
#ifndef ANCHORTOP_HISTORY_INDEX_H
#define ANCHORTOP_HISTORY_INDEX_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the index has to say. Zero-initialise; emptied by log_index_forget(). */
struct log_index {
    bool off;              /* there is no log: the file system has no shared memory */
    bool known;            /* false: to be built again before it is believed */
    unsigned char salt[8]; /* of this round of the log */
    uint32_t frames;       /* pages in the log */
    unsigned rejections;   /* how often it did not say that */
    uint32_t **regions;    /* as in FILE-shm */
    size_t region_count;
};

void log_index_forget(struct log_index *index);

/* After a database was opened: learns whether it has a log. What it returns is SQLite's code, as
 * below. */
int log_index_open(struct log_index *index, sqlite3 *db);

/* Begins a transaction that writes, with an index that says what it has to. SQLITE_PROTOCOL when
 * somebody scribbles on it all the time. */
int log_index_begin(struct log_index *index, sqlite3 *db);

/* Commits it, and moves the log into the file when that has become long. SQLITE_PROTOCOL when the
 * index was scribbled on meanwhile: then everything is taken back, and worth trying again. */
int log_index_commit(struct log_index *index, sqlite3 *db);

/* Makes sure of the index before SQLite moves the log into the file by itself. */
void log_index_settle(struct log_index *index, sqlite3 *db);

#endif
