/* What can happen to a journal while it is in use, and what becomes of it. */
#include "journal.h"

#include <sys/wait.h>

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

TestSuite(history_faults, .init = set_up, .fini = tear_down, .timeout = 60);

/* The name of what was set aside, or "". */
static void find_set_aside(char *name, size_t size)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    DIR *listing = opendir(directory);
    *name = '\0';
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        const char *suffix = strstr(entry->d_name, ".corrupt-");
        if (suffix && strlen(suffix) == strlen(".corrupt-20260101-120000"))
            snprintf(name, size, "%.100s", entry->d_name);
    }
    closedir(listing);
}

static void expect_set_aside(struct history *history, const char *row)
{
    char name[128], text[HISTORY_TEXT_SIZE];
    find_set_aside(name, sizeof name);
    cr_expect_eq(history_notice(history, text), 1, "%s", row);
    cr_expect(*name && strstr(text, name), "%s: \"%s\" is not in: %s", row, name, text);
}

static void overwrite(const char *suffix, long from, long length)
{
    char name[PATH_SIZE + 16];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    FILE *file = fopen(name, "r+");
    cr_assert(file);
    fseek(file, from, SEEK_SET);
    for (long i = 0; i < length; i++)
        fputc('#', file);
    fclose(file);
}

Test(history_faults, sets_a_damaged_file_aside_at_the_start)
{
    history_close(open_journal());
    overwrite("", 0, 4096);
    struct history *history = open_journal();
    expect_set_aside(history, "at the start");
    cr_expect(write_one(history, "a"));
    cr_expect(has("a"));
    history_close(history);
}

Test(history_faults, sets_a_damaged_file_aside_while_it_runs)
{
    struct history *history = open_journal();
    for (int i = 0; i < 200; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%d", i);
        cr_assert(write_one(history, id));
    }
    history_close(history);
    /* All but the header and the schema. */
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    overwrite("", 4096, status.st_size - 4096);
    const struct history_config config = {.path = path};
    history = history_open(&config, reason, sizeof reason);
    cr_assert(history, "%s", reason);
    cr_expect(write_one(history, "new"), "%s", reason);
    expect_set_aside(history, "while it runs");
    cr_expect(has("new") && !has("evt_1"));
    char text[HISTORY_TEXT_SIZE];
    cr_expect_not(history_trouble(history, text), "%s", text);
    history_close(history);
}

Test(history_faults, a_reader_that_finds_damage_tells_the_writer)
{
    struct history *history = open_journal();
    cr_assert(write_one(history, "a"));
    history_found_damage(history);
    cr_assert(write_one(history, "b"));
    expect_set_aside(history, "told");
    cr_expect(has("b") && !has("a"));
    history_close(history);
}

static void delete_file(const char *suffix)
{
    char name[PATH_SIZE + 16];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    cr_expect_eq(unlink(name), 0, "%s", name);
}

static void delete_main(void)
{
    delete_file("");
}

static void delete_every_file(void)
{
    delete_file("");
    delete_file("-wal");
    delete_file("-shm");
    delete_file(".lock");
}

static void delete_directory(void)
{
    char directory[PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/state", home);
    remove_all(directory);
}

static void empty_main(void)
{
    cr_expect_eq(truncate(path, 0), 0);
}

static void delete_wal(void)
{
    delete_file("-wal");
}

static void delete_lock(void)
{
    delete_file(".lock");
}

static void replace_by_nothing(void)
{
    delete_file("");
    write_file(path, "");
}

Test(history_faults, notices_what_is_done_to_its_files)
{
    static const struct {
        const char *name;
        void (*harm)(void);
        bool keeps; /* what was written before is still there */
        unsigned notices;
    } rows[] = {
        {"the file deleted", delete_main, false, 1},
        {"all files deleted", delete_every_file, false, 1},
        {"the directory deleted", delete_directory, false, 1},
        {"emptied", empty_main, false, 1},
        {"the log deleted", delete_wal, true, 1},
        {"replaced by an empty file", replace_by_nothing, false, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *history = open_journal();
        struct history_reader *reader = open_reader();
        char text[HISTORY_TEXT_SIZE];
        cr_assert(write_one(history, "before"), "%s: %s", rows[i].name, reason);
        cr_expect_not(history_reader_is_stale(reader), "%s", rows[i].name);
        rows[i].harm();
        cr_expect(history_reader_is_stale(reader), "%s", rows[i].name);
        cr_expect(write_one(history, "after"), "%s: %s", rows[i].name, reason);
        cr_expect(has("after"), "%s", rows[i].name);
        cr_expect_eq(has("before"), rows[i].keeps, "%s", rows[i].name);
        cr_expect_eq(history_notice(history, text), rows[i].notices, "%s: %s", rows[i].name, text);
        cr_expect(strstr(text, path), "%s: %s", rows[i].name, text);
        history_reader_close(reader);
        history_close(history);

        history = open_journal();
        cr_expect(has("after"), "%s, after a restart", rows[i].name);
        cr_expect_eq(has("before"), rows[i].keeps, "%s, after a restart", rows[i].name);
        history_close(history);
        delete_directory();
    }
}

static const char foreign_text[] =
    "This is not what it was before, and is long enough for a header ... "
    "or two ..................................................";
static char target[PATH_SIZE]; /* of links */

static void replace_by_text(void)
{
    delete_file("");
    write_file(path, foreign_text);
}

static void replace_by_database(void)
{
    delete_file("");
    delete_file("-wal");
    delete_file("-shm");
    run_sql("CREATE TABLE places (url TEXT)");
}

static void replace_by_link(void)
{
    delete_file("");
    write_file(target, foreign_text);
    cr_assert_eq(symlink(target, path), 0);
}

static void replace_by_link_to_itself(void)
{
    cr_assert_eq(rename(path, target), 0);
    cr_assert_eq(symlink(target, path), 0);
}

/* Size, mode and time of the last change of what a name leads to. */
static void describe(const char *name, char *said, size_t size)
{
    struct stat status;
    cr_assert_eq(stat(name, &status), 0);
    snprintf(said, size, "%lld %o %lld.%09ld", (long long)status.st_size, (unsigned)status.st_mode,
             (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

Test(history_faults, leaves_alone_what_is_put_in_its_place)
{
    static const struct {
        const char *name;
        void (*harm)(void);
        const char *reason;
    } rows[] = {
        {"a text", replace_by_text, "not a journal"},
        {"a database", replace_by_database, "not a journal"},
        {"a link", replace_by_link, "symbolic link"},
        {"a link to the journal", replace_by_link_to_itself, "symbolic link"},
    };
    snprintf(target, sizeof target, "%s/target", home);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char before[128], after[128], said[HISTORY_TEXT_SIZE];
        struct history *history = open_journal();
        cr_assert(write_one(history, "before"));
        rows[i].harm();
        cr_assert_eq(chmod(path, 0644), 0);
        cr_expect_not(write_one(history, "refused"), "%s", rows[i].name);
        describe(path, before, sizeof before);
        cr_expect_not(write_one(history, "refused again"), "%s", rows[i].name);
        cr_expect(strstr(reason, rows[i].reason), "%s: %s", rows[i].name, reason);
        cr_expect(history_trouble(history, said) && strstr(said, rows[i].reason), "%s: %s",
                  rows[i].name, said);
        describe(path, after, sizeof after);
        cr_expect_str_eq(after, before, "%s: %s", rows[i].name, after);
        cr_expect(strstr(after, "100644"), "%s: %s", rows[i].name, after);
        cr_assert_eq(unlink(path), 0);
        cr_expect(write_one(history, "after"), "%s: %s", rows[i].name, reason);
        history_close(history);
        delete_directory();
        unlink(target);
    }
}

Test(history_faults, a_lock_that_is_removed_is_made_again)
{
    char lock[PATH_SIZE + 8];
    snprintf(lock, sizeof lock, "%s.lock", path);
    struct history *history = open_journal();
    delete_lock();
    cr_expect(write_one(history, "a"), "%s", reason);
    cr_expect_eq(access(lock, F_OK), 0);
    history_close(history);
    cr_expect(has("a"));
}

/* It is found missing after some events were written, which are written again then. */
Test(history_faults, an_event_that_is_written_twice_is_no_duplicate)
{
    enum { EVENTS = 30 };
    char lock[PATH_SIZE + 8], id[32];
    snprintf(lock, sizeof lock, "%s.lock", path);
    pid_t child = fork(); /* before it could inherit what is locked */
    while (child == 0) {
        unlink(lock);
        nanosleep(&(struct timespec){.tv_nsec = random() % 10000000}, NULL);
    }
    struct history *history = open_journal();
    for (int i = 0; i < EVENTS; i++) {
        bool known = false;
        snprintf(id, sizeof id, "evt_%d", i);
        write_at(history, id, "{}", now_ms(), &known);
        cr_expect_not(known, "%s", id);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    history_close(history);
}

/* With what stood in FILE-wal only. */
Test(history_faults, a_journal_that_is_moved_away_keeps_its_events)
{
    char moved[PATH_SIZE], kept[PATH_SIZE];
    snprintf(kept, sizeof kept, "%s", path);
    snprintf(moved, sizeof moved, "%s/moved.db", home);
    for (int closes = 0; closes < 2; closes++) {
        struct history *history = open_journal();
        cr_assert(write_one(history, "before"));
        cr_assert_eq(rename(path, moved), 0);
        if (!closes)
            cr_expect(write_one(history, "after"), "%s", reason);
        history_close(history);
        snprintf(path, sizeof path, "%s", moved);
        cr_expect(has("before"), "%s", closes ? "closed" : "written on");
        snprintf(path, sizeof path, "%s", kept);
        delete_directory();
        remove(moved);
    }
}

Test(history_faults, what_is_set_aside_never_takes_the_place_of_another)
{
    char name[128];
    for (int time = 0; time < 3; time++) {
        history_close(open_journal());
        overwrite("", 0, 4096);
    }
    history_close(open_journal());
    char directory[PATH_SIZE];
    int count = 0;
    snprintf(directory, sizeof directory, "%s/state", home);
    DIR *listing = opendir(directory);
    for (struct dirent *entry; listing && (entry = readdir(listing));)
        count += strstr(entry->d_name, ".corrupt-") && !strstr(entry->d_name, "-wal") &&
                 !strstr(entry->d_name, "-shm");
    closedir(listing);
    cr_expect_eq(count, 3, "%d", count);
    find_set_aside(name, sizeof name);
    cr_expect(*name);
}

/* Leaves a log behind. */
static void write_and_die(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(write_one(open_journal(), "a") ? 0 : 1);
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
}

/* It may have the number that the journal had. */
Test(history_faults, a_file_that_is_made_in_the_place_of_a_deleted_journal_is_left_alone)
{
    char name[128];
    const struct history_config config = {.path = path};
    for (int i = 0; i < 20; i++) {
        history_close(open_journal());
        if (i % 2)
            write_and_die();
        delete_file("");
        write_file(path, foreign_text);
        cr_expect_null(history_open(&config, reason, sizeof reason));
        cr_expect(strstr(reason, "not a journal"), "%s", reason);
        find_set_aside(name, sizeof name);
        cr_expect_str_eq(name, "");
        delete_file("");
    }
}

/* Without its lock file, nothing says that a damaged file was a journal. */
Test(history_faults, a_damaged_file_that_nothing_vouches_for_is_left_alone)
{
    char name[128];
    const struct history_config config = {.path = path};
    history_close(open_journal());
    overwrite("", 0, 4096);
    delete_lock();
    cr_expect_null(history_open(&config, reason, sizeof reason));
    cr_expect(strstr(reason, "not a journal"), "%s", reason);
    find_set_aside(name, sizeof name);
    cr_expect_str_eq(name, "");
}

Test(history_faults, waits_until_there_is_room)
{
    static char raw[300000];
    char text[HISTORY_TEXT_SIZE], id[32];
    bool known;
    int accepted = 0;
    memset(raw, 'x', sizeof raw - 1);
    signal(SIGXFSZ, SIG_IGN);
    struct history *history = open_journal();
    struct rlimit before, small;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1 << 20;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (;; accepted++) {
        snprintf(id, sizeof id, "evt_%d", accepted);
        if (!write_at(history, id, raw, now_ms(), &known))
            break;
        cr_assert_lt(accepted, 100);
    }
    cr_expect_gt(accepted, 0);
    cr_expect(strstr(reason, "ulimit -f"), "%s", reason);
    cr_expect(history_trouble(history, text) && strstr(text, "ulimit -f") && strstr(text, path),
              "%s", text);
    cr_expect(!has(id), "what was refused is not there");

    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_expect_gt(history_tend(history), 0);
    cr_expect_not(history_trouble(history, text), "it has passed: %s", text);
    cr_expect(write_at(history, id, raw, now_ms(), &known) && !known, "%s", reason);
    for (int i = 0; i <= accepted; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        cr_expect(has(id), "%s", id);
    }
    history_close(history);
}

Test(history_faults, waits_until_others_let_go_of_it)
{
    struct history *history = open_journal();
    char text[HISTORY_TEXT_SIZE];
    sqlite3 *other;
    cr_assert_eq(sqlite3_open(path, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    cr_expect_not(write_one(history, "a"));
    cr_expect(strstr(reason, "locked"), "%s", reason);
    cr_expect_eq(history_tend(history), HISTORY_RETRY_MS);
    cr_expect(history_trouble(history, text) && strstr(text, "locked"), "%s", text);
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    cr_expect_gt(history_tend(history), HISTORY_RETRY_MS - 1);
    cr_expect_not(history_trouble(history, text), "%s", text);
    cr_expect(write_one(history, "a"), "%s", reason);
    history_close(history);
}

/* Another program that looks into the journal, and does what SQLite does for it. */
static bool checkpoint_elsewhere(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        sqlite3 *db;
        bool good =
            sqlite3_open(path, &db) == SQLITE_OK &&
            sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) == SQLITE_OK;
        sqlite3_close(db);
        _exit(good ? 0 : 1);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Its connection would keep the shared memory that was deleted, and share it with the writer's next
 * one: that and other programs would then overwrite each other's pages. */
Test(history_faults, readers_here_let_go_of_files_that_were_deleted)
{
    struct history *history = open_journal();
    cr_assert(write_one(history, "a"));
    struct history_reader *reader = open_reader();
    cr_expect_eq(history_last_row(reader), 1);
    delete_file("-wal");
    delete_file("-shm");
    cr_assert(write_one(history, "b"), "%s", reason);
    cr_expect(history_reader_is_stale(reader));
    int64_t last = history_last_row(reader);
    cr_expect_eq(last, 2, "it goes on: %d", (int)last);
    cr_expect(checkpoint_elsewhere());
    static const char *const ids[] = {"c", "d", "e", "f"};
    for (size_t i = 0; i < 4; i++)
        cr_expect(write_one(history, ids[i]), "%s: %s", ids[i], reason);
    cr_expect_eq(history_last_row(reader), 6);
    cr_expect(checkpoint_elsewhere());
    history_reader_close(reader);
    history_close(history);
    for (size_t i = 0; i < 4; i++)
        cr_expect(has(ids[i]), "%s", ids[i]);
}
