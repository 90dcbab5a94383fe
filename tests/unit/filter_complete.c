/*
 * What Tab offers in a filter expression.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

/* Values that events had. */
static void seen(const void *context, const char *field, void (*add)(void *list, const char *value),
                 void *list)
{
    static const struct {
        const char *field, *values[4];
    } table[] = {
        {NULL, {"data.output.order_id", "data.\"odd key\".x", "data.tags"}},
        {"status", {"completed", "two words", "Failed"}},
        {"type", {"task.failed", "export.failed"}},
        {"session", {"ses_1", "ses_2"}},
        {"data.output.order_id", {"8421", "8422"}},
        {"data.\"odd key\".x", {"a,b", ""}},
    };

    (void)context;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        bool same =
            field && table[i].field ? strcmp(field, table[i].field) == 0 : field == table[i].field;
        for (size_t k = 0; same && k < 4 && table[i].values[k]; k++)
            add(list, table[i].values[k]);
    }
}

#define STATES "failed ok cancelled healed noted waiting unknown verified unverified duplicate"

/* The cursor is at the bar; candidates are separated by blanks. */
static const struct {
    const char *text;
    size_t start;
    const char *candidates;
} rows[] = {
    /* Names */
    {"cos|", 0, "cost"},
    {"COS|", 0, "cost"},
    {"cost|", 0, "cost= cost!= cost< cost<= cost> cost>="},
    {"typ|", 0, "type:"},
    {"type|", 0, "type: type= type!= type~"},
    {"draft|", 0, "draft= draft!="},
    {"identi|", 0, "identity:"},
    {"id|", 0, "id: id= id!= id~ identity:"},
    {"i|", 0, "is: input: identity: id:"},
    {"ha|", 0, "has:"},
    {"captcha ver|", 8, "version: verified="},
    {"-dur|", 1, "duration"},
    {"not (dur|", 5, "duration"},
    {"is:ok or dela|", 9, "delay"},
    {"typ|e:task", 0, "type:"},
    {"data.o|", 0, "data.output.order_id data.\"odd key\".x"},
    {"data.output.|", 0, "data.output.order_id"},
    {"dat|", 0, "data. data.output.order_id data.\"odd key\".x data.tags"},
    {"zzz|", 0, ""},
    {"a.b(|c", 4, NULL},
    /* Values */
    {"is:|", 3, STATES},
    {"is: |", 4, STATES},
    {"is:un|", 3, "unknown unverified"},
    {"IS=He|", 3, "healed"},
    {"is:failed,|", 10, STATES},
    {"is:failed, wa|", 11, "waiting"},
    {"-is:wa|", 4, "waiting"},
    {"has:rec|", 4, "recording received"},
    {"has:data.o|", 4, "data.output.order_id data.\"odd key\".x"},
    {"has:cost,sess|", 9, "session"},
    {"type:task.f|", 5, "task.failed"},
    {"type:ex|", 5, "export.failed"},
    {"type~ready|", 5, "session.recording.ready"},
    {"type : batch|", 7, "batch.completed batch.failed"},
    {"(type:batch.f|)", 6, "batch.failed"},
    {"outcome:o|", 8, "ok"},
    {"entity=ba|", 7, "batch"},
    {"draft=|", 6, "yes no"},
    {"status:|", 7, "completed \"two words\" Failed"},
    {"status:f|", 7, "Failed"},
    {"status:\"two|", 7, "\"two words\""},
    {"status~word|", 7, "\"two words\""},
    {"session!=|", 9, "ses_1 ses_2"},
    {"Session:|", 8, "ses_1 ses_2"},
    {"session:ses_1 status:c|", 21, "completed"},
    {"data.output.order_id=|", 21, "8421 8422"},
    {"data.\"odd key\".x=|", 17, "\"a,b\" \"\""},
    {"cost>|", 5, ""},
    {"nothing:|", 8, ""},
    /* Text is not completed. */
    {"\"is:|", 4, ""},
    {"\"a phrase\"|", 10, ""},
    {"status:\"a\\\" is:|", 7, ""},
};

static void check(const char *marked, size_t start, const char *expected)
{
    const struct filter_values values = {.each = seen};
    struct filter_completion completion;
    size_t cursor = strcspn(marked, "|");
    char text[128], joined[8192] = "";

    snprintf(text, sizeof text, "%.*s%s", (int)cursor, marked, marked + cursor + 1);
    cr_assert(filter_complete(&completion, text, cursor, &values));
    for (size_t i = 0; i < completion.count; i++) {
        strcat(joined, i ? " " : "");
        strcat(joined, completion.candidates[i].text);
        cr_expect(completion.candidates[i].title);
    }
    if (expected)
        cr_expect_str_eq(joined, expected, "%s: %s", marked, joined);
    else
        cr_expect(completion.count > 50, "%s: only %s", marked, joined);
    cr_expect_eq(completion.start, start, "%s: from %zu", marked, completion.start);
    cr_expect_eq(completion.start + completion.length, cursor, "%s", marked);
    filter_completion_free(&completion);
}

Test(filter_complete, rows)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(rows[i].text, rows[i].start, rows[i].candidates);
    check("|", 0, NULL);
    check("is:ok |", 6, NULL);
    check("is:ok or |", 9, NULL);
    check("has:|", 4, NULL);
}

Test(filter_complete, what_cannot_be_listed_is_explained)
{
    struct filter_completion completion;

    cr_assert(filter_complete(&completion, "duration>", 9, NULL));
    cr_expect_str_eq(completion.hint,
                     "write a number with ms, s, m, h, d or w, as in 30s or 1h30m");
    filter_completion_free(&completion);
    cr_assert(filter_complete(&completion, "session:", 8, NULL));
    cr_expect_null(completion.hint);
    filter_completion_free(&completion);
}

Test(filter_complete, titles)
{
    static const struct {
        const char *text, *candidate, *title;
    } titles[] = {
        {"cos", "cost", "Cost"},
        {"cost", "cost>=", "at least"},
        {"is:wa", "waiting", "a request for a human that is still open"},
        {"type:task.f", "task.failed", "A task execution failed, for any reason."},
        {"has:dura", "duration", "Duration"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        struct filter_completion completion;
        const char *title = "(not offered)";
        cr_assert(filter_complete(&completion, titles[i].text, strlen(titles[i].text), NULL));
        for (size_t k = 0; k < completion.count; k++)
            if (strcmp(completion.candidates[k].text, titles[i].candidate) == 0)
                title = completion.candidates[k].title;
        cr_expect_str_eq(title, titles[i].title, "%s: %s", titles[i].text, title);
        filter_completion_free(&completion);
    }
}
