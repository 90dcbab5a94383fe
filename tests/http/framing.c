/* Requests in all the pieces in which they can come: what is well-meant is answered, what is
 * hostile neither hangs the endpoint nor keeps it busy. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../raw.h"

TestSuite(framing, .fini = programs_stop, .timeout = 120);

#define POST "POST /anchor/webhooks HTTP/1.1\r\nHost: test\r\n"

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void expect_status(int connection, int status, const char *name)
{
    struct http_reply reply = http_read(connection);
    cr_expect_eq(reply.status, status, "%s: %s%s", name, reply.head, reply.body);
}

/* Clients write headers and body together or apart, on new connections and on kept ones. */
Test(framing, every_style_of_writing)
{
    struct watch watch = watch_start(NULL);
    for (int apart = 0; apart < 2; apart++) {
        int connection = http_connect(watch.port);
        for (int delivery = 0; delivery < 5; delivery++) {
            char request[RAW_SIZE], name[64];
            size_t length = raw_request(request, POST "%S%L\r\n%B", raw_event());
            size_t first = apart ? (size_t)(strstr(request, "\r\n\r\n") - request) + 4 : length;
            snprintf(name, sizeof name, "%s, delivery %d", apart ? "apart" : "together", delivery);
            cr_assert(http_send(connection, request, first));
            cr_assert(http_send(connection, request + first, length - first));
            expect_status(connection, 200, name);
        }
        close(connection);
    }
}

static const struct {
    const char *name, *request;
    int status;
} slow[] = {
    {"a length", POST "%S%L\r\n%B", 200},
    {"chunks", POST "%STransfer-Encoding: chunked\r\n\r\n%C", 200},
    {"an extension and a trailer",
     POST "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nA: b\r\n\r\n", 401},
    {"a refusal", "GET / HTTP/1.1\r\nHost: test\r\n\r\n", 405},
};

Test(framing, one_byte_at_a_time)
{
    struct watch watch = watch_start(NULL);
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        char request[RAW_SIZE];
        size_t length = raw_request(request, slow[i].request, raw_event());
        int connection = http_connect(watch.port);
        cr_assert(http_send_bytewise(connection, request, length));
        expect_status(connection, slow[i].status, slow[i].name);
        close(connection);
    }
    raw_assert_alive(&watch, "bytes one by one");
}

/* What followed may still have been on its way when the first was answered; then it is a request
 * like any other. In one segment it cannot be. */
Test(framing, pipelined_requests_are_refused)
{
    struct watch watch = watch_start(NULL);
    char requests[2 * RAW_SIZE];
    for (int segments = 1; segments <= 2; segments++) {
        size_t first = raw_request(requests, POST "%S%L\r\n%B", raw_event());
        size_t second = raw_request(requests + first, POST "%S%L\r\n%B", raw_event());
        size_t cut = segments == 1 ? first + second : first + 10;
        int connection = http_connect(watch.port);
        cr_assert(http_send(connection, requests, cut));
        http_send(connection, requests + cut, first + second - cut);
        expect_status(connection, 200, "the first of two");
        struct http_reply reply = http_read(connection);
        cr_expect_eq(reply.status, 400, "%d segments: %s", segments, reply.head);
        cr_expect(strstr(reply.body, "pipelined"), "%s", reply.body);
        cr_expect(http_closed(connection), "%d segments", segments);
        close(connection);
        raw_assert_alive(&watch, "pipelined requests");
    }
    raw_wait_quiet(&watch, "pipelined requests");
}

Test(framing, continue_is_said_before_the_body)
{
    struct watch watch = watch_start(NULL);
    char request[RAW_SIZE];
    size_t length = raw_request(request, POST "%S%LExpect: 100-continue\r\n\r\n%B", raw_event());
    size_t head = (size_t)(strstr(request, "\r\n\r\n") - request) + 4;
    int connection = http_connect(watch.port);
    cr_assert(http_send(connection, request, head));
    expect_status(connection, 100, "the head");
    cr_assert(http_send(connection, request + head, length - head));
    expect_status(connection, 200, "the body");
    close(connection);

    connection = http_connect(watch.port);
    cr_assert(
        http_send_text(connection, POST "Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n"));
    expect_status(connection, 413, "a body that is not wanted");
    close(connection);
}

Test(framing, large_headers)
{
    static const struct {
        size_t size;
        int status;
    } sizes[] = {{5000, 200}, {17000, 431}, {200000, 431}};
    struct watch watch = watch_start(NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char rest[RAW_SIZE];
        raw_request(rest, "\r\n%S%L\r\n%B", raw_event());
        char *large = malloc(sizes[i].size + 1);
        cr_assert(large);
        memset(large, 'a', sizes[i].size);
        large[sizes[i].size] = '\0';
        int connection = http_connect(watch.port);
        http_send_text(connection, POST "X-Large: ");
        http_send(connection, large, sizes[i].size);
        http_send_text(connection, rest);
        struct http_reply reply = http_read(connection);
        cr_expect_eq(reply.status, sizes[i].status, "%zu bytes: %s", sizes[i].size, reply.head);
        free(large);
        close(connection);
        raw_assert_alive(&watch, "a large header");
    }
}

/* 200 MB are announced and really sent: the answer comes at once, and is not lost to a reset. */
Test(framing, a_huge_body_is_refused_without_being_read_for_ever)
{
    enum { PIECE = 1 << 20, PIECES = 200 };
    struct watch watch = watch_start(NULL);
    char *piece = calloc(1, PIECE);
    cr_assert(piece);
    int connection = http_connect(watch.port);
    cr_assert(http_send_text(connection, POST "Content-Length: 209715200\r\n\r\n"));
    struct http_reply reply = http_read(connection);
    cr_expect_eq(reply.status, 413, "%s", reply.head);
    cr_expect_lt(reply.seconds, RAW_HUNG_S, "nothing of the body was sent yet");
    for (int i = 0; i < PIECES && http_send(connection, piece, PIECE); i++)
        ;
    cr_expect(http_closed(connection));
    close(connection);
    free(piece);
    raw_assert_alive(&watch, "a huge body");
    raw_wait_quiet(&watch, "a huge body");
}

/* Many senders write all of a body before they read: the answer that came meanwhile is still there,
 * and no reset takes it away. */
Test(framing, an_early_refusal_reaches_who_writes_first)
{
    static const struct {
        const char *name, *head;
        int status;
    } early[] = {
        {"no signature", POST "Content-Length: 4000000\r\n\r\n", 401},
        {"chunks without a signature", POST "Transfer-Encoding: chunked\r\n\r\n3d0900\r\n", 401},
        {"a stale timestamp", POST "%PContent-Length: 4000000\r\n\r\n", 401},
        {"a wrong method", "PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 4000000\r\n\r\n", 405},
    };
    enum { PIECE = 50000, PIECES = 80 };
    static const char piece[PIECE];
    const struct timespec pause = {.tv_nsec = 20000000};
    struct watch watch = watch_start(NULL);
    for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
        char head[RAW_SIZE];
        int connection = http_connect(watch.port);
        cr_assert(http_send(connection, head, raw_request(head, early[i].head, "")));
        for (int k = 0; k < PIECES; k++) {
            cr_assert(http_send(connection, piece, sizeof piece), "%s: piece %d", early[i].name, k);
            if (k % 10 == 0)
                nanosleep(&pause, NULL);
        }
        expect_status(connection, early[i].status, early[i].name);
        cr_expect(http_closed(connection), "%s", early[i].name);
        close(connection);
    }
}

/* A short body is skipped, in whatever pieces it comes: a proxy's connection stays good. */
Test(framing, a_refused_connection_delivers_after_a_short_body)
{
    struct watch watch = watch_start(NULL);
    int connection = http_connect(watch.port);
    for (int i = 0; i < 3; i++) {
        cr_assert(http_send_text(connection, POST "Content-Length: 10\r\n\r\n"));
        expect_status(connection, 401, "before the body");
        cr_assert(http_send_bytewise(connection, "POST / HTT", 10));
        struct http_reply reply = http_deliver_on(connection, NULL, WATCH_SECRET, raw_event());
        cr_expect_eq(reply.status, 200, "%s%s", reply.head, reply.body);
    }
    close(connection);
}

/* The endpoint gives a delivery ten seconds. `start` is before its first byte, so that it cannot
 * be less; a byte now and then must not make it for ever. */
static void expect_patience(double start)
{
    double seconds = now_s() - start;
    cr_expect(seconds > 9 && seconds < CLIENT_TIMEOUT_S, "%.1f s", seconds);
}

/* Sends a byte now and then until there is an answer or the connection ends. */
static void drip(int connection, char byte)
{
    const struct timespec interval = {.tv_nsec = 200000000};
    double start = now_s();
    char probe;
    while (now_s() - start < CLIENT_TIMEOUT_S && http_send(connection, &byte, 1) &&
           recv(connection, &probe, 1, MSG_PEEK | MSG_DONTWAIT) < 0)
        nanosleep(&interval, NULL);
}

/* The head of a delivery that looks signed, and what follows. */
static void begin_body(int connection, const char *rest)
{
    char request[RAW_SIZE];
    size_t length = raw_request(request, POST "%S", "");
    cr_assert(http_send(connection, request, length) && http_send_text(connection, rest));
}

Test(framing, a_dripping_delivery_is_given_up_after_ten_seconds)
{
    struct watch watch = watch_start(NULL);
    double start = now_s();
    int connection = http_connect(watch.port);
    begin_body(connection, "Content-Length: 1000000\r\n\r\n");
    drip(connection, '{');
    expect_patience(start);
    expect_status(connection, 408, "a dripping body");
    cr_expect(http_closed(connection));
    close(connection);
    raw_assert_alive(&watch, "a dripping body");
    raw_wait_quiet(&watch, "a dripping body");
}

Test(framing, a_delivery_that_stops_half_way_is_told_so)
{
    struct watch watch = watch_start(NULL);
    double start = now_s();
    int connection = http_connect(watch.port);
    begin_body(connection, "Content-Length: 10\r\n\r\nhalf");
    struct http_reply reply = http_read(connection);
    cr_expect_eq(reply.status, 408, "%s", reply.head);
    expect_patience(start);
    cr_expect(http_closed(connection));
    close(connection);
}

Test(framing, a_dripping_head_too)
{
    struct watch watch = watch_start(NULL);
    double start = now_s();
    int connection = http_connect(watch.port);
    cr_assert(http_send_text(connection, POST "X: "));
    drip(connection, 'a');
    expect_patience(start);
    expect_status(connection, 408, "a dripping head");
    close(connection);
}
