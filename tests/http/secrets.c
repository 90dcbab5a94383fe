/* Signing secrets: several at once, and their replacement while the program runs. */
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
    snprintf(request, sizeof request,
             "POST / HTTP/1.1\r\nAnchor-Timestamp: %lld\r\nAnchor-Signature: %s,%s\r\n"
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
