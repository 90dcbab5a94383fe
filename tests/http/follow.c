/* `tail` and `wait` beside the anchortop that keeps the journal, and parts of a journal. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include "../raw.h"
#include "printing.h"

TestSuite(follow, .fini = programs_stop, .timeout = 120);

/* The screen, which keeps a journal in its home. */
static struct watch start_screen(void)
{
    static const char *const arguments[] = {JOURNAL, NULL};
    return watch_start(&(struct program_setup){.arguments = arguments, .columns = 120});
}

/* Another screen that keeps the journal of one that has ended. */
static struct watch start_screen_again(const struct program *before)
{
    const char *arguments[] = {"--history", journal_of(before, (char[4200]){""}), NULL};
    return watch_start(&(struct program_setup){.arguments = arguments, .columns = 120});
}

Test(follow, tail_follows_the_journal_beside_the_screen_and_says_so)
{
    char process[64];
    struct watch screen = start_screen();
    deliver_type(screen.port, "old", "task.failed");
    struct program *tail = START_BESIDE(screen.program, "tail", "is:failed");
    wait_stderr(tail, "this one does not listen\n");
    snprintf(process, sizeof process, "(process %ld)", (long)program_pid(screen.program));
    cr_expect(strstr(program_stderr(tail), "following the journal "), "%s", program_stderr(tail));
    cr_expect(strstr(program_stderr(tail), process), "%s", program_stderr(tail));
    deliver_type(screen.port, "one", "task.failed");
    wait_output(tail, "✗ task.failed                    tsk_one ");
    deliver_type(screen.port, "two", "task.completed");
    deliver_type(screen.port, "three", "task.failed");
    wait_output(tail, "tsk_three");
    cr_expect_eq(lines_of(tail), 2, "%s", program_output(tail, NULL));
    program_signal(tail, SIGHUP);
    cr_expect_eq(program_wait_exit(tail), 0, "there is nothing that it could read again");
}

Test(follow, since_prints_what_was_there_and_goes_on)
{
    struct watch screen = start_screen();
    deliver_type(screen.port, "one", "task.failed");
    struct program *tail =
        START_BESIDE(screen.program, "tail", "--since", "1h", "--format", "json");
    wait_output(tail, "\"tsk_one\"");
    deliver_type(screen.port, "two", "task.failed");
    wait_output(tail, ",\"verified\":true,\"event\":{\"id\":\"two\",");
    cr_expect_eq(lines_of(tail), 2, "%s", program_output(tail, NULL));
}

Test(follow, wait_ends_with_what_the_screen_receives)
{
    struct watch screen = start_screen();
    deliver_type(screen.port, "old", "task.failed");
    struct program *wait = START_BESIDE(screen.program, "wait", "is:failed", "--count", "2");
    wait_stderr(wait, "does not listen\n");
    deliver_type(screen.port, "one", "task.failed");
    deliver_type(screen.port, "two", "task.completed");
    deliver_type(screen.port, "three", "task.failed");
    cr_expect_eq(program_wait_exit(wait), 0);
    cr_expect_eq(lines_of(wait), 2, "%s", program_output(wait, NULL));

    wait = START_BESIDE(screen.program, "wait", "is:failed", "--timeout", "300ms");
    cr_expect_eq(program_wait_exit(wait), 3);
    cr_expect(strstr(program_stderr(wait), "gave up after 300ms: no matching event came\n"), "%s",
              program_stderr(wait));
}

/* What still tells is the journal itself. */
Test(follow, knows_a_keeper_whose_lock_file_was_removed)
{
    char name[4300];
    struct watch screen = start_screen();
    snprintf(name, sizeof name, "%s.lock", journal_of(screen.program, (char[4200]){""}));
    cr_assert_eq(unlink(name), 0);
    struct program *tail = START_BESIDE(screen.program, "tail");
    wait_stderr(tail, "does not listen\n");
    deliver_type(screen.port, "one", "task.failed");
    wait_output(tail, "tsk_one");
}

Test(follow, a_request_that_was_answered_does_not_wait)
{
    struct watch screen = start_screen();
    deliver_request(screen.port, "req_before", "intervention.requested", "ses_1");
    struct program *tail =
        START_BESIDE(screen.program, "tail", "--since", "1h", "--format", "json", "is:waiting");
    wait_output(tail, "\"req_before\"");
    deliver_request(screen.port, "req_late", "intervention.resolved", "ses_2");
    deliver_request(screen.port, "req_late", "intervention.requested", "ses_2");
    deliver_request(screen.port, "req_open", "intervention.requested", "ses_3");
    wait_output(tail, "\"req_open\"");
    cr_expect_eq(lines_of(tail), 2, "%s", program_output(tail, NULL));
}

Test(follow, goes_on_when_the_keeper_ends_and_another_begins)
{
    static const int numbers[] = {SIGKILL, SIGTERM};
    struct watch screen = start_screen();
    struct program *first = screen.program;
    struct program *tail = START_BESIDE(first, "tail");
    wait_stderr(tail, "does not listen\n");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char id[32], text[64];
        end_with(screen.program, numbers[i]);
        snprintf(text, sizeof text, "has ended (process %ld)", (long)program_pid(screen.program));
        wait_stderr(tail, text);
        screen = start_screen_again(first);
        snprintf(text, sizeof text, "keeps the journal now (process %ld)",
                 (long)program_pid(screen.program));
        snprintf(id, sizeof id, "after_%zu", i);
        deliver_type(screen.port, id, "task.failed");
        wait_output(tail, id);
        wait_stderr(tail, text);
    }
    cr_expect_eq(lines_of(tail), 2, "%s", program_output(tail, NULL));
}

Test(follow, goes_on_in_the_journal_that_is_begun_when_the_files_are_deleted)
{
    struct watch screen = start_screen();
    struct program *tail = START_BESIDE(screen.program, "tail");
    wait_stderr(tail, "does not listen\n");
    deliver_type(screen.port, "one", "task.failed");
    wait_output(tail, "tsk_one");
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[4300];
        snprintf(name, sizeof name, "%s%s", journal_of(screen.program, (char[4200]){""}),
                 suffixes[i]);
        cr_assert_eq(unlink(name), 0, "%s", name);
    }
    deliver_type(screen.port, "two", "task.failed");
    wait_output(tail, "tsk_two");
    cr_expect_not(strstr(program_stderr(tail), "has ended"), "%s", program_stderr(tail));
}

Test(follow, an_address_to_listen_on_beside_a_keeper_is_refused)
{
    static const char *const rows[][3] = {
        {"tail", "--listen", "0"},
        {"tail", "--path=/x", "is:failed"},
        {"wait", "is:failed", "--insecure"},
    };
    struct watch screen = start_screen();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const *row = rows[i];
        struct program *program = START_BESIDE(screen.program, row[0], row[1], row[2]);
        cr_expect_eq(program_wait_exit(program), 1, "%s %s", row[0], row[1]);
        const char *said = program_stderr(program);
        cr_expect(strstr(said, "another anchortop keeps the journal") &&
                      strstr(said, "leave out --"),
                  "%s", said);
    }
    /* What stands in the configuration is for when it receives. */
    struct program *tail = program_start(&(struct program_setup){
        .arguments = (const char *const[]){"tail", "--history",
                                           journal_of(screen.program, (char[4200]){""}), NULL},
        .environment = (const char *const[]){"XDG_CONFIG_HOME=.", NULL},
        .file = "config",
        .content = "listen = 0\n",
        .no_terminal = true,
        .keep_stderr = true});
    wait_stderr(tail, "does not listen\n");
}

/* The same, whoever keeps the journal. */
Test(follow, a_part_of_the_journal_is_printed_to_its_end)
{
    static const struct {
        const char *words[8];
        size_t lines;
    } rows[] = {
        {{"tail", "--no-follow"}, 4},
        {{"tail", "--since", "1h", "--no-follow"}, 4},
        {{"tail", "--no-follow", "is:failed"}, 1},
        {{"tail", "--no-follow", "is:waiting"}, 1},
        {{"tail", "--since", "0s", "--no-follow"}, 0},
        {{"tail", "--until", "0s"}, 4},
        {{"tail", "--until", "1h"}, 0},
        {{"tail", "--since", "2h", "--until", "0s", "is:ok"}, 1},
        {{"tail", "--no-follow", "--format", "json"}, 4},
    };
    struct watch screen = start_screen();
    deliver_type(screen.port, "one", "task.failed");
    deliver_request(screen.port, "req_answered", "intervention.requested", "ses_1");
    deliver_request(screen.port, "req_open", "intervention.requested", "ses_2");
    deliver_request(screen.port, "req_answered", "intervention.resolved", "ses_1");
    for (int kept = 1; kept >= 0; kept--) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            const char *words[12] = {NULL};
            size_t count = 0;
            for (; rows[i].words[count]; count++)
                words[count] = rows[i].words[count];
            words[count++] = "--history";
            words[count++] = journal_of(screen.program, (char[4200]){""});
            struct program *tail = start_as_it_is(words);
            cr_expect_eq(program_wait_exit(tail), 0, "row %zu: %s", i, program_stderr(tail));
            cr_expect_eq(lines_of(tail), rows[i].lines, "row %zu, kept %d: %s", i, kept,
                         program_output(tail, NULL));
            cr_expect_str_eq(program_stderr(tail), "", "row %zu", i);
            program_stop(tail);
        }
        if (kept)
            end_with(screen.program, SIGKILL);
    }
}

Test(follow, a_journal_that_is_not_there_is_said_to_be_missing)
{
    static const char *const rows[][4] = {{"tail", "--no-follow"}, {"tail", "--until", "1h"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program *tail = start_as_it_is(rows[i]);
        cr_expect_eq(program_wait_exit(tail), 1);
        cr_expect(strstr(program_stderr(tail), "there is no journal "), "%s", program_stderr(tail));
        cr_expect(strstr(program_stderr(tail), "start anchortop"), "%s", program_stderr(tail));
    }
}

Test(follow, ends_quietly_when_its_reader_goes_away)
{
    char script[8400], name[4200];
    struct watch screen = start_screen();
    snprintf(script, sizeof script,
             "{ \"$0\" tail --history '%s'; echo \"status $?\" >&2; } | head -n 1",
             journal_of(screen.program, name));
    struct program *tail = shell(script);
    wait_stderr(tail, "does not listen\n");
    deliver_type(screen.port, "one", "task.failed");
    wait_stderr(tail, "status 0\n");
    cr_expect_eq(program_wait_exit(tail), 0);
}

/* Whether FILE-wal can be emptied, which nobody may be reading then. */
static bool can_empty_wal(struct program *program, void *path)
{
    int left = -1, moved = -1;
    sqlite3 *db;
    (void)program;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    /* It knows of the -wal only when it has read the file. */
    cr_assert_eq(sqlite3_exec(db, "SELECT * FROM event LIMIT 1", NULL, NULL, NULL), SQLITE_OK);
    int code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, &left, &moved);
    sqlite3_close(db);
    return code == SQLITE_OK && left == 0;
}

/* Delivers more than a pipe holds. */
static void deliver_many(int port)
{
    enum { EVENTS = 40, SIZE = 1 << 16 };
    char *json = malloc(SIZE + 100);
    cr_assert(json);
    for (int i = 0; i < EVENTS; i++) {
        int used = snprintf(json, 100, "{\"id\":\"evt_%d\",\"type\":\"task.failed\",\"x\":\"", i);
        memset(json + used, 'x', SIZE);
        memcpy(json + used + SIZE, "\"}", 3);
        deliver(port, json);
    }
    free(json);
}

static bool is_there(struct program *program, void *path)
{
    (void)program;
    return access(path, F_OK) == 0;
}

Test(follow, rests_while_its_output_blocks)
{
    char script[8600], name[4200], path[4300];
    struct watch screen = start_screen();
    snprintf(script, sizeof script,
             "mkfifo made; mv made out; exec \"$0\" tail --format json --history '%s' 3>&1 >out",
             journal_of(screen.program, name));
    struct program *tail = shell(script);
    snprintf(path, sizeof path, "%s/out", program_home(tail));
    program_wait(tail, "the pipe", is_there, path);
    int pipe = open(path, O_RDONLY | O_NONBLOCK);
    cr_assert(pipe >= 0, "%s", strerror(errno));
    wait_stderr(tail, "does not listen\n");
    deliver_many(screen.port);
    raw_wait_quiet(&(struct watch){.program = tail}, "the pipe is full");
    cr_expect(program_running(tail));
    close(pipe);
    cr_expect_eq(program_wait_exit(tail), 0);
}

Test(follow, reads_nothing_while_its_output_blocks)
{
    char script[8600], name[4200];
    struct watch screen = start_screen();
    deliver_many(screen.port);
    snprintf(script, sizeof script,
             "mkfifo go; \"$0\" tail --no-follow --format json --history '%s' | "
             "{ dd bs=1 count=1 2>/dev/null; read x <go; grep -c '\"evt_'; }",
             journal_of(screen.program, name));
    struct program *tail = shell(script);
    wait_output(tail, "{");
    program_wait(tail, "that nobody reads the journal", can_empty_wal, name);
    snprintf(script, sizeof script, "%s/go", program_home(tail));
    int go = open(script, O_WRONLY);
    cr_assert(go >= 0, "%s", strerror(errno));
    close(go);
    wait_output(tail, "40\n");
    cr_expect_eq(program_wait_exit(tail), 0);
}
