/*
 * The journal's writer: see history.h.
 */
#include "history_database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history_reader.h"
#include "history_schema.h"
#include "machine.h"

enum {
    PRUNE_ROWS = 250,   /* removed in one step */
    VACUUM_PAGES = 250, /* given back in one step */
    STEP_MS = 20,       /* between steps, while there is more to do */
    MAX_PAUSE_MS = 3600 * 1000,
};

static void notice(struct history *h, const char *text)
{
    pthread_mutex_lock(&h->mutex);
    snprintf(h->notice, sizeof h->notice, "%s", text);
    h->notices++;
    pthread_mutex_unlock(&h->mutex);
    atomic_fetch_add(&h->said, 1);
}

static void set_trouble(struct history *h, const char *text)
{
    pthread_mutex_lock(&h->mutex);
    bool same = strcmp(h->trouble, text) == 0;
    snprintf(h->trouble, sizeof h->trouble, "%s", text);
    pthread_mutex_unlock(&h->mutex);
    if (!same)
        atomic_fetch_add(&h->said, 1);
}

/* Puts a damaged journal aside, and begins a new one. */
static int begin_anew(struct history *h, const char **words)
{
    char name[HISTORY_PATH_SIZE + 64], text[HISTORY_TEXT_SIZE];
    history_database_abandon(h);
    if (!history_file_set_aside(&h->file, name, sizeof name) || !history_file_renew(&h->file)) {
        *words = history_file_words(errno);
        return SQLITE_CANTOPEN;
    }
    atomic_store(&h->damaged, false);
    int code = history_database_open(h, words);
    snprintf(text, sizeof text, "the journal was damaged; it is now %.400s, and a new one is begun",
             name);
    if (code == SQLITE_OK)
        notice(h, text);
    return code;
}

/* Only FILE-wal is gone: what stood in it and not yet in FILE is known to the open database alone.
 */
static int rescue(struct history *h, const char **words)
{
    int frames = 0, moved = 0;
    log_index_settle(&h->index, h->db);
    int code = sqlite3_wal_checkpoint_v2(h->db, NULL, SQLITE_CHECKPOINT_FULL, &frames, &moved);
    if (code == SQLITE_OK && frames == moved)
        return SQLITE_OK;
    *words = "its -wal file was deleted, and what was in it is still being saved";
    return SQLITE_BUSY;
}

/* FILE was moved away: it takes with it what stands in FILE-wal alone. */
static void complete_moved(struct history *h)
{
    if (!h->db || history_file_is_named(&h->file))
        return;
    log_index_settle(&h->index, h->db);
    sqlite3_wal_checkpoint_v2(h->db, NULL, SQLITE_CHECKPOINT_FULL, NULL, NULL);
}

/* Opens the journal again after its files were made sure of. */
static int open_again(struct history *h, bool there, const char **words)
{
    complete_moved(h);
    history_database_abandon(h);
    if (there ? !history_file_touch(&h->file) : !history_file_renew(&h->file)) {
        *words = history_file_words(errno);
        return SQLITE_CANTOPEN;
    }
    return history_database_open(h, words);
}

/* After somebody has deleted, replaced or emptied files under a running program, or after a
 * failure to do what is done here. */
static int begin_again(struct history *h, const char **words)
{
    char text[HISTORY_TEXT_SIZE];
    bool there = history_file_is_there(&h->file), open = h->db;
    int code = open && there ? rescue(h, words) : SQLITE_OK;
    if (code != SQLITE_OK)
        return code;
    /* Readers of the same file must let go of it. Those of another, which has lost its name, may
     * read that to its end. */
    if (there)
        history_readers_suspend();
    code = open_again(h, there, words);
    if (there)
        history_readers_resume();
    if (code != SQLITE_OK)
        return code;
    atomic_store(&h->damaged, false);
    snprintf(text, sizeof text,
             there ? "files of the journal %.300s were deleted; they are made again"
                   : "the journal %.300s was deleted or replaced while it was in use; another one "
                     "is begun",
             h->file.path);
    if (open || !there)
        notice(h, text);
    return SQLITE_OK;
}

/* Whether the file is damaged, and not only what is said about it: who finds real damage will find
 * it again. */
static bool is_damaged(struct history *h)
{
    if (!atomic_load(&h->damaged) || !history_file_is_there(&h->file))
        return false;
    if (h->db && history_begin(h) == SQLITE_OK)
        history_commit(h, SQLITE_OK);
    bool doubtful = h->doubt_until_ms && machine_steady_ms() < h->doubt_until_ms;
    if (doubtful)
        atomic_store(&h->damaged, false);
    return !doubtful;
}

/* Makes sure that there is a sound journal to write to, under the name that it should have. */
static int make_ready(struct history *h, const char **words)
{
    int code = SQLITE_OK;
    if (is_damaged(h))
        return begin_anew(h, words);
    if (!h->db || !history_file_same(&h->file))
        code = begin_again(h, words);
    return schema_is_corrupt(code) ? begin_anew(h, words) : code;
}

static int insert(struct history *h, struct history_entry *entry, int64_t arrived_ms)
{
    sqlite3_stmt *s = h->statements[STATEMENT_INSERT];
    sqlite3_bind_text(s, 1, entry->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, entry->type, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 3, entry->created_ms);
    sqlite3_bind_int64(s, 4, entry->received_ms);
    sqlite3_bind_text(s, 5, entry->delivery_id, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 6, entry->verified);
    sqlite3_bind_int64(s, 8, h->last_row);
    sqlite3_bind_int64(s, 9, arrived_ms);
    int code = sqlite3_bind_blob64(s, 7, entry->raw, entry->length, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = history_run(h, STATEMENT_INSERT);
    if (code != SQLITE_OK)
        return code;
    bool known = sqlite3_changes(h->db) == 0;
    if (!known)
        entry->row = sqlite3_last_insert_rowid(h->db);
    /* What an attempt before has written is not known from elsewhere. */
    entry->known = known && entry->row == 0;
    return code;
}

static int insert_all(struct history *h, struct history_entry *entries, size_t count)
{
    int64_t arrived_ms = history_clock_arrival_ms(&h->clock);
    int code = SQLITE_OK;
    for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
        code = insert(h, &entries[i], arrived_ms);
        if (code == SQLITE_OK && entries[i].verified)
            code = history_clock_confirm(&h->clock, h->db, entries[i].received_ms);
    }
    sqlite3_clear_bindings(h->statements[STATEMENT_INSERT]);
    return code;
}

static int write_all(struct history *h, struct history_entry *entries, size_t count)
{
    int code = history_begin(h);
    if (code == SQLITE_OK)
        code = history_commit(h, count > 0 ? insert_all(h, entries, count)
                                           : history_run(h, STATEMENT_PROBE));
    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        if (!entries[i].known)
            h->last_row = entries[i].row;
    return code;
}

/* A transaction that changes nothing proves nothing. */
static bool has_written(const struct history_entry *entries, size_t count)
{
    bool written = count == 0;
    for (size_t i = 0; i < count; i++)
        written |= !entries[i].known;
    return written;
}

static void fail(struct history *h, const char *words, char *reason, size_t reason_size)
{
    char text[HISTORY_TEXT_SIZE];
    snprintf(reason, reason_size, "the journal cannot be written (%s); send it again later", words);
    snprintf(text, sizeof text, "events are refused: the journal %.250s cannot be written: %.200s",
             h->file.path, words);
    set_trouble(h, text);
}

bool history_write(struct history *h, struct history_entry *entries, size_t count, char *reason,
                   size_t reason_size)
{
    enum { ATTEMPTS = 3 };
    const char *words = NULL;
    int code = SQLITE_OK;
    for (size_t i = 0; i < count; i++)
        entries[i].row = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        words = NULL;
        code = make_ready(h, &words);
        if (code == SQLITE_OK)
            code = write_all(h, entries, count);
        /* Looked at again, so that nothing is promised that lies in a file without a name. */
        if (code == SQLITE_OK && history_file_same(&h->file)) {
            if (has_written(entries, count))
                set_trouble(h, "");
            return true;
        }
        if (!words)
            words = schema_words(code, h->error);
        if (schema_is_corrupt(code))
            atomic_store(&h->damaged, true);
        else if (code != SQLITE_OK && code != SQLITE_PROTOCOL)
            break;
    }
    if (code == SQLITE_OK)
        words = "its files vanish again and again";
    fail(h, words, reason, reason_size);
    return false;
}

/* Gives room back when at least a quarter of the file is free; less will be used again. */
static bool shrink(struct history *h)
{
    char sql[64];
    int64_t free_pages = 0, pages = 0, left = 0;
    if (history_ask(h, "PRAGMA freelist_count", &free_pages) != SQLITE_OK ||
        history_ask(h, "PRAGMA page_count", &pages) != SQLITE_OK || free_pages < VACUUM_PAGES ||
        free_pages < pages / 4)
        return false;
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
    return history_begin(h) == SQLITE_OK &&
           history_commit(h, sqlite3_exec(h->db, sql, NULL, NULL, NULL)) == SQLITE_OK &&
           history_ask(h, "PRAGMA page_count", &left) == SQLITE_OK && left < pages;
}

/* The time before which events have arrived that are too old. */
static int64_t age_limit(struct history *h)
{
    int64_t doubt = 0;
    if (history_clock_doubt(h->db, &doubt) != SQLITE_OK)
        return 0;
    return history_clock_arrival_ms(&h->clock) - doubt - h->keep_ms;
}

/* Removes some of what is too old; whether there is more. */
static bool prune(struct history *h, int64_t limit_ms)
{
    sqlite3_stmt *s = h->statements[STATEMENT_PRUNE];
    sqlite3_bind_int(s, 1, PRUNE_ROWS);
    sqlite3_bind_int64(s, 2, limit_ms);
    if (history_begin(h) != SQLITE_OK)
        return false;
    int code = history_run(h, STATEMENT_PRUNE);
    bool any = code == SQLITE_OK && sqlite3_changes(h->db) > 0;
    return history_commit(h, code) == SQLITE_OK && any;
}

/* In how many milliseconds the oldest event will be too old. */
static int64_t next_prune(struct history *h, int64_t limit_ms)
{
    int64_t oldest = 0, longest = h->keep_ms < MAX_PAUSE_MS ? h->keep_ms : MAX_PAUSE_MS;
    if (history_ask(h, "SELECT arrived_ms FROM event ORDER BY row LIMIT 1", &oldest) != SQLITE_OK ||
        oldest <= 0 || oldest - limit_ms > longest)
        return longest;
    return oldest - limit_ms < HISTORY_RETRY_MS ? HISTORY_RETRY_MS : oldest - limit_ms;
}

int64_t history_tend(struct history *h)
{
    char text[HISTORY_TEXT_SIZE];
    if ((history_trouble(h, text) || atomic_load(&h->damaged)) &&
        !history_write(h, NULL, 0, text, sizeof text))
        return HISTORY_RETRY_MS;
    if (!h->db)
        return HISTORY_RETRY_MS;
    int64_t limit_ms = h->keep_ms > 0 ? age_limit(h) : 0;
    if (h->keep_ms > 0 && prune(h, limit_ms))
        return STEP_MS;
    if (shrink(h))
        return STEP_MS;
    return h->keep_ms > 0 ? next_prune(h, limit_ms) : MAX_PAUSE_MS;
}

bool history_trouble(struct history *h, char text[HISTORY_TEXT_SIZE])
{
    pthread_mutex_lock(&h->mutex);
    memcpy(text, h->trouble, sizeof h->trouble);
    pthread_mutex_unlock(&h->mutex);
    return *text;
}

unsigned history_notice(struct history *h, char text[HISTORY_TEXT_SIZE])
{
    pthread_mutex_lock(&h->mutex);
    memcpy(text, h->notice, sizeof h->notice);
    unsigned notices = h->notices;
    pthread_mutex_unlock(&h->mutex);
    return notices;
}

unsigned history_said(const struct history *h)
{
    return atomic_load(&h->said);
}

void history_found_damage(struct history *h)
{
    atomic_store(&h->damaged, true);
}

int64_t history_old_row(const struct history *h)
{
    return h->old_row;
}

const char *history_path(const struct history *h)
{
    return h->file.path;
}

struct history *history_open(const struct history_config *config, char *reason, size_t reason_size)
{
    struct history *h = calloc(1, sizeof *h);
    if (!h) {
        snprintf(reason, reason_size, "not enough memory for the journal");
        return NULL;
    }
    pthread_mutex_init(&h->mutex, NULL);
    h->keep_ms = config->keep_ms;
    if (!history_file_claim(&h->file, config->path, reason, reason_size)) {
        history_close(h);
        return NULL;
    }
    const char *words = NULL;
    int code = history_database_open(h, &words);
    if (schema_is_corrupt(code))
        code = begin_anew(h, &words);
    h->old_row = h->last_row;
    if (code == SQLITE_OK)
        return h;
    snprintf(
        reason, reason_size,
        "cannot keep the journal %.300s: %s; or name another file with --history, or keep none "
        "with --no-history",
        h->file.path, words);
    history_close(h);
    return NULL;
}

void history_close(struct history *h)
{
    if (!h)
        return;
    if (h->db && !history_file_is_there(&h->file)) {
        complete_moved(h);
        history_database_abandon(h);
    }
    if (h->db)
        log_index_settle(&h->index, h->db);
    history_database_close(h);
    history_file_release(&h->file);
    pthread_mutex_destroy(&h->mutex);
    free(h);
}
