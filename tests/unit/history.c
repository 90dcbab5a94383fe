/* The journal: what is written stays, for as long as it should, and can be read. */
#include "journal.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "history_file.h"
#include "history_schema.h"

#define DAY_MS INT64_C(86400000)

TestSuite(history, .init = set_up, .fini = tear_down, .timeout = 60);

/* Back to how a test begins. */
static void empty_home(void)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    remove_all(directory);
}

static mode_t mode_of(const char *suffix)
{
    char name[PATH_SIZE + 16];
    struct stat status;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return stat(name, &status) == 0 ? status.st_mode & 0777 : 0;
}

/* Collects what a reader is handed, as "raw raw raw ". */
struct collected {
    char text[512];
    size_t at_most;
};

static bool collect(void *context, const struct history_row *row)
{
    struct collected *c = context;
    size_t used = strlen(c->text);
    snprintf(c->text + used, sizeof c->text - used, "%.*s ", (int)row->length, row->raw);
    return --c->at_most > 0;
}

static void expect_rows(const char *name, struct history_range range, size_t at_most,
                        const char *expected)
{
    struct collected c = {.at_most = at_most};
    struct history_reader *reader = open_reader();
    cr_expect_geq(history_read(reader, &range, collect, &c), 0, "%s", name);
    cr_expect_str_eq(c.text, expected, "%s: %s", name, c.text);
    history_reader_close(reader);
}

Test(history, remembers_across_restarts_and_knows_duplicates)
{
    struct history *history = open_journal();
    struct history_entry entries[3] = {0};
    static const char *const ids[] = {"a", "b", "a"};
    for (size_t i = 0; i < 3; i++)
        entries[i] = (struct history_entry){
            .id = ids[i], .type = "t", .raw = ids[i], .length = 1, .received_ms = now_ms()};
    cr_assert(history_write(history, entries, 3, reason, sizeof reason), "%s", reason);
    cr_expect(!entries[0].known && !entries[1].known && entries[2].known, "twice in one turn");
    history_close(history);

    history = open_journal();
    cr_assert(history_write(history, entries, 2, reason, sizeof reason), "%s", reason);
    cr_expect(entries[0].known && entries[1].known, "known after a restart");
    cr_expect(write_one(history, "c"));
    expect_rows("all", (struct history_range){.limit = 9}, 9, "a b {\"id\":\"c\"} ");
    history_close(history);
}

Test(history, keeps_what_was_said_of_an_event)
{
    struct history *history = open_journal();
    bool known;
    cr_assert(write_at(history, "evt_1", "{\"\xff\"}", 1700000000123, &known));
    history_close(history);
    sqlite3 *db;
    sqlite3_stmt *s;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db,
                                    "SELECT id || type || created_ms || received_ms || delivery_id "
                                    "|| verified || hex(raw) FROM event",
                                    -1, &s, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_step(s), SQLITE_ROW);
    cr_expect_str_eq((const char *)sqlite3_column_text(s, 0),
                     "evt_1task.failed17000000001181700000000123dlv_117B22FF227D");
    sqlite3_finalize(s);
    sqlite3_close(db);
}

Test(history, is_for_its_owner_alone)
{
    umask(0);
    struct history *history = open_journal();
    struct stat status;
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    cr_assert_eq(stat(directory, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0700);
    cr_expect(write_one(history, "a"));
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(mode_of(suffixes[i]), 0600, "%s: %o", suffixes[i], mode_of(suffixes[i]));
    history_close(history);

    cr_assert_eq(chmod(path, 0644), 0);
    history = open_journal();
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(mode_of(suffixes[i]), 0600, "opened again, %s", suffixes[i]);
    history_close(history);
}

/* The log of a program that was killed stands there still. */
Test(history, what_stands_beside_it_is_for_its_owner_alone)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char name[PATH_SIZE + 8];
    pid_t child = fork();
    if (child == 0)
        _exit(write_one(open_journal(), "a") ? 0 : 1);
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        cr_assert_eq(chmod(name, 0644), 0, "%s", name);
    }
    struct history *history = open_journal();
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(mode_of(suffixes[i]), 0600, "%s: %o", suffixes[i], mode_of(suffixes[i]));
    cr_expect(has("a"));
    history_close(history);
}

static void make_state(void)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    cr_assert_eq(mkdir(directory, 0700), 0);
}

static void make_directory(void)
{
    make_state();
    cr_assert_eq(mkdir(path, 0700), 0);
}

static void make_pipe(void)
{
    make_state();
    cr_assert_eq(mkfifo(path, 0600), 0);
}

static void make_text(void)
{
    make_state();
    write_file(path, "Dear diary, this is a text of some length that is no database at all.");
}

static void make_foreign(void)
{
    make_state();
    run_sql("CREATE TABLE places (url TEXT)");
}

static void make_newer(void)
{
    history_close(open_journal());
    run_sql("PRAGMA user_version = 99");
}

static void make_state_a_file(void)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    write_file(directory, "");
}

static void make_unwritable(void)
{
    make_state();
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    cr_assert_eq(chmod(directory, 0500), 0);
}

Test(history, says_why_it_cannot_begin)
{
    static const struct {
        const char *name;
        void (*make)(void);
        const char *reason;
    } rows[] = {
        {"a directory", make_directory, "irectory"},
        {"a pipe", make_pipe, "not a regular file"},
        {"a text", make_text, "not a journal"},
        {"somebody's database", make_foreign, "not a journal"},
        {"of a newer program", make_newer, "newer anchortop"},
        {"below a file", make_state_a_file, "Not a directory"},
        {"no permission", make_unwritable, "Permission denied"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].make == make_unwritable && geteuid() == 0)
            continue;
        rows[i].make();
        const struct history_config config = {.path = path};
        struct history *history = history_open(&config, reason, sizeof reason);
        cr_expect_null(history, "%s", rows[i].name);
        cr_expect(strstr(reason, rows[i].reason), "%s: %s", rows[i].name, reason);
        cr_expect(strstr(reason, path) && strstr(reason, "--history") &&
                      strstr(reason, "--no-history"),
                  "%s: %s", rows[i].name, reason);
        history_close(history);
        char directory[PATH_SIZE];
        snprintf(directory, sizeof directory, "%s/state", home);
        chmod(directory, 0700);
        remove_all(directory);
    }
}

static void make_foreign_with_log(void)
{
    make_state();
    run_sql("PRAGMA journal_mode = WAL; CREATE TABLE places (url TEXT)");
}

/* Everything that can be seen of a directory: names, modes, sizes and times of change. */
static void describe(const char *directory, char *text, size_t size)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, NULL, alphasort);
    size_t used = 0;
    for (int i = 0; i < count; i++) {
        char name[PATH_SIZE + 300];
        struct stat status;
        snprintf(name, sizeof name, "%s/%s", directory, entries[i]->d_name);
        cr_assert_eq(lstat(name, &status), 0);
        if (S_ISREG(status.st_mode))
            used += (size_t)snprintf(text + used, size - used, "%s %o %lld %lld.%09ld\n",
                                     entries[i]->d_name, (unsigned)status.st_mode,
                                     (long long)status.st_size, (long long)status.st_ctim.tv_sec,
                                     status.st_ctim.tv_nsec);
        free(entries[i]);
    }
    free(entries);
}

Test(history, a_foreign_file_keeps_its_name_and_mode)
{
    static const struct {
        const char *name;
        void (*make)(void);
        const char *lock; /* what stands in a file of such a name, or NULL */
        const char *reason;
    } rows[] = {
        {"a text", make_text, NULL, "not a journal"},
        {"a text beside a lock", make_text, "", "not a journal"},
        {"a text beside somebody's lock", make_text, "pid 17", "not a journal"},
        {"a database", make_foreign, NULL, "not a journal"},
        {"a database beside a lock", make_foreign, "", "not a journal"},
        {"a database with a log", make_foreign_with_log, NULL, "not a journal"},
        {"a newer program's journal", make_newer, NULL, "newer anchortop"},
    };
    const struct history_config config = {.path = path};
    char directory[PATH_SIZE], lock[PATH_SIZE + 8], before[1024], after[1024];
    snprintf(directory, sizeof directory, "%s/state", home);
    snprintf(lock, sizeof lock, "%s.lock", path);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rows[i].make();
        cr_assert_eq(chmod(path, 0644), 0);
        if (rows[i].lock)
            write_file(lock, rows[i].lock);
        describe(directory, before, sizeof before);
        for (int start = 0; start < 3; start++) {
            cr_expect_null(history_open(&config, reason, sizeof reason), "%s", rows[i].name);
            cr_expect(strstr(reason, rows[i].reason), "%s: %s", rows[i].name, reason);
        }
        describe(directory, after, sizeof after);
        cr_expect_str_eq(after, before, "%s:\n%s\n%s", rows[i].name, before, after);
        empty_home();
    }
}

Test(history, a_link_that_leads_nowhere_makes_nothing)
{
    char target[PATH_SIZE];
    make_state();
    snprintf(target, sizeof target, "%s/target", home);
    cr_assert_eq(symlink(target, path), 0);
    const struct history_config config = {.path = path};
    cr_expect_null(history_open(&config, reason, sizeof reason));
    cr_expect(strstr(reason, "symbolic link"), "%s", reason);
    cr_expect_neq(access(target, F_OK), 0);
}

/* A process that has the journal, by whichever name. */
static pid_t hold(const char *name, int *ready)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        const struct history_config config = {.path = name};
        char why[700];
        struct history *history = history_open(&config, why, sizeof why);
        if (write(ends[1], history ? "y" : "n", 1) != 1)
            _exit(2);
        for (;;)
            pause();
    }
    char answer = 0;
    cr_assert_eq(read(ends[0], &answer, 1), 1);
    *ready = answer == 'y';
    return child;
}

Test(history, belongs_to_one_program)
{
    char link[PATH_SIZE];
    int ready;
    history_close(open_journal());
    snprintf(link, sizeof link, "%s/link.db", home);
    cr_assert_eq(symlink(path, link), 0);
    pid_t holder = hold(link, &ready);
    cr_assert(ready);
    const struct history_config config = {.path = path};
    cr_expect_null(history_open(&config, reason, sizeof reason));
    char process[32];
    snprintf(process, sizeof process, "process %ld", (long)holder);
    cr_expect(strstr(reason, process) && strstr(reason, "--no-history"), "%s", reason);
    char lock[PATH_SIZE + 8];
    snprintf(lock, sizeof lock, "%s.lock", path);
    cr_assert_eq(unlink(lock), 0);
    cr_expect_null(history_open(&config, reason, sizeof reason), "also without its lock file");
    cr_expect(strstr(reason, "another anchortop keeps it"), "%s", reason);
    cr_expect_neq(access(lock, F_OK), 0, "and leaves none");
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    history_close(open_journal());
}

Test(history, upgrades_step_by_step)
{
    static const char *const steps[] = {
        "PRAGMA application_id = 0x416e6354; CREATE TABLE event (id TEXT); INSERT INTO event "
        "VALUES "
        "('a')",
        "ALTER TABLE event ADD COLUMN size INTEGER NOT NULL DEFAULT 7",
        "UPDATE event SET size = 8; SELECT broken",
    };
    static const struct {
        const char *name;
        int version, code, after;
        const char *size; /* NULL: there is no such column */
    } rows[] = {
        {"from nothing to the first", 1, SQLITE_OK, 1, NULL},
        {"it is there already", 1, SQLITE_OK, 1, NULL},
        {"the second", 2, SQLITE_OK, 2, "7"},
        {"a step that fails leaves nothing behind", 3, SQLITE_ERROR, 2, "7"},
        {"too new for the first", 1, SCHEMA_NEWER, 2, "7"},
    };
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct schema schema = {.steps = steps, .version = rows[i].version};
        cr_expect_eq(schema_upgrade(db, &schema), rows[i].code, "%s", rows[i].name);
        sqlite3_stmt *s;
        cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL), SQLITE_OK);
        cr_assert_eq(sqlite3_step(s), SQLITE_ROW);
        cr_expect_eq(sqlite3_column_int(s, 0), rows[i].after, "%s", rows[i].name);
        sqlite3_finalize(s);
        int code = sqlite3_prepare_v2(db, "SELECT size FROM event WHERE id = 'a'", -1, &s, NULL);
        cr_expect_eq(code == SQLITE_OK, rows[i].size != NULL, "%s", rows[i].name);
        if (rows[i].size) {
            cr_assert_eq(sqlite3_step(s), SQLITE_ROW);
            cr_expect_str_eq((const char *)sqlite3_column_text(s, 0), rows[i].size, "%s",
                             rows[i].name);
        }
        sqlite3_finalize(s);
    }
    sqlite3_close(db);
}

/* Tends until there is nothing to do at once. */
static void tend(struct history *history)
{
    while (history_tend(history) < HISTORY_RETRY_MS)
        ;
}

static int64_t count_rows(void)
{
    struct history_reader *reader = open_reader();
    int64_t count = history_count(reader, INT64_MAX);
    history_reader_close(reader);
    return count;
}

Test(history, removes_what_is_too_old)
{
    static const struct {
        const char *name;
        int64_t ages_ms[4]; /* in the order of arrival */
        int64_t left;
    } rows[] = {
        {"nothing is", {3 * DAY_MS, 2 * DAY_MS, DAY_MS, 0}, 4},
        {"the oldest", {9 * DAY_MS, 8 * DAY_MS, DAY_MS, 0}, 2},
        {"the newest stays, however old", {30 * DAY_MS, 29 * DAY_MS, 26 * DAY_MS, 20 * DAY_MS}, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *history = open_journal();
        for (int n = 0; n < 4; n++) {
            char id[16];
            snprintf(id, sizeof id, "evt_%d", n);
            cr_assert(write_one(history, id));
            make_older(id, rows[i].ages_ms[n]);
        }
        history_close(history);
        history = open_keeping(7 * DAY_MS);
        tend(history);
        cr_expect_eq(count_rows(), rows[i].left, "%s: %lld", rows[i].name, (long long)count_rows());
        history_close(history);
        empty_home();
    }
}

Test(history, gives_room_back)
{
    static char raw[10000];
    struct history *history = open_journal();
    memset(raw, 'x', sizeof raw - 1);
    for (int n = 0; n < 1000; n++) {
        char id[16];
        bool known;
        snprintf(id, sizeof id, "evt_%d", n);
        cr_assert(write_at(history, id, raw, now_ms(), &known));
    }
    history_close(history);
    run_sql("UPDATE event SET arrived_ms = arrived_ms - 8 * 86400000 WHERE id <> 'evt_999'");
    struct stat before, after;
    cr_assert_eq(stat(path, &before), 0);
    history = open_keeping(7 * DAY_MS);
    tend(history);
    cr_expect_eq(count_rows(), 1);
    history_close(history);
    cr_assert_eq(stat(path, &after), 0);
    cr_expect_lt(after.st_size, before.st_size / 4, "%lld of %lld", (long long)after.st_size,
                 (long long)before.st_size);
}

Test(history, is_read_in_any_direction)
{
    struct history *history = open_journal();
    static const char *const ids[] = {"1", "2", "3", "4", "5"};
    bool known;
    for (int i = 0; i < 5; i++)
        cr_assert(write_at(history, ids[i], ids[i], 1000 * (i + 1), &known));
    static const struct {
        const char *name;
        struct history_range range;
        size_t at_most;
        const char *expected;
    } rows[] = {
        {"all", {0, false, 9}, 9, "1 2 3 4 5 "},
        {"after one", {3, false, 9}, 9, "4 5 "},
        {"some after one", {1, false, 2}, 9, "2 3 "},
        {"before one", {4, true, 2}, 9, "3 2 "},
        {"before the first", {1, true, 9}, 9, ""},
        {"the newest", {INT64_MAX, true, 1}, 9, "5 "},
        {"until the visitor has enough", {0, false, 9}, 2, "1 2 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_rows(rows[i].name, rows[i].range, rows[i].at_most, rows[i].expected);

    struct history_reader *reader = open_reader();
    uint64_t count;
    cr_expect_eq(history_row_for(reader, 1000, 10, &count), 0, "all fit");
    cr_expect_eq(count, 5);
    cr_expect_eq(history_row_for(reader, 25, 10, &count), 3, "two fit");
    cr_expect_eq(count, 2);
    cr_expect_eq(history_row_of(reader, "4"), 4);
    cr_expect_eq(history_row_of(reader, "6"), 0);
    cr_expect_eq(history_last_row(reader), 5);
    history_reader_close(reader);
    history_close(history);
}

Test(history, a_reader_sees_what_is_written_later)
{
    struct history *history = open_journal();
    struct history_reader *reader = open_reader();
    cr_expect_eq(history_last_row(reader), 0);
    cr_expect_eq(history_row_before(reader, 5), 0, "nothing there");
    cr_assert(write_one(history, "a"));
    cr_expect_eq(history_last_row(reader), 1);
    cr_expect_not(history_reader_is_stale(reader));
    history_reader_close(reader);
    history_close(history);
    cr_assert_null(history_reader_open("/nonexistent/history.db", reason, sizeof reason));
    cr_expect(strstr(reason, "/nonexistent/history.db"), "%s", reason);
}

Test(history, stands_where_the_environment_says)
{
    static const struct {
        const char *name, *state, *home, *expected; /* NULL: nowhere */
    } rows[] = {
        {"XDG_STATE_HOME", "/s", "/h", "/s/anchortop/history.db"},
        {"HOME", NULL, "/h", "/h/.local/state/anchortop/history.db"},
        {"a relative one does not count", "s", "/h", "/h/.local/state/anchortop/history.db"},
        {"nowhere", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char found[PATH_SIZE] = "";
        unsetenv("XDG_STATE_HOME");
        unsetenv("HOME");
        if (rows[i].state)
            setenv("XDG_STATE_HOME", rows[i].state, 1);
        if (rows[i].home)
            setenv("HOME", rows[i].home, 1);
        cr_expect_eq(history_default_path(found, sizeof found), rows[i].expected != NULL, "%s",
                     rows[i].name);
        if (rows[i].expected)
            cr_expect_str_eq(found, rows[i].expected, "%s", rows[i].name);
    }
}
