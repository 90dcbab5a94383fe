/*
 * What can be shown of entities: names, and figures as people read them.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../ui/view.h"
#include "entity_field.h"
#include "store.h"

/* A store that has received some events, one after the other, a second apart. */
static struct store *store_of(const char *const *events, size_t count)
{
    struct store *store = store_new(RING_MIN_BYTES);
    cr_assert(store);
    for (size_t i = 0; i < count; i++) {
        char body[1024], reason[200];
        struct event event;
        snprintf(body, sizeof body,
                 "{\"id\":\"evt_%zu\",\"created\":\"2026-05-24T12:00:%02zuZ\",%s}", i, i,
                 events[i]);
        cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s", reason);
        uint64_t seq;
        store_add(
            store,
            &(struct store_arrival){
                .event = &event, .raw = body, .length = strlen(body), .received_ms = 1779624060000},
            &seq);
        event_free(&event);
    }
    return store;
}

static const char *const history[] = {
    "\"type\":\"task.completed\",\"data\":{\"task_id\":\"tsk_1\",\"session_id\":\"ses_1\","
    "\"duration_ms\":4000,\"cost\":{\"amount\":0.25,\"currency\":\"USD\"}}",
    "\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_1\",\"session_id\":\"ses_2\","
    "\"cost\":{\"amount\":1.5,\"currency\":\"EUR\"},"
    "\"error\":{\"type\":\"timeout\",\"message\":\"too slow\",\"root_cause\":\"a modal\"}}",
    "\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_1\",\"session_id\":\"ses_3\"}",
    "\"type\":\"task.healed\",\"data\":{\"task_id\":\"tsk_1\",\"healed_task_version_id\":\"tv_4\","
    "\"confidence_score\":0.82,\"published_as_draft\":true,\"fix_suggestion\":\"wait\"}",
    "\"type\":\"session.failed\",\"data\":{\"session_id\":\"ses_3\",\"reason\":\"gone\"}",
    "\"type\":\"session.recording.ready\",\"data\":{\"session_id\":\"ses_1\","
    "\"duration_ms\":45000,\"size_bytes\":1823456}",
    "\"type\":\"intervention.requested\",\"data\":{\"session_id\":\"ses_2\","
    "\"request_id\":\"req_1\",\"message\":\"Help\"}",
    "\"type\":\"intervention.requested\",\"data\":{\"session_id\":\"ses_3\","
    "\"request_id\":\"req_2\",\"message\":\"Too late\"}",
    "\"type\":\"intervention.resolved\",\"data\":{\"request_id\":\"req_3\"}",
    "\"type\":\"batch.failed\",\"data\":{\"batch_id\":\"bat_1\",\"total_requests\":25,"
    "\"completed_requests\":18,\"failed_requests\":7,\"status\":\"failed\"}",
    "\"type\":\"identity.authenticated\",\"data\":{\"identity_id\":\"idn_1\"}",
    "\"type\":\"identity.authentication_failed\",\"data\":{\"identity_id\":\"idn_1\","
    "\"failure_type\":\"invalid_credentials\"}",
    "\"type\":\"task.healed\",\"data\":{\"task_id\":\"tsk_2\",\"published_as_draft\":false}",
    "\"type\":\"task.healed\",\"data\":{\"task_id\":\"tsk_3\"}",
    "\"type\":\"task.healed\",\"data\":{\"task_id\":\"tsk_4\",\"published_as_draft\":null}",
};

Test(entity_field, figures)
{
    static const struct {
        enum entity_kind kind;
        const char *id, *field, *text; /* NULL: it has none */
    } cases[] = {
        {ENTITY_TASK, "tsk_1", "runs", "3"},
        {ENTITY_TASK, "tsk_1", "last", "failed"},
        {ENTITY_TASK, "tsk_1", "streak", "2"},
        {ENTITY_TASK, "tsk_1", "success", "33.3%"},
        {ENTITY_TASK, "tsk_1", "cost", "€1.50 + $0.25"},
        {ENTITY_TASK, "tsk_1", "duration", "4.0s"},
        {ENTITY_TASK, "tsk_1", "failed_session", "ses_3"},
        {ENTITY_TASK, "tsk_1", "healed_version", "tv_4"},
        {ENTITY_TASK, "tsk_1", "heal", "a draft, to be reviewed"},
        {ENTITY_TASK, "tsk_2", "heal", "published"},
        {ENTITY_TASK, "tsk_3", "heal", NULL},
        {ENTITY_TASK, "tsk_4", "heal", NULL},
        {ENTITY_TASK, "tsk_1", "confidence", "82%"},
        {ENTITY_TASK, "tsk_1", "fix", "wait"},
        {ENTITY_TASK, "tsk_1", "version", NULL},
        {ENTITY_SESSION, "ses_1", "state", "recording ready"},
        {ENTITY_SESSION, "ses_1", "recording", "ready, 45.0s, 1.8 MB"},
        {ENTITY_SESSION, "ses_1", "tasks", "tsk_1"},
        {ENTITY_SESSION, "ses_2", "state", "waiting"},
        {ENTITY_SESSION, "ses_3", "state", "failed"},
        {ENTITY_SESSION, "ses_3", "reason", "gone"},
        {ENTITY_INTERVENTION, "req_1", "state", "waiting"},
        {ENTITY_INTERVENTION, "req_1", "waited", "54s"},
        {ENTITY_INTERVENTION, "req_1", "message", "Help"},
        {ENTITY_INTERVENTION, "req_2", "state", "abandoned"},
        {ENTITY_INTERVENTION, "req_2", "waited", NULL},
        {ENTITY_INTERVENTION, "req_3", "state", "resolved"},
        {ENTITY_BATCH, "bat_1", "status", "failed"},
        {ENTITY_BATCH, "bat_1", "done", "72%"},
        {ENTITY_IDENTITY, "idn_1", "last", "failed"},
        {ENTITY_IDENTITY, "idn_1", "streak", "1"},
        {ENTITY_IDENTITY, "idn_1", "failure_type", "invalid_credentials"},
    };
    static const int64_t now_ms = 1779624060000; /* 2026-05-24T12:01:00Z */
    struct store *store = store_of(history, sizeof history / sizeof *history);
    store_lock(store);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct entity *entity =
            entities_find(store_entities(store), cases[i].kind, cases[i].id);
        const struct entity_field *field = entity_field_find(cases[i].kind, cases[i].field);
        cr_assert(entity && field, "%s %s", cases[i].id, cases[i].field);
        struct entity_value value;
        char text[256] = "";
        bool has = entity_field_get(field, entity, now_ms, &value);
        cr_expect_eq(has, cases[i].text != NULL, "%s %s", cases[i].id, cases[i].field);
        if (has)
            field_format(&value.value, text, sizeof text);
        if (has && cases[i].text)
            cr_expect_str_eq(text, cases[i].text, "%s %s: %s", cases[i].id, cases[i].field, text);
    }
    store_unlock(store);
    store_free(store);
}

Test(entity_field, names_are_unique_and_explained)
{
    for (int kind = 0; kind < ENTITY_TABLES; kind++) {
        size_t count;
        const struct entity_field *fields_of = entity_fields((enum entity_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            cr_expect_str_not_empty(fields_of[i].title);
            cr_expect_str_not_empty(fields_of[i].meaning);
            cr_expect_eq(entity_field_find((enum entity_kind)kind, fields_of[i].name),
                         &fields_of[i], "%s stands twice", fields_of[i].name);
        }
    }
}

Test(entity_field, every_column_shows_a_field_that_there_is)
{
    for (int id = 0; id < VIEWS; id++) {
        const struct view_class *class = view_class((enum view_id)id);
        for (size_t i = 0; i < class->column_count; i++) {
            const struct column *column = &class->columns[i];
            cr_expect(column->field || column->cell || column->paint, "%s: column %zu", class->name,
                      i);
            if (column->field)
                cr_expect(entity_field_find(class->kind, column->field), "%s: %s", class->name,
                          column->field);
        }
        if (!class->log)
            cr_expect(class->columns[class->sort].field && class->columns[class->then].field,
                      "%s cannot be sorted", class->name);
    }
}
