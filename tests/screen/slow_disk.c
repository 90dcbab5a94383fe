/* A slow disk holds up answers, and nothing else. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../raw.h"

TestSuite(slow_disk, .fini = programs_stop, .timeout = 120);

static void path_of(const struct watch *watch, const char *name, char path[4200])
{
    snprintf(path, 4200, "%s/%s", program_home(watch->program), name);
}

static bool disk_is_waited_for(struct program *program, void *context)
{
    char path[4200];
    (void)context;
    path_of(&(struct watch){.program = program}, "still.waits", path);
    return access(path, F_OK) == 0;
}

static bool is_answered(int connection)
{
    char byte;
    return recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

/* The disk does not come back before all keys have had their effect: no time is measured. */
Test(slow_disk, keys_do_not_wait_for_it)
{
    const char *module = getenv("SLOW_DISK");
    if (!module)
        cr_skip_test("there is no way to slow the disk down here");
    char preload[512], path[4200], request[RAW_SIZE];
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", module);
    struct watch watch = watch_start(&(struct program_setup){
        .environment = (const char *const[]){preload, "SLOW_DISK_GATE=still", NULL}});
    watch_send(&watch, "evt_before", "task.failed", "\"task_id\":\"tsk_before\"");
    program_wait_text(watch.program, "tsk_before");

    program_write_file(watch.program, "still", "");
    int connection = http_connect(watch.port);
    size_t length = raw_request(
        request, "POST / HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B",
        "{\"id\":\"evt_held\",\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_held\"}}");
    cr_assert(http_send(connection, request, length));
    program_wait(watch.program, "a delivery to wait for the disk", disk_is_waited_for, NULL);
    for (int i = 0; i < 3; i++) {
        program_keys(watch.program, "7");
        program_wait_text(watch.program, "REASON");
        program_keys(watch.program, "1");
        program_wait_text(watch.program, "TYPE");
        program_keys(watch.program, "<Enter>");
        program_wait_text(watch.program, "Summary");
        program_keys(watch.program, "<Esc>");
        program_wait_gone(watch.program, "Summary");
    }
    cr_expect_not(is_answered(connection), "what is not durable is not accepted");
    cr_expect_eq(program_find_row(watch.program, "tsk_held"), -1, "nor shown");

    path_of(&watch, "still", path);
    cr_assert_eq(unlink(path), 0);
    struct http_reply reply = http_read(connection);
    cr_expect_eq(reply.status, 200, "%s%s", reply.head, reply.body);
    program_wait_text(watch.program, "tsk_held");
    close(connection);
}
