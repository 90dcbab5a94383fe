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
    MAX_LENGTH = 8 << 20,        /* bytes in a row: an event has 4 MiB at most */
    MAX_HEAP = 256 << 20,        /* bytes for all of SQLite; the caches take 40 MiB */
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

/*
 * Adds the journal's own clock: see history_clock.h. What is there already is taken to have arrived
 * at the latest time up to now that any event before it was received at: when a clock was wrong for
 * a while, events seem younger than they are rather than older. What can be no event stays behind.
 */
static const char add_arrival[] =
    "ALTER TABLE event RENAME TO event_1;"
    "CREATE TABLE event ("
    " row INTEGER PRIMARY KEY,"
    " id TEXT NOT NULL UNIQUE,"
    " type TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL,"  /* Unix time, by the sender's clock */
    " received_ms INTEGER NOT NULL," /* Unix time, by this machine's clock, right or wrong */
    " arrived_ms INTEGER NOT NULL,"  /* by the journal's own clock; grows with the row */
    " delivery_id TEXT,"
    " verified INTEGER NOT NULL,"
    " raw BLOB NOT NULL);"
    "WITH now (ms) AS (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),"
    " arrival (row, ms) AS ("
    "  SELECT row, max(received_ms) FILTER (WHERE received_ms <= (SELECT ms FROM now))"
    "   OVER (ORDER BY row ROWS UNBOUNDED PRECEDING)"
    "  FROM event_1 WHERE row BETWEEN 1 AND 4611686018427387904),"
    " first (ms) AS ("
    "  SELECT ifnull((SELECT ms FROM arrival WHERE ms IS NOT NULL LIMIT 1), ms) FROM now)"
    "INSERT INTO event SELECT old.row, id, type, created_ms, received_ms,"
    " max(0, ifnull(arrival.ms, (SELECT ms FROM first))), delivery_id, verified, raw"
    " FROM arrival CROSS JOIN event_1 AS old ON old.row = arrival.row"
    " WHERE typeof(raw) = 'blob' AND length(raw) <= 4194304 ORDER BY old.row;"
    "DROP TABLE event_1;"
    /* One row for each boot of the machine in which events were written. */
    "CREATE TABLE boot ("
    " row INTEGER PRIMARY KEY,"
    " after_row INTEGER NOT NULL," /* the newest event before it */
    " name TEXT NOT NULL,"
    " uptime_ms INTEGER NOT NULL," /* at one moment, with Unix time and the journal's own */
    " unix_ms INTEGER NOT NULL,"
    " arrived_ms INTEGER NOT NULL,"
    " doubt_ms INTEGER NOT NULL);"; /* how much of that only the system's clock has said */

const struct schema history_schema = {.steps = (const char *const[]){create, add_arrival},
                                      .version = 2};

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

static int take_steps(sqlite3 *db, const struct schema *schema, int version, int end)
{
    int code = SQLITE_OK;
    for (; code == SQLITE_OK && version < end; version++)
        code = take_step(db, schema->steps[version], version + 1);
    return code;
}

static bool same_text(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    const char *one = (const char *)sqlite3_column_text(a, column);
    const char *other = (const char *)sqlite3_column_text(b, column);
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* Compares what two databases consist of: SQLITE_OK, SCHEMA_STRANGE or SQLite's code. */
static int compare(sqlite3 *a, sqlite3 *b)
{
    static const char content[] =
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    enum { COLUMNS = 4 };
    sqlite3_stmt *one = NULL, *other = NULL;
    int code = sqlite3_prepare_v2(a, content, -1, &one, NULL), expected = SQLITE_ERROR;
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(b, content, -1, &other, NULL);
    while (code == SQLITE_OK) {
        code = sqlite3_step(one);
        expected = sqlite3_step(other);
        if (code != SQLITE_ROW || expected != SQLITE_ROW)
            break;
        code = SQLITE_OK;
        for (int i = 0; i < COLUMNS && code == SQLITE_OK; i++)
            code = same_text(one, other, i) ? SQLITE_OK : SCHEMA_STRANGE;
    }
    sqlite3_finalize(one);
    sqlite3_finalize(other);
    if (code == SQLITE_DONE || code == SQLITE_ROW)
        code = code == expected ? SQLITE_OK : SCHEMA_STRANGE;
    return code;
}

/* Whether a database has exactly what the steps make, which is tried: the same words, and nothing
 * else. */
static int check_shape(sqlite3 *db, const struct schema *schema, int version)
{
    sqlite3 *model = NULL;
    int code = sqlite3_open(":memory:", &model);
    if (code == SQLITE_OK)
        code = take_steps(model, schema, 0, version);
    if (code == SQLITE_OK)
        code = compare(db, model);
    sqlite3_close(model);
    return code;
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
        return code == SQLITE_TOOBIG ? SCHEMA_STRANGE : code;
    if (tables > 0 ? application != APPLICATION_ID : *version != 0)
        return SCHEMA_FOREIGN;
    if (*version > schema->version)
        return SCHEMA_NEWER;
    return *version < 0 ? SCHEMA_STRANGE : check_shape(db, schema, *version);
}

/* No row has a number that leaves none for the next one. */
static int check_rows(sqlite3 *db)
{
    int strange = 0;
    int code = read_number(db,
                           "SELECT ifnull(min(row) < 1, 0) + (SELECT ifnull(max(row) >="
                           " 4611686018427387904, 0) FROM event) FROM event",
                           &strange);
    return code == SQLITE_OK && strange ? SCHEMA_STRANGE : code;
}

int schema_upgrade(sqlite3 *db, const struct schema *schema)
{
    int version = 0, code = check(db, schema, &version);
    return code == SQLITE_OK ? take_steps(db, schema, version, schema->version) : code;
}

static int open_file(sqlite3 **db, const char *path, int how)
{
    int code = sqlite3_open_v2(path, db, how | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return code;
    sqlite3_extended_result_codes(*db, 1);
    sqlite3_busy_timeout(*db, BUSY_MS);
    /* A journal is a file that others could have written: what it says about itself is not
     * believed further than needed, also when it is changed after it was looked at. */
    sqlite3_db_config(*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(*db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(*db, SQLITE_LIMIT_LENGTH, MAX_LENGTH);
    sqlite3_hard_heap_limit64(MAX_HEAP);
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
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA fullfsync = ON;"
                                   "PRAGMA checkpoint_fullfsync = ON;"
                                   "PRAGMA cache_size = -32768;"
                                   "PRAGMA wal_autocheckpoint = 0;";
    int version, code = open_file(db, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW);
    /* Looked at first: somebody else's database is not to be changed. */
    if (code == SQLITE_OK)
        code = check(*db, &history_schema, &version);
    if (code == SQLITE_OK)
        code = sqlite3_exec(*db, settings, NULL, NULL, NULL);
    /* Begun without a log, so that the file itself says from the start whose it is. */
    if (code == SQLITE_OK)
        code = schema_upgrade(*db, &history_schema);
    if (code == SQLITE_OK)
        code = sqlite3_exec(*db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    return code == SQLITE_OK ? check_rows(*db) : code;
}

/* Looks at the file's own header, by SQLite's descriptor: the first statement would leave FILE-wal
 * and FILE-shm beside somebody else's database. One that has just been begun may not say yet whose
 * it is.
 */
static int look(sqlite3 *db)
{
    enum { HEADER = 100, PAGES = 28, APPLICATION = 68 };
    unsigned char header[HEADER];
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK || !file || !file->pMethods ||
        file->pMethods->xRead(file, header, sizeof header, 0) != SQLITE_OK ||
        memcmp(header, "SQLite format 3", 16) != 0)
        return code;
    static const unsigned char application[] = {'A', 'n', 'c', 'T'}, few[] = {0, 0, 0, 2};
    return memcmp(header + APPLICATION, application, sizeof application) == 0 ||
                   memcmp(header + PAGES, few, sizeof few) < 0
               ? SQLITE_OK
               : SCHEMA_FOREIGN;
}

int schema_open_reader(sqlite3 **db, const char *path)
{
    int version = 0, code = open_file(db, path, SQLITE_OPEN_READONLY);
    if (code == SQLITE_OK)
        code = look(*db);
    if (code == SQLITE_OK)
        code = check(*db, &history_schema, &version);
    if (code == SQLITE_OK && version < history_schema.version)
        code = version > 0 ? SCHEMA_OLDER : SCHEMA_FOREIGN;
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
        {.code = SCHEMA_OLDER,
         .words = "an older anchortop keeps it; end that one, and start this one, which brings it "
                  "up to date"},
        {.code = SCHEMA_STRANGE,
         .words = "it is not as anchortop makes a journal: there are other tables, views or "
                  "triggers, or impossible rows; remove them, or move the file away"},
        {.code = SQLITE_TOOBIG, .words = "it holds more in one row than an event can have"},
        {.code = SQLITE_FULL, .words = "the disk is full; make room"},
        {.code = SQLITE_READONLY, .words = "the file is read-only; make it writable"},
        {.code = SQLITE_BUSY, .words = "another program has locked the file; end that one"},
        {.code = SQLITE_LOCKED, .words = "another program has locked the file; end that one"},
        {.code = SQLITE_CANTOPEN, .words = "the file cannot be opened; check its directory"},
        {.code = SQLITE_PROTOCOL,
         .words = "another program overwrites its -shm file again and again; end that one"},
        {.code = SQLITE_CORRUPT, .words = "the file is damaged"},
        {.code = SQLITE_NOTADB, .words = "the file is no journal, or it is damaged"},
    };
    int plain = code > 0 ? code & 0xff : code;
    if (plain != SQLITE_IOERR && plain != SQLITE_CANTOPEN)
        error = 0;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].error ? reasons[i].error == error : reasons[i].code == plain)
            return reasons[i].words;
    return error ? strerror(error) : sqlite3_errstr(code);
}
