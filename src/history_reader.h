/*
 * Reading the journal, beside whoever writes it: this program's other thread, or another program.
 *
 * Each reader is a connection of its own, for one thread at a time. It never holds the writer up
 * and sees each event as soon as it was written. Rows are numbers that grow in the order of
 * arrival; there may be gaps.
 */
#ifndef ANCHORTOP_HISTORY_READER_H
#define ANCHORTOP_HISTORY_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One event of the journal. Text and bytes are foreign, and good during the visit only. */
struct history_row {
    int64_t row;
    int64_t received_ms; /* Unix time, by a clock that may have been wrong */
    const char *raw;     /* not terminated; NULL when the row holds no event */
    size_t length;
    bool verified;
};

/* Which rows to read: up to `limit` after `row` in the order of arrival, or those before it from
 * the newest to the oldest. */
struct history_range {
    int64_t row;
    bool backwards;
    size_t limit;
};

struct history_reader;

/* NULL with a reason: there is no such journal, or it cannot be read. */
struct history_reader *history_reader_open(const char *path, char *reason, size_t reason_size);
void history_reader_close(struct history_reader *reader);

/*
 * For the thread that writes, around what it does to the files themselves: closes the connections
 * of all readers of this process, waiting for calls that are under way, and keeps them from opening
 * others. Then they open again by themselves, and are stale.
 *
 * SQLite's locks belong to a process, not to a connection: they all go when any descriptor of the
 * file is closed, and a connection that remains keeps the shared memory of a -shm that was deleted.
 */
void history_readers_suspend(void);
void history_readers_resume(void);

/* Whether two readers read the same file, whatever became of what SQLite keeps beside it. */
bool history_reader_same(const struct history_reader *a, const struct history_reader *b);

/*
 * Before another reader is opened in the place of one that is stale, in a program that does not
 * write: the same, where the file itself is the same and nobody has done so yet.
 */
void history_reader_let_go(const struct history_reader *reader);
/* Whether that was done, or a writer did the same: what is read next is another file, perhaps. */
bool history_reader_was_let_go(const struct history_reader *reader);

/* Whether the file that is read has been replaced or deleted, or this process's writer has made
 * what stands beside it anew. For readers of a journal that this process writes. */
bool history_reader_is_gone(const struct history_reader *reader);

/* For others. Whether the file that is read is no more the one under its name: it was deleted,
 * replaced or set aside. Open another reader then. */
bool history_reader_is_stale(const struct history_reader *reader);

/* Whether the last call failed because the file is damaged. */
bool history_reader_found_damage(const struct history_reader *reader);

/* Hands rows to visit(), which returns false to end. Returns how many it was handed, or -1 when
 * reading failed. */
int64_t history_read(struct history_reader *reader, const struct history_range *range,
                     bool (*visit)(void *context, const struct history_row *row), void *context);

/* The oldest row after one, or 0; -1 when reading failed. */
int64_t history_first_row(struct history_reader *reader, int64_t after);

/* The newest row, or 0; -1 when reading failed. */
int64_t history_last_row(struct history_reader *reader);

/* The row of an event, or 0 when the journal does not have it; -1 when reading failed. */
int64_t history_row_of(struct history_reader *reader, const char *id);

/* The row before the first event that arrived at a Unix time or after it; -1 when reading failed.
 * The time counts from now, so that it does not matter how the clock was set in between: what
 * arrived two hours ago is found under the time of two hours ago, whatever it was received at. */
int64_t history_row_before(struct history_reader *reader, int64_t unix_ms);

/* The row before the newest events that have at most `bytes` together, with `overhead` for each;
 * *count receives how many they are. Ends before what cannot be read; -1 when that is the newest.
 */
int64_t history_row_for(struct history_reader *reader, size_t bytes, size_t overhead,
                        uint64_t *count);

/* How many events there are up to a row; -1 when reading failed. Reads through them all. */
int64_t history_count(struct history_reader *reader, int64_t row);

#endif
