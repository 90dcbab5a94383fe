/* The client of these tests itself: a mistake in it would hide one in the endpoint. */
#include "../client.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Made with: printf 'v0:1716544084:{"a":1}' | openssl dgst -sha256 -hmac whsec_1 */
Test(client, signs_as_the_documentation_says)
{
    char signature[128];
    http_sign("whsec_1", 1716544084, "{\"a\":1}", 7, signature, sizeof signature);
    cr_assert_str_eq(signature, "t=1716544084,v1="
                                "d386ed720eec1aae26d99d48b3db704260df547fc942189cc87fbef73332a7e0");
}

/* A connection whose other end has sent an answer and, when asked to, has gone. */
static int answered(const char *answer, bool gone, int *other)
{
    int ends[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    cr_assert(http_send_text(ends[1], answer));
    if (gone)
        close(ends[1]);
    *other = ends[1];
    return ends[0];
}

Test(client, reads_one_answer_at_a_time)
{
    int other,
        connection = answered("HTTP/1.1 100 Continue\r\n\r\n"
                              "HTTP/1.1 200 OK\r\ncontent-LENGTH: 4\r\n\r\nbody"
                              "HTTP/1.1 405 No\r\nAllow:  POST \r\nContent-Length: 0\r\n\r\n",
                              false, &other);
    struct http_reply interim = http_read(connection);
    cr_assert_eq(interim.status, 100);
    struct http_reply reply = http_read(connection);
    cr_assert_eq(reply.status, 200);
    cr_assert_str_eq(reply.body, "body");
    cr_assert_eq(reply.length, 4);
    struct http_reply refused = http_read(connection);
    cr_assert_eq(refused.status, 405);
    char value[32];
    cr_assert(http_header(&refused, "allow", value, sizeof value));
    cr_assert_eq(strncmp(value, "POST", 4), 0);
    cr_assert(!http_header(&refused, "All", value, sizeof value));
}

Test(client, tells_the_end_of_a_connection_from_an_answer)
{
    static const struct {
        const char *name, *answer;
        int status;
        const char *body;
    } rows[] = {
        {"nothing", "", 0, ""},
        {"half a head", "HTTP/1.1 200 OK\r\nContent-", 0, ""},
        {"no length", "HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end"},
        {"another protocol", "SSH-2.0-x\r\n\r\n", 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int other, connection = answered(rows[i].answer, true, &other);
        struct http_reply reply = http_read(connection);
        cr_expect_eq(reply.status, rows[i].status, "%s: %d", rows[i].name, reply.status);
        cr_expect_str_eq(reply.body, rows[i].body, "%s", rows[i].name);
        cr_expect(http_closed(connection), "%s", rows[i].name);
        close(connection);
    }
}
