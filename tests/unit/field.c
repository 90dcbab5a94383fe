/*
 * The fields of events: read, formatted, listed without a gap, and summed up in a line.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "field.h"
#include "samples.h"

enum { RECEIVED = 850, NOW = 90000 }; /* milliseconds after the sample was created */

static const int64_t created = 1779625085123;

static void use_utc(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

TestSuite(field, .init = use_utc);

static struct field_source source_of(struct event *event, const char *body)
{
    char reason[160] = "";

    cr_assert(event_decode(event, body, strlen(body), reason, sizeof reason), "%s: %s", body,
              reason);
    return (struct field_source){
        .event = event,
        .received_ms = created + RECEIVED,
        .now_ms = created + NOW,
        .duplicates = 2,
        .verified = true,
    };
}

static char *print_field(const char *body, const char *name)
{
    struct event event;
    struct field_source source = source_of(&event, body);
    const struct field *field = field_find(name);
    char text[512] = "-";
    struct value value;

    cr_assert(field, "there is no field %s", name);
    if (field_get(field, &source, &value)) {
        size_t length = field_format(&value, text, sizeof text);
        cr_expect_eq(length, strlen(text), "%s", name);
        cr_expect_eq(value.type, field->type, "%s", name);
    }
    event_free(&event);
    return strdup(text);
}

static const struct {
    const char *name, *data, *text; /* "-": the event does not have it */
} values[] = {
    {"id", "{}", SAMPLE_ID},
    {"type", "{}", "task.failed"},
    {"project", "{}", SAMPLE_PROJECT},
    {"created", "{}", "2026-05-24 12:18:05.123 +0000"},
    {"received", "{}", "2026-05-24 12:18:05.973 +0000"},
    {"age", "{}", "1m30s"},
    {"delay", "{}", "850ms"},
    {"verified", "{}", "yes"},
    {"duplicates", "{}", "2"},
    {"entity", "{}", "task"},
    {"outcome", "{}", "failed"},
    {"subject", "{}", "-"},
    {"subject", "{\"task_id\":\"t\"}", "t"},
    {"duration", "{\"duration_ms\":4218}", "4.2s"},
    {"duration", "{\"duration_ms\":\"4218\"}", "-"},
    {"duration", "{\"duration_ms\":1e999}", "-"},
    {"duration", "{\"duration_ms\":null}", "-"},
    {"cost", "{\"cost\":{\"amount\":0.012,\"currency\":\"USD\"}}", "$0.012"},
    {"cost", "{\"cost\":{\"amount\":2}}", "2.00"},
    {"cost", "{\"cost\":0.5}", "0.50"},
    {"cost", "{\"cost\":\"0.5\"}", "-"},
    {"cost", "{\"cost\":{\"amount\":\"0.5\",\"currency\":\"USD\"}}", "-"},
    {"proxy", "{\"proxy_bytes\":2581234}", "2.6 MB"},
    {"steps", "{\"steps\":12403}", "12,403"},
    {"confidence", "{\"confidence_score\":0.82}", "82%"},
    {"confidence", "{\"confidence_score\":82}", "-"},
    {"draft", "{\"published_as_draft\":false}", "no"},
    {"draft", "{\"published_as_draft\":\"no\"}", "-"},
    {"task", "{\"task_id\":\"\"}", "-"},
    {"execution", "{\"execution_id\":\"e\",\"source_execution_id\":\"s\"}", "e"},
    {"execution", "{\"source_execution_id\":\"s\"}", "s"},
    {"error", "{\"error\":{\"message\":\"m\"}}", "m"},
    {"error", "{\"error_message\":\"m\"}", "m"},
    {"error", "{\"error\":\"m\"}", "m"},
    {"error", "{\"error\":{}}", "-"},
    {"error_type", "{\"error\":{\"type\":\"timeout\"}}", "timeout"},
    {"error_type", "{\"failure_type\":\"invalid_credentials\"}", "invalid_credentials"},
    {"domains", "{\"domains\":[\"a.com\",\"b.com\"]}", "a.com, b.com"},
    {"domains", "{\"domains\":[]}", "none"},
    {"domains", "{\"domains\":[\"a.com\",1]}", "-"},
    {"artifacts", "{\"artifacts\":[{\"name\":\"a.pdf\"},{}]}", "a.pdf, unnamed"},
    {"artifacts", "{\"artifacts\":[]}", "none"},
    {"artifacts", "{\"artifacts\":\"a.pdf\"}", "-"},
    {"output", "{\"output\":{\"value\":{\"n\":1}}}", "{\"n\":1}"},
    {"output", "{\"output\":{\"n\":[1,true,null,\"x\"]}}", "{\"n\":[1,true,null,\"x\"]}"},
    {"output", "{\"output\":\"plain\"}", "plain"},
    {"output", "{\"output\":{\"value\":null}}", "-"},
    {"output", "{\"output\":[]}", "-"},
    {"output", "{\"output\":[\"a\\\"b\\\\c\\n\"]}", "[\"a\\\"b\\\\c\\n\"]"},
    {"output", "{\"output\":1716544084123}", "1716544084123"},
    {"output", "{\"output\":9007199254740993}", "9007199254740993"},
    {"output", "{\"output\":[12345678901234567890,{\"n\":-0.10000000000000000555}]}",
     "[12345678901234567890,{\"n\":-0.10000000000000000555}]"},
    {"output", "{\"output\":1e999}", "1e999"},
    {"steps", "{\"steps\":12345678901234567890}", "12,345,678,901,234,567,890"},
    {"steps", "{\"steps\":-1234567890123456789}", "-1,234,567,890,123,456,789"},
    {"cost", "{\"cost\":{\"amount\":0.30000000000000004,\"currency\":\"USD\"}}", "$0.30"},
    {"output", "{\"output\":1000000000000000}", "1000000000000000"},
    {"output", "{\"output\":-0.1}", "-0.1"},
    {"output", "{\"output\":0.30000000000000004}", "0.30000000000000004"},
    {"output", "{\"output\":1.5e300}", "1.5e+300"},
};

Test(field, values)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char body[1024];

        snprintf(body, sizeof body, "%.*s%s}", (int)strlen(SAMPLE("task.failed", "")) - 1,
                 SAMPLE("task.failed", ""), values[i].data);
        char *text = print_field(body, values[i].name);
        cr_expect_str_eq(text, values[i].text, "%s of %s: %s", values[i].name, values[i].data,
                         text);
        free(text);
    }
}

Test(field, without_created)
{
    const char *body = "{\"id\":\"i\",\"type\":\"t\",\"created\":\"soon\"}";
    static const char *const expected[][2] = {{"created", "-"}, {"delay", "-"}, {"age", "1m29s"}};

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        char *text = print_field(body, expected[i][0]);
        cr_expect_str_eq(text, expected[i][1], "%s: %s", expected[i][0], text);
        free(text);
    }
}

Test(field, table)
{
    for (size_t i = 0; i < field_count; i++) {
        cr_expect(fields[i].name && fields[i].title && fields[i].meaning, "field %zu", i);
        cr_expect_eq(fields[i].path != NULL, fields[i].extract == NULL, "%s", fields[i].name);
        cr_expect_eq(field_find(fields[i].name), &fields[i], "%s is there twice", fields[i].name);
    }
    cr_expect_null(field_find("no_such_field"));
    cr_expect_null(field_find(""));
}

/* What the README says of each kind of field. */
static const char *const kinds[FIELD_TYPES] = {
    [FIELD_TEXT] = "text",   [FIELD_ID] = "text",           [FIELD_URL] = "text",
    [FIELD_TIME] = "time",   [FIELD_DURATION] = "duration", [FIELD_AGE] = "duration",
    [FIELD_BYTES] = "size",  [FIELD_COUNT] = "number",      [FIELD_MONEY] = "money",
    [FIELD_RATIO] = "share", [FIELD_FLAG] = "yes or no",    [FIELD_LIST] = "list",
    [FIELD_FILES] = "files", [FIELD_JSON] = "value",
};

static char *read_readme(void)
{
    const char *path = getenv("README");
    FILE *file = path ? fopen(path, "r") : NULL;
    char *text = NULL;
    size_t size = 0;

    if (!path)
        cr_skip("README is not set");
    cr_assert(file && getdelim(&text, &size, '\0', file) > 0, "%s", path);
    fclose(file);
    return text;
}

Test(field, is_in_the_readme_with_its_kind_and_places)
{
    char *readme = read_readme();

    for (size_t i = 0; i < field_count; i++) {
        char row[256];
        int length =
            snprintf(row, sizeof row, "\n| `%s` | %s | ", fields[i].name, kinds[fields[i].type]);
        for (const char *c = fields[i].path; c && *c; c++) {
            bool between = *c == '|', first = c == fields[i].path;
            length += snprintf(row + length, sizeof row - (size_t)length, "%s%.*s",
                               between ? "`, `"
                               : first ? "`"
                                       : "",
                               !between, c);
        }
        snprintf(row + length, sizeof row - (size_t)length, fields[i].path ? "` |\n" : "");
        cr_expect(strstr(readme, row), "the README lacks%s", row);
    }
    free(readme);
}

static const struct {
    const char *path, *text; /* NULL: nothing there */
} paths[] = {
    {"a", "1"},     {"b.c", "2"},   {"d.0", "3"},
    {"d.1.e", "4"}, {"d.2", NULL},  {"d.x", NULL},
    {"d.", NULL},   {"d.-1", NULL}, {"d.99999999999999999999", NULL},
    {"a.b", NULL},  {"", ""},       {"aa", NULL},
    {"b.", NULL},   {"..", NULL},
};

Test(field, paths)
{
    cJSON *json = cJSON_Parse("{\"a\":1,\"b\":{\"c\":2},\"d\":[3,{\"e\":4}]}");

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const cJSON *node = field_path(json, paths[i].path);

        cr_expect_eq(node != NULL, paths[i].text != NULL, "\"%s\"", paths[i].path);
        if (node && *paths[i].text)
            cr_expect_eq(node->valueint, atoi(paths[i].text), "\"%s\"", paths[i].path);
    }
    cJSON_Delete(json);
}

/* Lists an event as "title: text" lines. */
static void print_line(void *context, const struct field_line *line)
{
    fprintf(context, "%s: %s\n", line->title, line->text);
}

static char *print_all(const char *body)
{
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    struct event event;
    struct field_source source = source_of(&event, body);

    cr_assert(stream);
    field_each(&source, print_line, stream);
    fclose(stream);
    event_free(&event);
    return out;
}

Test(field, completed_task_for_people)
{
    char *lines = print_all(samples[0].body);

    cr_expect_str_eq(
        lines,
        "Type: task.completed\n"
        "Outcome: ok\n"
        "Output order_id: 8421\n"
        "Output status: confirmed\n"
        "Duration: 4.2s\n"
        "Cost: $0.012\n"
        "Execution mode: deterministic\n"
        "Task: tsk_4f8w9n2b-3d5a-45e7-89ab-cdef0123456f\n"
        "Task version: tv_demo_v3\n"
        "Execution: exr_8d2c1fda-7b6e-4a3d-9c1f-0e2b3a4c5d6e\n"
        "Session: ses_8d2c1fda\n"
        "Session dashboard: https://app.anchorbrowser.io/sessions/ses_8d2c1fda\n"
        "Recording: https://anchor-recordings.s3.amazonaws.com/sessions/ses_8d2c1fda/videos/"
        "recording.mp4?...\n"
        "Artifact 1: order-confirmation.pdf · 38.4 KB · application/pdf\n"
        "Artifact 1 link: https://api.anchorbrowser.io/v1/executions/exr_8d2c1fda/artifacts/art_1/"
        "fetch\n"
        "Created: 2026-05-24 12:18:05.123 +0000\n"
        "Received: 2026-05-24 12:18:05.973 +0000\n"
        "Delivery delay: 850ms\n"
        "Signature verified: yes\n"
        "Duplicates: 2\n"
        "Text: Something happened to `ses_8d2c1fda`\n"
        "Project: 5d2c31f6-ab7e-481a-b6fd-8b4a96a4e197\n"
        "Event: evt_01HXJ4MZ7K9P3Q6R8S2T4V5W7Y\n",
        "%s", lines);
    free(lines);
}

/* What the catalogue does not say, or says otherwise, is shown all the same. */
static const struct {
    const char *name, *data, *line;
} odd[] = {
    {"unknown member", "{\"region\":\"eu\"}", "\nregion: eu\n"},
    {"unknown object", "{\"a\":{\"b\":[1,{\"c\":\"d\"}]}}", "\na.b.0: 1\na.b.1.c: d\n"},
    {"empty ones", "{\"a\":{},\"b\":[],\"c\":\"\",\"d\":null}",
     "\na: {}\nb: []\nc: \"\"\nd: null\n"},
    {"cost in words", "{\"cost\":\"much\"}", "\ncost: much\n"},
    {"cost with more in it", "{\"cost\":{\"amount\":1,\"currency\":\"USD\",\"tax\":0.2}}",
     "\ncost.tax: 0.2\n"},
    {"cost without a number", "{\"cost\":{\"amount\":\"1\",\"currency\":\"USD\"}}",
     "\ncost.amount: 1\ncost.currency: USD\n"},
    {"cost in an odd currency", "{\"cost\":{\"amount\":1,\"currency\":7}}", "\ncost.currency: 7\n"},
    {"duration in words", "{\"duration_ms\":\"abc\"}", "\nduration_ms: abc\n"},
    {"confidence in per cent", "{\"confidence_score\":82}", "\nconfidence_score: 82\n"},
    {"error in words", "{\"error\":\"broken\"}", "\nError: broken\n"},
    {"error with more in it", "{\"error\":{\"message\":\"m\",\"stack\":[\"f\"]}}",
     "\nerror.stack.0: f\n"},
    {"both executions", "{\"execution_id\":\"e\",\"source_execution_id\":\"s\"}",
     "\nFailed execution: s\nExecution: e\n"},
    {"equal keys", "{\"task_id\":\"one\",\"task_id\":\"two\"}", "\ntask_id: two\n"},
    {"output beside its value", "{\"output\":{\"value\":1,\"note\":\"n\"}}", "\noutput.note: n\n"},
    {"output an array", "{\"output\":[\"x\",[2]]}", "\nOutput 0: x\nOutput 1.0: 2\n"},
    {"output a number", "{\"output\":{\"value\":12345678}}", "\nOutput: 12345678\n"},
    {"output nothing", "{\"output\":{\"value\":null}}", "\noutput.value: null\n"},
    {"no artifacts", "{\"artifacts\":[]}", "\nArtifacts: none\n"},
    {"artifact with more in it",
     "{\"artifacts\":[{\"name\":\"a\",\"size\":\"big\",\"kind\":\"log\"},{},{\"url\":\"http://"
     "b\"}]}",
     "\nArtifact 1: a\nArtifact 1 size: big\nArtifact 1 kind: log\nArtifact 2: {}\n"
     "Artifact 3 link: http://b\n"},
    {"artifacts of another kind", "{\"artifacts\":[\"a\",1]}",
     "\nartifacts.0: a\nartifacts.1: 1\n"},
    {"domains of another kind", "{\"domains\":[\"a\",1]}", "\ndomains.0: a\ndomains.1: 1\n"},
    {"data an array", "[\"x\"]", "\n0: x\n"},
    {"data a string", "\"x\"", "\ndata: x\n"},
    {"data null", "null", "\ndata: null\n"},
};

Test(field, odd_payloads)
{
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char body[1024];

        snprintf(body, sizeof body, "{\"id\":\"i\",\"type\":\"task.failed\",\"data\":%s}",
                 odd[i].data);
        char *lines = print_all(body);
        cr_expect(strstr(lines, odd[i].line), "%s: got\n%s", odd[i].name, lines);
        free(lines);
    }
}

Test(field, odd_envelope)
{
    char *lines = print_all("{\"id\":\"i\",\"type\":\"t\",\"created\":\"soon\",\"project_id\":7,"
                            "\"api\":{\"version\":2}}");

    cr_expect(strstr(lines, "\ncreated: soon\nproject_id: 7\napi.version: 2\n"), "%s", lines);
    free(lines);
}

/* A list that does not fit into a line is shown item by item, to its last. */
Test(field, long_list)
{
    char body[16384];
    size_t length = (size_t)snprintf(body, sizeof body,
                                     "{\"id\":\"i\",\"type\":\"t\",\"data\":{\"domains\":[\"\"");

    for (int i = 0; i < 500; i++)
        length += (size_t)snprintf(body + length, sizeof body - length, ",\"host%d.com\"", i);
    snprintf(body + length, sizeof body - length, "]}}");
    char *lines = print_all(body);
    cr_expect(strstr(lines, "\nDomains 500: host499.com\n"), "%s", lines);
    free(lines);
}

/* Keys and nesting without measure are cut where they head a line, but their values are shown. */
Test(field, long_keys)
{
    enum { KEY = 3000 };
    char key[KEY + 1], body[3 * KEY];

    memset(key, 'k', KEY);
    key[KEY] = '\0';
    snprintf(body, sizeof body, "{\"id\":\"i\",\"type\":\"t\",\"data\":{\"%s\":{\"%s\":\"deep\"}}}",
             key, key);
    char *lines = print_all(body);
    cr_expect(strstr(lines, "k: deep\n"));
    free(lines);
}

/* Every leaf of a tree, as where it stands and what it says. */
static void each_leaf(const cJSON *node, const char *path,
                      void (*visit)(const cJSON *leaf, const char *path, const void *context),
                      const void *context)
{
    const cJSON *child;
    int index = 0;

    if (!node->child) {
        visit(node, path, context);
        return;
    }
    cJSON_ArrayForEach(child, node)
    {
        char below[512];
        const char *dot = *path ? "." : "";

        if (child->string)
            snprintf(below, sizeof below, "%s%s%s", path, dot, child->string);
        else
            snprintf(below, sizeof below, "%s%s%d", path, dot, index++);
        each_leaf(child, below, visit, context);
    }
}

/* A leaf is shown when a line says what it says, at its path or at one that it stands under. */
struct search {
    const cJSON *leaf;
    const char *path;
    bool found, named;
};

static void look(void *context, const struct field_line *line)
{
    struct search *search = context;
    size_t length = strlen(line->path);
    const char *text = cJSON_GetStringValue(search->leaf);
    bool created_at = strcmp(line->path, "created") == 0;            /* shown as local time */
    bool currency = strcmp(search->path, "data.cost.currency") == 0; /* shown as "$" */

    if (length == 0 || strncmp(search->path, line->path, length) != 0 ||
        (search->path[length] && search->path[length] != '.'))
        return;
    if (!text || created_at || currency || strstr(line->text, text)) {
        search->found = true;
        search->named = line->field != NULL;
    }
}

static void check_leaf(const cJSON *leaf, const char *path, const void *context)
{
    const struct field_source *source = context;
    struct search search = {.leaf = leaf, .path = path};

    field_each(source, look, &search);
    cr_expect(search.found, "%s: %s is not shown", source->event->type, path);
    cr_expect(search.named, "%s: %s has no name for people", source->event->type, path);
}

Test(field, every_leaf_of_the_catalogue)
{
    cr_assert_eq(sizeof samples / sizeof samples[0], catalog_size);
    for (size_t i = 0; i < catalog_size; i++) {
        struct event event;
        struct field_source source = source_of(&event, samples[i].body);

        cr_expect_str_eq(event.type, samples[i].type);
        cr_expect_not_null(event.known, "%s", samples[i].type);
        cr_expect_not_null(event.subject, "%s", samples[i].type);
        each_leaf(event.json, "", check_leaf, &source);
        event_free(&event);
    }
}

static void check_summary(const char *name, const char *body, const char *expected)
{
    struct event event;
    struct field_source source = source_of(&event, body);
    char text[256];
    size_t length = field_summary(&source, text, sizeof text);

    cr_expect_eq(length, strlen(text), "%s", name);
    cr_expect_str_eq(text, expected, "%s: %s", name, text);
    for (size_t size = 1; size < 24; size++) {
        length = field_summary(&source, text, size);
        cr_expect(length < size && strlen(text) == length, "%s in %zu bytes", name, size);
    }
    cr_expect_eq(field_summary(&source, text, 0), 0, "%s in no bytes", name);
    event_free(&event);
}

static const char *const sample_summaries[] = {
    "order 8421 · confirmed · 4.2s",
    ("Submit button selector did not match after 30s · Selector drift after target site redesign"
     " · 1.8s"),
    "deterministic · 2.1s",
    "tv_demo_v4 · 82% sure · Use accessible label selector instead of XPath.",
    "12 steps · 4.9 MB · example.com +1 · 27.5s",
    "browser_unreachable · 6.8s",
    "45.0s · 1.8 MB",
    "Solve the captcha to continue",
    "goes on: ses_8d2c1fda",
    "25 of 25 done · 0 failed",
    "18 of 25 done · 7 failed",
    "app_acme",
    "invalid_credentials · login_succeeded was false",
};

Test(field, summaries_of_the_catalogue)
{
    cr_assert_eq(sizeof sample_summaries / sizeof sample_summaries[0], catalog_size);
    for (size_t i = 0; i < catalog_size; i++)
        check_summary(samples[i].type, samples[i].body, sample_summaries[i]);
}

static const struct {
    const char *name, *body, *summary;
} summaries[] = {
    {"a part without its field is left out",
     "{\"id\":\"i\",\"type\":\"task.healed\",\"data\":{\"healed_task_version_id\":\"v\","
     "\"fix_suggestion\":\"f\"}}",
     "v · f"},
    {"a part needs all of its fields",
     "{\"id\":\"i\",\"type\":\"batch.failed\",\"data\":{\"total_requests\":5,"
     "\"failed_requests\":2}}",
     "2 failed"},
    {"an empty list says nothing",
     "{\"id\":\"i\",\"type\":\"session.completed\",\"data\":{\"steps\":1,\"domains\":[]}}",
     "1 steps"},
    {"nothing left, so Anchor's text",
     "{\"id\":\"i\",\"type\":\"task.failed\",\"text\":\"Task `t` failed\",\"data\":{}}",
     "Task t failed"},
    {"unknown type", "{\"id\":\"i\",\"type\":\"export.made\",\"text\":\"made\",\"data\":{\"a\":1}}",
     "made"},
    {"unknown type without a text", "{\"id\":\"i\",\"type\":\"export.made\",\"data\":{\"a\":[1]}}",
     "a 1"},
    {"nothing at all", "{\"id\":\"i\",\"type\":\"export.made\"}", ""},
};

#define OUTPUT(json) "{\"id\":\"i\",\"type\":\"task.completed\",\"data\":{\"output\":" json "}}"

Test(field, a_summary_is_prose_whatever_the_output_is)
{
    static const struct {
        const char *body, *summary;
    } rows[] = {
        {OUTPUT("\"all done\""), "all done"},
        {OUTPUT("12"), "12"},
        {OUTPUT("{\"parcel\":\"95274\",\"status\":\"in transit\"}"), "parcel 95274 · in transit"},
        {OUTPUT("{\"value\":{\"order_id\":\"8421\"}}"), "order 8421"},
        {OUTPUT("{\"page_count\":3,\"paid\":true,\"late\":false,\"due\":null}"),
         "page count 3 · paid yes · late no · due none"},
        {OUTPUT("{\"tags\":[\"a\",\"b\"],\"errors\":[],\"invoices\":[{\"id\":1},{\"id\":2}]}"),
         "tags a, b · no errors · 2 invoices"},
        {OUTPUT("{\"customer\":{\"name\":\"Acme\",\"id\":7}}"), "customer (Acme, id 7)"},
        {OUTPUT("[{\"a\":1},{\"a\":2},{\"a\":3}]"), "3 items"},
        {OUTPUT("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}"), "a (b (c (d (…))))"},
        {OUTPUT("{}"), "no output"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_summary(rows[i].body, rows[i].body, rows[i].summary);
}

Test(field, a_summary_leaves_out_what_stands_beside_it)
{
    struct event event;
    char text[256];
    struct field_source source =
        source_of(&event, "{\"id\":\"i\",\"type\":\"session.recording.ready\",\"data\":{"
                          "\"duration_ms\":45000,\"size_bytes\":1823456}}");
    field_summary_beside(&source, "duration", text, sizeof text);
    cr_expect_str_eq(text, "1.8 MB");
    field_summary(&source, text, sizeof text);
    cr_expect_str_eq(text, "45.0s · 1.8 MB");
    event_free(&event);
}

Test(field, a_summary_that_is_cut_says_so)
{
    struct event event;
    char text[32];
    struct field_source source =
        source_of(&event, "{\"id\":\"i\",\"type\":\"intervention.requested\",\"data\":{"
                          "\"message\":\"Wo ist die Rechnung für äußerst späte Züge?\"}}");
    field_summary(&source, text, sizeof text);
    cr_expect_str_eq(text, "Wo ist die Rechnung für äu…");
    event_free(&event);
}

Test(field, summaries)
{
    for (size_t i = 0; i < sizeof summaries / sizeof summaries[0]; i++)
        check_summary(summaries[i].name, summaries[i].body, summaries[i].summary);
}

/* Every field that a template of the catalogue names is in the table. */
Test(field, templates)
{
    for (size_t i = 0; i < catalog_size; i++) {
        for (const char *brace = strchr(catalog[i].summary, '{'); brace;
             brace = strchr(brace + 1, '{')) {
            char name[64];

            snprintf(name, sizeof name, "%.*s", (int)strcspn(brace + 1, "}"), brace + 1);
            cr_expect(field_find(name), "%s: {%s}", catalog[i].name, name);
        }
    }
}
