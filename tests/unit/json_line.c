/*
 * JSON on one line: nothing of it may change but its white space and what cannot be seen.
 */
#include "json_line.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *text, *line;
} lines[] = {
    {"already one", "{\"a\":1}", "{\"a\":1}"},
    {"over several lines", "{\n  \"a\": [1,\t2 ],\r\n  \"b\": {}\n}\n", "{\"a\":[1,2],\"b\":{}}"},
    {"white space in strings", "{\"a b\" : \" c  d \"}", "{\"a b\":\" c  d \"}"},
    {"a number beyond any double", "{\"n\": 12345678901234567890.10}",
     "{\"n\":12345678901234567890.10}"},
    {"a quote in a string", "{ \"a\" : \"x\\\" y\" }", "{\"a\":\"x\\\" y\"}"},
    {"a backslash before the quote", "{ \"a\" : \"x\\\\\" , \"b\" : 1 }",
     "{\"a\":\"x\\\\\",\"b\":1}"},
    {"escapes stay as they are", "\"\\u0041\\n\\/\"", "\"\\u0041\\n\\/\""},
    {"raw newline in a string", "\"a\nb\"", "\"a\\u000ab\""},
    {"terminal escape", "\"\x1b[31m\x7f\"", "\"\\u001b[31m\\u007f\""},
    {"C1 control", "\"\xc2\x9b\"", "\"\\u009b\""},
    {"bidirectional override",
     "\"\xe2\x80\xae"
     "gnp\"",
     "\"\\u202egnp\""},
    {"beyond 16 bits, hidden", "\"\xf3\xa0\x80\x81\"", "\"\\udb40\\udc01\""},
    {"other languages stay", "\"caf\xc3\xa9 \xe4\xb8\x96 \xf0\x9f\x98\x80\"",
     "\"caf\xc3\xa9 \xe4\xb8\x96 \xf0\x9f\x98\x80\""},
    {"not UTF-8", "\"\xff\xc3\"", "\"\\ufffd\\ufffd\""},
    {"byte order mark", "\xef\xbb\xbf{}", "{}"},
    {"ends in a string", "{\"a", "{\"a"},
    {"ends in an escape", "\"a\\", "\"a\\"},
    {"nothing", "", ""},
};

Test(json_line, changes_white_space_and_hidden_characters_only)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t length = strlen(lines[i].text);
        /* Of exactly the size that is asked for, so that a sanitizer sees one byte too many. */
        char *text = malloc(length + 1), *out = malloc(JSON_LINE_GROWTH * length + 1);
        cr_assert(text && out);
        memcpy(text, lines[i].text, length);
        size_t used = json_line(out, text, length);
        cr_expect_eq(used, strlen(lines[i].line), "%s: %.*s", lines[i].name, (int)used, out);
        cr_expect_eq(memcmp(out, lines[i].line, used), 0, "%s: %.*s", lines[i].name, (int)used,
                     out);
        free(text);
        free(out);
    }
}

static const struct {
    const char *name, *text, *value; /* of "event"; NULL: there is none */
} members[] = {
    {"object", "{\"received\":\"x\",\"event\":{\"id\":\"a\", \"b\":[1]},\"verified\":true}",
     "{\"id\":\"a\", \"b\":[1]}"},
    {"last", "{\"a\":1, \"event\" : { } }", "{ }"},
    {"empty array before another", "{\"event\":[],\"a\":1}", "[]"},
    {"scalar", "{\"event\": 12345678901234567890 ,\"a\":1}", "12345678901234567890"},
    {"string that ends in a comma", "{\"event\":\"a,\"}", "\"a,\""},
    {"the first of two", "{\"event\":1,\"event\":2}", "1"},
    {"deeper only", "{\"a\":{\"event\":1}}", NULL},
    {"another name", "{\"events\":1,\"even\":2}", NULL},
    {"not an object", "[\"event\",1]", NULL},
    {"broken behind it", "{\"event\":1,}", NULL},
    {"no JSON", "event", NULL},
    {"nothing", "", NULL},
};

Test(json_line, finds_a_member_where_it_stands)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *value = NULL;
        size_t length = 0;
        bool found =
            json_line_member(members[i].text, strlen(members[i].text), "event", &value, &length);
        cr_expect_eq(found, members[i].value != NULL, "%s", members[i].name);
        if (found && members[i].value)
            cr_expect(length == strlen(members[i].value) &&
                          memcmp(value, members[i].value, length) == 0,
                      "%s: %.*s", members[i].name, (int)length, value);
    }
}
