/* Signing secrets: several at once, their replacement while the program runs, and who sees them. */
#if defined(__linux__)
#define _GNU_SOURCE /* memmem() */
#endif
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../raw.h"

TestSuite(secrets, .fini = programs_stop, .timeout = 60);

static int status(const struct watch *watch, const char *secret)
{
    return watch_deliver(watch, secret, raw_event()).status;
}

Test(secrets, any_of_several_is_good)
{
    struct watch watch = watch_start(&(struct program_setup){.secret = "first, second"});
    cr_expect_eq(status(&watch, "first"), 200);
    cr_expect_eq(status(&watch, "second"), 200);
    cr_expect_eq(status(&watch, "third"), 401);
    cr_expect_eq(status(&watch, "first, second"), 401);
    cr_expect_eq(status(&watch, NULL), 401);
}

/* While a secret is rotated, a sender may sign with the old one and with the new one. */
Test(secrets, any_of_several_signatures_is_good)
{
    struct watch watch = watch_start(NULL);
    char old[128], current[128], request[2048];
    const char *body = raw_event();
    long long now = (long long)time(NULL);
    http_sign("a secret of yesterday", now, body, strlen(body), old, sizeof old);
    http_sign(WATCH_SECRET, now, body, strlen(body), current, sizeof current);
    snprintf(
        request, sizeof request,
        "POST / HTTP/1.1\r\nHost: test\r\nAnchor-Timestamp: %lld\r\nAnchor-Signature: %s,%s\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        now, old, strstr(current, "v1="), strlen(body), body);
    int connection = http_connect(watch.port);
    cr_assert(http_send_text(connection, request));
    struct http_reply reply = http_read(connection);
    cr_expect_eq(reply.status, 200, "%s%s", reply.head, reply.body);
    close(connection);
}

struct rotation {
    struct watch watch;
    const char *secret;
};

static bool is_taken(struct program *program, void *context)
{
    const struct rotation *rotation = context;
    (void)program;
    return status(&rotation->watch, rotation->secret) == 200;
}

Test(secrets, a_hangup_signal_reads_them_again)
{
    char path[] = "/tmp/anchortop-test-secrets-XXXXXX";
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, "old\n", 4) == 4);
    const char *arguments[] = {"--secret-file", path, NULL};
    struct rotation rotation = {.secret = "new"};
    rotation.watch = watch_start(&(struct program_setup){.arguments = arguments});
    cr_expect_eq(status(&rotation.watch, "old"), 200);
    cr_expect_eq(status(&rotation.watch, "new"), 401);

    cr_assert_eq(pwrite(file, "new\n", 4, 0), 4);
    program_signal(rotation.watch.program, SIGHUP);
    program_wait(rotation.watch.program, "the new secret to be good", is_taken, &rotation);
    cr_expect_eq(status(&rotation.watch, "old"), 401);
    cr_expect_eq(status(&rotation.watch, WATCH_SECRET), 200, "the environment's stays");
    close(file);
    unlink(path);
}

#if defined(__linux__)
/* Whether the process's environment shows a text. Another user's may not be read. */
static bool environment_has(pid_t pid, const char *text)
{
    static char environment[1 << 16];
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/environ", (long)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t length = fread(environment, 1, sizeof environment, file);
    fclose(file);
    return memmem(environment, length, text, strlen(text)) != NULL;
}

Test(secrets, a_process_listing_shows_none)
{
    static const struct {
        const char *arguments[4], *ready;
    } rows[] = {
        {{"--listen=0", NULL}, "127.0.0.1"},
        {{"--demo", NULL}, "demo"},
        {{"watch", "events.jsonl", NULL}, "tsk_1"},
        {{"tail", "--listen=0", NULL}, "listening"},
        {{"wait", "is:ok", "--listen=0", NULL}, "listening"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program *program = program_start(&(struct program_setup){
            .arguments = rows[i].arguments,
            .secret = WATCH_SECRET,
            .file = "events.jsonl",
            .content =
                "{\"id\":\"1\",\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_1\"}}\n"});
        program_wait_text(program, rows[i].ready);
        cr_expect_not(environment_has(program_pid(program), WATCH_SECRET), "%s",
                      rows[i].arguments[0]);
        program_stop(program);
    }
}
#endif

static bool has_ended(struct program *program, void *path)
{
    (void)program;
    return access(path, R_OK) == 0;
}

/* `watch` checks no signature, and so has no use for the secret. */
Test(secrets, the_browser_inherits_none)
{
    static const char *const arguments[] = {"watch", "events.jsonl", NULL};
    static const char *const environment[] = {"BROWSER=./browser", "ANCHOR_API_KEY=key_of_tests",
                                              "PATH_OF_TESTS=kept", NULL};
    struct program *program = program_start(&(struct program_setup){
        .arguments = arguments,
        .environment = environment,
        .secret = WATCH_SECRET,
        .file = "events.jsonl",
        .content = "{\"id\":\"1\",\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_1\","
                   "\"session_dashboard_url\":\"https://app.example/\"}}\n"});
    char path[4200], inherited[8192];
    program_write_file(program, "browser",
                       "#!/bin/sh\nenv >environment && mv environment opened\n");
    program_wait_text(program, "tsk_1");
    program_keys(program, "o");
    snprintf(path, sizeof path, "%s/opened", program_home(program));
    program_wait(program, "the browser", has_ended, path);
    FILE *file = fopen(path, "r");
    cr_assert(file);
    inherited[fread(inherited, 1, sizeof inherited - 1, file)] = '\0';
    fclose(file);
    cr_expect(strstr(inherited, "PATH_OF_TESTS=kept"), "%s", inherited);
    cr_expect_not(strstr(inherited, WATCH_SECRET), "%s", inherited);
    cr_expect_not(strstr(inherited, "key_of_tests"), "%s", inherited);
}
