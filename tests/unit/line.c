/*
 * Lines of output: what a person reads, and what a program reads.
 */
#include "line.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* 2026-05-24T12:18:05Z, and ten minutes later. */
#define CREATED_MS INT64_C(1779625085000)
#define NOW_MS     (CREATED_MS + 600000)

static void setup(void)
{
    setenv("TZ", "UTC", 1);
}

TestSuite(line, .init = setup);

/* The line of an event's JSON, without its newline. */
static const char *line_of(const char *json, const struct line_style *style)
{
    static char line[65536];
    struct event event;
    char reason[160];
    size_t length = strlen(json);
    cr_assert(event_decode(&event, json, length, reason, sizeof reason), "%s: %s", json, reason);
    struct ring_record record = {.created_ms = CREATED_MS,
                                 .received_ms = CREATED_MS + 1500,
                                 .length = (uint32_t)length,
                                 .outcome = (uint8_t)event.outcome,
                                 .verified = true};
    /* Exactly the room that is asked for, so that a sanitizer sees one byte too many. */
    char *out = malloc(line_room(style->format, length));
    cr_assert(out);
    size_t used = line_write(
        out, style,
        &(struct line_event){.record = &record, .raw = json, .event = &event, .now_ms = NOW_MS});
    cr_assert(used > 0 && used < sizeof line && out[used - 1] == '\n', "%s", json);
    memcpy(line, out, used - 1);
    line[used - 1] = '\0';
    free(out);
    event_free(&event);
    return line;
}

#define HEAD "{\"id\":\"evt_1\",\"type\":"
#define LONG_ID                                                                                    \
    "{\"id\":\"e\",\"type\":\"task.failed\",\"data\":{"                                            \
    "\"task_id\":\"tsk_ade0b9be-3d0c-4b7e-9a57-1f2e3d4c5b6a\","                                    \
    "\"duration_ms\":4218,\"error\":\"no such page\"}}"
#define FAILED                                                                                     \
    HEAD "\"task.failed\",\"data\":{\"task_id\":\"tsk_1\",\"duration_ms\":4218,"                   \
         "\"cost\":{\"amount\":0.012,\"currency\":\"USD\"},\"error\":{\"message\":\"no such "      \
         "page\"}}}"

static const struct {
    const char *name, *json;
    struct line_style style;
    const char *line;
} lines[] = {
    {"a failed task",
     FAILED,
     {LINE_TEXT, false, false, false, 0},
     "12:18:05 ✗ task.failed                    tsk_1                4.2s   $0.012  no such page"},
    {"with its date",
     FAILED,
     {LINE_TEXT, false, false, true, 0},
     "05-24 12:18:05 ✗ task.failed                    tsk_1                4.2s   $0.012  no such "
     "page"},
    {"in ASCII",
     FAILED,
     {LINE_TEXT, false, true, false, 0},
     "12:18:05 x task.failed                    tsk_1                4.2s   $0.012  no such page"},
    {"in colours",
     FAILED,
     {LINE_TEXT, true, false, false, 0},
     "\033[2m12:18:05\033[0m \033[31m✗\033[0m \033[31mtask.failed\033[0m                    "
     "tsk_1                4.2s   $0.012  no such page"},
    {"nothing known", HEAD "\"x\"}", {LINE_TEXT, false, false, false, 0}, "12:18:05 · x"},
    {"a summary alone",
     HEAD "\"x\",\"text\":\"all is well\"}",
     {LINE_TEXT, false, false, false, 0},
     "12:18:05 · x                                                                  all is well"},
    {"a hostile type",
     HEAD "\"a\\u001b[2Jb\\nc\"}",
     {LINE_TEXT, false, false, false, 0},
     "12:18:05 · a␛[2Jb␊c"},
    {"a type wider than its column",
     HEAD "\"identity.authentication_failed.again\",\"data\":{\"identity_id\":\"idn_1\"}}",
     {LINE_TEXT, false, false, false, 0},
     "12:18:05 · identity.authentication_failed.again idn_1"},
    {"JSON as received",
     "{ \"id\": \"evt_1\",\n \"type\": \"x\", \"n\": 12345678901234567890 }",
     {LINE_JSON, true, true, false, 0},
     "{\"received\":\"2026-05-24T12:18:06.500Z\",\"verified\":true,\"event\":"
     "{\"id\":\"evt_1\",\"type\":\"x\",\"n\":12345678901234567890}}"},
};

Test(line, says_what_happened)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *line = line_of(lines[i].json, &lines[i].style);
        cr_expect_str_eq(line, lines[i].line, "%s:\n%s\n%s", lines[i].name, line, lines[i].line);
    }
}

static const char wide_text[] = HEAD
    "\"task.failed\",\"data\":{\"task_id\":\"tsk_1\",\"duration_ms\":4218,"
    "\"error\":{\"message\":\"世界 é́́ 世界 ✈ 世界 a\\u001bb 世界世界世界世界世界世界世界世界\"}}}";

Test(line, keeps_to_the_columns_of_a_terminal)
{
    static const struct {
        const char *json;
        struct line_style style;
        const char *line;
    } rows[] = {
        {FAILED,
         {LINE_TEXT, false, false, false, 70},
         "12:18:05 ✗ task.failed        tsk_1          4.2s $0.012 no such page"},
        {FAILED,
         {LINE_TEXT, false, false, false, 64},
         "12:18:05 ✗ task.failed        tsk_1          4.2s $0.012 no suc…"},
        {FAILED,
         {LINE_TEXT, false, true, false, 64},
         "12:18:05 x task.failed        tsk_1          4.2s $0.012 no s..."},
        {FAILED,
         {LINE_TEXT, true, false, false, 64},
         "\033[2m12:18:05\033[0m \033[31m✗\033[0m \033[31mtask.failed\033[0m        tsk_1          "
         "4.2s $0.012 no suc…"},
        {wide_text,
         {LINE_TEXT, false, false, false, 61},
         "12:18:05 ✗ task.failed        tsk_1          4.2s        世…"},
        /* A long id leaves room for what happened; less of it than that leads nowhere. */
        {LONG_ID,
         {LINE_TEXT, false, false, false, 80},
         "12:18:05 ✗ task.failed        tsk_ade0b9be…   4.2s        no such page"},
        {LONG_ID, {LINE_TEXT, false, false, false, 42}, "12:18:05 ✗ task.failed        …   4.2s"},
        {FAILED, {LINE_TEXT, false, false, false, 35}, "12:18:05 ✗ task.failed        tsk_1"},
        {FAILED, {LINE_TEXT, false, false, false, 34}, "12:18:05 ✗ task.failed        …"},
        {FAILED, {LINE_TEXT, false, false, false, 15}, "12:18:05 ✗ tas…"},
        {FAILED, {LINE_TEXT, false, false, false, 9}, "12:18:05"},
        {FAILED, {LINE_TEXT, false, false, false, 1}, "…"},
        {FAILED, {LINE_TEXT, false, true, false, 2}, "1."},
        {FAILED,
         {LINE_TEXT, false, false, false, 120},
         "12:18:05 ✗ task.failed                    tsk_1                4.2s   $0.012  no such "
         "page"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *line = line_of(rows[i].json, &rows[i].style);
        cr_expect_str_eq(line, rows[i].line, "%d columns:\n%s\n%s", rows[i].style.columns, line,
                         rows[i].line);
    }
    for (int columns = 1; columns < 200; columns++) {
        struct line_style style = {.format = LINE_TEXT, .columns = columns};
        const char *line = line_of(wide_text, &style);
        cr_expect_leq(text_width(line), columns, "%d columns: %s", columns, line);
    }
}

/* Every cell full, and none of it of the kind that stays as long as it was. */
Test(line, has_room_for_the_longest)
{
    static char json[20000];
    char hostile[1200];
    for (size_t i = 0; i + 3 < sizeof hostile; i += 3)
        memcpy(hostile + i, "\xe2\x80\xae", 4);
    hostile[1197] = '\0';
    snprintf(json, sizeof json,
             HEAD "\"%.252s\",\"text\":\"%s\",\"data\":{\"x_id\":\"%s\",\"duration_ms\":1e300,"
                  "\"cost\":{\"amount\":1e300,\"currency\":\"%s\"}}}",
             hostile, hostile, hostile, hostile);
    for (int format = LINE_TEXT; format <= LINE_JSON; format++) {
        struct line_style style = {.format = (enum line_format)format, .color = true};
        cr_expect(strlen(line_of(json, &style)) > 2000);
    }
}
