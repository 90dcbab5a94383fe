/* Answers as bytes. */
#include "answer.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const int64_t now = 1716553445; /* 2024-05-24T12:24:05Z */

static const struct {
    const char *name;
    struct answer answer;
    const char *text;
} rows[] = {
    {"accepted",
     {.status = 200, .body = "{}", .now_s = now},
     "HTTP/1.1 200 OK\r\nDate: Fri, 24 May 2024 12:24:05 GMT\r\nContent-Type: application/json\r\n"
     "Content-Length: 2\r\n\r\n{}"},
    {"a method, closing",
     {.status = 405, .body = "{}", .now_s = now, .close = true},
     "HTTP/1.1 405 Method Not Allowed\r\nDate: Fri, 24 May 2024 12:24:05 GMT\r\n"
     "Content-Type: application/json\r\nContent-Length: 2\r\nAllow: POST\r\n"
     "Connection: close\r\n\r\n{}"},
    {"to HEAD",
     {.status = 200, .body = "{}", .now_s = 0, .head_only = true},
     "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json\r\n"
     "Content-Length: 2\r\n\r\n"},
};

Test(answer, bytes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[ANSWER_SIZE];
        size_t length = answer_format(out, &rows[i].answer);
        cr_expect_eq(length, strlen(rows[i].text), "%s: %.*s", rows[i].name, (int)length, out);
        cr_expect_str_eq(out, rows[i].text, "%s", rows[i].name);
    }
}

Test(answer, errors_are_json)
{
    char out[ANSWER_BODY_SIZE];
    answer_error(out, "no \"id\"\n in C:\\");
    cr_expect_str_eq(out, "{\"error\":\"no \\\"id\\\"\\u000a in C:\\\\\"}");

    char endless[4096];
    memset(endless, '\x01', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    answer_error(out, endless);
    cr_expect_lt(strlen(out), ANSWER_BODY_SIZE);
    cr_expect_str_eq(out + strlen(out) - 2, "\"}", "it is cut, not broken");
}

Test(answer, every_answer_fits)
{
    char body[ANSWER_BODY_SIZE], out[ANSWER_SIZE];
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    size_t length = answer_format(
        out, &(struct answer){.status = 431, .body = body, .now_s = now, .close = true});
    cr_expect_str_eq(out + length - 3, "xxx");
    cr_expect(strstr(out, "Content-Length: 1023\r\n"));
}
