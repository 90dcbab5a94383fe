/*
 * The journal's writer and its open database: what history.c is made of, and nobody else sees.
 */
#ifndef ANCHORTOP_HISTORY_DATABASE_H
#define ANCHORTOP_HISTORY_DATABASE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "history_clock.h"
#include "history_file.h"
#include "history_index.h"

enum statement {
    STATEMENT_ROLLBACK,
    STATEMENT_INSERT,
    STATEMENT_PROBE,
    STATEMENT_PRUNE,
    STATEMENTS
};

/* Belongs to the thread that writes, but for what the mutex guards, and `damaged`. */
struct history {
    struct history_file file;
    int64_t keep_ms;
    sqlite3 *db; /* NULL: to be opened again */
    sqlite3_stmt *statements[STATEMENTS];
    int error;        /* errno of the last statement, for what it is worth */
    int64_t old_row;  /* the newest one at the start */
    int64_t last_row; /* that was ever given: a journal begun anew goes on counting */
    struct history_clock clock;
    struct log_index index;
    unsigned rejections;    /* of the index that were noticed */
    int64_t doubt_until_ms; /* on the steady clock: until then damage may not be real */
    atomic_bool damaged;
    atomic_uint said;
    pthread_mutex_t mutex;
    char trouble[HISTORY_TEXT_SIZE]; /* guarded; empty: none */
    char notice[HISTORY_TEXT_SIZE];  /* guarded */
    unsigned notices;                /* guarded */
};

/* Runs a statement to its end. Its code is SQLite's, as all below. */
int history_run(struct history *h, enum statement which);

/* Begins a transaction. */
int history_begin(struct history *h);

/* Commits a transaction when `code` says that all went well, and ends it in any case. Returns what
 * became of it. */
int history_commit(struct history *h, int code);

/* *number receives the first column of the first row of a query; 0 when there is none. */
int history_ask(struct history *h, const char *sql, int64_t *number);

/* Opens what the path leads to. What it returns is SQLite's code or the schema's, and *words why.
 * After a failure there is no database. */
int history_database_open(struct history *h, const char **words);
void history_database_close(struct history *h);

/* Closes it without what SQLite does at last: that would be done to files of the same names, which
 * may not be the ones that were opened. */
void history_database_abandon(struct history *h);

#endif
