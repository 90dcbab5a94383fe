/* Requests as bytes: how they are framed and read, in whatever pieces they arrive. */
#include "exchange.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST "Host: 127.0.0.1\r\n"
#define LINE "POST /hooks HTTP/1.1\r\n" HOST
#define LEN5 "Content-Length: 5\r\n"

struct row {
    const char *name, *input;
    unsigned status;  /* of a judged request; 200: its body is there; 0: not complete */
    const char *text; /* the body, or a part of the reason */
    bool last;        /* no further request on this connection */
};

static const struct row rows[] = {
    {"length", LINE LEN5 "\r\nhello", 200, "hello", false},
    {"no bytes", LINE "Content-Length: 0\r\n\r\n", 200, "", false},
    {"chunked", LINE "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200,
     "hello", false},
    {"empty lines before", "\r\n\r\n" LINE LEN5 "\r\nhello", 200, "hello", false},
    {"any case, no space", LINE "content-LENGTH:5\r\n\r\nhello", 200, "hello", false},
    {"close", LINE LEN5 "Connection: foo, Close\r\n\r\nhello", 200, "hello", true},
    {"HTTP/1.0", "POST / HTTP/1.0\r\n" LEN5 "\r\nhello", 200, "hello", true},
    {"absolute form", "POST http://a:80/hooks?x=1 HTTP/1.1\r\n" HOST LEN5 "\r\nhello", 200, "hello",
     false},
    {"head only so far", LINE LEN5, 0, "", false},
    {"half a body", LINE LEN5 "\r\nhel", 0, "", false},
    {"GET", "GET / HTTP/1.1\r\n" HOST "\r\n", 405, "POST", false},
    {"two lengths", LINE LEN5 "Content-Length: 6\r\n\r\n", 400, "more than one", true},
    {"both framings", LINE LEN5 "Transfer-Encoding: chunked\r\n\r\n", 400, "both", true},
    {"chunked and gzip", LINE "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
     "Transfer-Encoding", true},
    {"chunked HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "1.0", true},
    {"bad chunk", LINE "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "chunk's size", true},
    {"large chunk", LINE "Transfer-Encoding: chunked\r\n\r\n400001\r\n", 413, "4 MiB", true},
    {"bare LF", "POST / HTTP/1.1\nContent-Length: 0\n\n", 400, "CR LF", true},
    {"LF ends a header", LINE LEN5 "A: b\n\r\n", 400, "CR LF", true},
    {"space before the colon", LINE "Content-Length : 5\r\n\r\n", 400, "header", true},
    {"folded header", LINE "A: b\r\n c\r\n\r\n", 400, "header", true},
    {"no colon", LINE "Hello\r\n\r\n", 400, "header", true},
    {"NUL in a header", NULL, 400, "header", true},
    {"no name", LINE ": b\r\n\r\n", 400, "header", true},
    {"two spaces", "POST  / HTTP/1.1\r\n\r\n", 400, "HTTP", true},
    {"no version", "POST /\r\n\r\n", 400, "not an HTTP", true},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", 505, "HTTP/1.1", true},
    {"TLS", "\x16\x03\x01", 400, "TLS", true},
    {"garbage", "\x01\x02", 400, "not an HTTP", true},
    {"target without a slash", "POST hooks HTTP/1.1\r\n\r\n", 400, "target", true},
    {"fragment", "POST /a#b HTTP/1.1\r\n\r\n", 400, "target", true},
    {"POST *", "POST * HTTP/1.1\r\n\r\n", 400, "target", true},
    {"CONNECT", "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n", 405, "POST", false},
    {"no host", "POST / HTTP/1.1\r\n" LEN5 "\r\nhello", 400, "no Host", true},
    {"no host in HTTP/1.0", "POST / HTTP/1.0\r\n" LEN5 "\r\nhello", 200, "hello", true},
    {"two hosts", LINE HOST LEN5 "\r\nhello", 400, "more than one Host", true},
    {"two hosts that differ", LINE "host: b\r\n" LEN5 "\r\nhello", 400, "more than one Host", true},
    {"two in one line", "POST / HTTP/1.1\r\nHost: a, b\r\n" LEN5 "\r\nhello", 400, "more than one",
     true},
    {"a host with a path", "POST / HTTP/1.1\r\nHost: a/b\r\n" LEN5 "\r\nhello", 400, "malformed",
     true},
    {"an empty host", "POST / HTTP/1.1\r\nHost:\r\n" LEN5 "\r\nhello", 200, "hello", false},
    {"OPTIONS *", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 405, "POST", false},
};

static const char nul_header[] = LINE "A: b\0c\r\n\r\n";

#define NOW (1716544084 * INT64_C(1000))

static struct room *room;

static void evict(struct room_guest *guest)
{
    exchange_refuse_for_memory((struct exchange *)guest);
}

static void set_up(void)
{
    room = room_new(evict);
    cr_assert(room);
}

static void tear_down(void)
{
    cr_expect_eq(room_held(room), 0, "all memory is given back");
    room_free(room);
}

TestSuite(exchange, .init = set_up, .fini = tear_down);

static struct exchange *enter(void)
{
    struct exchange *x = calloc(1, sizeof *x);
    cr_assert(x && room_enter(room, &x->guest, "127.0.0.1"));
    return x;
}

static void check(const struct row *row, const char *input, size_t length, size_t piece)
{
    struct intake_rules rules = {.insecure = true};
    struct exchange *x = enter();
    for (size_t at = 0; at < length; at += piece)
        exchange_feed(x, &rules, NOW, input + at, length - at < piece ? length - at : piece);

    cr_expect_eq(x->state == EXCHANGE_READY, row->status != 0, "%s, by %zu", row->name, piece);
    if (x->state == EXCHANGE_READY) {
        cr_expect_eq(x->verdict.status, row->status, "%s, by %zu: %u %s", row->name, piece,
                     x->verdict.status, x->verdict.reason);
        cr_expect_eq(x->judged, row->status != 200, "%s, by %zu", row->name, piece);
        cr_expect_eq(exchange_is_last(x), row->last, "%s, by %zu: last", row->name, piece);
        if (row->status != 200) {
            cr_expect(strstr(x->verdict.reason, row->text), "%s: %s", row->name, x->verdict.reason);
        } else {
            cr_expect_eq(x->length, strlen(row->text), "%s, by %zu", row->name, piece);
            cr_expect_arr_eq(x->buffer, row->text, x->length, "%s, by %zu", row->name, piece);
        }
    }
    exchange_free(x);
    free(x);
    cr_expect_eq(room_held(room), 0, "%s: all memory is given back", row->name);
}

Test(exchange, any_split_gives_the_same)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *input = rows[i].input ? rows[i].input : nul_header;
        size_t length = rows[i].input ? strlen(input) : sizeof nul_header - 1;
        for (size_t piece = 1; piece <= length; piece++)
            check(&rows[i], input, length, piece);
    }
}

static struct exchange *fed(const char *input)
{
    struct intake_rules rules = {.insecure = true};
    struct exchange *x = enter();
    exchange_feed(x, &rules, NOW, input, strlen(input));
    return x;
}

static void release(struct exchange *x)
{
    exchange_free(x);
    free(x);
}

Test(exchange, what_is_pipelined_is_refused_after_the_answer)
{
    struct exchange *x = fed(LINE LEN5 "\r\nhello" LINE LEN5 "\r\nworld");
    cr_expect_eq(x->state, EXCHANGE_READY);
    cr_expect_not(x->judged, "the first request is whole and good");
    cr_expect_arr_eq(x->buffer, "hello", 5);
    exchange_next(x);
    cr_expect_eq(x->state, EXCHANGE_READY);
    cr_expect_eq(x->verdict.status, 400);
    cr_expect(strstr(x->verdict.reason, "pipelined"));
    cr_expect(exchange_is_last(x));
    exchange_next(x);
    cr_expect_eq(x->state, EXCHANGE_CLOSED);
    release(x);
}

Test(exchange, a_line_break_after_the_body_is_not_a_request)
{
    struct exchange *x = fed(LINE LEN5 "\r\nhello\r\n");
    exchange_next(x);
    cr_expect_eq(x->state, EXCHANGE_IDLE);
    release(x);
}

Test(exchange, nothing_of_a_request_is_left_for_the_next)
{
    struct intake_rules rules = {.insecure = true};
    static const char second[] = LINE "Content-Length: 3\r\n\r\nabc";
    struct exchange *x =
        fed(LINE LEN5 "Anchor-Delivery-Id: one\r\nAnchor-Signature: s\r\n\r\nhello");
    cr_assert_str_eq(x->request.delivery_id, "one");
    cr_expect_str_eq(x->request.head.signature, "s");
    cr_expect_str_eq(x->request.head.path, "/hooks");
    exchange_next(x);
    exchange_feed(x, &rules, NOW, second, strlen(second));
    cr_expect_eq(x->state, EXCHANGE_READY);
    cr_expect_null(x->request.delivery_id);
    cr_expect_null(x->request.head.signature);
    cr_expect_arr_eq(x->buffer, "abc", 3);
    cr_expect_eq(x->received, 3);
    release(x);
}

Test(exchange, continue_is_wanted_once_and_only_before_the_body)
{
    static const char expecting[] = LINE LEN5 "Expect: 100-continue\r\n\r\n";
    struct intake_rules rules = {.insecure = true};
    struct exchange *x = fed(expecting);
    cr_expect(exchange_wants_continue(x));
    cr_expect_not(exchange_wants_continue(x));
    exchange_feed(x, &rules, NOW, "hello", 5);
    cr_expect_eq(x->state, EXCHANGE_READY);
    release(x);

    x = fed(LINE LEN5 "Expect: 100-continue\r\n\r\nhel");
    cr_expect_not(exchange_wants_continue(x), "the body comes anyway");
    release(x);
}

Test(exchange, repeated_headers_are_joined)
{
    struct exchange *x = fed(LINE LEN5 "Anchor-Signature: t=1\r\nX: y\r\n"
                                       "anchor-signature:  v1=2 \r\n\r\nhello");
    cr_expect_str_eq(x->request.head.signature, "t=1, v1=2");
    release(x);
}

/* A head of `fields` headers of `size` bytes each. */
static unsigned status_of(size_t fields, size_t size, const char *name)
{
    size_t capacity = fields * (size + strlen(name) + 8) + 64, length = 0;
    char *input = malloc(capacity);
    length += (size_t)snprintf(input, capacity, LINE LEN5);
    for (size_t i = 0; i < fields; i++) {
        length += (size_t)snprintf(input + length, capacity - length, "%s: ", name);
        memset(input + length, 'a', size);
        length += size;
        length += (size_t)snprintf(input + length, capacity - length, "\r\n");
    }
    snprintf(input + length, capacity - length, "\r\nhello");
    struct exchange *x = fed(input);
    unsigned status = x->verdict.status;
    release(x);
    free(input);
    return status;
}

Test(exchange, heads_have_limits)
{
    cr_expect_eq(status_of(1, 5000, "X-Large"), 200, "a header of 5,000 bytes is no harm");
    cr_expect_eq(status_of(1, 20000, "X-Large"), 431);
    cr_expect_eq(status_of(98, 10, "X"), 200);
    cr_expect_eq(status_of(99, 10, "X"), 431, "two are Host and Content-Length");
    cr_expect_eq(status_of(1, 5000, "Anchor-Signature"), 431, "no signature is that long");
}

static void feed(struct exchange *x, const char *text)
{
    const struct intake_rules rules = {.insecure = true};
    exchange_feed(x, &rules, NOW, text, strlen(text));
}

static void feed_bytes(struct exchange *x, size_t count)
{
    static char bytes[1 << 16];
    const struct intake_rules rules = {.insecure = true};
    for (; count > 0; count -= count < sizeof bytes ? count : sizeof bytes)
        exchange_feed(x, &rules, NOW, bytes, count < sizeof bytes ? count : sizeof bytes);
}

Test(exchange, no_more_is_reserved_than_was_announced_or_came)
{
    enum { LENGTH = (2 << 20) + 1 };
    struct exchange *x = fed(LINE "Content-Length: 2097153\r\n\r\n");
    cr_expect_leq(room_held(room), 4096, "nothing of it is there yet");
    feed_bytes(x, LENGTH - 1);
    cr_expect_leq(room_held(room), LENGTH);
    feed_bytes(x, 1);
    cr_expect_eq(x->state, EXCHANGE_READY);
    cr_expect_eq(room_held(room), LENGTH);
    release(x);

    x = fed(LINE "Transfer-Encoding: chunked\r\n\r\n200001\r\n");
    feed_bytes(x, LENGTH);
    cr_expect_eq(x->length, LENGTH);
    cr_expect_leq(room_held(room), LENGTH + LENGTH / 4 + 4096);
    release(x);
}

Test(exchange, a_refused_body_is_skipped_where_it_is_short)
{
    struct intake_rules rules = {.insecure = false};
    static const char elsewhere[] = "POST / HTTP/1.1\r\nHost: example.com\r\n" LEN5 "\r\nhe";
    struct exchange *x = enter();
    exchange_feed(x, &rules, NOW, elsewhere, strlen(elsewhere));
    cr_expect_eq(x->state, EXCHANGE_READY, "it is answered before all of the body is there");
    cr_expect_eq(x->verdict.status, 403);
    cr_expect_not(exchange_is_last(x));
    exchange_feed(x, &rules, NOW, "l", 1);
    exchange_next(x);
    cr_expect_eq(x->state, EXCHANGE_SKIP);
    feed(x, "lo" LINE LEN5 "\r\nhello");
    cr_expect_eq(x->state, EXCHANGE_READY, "the next request comes after it");
    cr_expect_not(x->judged);
    release(x);

    x = fed("POST / HTTP/1.1\r\nHost: a\r\n" LEN5 "\r\nhello");
    release(x);
    static const char large[] = "POST / HTTP/1.1\r\nHost: example.com\r\n"
                                "Content-Length: 65537\r\n\r\n";
    x = enter();
    exchange_feed(x, &rules, NOW, large, strlen(large));
    cr_expect_eq(x->verdict.status, 403);
    cr_expect(exchange_is_last(x), "a long one ends the connection");
    release(x);
}

Test(exchange, the_largest_unfinished_body_is_dropped_first)
{
    enum { LARGE = 4 << 20, MOST = ROOM_SHARE / 4 * 3 / LARGE };
    struct exchange *large[MOST + 1];
    for (size_t i = 0; i <= MOST; i++) {
        large[i] = fed(LINE "Content-Length: 4194304\r\n\r\n");
        feed_bytes(large[i], LARGE - 1);
    }
    cr_expect_eq(large[0]->state, EXCHANGE_READY);
    cr_expect_eq(large[0]->verdict.status, 503, "%s", large[0]->verdict.reason);
    cr_expect_eq(large[0]->capacity, 0);
    cr_expect_eq(large[MOST]->state, EXCHANGE_BODY, "the last one goes on");
    struct exchange *small = fed(LINE LEN5 "\r\nhello");
    cr_expect_eq(small->verdict.status, 200);
    for (size_t i = 1; i <= MOST; i++)
        cr_expect_eq(large[i]->state, EXCHANGE_BODY, "there is room for a small one without it");
    release(small);
    for (size_t i = 0; i <= MOST; i++)
        release(large[i]);
}
