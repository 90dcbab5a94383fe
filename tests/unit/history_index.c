/* Somebody scribbles on FILE-shm, which programs share: nothing that was accepted is lost. */
#include "journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

TestSuite(history_index, .init = set_up, .fini = tear_down, .timeout = 120);

enum { INDEX = 32768, HEADER = 136, SLOTS_AT = 16384 };

/* This one would lose its locks. */
static void in_another_process(void (*scribble)(int file))
{
    char name[PATH_SIZE + 8];
    snprintf(name, sizeof name, "%s-shm", path);
    pid_t child = fork();
    if (child == 0) {
        int file = open(name, O_RDWR);
        if (file >= 0)
            scribble(file);
        _exit(file < 0);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
}

static void fill(int file, int character, off_t from, size_t length)
{
    static char bytes[INDEX];
    memset(bytes, character, length);
    if (pwrite(file, bytes, length, from) != (ssize_t)length)
        _exit(2);
}

static void garbage_everywhere(int file)
{
    fill(file, '#', 0, INDEX);
}

static void zeros_everywhere(int file)
{
    fill(file, 0, 0, INDEX);
}

static void garbage_behind_the_header(int file)
{
    fill(file, '#', HEADER, INDEX - HEADER);
}

static void zeros_behind_the_header(int file)
{
    fill(file, 0, HEADER, INDEX - HEADER);
}

static void zeros_for_pages(int file)
{
    fill(file, 0, HEADER, SLOTS_AT - HEADER);
}

static void zeros_for_slots(int file)
{
    fill(file, 0, SLOTS_AT, INDEX - SLOTS_AT);
}

static void garbage_for_slots(int file)
{
    fill(file, 1, SLOTS_AT, INDEX - SLOTS_AT);
}

static char saved[PATH_SIZE];

static void save(int file)
{
    static char bytes[INDEX];
    int copy = open(saved, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (pread(file, bytes, INDEX, 0) != INDEX || write(copy, bytes, INDEX) != INDEX)
        _exit(3);
}

static void put_back(int file)
{
    static char bytes[INDEX];
    int copy = open(saved, O_RDONLY);
    if (pread(copy, bytes, INDEX, 0) != INDEX || pwrite(file, bytes, INDEX, 0) != INDEX)
        _exit(4);
}

static void one_byte_somewhere(int file)
{
    srandom((unsigned)getpid());
    fill(file, (int)random(), random() % INDEX, 1);
}

static void write_events(struct history *history, int from, int end)
{
    for (int i = from; i < end; i++) {
        char id[32];
        snprintf(id, sizeof id, "evt_%d_%d", (i * 7919) % 1000, i);
        cr_assert(write_one(history, id), "%d: %s", i, reason);
    }
}

static void expect_everything(const char *name, int count)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, "SELECT count(*) FROM event", -1, &s, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_step(s), SQLITE_ROW);
    cr_expect_eq(sqlite3_column_int(s, 0), count, "%s: %d of %d", name, sqlite3_column_int(s, 0),
                 count);
    sqlite3_finalize(s);
    cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &s, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_step(s), SQLITE_ROW);
    cr_expect_str_eq((const char *)sqlite3_column_text(s, 0), "ok", "%s", name);
    sqlite3_finalize(s);
    sqlite3_close(db);
}

Test(history_index, a_scribble_loses_nothing)
{
    static const struct {
        const char *name;
        void (*scribble)(int file);
    } rows[] = {
        {"garbage everywhere", garbage_everywhere},
        {"zeros everywhere", zeros_everywhere},
        {"garbage behind the header", garbage_behind_the_header},
        {"zeros behind the header", zeros_behind_the_header},
        {"zeros for pages", zeros_for_pages},
        {"zeros for slots", zeros_for_slots},
        {"garbage for slots", garbage_for_slots},
        {"what stood there before", put_back},
        {"one byte somewhere", one_byte_somewhere},
    };
    enum { EVENTS = 60 };
    char text[HISTORY_TEXT_SIZE], directory[PATH_SIZE];
    snprintf(saved, sizeof saved, "%s/saved", home);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *history = open_journal();
        struct history_reader *reader = open_reader(); /* keeps it from being made anew */
        cr_expect_geq(history_last_row(reader), 0);
        write_events(history, 0, EVENTS);
        in_another_process(save);
        write_events(history, EVENTS, 2 * EVENTS);
        in_another_process(rows[i].scribble);
        write_events(history, 2 * EVENTS, 3 * EVENTS);
        in_another_process(rows[i].scribble);
        cr_expect_not(history_trouble(history, text), "%s: %s", rows[i].name, text);
        history_reader_close(reader);
        history_close(history);
        expect_everything(rows[i].name, 3 * EVENTS);
        snprintf(directory, sizeof directory, "%s/state", home);
        remove_all(directory);
    }
}

/* Whoever keeps the journal next does not believe what the last one has left, while somebody who
 * reads still has it open. */
Test(history_index, a_scribble_between_two_programs_loses_nothing)
{
    enum { EVENTS = 50 };
    pid_t child = fork();
    if (child == 0) {
        write_events(open_journal(), 0, EVENTS);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, NULL, 0);
    int ready[2];
    cr_assert_eq(pipe(ready), 0);
    pid_t reads = fork();
    if (reads == 0) {
        struct history_reader *reader = open_reader();
        if (history_last_row(reader) != EVENTS || write(ready[1], "r", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char byte;
    cr_assert_eq(read(ready[0], &byte, 1), 1);
    in_another_process(zeros_behind_the_header);
    struct history *history = open_journal();
    write_events(history, EVENTS, 2 * EVENTS);
    history_close(history);
    kill(reads, SIGKILL);
    waitpid(reads, NULL, 0);
    expect_everything("between", 2 * EVENTS);
}

/* Bytes of 0 to 2 here and there, all the time. */
static pid_t scribble_on(void)
{
    char name[PATH_SIZE + 8];
    snprintf(name, sizeof name, "%s-shm", path);
    pid_t child = fork();
    if (child != 0)
        return child;
    int file = open(name, O_RDWR);
    srandom((unsigned)getpid());
    for (;;) {
        off_t from = random() % (INDEX - 2048);
        fill(file, (int)(random() % 3), from, (size_t)(random() % 2048));
        nanosleep(&(struct timespec){.tv_nsec = random() % 20000000}, NULL);
    }
}

Test(history_index, what_is_accepted_under_scribbles_is_there)
{
    enum { EVENTS = 400 };
    static char raw[20000];
    static bool accepted[EVENTS];
    struct history *history = open_journal();
    char id[32], name[HISTORY_TEXT_SIZE];
    int count = 0;
    write_events(history, 0, 10);
    pid_t scribbler = scribble_on();
    memset(raw, 'x', sizeof raw - 1);
    for (int i = 0; i < EVENTS; i++) {
        bool known;
        snprintf(id, sizeof id, "big_%d_%d", (i * 7919) % 1000, i);
        accepted[i] = write_at(history, id, raw, now_ms(), &known);
        count += accepted[i];
    }
    kill(scribbler, SIGKILL);
    waitpid(scribbler, NULL, 0);
    unsigned notices = history_notice(history, name);
    history_close(history);
    cr_expect_eq(notices, 0, "a sound file is not set aside: %s", name);
    cr_expect_gt(count, EVENTS / 2, "%d", count);
    for (int i = 0; i < EVENTS; i++) {
        snprintf(id, sizeof id, "big_%d_%d", (i * 7919) % 1000, i);
        cr_expect(!accepted[i] || has(id), "%s", id);
    }
}
