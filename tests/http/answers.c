/* The table of answers, row by row, as a sender of raw bytes sees it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../raw.h"
#include "../watch.h"

TestSuite(answers, .fini = programs_stop, .timeout = 120);

#define POST "POST /anchor/webhooks HTTP/1.1\r\nHost: test\r\n"
#define HEX  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum after { STAYS, CLOSES };

struct row {
    const char *name;
    const char *request;
    const char *body; /* NULL: an event of its own */
    int status;
    const char *says; /* a part of the answer's body */
    enum after after;
};

static const struct row rows[] = {
    {"a good delivery", POST "%S%L\r\n%B", NULL, 200, "{\"status\":\"accepted\"}", STAYS},
    {"an unknown type", POST "%S%L\r\n%B", "{\"id\":\"evt_new\",\"type\":\"export.done\"}", 200,
     "accepted", STAYS},
    {"the same id again", POST "%S%L\r\n%B", "{\"id\":\"evt_new\",\"type\":\"export.done\"}", 200,
     "{\"status\":\"duplicate\"}", STAYS},
    {"a chunked body", POST "%STransfer-Encoding: chunked\r\n\r\n%C", NULL, 200, "accepted", STAYS},
    {"an absolute target", "POST http://test/hooks?a=b HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", NULL,
     200, "accepted", STAYS},
    {"Connection: close", POST "%S%LConnection: close\r\n\r\n%B", NULL, 200, "accepted", CLOSES},
    {"HTTP/1.0", "POST / HTTP/1.0\r\n%S%L\r\n%B", NULL, 200, "accepted", CLOSES},
    {"an offer of HTTP/2", POST "%S%LConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n%B",
     NULL, 200, "accepted", STAYS},

    {"no signature", POST "%L\r\n%B", NULL, 401, "no Anchor-Signature", STAYS},
    {"no timestamp", POST "Anchor-Signature: t=1,v1=" HEX "\r\n%L\r\n%B", NULL, 401,
     "no Anchor-Timestamp", STAYS},
    {"a malformed signature", POST "Anchor-Timestamp: 1\r\nAnchor-Signature: hello\r\n%L\r\n%B",
     NULL, 401, "malformed Anchor-Signature", STAYS},
    {"another secret", POST "%W%L\r\n%B", NULL, 401, "wrong signature", STAYS},
    {"two timestamps that differ", POST "%T%L\r\n%B", NULL, 401, "different", STAYS},
    {"a late timestamp", POST "%P%L\r\n%B", NULL, 401, " s in the past", STAYS},
    {"an early timestamp", POST "%F%L\r\n%B", NULL, 401, " s in the future", STAYS},

    {"no signature, and the body still to come", POST "Content-Length: 4000000\r\n\r\n", NULL, 401,
     "no Anchor-Signature", CLOSES},
    {"no signature, and chunks to come", POST "Transfer-Encoding: chunked\r\n\r\n", NULL, 401,
     "no Anchor-Signature", CLOSES},
    {"a late timestamp, and the body still to come", POST "%PContent-Length: 4000000\r\n\r\n", NULL,
     401, " s in the past", CLOSES},
    {"no signature, asking first", POST "%LExpect: 100-continue\r\n\r\n", NULL, 401,
     "no Anchor-Signature", CLOSES},

    {"no host", "POST / HTTP/1.1\r\n%S%L\r\n%B", NULL, 400, "no Host", CLOSES},
    {"two hosts", POST "Host: test\r\n%S%L\r\n%B", NULL, 400, "more than one Host", CLOSES},
    {"a malformed host", "POST / HTTP/1.1\r\nHost: a b\r\n%S%L\r\n%B", NULL, 400, "malformed",
     CLOSES},
    {"a body that is not UTF-8", POST "%S%L\r\n%B", "{\"id\":\"evt_\xff\",\"type\":\"a.b\"}", 400,
     "byte 12 is not UTF-8", STAYS},

    {"not JSON", POST "%S%L\r\n%B", "hello", 400, "error", STAYS},
    {"an empty body", POST "%S%L\r\n%B", "", 400, "error", STAYS},
    {"not an object", POST "%S%L\r\n%B", "[1]", 400, "error", STAYS},
    {"no id", POST "%S%L\r\n%B", "{\"type\":\"task.failed\"}", 400, "id", STAYS},
    {"an empty id", POST "%S%L\r\n%B", "{\"id\":\"\",\"type\":\"a.b\"}", 400, "id", STAYS},
    {"an id that is a number", POST "%S%L\r\n%B", "{\"id\":7,\"type\":\"a.b\"}", 400, "id", STAYS},
    {"no type", POST "%S%L\r\n%B", "{\"id\":\"evt_typeless\"}", 400, "type", STAYS},
    {"nested too deep", POST "%S%L\r\n%B",
     "{\"id\":\"evt_deep\",\"type\":\"a.b\",\"data\":"
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
     "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
     400, "64", STAYS},
    {"5 MB announced", POST "Content-Length: 5000000\r\n\r\n", NULL, 413, "4 MiB", CLOSES},
    {"more than any number", POST "Content-Length: 99999999999999999999999\r\n\r\n", NULL, 413,
     "4 MiB", CLOSES},
    {"a chunk of 5 MB", POST "%STransfer-Encoding: chunked\r\n\r\n4c4b40\r\n", NULL, 413, "4 MiB",
     CLOSES},
    {"no length", POST "%S\r\n", NULL, 411, "Content-Length", CLOSES},

    {"two lengths that differ", POST "%S%LContent-Length: 3\r\n\r\n%B", NULL, 400,
     "more than one Content-Length", CLOSES},
    {"a length that is no number", POST "%SContent-Length: abc\r\n\r\n%B", NULL, 400,
     "not a number", CLOSES},
    {"a negative length", POST "%SContent-Length: -5\r\n\r\n%B", NULL, 400, "not a number", CLOSES},
    {"length and chunks", POST "%S%LTransfer-Encoding: chunked\r\n\r\n%C", NULL, 400, "both",
     CLOSES},
    {"another coding", POST "%STransfer-Encoding: gzip\r\n\r\n", NULL, 400, "Transfer-Encoding",
     CLOSES},
    {"a bad chunk", POST "%STransfer-Encoding: chunked\r\n\r\n-1\r\n", NULL, 400, "chunk", CLOSES},
    {"two requests at once", POST "%L\r\n%B" POST "%L\r\n%B", NULL, 401, "no Anchor-Signature",
     CLOSES},
    {"a bare line feed", "POST / HTTP/1.1\nContent-Length: 0\n\n", NULL, 400, "CR LF", CLOSES},
    {"a folded header", POST "A: b\r\n c\r\n\r\n", NULL, 400, "header", CLOSES},
    {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NULL, 505, "HTTP/1.1", CLOSES},
    {"the hello of TLS", "\x16\x03\x01\x02", NULL, 400, "TLS", CLOSES},
    {"garbage", "\x01\x02\x03\x04", NULL, 400, "not an HTTP", CLOSES},
    {"an unknown expectation", POST "%S%LExpect: more\r\n\r\n%B", NULL, 417, "Expect", CLOSES},

    {"GET", "GET / HTTP/1.1\r\nHost: test\r\n\r\n", NULL, 405, "POST", STAYS},
    {"PUT", "PUT / HTTP/1.1\r\nHost: test\r\n%L\r\n%B", NULL, 405, "POST", CLOSES},
    {"a method of its own", "BREW /pot HTTP/1.1\r\nHost: test\r\n\r\n", NULL, 405, "POST", STAYS},
    {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", NULL, 405, "POST", STAYS},
    {"CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: test\r\n\r\n", NULL, 405, "POST", STAYS},
    {"a health check", "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n", NULL, 200,
     "{\"status\":\"ok\"}", STAYS},
};

/* Asserts the answer to one row, on a connection that is left open. */
static int check(const struct watch *watch, const struct row *row)
{
    char request[RAW_SIZE], value[64];
    size_t length = raw_request(request, row->request, row->body ? row->body : raw_event());
    int connection = http_connect(watch->port);
    cr_assert(http_send(connection, request, length), "%s", row->name);
    struct http_reply reply = http_read(connection);
    cr_expect_eq(reply.status, row->status, "%s: %s%s", row->name, reply.head, reply.body);
    cr_expect(strstr(reply.body, row->says), "%s: %s", row->name, reply.body);
    cr_expect(reply.status == 200 || strncmp(reply.body, "{\"error\":\"", 10) == 0, "%s: %s",
              row->name, reply.body);
    cr_expect(http_header(&reply, "Content-Type", value, sizeof value) &&
                  strcmp(value, "application/json") == 0,
              "%s", row->name);
    bool allow = http_header(&reply, "Allow", value, sizeof value) && strcmp(value, "POST") == 0;
    cr_expect_eq(allow, row->status == 405, "%s: Allow", row->name);
    return connection;
}

Test(answers, every_row_and_then_a_good_delivery)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    int connections[ROWS];
    struct watch watch = watch_start(NULL);
    for (size_t i = 0; i < ROWS; i++) {
        connections[i] = check(&watch, &rows[i]);
        raw_assert_alive(&watch, rows[i].name);
    }
    raw_wait_quiet(&watch, "every row, with all connections open");
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].after == CLOSES) {
            cr_expect(http_closed(connections[i]), "%s: it closes", rows[i].name);
        } else {
            struct http_reply reply =
                http_deliver_on(connections[i], NULL, WATCH_SECRET, raw_event());
            cr_expect_eq(reply.status, 200, "%s: it can be used again", rows[i].name);
        }
        close(connections[i]);
    }
}

Test(answers, only_one_path)
{
    static const struct {
        const char *request;
        int status;
    } paths[] = {
        {"POST /anchor HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", 200},
        {"POST /anchor?from=anchor HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", 200},
        {"POST / HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", 404},
        {"POST /anchor/ HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", 404},
        {"POST /anchors HTTP/1.1\r\nHost: test\r\n%S%L\r\n%B", 404},
        {"GET /anchor HTTP/1.1\r\nHost: test\r\n\r\n", 405},
        {"CONNECT /anchor:80 HTTP/1.1\r\nHost: test\r\n\r\n", 405},
        {"CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n", 405},
        {"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n", 200},
    };
    static const char *const arguments[] = {"--path", "/anchor", NULL};
    struct watch watch = watch_start(&(struct program_setup){.arguments = arguments});
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char request[RAW_SIZE];
        int connection = http_connect(watch.port);
        http_send(connection, request, raw_request(request, paths[i].request, raw_event()));
        struct http_reply reply = http_read(connection);
        cr_expect_eq(reply.status, paths[i].status, "%s: %s%s", paths[i].request, reply.head,
                     reply.body);
        close(connection);
    }
}

/* A stranger may ask, so the answer after deliveries is, byte for byte, the one before them. */
Test(answers, a_health_check_tells_nothing_of_what_was_received)
{
    static const char check[] = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";
    struct watch watch = watch_start(NULL);
    struct http_reply before = {0};
    for (int i = 0; i < 2; i++) {
        int connection = http_connect(watch.port);
        http_send_text(connection, check);
        struct http_reply reply = http_read(connection);
        close(connection);
        cr_expect_eq(reply.status, 200);
        if (i > 0)
            cr_expect_str_eq(reply.body, before.body);
        before = reply;
        watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    }
}

Test(answers, a_head_request_gets_no_body)
{
    struct watch watch = watch_start(NULL);
    int connection = http_connect(watch.port);
    http_send_text(connection, "HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
    char head[512] = "";
    size_t length = 0;
    while (!strstr(head, "\r\n\r\n") && length + 1 < sizeof head &&
           read(connection, head + length, 1) == 1)
        head[++length] = '\0';
    cr_expect(strstr(head, "HTTP/1.1 405 "), "%s", head);
    struct http_reply reply = http_deliver_on(connection, NULL, WATCH_SECRET, raw_event());
    cr_expect_eq(reply.status, 200, "the next answer follows the head at once");
    close(connection);
}

static struct watch start_without_secret(const char *more)
{
    const char *const arguments[] = {"--listen", "127.0.0.1:0", more, NULL};
    struct watch watch = {.program =
                              program_start(&(struct program_setup){.arguments = arguments})};
    watch.port = program_port(watch.program);
    return watch;
}

Test(answers, without_a_secret_everything_well_formed_is_taken)
{
    struct watch watch = start_without_secret(NULL);
    cr_expect_eq(watch_deliver(&watch, NULL, raw_event()).status, 200);
    cr_expect_eq(watch_deliver(&watch, "whatever", raw_event()).status, 200);
    cr_expect_eq(watch_deliver(&watch, NULL, "nonsense").status, 400);
}

#define JSON "Content-Type: application/json\r\n"

/* What a web page that is open on this machine can send, what comes through a tunnel, and what a
 * program of this machine sends. */
static const struct {
    const char *name, *request;
    int status;
    const char *says;
} local[] = {
    {"a program", "POST / HTTP/1.1\r\nHost: 127.0.0.1:8484\r\n" JSON "%L\r\n%B", 200, "accepted"},
    {"by name", "POST / HTTP/1.1\r\nHost: localhost\r\n" JSON "%L\r\n%B", 200, "accepted"},
    {"by IPv6", "POST / HTTP/1.1\r\nHost: [::1]:8484\r\n" JSON "%L\r\n%B", 200, "accepted"},
    {"text of a page",
     "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.test\r\n"
     "Sec-Fetch-Site: cross-site\r\nContent-Type: text/plain\r\n%L\r\n%B",
     403, "web page"},
    {"a page without an origin",
     "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n" JSON "%L\r\n%B", 403,
     "web page"},
    {"a name that was bent to here", "POST / HTTP/1.1\r\nHost: evil.test:8484\r\n" JSON "%L\r\n%B",
     403, "ANCHOR_WEBHOOK_SECRET"},
    {"a form", "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n%L\r\n%B", 415,
     "application/json"},
};

static void check_local(bool insecure)
{
    struct watch watch = start_without_secret(insecure ? "--insecure" : NULL);
    int connection = http_connect(watch.port);
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        char request[RAW_SIZE];
        cr_assert(
            http_send(connection, request, raw_request(request, local[i].request, raw_event())));
        struct http_reply reply = http_read(connection);
        cr_expect_eq(reply.status, insecure ? 200 : local[i].status, "%s: %s%s", local[i].name,
                     reply.head, reply.body);
        cr_expect(insecure || strstr(reply.body, local[i].says), "%s: %s", local[i].name,
                  reply.body);
    }
    close(connection);
    program_keys(watch.program, "7");
    program_wait_text(watch.program, insecure ? "200 accepted" : "403 ");
}

Test(answers, without_a_secret_only_programs_of_this_machine_are_heard)
{
    check_local(false);
}

Test(answers, insecure_hears_everybody)
{
    check_local(true);
}
