/* The sender against the receiver: `anchortop send`, the demo, and somebody else's signer. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../harness.h"

static const char secret[] = "4b1d7f0e8a2c96355d1b7c4e9f0a8d6230c5e7b9a1f4d2864e6c8b0a3f5d7e91";

static const char *const types[] = {"task.completed",
                                    "task.failed",
                                    "task.cancelled",
                                    "task.healed",
                                    "session.completed",
                                    "session.failed",
                                    "session.recording.ready",
                                    "intervention.requested",
                                    "intervention.resolved",
                                    "batch.completed",
                                    "batch.failed",
                                    "identity.authenticated",
                                    "identity.authentication_failed"};

enum { TYPES = sizeof types / sizeof *types, MAX_WORDS = 24 };

TestSuite(send, .fini = programs_stop);

static struct program *receiver;
static char url[64];

static void start_receiver(void)
{
    static const char *const arguments[] = {"--listen", "0", "--path", "/anchor/webhooks", NULL};
    receiver = program_start(&(struct program_setup){
        .arguments = arguments, .secret = secret, .rows = 30, .columns = 200});
    snprintf(url, sizeof url, "http://127.0.0.1:%d/anchor/webhooks", program_port(receiver));
}

/* Runs `anchortop send --url URL` and more words; returns it ended, with its status. */
static struct program *run_send(const char *with_secret, const char *where,
                                const char *const *words, int *status)
{
    const char *arguments[MAX_WORDS] = {"send", "--url", where};
    for (size_t i = 0; words[i]; i++)
        arguments[i + 3] = words[i];
    struct program *sender = program_start(&(struct program_setup){
        .arguments = arguments, .secret = with_secret, .no_terminal = true, .keep_stderr = true});
    *status = program_wait_exit(sender);
    return sender;
}

static void expect_output(struct program *sender, const char *text)
{
    size_t length;
    const char *output = program_output(sender, &length);
    cr_expect(strstr(output, text), "\"%s\" is missing in: %s", text, output);
}

static void expect_complaint(struct program *sender, const char *text)
{
    cr_expect(strstr(program_stderr(sender), text), "\"%s\" is missing in: %s", text,
              program_stderr(sender));
}

Test(send, every_type_arrives)
{
    const char *words[TYPES + 1] = {NULL};
    int status;
    start_receiver();
    memcpy(words, types, sizeof types);
    struct program *sender = run_send(secret, url, words, &status);
    cr_expect_eq(status, 0, "%s", program_stderr(sender));
    expect_output(sender, "13 accepted, 0 failed");
    program_wait_text(receiver, "13 events");
    for (size_t i = 0; i < TYPES; i++)
        program_wait_text(receiver, types[i]);
}

Test(send, files_are_sent_as_they_are)
{
    int status;
    start_receiver();
    /* The first is repeated: it has its own id, so it is a duplicate. */
    const char *file = program_write_file(receiver, "events.jsonl",
                                          "{\"id\": \"evt_1\",  \"type\":\"task.failed\"}\n"
                                          "{\"id\":\"evt_2\",\"type\":\"export.paused\"}\n"
                                          "{\"id\": \"evt_1\",  \"type\":\"task.failed\"}\n");
    struct program *sender = run_send(secret, url, (const char *[]){file, NULL}, &status);
    cr_expect_eq(status, 0, "%s", program_stderr(sender));
    expect_output(sender, "task.failed evt_1: 200 accepted");
    expect_output(sender, "export.paused evt_2: 200 accepted");
    expect_output(sender, "task.failed evt_1: 200 duplicate");
    program_wait_text(receiver, "2 events");
    program_wait_text(receiver, "export.paused");
}

Test(send, fields_are_set_in_what_is_made_up)
{
    static const char *const words[] = {
        "task.failed",       "error.message=it took too long", "id=evt_mine", "duration_ms=90000",
        "session.completed", "type=session.vanished",          NULL};
    int status;
    start_receiver();
    struct program *sender = run_send(secret, url, words, &status);
    cr_expect_eq(status, 0, "%s", program_stderr(sender));
    expect_output(sender, "task.failed evt_mine: 200 accepted");
    expect_output(sender, "session.vanished evt_");
    program_wait_text(receiver, "it took too long");
    program_wait_text(receiver, "1m30s");
}

/* An answer that comes before the body is through, and what follows it. */
Test(send, goes_on_after_an_event_that_is_too_large)
{
    enum { SIZE = 6 << 20 };
    static char padding[SIZE + 1];
    char path[] = "/tmp/anchortop-send-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    int status;
    cr_assert(file);
    memset(padding, '.', SIZE);
    fprintf(file,
            "{\"id\":\"evt_large\",\"type\":\"task.completed\",\"data\":\"%s\"}\n"
            "{\"id\":\"evt_small\",\"type\":\"task.failed\",\"data\":{}}\n",
            padding);
    fclose(file);
    start_receiver();
    struct program *sender = run_send(secret, url, (const char *const[]){path, NULL}, &status);
    unlink(path);
    cr_expect_eq(status, 1);
    expect_output(sender, "evt_large: 413 the body is larger than 4 MiB");
    expect_output(sender, "evt_small: 200 accepted");
    expect_output(sender, "1 accepted, 1 failed");
}

Test(send, what_tail_has_printed_is_sent)
{
    int status;
    start_receiver();
    const char *file =
        program_write_file(receiver, "recorded.jsonl",
                           "{\"received\":\"2026-05-24T12:18:06.250Z\",\"verified\":true,"
                           "\"event\":{\"id\":\"evt_1\",\"type\":\"task.failed\"}}\n"
                           "{\"received\":\"2026-05-24T12:18:07.250Z\",\"verified\":true,"
                           "\"event\":{\"id\":\"evt_2\",\"type\":\"export.paused\"}}\n");
    struct program *sender = run_send(secret, url, (const char *[]){file, NULL}, &status);
    cr_expect_eq(status, 0, "%s", program_stderr(sender));
    expect_output(sender, "task.failed evt_1: 200 accepted");
    expect_output(sender, "export.paused evt_2: 200 accepted");
    program_wait_text(receiver, "export.paused");
}

Test(send, many_at_once_all_arrive)
{
    static const char *const words[] = {"--count", "500", "session.completed", NULL};
    int status;
    start_receiver();
    struct program *sender = run_send(secret, url, words, &status);
    cr_expect_eq(status, 0, "%s", program_stderr(sender));
    expect_output(sender, "500 events sent");
    program_wait_text(receiver, "500 events");
}

Test(send, a_simulated_fleet_is_accepted)
{
    static const char *const words[] = {"--simulate", "--count", "400", "--rate", "2000", NULL};
    int status;
    start_receiver();
    struct program *sender = run_send(secret, url, words, &status);
    cr_expect_eq(status, 0, "%s", program_stderr(sender));
    expect_output(sender, "400 events sent");
    program_wait_text(receiver, "0 refused");
}

Test(send, failures_are_explained)
{
    static const char *const words[] = {"task.failed", NULL};
    char elsewhere[80];
    int status;
    start_receiver();
    struct program *sender = run_send("another", url, words, &status);
    cr_expect_eq(status, 1);
    expect_output(sender, ": 401 ");
    expect_complaint(sender, "same secret");

    sender = run_send(NULL, url, words, &status);
    cr_expect_eq(status, 1);
    expect_complaint(sender, "nothing is signed");
    expect_complaint(sender, "is the sender Anchor? Give the receiver's secret");

    snprintf(elsewhere, sizeof elsewhere, "%s/x", url);
    sender = run_send(secret, elsewhere, words, &status);
    cr_expect_eq(status, 1);
    expect_complaint(sender, "Name the path that it takes in --url");

    program_keys(receiver, "q");
    program_wait_text(receiver, "Quit?");
    program_keys(receiver, "y");
    cr_assert_eq(program_wait_exit(receiver), 0);
    sender = run_send(secret, url, words, &status);
    cr_expect_eq(status, 1);
    expect_complaint(sender, "Is the receiver running there?");
    cr_expect_not(strstr(program_stderr(sender), secret));
}

Test(send, wrong_use_is_explained)
{
    static const struct {
        const char *name, *words[3], *expected;
    } rows[] = {
        {"nothing to send", {NULL}, "--simulate"},
        {"both", {"--simulate", "task.failed"}, "not both"},
        {"no such type", {"task.faild"}, "task.failed"},
        {"a field of nothing", {"error.type=timeout"}, "write it behind the event's type"},
        {"a wrong field", {"task.failed", "error..type=x"}, "a key is missing after the dot"},
        {"no element", {"task.failed", "artifacts.x=1"}, "artifacts is a list"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status;
        struct program *sender = run_send(secret, "http://127.0.0.1:9/", rows[i].words, &status);
        cr_expect_eq(status, 2, "%s", rows[i].name);
        expect_complaint(sender, rows[i].expected);
    }
    int status;
    struct program *sender =
        run_send(secret, "ftp://127.0.0.1/", (const char *[]){"task.failed", NULL}, &status);
    cr_expect_eq(status, 2);
    expect_complaint(sender, "--url");
}

/* The lines stand in the README. */
Test(send, an_independent_signer_is_accepted)
{
    static const char script[] =
        "body='{\"id\":\"evt_by_hand\",\"type\":\"task.completed\","
        "\"data\":{\"task_id\":\"tsk_4f8w9n2b\",\"duration_ms\":4218}}'\n"
        "t=$(date +%s)\n"
        "v1=$(printf 'v0:%s:%s' \"$t\" \"$body\" | "
        "openssl dgst -sha256 -hmac \"$ANCHOR_WEBHOOK_SECRET\" -r | cut -d' ' -f1)\n"
        "curl -s \"$URL\" --data-binary \"$body\" "
        "-H 'Content-Type: application/json' -H \"Anchor-Timestamp: $t\" -H \"Anchor-Signature: "
        "t=$t,v1=$v1\"\n";
    static const char *const arguments[] = {"-c", script, NULL};
    char variable[80];
    start_receiver();
    snprintf(variable, sizeof variable, "URL=%s", url);
    const char *const environment[] = {variable, NULL};
    struct program *shell = program_start(&(struct program_setup){.path = "/bin/sh",
                                                                  .arguments = arguments,
                                                                  .environment = environment,
                                                                  .secret = secret,
                                                                  .no_terminal = true,
                                                                  .keep_stderr = true});
    cr_expect_eq(program_wait_exit(shell), 0);
    expect_output(shell, "{\"status\":\"accepted\"}");
    program_wait_text(receiver, "tsk_4f8w9n2b");
}

Test(send, the_demo_fills_the_screen_through_the_endpoint)
{
    static const char *const arguments[] = {"--demo", NULL};
    struct program *demo =
        program_start(&(struct program_setup){.arguments = arguments, .rows = 40, .columns = 120});
    program_wait_text(demo, "verified");
    program_wait_text(demo, "task.completed");
    program_wait_text(demo, "session.completed");
    /* The screen is full: something stands in the last row above the footer. */
    program_wait_row(demo, 36, "ses_");
    program_keys(demo, "7");
    program_wait_text(demo, "200 accepted");
    program_keys(demo, "q");
    cr_expect_eq(program_wait_exit(demo), 0);
}
