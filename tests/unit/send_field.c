/* Fields that are set in events that `anchortop send` makes up. */
#include "send_field.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char envelope[] =
    "{\"id\":\"evt_1\",\"type\":\"task.failed\",\"created\":\"2026-05-24T12:18:05.123Z\","
    "\"data\":{\"duration_ms\":4218,\"error\":{\"type\":\"agent_error\",\"message\":\"m\"},"
    "\"artifacts\":[{\"name\":\"a\"}],\"none\":null}}";

/* Sets one field after the other. NULL with a reason. */
static char *set_all(const char *const *operands, char *reason, size_t size)
{
    struct send_field fields[4];
    size_t count = 0;
    char *text = strdup(envelope);
    cr_assert(text);
    bool good = true;
    for (; good && operands[count]; count += good)
        good = send_field_read(&fields[count], operands[count], reason, size);
    good = good && send_field_set(fields, count, &text, reason, size);
    while (count)
        send_field_free(&fields[--count]);
    if (good)
        return text;
    free(text);
    return NULL;
}

Test(send_field, sets_what_the_path_names)
{
    static const struct {
        const char *name, *operands[4], *expected; /* part of the envelope */
    } rows[] = {
        {"below data",
         {"error.type=timeout"},
         "\"error\":{\"type\":\"timeout\",\"message\":\"m\"}"},
        {"data itself", {"data.error.type=timeout"}, "\"error\":{\"type\":\"timeout\","},
        {"a member of the envelope", {"id=evt_2"}, "{\"id\":\"evt_2\",\"type\""},
        {"a type that nobody knows", {"type=task.exploded"}, "\"type\":\"task.exploded\""},
        {"like a member of the envelope", {"data.id=x"}, "\"none\":null,\"id\":\"x\"}"},
        {"a number", {"duration_ms=90000"}, "\"duration_ms\":90000"},
        {"all digits of a number", {"n=12345678901234567890.50"}, "\"n\":12345678901234567890.50"},
        {"all digits of a number in an object",
         {"n={\"a\":[12345678901234567890,1]}"},
         "\"n\":{\"a\":[12345678901234567890,1]}"},
        {"what only looks like a number", {"n=007"}, "\"n\":\"007\""},
        {"a minus alone", {"n=-"}, "\"n\":\"-\""},
        {"truth", {"done=true"}, "\"done\":true"},
        {"nothing", {"error=null"}, "\"error\":null"},
        {"text that is JSON", {"n=\"42\""}, "\"n\":\"42\""},
        {"text that is none", {"message=it's {late}"}, "\"message\":\"it's {late}\""},
        {"text with = in it", {"q=a=b"}, "\"q\":\"a=b\""},
        {"empty text", {"q="}, "\"q\":\"\""},
        {"a list", {"domains=[\"a\",\"b\"]"}, "\"domains\":[\"a\",\"b\"]"},
        {"into an object that was set",
         {"cost={\"amount\":1}", "cost.currency=EUR"},
         "\"cost\":{\"amount\":1,\"currency\":\"EUR\"}"},
        {"what is missing on the way", {"output.value.n=1"}, "\"output\":{\"value\":{\"n\":1}}"},
        {"what is null on the way", {"none.n=1"}, "\"none\":{\"n\":1}"},
        {"text on the way", {"error.type.code=1"}, "\"error\":{\"type\":{\"code\":1}"},
        {"an element", {"artifacts.0.name=b"}, "\"artifacts\":[{\"name\":\"b\"}]"},
        {"elements that are missing", {"artifacts.2=x"}, "[{\"name\":\"a\"},{},\"x\"]"},
        {"a key in quotes", {"\"odd key\".\"a.b=c\"=1"}, "\"odd key\":{\"a.b=c\":1}"},
        {"escapes in quotes", {"\"a\\\"b\"=1"}, "\"a\\\"b\":1"},
        {"the last of two", {"q=1", "q=2"}, "\"q\":2}"},
        {"all data", {"data={\"a\":1}"}, "\"data\":{\"a\":1}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char reason[512] = "";
        char *text = set_all(rows[i].operands, reason, sizeof reason);
        cr_assert(text, "%s: %s", rows[i].name, reason);
        cr_expect(strstr(text, rows[i].expected), "%s: %s", rows[i].name, text);
        free(text);
    }
}

Test(send_field, what_cannot_be_set_is_explained)
{
    static const struct {
        const char *operand, *expected;
    } rows[] = {
        {"=x", "the path is missing"},
        {".a=x", "the path is missing"},
        {"a.=x", "a key is missing after the dot"},
        {"a..b=x", "a key is missing after the dot"},
        {"\"a=x", "a quote in the path is not closed"},
        {"\"a\"b=x", "a dot or = is missing after a key in quotes"},
        {"\"\\q\"=x", "wrong escape"},
        {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q=x", "too many keys"},
        {"artifacts.name=x", "artifacts is a list: write the number of an element"},
        {"artifacts.100=x", "from 0 to 99, instead of \"100\""},
        {"artifacts.x.name=x", "artifacts is a list"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char reason[512] = "";
        const char *const operands[] = {rows[i].operand, NULL};
        cr_expect_null(set_all(operands, reason, sizeof reason), "%s", rows[i].operand);
        cr_expect(strstr(reason, rows[i].expected), "%s: %s", rows[i].operand, reason);
    }
}
