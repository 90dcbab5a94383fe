/*
 * "Filter by this", from every line of the detail pane, and one more term.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "samples.h"

#define ODD                                                                                        \
    "{\"id\":\"evt_u\",\"type\":\"export.failed\",\"created\":\"2026-05-24T12:18:05.123Z\","       \
    "\"more\":{\"outside\":\"of the data\",\"n\":1},\"data\":{\"export_id\":\"exp_1\","            \
    "\"duration_ms\":850.25,\"proxy_bytes\":1234.5,\"confidence_score\":0.123,\"steps\":-3,"       \
    "\"cost\":{\"amount\":0.30000000000000004,\"currency\":\"USDC\"},\"a.b\":{\"c d\":\"x\"},"     \
    "\"tags\":[\"plain\",\"a, b\",\"say \\\"hi\\\"\",\"back\\\\slash\",\"line\\nbreak\",\":x\"],"  \
    "\"empty\":\"\",\"none\":null,\"yes\":true,\"no\":false,\"big\":12345678901234567890,"         \
    "\"star\":\"*x*\",\"re\":\"/re/\",\"q\\\"k\":1,\"\":2,\"x.y z\":[3],"                          \
    "\"small\":1e-7,\"domains\":[\"one.com\",\"two "                                               \
    "words\"],\"bell\":\"\\u0007\",\"caf\\u00e9\":1,"                                              \
    "\"artifacts\":[{\"name\":\"a "                                                                \
    "b.pdf\",\"url\":\"https://a/?b=(c)\",\"size\":5},{\"url\":\"u\"}],"                           \
    "\"output\":{\"list\":[1,{\"k\":\"v\"}]},\"live_view_url\":\"https://a/\"}}"

/* The lines of the detail pane as terms. */
struct terms {
    const struct field_source *source;
    struct filter_subject subject;
    struct filter_scratch scratch;
    char text[16384];
    size_t lines, without;
};

static bool matches(struct terms *terms, const char *text)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);

    cr_assert(filter, "%s: %s", text, error.message);
    bool match = filter_match(filter, &terms->subject, &terms->scratch);
    filter_free(filter);
    return match;
}

static void make(void *context, const struct field_line *line)
{
    struct terms *terms = context;
    char *only = filter_term(terms->source, line->field, line->path, false);
    char *without = filter_term(terms->source, line->field, line->path, true);

    terms->lines++;
    if (only) {
        cr_assert(without);
        cr_expect(matches(terms, only), "%s does not match the event that it is from", only);
        cr_expect(!matches(terms, without), "%s matches the event that it is from", without);
        strcat(terms->text, only);
        strcat(terms->text, "\n");
    } else {
        cr_expect_null(without);
        terms->without++;
    }
    free(only);
    free(without);
}

static void make_terms(struct terms *terms, const char *body)
{
    struct event event;
    char reason[160];

    cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s", reason);
    const struct field_source source = {.event = &event,
                                        .received_ms = event.created_ms + 850,
                                        .now_ms = event.created_ms + 90000,
                                        .verified = true};
    const struct ring_record record = {.created_ms = event.created_ms,
                                       .received_ms = source.received_ms,
                                       .length = (uint32_t)strlen(body),
                                       .entity = (uint8_t)event.entity,
                                       .outcome = (uint8_t)event.outcome,
                                       .verified = true};
    *terms = (struct terms){
        .source = &source,
        .subject = {.raw = body, .record = &record, .type = event.type, .now_ms = source.now_ms},
    };
    field_each(&source, make, terms);
    filter_scratch_free(&terms->scratch);
    event_free(&event);
}

/* Of all that the documented events hold. */
Test(filter_make, every_line_of_the_samples)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        static struct terms terms;
        make_terms(&terms, samples[i].body);
        cr_expect_eq(terms.without, strstr(samples[i].body, "\"artifacts\": []") ? 1 : 0, "%s: %s",
                     samples[i].type, terms.text);
    }
}

Test(filter_make, odd_values)
{
    static struct terms terms;
    static const char *const expected[] = {
        "type=export.failed",
        "outcome=failed",
        "duration=850.25ms",
        "confidence=0.123",
        "cost=0.30000000000000004",
        "steps=-3",
        "proxy=1234.5",
        "domains=one.com,\"two words\"",
        "data.output.list.0=1",
        "data.output.list.1.k=v",
        "artifacts=\"a b.pdf\"",
        "data.artifacts.0.url=\"https://a/?b=(c)\"",
        "data.artifacts.1.url=u",
        "live_view=https://a/",
        "created=2026-05-24T12:18:05.123Z",
        "received=2026-05-24T12:18:05.973Z",
        "delay=850ms",
        "verified=yes",
        "duplicates=0",
        "id=evt_u",
        "\"of the data\"",
        "data.export_id=exp_1",
        "data.\"a.b\".\"c d\"=x",
        "data.tags.0=plain",
        "data.tags.1=\"a, b\"",
        "data.tags.2=\"say \\\"hi\\\"\"",
        "data.tags.3=back\\slash",
        "data.tags.4=\"line\\u000abreak\"",
        "data.tags.5=\":x\"",
        "data.empty=\"\"",
        "data.none=null",
        "data.yes=true",
        "data.no=false",
        "data.big=12345678901234567890",
        "data.star=\"*x*\"",
        "data.re=\"/re/\"",
        "data.\"q\\\"k\"=1",
        "data.\"\"=2",
        "data.\"x.y z\".0=3",
        "data.small=1e-07",
        "data.bell=\"\\u0007\"",
        "data.caf\xC3\xA9=1",
    };

    make_terms(&terms, ODD);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char line[128];
        snprintf(line, sizeof line, "%s\n", expected[i]);
        cr_expect(strstr(terms.text, line), "%s is not among\n%s", expected[i], terms.text);
    }
    cr_expect_eq(terms.without, 1, "a number beside the data has no term, all others do\n%s",
                 terms.text);
}

static const struct {
    const char *text, *term, *combined; /* NULL: there is none */
} combinations[] = {
    {"", "is:ok", "is:ok"},
    {"  ", "is:ok", "is:ok"},
    {"captcha", "is:ok", "captcha is:ok"},
    {"captcha ", "-is:ok", "captcha -is:ok"},
    {"a b", "is:ok", "a b is:ok"},
    {"a or b", "is:ok", "(a or b) is:ok"},
    {"(a or b)", "is:ok", "(a or b) is:ok"},
    {"not a or b", "is:ok", "(not a or b) is:ok"},
    {"type:a,b", "is:ok", "type:a,b is:ok"},
    {"a (b or c)", "is:ok", "a (b or c) is:ok"},
    {"\"a or b\"", "is:ok", "\"a or b\" is:ok"},
    {"is:ok", "is:ok", "is:ok"},
    {"a is:ok", "is:ok", "a is:ok"},
    {"-is:ok", "is:ok", "-is:ok is:ok"},
    {"a or is:ok", "is:ok", "(a or is:ok) is:ok"},
    {"wrong:", "is:ok", "is:ok"},
    {"a", "wrong:", NULL},
};

Test(filter_make, combine)
{
    for (size_t i = 0; i < sizeof combinations / sizeof combinations[0]; i++) {
        char *combined = filter_combine(combinations[i].text, combinations[i].term);
        const char *shown = combined ? combined : "(none)";
        const char *expected = combinations[i].combined ? combinations[i].combined : "(none)";
        cr_expect_str_eq(shown, expected, "%s and %s: %s", combinations[i].text,
                         combinations[i].term, shown);
        free(combined);
    }
}

/* While an expression is typed. */
static const struct {
    const char *good, *text, *in_force;
} drafts[] = {
    {"", "cost>", ""},
    {"cost", "cost>", ""},
    {"cost ", "cost >", ""},
    {"received", "received>09:0", ""},
    {"data.a", "data.a.\"b", ""},
    {"is:failed cost", "is:failed cost>", "is:failed"},
    {"is:failed -cost", "is:failed -cost>", "is:failed"},
    {"is:failed not cost", "is:failed not cost>", "is:failed"},
    {"is:failed or cost", "is:failed or cost>", "is:failed"},
    {"captcha and cost", "captcha and cost~", "captcha"},
    {"\"a b\" or cost", "\"a b\" or cost=", "\"a b\""},
    {"a (cost)", "a (cost>)", "a (cost)"},
    /* What was a term already is not given up. */
    {"is:failed", "is:failed,", "is:failed"},
    {"is:failed", "is:failed cost>", "is:failed"},
    {"cost>0.01", "cost>0.01x", "cost>0.01"},
    {"received>09:00", "received>09:0", "received>09:00"},
    {"is:failed cost>1", "is:faild cost>1", "is:failed cost>1"},
    {"captcha", "captcha (", "captcha"},
    {"captcha", "captcha(", "captcha"},
    {"\"cost\"", "\"cost\">", "\"cost\""},
};

Test(filter_make, an_unfinished_term_leaves_what_was_in_force)
{
    for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++) {
        char *in_force = filter_in_force(drafts[i].text, drafts[i].good);
        cr_expect_str_eq(in_force, drafts[i].in_force, "%s: %s", drafts[i].text, in_force);
        free(in_force);
    }
}

Test(filter_make, too_long)
{
    char *text = malloc(FILTER_MAX_TEXT + 1);

    cr_assert(text);
    memset(text, 'a', FILTER_MAX_TEXT);
    text[FILTER_MAX_TEXT] = '\0';
    cr_expect_null(filter_combine(text, "b"));
    free(text);
}
