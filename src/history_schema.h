/*
 * The journal as a database: its tables, how older ones become newer ones, and how a connection to
 * it is set up.
 */
#ifndef ANCHORTOP_HISTORY_SCHEMA_H
#define ANCHORTOP_HISTORY_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* What can be wrong with a file, beside SQLite's own codes, which are positive. */
enum {
    SCHEMA_FOREIGN = -1, /* it is not a journal */
    SCHEMA_NEWER = -2,   /* a newer anchortop has written it */
    SCHEMA_OLDER = -3,   /* an older one keeps it; to readers only */
    SCHEMA_STRANGE = -4, /* it has what a journal does not have, or not what one has */
};

/* steps[v] takes a database from version v to v + 1; the first makes an empty one a journal. */
struct schema {
    const char *const *steps;
    int version;
};

extern const struct schema history_schema;

/* Brings a database to the schema's version, each step whole or not at all, when it has exactly the
 * tables that the steps up to its own version make. SQLITE_OK, another code of SQLite's, or what is
 * wrong. */
int schema_upgrade(sqlite3 *db, const struct schema *schema);

/* Opens a journal to write to it: SQLITE_OK or what schema_upgrade() returns. *db is to be closed
 * either way, and may be NULL. For one thread at a time. */
int schema_open_writer(sqlite3 **db, const char *path);

/* The same to read only; never changes anything. */
int schema_open_reader(sqlite3 **db, const char *path);

/* Whether a code says that the file is damaged, or no database. */
bool schema_is_corrupt(int code);

/* What a code means to a person, and what to do: "the disk is full; make room". `error` is errno as
 * the failed call has left it. Good until the next call. */
const char *schema_words(int code, int error);

#endif
