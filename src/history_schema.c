/*
 * The journal as a database: see history_schema.h.
 */
#include "history_schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    APPLICATION_ID = 0x416e6354, /* "AncT", in the file's header */
    BUSY_MS = 250,               /* how long to wait for another program's lock */
};

/* Rows count up in the order of arrival. There is a gap where a journal was begun, or put, in the
 * place of another while a program kept it. `raw` stands last: what comes before it can be read
 * without it. */
static const char create[] = "PRAGMA application_id = 0x416e6354;"
                             "CREATE TABLE event ("
                             " row INTEGER PRIMARY KEY,"
                             " id TEXT NOT NULL UNIQUE,"
                             " type TEXT NOT NULL,"
                             " created_ms INTEGER NOT NULL,"
                             " received_ms INTEGER NOT NULL,"
                             " delivery_id TEXT,"
                             " verified INTEGER NOT NULL,"
                             " raw BLOB NOT NULL);";

const struct schema history_schema = {.steps = (const char *const[]){create}, .version = 1};

static int read_number(sqlite3 *db, const char *sql, int *number)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? SQLITE_OK : code == SQLITE_DONE ? SQLITE_ERROR : code;
}

static int check(sqlite3 *db, const struct schema *schema, int *version)
{
    int tables = 0, application = 0;
    int code = read_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (code == SQLITE_OK)
        code = read_number(db, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = read_number(db, "PRAGMA user_version", version);
    if (code != SQLITE_OK)
        return code;
    if (tables > 0 ? application != APPLICATION_ID : *version != 0)
        return SCHEMA_FOREIGN;
    return *version > schema->version ? SCHEMA_NEWER : SQLITE_OK;
}

static int take_step(sqlite3 *db, const char *step, int version)
{
    char stamp[48];
    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d; COMMIT", version);
    int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, step, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, stamp, NULL, NULL, NULL);
    if (code != SQLITE_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

int schema_upgrade(sqlite3 *db, const struct schema *schema)
{
    int version = 0, code = check(db, schema, &version);
    for (; code == SQLITE_OK && version < schema->version; version++)
        code = take_step(db, schema->steps[version], version + 1);
    return code;
}

static int open_file(sqlite3 **db, const char *path, int how)
{
    int code = sqlite3_open_v2(path, db, how | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return code;
    sqlite3_extended_result_codes(*db, 1);
    sqlite3_busy_timeout(*db, BUSY_MS);
    /* A journal is a file that others could have written: what it says about itself is not
     * believed further than needed. */
    sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return sqlite3_exec(*db, "PRAGMA trusted_schema = OFF", NULL, NULL, NULL);
}

int schema_open_writer(sqlite3 **db, const char *path)
{
    /* A page that takes several events makes a transaction cheaper. auto_vacuum holds when it is
     * set before the first table, and page by page: nothing is moved until it is asked for.
     * fullfsync is for systems whose fsync() does not reach the disk. No memory mapping: a file
     * that somebody cuts off would end the program with SIGBUS. */
    static const char settings[] = "PRAGMA page_size = 8192;"
                                   "PRAGMA auto_vacuum = INCREMENTAL;"
                                   "PRAGMA journal_mode = WAL;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA fullfsync = ON;"
                                   "PRAGMA checkpoint_fullfsync = ON;"
                                   "PRAGMA cache_size = -32768;"
                                   "PRAGMA wal_autocheckpoint = 2000;";
    int version, code = open_file(db, path, SQLITE_OPEN_READWRITE);
    /* Looked at first: somebody else's database is not to be changed. */
    if (code == SQLITE_OK)
        code = check(*db, &history_schema, &version);
    if (code == SQLITE_OK)
        code = sqlite3_exec(*db, settings, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = schema_upgrade(*db, &history_schema);
    return code;
}

int schema_open_reader(sqlite3 **db, const char *path)
{
    int version = 0, code = open_file(db, path, SQLITE_OPEN_READONLY);
    if (code == SQLITE_OK)
        code = check(*db, &history_schema, &version);
    if (code == SQLITE_OK && version < history_schema.version)
        code = SCHEMA_FOREIGN;
    return code;
}

bool schema_is_corrupt(int code)
{
    return code > 0 && ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB);
}

const char *schema_words(int code, int error)
{
    /* The system's reason says more than SQLite's, so these come first. */
    static const struct {
        int error, code;
        const char *words;
    } reasons[] = {
        {.error = ENOSPC, .words = "the disk is full; make room"},
        {.error = EDQUOT, .words = "the disk quota is used up; make room"},
        {.error = EFBIG, .words = "the file has reached the size that is allowed (ulimit -f)"},
        {.error = EROFS, .words = "the file system is read-only; make it writable"},
        {.error = EACCES, .words = "its files may not be written; check their permissions"},
        {.error = EMFILE, .words = "too many files are open; raise the limit (ulimit -n)"},
        {.code = SCHEMA_FOREIGN, .words = "the file is not a journal of anchortop's"},
        {.code = SCHEMA_NEWER, .words = "a newer anchortop has written it; use that one"},
        {.code = SQLITE_FULL, .words = "the disk is full; make room"},
        {.code = SQLITE_READONLY, .words = "the file is read-only; make it writable"},
        {.code = SQLITE_BUSY, .words = "another program has locked the file; end that one"},
        {.code = SQLITE_LOCKED, .words = "another program has locked the file; end that one"},
        {.code = SQLITE_CANTOPEN, .words = "the file cannot be opened; check its directory"},
        {.code = SQLITE_CORRUPT, .words = "the file is damaged"},
        {.code = SQLITE_NOTADB, .words = "the file is damaged"},
    };
    int plain = code > 0 ? code & 0xff : code;
    if (plain != SQLITE_IOERR && plain != SQLITE_CANTOPEN)
        error = 0;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].error ? reasons[i].error == error : reasons[i].code == plain)
            return reasons[i].words;
    return error ? strerror(error) : sqlite3_errstr(code);
}
