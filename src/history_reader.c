/*
 * Reading the journal: see history_reader.h.
 */
#include "history_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

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
    sqlite3 *db;
    sqlite3_stmt *queries[QUERIES];
    int code; /* of the last call */
};

static int open_database(struct history_reader *reader)
{
    int code = schema_open_reader(&reader->db, reader->file.path);
    for (size_t i = 0; i < QUERIES && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(reader->db, query_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &reader->queries[i], NULL);
    return code;
}

struct history_reader *history_reader_open(const char *path, char *reason, size_t reason_size)
{
    struct history_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        snprintf(reason, reason_size, "not enough memory for reading the journal");
        return NULL;
    }
    snprintf(reader->file.path, sizeof reader->file.path, "%s", path);
    history_file_remember(&reader->file);
    errno = 0;
    reader->code = open_database(reader);
    if (reader->code == SQLITE_OK)
        return reader;
    snprintf(reason, reason_size, "cannot read the journal %.300s: %s", path,
             schema_words(reader->code, errno));
    history_reader_close(reader);
    return NULL;
}

void history_reader_close(struct history_reader *reader)
{
    if (!reader)
        return;
    for (size_t i = 0; i < QUERIES; i++)
        sqlite3_finalize(reader->queries[i]);
    if (reader->db)
        sqlite3_db_config(reader->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close(reader->db);
    free(reader);
}

bool history_reader_is_stale(const struct history_reader *reader)
{
    return !history_file_same(&reader->file);
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
static int64_t ask(struct history_reader *reader, enum query which)
{
    if (!step(reader, which))
        return reader->code == SQLITE_OK ? 0 : -1;
    int64_t number = sqlite3_column_int64(reader->queries[which], 0);
    sqlite3_reset(reader->queries[which]);
    return number;
}

int64_t history_read(struct history_reader *reader, const struct history_range *range,
                     bool (*visit)(void *context, const struct history_row *row), void *context)
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

int64_t history_first_row(struct history_reader *reader, int64_t after)
{
    sqlite3_bind_int64(reader->queries[QUERY_FIRST], 1, after);
    return ask(reader, QUERY_FIRST);
}

int64_t history_last_row(struct history_reader *reader)
{
    return ask(reader, QUERY_LAST);
}

int64_t history_row_of(struct history_reader *reader, const char *id)
{
    sqlite3_bind_text(reader->queries[QUERY_OF], 1, id, -1, SQLITE_TRANSIENT);
    return ask(reader, QUERY_OF);
}

int64_t history_row_before(struct history_reader *reader, int64_t received_ms)
{
    int64_t low = 1, high = history_last_row(reader) + 1;
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

int64_t history_row_for(struct history_reader *reader, size_t bytes, size_t overhead,
                        uint64_t *count)
{
    sqlite3_stmt *query = reader->queries[QUERY_LENGTHS];
    int64_t row = 0;
    *count = 0;
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

int64_t history_count(struct history_reader *reader, int64_t row)
{
    sqlite3_bind_int64(reader->queries[QUERY_COUNT], 1, row);
    return ask(reader, QUERY_COUNT);
}
