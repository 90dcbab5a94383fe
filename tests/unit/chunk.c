/* Chunked bodies: what is decoded, whatever the pieces in which it arrives, and what is refused. */
#include "chunk.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 32 };

struct row {
    const char *name, *input;
    enum chunk_result result;
    const char *decoded; /* what came out before the result */
    const char *rest;    /* what was not taken after the end */
};

#define EXT64 "1234567890123456789012345678901234567890123456789012345678901234"

static const struct row rows[] = {
    {"one chunk", "5\r\nhello\r\n0\r\n\r\n", CHUNK_END, "hello", ""},
    {"two chunks", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", CHUNK_END, "hello", ""},
    {"empty body", "0\r\n\r\n", CHUNK_END, "", ""},
    {"upper and lower case", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", CHUNK_END,
     "01234567890123456789", ""},
    {"leading zeros", "0005\r\nhello\r\n000\r\n\r\n", CHUNK_END, "hello", ""},
    {"framing inside data", "7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", CHUNK_END, "0\r\n\r\n\r\n", ""},
    {"extensions", "5;a=b;c=\"d;\\\"e\"\r\nhello\r\n0 ; last\r\n\r\n", CHUNK_END, "hello", ""},
    {"trailers", "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", CHUNK_END, "x", ""},
    {"the next request stays", "1\r\nx\r\n0\r\n\r\nPOST", CHUNK_END, "x", "POST"},
    {"as much as allowed", "20\r\n01234567890123456789012345678901\r\n0\r\n\r\n", CHUNK_END,
     "01234567890123456789012345678901", ""},
    {"one byte over", "21\r\n", CHUNK_LARGE, "", ""},
    {"over in the second chunk", "1f\r\n0123456789012345678901234567890\r\n2\r\n", CHUNK_LARGE,
     "0123456789012345678901234567890", ""},
    {"a size beyond 64 bits", "ffffffffffffffffffff\r\n", CHUNK_LARGE, "", ""},
    {"a size that wraps to 1", "10000000000000001\r\n", CHUNK_LARGE, "", ""},
    {"not finished", "5\r\nhel", CHUNK_MORE, "hel", ""},
    {"no size", "\r\n", CHUNK_BAD, "", ""},
    {"no size but an extension", ";a\r\n", CHUNK_BAD, "", ""},
    {"negative size", "-1\r\n", CHUNK_BAD, "", ""},
    {"0x size", "0x5\r\nhello\r\n", CHUNK_BAD, "", ""},
    {"space before the size", " 5\r\nhello\r\n", CHUNK_BAD, "", ""},
    {"digits after a space", "5 5\r\nhello\r\n", CHUNK_BAD, "", ""},
    {"bare LF after the size", "5\nhello\r\n", CHUNK_BAD, "", ""},
    {"bare CR after the size", "5\rhello\r\n", CHUNK_BAD, "", ""},
    {"LF in an extension", "5;a\nb\r\nhello\r\n", CHUNK_BAD, "", ""},
    {"data longer than the size", "2\r\nhello\r\n0\r\n\r\n", CHUNK_BAD, "he", ""},
    {"bare LF after data", "2\r\nhe\n0\r\n\r\n", CHUNK_BAD, "he", ""},
    {"LF where CR LF should end", "0\r\n\n", CHUNK_BAD, "", ""},
    {"trailer without a name", "0\r\n: b\r\n\r\n", CHUNK_BAD, "", ""},
    {"trailer without a colon", "0\r\nab\r\n\r\n", CHUNK_BAD, "", ""},
    {"folded trailer", "0\r\nA: b\r\n c\r\n\r\n", CHUNK_BAD, "", ""},
    {"control character in a trailer", "0\r\nA: \x01\r\n\r\n", CHUNK_BAD, "", ""},
    {"a size line without end", "5;" EXT64 EXT64 EXT64 EXT64 "\r\n", CHUNK_BAD, "", ""},
};

struct outcome {
    enum chunk_result result;
    char decoded[64];
    size_t length, used;
    const char *problem;
};

/* Feeds the input in pieces of `piece` bytes. */
static struct outcome decode(const char *input, size_t length, size_t piece)
{
    struct chunk_decoder decoder = {0};
    struct outcome outcome = {.result = CHUNK_MORE};
    while (outcome.used < length &&
           (outcome.result == CHUNK_MORE || outcome.result == CHUNK_DATA)) {
        size_t left = length - outcome.used, used = 0;
        struct chunk_data data;
        outcome.result = chunk_decode(&decoder, input + outcome.used, left < piece ? left : piece,
                                      LIMIT, &used, &data, &outcome.problem);
        cr_assert_gt(used, 0, "it moves on");
        if (outcome.result == CHUNK_DATA) {
            memcpy(outcome.decoded + outcome.length, data.bytes, data.length);
            outcome.length += data.length;
        }
        outcome.used += used;
    }
    if (outcome.result == CHUNK_DATA)
        outcome.result = CHUNK_MORE;
    return outcome;
}

Test(chunk, any_split_gives_the_same)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].input);
        for (size_t piece = 1; piece <= length; piece++) {
            struct outcome got = decode(rows[i].input, length, piece);
            cr_expect_eq(got.result, rows[i].result, "%s, by %zu: %d", rows[i].name, piece,
                         got.result);
            cr_expect_eq(got.length, strlen(rows[i].decoded), "%s, by %zu", rows[i].name, piece);
            cr_expect_arr_eq(got.decoded, rows[i].decoded, got.length, "%s, by %zu", rows[i].name,
                             piece);
            if (got.result == CHUNK_END)
                cr_expect_str_eq(rows[i].input + got.used, rows[i].rest, "%s, by %zu", rows[i].name,
                                 piece);
            if (got.result == CHUNK_BAD)
                cr_expect(got.problem && *got.problem, "%s: it says why", rows[i].name);
        }
    }
}

Test(chunk, endless_trailers_are_refused)
{
    char input[8192] = "0\r\n";
    size_t length = 3;
    while (length + 6 < sizeof input)
        length += (size_t)sprintf(input + length, "A: b\r\n");
    struct outcome got = decode(input, length, 1000);
    cr_expect_eq(got.result, CHUNK_BAD);
    cr_expect_leq(got.used, CHUNK_MAX_TRAILER + 16);
    cr_expect(strstr(got.problem, "trailers"), "%s", got.problem);
}
