/* A clock that is set while the program runs: what is new stays new. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../watch.h"

TestSuite(clock, .fini = programs_stop, .timeout = 120);

static const char *module(void)
{
    const char *found = getenv("SET_CLOCK");
    if (!found)
        cr_skip_test("there is no way to set a clock here");
    return found;
}

/* Without a secret: signatures are good for two minutes by the right clock. */
static struct watch start(const char *rules)
{
    char preload[512];
    struct watch watch = {0};
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", module());
    watch.program = program_start(&(struct program_setup){
        .arguments = (const char *const[]){"--listen", "0", "--config", "rules", NULL},
        .environment = (const char *const[]){preload, "SET_CLOCK_FILE=clock", NULL},
        .file = "rules",
        .content = rules});
    watch.port = program_port(watch.program);
    return watch;
}

static void set_clock(const struct watch *watch, const char *seconds)
{
    program_write_file(watch->program, "clock", seconds);
}

static void deliver(const struct watch *watch, const char *id, const char *type, const char *data)
{
    char json[512];
    snprintf(json, sizeof json, "{\"id\":\"%s\",\"type\":\"%s\",\"data\":{%s}}", id, type, data);
    struct http_reply reply = http_deliver(watch->port, NULL, json);
    cr_assert_eq(reply.status, 200, "%s: %s%s", id, reply.head, reply.body);
}

static bool has_rung(struct program *program, void *context)
{
    return program_bells(program) >= *(unsigned *)context;
}

static void wait_bells(const struct watch *watch, unsigned count)
{
    program_wait(watch->program, "the bell", has_rung, &count);
}

static const struct {
    const char *name, *seconds;
} steps[] = {{"an hour back", "-3600"}, {"a year back", "-31536000"}, {"mended", "0"}};

enum { STEPS = sizeof steps / sizeof *steps };

Test(clock, alerts_go_off_after_the_clock_is_set_back)
{
    struct watch watch = start("[alert all]\nfilter = type:task.failed\nbell = yes\nevery = 0s\n");
    for (unsigned i = 0; i < STEPS; i++) {
        char id[32];
        set_clock(&watch, steps[i].seconds);
        snprintf(id, sizeof id, "evt_%u", i);
        deliver(&watch, id, "task.failed", "\"task_id\":\"tsk_1\"");
        wait_bells(&watch, i + 1);
    }
    cr_expect_eq(program_bells(watch.program), STEPS);
}

Test(clock, a_request_rings_after_the_clock_is_set_back)
{
    struct watch watch = start("");
    for (unsigned i = 0; i < STEPS; i++) {
        char id[32], data[128];
        set_clock(&watch, steps[i].seconds);
        snprintf(id, sizeof id, "evt_%u", i);
        snprintf(data, sizeof data, "\"request_id\":\"req_%u\",\"session_id\":\"ses_%u\"", i, i);
        deliver(&watch, id, "intervention.requested", data);
        wait_bells(&watch, i + 1);
    }
}

/* A sentence in the last line goes after some seconds. */
Test(clock, a_message_goes_away_after_the_clock_is_set_back)
{
    struct watch watch = start("");
    program_keys(watch.program, "m");
    program_wait_text(watch.program, "muted: the bell is off");
    set_clock(&watch, "-86400");
    program_wait_gone(watch.program, "muted: the bell is off");
}
