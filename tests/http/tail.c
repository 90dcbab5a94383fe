/* The commands without a screen: what a script gets from `anchortop tail` and `wait`. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "printing.h"

TestSuite(tail, .fini = programs_stop);

Test(tail, prints_a_line_an_event_at_once)
{
    struct program *tail = START("tail");
    int port = port_of(tail);
    deliver_type(port, "one", "task.failed");
    wait_output(tail, "✗ task.failed                    tsk_one              4.2s ");
    deliver_type(port, "two", "task.completed");
    wait_output(tail, "✓ task.completed                 tsk_two              4.2s ");
    cr_expect_not(strchr(program_output(tail, NULL), '\033'), "a pipe gets no colours");
    program_signal(tail, SIGTERM);
    cr_expect_eq(program_wait_exit(tail), 0);
    cr_expect_not(strstr(program_stderr(tail), SECRET));
}

Test(tail, prints_what_matches_and_no_event_twice)
{
    struct program *tail = START("tail", "is:failed", "or tsk_three");
    int port = port_of(tail);
    deliver_type(port, "one", "task.completed");
    deliver_type(port, "two", "task.failed");
    deliver_type(port, "two", "task.failed");
    deliver_type(port, "three", "task.completed");
    wait_output(tail, "tsk_three");
    const char *output = program_output(tail, NULL);
    cr_expect_not(strstr(output, "tsk_one"), "%s", output);
    const char *two = strstr(output, "task.failed");
    cr_assert(two, "%s", output);
    cr_expect_not(strstr(two + 1, "task.failed"), "%s", output);
}

Test(tail, json_is_the_envelope_as_it_was_received)
{
    struct program *tail = START("tail", "--format", "json");
    int port = port_of(tail);
    deliver(port, "{ \"id\": \"one\",\n  \"type\": \"task.failed\",\n"
                  "  \"data\": {\"n\": 12345678901234567890, \"s\": \"a  b\"} }\n");
    wait_output(tail, ",\"verified\":true,\"event\":{\"id\":\"one\",\"type\":\"task.failed\","
                      "\"data\":{\"n\":12345678901234567890,\"s\":\"a  b\"}}}\n");
    cr_expect_eq(strncmp(program_output(tail, NULL), "{\"received\":\"20", 15), 0);
}

Test(tail, begins_with_what_comes_and_not_with_what_was_there)
{
    struct program *first = START("tail", JOURNAL);
    deliver_type(port_of(first), "old", "task.failed");
    wait_output(first, "tsk_old");
    end_with(first, SIGKILL);

    struct program *second = START_AFTER(first, "tail");
    int port = port_of(second);
    deliver_type(port, "old", "task.failed");
    deliver_type(port, "new", "task.failed");
    wait_output(second, "tsk_new");
    cr_expect_not(strstr(program_output(second, NULL), "tsk_old"), "%s",
                  program_output(second, NULL));
    end_with(second, SIGKILL);

    struct program *wait = START_AFTER(first, "wait", "type:task.failed");
    deliver_type(port_of(wait), "newer", "task.failed");
    cr_expect_eq(program_wait_exit(wait), 0);
    cr_expect(strstr(program_output(wait, NULL), "tsk_newer"), "%s", program_output(wait, NULL));
    cr_expect_eq(lines_of(wait), 1);
}

Test(tail, since_prints_what_was_there_and_goes_on)
{
    struct program *first = START("tail", JOURNAL);
    int port = port_of(first);
    deliver_type(port, "one", "task.failed");
    deliver_type(port, "two", "task.completed");
    deliver_type(port, "three", "task.failed");
    end_with(first, SIGKILL);

    struct program *second = START_AFTER(first, "tail", "--since", "1h", "is:failed");
    port = port_of(second);
    deliver_type(port, "three", "task.failed");
    deliver_type(port, "four", "task.completed");
    deliver_type(port, "five", "task.failed");
    wait_lines(second, 3);
    const char *output = program_output(second, NULL);
    const char *one = strstr(output, "tsk_one"), *three = strstr(output, "tsk_three");
    const char *five = strstr(output, "tsk_five");
    cr_expect(one && three && five && one < three && three < five, "%s", output);
    cr_expect_eq(lines_of(second), 3, "%s", output);
    end_with(second, SIGTERM);
}

static const struct {
    const char *id, *type, *session;
} requests[] = {
    /* Deliveries may come in any order. */
    {"req_answered_first", "intervention.resolved", "ses_1"},
    {"req_answered_first", "intervention.requested", "ses_1"},
    {"req_open", "intervention.requested", "ses_2"},
};

static void deliver_requests(int port)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        deliver_request(port, requests[i].id, requests[i].type, requests[i].session);
}

Test(tail, a_request_that_was_answered_does_not_wait)
{
    static const char *const rows[][4] = {{"tail", "is:waiting", NULL},
                                          {"wait", "is:waiting", NULL},
                                          {"tail", "--no-history", "is:waiting", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program *program = start(rows[i]);
        deliver_requests(port_of(program));
        wait_output(program, "ses_2");
        const char *output = program_output(program, NULL);
        cr_expect_eq(lines_of(program), 1, "%s: %s", rows[i][0], output);
        program_stop(program);
    }
}

Test(tail, since_a_request_waits_until_the_journal_has_its_end)
{
    struct program *first = START("tail", JOURNAL);
    int port = port_of(first);
    deliver_requests(port);
    deliver_request(port, "req_answered", "intervention.requested", "ses_3");
    deliver_request(port, "req_left", "intervention.requested", "ses_4");
    deliver_request(port, "req_answered", "intervention.resolved", "ses_3");
    deliver_request(port, "", "session.failed", "ses_4");
    end_with(first, SIGKILL);

    struct program *second =
        START_AFTER(first, "tail", "--since", "1h", "--format", "json", "is:waiting");
    wait_output(second, "\"req_open\"");
    port = port_of(second);
    deliver_request(port, "req_new", "intervention.requested", "ses_5");
    wait_output(second, "\"req_new\"");
    cr_expect_eq(lines_of(second), 2, "%s", program_output(second, NULL));
    end_with(second, SIGTERM);
}

/* Nobody reads while deliveries come, and they are more than memory and pipe can hold. */
Test(tail, since_has_neither_gap_nor_overlap)
{
    enum { EVENTS = 120, RESTART = 40, SIZE = 1 << 18 };
    char *json = malloc(SIZE + 100);
    cr_assert(json);
    struct program *first = START("tail", "is:cancelled", JOURNAL), *program = first;
    int port = port_of(program);
    for (int i = 0; i < EVENTS; i++) {
        if (i == RESTART) {
            end_with(program, SIGKILL);
            program =
                START_AFTER(first, "tail", "--since", "1d", "--memory", "1M", "--format", "json");
            port = port_of(program);
        }
        int used = snprintf(json, 100, "{\"id\":\"evt_%d\",\"type\":\"task.failed\",\"x\":\"", i);
        memset(json + used, 'x', SIZE);
        memcpy(json + used + SIZE, "\"}", 3);
        deliver(port, json);
    }
    free(json);
    wait_lines(program, EVENTS);
    const char *at = program_output(program, NULL);
    for (int i = 0; i < EVENTS; i++) {
        char id[32];
        snprintf(id, sizeof id, "\"id\":\"evt_%d\"", i);
        at = strstr(at, id);
        cr_assert(at, "%s is missing, or in the wrong place", id);
    }
    cr_expect_eq(lines_of(program), EVENTS);
    cr_expect_not(strstr(program_stderr(program), "overwritten"));
}

Test(tail, ends_quietly_when_its_reader_goes_away)
{
    struct program *script =
        shell("{ \"$0\" tail --listen 0; echo \"status $?\" >&2; } | head -n 1");
    int port = port_of(script);
    deliver_type(port, "one", "task.failed");
    /* No second event is needed to notice. */
    wait_stderr(script, "status 0\n");
    cr_expect_eq(program_wait_exit(script), 0);
    cr_expect(strstr(program_output(script, NULL), "tsk_one"));
    const char *said = strchr(program_stderr(script), '\n') + 1;
    cr_expect_str_eq(said, "status 0\n");
}

Test(tail, a_reader_who_is_slow_delays_no_delivery_and_learns_what_was_lost)
{
    enum { EVENTS = 40, SIZE = 1 << 20 };
    /* More than ring and pipe can hold, while nobody reads the pipe. */
    struct program *script = shell("mkfifo go; \"$0\" tail --listen 0 --memory 1M --format json | "
                                   "{ dd bs=1 count=1 2>/dev/null; read x <go; "
                                   "grep -o --line-buffered '\"evt_[0-9]*\"'; }");
    int port = port_of(script), connection = http_connect(port);
    char *json = malloc(SIZE + 100);
    cr_assert(json);
    for (int i = 0; i < EVENTS; i++) {
        int used = snprintf(json, 100, "{\"id\":\"evt_%d\",\"type\":\"task.failed\",\"x\":\"", i);
        memset(json + used, 'x', SIZE);
        memcpy(json + used + SIZE, "\"}", 3);
        struct http_reply reply = http_deliver_on(connection, NULL, SECRET, json);
        cr_assert_eq(reply.status, 200, "delivery %d: %s", i, reply.head);
        cr_assert_lt(reply.seconds, 5.0, "delivery %d took %.1f s", i, reply.seconds);
        /* The first is being printed before others can take its place. */
        if (i == 0)
            wait_output(script, "{");
    }
    free(json);
    close(connection);
    char path[4200];
    snprintf(path, sizeof path, "%s/go", program_home(script));
    int go = open(path, O_WRONLY);
    cr_assert(go >= 0, "%s", strerror(errno));
    close(go);
    wait_output(script, "\"evt_39\"");
    cr_expect(strstr(program_output(script, NULL), "\"evt_0\""));
    cr_expect_not(strstr(program_output(script, NULL), "\"evt_10\""));
    wait_stderr(script, "before they could be printed: the reader is slow");
}

Test(tail, wait_ends_with_the_event)
{
    struct program *wait = START("wait", "type:task.failed", "--count", "2");
    int port = port_of(wait);
    deliver_type(port, "one", "task.failed");
    deliver_type(port, "two", "task.completed");
    deliver_type(port, "three", "task.failed");
    cr_expect_eq(program_wait_exit(wait), 0);
    const char *output = program_output(wait, NULL);
    cr_expect(strstr(output, "tsk_one") && strstr(output, "tsk_three"), "%s", output);
    cr_expect_not(strstr(output, "tsk_two"), "%s", output);
}

Test(tail, wait_gives_up_with_3)
{
    struct program *wait = START("wait", "is:failed", "--timeout", "300ms");
    cr_expect_eq(program_wait_exit(wait), 3);
    cr_expect(strstr(program_stderr(wait), "gave up after 300ms: no matching event came\n"), "%s",
              program_stderr(wait));

    /* Long enough for two deliveries on a slow machine. */
    wait = START("wait", "is:failed", "--timeout", "5s", "--count", "2");
    int port = port_of(wait);
    deliver_type(port, "one", "task.failed");
    cr_expect_eq(http_deliver(port, "wrong", "{\"id\":\"x\",\"type\":\"task.failed\"}").status,
                 401);
    cr_expect_eq(program_wait_exit(wait), 3);
    cr_expect(strstr(program_stderr(wait), "1 of 2 matching events came; deliveries were refused"),
              "%s", program_stderr(wait));
}

Test(tail, wait_says_how_it_was_stopped)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct program *wait = START("wait", "is:failed");
        port_of(wait);
        program_signal(wait, numbers[i]);
        cr_expect_eq(program_wait_exit(wait), 128 + numbers[i]);
    }
}

Test(tail, wait_goes_on_when_nobody_reads)
{
    struct program *script = shell("{ \"$0\" wait is:failed --count 2 --listen 0; "
                                   "echo \"status $?\" >&2; } | true");
    int port = port_of(script);
    deliver_type(port, "one", "task.failed");
    deliver_type(port, "two", "task.failed");
    wait_stderr(script, "status 0\n");
}

Test(tail, a_wrong_filter_is_pointed_at)
{
    struct program *wait = START("wait", "type:task.failed", "cots>0.01");
    cr_expect_eq(program_wait_exit(wait), 2);
    cr_expect(strstr(program_stderr(wait), "  type:task.failed cots>0.01\n"
                                           "                   ^~~~\n"),
              "%s", program_stderr(wait));
}

Test(tail, secrets_are_read_again_on_sighup)
{
    struct program *tail =
        shell("echo first >secrets; exec \"$0\" tail --listen 0 --secret-file secrets");
    int port = port_of(tail);
    program_write_file(tail, "secrets", "second\n");
    program_signal(tail, SIGHUP);
    wait_stderr(tail, "signing secrets read again: 2 active");
    cr_expect_eq(http_deliver(port, "second", "{\"id\":\"a\",\"type\":\"x\"}").status, 200);
    cr_expect_eq(http_deliver(port, "first", "{\"id\":\"b\",\"type\":\"x\"}").status, 401);
}

/* The lines stand in the README. */
Test(tail, the_examples_work_as_written)
{
    static const char *const lines[] = {
        "if anchortop wait 'type:task.failed cost>0.01' --timeout 30s; then",
        "anchortop tail --format json 'is:failed' | jq"};
    char script[512];

    snprintf(script, sizeof script,
             "anchortop() { word=$1; shift; \"$program\" \"$word\" --listen 0 \"$@\"; }\n"
             "program=$0\n%s\n  echo it came\nfi\n",
             lines[0]);
    struct program *wait = shell(script);
    int port = port_of(wait);
    deliver(port, "{\"id\":\"one\",\"type\":\"task.failed\",\"data\":{\"cost\":"
                  "{\"amount\":0.02,\"currency\":\"USD\"}}}");
    cr_expect_eq(program_wait_exit(wait), 0);
    cr_expect(strstr(program_output(wait, NULL), "it came\n"));

    snprintf(script, sizeof script,
             "anchortop() { word=$1; shift; \"$program\" \"$word\" --listen 0 \"$@\"; }\n"
             "program=$0\n%s --unbuffered -c .event.id\n",
             lines[1]);
    struct program *tail = shell(script);
    port = port_of(tail);
    deliver_type(port, "ok", "task.completed");
    deliver_type(port, "bad", "task.failed");
    wait_output(tail, "\"bad\"\n");
    cr_expect_str_eq(program_output(tail, NULL), "\"bad\"\n");
}
