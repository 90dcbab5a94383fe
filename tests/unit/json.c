/*
 * The layout of the JSON page, and the guard against deep nesting.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static const struct {
    const char *text;
    unsigned depth;
} depths[] = {
    {"", 0},
    {"1", 0},
    {"{}", 1},
    {"[[],[[]]]", 3},
    {"{\"a\":[{\"b\":1}]}", 3},
    {"\"[[[[\"", 0},
    {"[\"\\\"[[[\"]", 1},
    {"[\"\\\\\",[]]", 2},
    {"]]]]", 0},
    {"]]][[", 2},
    {"[[[[[[[[[[", 10},
    {"[[[[[[[[[[[[[[[", 11}, /* stops just beyond the limit */
    {"\"\\", 0},
    {"\"", 0},
    {"\\\"[[[", 0},
    {"[\"\\\\\\\"[[\",[[]]]", 3},
};

Test(json, depth)
{
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++)
        cr_expect_eq(json_survey(depths[i].text, strlen(depths[i].text), 10).depth, depths[i].depth,
                     "%s", depths[i].text);
}

Test(json, survey_of_numbers)
{
    static const struct {
        const char *text;
        size_t longest;
        bool exponents;
        const char *numbers; /* each with a blank behind it */
    } rows[] = {
        {"", 0, false, ""},
        {"{\"a\":true,\"e\":false,\"12345\":null}", 0, false, ""},
        {"[1,-23,0.5]", 3, false, "1 -23 0.5 "},
        {"[1,\"234 \\\" 567\",8]", 1, false, "1 8 "},
        {"{\"a\":1e3,\"b\":[-2E-07]}", 6, true, "1e3 -2E-07 "},
        {"12345678901234567890", 20, false, "12345678901234567890 "},
        {"\"1", 0, false, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *at = rows[i].text, *end = at + strlen(at);
        struct json_survey survey = json_survey(at, strlen(at), 10);
        char numbers[128] = "";
        size_t length;
        cr_expect_eq(survey.longest_number, rows[i].longest, "%s", rows[i].text);
        cr_expect_eq(survey.exponents, rows[i].exponents, "%s", rows[i].text);
        for (; (at = json_number(at, end, &length)); at += length)
            snprintf(numbers + strlen(numbers), sizeof numbers - strlen(numbers), "%.*s ",
                     (int)length, at);
        cr_expect_str_eq(numbers, rows[i].numbers, "%s: %s", rows[i].text, numbers);
    }
}

/* Every layout is printed as a person would see it: two blanks a level, errors in angle brackets,
 * "(n)" behind a line that can be folded. */
static char *print(const char *text, size_t length)
{
    struct json_layout layout;
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);

    cr_assert(stream);
    cr_assert(json_layout(&layout, text, length));
    for (size_t i = 0; i < layout.line_count; i++) {
        const struct json_line *line = &layout.lines[i];

        fprintf(stream, "%*s", line->depth * 2, "");
        for (size_t t = line->token; t < (size_t)line->token + line->token_count; t++) {
            const struct json_token *token = &layout.tokens[t];
            bool error = token->kind == JSON_ERROR;

            fprintf(stream, error ? "<%.*s>" : "%.*s", (int)token->length, text + token->start);
            if (text[token->start] == ':' && token->kind == JSON_PUNCTUATION)
                fputc(' ', stream);
        }
        if (line->close)
            fprintf(stream, " (%u to %u)", line->members, line->close);
        fputc('\n', stream);
    }
    json_layout_free(&layout);
    fclose(stream);
    return out;
}

static const struct {
    const char *name, *text, *lines;
} layouts[] = {
    {"scalar", " 1.50 ", "1.50\n"},
    {"empty", "", "<>\n"},
    {"empty containers", "{ }", "{}\n"},
    {"object", "{\"a\":1,\"b\":[]}", "{ (2 to 3)\n  \"a\": 1,\n  \"b\": []\n}\n"},
    {"array", "[true, {\"x\":null},\n[2]]",
     "[ (3 to 8)\n  true,\n  { (1 to 4)\n    \"x\": null\n  },\n  [ (1 to 7)\n    2\n  ]\n]\n"},
    {"numbers keep their digits", "[12345678901234567890, 1.10, -0, 1E+400]",
     "[ (4 to 5)\n  12345678901234567890,\n  1.10,\n  -0,\n  1E+400\n]\n"},
    {"equal keys are both there", "{\"a\":1,\"a\":2}", "{ (2 to 3)\n  \"a\": 1,\n  \"a\": 2\n}\n"},
    {"escapes stay", "\"\\u00e9\\\"\\\\\"", "\"\\u00e9\\\"\\\\\"\n"},
    {"brackets in strings", "[\"}]\"]", "[ (1 to 2)\n  \"}]\"\n]\n"},
    {"byte order mark", "\xEF\xBB\xBF[1]", "[ (1 to 2)\n  1\n]\n"},
    {"cut off", "{\"a\":", "{\n  \"a\": \n  <>\n"},
    {"string without end", "{\"a\":\"bc", "{\n  \"a\": \n  <\"bc>\n"},
    {"string that ends in a backslash", "\"a\\", "<\"a\\>\n"},
    {"wrong bracket", "[1}", "[\n  1\n  <}>\n"},
    {"comma before the end", "[1,]", "[\n  1,\n  <]>\n"},
    {"key without quotes", "{a:1}", "{\n  <a:1}>\n"},
    {"colon missing", "{\"a\" 1}", "{\n  \"a\"\n  <1}>\n"},
    {"literal misspelt", "[nul]", "[\n  <nul]>\n"},
    {"something behind the end", "{} {}", "{}\n<{}>\n"},
    {"closing first", "]", "<]>\n"},
    {"not JSON at all", "hello", "<hello>\n"},
};

Test(json, layout)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        char *lines = print(layouts[i].text, strlen(layouts[i].text));
        cr_expect_str_eq(lines, layouts[i].lines, "%s: got\n%s", layouts[i].name, lines);
        free(lines);
    }
}

Test(json, kinds)
{
    static const enum json_kind kinds[] = {
        JSON_PUNCTUATION, JSON_KEY,         JSON_PUNCTUATION, JSON_STRING,      JSON_PUNCTUATION,
        JSON_KEY,         JSON_PUNCTUATION, JSON_NUMBER,      JSON_PUNCTUATION, JSON_KEY,
        JSON_PUNCTUATION, JSON_LITERAL,     JSON_PUNCTUATION,
    };
    const char *text = "{\"a\":\"b\",\"c\":1,\"d\":true}";
    struct json_layout layout;

    cr_assert(json_layout(&layout, text, strlen(text)));
    cr_assert_eq(layout.token_count, sizeof kinds / sizeof kinds[0]);
    for (size_t i = 0; i < layout.token_count; i++)
        cr_expect_eq(layout.tokens[i].kind, kinds[i], "token %zu", i);
    json_layout_free(&layout);
}

/* A text that nests without end is followed as far as the cap, and no further. */
Test(json, bottomless)
{
    size_t length = 4 << 20;
    char *text = malloc(length);
    struct json_layout layout;

    cr_assert(text);
    memset(text, '[', length);
    cr_assert(json_layout(&layout, text, length));
    cr_expect_eq(layout.line_count, JSON_MAX_LEVELS + 1);
    cr_expect_eq(layout.tokens[layout.token_count - 1].kind, JSON_ERROR);
    cr_expect_eq(layout.tokens[layout.token_count - 1].start, JSON_MAX_LEVELS);
    cr_expect_eq(layout.lines[0].close, 0, "what never ends cannot be folded");
    json_layout_free(&layout);
    cr_expect_eq(json_survey(text, length, 64).depth, 65);
    free(text);
}

static const struct {
    const char *text, *plain;
} escaped[] = {
    {"", ""},
    {"{\"a\": [1, true]}", "{\"a\": [1, true]}"},
    {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
    {"\\\\n", "\\n"},
    {"caf\\u00e9 \\u00C9", "café É"},
    {"\\u4e2d\\ud83d\\ude00!", "中😀!"},
    {"a\\u0000b", "a\u2400b"},
    {"\\ud83d", "\xEF\xBF\xBD"},
    {"\\ude00\\ud83d", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD😀"},
    {"\\ud83dx", "\xEF\xBF\xBDx"},
    /* What no parser accepts */
    {"\\", "\\"},
    {"a\\x\\u12", "a\\x\\u12"},
    {"\\u12g4", "\\u12g4"},
};

Test(json, unescape)
{
    for (size_t i = 0; i < sizeof escaped / sizeof escaped[0]; i++) {
        char *text = strdup(escaped[i].text);
        cr_assert(text);
        size_t length = json_unescape(text, text, strlen(text));
        text[length] = '\0';
        cr_expect_str_eq(text, escaped[i].plain, "%s: %s", escaped[i].text, text);
        free(text);
    }
}
