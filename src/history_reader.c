/*
 * Reading the journal: see history_reader.h.
 */
#include "history_reader.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "history_file.h"
#include "history_schema.h"

enum query {
    QUERY_AFTER,
    QUERY_BEFORE,
    QUERY_FIRST,
    QUERY_LAST,
    QUERY_OF,
    QUERY_AT,
    QUERY_LENGTHS,
    QUERY_COUNT,
    QUERIES
};

static const char *const query_texts[QUERIES] = {
    [QUERY_AFTER] = "SELECT row, received_ms, verified, raw FROM event WHERE row > ?1"
                    " ORDER BY row LIMIT ?2",
    [QUERY_BEFORE] = "SELECT row, received_ms, verified, raw FROM event WHERE row < ?1"
                     " ORDER BY row DESC LIMIT ?2",
    [QUERY_FIRST] = "SELECT min(row) FROM event WHERE row > ?1",
    [QUERY_LAST] = "SELECT max(row) FROM event",
    [QUERY_OF] = "SELECT row FROM event WHERE id = ?1",
    [QUERY_AT] = "SELECT row, received_ms FROM event WHERE row >= ?1 ORDER BY row LIMIT 1",
    [QUERY_LENGTHS] = "SELECT row, length(raw) FROM event ORDER BY row DESC",
    [QUERY_COUNT] = "SELECT count(*) FROM event WHERE row <= ?1",
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
    history_file_remember(&reader->file);
    errno = 0;
    reader->code = open_database(reader);
    int error = errno;
    leave();
    if (reader->code == SQLITE_OK)
        return reader;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        snprintf(reason, reason_size,
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

void history_reader_let_go(const struct history_reader *reader)
{
    pthread_rwlock_rdlock(&gate);
    bool suspended = reader->suspended;
    leave();
    if (suspended || !history_file_is_there(&reader->file))
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

static int64_t read_range(struct history_reader *reader, const struct history_range *range,
                          bool (*visit)(void *context, const struct history_row *row),
                          void *context)
{
    enum query which = range->backwards ? QUERY_BEFORE : QUERY_AFTER;
    sqlite3_stmt *query = reader->queries[which];
    int64_t count = 0;
    sqlite3_bind_int64(query, 1, range->row);
    sqlite3_bind_int64(query, 2, (int64_t)range->limit);
    while (step(reader, which)) {
        const struct history_row row = {
            .row = sqlite3_column_int64(query, 0),
            .received_ms = sqlite3_column_int64(query, 1),
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

static int64_t seek_row_before(struct history_reader *reader, int64_t received_ms)
{
    int64_t low = 1, high = first_number(reader, QUERY_LAST) + 1;
    if (high == 0)
        return -1;
    /* Rows stand in the order of arrival: the first one is somewhere in low..high. */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        sqlite3_bind_int64(reader->queries[QUERY_AT], 1, middle);
        if (!step(reader, QUERY_AT))
            return reader->code == SQLITE_OK ? high - 1 : -1;
        int64_t row = sqlite3_column_int64(reader->queries[QUERY_AT], 0);
        bool late = sqlite3_column_int64(reader->queries[QUERY_AT], 1) >= received_ms;
        sqlite3_reset(reader->queries[QUERY_AT]);
        if (late)
            high = middle;
        else
            low = row + 1;
    }
    return low - 1;
}

int64_t history_row_before(struct history_reader *reader, int64_t received_ms)
{
    int64_t row = enter(reader) ? seek_row_before(reader, received_ms) : -1;
    leave();
    return row;
}

static int64_t seek_row_for(struct history_reader *reader, size_t bytes, size_t overhead,
                            uint64_t *count)
{
    sqlite3_stmt *query = reader->queries[QUERY_LENGTHS];
    int64_t row = 0;
    while (step(reader, QUERY_LENGTHS)) {
        size_t size = (size_t)sqlite3_column_int64(query, 1) + overhead;
        row = sqlite3_column_int64(query, 0);
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

int64_t history_count(struct history_reader *reader, int64_t row)
{
    return ask(reader, QUERY_COUNT, row);
}
