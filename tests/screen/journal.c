/* What the screen tells of the journal: yesterday's events, and what is wrong with the file. */
#include "../watch.h"

#include "journal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(journal, .init = make_directory, .fini = clean_up);

static struct watch start(void)
{
    const char *const arguments[] = {"--history", path, NULL};
    return watch_start(&(struct program_setup){.arguments = arguments, .rows = 24, .columns = 120});
}

static void send_night(const struct watch *watch)
{
    watch_send(watch, "evt_1", "task.failed", "\"task_id\":\"tsk_night\"");
    watch_send(watch, "evt_2", "intervention.requested",
               "\"request_id\":\"req_1\",\"session_id\":\"ses_1\",\"message\":\"Solve it\"");
}

Test(journal, the_night_is_there_in_the_morning)
{
    struct watch watch = start();
    send_night(&watch);
    program_wait_text(watch.program, "1 waiting");
    watch_quit(watch.program);

    watch = start();
    program_wait_text(watch.program, "tsk_night");
    program_wait_text(watch.program, "1 waiting");
    program_wait_row(watch.program, 0, "2 events");
    cr_expect_eq(program_bells(watch.program), 0, "it has rung in the night");
    struct http_reply reply = watch_deliver(
        &watch, WATCH_SECRET, "{\"id\":\"evt_1\",\"type\":\"task.failed\",\"data\":{}}");
    cr_expect_eq(reply.status, 200);
    cr_expect(strstr(reply.body, "duplicate"), "%s", reply.body);
}

Test(journal, a_deleted_file_is_told)
{
    struct watch watch = start();
    send_night(&watch);
    cr_assert_eq(unlink(path), 0);
    watch_send(&watch, "evt_3", "task.failed", "\"task_id\":\"tsk_after\"");
    program_wait_text(watch.program, "deleted or replaced");
    cr_expect_eq(access(path, F_OK), 0, "another one is begun");
}

/* What came yesterday is no reason to draw again and again. */
Test(journal, a_page_is_there_at_once_when_nothing_happens)
{
    struct watch watch = start();
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_night\"");
    program_wait_text(watch.program, "tsk_night");
    watch_quit(watch.program);

    watch = start();
    program_wait_text(watch.program, "tsk_night");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "Signature verified");
    program_keys(watch.program, "]");
    program_wait_text(watch.program, "▸");
}
