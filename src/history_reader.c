/*
 * Reading the journal: see history_reader.h.
 */
#include "history_reader.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "history_clock.h"
#include "history_file.h"
#include "history_schema.h"

enum query {
    QUERY_AFTER,
    QUERY_UP_TO,
    QUERY_FIRST,
    QUERY_LAST,
    QUERY_OF,
    QUERY_AT,
    QUERY_LENGTHS,
    QUERY_ROWS,
    QUERIES
};

/* A file may say anything: rows beyond these bounds are none of ours, and what is no event's text,
 * or is too long for one, is not read but NULL. Only a blob tells its length without being read.
 * One bound on each side: SQLite would begin at any of several. */
#define FROM_FIRST " row >= 1"
#define TO_LAST    " row <= 4611686018427387904"
#define AFTER      " row > max(?1, 0) AND" TO_LAST
#define UP_TO      " row <= min(?1, 4611686018427387904) AND" FROM_FIRST
#define EVENT                                                                                      \
    "SELECT row, received_ms, verified,"                                                           \
    " CASE WHEN typeof(raw) = 'blob' AND length(raw) <= 4194304 THEN raw END FROM event WHERE"

static const char *const query_texts[QUERIES] = {
    [QUERY_AFTER] = EVENT AFTER " ORDER BY row LIMIT ?2",
    [QUERY_UP_TO] = EVENT UP_TO " ORDER BY row DESC LIMIT ?2",
    [QUERY_FIRST] = "SELECT min(row) FROM event WHERE" AFTER,
    [QUERY_LAST] =
        "SELECT row FROM event WHERE" FROM_FIRST " AND" TO_LAST " ORDER BY row DESC LIMIT 1",
    [QUERY_OF] = "SELECT row FROM event WHERE id = ?1 AND" FROM_FIRST " AND" TO_LAST,
    [QUERY_AT] = "SELECT row, arrived_ms FROM event WHERE" AFTER " ORDER BY row LIMIT 1",
    [QUERY_LENGTHS] = "SELECT row, CASE WHEN typeof(raw) = 'blob' THEN length(raw) END FROM event"
                      " WHERE" FROM_FIRST " AND" TO_LAST " ORDER BY row DESC",
    [QUERY_ROWS] = "SELECT row FROM event WHERE" UP_TO " ORDER BY row DESC",
};

struct history_reader {
    struct history_file file; /* for its identity alone */
    sqlite3 *db;              /* NULL: to be opened again */
    sqlite3_stmt *queries[QUERIES];
    int code;       /* of the last call */
    bool suspended; /* there may be other files since then, even of the same numbers */
    struct history_reader *next, **link;
};

/* Held by every call of a reader, and by the writer while readers are suspended. */
static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the list alone */
static struct history_reader *readers;

static int open_database(struct history_reader *reader)
{
    int code = schema_open_reader(&reader->db, reader->file.path);
    for (size_t i = 0; i < QUERIES && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(reader->db, query_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &reader->queries[i], NULL);
    return code;
}

static void close_database(struct history_reader *reader)
{
    for (size_t i = 0; i < QUERIES; i++) {
        sqlite3_finalize(reader->queries[i]);
        reader->queries[i] = NULL;
    }
    if (reader->db)
        sqlite3_db_config(reader->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(reader->db);
    reader->db = NULL;
}

/* Begins a call: the writer waits until it ends. False when there is no file to read. */
static bool enter(struct history_reader *reader)
{
    pthread_rwlock_rdlock(&gate);
    if (!reader->db) {
        reader->code = open_database(reader);
        if (reader->code != SQLITE_OK)
            close_database(reader);
    }
    return reader->db;
}

static void leave(void)
{
    pthread_rwlock_unlock(&gate);
}

void history_readers_suspend(void)
{
    pthread_rwlock_wrlock(&gate);
    for (struct history_reader *reader = readers; reader; reader = reader->next) {
        close_database(reader);
        reader->suspended = true;
    }
}

void history_readers_resume(void)
{
    pthread_rwlock_unlock(&gate);
}

static void join_list(struct history_reader *reader)
{
    pthread_mutex_lock(&list_mutex);
    reader->next = readers;
    reader->link = &readers;
    if (readers)
        readers->link = &reader->next;
    readers = reader;
    pthread_mutex_unlock(&list_mutex);
}

static void leave_list(struct history_reader *reader)
{
    pthread_mutex_lock(&list_mutex);
    *reader->link = reader->next;
    if (reader->next)
        reader->next->link = reader->link;
    pthread_mutex_unlock(&list_mutex);
}

/* Opens the file that the path leads to, and takes note of which one that is. Another may be put in
 * its place meanwhile, which would be taken for the one before. */
static int open_named(struct history_reader *reader)
{
    enum { TRIES = 10 };
    for (int i = 0; i < TRIES; i++) {
        history_file_remember(&reader->file);
        errno = 0;
        int code = open_database(reader);
        if (code != SQLITE_OK || history_file_is_named(&reader->file))
            return code;
        close_database(reader);
    }
    return SQLITE_CANTOPEN;
}

struct history_reader *history_reader_open(const char *path, char *reason, size_t reason_size)
{
    struct history_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        snprintf(reason, reason_size, "not enough memory for reading the journal");
        return NULL;
    }
    snprintf(reader->file.path, sizeof reader->file.path, "%s", path);
    pthread_rwlock_rdlock(&gate);
    join_list(reader);
    reader->code = open_named(reader);
    int error = errno;
    leave();
    if (reader->code == SQLITE_OK)
        return reader;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        snprintf(
            reason, reason_size,
            "there is no journal %.300s yet; start anchortop, which begins one, or name another "
            "file with --history",
            path);
    else
        snprintf(reason, reason_size, "cannot read the journal %.300s: %s", path,
                 schema_words(reader->code, error));
    history_reader_close(reader);
    return NULL;
}

void history_reader_close(struct history_reader *reader)
{
    if (!reader)
        return;
    pthread_rwlock_rdlock(&gate);
    leave_list(reader);
    close_database(reader);
    leave();
    free(reader);
}

bool history_reader_same(const struct history_reader *a, const struct history_reader *b)
{
    return a->file.main.device == b->file.main.device && a->file.main.inode == b->file.main.inode;
}

bool history_reader_was_let_go(const struct history_reader *reader)
{
    pthread_rwlock_rdlock(&gate);
    bool suspended = reader->suspended;
    leave();
    return suspended;
}

void history_reader_let_go(const struct history_reader *reader)
{
    if (history_reader_was_let_go(reader) || !history_file_is_named(&reader->file))
        return;
    history_readers_suspend();
    history_readers_resume();
}

bool history_reader_is_gone(const struct history_reader *reader)
{
    pthread_rwlock_rdlock(&gate);
    bool gone = reader->suspended || !history_file_is_there(&reader->file);
    leave();
    return gone;
}

bool history_reader_is_stale(const struct history_reader *reader)
{
    return history_reader_is_gone(reader) || !history_file_same(&reader->file);
}

bool history_reader_found_damage(const struct history_reader *reader)
{
    return schema_is_corrupt(reader->code);
}

/* One step of a query; true while there are rows. The query is ready for the next use afterwards,
 * and holds no lock. */
static bool step(struct history_reader *reader, enum query which)
{
    sqlite3_stmt *query = reader->queries[which];
    int code = sqlite3_step(query);
    if (code == SQLITE_ROW)
        return true;
    reader->code = code == SQLITE_DONE ? SQLITE_OK : code;
    sqlite3_reset(query);
    return false;
}

/* The first column of a query's first row; 0 when there is none, -1 when reading failed. */
static int64_t first_number(struct history_reader *reader, enum query which)
{
    if (!step(reader, which))
        return reader->code == SQLITE_OK ? 0 : -1;
    int64_t number = sqlite3_column_int64(reader->queries[which], 0);
    sqlite3_reset(reader->queries[which]);
    return number;
}

/* The same as a call of its own. A query without a parameter does not mind one. */
static int64_t ask(struct history_reader *reader, enum query which, int64_t parameter)
{
    int64_t number = -1;
    if (enter(reader)) {
        sqlite3_bind_int64(reader->queries[which], 1, parameter);
        number = first_number(reader, which);
    }
    leave();
    return number;
}

/* The same for a row that has to lie on the one side of the one before it. A tree of pages that
 * leads in a circle would never end. */
static bool step_on(struct history_reader *reader, enum query which, int64_t *row, bool backwards)
{
    if (!step(reader, which))
        return false;
    int64_t next = sqlite3_column_int64(reader->queries[which], 0);
    if (backwards ? next < *row : next > *row) {
        *row = next;
        return true;
    }
    sqlite3_reset(reader->queries[which]);
    reader->code = SQLITE_CORRUPT;
    return false;
}

static int64_t plausible_ms(int64_t ms)
{
    return ms < 0 ? 0 : ms > CLOCK_MAX_MS ? CLOCK_MAX_MS : ms;
}

static int64_t read_range(struct history_reader *reader, const struct history_range *range,
                          bool (*visit)(void *context, const struct history_row *row),
                          void *context)
{
    enum query which = range->backwards ? QUERY_UP_TO : QUERY_AFTER;
    sqlite3_stmt *query = reader->queries[which];
    int64_t count = 0, at = range->row;
    sqlite3_bind_int64(query, 1, range->backwards && at > INT64_MIN ? at - 1 : at);
    sqlite3_bind_int64(query, 2, (int64_t)range->limit);
    while (step_on(reader, which, &at, range->backwards)) {
        const struct history_row row = {
            .row = at,
            .received_ms = plausible_ms(sqlite3_column_int64(query, 1)),
            .verified = sqlite3_column_int(query, 2),
            .raw = sqlite3_column_blob(query, 3),
            .length = (size_t)sqlite3_column_bytes(query, 3),
        };
        count++;
        if (!visit(context, &row)) {
            sqlite3_reset(query);
            return count;
        }
    }
    return reader->code == SQLITE_OK ? count : -1;
}

int64_t history_read(struct history_reader *reader, const struct history_range *range,
                     bool (*visit)(void *context, const struct history_row *row), void *context)
{
    int64_t count = enter(reader) ? read_range(reader, range, visit, context) : -1;
    leave();
    return count;
}

int64_t history_first_row(struct history_reader *reader, int64_t after)
{
    return ask(reader, QUERY_FIRST, after);
}

int64_t history_last_row(struct history_reader *reader)
{
    return ask(reader, QUERY_LAST, 0);
}

int64_t history_row_of(struct history_reader *reader, const char *id)
{
    int64_t row = -1;
    if (enter(reader)) {
        sqlite3_bind_text(reader->queries[QUERY_OF], 1, id, -1, SQLITE_TRANSIENT);
        row = first_number(reader, QUERY_OF);
    }
    leave();
    return row;
}

/* The row before the first that arrived at a time of the journal or after it. */
static int64_t seek_row_before(struct history_reader *reader, int64_t arrived_ms)
{
    int64_t low = 1, high = first_number(reader, QUERY_LAST) + 1;
    if (high == 0)
        return -1;
    /* Times grow with the row: the first one is somewhere in low..high. */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        sqlite3_bind_int64(reader->queries[QUERY_AT], 1, middle - 1);
        if (!step(reader, QUERY_AT))
            return reader->code == SQLITE_OK ? high - 1 : -1;
        int64_t row = sqlite3_column_int64(reader->queries[QUERY_AT], 0);
        bool late = sqlite3_column_int64(reader->queries[QUERY_AT], 1) >= arrived_ms;
        sqlite3_reset(reader->queries[QUERY_AT]);
        if (late)
            high = middle;
        else
            low = row + 1;
    }
    return low - 1;
}

static int64_t find_row_before(struct history_reader *reader, int64_t unix_ms)
{
    struct history_clock clock;
    reader->code = history_clock_start(&clock, reader->db);
    if (reader->code != SQLITE_OK)
        return -1;
    /* No event arrived before 1970, nor will. */
    int64_t ahead = history_clock_ahead_ms(&clock);
    return seek_row_before(reader, unix_ms < -ahead         ? 0
                                   : unix_ms > CLOCK_MAX_MS ? CLOCK_MAX_MS + 1
                                                            : unix_ms + ahead);
}

int64_t history_row_before(struct history_reader *reader, int64_t unix_ms)
{
    int64_t row = enter(reader) ? find_row_before(reader, unix_ms) : -1;
    leave();
    return row;
}

static int64_t seek_row_for(struct history_reader *reader, size_t bytes, size_t overhead,
                            uint64_t *count)
{
    sqlite3_stmt *query = reader->queries[QUERY_LENGTHS];
    int64_t row = INT64_MAX;
    while (step_on(reader, QUERY_LENGTHS, &row, true)) {
        size_t size = (size_t)sqlite3_column_int64(query, 1) + overhead;
        if (size > bytes) {
            sqlite3_reset(query);
            return row;
        }
        bytes -= size;
        ++*count;
    }
    if (reader->code == SQLITE_OK)
        return 0;
    /* Looking for what comes after the row before it would lead into the damage again. */
    if (*count == 0)
        return -1;
    --*count;
    return row;
}

int64_t history_row_for(struct history_reader *reader, size_t bytes, size_t overhead,
                        uint64_t *count)
{
    *count = 0;
    int64_t row = enter(reader) ? seek_row_for(reader, bytes, overhead, count) : -1;
    leave();
    return row;
}

static int64_t count_rows(struct history_reader *reader, int64_t row)
{
    int64_t count = 0, at = INT64_MAX;
    sqlite3_bind_int64(reader->queries[QUERY_ROWS], 1, row);
    while (step_on(reader, QUERY_ROWS, &at, true))
        count++;
    return reader->code == SQLITE_OK ? count : -1;
}

int64_t history_count(struct history_reader *reader, int64_t row)
{
    int64_t count = enter(reader) ? count_rows(reader, row) : -1;
    leave();
    return count;
}
