/*
 * Filters over a store: types that come later, those that share a number, and waiting
 * interventions.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sieve.h"

enum { NOW = 1000000 };

static uint64_t add(struct store *store, const char *id, const char *type, const char *data)
{
    static char raw[1 << 20];
    char reason[128];
    struct event event;
    uint64_t seq = 0;

    int length =
        snprintf(raw, sizeof raw, "{\"id\":\"%s\",\"type\":\"%s\",\"data\":%s}", id, type, data);
    cr_assert(event_decode(&event, raw, (size_t)length, reason, sizeof reason), "%s", reason);
    store_add(store,
              &(struct store_arrival){
                  .event = &event, .raw = raw, .length = (size_t)length, .received_ms = NOW - 5000},
              &seq);
    event_free(&event);
    return seq;
}

static struct filter *parse(const char *text)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);

    cr_assert(filter, "%s: %s", text, error.message);
    return filter;
}

/* Writes the numbers of the events that are wanted. */
static void match_all(struct matcher *matcher, struct store *store, char *wanted, size_t size)
{
    static struct sieve sieve;
    size_t used = 0, next = 0;

    wanted[0] = '\0';
    sieve.store = store;
    sieve.matcher = matcher;
    store_lock(store);
    uint64_t first = ring_first(store_ring(store)), end = ring_end(store_ring(store));
    store_unlock(store);
    while (end > first) {
        store_lock(store);
        sieve_prepare(&sieve, NOW);
        end -= sieve_skip(&sieve, first, end, true);
        for (; end > first && !sieve_is_full(&sieve); end--)
            sieve_take(&sieve, end - 1);
        store_unlock(store);
        for (next = 0; next < sieve.count;)
            next = sieve_decide(&sieve, 0);
        for (size_t i = 0; i < sieve.count; i++)
            if (sieve.rows[i].verdict == FILTER_ALWAYS)
                used += (size_t)snprintf(wanted + used, size - used, "%llu ",
                                         (unsigned long long)sieve.rows[i].seq);
    }
    sieve_free(&sieve);
}

static void expect(struct matcher *matcher, struct store *store, const char *expected)
{
    char wanted[4096];

    match_all(matcher, store, wanted, sizeof wanted);
    cr_expect_str_eq(wanted, expected, "%s: %s", filter_text(matcher->filter), wanted);
}

Test(matcher, filters)
{
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        {"", "6 5 4 3 2 1 "},
        {"type:task", "5 2 1 "},
        {"is:failed", "4 2 "},
        {"is:failed -captcha", "2 "},
        {"captcha or type:task.c", "4 3 1 "},
        {"cost>1", "5 "},
        {"age<5s", ""},
        {"age<=5s", "6 5 4 3 2 1 "},
        {"is:unknown", "6 5 4 "},
        {"nothing", ""},
    };
    struct store *store = store_new(RING_MIN_BYTES);

    cr_assert(store);
    add(store, "1", "task.completed", "{\"cost\":1}");
    add(store, "2", "task.failed", "{}");
    add(store, "3", "intervention.requested", "{\"request_id\":\"r1\",\"message\":\"a captcha\"}");
    add(store, "4", "export.failed", "{\"why\":\"Captcha\"}");
    add(store, "5", "task.odd", "{\"cost\":{\"amount\":2}}");
    add(store, "6", "other", "[]");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct matcher matcher = {0};
        struct filter *filter = parse(rows[i].text);
        matcher_set(&matcher, filter);
        expect(&matcher, store, rows[i].wanted);
        matcher_free(&matcher);
        filter_free(filter);
    }
    store_free(store);
}

Test(matcher, types_may_come_later)
{
    struct store *store = store_new(RING_MIN_BYTES);
    struct filter *failed = parse("type:export"), *other = parse("type:import");
    struct matcher matcher = {0};

    cr_assert(store);
    matcher_set(&matcher, failed);
    expect(&matcher, store, "");
    add(store, "1", "export.failed", "{}");
    expect(&matcher, store, "1 ");
    add(store, "2", "import.failed", "{}");
    add(store, "3", "export.done", "{}");
    expect(&matcher, store, "3 1 ");
    matcher_set(&matcher, other);
    expect(&matcher, store, "2 ");
    matcher_free(&matcher);
    filter_free(failed);
    filter_free(other);
    store_free(store);
}

/* Some are copied out with others, some one by one; what has left memory is not wanted. */
Test(matcher, large_and_small_events_are_decided_alike)
{
    enum { SIZE = 300 << 10 };
    static char data[SIZE + 64];
    struct store *store = store_new(RING_MIN_BYTES);
    struct filter *filter = parse("data.wanted=1 -is:ok");
    struct matcher matcher = {0};
    char expected[4096] = "";
    size_t used = 0;

    cr_assert(store);
    matcher_set(&matcher, filter);
    for (int i = 0; i < 70; i++) {
        char id[16];
        size_t pad = i % 3 == 0 ? (size_t)(i % 7) * SIZE / 7 : (size_t)i * 10;
        memset(data, 'x', sizeof data);
        int head = snprintf(data, sizeof data, "{\"wanted\":%d,\"pad\":\"", i % 2);
        data[head] = 'x';
        snprintf(data + head + pad, sizeof data - (size_t)head - pad, "\"}");
        snprintf(id, sizeof id, "%d", i);
        add(store, id, i % 5 ? "task.failed" : "task.completed", data);
    }
    for (uint64_t seq = 70; seq >= ring_first(store_ring(store)); seq--)
        if ((seq - 1) % 2 && (seq - 1) % 5)
            used += (size_t)snprintf(expected + used, sizeof expected - used, "%d ", (int)seq);
    expect(&matcher, store, expected);
    matcher_free(&matcher);
    filter_free(filter);
    store_free(store);
}

/* When there are too many types, the last ones share a number, but not a name. */
Test(matcher, types_without_a_number)
{
    struct store *store = store_new(RING_MIN_BYTES);
    struct filter *filters[] = {parse("type=odd.600"), parse("entity=task type:task.strange"),
                                parse("is:failed -type:odd.5")};
    char type[64];

    cr_assert(store);
    for (int i = 0; i < 600; i++) {
        snprintf(type, sizeof type, "odd.%d", i);
        add(store, type, type, "{}");
    }
    add(store, "a", "odd.600", "{}");
    add(store, "b", "task.strange", "{}");
    add(store, "c", "strange.failed", "{}");
    static const char *const wanted[] = {"601 ", "602 ", "603 "};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        struct matcher matcher = {0};
        matcher_set(&matcher, filters[i]);
        expect(&matcher, store, wanted[i]);
        matcher_free(&matcher);
        filter_free(filters[i]);
    }
    store_free(store);
}

static bool wants_entity(const struct store *store, enum entity_kind kind, const char *id,
                         const char *expression)
{
    struct filter *filter = parse(expression);
    struct matcher matcher = {0};
    matcher_set(&matcher, filter);
    matcher_prepare(&matcher, store, 1779624060000);
    bool wanted =
        matcher_match_entity(&matcher, store, entities_find(store_entities(store), kind, id));
    matcher_free(&matcher);
    filter_free(filter);
    return wanted;
}

/* Asked of the entity alone: the event is not looked for in memory. */
Test(matcher, an_entity_tells_what_it_remembers_of_its_newest_event)
{
    static const struct {
        enum entity_kind kind;
        const char *id, *wanted, *unwanted;
    } rows[] = {
        {ENTITY_INTERVENTION, "r1", "is:waiting", "is:ok"},
        {ENTITY_INTERVENTION, "r1", "type=intervention.requested session=s1 request=r1",
         "session=s2"},
        {ENTITY_INTERVENTION, "r1", "message~captcha input=confirm has:live_view", "has:cost"},
        {ENTITY_INTERVENTION, "r1", "Captcha", "nonsense"},
        {ENTITY_SESSION, "s1", "is:waiting request=r1", "task:t"},
        {ENTITY_TASK, "t1", "is:failed error~slow duration>1s execution=x2 session=s3", "draft=no"},
        {ENTITY_TASK, "t1", "version=v2", "version=v1"},
        {ENTITY_TASK, "t2", "is:healed draft=no confidence=0.5", "draft=yes"},
        {ENTITY_BATCH, "b1", "is:failed status=partial failed=2 total=9", "completed>0"},
        {ENTITY_IDENTITY, "i1", "is:ok application=a", "has:failure_type"},
        {ENTITY_SESSION, "s4", "domains=d.example steps=0 is:ok", "has:duration"},
    };
    struct store *store = store_new(RING_MIN_BYTES);
    cr_assert(store);
    add(store, "1", "intervention.requested",
        "{\"request_id\":\"r1\",\"session_id\":\"s1\",\"message\":\"The captcha\","
        "\"input_type\":\"confirm\",\"live_view_url\":\"https://a.example\"}");
    add(store, "2", "task.completed", "{\"task_id\":\"t1\",\"task_version_id\":\"v1\"}");
    add(store, "3", "task.failed",
        "{\"task_id\":\"t1\",\"session_id\":\"s3\",\"execution_id\":\"x2\","
        "\"task_version_id\":\"v2\",\"duration_ms\":4000,\"error\":\"too slow\"}");
    add(store, "4", "task.healed",
        "{\"task_id\":\"t2\",\"published_as_draft\":false,\"confidence_score\":0.5}");
    add(store, "5", "batch.failed",
        "{\"batch_id\":\"b1\",\"status\":\"partial\",\"total_requests\":9,"
        "\"failed_requests\":2}");
    add(store, "6", "identity.authentication_failed",
        "{\"identity_id\":\"i1\",\"failure_type\":\"f\",\"application_id\":\"a\"}");
    add(store, "7", "identity.authenticated", "{\"identity_id\":\"i1\",\"application_id\":\"a\"}");
    add(store, "8", "session.completed",
        "{\"session_id\":\"s4\",\"steps\":0,\"domains\":[\"d.example\"]}");
    store_lock(store);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(wants_entity(store, rows[i].kind, rows[i].id, rows[i].wanted), "%s: %s",
                  rows[i].id, rows[i].wanted);
        cr_expect_not(wants_entity(store, rows[i].kind, rows[i].id, rows[i].unwanted), "%s: %s",
                      rows[i].id, rows[i].unwanted);
    }
    store_unlock(store);
    store_free(store);
}

Test(matcher, waiting)
{
    struct store *store = store_new(RING_MIN_BYTES);
    struct filter *filter = parse("is:waiting");
    struct matcher matcher = {0};

    cr_assert(store);
    matcher_set(&matcher, filter);
    add(store, "1", "intervention.requested", "{\"request_id\":\"r1\",\"session_id\":\"s1\"}");
    add(store, "2", "intervention.requested", "{\"request_id\":\"r2\",\"session_id\":\"s2\"}");
    add(store, "3", "intervention.requested", "{\"request_id\":\"r3\"}");
    add(store, "4", "intervention.requested", "{}");
    expect(&matcher, store, "3 2 1 ");
    add(store, "5", "intervention.resolved", "{\"request_id\":\"r1\"}");
    expect(&matcher, store, "3 2 ");
    add(store, "6", "session.failed", "{\"session_id\":\"s2\"}");
    expect(&matcher, store, "3 ");
    store_lock(store);
    cr_expect(entities_is_waiting(store_entities(store), NULL, "r3"));
    cr_expect_not(entities_is_waiting(store_entities(store), "s2", "r2"));
    cr_expect_not(entities_is_waiting(store_entities(store), NULL, "unknown"));
    store_unlock(store);
    matcher_free(&matcher);
    filter_free(filter);
    store_free(store);
}
