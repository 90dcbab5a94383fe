/*
 * View 7: every request to the endpoint, and why it was refused when it was.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "../src/text.h"
#include "view.h"

static const struct {
    const char *word;
    const char *type; /* as an event, for filters */
    enum role role;
    bool bad;
} results[DELIVERY_RESULTS] = {
    [DELIVERY_ACCEPTED] = {"accepted", "delivery.accepted", ROLE_OK, false},
    [DELIVERY_DUPLICATE] = {"duplicate", "delivery.duplicate", ROLE_DIM, false},
    [DELIVERY_REFUSED] = {"refused", "delivery.refused", ROLE_FAILED, true},
    [DELIVERY_SKIPPED] = {"skipped", "delivery.skipped", ROLE_FAILED, true},
    [DELIVERY_ABORTED] = {"broken off", "delivery.aborted", ROLE_WAITING, true},
};

static struct rows_range range(const struct store *store)
{
    return (struct rows_range){store_delivery_first(store), store_delivery_end(store)};
}

static void prepare(struct view *view, const struct store *store)
{
    (void)view;
    (void)store;
}

/* A delivery as an event, so that the one language of filters holds for it too: its type is what
 * became of it, and its facts are the data. */
static cJSON *as_event(const struct delivery *delivery)
{
    char status[16];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "id", delivery->event_id[0] ? delivery->event_id : "-");
    cJSON_AddStringToObject(json, "type", results[delivery->result].type);
    cJSON *data = cJSON_AddObjectToObject(json, "data");
    snprintf(status, sizeof status, "%u", delivery->status);
    cJSON_AddStringToObject(data, "status", status); /* as the field "status" is a text */
    cJSON_AddStringToObject(data, "reason", delivery->reason);
    cJSON_AddStringToObject(data, "peer", delivery->peer);
    cJSON_AddNumberToObject(data, "duration_ms", delivery->micros / 1000.0);
    cJSON_AddNumberToObject(data, "size_bytes", delivery->bytes);
    cJSON_AddStringToObject(data, "delivery_id", delivery->delivery_id);
    return json;
}

static bool passes(struct view *view, const struct delivery *delivery, int64_t now_ms)
{
    bool bad = results[delivery->result].bad;
    cJSON *json = as_event(delivery);
    char *raw = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!raw)
        return false;
    struct ring_record record = {
        .created_ms = delivery->received_ms,
        .received_ms = delivery->received_ms,
        .length = (uint32_t)strlen(raw),
        .entity = ENTITY_OTHER,
        .outcome = bad ? OUTCOME_FAILED : OUTCOME_OK,
        .duplicates = delivery->result == DELIVERY_DUPLICATE,
        .verified = delivery->verified,
    };
    struct filter_subject subject = {
        .raw = raw, .record = &record, .own_type = true, .now_ms = now_ms};
    bool result = filter_match(view->filter, &subject, &view->matcher.scratch);
    cJSON_free(raw);
    return result;
}

static bool match(struct view *view, const struct store *store, uint64_t number, int64_t now_ms)
{
    const struct delivery *delivery = store_delivery(store, number);
    if (!delivery || (view->types.failures_only && !results[delivery->result].bad))
        return false;
    return !view->filter || passes(view, delivery, now_ms);
}

static bool load(struct store *store, uint64_t number, struct view_row *row)
{
    store_lock(store);
    const struct delivery *delivery = store_delivery(store, number);
    bool there = delivery != NULL;
    if (there)
        row->delivery = *delivery;
    store_unlock(store);
    return there;
}

static void describe(const struct view *view, const struct store *store, char *text, size_t size)
{
    (void)store;
    const char *expression = view_expression(view);
    bool both = view->types.failures_only && *expression;
    snprintf(text, size, "%s%s%s", view->types.failures_only ? "refused only" : "",
             both ? ", " : "", expression);
}

static int64_t when(const struct view_row *row)
{
    return row->delivery.received_ms;
}

static void cell_time(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell->role = ROLE_DIM;
    text_clock(cell->text, sizeof cell->text, row->delivery.received_ms);
}

static void cell_status(const struct view *view, const struct view_row *row, int64_t now_ms,
                        struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell->role = results[row->delivery.result].role;
    if (row->delivery.status)
        snprintf(cell->text, sizeof cell->text, "%u", row->delivery.status);
}

static void cell_result(const struct view *view, const struct view_row *row, int64_t now_ms,
                        struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell_set(cell, results[row->delivery.result].role, results[row->delivery.result].word);
}

static void cell_reason(const struct view *view, const struct view_row *row, int64_t now_ms,
                        struct cell *cell)
{
    (void)view;
    (void)now_ms;
    const struct delivery *delivery = &row->delivery;
    if (delivery->reason[0])
        cell_set(cell, ROLE_TEXT, delivery->reason);
    else
        cell_set(cell, ROLE_DIM, delivery->event_id);
}

static void cell_size(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell->role = ROLE_NUMBER;
    text_bytes(cell->text, sizeof cell->text, row->delivery.bytes);
}

static void cell_took(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell->role = ROLE_NUMBER;
    snprintf(cell->text, sizeof cell->text, "%.1f ms", row->delivery.micros / 1000.0);
}

static void cell_peer(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell_set(cell, ROLE_DIM, row->delivery.peer);
}

static const struct column columns[] = {
    {.title = "TIME",
     .meaning = "when it was answered",
     .min = 8,
     .whole = true,
     .cell = cell_time},
    {.title = "HTTP",
     .meaning = "the status answered",
     .min = 4,
     .right = true,
     .cell = cell_status},
    {.title = "RESULT", .meaning = "what became of it", .min = 10, .cell = cell_result},
    {.title = "REASON OR EVENT",
     .meaning = "why it was refused, or the event that it brought",
     .min = 16,
     .good = 52,
     .grow = 1,
     .cell = cell_reason},
    {.title = "SIZE",
     .meaning = "bytes of its body",
     .min = 8,
     .drop = 5,
     .right = true,
     .cell = cell_size},
    {.title = "TOOK",
     .meaning = "from its first byte to the answer",
     .min = 8,
     .drop = 4,
     .right = true,
     .cell = cell_took},
    {.title = "FROM",
     .meaning = "address and port of the sender",
     .min = 15,
     .drop = 6,
     .cell = cell_peer},
};

static const struct log_ops log_ops = {
    .range = range,
    .prepare = prepare,
    .match = match,
    .load = load,
    .when = when,
};

const struct view_class view_deliveries = {
    .key = '7',
    .name = "deliveries",
    .title = "Deliveries",
    .short_title = "Deliv",
    .meaning = "every request to the endpoint, with the reason of each refusal",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .log = &log_ops,
    .describe = describe,
    .empty = "No request has come since the start. The journal keeps events, not requests.",
};
