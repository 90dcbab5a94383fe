/*
 * What `anchortop send` reads from its operands.
 */
#include "send_list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/anchortop-send-XXXXXX";

static void setup(void)
{
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    close(file);
}

static void teardown(void)
{
    unlink(path);
}

TestSuite(send_list, .init = setup, .fini = teardown);

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

static const struct {
    const char *name, *text;
    size_t count;
    const char *first_id, *last_body; /* exactly as it is to be signed */
} readable[] = {
    {"one line", "{\"id\":\"a\",\"type\":\"t\"}", 1, "a", "{\"id\":\"a\",\"type\":\"t\"}"},
    {"white space is dropped around", "\n {\"id\":\"a\",\"type\":\"t\"} \r\n\n", 1, "a",
     "{\"id\":\"a\",\"type\":\"t\"}"},
    {"white space is kept inside", "{\n  \"id\": \"a\",\n  \"type\": \"t\"\n}\n", 1, "a",
     "{\n  \"id\": \"a\",\n  \"type\": \"t\"\n}"},
    {"two lines", "{\"id\":\"a\",\"type\":\"t\"}\n{\"id\":\"b\",\"type\":\"u\"}\n", 2, "a",
     "{\"id\":\"b\",\"type\":\"u\"}"},
    {"one that tail has printed",
     "{\"received\":\"2026-05-24T12:18:06.250Z\",\"verified\":true,\"event\":"
     "{\"id\":\"a\",\"type\":\"t\",\"n\":12345678901234567890}}\n",
     1, "a", "{\"id\":\"a\",\"type\":\"t\",\"n\":12345678901234567890}"},
    {"two that tail has printed",
     "{\"received\":\"2026-05-24T12:18:06.250Z\",\"verified\":true,\"event\":"
     "{\"id\":\"a\",\"type\":\"t\"}}\n"
     "{\"received\":\"2026-05-24T12:18:07.250Z\",\"verified\":false,\"event\":"
     "{\"id\":\"b\",\"type\":\"u\"}}\n",
     2, "a", "{\"id\":\"b\",\"type\":\"u\"}"},
    {"one of tail's between others",
     "{\"id\":\"a\",\"type\":\"t\"}\n{\"event\":{\"id\":\"b\",\"type\":\"u\"}}\n"
     "{\"id\":\"c\",\"type\":\"t\"}\n",
     3, "a", "{\"id\":\"c\",\"type\":\"t\"}"},
    {"one of tail's over several lines",
     "{\n  \"event\": {\n    \"id\": \"a\",\n    \"type\": \"t\"\n  }\n}\n", 1, "a",
     "{\n    \"id\": \"a\",\n    \"type\": \"t\"\n  }"},
    {"an event with an event in it",
     "{\"id\":\"a\",\"type\":\"t\",\"event\":{\"id\":\"b\",\"type\":\"u\"}}", 1, "a",
     "{\"id\":\"a\",\"type\":\"t\",\"event\":{\"id\":\"b\",\"type\":\"u\"}}"},
    {"empty lines between", "{\"id\":\"a\",\"type\":\"t\"}\n\n\r\n{\"id\":\"b\",\"type\":\"u\"}", 2,
     "a", "{\"id\":\"b\",\"type\":\"u\"}"},
};

Test(send_list, files_of_events)
{
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        struct send_list list = {0};
        char reason[1024] = "";
        write_file(readable[i].text);
        cr_assert(send_list_add(&list, path, reason, sizeof reason), "%s: %s", readable[i].name,
                  reason);
        cr_assert_eq(list.count, readable[i].count, "%s", readable[i].name);
        const struct send_entry *last = &list.entries[list.count - 1];
        cr_expect_str_eq(list.entries[0].id, readable[i].first_id, "%s", readable[i].name);
        cr_expect_eq(last->length, strlen(readable[i].last_body), "%s", readable[i].name);
        cr_expect_eq(strncmp(last->body, readable[i].last_body, last->length), 0, "%s",
                     readable[i].name);
        send_list_free(&list);
    }
}

static const struct {
    const char *name, *text, *expected;
} unreadable[] = {
    {"empty", "", "is empty"},
    {"only blanks", " \n\n", "is empty"},
    {"not JSON", "hello\n", "not an event"},
    {"no id", "{\"type\":\"t\"}", "id"},
    {"a bad line", "{\"id\":\"a\",\"type\":\"t\"}\n\n{\"id\":\"b\"}\n", ":3: not an event: "},
    {"a bad line of tail's",
     "{\"event\":{\"id\":\"a\",\"type\":\"t\"}}\n{\"event\":{\"id\":\"b\"}}\n",
     ":2: not an event: in \"event\": \"type\" is missing"},
    {"a bad line only", "{\"event\":{\"id\":\"b\"}}\n",
     "not an event: in \"event\": \"type\" is missing"},
};

Test(send_list, what_is_no_event_is_refused_with_its_place)
{
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        struct send_list list = {0};
        char reason[1024] = "";
        write_file(unreadable[i].text);
        cr_expect_not(send_list_add(&list, path, reason, sizeof reason), "%s", unreadable[i].name);
        cr_expect(strstr(reason, path), "%s: %s", unreadable[i].name, reason);
        cr_expect(strstr(reason, unreadable[i].expected), "%s: %s", unreadable[i].name, reason);
        send_list_free(&list);
    }
}

Test(send_list, every_type_is_an_operand)
{
    struct send_list list = {0};
    char reason[1024];
    for (size_t i = 0; i < catalog_size; i++)
        cr_expect(send_list_add(&list, catalog[i].name, reason, sizeof reason));
    cr_expect_eq(list.count, catalog_size);
    cr_expect_eq(list.entries[0].type, &catalog[0]);
    send_list_free(&list);
}

static const struct {
    const char *operand, *expected;
} neither[] = {
    {"task.faild", "\"task.faild\" is neither a file nor an event type; did you mean task.failed?"},
    {"task.fial", "did you mean task.failed?"},
    {"session.recording", "did you mean session.recording.ready?"},
    {"Task.Failed", "did you mean task.failed?"},
    {"/", "cannot read /: Is a directory"},
    {"nowhere/task.failed", "cannot read nowhere/task.failed: No such file"},
    {"nofile.jsonl", "cannot read nofile.jsonl: No such file"},
    {"nofile.json", "cannot read nofile.json: No such file"},
};

Test(send_list, what_is_neither_type_nor_file_is_refused)
{
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++) {
        struct send_list list = {0};
        char reason[1024];
        cr_expect_not(send_list_add(&list, neither[i].operand, reason, sizeof reason));
        cr_expect(strstr(reason, neither[i].expected), "%s: %s", neither[i].operand, reason);
        send_list_free(&list);
    }
}

Test(send_list, what_is_near_nothing_lists_the_types)
{
    struct send_list list = {0};
    char reason[1024];
    cr_expect_not(send_list_add(&list, "export.paused", reason, sizeof reason));
    cr_expect(strstr(reason, "\"export.paused\" is neither a file nor an event type"), "%s",
              reason);
    for (size_t i = 0; i < catalog_size; i++)
        cr_expect(strstr(reason, catalog[i].name), "%s is missing", catalog[i].name);
    cr_expect(strstr(reason, "a file"), "%s", reason);
    send_list_free(&list);
}
