/* Recorded events on the screen: files, pipes that are still being written, and broken lines. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../watch.h"

TestSuite(watch, .fini = programs_stop);

#define EVENT(id)                                                                                  \
    "{\"id\":\"" id "\",\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_" id "\"}}"

static struct program *watch_file(const char *content)
{
    static const char *const arguments[] = {"watch", "fleet.jsonl", NULL};
    return program_start(&(struct program_setup){
        .arguments = arguments, .file = "fleet.jsonl", .content = content, .columns = 100});
}

Test(watch, a_file_is_shown_under_its_name)
{
    struct program *program =
        watch_file(EVENT("one") "\n{\"received\":\"2026-05-24T12:18:06.250Z\",\"verified\":true,"
                                "\"event\":" EVENT("two") "}\n\n" EVENT("one") "\n");
    program_wait_row(program, 0, "fleet.jsonl");
    program_wait_row(program, 0, "2 events");
    program_wait_text(program, "tsk_one");
    program_wait_text(program, "tsk_two");
    cr_expect_not(strstr(program_row(program, 0), "UNVERIFIED"), "there is nothing to verify");
    program_keys(program, "q");
    cr_expect_eq(program_wait_exit(program), 0);
    cr_expect(!program_full_screen(program));
}

Test(watch, a_broken_line_is_reported_with_its_number_and_skipped)
{
    struct program *program =
        watch_file(EVENT("one") "\n{\"id\":\"evt_2\",\"ty\n" EVENT("three") "\n");
    program_wait_text(program, "skipped line 2: not valid JSON");
    program_wait_text(program, "tsk_one");
    program_wait_text(program, "tsk_three");
    program_keys(program, "7");
    struct watch watch = {.program = program};
    watch_wait_words(&watch, "skipped", "not valid JSON", "line 2");
    program_wait_text(program, "line 3");
    program_wait_row(program, 0, "1 skipped");
}

Test(watch, an_empty_file_is_said_to_be_empty)
{
    struct program *program = watch_file("\n");
    program_wait_text(program, "No events yet from fleet.jsonl");
    program_wait_text(program, "fleet.jsonl holds no events");
}

/* Runs a script on a terminal, with the program as $0. */
static struct program *shell(const char *script)
{
    const char *arguments[] = {"-c", script, getenv("ANCHORTOP"), NULL};
    return program_start(
        &(struct program_setup){.path = "/bin/sh", .arguments = arguments, .columns = 100});
}

static void say(int pipe, const char *text)
{
    cr_assert_eq(write(pipe, text, strlen(text)), (ssize_t)strlen(text), "%s", strerror(errno));
}

Test(watch, standard_input_is_followed_and_the_keyboard_works)
{
    struct program *program =
        shell("mkfifo events; echo made; \"$0\" watch - <events; echo \"status $?\"");
    char path[4200];
    snprintf(path, sizeof path, "%s/events", program_home(program));
    program_wait_text(program, "made");
    int pipe = open(path, O_WRONLY);
    cr_assert(pipe >= 0, "%s", strerror(errno));
    program_wait_row(program, 0, "standard input");
    say(pipe, EVENT("one") "\n");
    program_wait_text(program, "tsk_one");
    say(pipe, "{\"id\":\"two\",");
    program_keys(program, "?");
    program_wait_text(program, "Keys");
    program_keys(program, "?");
    program_wait_gone(program, "Keys");
    say(pipe, "\"type\":\"batch.failed\"}\n");
    program_wait_text(program, "batch.failed");
    close(pipe);
    program_wait_text(program, "standard input has ended");
    program_keys(program, "q");
    program_wait_text(program, "status 0");
    cr_expect(!program_full_screen(program));
}

/* What `tail` prints, `watch` shows; while it comes. */
Test(watch, what_tail_prints_can_be_watched)
{
    struct program *program =
        shell("\"$0\" tail --listen 127.0.0.1:0 --format json 2>said | \"$0\" watch - & "
              "until url=$(grep -o 'http://[0-9.:]*/' said); do :; done; "
              "\"$0\" send --url \"$url\" task.healed >sent 2>&1; wait");
    program_wait_row(program, 0, "1 event ");
    program_wait_text(program, "task.healed");
}

Test(watch, what_cannot_be_read_is_said_at_once)
{
    static const struct {
        const char *name, *script, *expected;
    } rows[] = {
        {"no such file", "\"$0\" watch nothing.jsonl; echo \"status $?\"",
         "anchortop: cannot read nothing.jsonl: No such file"},
        {"a directory", "\"$0\" watch .; echo \"status $?\"",
         "anchortop: cannot read .: Is a directory"},
        {"the keyboard", "\"$0\" watch -; echo \"status $?\"",
         "standard input is the keyboard; pipe events into it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program *program = shell(rows[i].script);
        program_wait_text(program, "status 1");
        cr_expect(program_find(program, rows[i].expected, NULL, NULL), "%s: %s", rows[i].name,
                  program_dump(program));
    }
}

Test(watch, the_journal_is_shown_and_followed_beside_its_program)
{
    static const char *const journal[] = {"--history", "journal.db", NULL};
    struct watch keeper = watch_start(&(struct program_setup){.arguments = journal});
    char path[4200];
    snprintf(path, sizeof path, "%s/journal.db", program_home(keeper.program));
    watch_send(&keeper, "one", "task.failed", "\"task_id\":\"tsk_one\"");

    const char *arguments[] = {"watch", "--since", "1h", "--history", path, NULL};
    struct program *program =
        program_start(&(struct program_setup){.arguments = arguments, .columns = 100});
    program_wait_text(program, "tsk_one");
    program_wait_row(program, 0, "1 event");
    watch_send(&keeper, "two", "task.completed", "\"task_id\":\"tsk_two\"");
    program_wait_text(program, "tsk_two");
    program_keys(program, "2");
    program_wait_text(program, "tsk_one");

    /* Also when it ends, and another comes. */
    program_signal(keeper.program, SIGKILL);
    program_wait_exit(keeper.program);
    const char *again[] = {"--history", path, NULL};
    keeper = watch_start(&(struct program_setup){.arguments = again, .columns = 120});
    watch_send(&keeper, "three", "task.completed", "\"task_id\":\"tsk_three\"");
    program_wait_text(program, "tsk_three");
    program_keys(program, "q");
    cr_expect_eq(program_wait_exit(program), 0);
}

Test(watch, a_part_of_the_journal_does_not_grow)
{
    static const char *const journal[] = {"--history", "journal.db", NULL};
    static const char *const parts[][3] = {
        {"--no-follow"}, {"--until", "0s"}, {"--since=1h", "--until=0s"}};
    enum { PARTS = sizeof parts / sizeof *parts };
    struct program *programs[PARTS];
    struct watch keeper = watch_start(&(struct program_setup){.arguments = journal});
    char path[4200];
    snprintf(path, sizeof path, "%s/journal.db", program_home(keeper.program));
    watch_send(&keeper, "one", "task.failed", "\"task_id\":\"tsk_one\"");
    for (size_t i = 0; i < PARTS; i++) {
        const char *arguments[] = {"watch",     "--history", path, parts[i][0],
                                   parts[i][1], parts[i][2], NULL};
        programs[i] = program_start(&(struct program_setup){.arguments = arguments});
        program_wait_text(programs[i], "tsk_one");
    }
    const char *arguments[] = {"watch", "--since=1h", "--history", path, NULL};
    struct program *all = program_start(&(struct program_setup){.arguments = arguments});
    watch_send(&keeper, "two", "task.failed", "\"task_id\":\"tsk_two\"");
    program_wait_text(all, "tsk_two");
    for (size_t i = 0; i < PARTS; i++) {
        program_keys(programs[i], "1");
        program_pump(programs[i]);
        cr_expect(program_find(programs[i], "tsk_one", NULL, NULL));
        cr_expect_not(program_find(programs[i], "tsk_two", NULL, NULL), "%s", parts[i][0]);
    }
}

Test(watch, a_journal_that_is_not_there_is_said_before_the_screen_opens)
{
    static const char *const arguments[] = {"watch", "--since", "1h", NULL};
    struct program *program =
        program_start(&(struct program_setup){.arguments = arguments, .columns = 100});
    cr_expect_eq(program_wait_exit(program), 1);
    program_wait_text(program, "there is no journal ");
    cr_expect(!program_full_screen(program));
}
