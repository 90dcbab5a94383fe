/* What a journal consists of: files of older programs become newer ones, and hostile ones are
 * refused, or do no harm. */
#include "history_schema.h"

#include "journal.h"

#include <dirent.h>
#include <sys/wait.h>

TestSuite(history_schema, .init = set_up, .fini = tear_down, .timeout = 60);

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (1440 * MINUTE_MS)

/* What the first version of the program has written, word for word. */
static const char first_version[] = "PRAGMA journal_mode = WAL;"
                                    "BEGIN;"
                                    "PRAGMA application_id = 0x416e6354;"
                                    "CREATE TABLE event ("
                                    " row INTEGER PRIMARY KEY,"
                                    " id TEXT NOT NULL UNIQUE,"
                                    " type TEXT NOT NULL,"
                                    " created_ms INTEGER NOT NULL,"
                                    " received_ms INTEGER NOT NULL,"
                                    " delivery_id TEXT,"
                                    " verified INTEGER NOT NULL,"
                                    " raw BLOB NOT NULL);"
                                    "PRAGMA user_version = 1;"
                                    "COMMIT";

static void begin_first_version(void)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    cr_assert_eq(mkdir(directory, 0700), 0);
    run_sql(first_version);
}

static void add_to_first_version(int row, int64_t received_ms)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "INSERT INTO event VALUES (%d, 'evt_%d', 'task.failed', 5, %lld, 'dlv_1', 1,"
             " CAST('{\"id\":\"evt_%d\",\"type\":\"task.failed\"}' AS BLOB))",
             row, row, (long long)received_ms, row);
    run_sql(sql);
}

static int64_t ask(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_step(s), SQLITE_ROW, "%s", sql);
    int64_t number = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return number;
}

/* Times are days before now. */
Test(history_schema, events_of_the_first_version_get_an_arrival)
{
    static const struct {
        const char *name;
        int received[4], arrived[4];
    } rows[] = {
        {"the clock was right", {3, 2, 1, 0}, {3, 2, 1, 0}},
        {"a year ahead for one", {3, -365, 2, 1}, {3, 3, 2, 1}},
        {"ahead for the first", {-365, 3, 2, 1}, {3, 3, 2, 1}},
        {"ahead for the last", {3, 2, 1, -365}, {3, 2, 1, 1}},
        {"a year behind for some", {3, 365, 364, 2}, {3, 3, 3, 2}},
        {"two days ahead, long ago", {6, 3, 5, 2}, {6, 3, 3, 2}},
        {"always ahead", {-3, -4, -5, -6}, {0, 0, 0, 0}},
    };
    int64_t now = now_ms();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin_first_version();
        for (int n = 0; n < 4; n++)
            add_to_first_version(10 + n, now - rows[i].received[n] * DAY_MS);
        history_close(open_journal());
        for (int n = 0; n < 4; n++) {
            char sql[128];
            snprintf(sql, sizeof sql, "SELECT arrived_ms FROM event WHERE id = 'evt_%d'", 10 + n);
            int64_t age = now - ask(sql), expected = rows[i].arrived[n] * DAY_MS;
            cr_expect(age > expected - MINUTE_MS && age < expected + MINUTE_MS,
                      "%s: [%d] %lld minutes", rows[i].name, n, (long long)(age / MINUTE_MS));
        }
        cr_expect_eq(ask("SELECT count(*) FROM event WHERE type = 'task.failed' AND created_ms = 5"
                         " AND delivery_id = 'dlv_1' AND verified = 1"
                         " AND raw = CAST(printf('{\"id\":\"evt_%d\",\"type\":\"task.failed\"}',"
                         " row) AS BLOB)"),
                     4, "%s: nothing else changes", rows[i].name);
        char directory[PATH_SIZE];
        snprintf(directory, sizeof directory, "%s/state", home);
        remove_all(directory);
    }
}

Test(history_schema, an_upgraded_journal_goes_on)
{
    begin_first_version();
    for (int row = 1; row <= 5; row++)
        add_to_first_version(row, now_ms() - (10 - row) * DAY_MS);
    struct history *history = open_keeping(7 * DAY_MS);
    cr_expect(write_one(history, "new"));
    bool known = false;
    cr_expect(write_at(history, "evt_5", "{}", now_ms(), &known) && known, "ids are known");
    while (history_tend(history) < HISTORY_RETRY_MS)
        ;
    cr_expect_not(has("evt_1"));
    cr_expect(has("evt_4") && has("new"));
    struct history_reader *reader = open_reader();
    cr_expect_eq(history_row_before(reader, now_ms() - 5 * DAY_MS - DAY_MS / 2), 4);
    cr_expect_eq(history_last_row(reader), 6);
    history_reader_close(reader);
    history_close(history);
}

/* Everything of it stands in FILE-wal then, whose it is included. */
Test(history_schema, a_journal_of_the_first_version_goes_on_after_a_kill)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    cr_assert_eq(mkdir(directory, 0700), 0);
    pid_t child = fork();
    if (child == 0) {
        sqlite3 *db;
        bool good = sqlite3_open(path, &db) == SQLITE_OK &&
                    sqlite3_exec(db, first_version, NULL, NULL, NULL) == SQLITE_OK &&
                    sqlite3_exec(db,
                                 "INSERT INTO event VALUES"
                                 " (1, 'evt_1', 'task.failed', 5, 5, NULL, 1, x'7b7d')",
                                 NULL, NULL, NULL) == SQLITE_OK;
        _exit(good ? 0 : 1);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    history_close(open_journal());
    cr_expect(has("evt_1"));
}

Test(history_schema, a_reader_says_that_an_older_program_keeps_the_journal)
{
    begin_first_version();
    add_to_first_version(1, now_ms());
    cr_expect_null(history_reader_open(path, reason, sizeof reason));
    cr_expect(strstr(reason, "an older anchortop keeps it") && strstr(reason, path), "%s", reason);
    cr_expect_eq(ask("PRAGMA user_version"), 1, "it has changed nothing");
    history_close(open_journal());
    history_reader_close(open_reader());
}

/* Nor does it leave anything beside somebody else's database. */
Test(history_schema, a_reader_touches_no_foreign_database)
{
    char directory[PATH_SIZE];
    struct dirent **entries;
    snprintf(directory, sizeof directory, "%s/state", home);
    cr_assert_eq(mkdir(directory, 0700), 0);
    run_sql("PRAGMA journal_mode = WAL; CREATE TABLE places (url TEXT)");
    cr_expect_null(history_reader_open(path, reason, sizeof reason));
    cr_expect(strstr(reason, "not a journal"), "%s", reason);
    int count = scandir(directory, &entries, NULL, alphasort);
    cr_expect_eq(count, 3, "nothing but the file, and . and ..: %d", count);
    while (count > 0)
        free(entries[--count]);
    free(entries);
}

/* Files that somebody has made of a journal with the events "a" and "b". */
static const struct {
    const char *name, *sql;
} refused[] = {
    {"a view that never ends",
     "DROP TABLE event; CREATE VIEW event (row, id, type, created_ms, received_ms, arrived_ms,"
     " delivery_id, verified, raw) AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1"
     " FROM n) SELECT x, 'i' || x, 't', 1, 1, 1, 'd', 1, CAST('{}' AS BLOB) FROM n"},
    {"a trigger that deletes",
     "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END"},
    {"another view", "CREATE VIEW v AS SELECT * FROM event"},
    {"another table", "CREATE TABLE other (x)"},
    {"another index", "CREATE INDEX i ON event (received_ms)"},
    {"another column", "ALTER TABLE event ADD COLUMN x"},
    {"a computed column", "ALTER TABLE event ADD COLUMN x AS (hex(zeroblob(50000000)))"},
    {"a table without keys",
     "ALTER TABLE event RENAME TO e; CREATE TABLE event (row, id, type, created_ms, received_ms,"
     " arrived_ms, delivery_id, verified, raw); INSERT INTO event SELECT * FROM e; DROP TABLE e"},
    {"no boots", "DROP TABLE boot"},
    {"no events", "DROP TABLE event"},
    {"another version's mark", "PRAGMA user_version = 1"},
    {"no version's mark", "PRAGMA user_version = 0"},
    {"a version below all", "PRAGMA user_version = -7"},
    {"a schema of many megabytes",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || '/*' ||"
     " replace(hex(zeroblob(10000000)), '0', 'x') || '*/' WHERE name = 'boot'"},
};

static void begin_hostile(const char *sql)
{
    struct history *history = open_journal();
    cr_assert(write_one(history, "a") && write_one(history, "b"));
    history_close(history);
    run_sql(sql);
}

static void empty_home(void)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    remove_all(directory);
}

Test(history_schema, refuses_what_is_not_exactly_a_journal)
{
    const struct history_config config = {.path = path};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        begin_hostile(refused[i].sql);
        cr_expect_null(history_reader_open(path, reason, sizeof reason), "%s", refused[i].name);
        cr_expect(strstr(reason, "not as anchortop makes a journal"), "%s, to read: %s",
                  refused[i].name, reason);
        cr_expect_null(history_open(&config, reason, sizeof reason), "%s", refused[i].name);
        cr_expect(strstr(reason, "views or triggers") && strstr(reason, path), "%s, to write: %s",
                  refused[i].name, reason);
        empty_home();
    }
}

/* Adds a row like that of "a", but with some values of its own. */
#define ADD(row, received, raw)                                                                    \
    "INSERT INTO event SELECT " row ", 'x', type, created_ms, " received                           \
    ", arrived_ms, delivery_id, verified, " raw " FROM event WHERE id = 'a'"

static const struct {
    const char *name, *sql;
    bool writable;
} harmless[] = {
    {"a row of 50 MB", ADD("9", "5", "zeroblob(50000000)"), true},
    {"a text of 50 MB", ADD("9", "5", "replace(hex(zeroblob(25000000)), '0', 'x')"), true},
    {"a row just above 4 MiB", ADD("9", "5", "zeroblob(4194305)"), true},
    {"a number for an event", ADD("9", "5", "17"), true},
    {"no JSON", ADD("9", "5", "x'00ff00'"), true},
    {"the end of time", ADD("9", "9223372036854775807", "raw"), true},
    {"and before its beginning", ADD("9", "-9223372036854775808", "raw"), true},
    {"an id of 50 MB",
     "UPDATE event SET id = replace(hex(zeroblob(25000000)), '0', 'x') WHERE id = 'b'", true},
    {"the last row of all", ADD("9223372036854775807", "5", "raw"), false},
    {"a row below the first", ADD("-9223372036854775808", "5", "raw"), false},
};

/* Collects how many events there are, and how they look. */
struct seen {
    int64_t count;
    size_t longest;
    bool strange;
};

static bool look(void *context, const struct history_row *row)
{
    struct seen *seen = context;
    seen->count++;
    seen->longest = row->length > seen->longest ? row->length : seen->longest;
    seen->strange |= row->received_ms < 0 || row->received_ms > INT64_C(253402300799999) ||
                     row->row < 1 || row->row > (INT64_C(1) << 62);
    return true;
}

static void read_everything(const char *name)
{
    struct history_reader *reader = open_reader();
    struct seen seen = {0};
    uint64_t count;
    const struct history_range all = {.limit = 100};
    const struct history_range back = {.row = INT64_MAX, .backwards = true, .limit = 100};
    cr_expect_geq(history_read(reader, &all, look, &seen), 2, "%s", name);
    cr_expect_geq(history_read(reader, &back, look, &seen), 2, "%s", name);
    cr_expect(seen.count >= 4 && seen.count <= 6 && !seen.strange, "%s: %lld", name,
              (long long)seen.count);
    cr_expect_leq(seen.longest, 4 << 20, "%s: %zu", name, seen.longest);
    cr_expect_geq(history_row_for(reader, 1 << 20, 10, &count), 0, "%s", name);
    cr_expect_geq(history_row_before(reader, now_ms()), 0, "%s", name);
    cr_expect_geq(history_row_of(reader, "none"), 0, "%s", name);
    cr_expect_geq(history_count(reader, INT64_MAX), 2, "%s", name);
    cr_expect_geq(history_last_row(reader), 2, "%s", name);
    cr_expect_eq(history_first_row(reader, 0), 1, "%s", name);
    history_reader_close(reader);
}

Test(history_schema, impossible_rows_do_no_harm)
{
    const struct history_config config = {.path = path};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        const char *name = harmless[i].name;
        begin_hostile(harmless[i].sql);
        sqlite3_memory_highwater(1);
        read_everything(name);
        struct history *history = history_open(&config, reason, sizeof reason);
        cr_expect_eq(history != NULL, harmless[i].writable, "%s: %s", name, reason);
        if (history) {
            cr_expect(write_one(history, "new"), "%s: %s", name, reason);
            cr_expect(has("new"), "%s", name);
        } else {
            cr_expect(strstr(reason, "impossible rows"), "%s: %s", name, reason);
        }
        history_close(history);
        cr_expect_lt(sqlite3_memory_highwater(0), 112 << 20, "%s: %lld bytes", name,
                     (long long)sqlite3_memory_highwater(0));
        empty_home();
    }
}

/* What somebody adds while the journal is in use. */
Test(history_schema, a_trigger_made_meanwhile_does_not_delete)
{
    struct history *history = open_journal();
    cr_assert(write_one(history, "a"));
    run_sql("CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END");
    cr_expect(write_one(history, "b"), "%s", reason);
    history_close(history);
    run_sql("DROP TRIGGER t");
    cr_expect(has("a") && has("b"));
}

Test(history_schema, a_view_made_meanwhile_is_not_read)
{
    struct history *history = open_journal();
    cr_assert(write_one(history, "a"));
    struct history_reader *reader = open_reader();
    run_sql(refused[0].sql);
    struct seen seen = {0};
    const struct history_range all = {.limit = 1000};
    cr_expect_eq(history_read(reader, &all, look, &seen), -1);
    cr_expect_not(write_one(history, "b"));
    history_reader_close(reader);
    history_close(history);
}
