/*
 * From bytes to an event: what is refused and with which words, and what is made of the rest.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "event.h"

static const struct {
    const char *name, *body;
    size_t length; /* 0: strlen(body) */
    const char *reason;
} refusals[] = {
    {"empty", "", 0, "the body is empty"},
    {"white space", "  \n", 0, "not valid JSON near byte 3 of 3"},
    {"not JSON", "hello", 0, "not valid JSON near byte 1 of 5"},
    {"cut off", "{\"id\":\"a\",\"type\":\"t\"", 0, "not valid JSON near byte 20 of 20"},
    {"form data", "id=1&type=2", 0, "not valid JSON near byte 1 of 11"},
    {"comma before the end", "{\"id\":\"a\",\"type\":\"t\",}", 0,
     "not valid JSON near byte 22 of 22"},
    {"garbage behind", "{\"id\":\"a\",\"type\":\"t\"} x", 0,
     "something follows the JSON object at byte 23"},
    {"two objects", "{\"id\":\"a\",\"type\":\"t\"}{}", 0,
     "something follows the JSON object at byte 22"},
    {"zero byte in a string", "{\"id\":\"a\0b\",\"type\":\"t\"}", 23,
     "not valid JSON: a zero byte at byte 9"},
    {"zero byte behind", "{\"id\":\"a\",\"type\":\"t\"}\0", 22,
     "not valid JSON: a zero byte at byte 22"},
    {"array", "[]", 0, "the JSON is not an object"},
    {"string", "\"id\"", 0, "the JSON is not an object"},
    {"null", "null", 0, "the JSON is not an object"},
    {"no id", "{\"type\":\"t\"}", 0, "\"id\" is missing"},
    {"id in other letters", "{\"ID\":\"a\",\"type\":\"t\"}", 0, "\"id\" is missing"},
    {"id empty", "{\"id\":\"\",\"type\":\"t\"}", 0, "\"id\" is empty"},
    {"id a number", "{\"id\":1,\"type\":\"t\"}", 0, "\"id\" is not a string"},
    {"id null", "{\"id\":null,\"type\":\"t\"}", 0, "\"id\" is not a string"},
    {"no type", "{\"id\":\"a\"}", 0, "\"type\" is missing"},
    {"type empty", "{\"id\":\"a\",\"type\":\"\"}", 0, "\"type\" is empty"},
    {"type an array", "{\"id\":\"a\",\"type\":[\"t\"]}", 0, "\"type\" is not a string"},
};

Test(event, refusals)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        size_t length = refusals[i].length ? refusals[i].length : strlen(refusals[i].body);
        char *body = malloc(length ? length : 1); /* exact, for the sanitizer to see its end */
        struct event event;
        char reason[160] = "";

        cr_assert(body);
        memcpy(body, refusals[i].body, length);
        cr_expect_not(event_decode(&event, body, length, reason, sizeof reason), "%s",
                      refusals[i].name);
        cr_expect_str_eq(reason, refusals[i].reason, "%s: %s", refusals[i].name, reason);
        cr_expect_null(event.json, "%s", refusals[i].name);
        free(body);
    }
}

static bool decode(struct event *event, const char *body)
{
    char reason[160] = "";
    bool good = event_decode(event, body, strlen(body), reason, sizeof reason);
    cr_expect(good, "%s: %s", body, reason);
    return good;
}

Test(event, depth)
{
    char body[512], reason[160];

    for (int levels = EVENT_MAX_DEPTH; levels <= EVENT_MAX_DEPTH + 1; levels++) {
        struct event event;
        size_t length =
            (size_t)snprintf(body, sizeof body, "{\"id\":\"a\",\"type\":\"t\",\"data\":");

        for (int i = 1; i < levels; i++)
            body[length++] = '[';
        for (int i = 1; i < levels; i++)
            body[length++] = ']';
        body[length++] = '}';
        cr_expect_eq(event_decode(&event, body, length, reason, sizeof reason),
                     levels == EVENT_MAX_DEPTH, "%d levels", levels);
        event_free(&event);
    }
    cr_expect_str_eq(reason, "the JSON is nested deeper than 64 levels");
}

Test(event, length_of_names)
{
    for (int length = EVENT_MAX_NAME; length <= EVENT_MAX_NAME + 1; length++) {
        char name[EVENT_MAX_NAME + 2] = "", body[512], reason[160] = "";
        struct event event;

        memset(name, 'x', (size_t)length);
        snprintf(body, sizeof body, "{\"id\":\"%s\",\"type\":\"t\"}", name);
        cr_expect_eq(event_decode(&event, body, strlen(body), reason, sizeof reason),
                     length == EVENT_MAX_NAME);
        event_free(&event);
        snprintf(body, sizeof body, "{\"type\":\"%s\",\"id\":\"i\"}", name);
        cr_expect_eq(event_decode(&event, body, strlen(body), reason, sizeof reason),
                     length == EVENT_MAX_NAME);
        cr_expect_str_eq(reason,
                         length == EVENT_MAX_NAME ? "" : "\"type\" is longer than 256 bytes");
        event_free(&event);
    }
}

Test(event, envelope)
{
    struct event event;

    cr_assert(decode(&event, "\xEF\xBB\xBF {\"id\":\"evt_1\",\"type\":\"task.failed\","
                             "\"created\":\"2026-05-24T12:18:05.123Z\",\"project_id\":\"p\","
                             "\"text\":\"it failed\",\"data\":{\"task_id\":\"tsk_1\"}} \r\n"));
    cr_expect_str_eq(event.id, "evt_1");
    cr_expect_str_eq(event.type, "task.failed");
    cr_expect_str_eq(event.created, "2026-05-24T12:18:05.123Z");
    cr_expect_eq(event.created_ms, 1779625085123);
    cr_expect_str_eq(event.project, "p");
    cr_expect_str_eq(event.text, "it failed");
    cr_expect_str_eq(event.subject, "tsk_1");
    cr_expect_str_eq(event_data_string(&event, "task_id"), "tsk_1");
    cr_expect_null(event_data_string(&event, "session_id"));
    cr_expect_eq(event.known, catalog_find("task.failed"));
    cr_expect_eq(event.outcome, OUTCOME_FAILED);
    event_free(&event);

    cr_assert(decode(&event, "{\"id\":\"evt_1\",\"type\":\"export.failed\",\"created\":1779625085,"
                             "\"project_id\":7,\"text\":\"\",\"data\":[1]}"));
    cr_expect_null(event.created);
    cr_expect_eq(event.created_ms, 0);
    cr_expect_null(event.project);
    cr_expect_null(event.text);
    cr_expect_null(event.data);
    cr_expect_null(event.subject);
    cr_expect_null(event.known);
    cr_expect_eq(event.entity, ENTITY_OTHER);
    cr_expect_eq(event.outcome, OUTCOME_FAILED);
    event_free(&event);
}

static const struct {
    const char *type, *data, *subject;
} subjects[] = {
    {"task.healed", "{\"session_id\":\"s\",\"task_id\":\"t\"}", "t"},
    {"session.failed", "{\"session_id\":\"s\"}", "s"},
    {"intervention.resolved", "{\"session_id\":\"s\",\"request_id\":\"r\"}", "r"},
    {"batch.failed", "{\"batch_id\":\"b\"}", "b"},
    {"identity.authenticated", "{\"application_id\":\"a\",\"identity_id\":\"i\"}", "i"},
    {"task.failed", "{\"session_id\":\"s\"}", NULL},
    {"task.failed", "{\"task_id\":1}", NULL},
    {"task.failed", "{\"task_id\":\"\"}", NULL},
    {"export.made", "{\"name\":\"n\",\"n_id\":5,\"export_id\":\"e\",\"session_id\":\"s\"}", "e"},
    {"export.made", "{\"name\":\"n\"}", NULL},
    {"export.made", "null", NULL},
};

Test(event, subject)
{
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        char body[256];
        struct event event;

        snprintf(body, sizeof body, "{\"id\":\"i\",\"type\":\"%s\",\"data\":%s}", subjects[i].type,
                 subjects[i].data);
        cr_assert(decode(&event, body));
        if (subjects[i].subject)
            cr_expect(event.subject && strcmp(event.subject, subjects[i].subject) == 0, "%s", body);
        else
            cr_expect_null(event.subject, "%s", body);
        event_free(&event);
    }
}

/* Strings that are JSON but that cJSON alone would cut off or refuse. */
static const struct {
    const char *json, *id;
} escapes[] = {
    {"a\\u0000b", "a\u2400b"},
    {"\\u0000", "\u2400"},
    {"\\\\u0000", "\\u0000"},
    {"\\\\\\u0000", "\\\u2400"},
    {"\\ud83d", "\uFFFD"},
    {"\\ud83dx", "\uFFFDx"},
    {"\\ude00\\ud83d", "\uFFFD\uFFFD"},
    {"\\ud83d\\ud83d\\ude00", "\uFFFD\U0001F600"},
    {"\\uD83D\\uDE00", "\U0001F600"},
    {"\\ud83d\\n", "\uFFFD\n"},
    {"\\u00e9\\\"", "\u00e9\""},
    {"\xff\xfe", "\xff\xfe"},
};

Test(event, escapes)
{
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        char body[128];
        struct event event;

        snprintf(body, sizeof body, "{\"id\":\"%s\",\"type\":\"t\"}", escapes[i].json);
        cr_assert(decode(&event, body));
        cr_expect_str_eq(event.id, escapes[i].id, "%s", escapes[i].json);
        event_free(&event);
    }
}

#define HUNDRED                                                                                    \
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012" \
    "34567890"

/* Numbers that cJSON alone would refuse, or whose digits it would forget. */
Test(event, numbers_of_any_length)
{
    static const struct {
        const char *json, *digits; /* NULL: the double is the number */
        double number;
    } rows[] = {
        {"12", NULL, 12},
        {"0.012", NULL, 0.012},
        {"123456789012345", NULL, 123456789012345},
        {"9007199254740993", "9007199254740993", 9007199254740992},
        {"-12345678901234567890", "-12345678901234567890", -12345678901234567890.0},
        {"1e308", NULL, 1e308},
        {"1e400", "1e400", HUGE_VAL},
        {"1E-400", "1E-400", 0},
        {HUNDRED, HUNDRED, 1.234567890123456789e99},
        {"-0." HUNDRED, "-0." HUNDRED, -0.1234567890123456789},
        {HUNDRED "e400", HUNDRED "e400", HUGE_VAL},
        {"-" HUNDRED "e400", "-" HUNDRED "e400", -HUGE_VAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[512];
        struct event event;

        /* The same once more behind a string and another number. */
        snprintf(body, sizeof body,
                 "{\"id\":\"%s\",\"type\":\"t\",\"data\":{\"n\":[%s,{\"%s\":1.5}, %s]}}", HUNDRED,
                 rows[i].json, HUNDRED, rows[i].json);
        cr_assert(decode(&event, body), "%s", rows[i].json);
        const cJSON *numbers = cJSON_GetObjectItemCaseSensitive(event.data, "n");
        for (int k = 0; k < 3; k += 2) {
            const cJSON *number = cJSON_GetArrayItem(numbers, k);
            const char *digits = digits_of(number);
            cr_expect(number->valuedouble == rows[i].number, "%s: %g", rows[i].json,
                      number->valuedouble);
            cr_expect_str_eq(digits ? digits : "-", rows[i].digits ? rows[i].digits : "-", "%s",
                             rows[i].json);
        }
        cr_expect(cJSON_GetArrayItem(numbers, 1)->child->valuedouble == 1.5);
        event_free(&event);
    }
}

/* What only begins like a number is refused, however long it is. */
Test(event, long_words_are_no_numbers)
{
    static const char *const values[] = {HUNDRED "-", "1" HUNDRED "e",
                                         HUNDRED "." HUNDRED "." HUNDRED};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char body[512], reason[160];
        struct event event;
        snprintf(body, sizeof body, "{\"id\":\"a\",\"type\":\"t\",\"n\":%s}", values[i]);
        cr_expect_not(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s",
                      values[i]);
    }
}

/* Of two equal keys every reader of the event sees the same one. */
Test(event, equal_keys)
{
    struct event event;

    cr_assert(decode(&event, "{\"id\":\"a\",\"id\":\"b\",\"type\":\"t\",\"type\":\"u\"}"));
    cr_expect_str_eq(event.id, "a");
    cr_expect_str_eq(event.type, "t");
    event_free(&event);
}

static const struct {
    const char *text;
    bool good;
    int64_t ms;
} times[] = {
    {"1970-01-01T00:00:00Z", true, 0},
    {"2026-05-24T12:18:05.123Z", true, 1779625085123},
    {"2026-05-24 12:18:05Z", true, 1779625085000},
    {"2026-05-24t12:18:05z", true, 1779625085000},
    {"2026-05-24T12:18:05.1Z", true, 1779625085100},
    {"2026-05-24T12:18:05.123999999999Z", true, 1779625085123},
    {"2026-05-24T14:18:05.123+02:00", true, 1779625085123},
    {"2026-05-24T02:48:05.123-0930", true, 1779625085123},
    {"2026-05-24T13:18:05.123+01", true, 1779625085123},
    {"2024-02-29T00:00:00Z", true, 1709164800000},
    {"2024-12-31T23:59:60Z", true, 1735689600000},
    {"2000-03-01T00:00:00Z", true, 951868800000},
    {"1969-12-31T23:59:59.999Z", true, -1},
    {"0001-01-01T00:00:00Z", true, -62135596800000},
    {"9999-12-31T23:59:59.999Z", true, 253402300799999},
    {"2025-02-29T00:00:00Z", false, 0},
    {"1900-02-29T00:00:00Z", false, 0},
    {"2026-02-31T00:00:00Z", false, 0},
    {"2026-04-31T00:00:00Z", false, 0},
    {"2026-00-10T00:00:00Z", false, 0},
    {"2026-13-10T00:00:00Z", false, 0},
    {"2026-01-00T00:00:00Z", false, 0},
    {"0000-01-01T00:00:00Z", false, 0},
    {"2026-05-24T24:00:00Z", false, 0},
    {"2026-05-24T12:60:00Z", false, 0},
    {"2026-05-24T12:18:61Z", false, 0},
    {"2026-05-24T12:18:05", false, 0}, /* where? */
    {"2026-05-24T12:18:05.Z", false, 0},
    {"2026-05-24T12:18Z", false, 0},
    {"2026-05-24T12:18:05+2", false, 0},
    {"2026-05-24T12:18:05+02:", false, 0},
    {"2026-05-24T12:18:05+24:00", false, 0},
    {"2026-05-24T12:18:05Z ", false, 0},
    {" 2026-05-24T12:18:05Z", false, 0},
    {"2026-05-24", false, 0},
    {"2026-5-24T12:18:05Z", false, 0},
    {"+026-05-24T12:18:05Z", false, 0},
    {"1779625085", false, 0},
    {"", false, 0},
};

Test(event, times)
{
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t ms = 0;
        bool good = event_parse_time(times[i].text, &ms);

        cr_expect_eq(good, times[i].good, "%s", times[i].text);
        if (good)
            cr_expect_eq(ms, times[i].ms, "%s: %lld", times[i].text, (long long)ms);
    }
}
