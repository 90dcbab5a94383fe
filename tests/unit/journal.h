/*
 * A journal in a directory of its own, for the tests of what reads and writes it.
 */
#ifndef ANCHORTOP_TEST_JOURNAL_H
#define ANCHORTOP_TEST_JOURNAL_H

#include <criterion/criterion.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "history.h"
#include "history_reader.h"

enum { PATH_SIZE = 128 };

static char home[] = "/tmp/anchortop-history-XXXXXX";
static char path[PATH_SIZE]; /* of the journal: a directory below home that is not there yet */
static char reason[700];

static inline void set_up(void)
{
    cr_assert(mkdtemp(home));
    snprintf(path, sizeof path, "%s/state/history.db", home);
}

static inline int remove_entry(const char *name, const struct stat *status, int kind,
                               struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(name);
}

static inline void remove_all(const char *top)
{
    nftw(top, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void tear_down(void)
{
    remove_all(home);
}

static inline int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static inline struct history *open_keeping(int64_t keep_ms)
{
    const struct history_config config = {.path = path, .keep_ms = keep_ms};
    struct history *history = history_open(&config, reason, sizeof reason);
    cr_assert(history, "%s", reason);
    return history;
}

static inline struct history *open_journal(void)
{
    return open_keeping(0);
}

static inline bool write_at(struct history *history, const char *id, const char *raw,
                            int64_t received_ms, bool *known)
{
    struct history_entry entry = {.id = id,
                                  .type = "task.failed",
                                  .delivery_id = "dlv_1",
                                  .raw = raw,
                                  .length = strlen(raw),
                                  .created_ms = received_ms - 5,
                                  .received_ms = received_ms,
                                  .verified = true};
    bool good = history_write(history, &entry, 1, reason, sizeof reason);
    *known = entry.known;
    return good;
}

static inline bool write_one(struct history *history, const char *id)
{
    char raw[128];
    bool known;
    snprintf(raw, sizeof raw, "{\"id\":\"%s\"}", id);
    return write_at(history, id, raw, now_ms(), &known) && !known;
}

static inline void write_event(struct history *history, const char *id, int64_t received_ms)
{
    char raw[128];
    bool known;
    snprintf(raw, sizeof raw, "{\"id\":\"%s\",\"type\":\"task.failed\"}", id);
    cr_assert(write_at(history, id, raw, received_ms, &known), "%s", reason);
}

static inline void run_sql(const char *sql)
{
    sqlite3 *db;
    sqlite3_int64 limit = sqlite3_hard_heap_limit64(-1);
    sqlite3_hard_heap_limit64(0); /* here anything goes */
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sql,
                 sqlite3_errmsg(db));
    sqlite3_close(db);
    sqlite3_hard_heap_limit64(limit);
}

/* Lets an event have arrived some time ago. */
static inline void make_older(const char *id, int64_t age_ms)
{
    char sql[128];
    snprintf(sql, sizeof sql, "UPDATE event SET arrived_ms = arrived_ms - %lld WHERE id = '%s'",
             (long long)age_ms, id);
    run_sql(sql);
}

static inline struct history_reader *open_reader(void)
{
    struct history_reader *reader = history_reader_open(path, reason, sizeof reason);
    cr_assert(reader, "%s", reason);
    return reader;
}

static inline bool has(const char *id)
{
    struct history_reader *reader = open_reader();
    int64_t row = history_row_of(reader, id);
    history_reader_close(reader);
    cr_assert_geq(row, 0);
    return row > 0;
}

static inline void write_file(const char *name, const char *content)
{
    FILE *file = fopen(name, "w");
    cr_assert(file);
    fputs(content, file);
    fclose(file);
}

enum { PAGE = 8192 }; /* bytes, as history_schema.c sets it */

static inline bool page_has(const char *page, const char *text)
{
    size_t length = strlen(text);
    for (size_t at = 0; at + length <= PAGE; at++)
        if (memcmp(page + at, text, length) == 0)
            return true;
    return false;
}

/* Overwrites the page on which a text stands. */
static inline void damage_page(const char *text)
{
    static char page[PAGE];
    FILE *file = fopen(path, "r+");
    cr_assert(file);
    long at = 0;
    while (fread(page, 1, PAGE, file) == PAGE && !page_has(page, text))
        at += PAGE;
    cr_assert_not(feof(file), "%s is nowhere", text);
    memset(page, 'Z', PAGE);
    fseek(file, at, SEEK_SET);
    fwrite(page, 1, PAGE, file);
    fclose(file);
}

#endif
