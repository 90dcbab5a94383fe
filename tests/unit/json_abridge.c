/*
 * JSON made short: what remains, and that it is JSON.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "event.h"
#include "json_abridge.h"
#include "samples.h"

enum { BODY = 4 << 20 };

static char *body;
static size_t used;

static void set_up(void)
{
    body = malloc(BODY + 4096);
    cr_assert(body);
    used = 0;
}

static void tear_down(void)
{
    free(body);
}

TestSuite(json_abridge, .init = set_up, .fini = tear_down);

/* Adds a text, with the number in the place of each %. */
static void add(const char *part, size_t number)
{
    for (; *part; part++)
        if (*part == '%')
            used += (size_t)sprintf(body + used, "%zu", number);
        else
            body[used++] = *part;
}

static void add_many(const char *part, size_t end)
{
    for (size_t i = 0; used < end; i++)
        add(part, i);
}

/* The event of the body, skimmed. */
static struct event skim(const char *name)
{
    struct event event;
    char reason[160];
    cr_assert(event_skim(&event, body, used, reason, sizeof reason), "%s: %s", name, reason);
    return event;
}

static const struct {
    const char *name, *head, *part, *tail;
    const char *path, *expected; /* of the short one, as JSON */
} rows[] = {
    {"a long list before the rest", "\"rows\":[0", ",%", "],\"task_id\":\"t\"", "task_id", "\"t\""},
    {"a long list of objects", "\"artifacts\":[{\"name\":\"first\"}", ",{\"name\":\"a%\"}", "]",
     "artifacts.0.name", "\"first\""},
    {"a long object", "\"output\":{\"a\":1", ",\"k%\":[]", "},\"cost\":2", "cost", "2"},
    {"a long string", "\"message\":\"begins", " % \\\" \\u00e9 é", "\",\"cost\":3", "cost", "3"},
    {"a deep one", "\"deep\":[", "[[[{\"a\":[%]}]]],", "0],\"cost\":4", "cost", "4"},
    {"brackets in strings", "\"odd\":[\"\"", ",\"]}{[%\\\\\"", "],\"cost\":5", "cost", "5"},
};

Test(json_abridge, what_stands_behind_something_long_remains)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        used = 0;
        add("{\"id\":\"evt_1\",\"type\":\"task.failed\",\"data\":{", 0);
        add(rows[i].head, 0);
        add_many(rows[i].part, BODY - 256);
        add(rows[i].tail, 0);
        add("},\"project_id\":\"p\"}", 0);
        size_t length;
        char *text = json_abridge(body, used, &length);
        cr_assert(text);
        cr_expect_leq(length, ABRIDGE_TOTAL, "%s: %zu", rows[i].name, length);
        struct event event = skim(rows[i].name);
        cr_expect_str_eq(event.project, "p", "%s", rows[i].name);
        const cJSON *json = event.data;
        char path[64], *rest = path;
        snprintf(path, sizeof path, "%s", rows[i].path);
        for (char *key; json && (key = strsep(&rest, "."));)
            json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(key))
                                       : cJSON_GetObjectItemCaseSensitive(json, key);
        char *shown = json ? cJSON_PrintUnformatted(json) : NULL;
        cr_expect(shown && strcmp(shown, rows[i].expected) == 0, "%s: %s", rows[i].name, shown);
        cJSON_free(shown);
        event_free(&event);
        free(text);
    }
}

/* Wherever it is cut: each character is two escapes of six bytes. */
Test(json_abridge, a_long_string_of_escaped_pairs_remains_one)
{
    for (size_t shift = 0; shift < 12; shift++) {
        used = 0;
        add("{\"id\":\"evt_1\",\"type\":\"task.failed\",\"data\":{\"message\":\"", 0);
        for (size_t i = 0; i < shift; i++)
            add("x", 0);
        add_many("\\ud83d\\uDE00", BODY - 256);
        add("\"}}", 0);
        struct event event = skim("pairs");
        const char *message = cJSON_GetStringValue(cJSON_GetObjectItem(event.data, "message"));
        size_t length = message ? strlen(message) : 0;
        cr_assert(length > strlen("😀…"), "cut behind %zu", shift);
        cr_expect_str_eq(message + length - strlen("😀…"), "😀…", "cut behind %zu", shift);
        event_free(&event);
    }
}

Test(json_abridge, what_is_left_out_is_counted)
{
    add("{\"id\":\"evt_1\",\"type\":\"task.failed\",\"data\":{\"n\":[0", 0);
    for (size_t i = 1; i < 40000; i++)
        add(",%", i);
    add("],\"files\":[{}", 0);
    for (size_t i = 1; i < 40000; i++)
        add(",{\"n\":%}", i);
    add("],\"text\":\"", 0);
    add_many("word ", BODY - 256);
    add("\"}}", 0);
    struct event event = skim("counted");
    const cJSON *numbers = cJSON_GetObjectItem(event.data, "n");
    cr_assert_eq(cJSON_GetArraySize(numbers), ABRIDGE_MEMBERS + 1);
    cr_expect_str_eq(cJSON_GetStringValue(cJSON_GetArrayItem(numbers, ABRIDGE_MEMBERS)),
                     "… 39,900 more: see the JSON page");
    const cJSON *files = cJSON_GetObjectItem(event.data, "files");
    cr_expect_str_eq(
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(files, ABRIDGE_MEMBERS), "…")),
        "39,900 more: see the JSON page");
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(event.data, "text"));
    cr_assert(text);
    cr_expect_eq(strncmp(text, "word word ", 10), 0);
    cr_expect_str_eq(text + strlen(text) - strlen("…"), "…");
    event_free(&event);
}

Test(json_abridge, the_envelope_remains_whatever_stands_before_it)
{
    add("{", 0);
    add_many("\"k%\":1,", BODY - 256);
    add("\"type\":\"task.failed\",\"data\":{\"task_id\":\"t\"},\"id\":\"evt_1\"}", 0);
    struct event event = skim("envelope");
    cr_expect_str_eq(event.id, "evt_1");
    cr_expect_str_eq(event.type, "task.failed");
    cr_expect_str_eq(event.subject, "t");
    event_free(&event);
}

Test(json_abridge, what_is_short_stays_as_it_is)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        size_t length;
        char *text = json_abridge(samples[i].body, strlen(samples[i].body), &length);
        cJSON *whole = cJSON_Parse(samples[i].body), *made = cJSON_Parse(text);
        cr_assert(whole && made, "%s", samples[i].type);
        cr_expect(cJSON_Compare(whole, made, true), "%s: %s", samples[i].type, text);
        cJSON_Delete(whole);
        cJSON_Delete(made);
        free(text);
    }
}

Test(json_abridge, any_bytes_are_safe)
{
    static const char alphabet[] = "{}[]\",:\\u0 1ae\xc3\xa9";
    struct dice dice = {.state = 3};
    for (int round = 0; round < 20000; round++) {
        size_t length = (size_t)dice_between(&dice, 0, 60), abridged;
        char *exact = malloc(length + 1);
        for (size_t i = 0; i < length; i++)
            exact[i] = alphabet[dice_between(&dice, 0, (int64_t)sizeof alphabet - 2)];
        free(json_abridge(exact, length, &abridged));
        free(exact);
    }
}
