/*
 * The journal's open database: see history_database.h.
 */
#include "history_database.h"

#include <errno.h>

#include "history_schema.h"
#include "machine.h"

enum { DOUBT_MS = 10 * 1000 }; /* how long after a scribble reports of damage are not believed */

static const char *const statement_texts[STATEMENTS] = {
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_INSERT] =
        "INSERT INTO event"
        " (id, type, created_ms, received_ms, arrived_ms, delivery_id, verified, raw, row)"
        " VALUES (?1, ?2, ?3, ?4, ?9, ?5, ?6, ?7,"
        " 1 + max(?8, ifnull((SELECT max(row) FROM event), 0)))"
        " ON CONFLICT (id) DO NOTHING",
    /* Writes the header again, as it is. */
    [STATEMENT_PROBE] = "PRAGMA application_id = 0x416e6354",
    /* The newest row stays, so that rows are never numbered again. */
    [STATEMENT_PRUNE] =
        "DELETE FROM event WHERE row <= (SELECT max(row) FROM"
        " (SELECT row, arrived_ms FROM event ORDER BY row LIMIT ?1) WHERE arrived_ms < ?2)"
        " AND row < (SELECT max(row) FROM event)",
};

int history_run(struct history *h, enum statement which)
{
    errno = 0;
    int code = sqlite3_step(h->statements[which]);
    h->error = errno;
    sqlite3_reset(h->statements[which]);
    return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

/* While somebody scribbles on FILE-shm, the file may look damaged to whoever reads it. */
static void note_scribbles(struct history *h)
{
    if (h->rejections == h->index.rejections)
        return;
    h->rejections = h->index.rejections;
    h->doubt_until_ms = machine_steady_ms() + DOUBT_MS;
}

int history_begin(struct history *h)
{
    errno = 0;
    int code = log_index_begin(&h->index, h->db);
    h->error = errno;
    note_scribbles(h);
    return code;
}

int history_commit(struct history *h, int code)
{
    if (code == SQLITE_OK) {
        errno = 0;
        code = log_index_commit(&h->index, h->db);
        h->error = errno;
    }
    note_scribbles(h);
    if (!sqlite3_get_autocommit(h->db)) {
        int error = h->error;
        history_run(h, STATEMENT_ROLLBACK);
        h->error = error;
    }
    return code;
}

int history_ask(struct history *h, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(h->db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

void history_database_close(struct history *h)
{
    for (size_t i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(h->statements[i]);
        h->statements[i] = NULL;
    }
    sqlite3_close(h->db);
    h->db = NULL;
    log_index_forget(&h->index);
}

void history_database_abandon(struct history *h)
{
    if (h->db)
        sqlite3_db_config(h->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    history_database_close(h);
}

/* That a journal can be written is known only when it was; there is a -wal then, too. */
static int start_clock(struct history *h)
{
    int code = history_begin(h);
    if (code != SQLITE_OK)
        return code;
    code = history_run(h, STATEMENT_PROBE);
    if (code == SQLITE_OK)
        code = history_clock_start(&h->clock, h->db);
    if (code == SQLITE_OK)
        code = history_clock_keep(&h->clock, h->db);
    return history_commit(h, code);
}

int history_database_open(struct history *h, const char **words)
{
    int64_t last = 0;
    errno = 0;
    int code = schema_open_writer(&h->db, h->file.path);
    h->error = errno;
    for (size_t i = 0; i < STATEMENTS && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(h->db, statement_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &h->statements[i], NULL);
    if (code == SQLITE_OK)
        code = log_index_open(&h->index, h->db);
    if (code == SQLITE_OK)
        code = start_clock(h);
    if (code == SQLITE_OK)
        code = history_ask(h, "SELECT max(row) FROM event", &last);
    if (code != SQLITE_OK) {
        *words = schema_words(code, h->error);
        history_database_abandon(h);
        return code;
    }
    history_file_remember(&h->file);
    if (last > h->last_row)
        h->last_row = last;
    return SQLITE_OK;
}
