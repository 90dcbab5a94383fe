/*
 * What events have in their fields.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_model.h"

const struct model_field model_fields[] = {
    {"type", KIND_TEXT, "type"},
    {"outcome", KIND_TEXT, NULL},
    {"entity", KIND_TEXT, NULL},
    {"subject", KIND_TEXT, NULL},
    {"error", KIND_TEXT, "data.error.message|data.error_message|data.error"},
    {"failure_type", KIND_TEXT, "data.failure_type"},
    {"error_type", KIND_TEXT, "data.error.type|data.failure_type"},
    {"root_cause", KIND_TEXT, "data.error.root_cause"},
    {"reason", KIND_TEXT, "data.reason"},
    {"message", KIND_TEXT, "data.message"},
    {"input", KIND_TEXT, "data.input_type"},
    {"healed_version", KIND_TEXT, "data.healed_task_version_id"},
    {"confidence", KIND_SHARE, "data.confidence_score"},
    {"draft", KIND_FLAG, "data.published_as_draft"},
    {"explanation", KIND_TEXT, "data.error_explanation"},
    {"fix", KIND_TEXT, "data.fix_suggestion"},
    {"output", KIND_VALUE, "data.output.value|data.output"},
    {"status", KIND_TEXT, "data.status"},
    {"completed", KIND_NUMBER, "data.completed_requests"},
    {"failed", KIND_NUMBER, "data.failed_requests"},
    {"total", KIND_NUMBER, "data.total_requests"},
    {"duration", KIND_DURATION, "data.duration_ms"},
    {"cost", KIND_MONEY, "data.cost"},
    {"mode", KIND_TEXT, "data.execution_mode"},
    {"steps", KIND_NUMBER, "data.steps"},
    {"screenshots", KIND_NUMBER, "data.screenshots|data.screenshot_count|data.screenshots_count"},
    {"proxy", KIND_SIZE, "data.proxy_bytes"},
    {"network", KIND_SIZE, "data.network_bytes_total"},
    {"domains", KIND_LIST, "data.domains"},
    {"size", KIND_SIZE, "data.size_bytes"},
    {"task", KIND_TEXT, "data.task_id"},
    {"version", KIND_TEXT, "data.task_version_id"},
    {"source_execution", KIND_TEXT, "data.source_execution_id"},
    {"execution", KIND_TEXT, "data.execution_id|data.source_execution_id"},
    {"session", KIND_TEXT, "data.session_id"},
    {"request", KIND_TEXT, "data.request_id"},
    {"batch", KIND_TEXT, "data.batch_id"},
    {"identity", KIND_TEXT, "data.identity_id"},
    {"application", KIND_TEXT, "data.application_id"},
    {"live_view", KIND_TEXT, "data.live_view_url"},
    {"dashboard", KIND_TEXT, "data.session_dashboard_url"},
    {"recording", KIND_TEXT, "data.recording_url"},
    {"artifacts", KIND_FILES, "data.artifacts"},
    {"created", KIND_TIME, "created"},
    {"received", KIND_TIME, NULL},
    {"age", KIND_DURATION, NULL},
    {"delay", KIND_DURATION, NULL},
    {"verified", KIND_FLAG, NULL},
    {"duplicates", KIND_NUMBER, NULL},
    {"text", KIND_TEXT, "text"},
    {"project", KIND_TEXT, "project_id"},
    {"id", KIND_TEXT, "id"},
};
const size_t model_field_count = sizeof model_fields / sizeof *model_fields;

const struct node *model_member(const struct node *object, const char *key)
{
    for (const struct node *node = object->kind == NODE_OBJECT ? object->child : NULL; node;
         node = node->next)
        if (strcmp(node->key, key) == 0)
            return node;
    return NULL;
}

/* What stands at the first of the places that the event has. */
const struct node *model_place(const struct node *root, const char *places)
{
    char copy[128], *rest = copy;
    snprintf(copy, sizeof copy, "%s", places);
    for (char *place; (place = strsep(&rest, "|")) != NULL;) {
        const struct node *node = root;
        for (char *key; node != NULL && (key = strsep(&place, ".")) != NULL;)
            node = model_member(node, key);
        if (node != NULL)
            return node;
    }
    return NULL;
}

const char *model_text(const struct node *node)
{
    bool text = node != NULL && node->kind == NODE_TEXT && *node->text != '\0';
    return text ? node->text : NULL;
}

static bool number_of(const struct node *node, struct decimal *number)
{
    if (node == NULL || node->kind != NODE_NUMBER || isinf(strtod(node->text, NULL)))
        return false;
    *number = model_decimal(node->text, strlen(node->text));
    return true;
}

static struct decimal from_ms(int64_t number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%lld", (long long)number);
    return model_decimal(text, (size_t)length);
}

/* Whether the event says when it was created, with a date, a clock with seconds, and an offset. */
static bool created_of(const struct node *root, int64_t *ms)
{
    const char *text = model_text(model_member(root, "created"));
    struct when when;
    bool apart =
        text != NULL && strlen(text) > 11 && strchr("Tt ", text[10]) != NULL && text[11] != ' ';
    if (!apart || !model_when(text, &when) || !when.placed || when.length > 1000)
        return false;
    *ms = model_span(&when, 0).first;
    return true;
}

static const char *const entities[][2] = {
    {"task", "data.task_id"},
    {"session", "data.session_id"},
    {"intervention", "data.request_id"},
    {"batch", "data.batch_id"},
    {"identity", "data.identity_id"},
};

static size_t entity_of(const char *type)
{
    size_t length = strcspn(type, "."), i = 0;
    while (i < 5 &&
           (strlen(entities[i][0]) != length || strncmp(type, entities[i][0], length) != 0))
        i++;
    return i;
}

static const char *subject_of(const struct node *root, const char *type)
{
    size_t entity = entity_of(type);
    if (entity < 5)
        return model_text(model_place(root, entities[entity][1]));
    const struct node *data = model_member(root, "data");
    const struct node *node = data != NULL && data->kind == NODE_OBJECT ? data->child : NULL;
    for (; node != NULL; node = node->next) {
        size_t length = strlen(node->key);
        if (length >= 3 && strcmp(node->key + length - 3, "_id") == 0 && model_text(node) != NULL)
            return model_text(node);
    }
    return NULL;
}

static const char *const known_types[][2] = {
    {"task.completed", "ok"},
    {"task.failed", "failed"},
    {"task.cancelled", "cancelled"},
    {"task.healed", "healed"},
    {"session.completed", "ok"},
    {"session.failed", "failed"},
    {"session.recording.ready", "noted"},
    {"intervention.requested", "waiting"},
    {"intervention.resolved", "ok"},
    {"batch.completed", "ok"},
    {"batch.failed", "failed"},
    {"identity.authenticated", "ok"},
    {"identity.authentication_failed", "failed"},
};

const char *model_known_outcome(const char *type)
{
    for (size_t i = 0; i < sizeof known_types / sizeof *known_types; i++)
        if (strcmp(type, known_types[i][0]) == 0)
            return known_types[i][1];
    return NULL;
}

const char *model_outcome(const char *type)
{
    static const char *const words[][2] = {
        {"failed", "failed"},       {"failure", "failed"},     {"error", "failed"},
        {"errored", "failed"},      {"crashed", "failed"},     {"timeout", "failed"},
        {"rejected", "failed"},     {"completed", "ok"},       {"succeeded", "ok"},
        {"finished", "ok"},         {"resolved", "ok"},        {"authenticated", "ok"},
        {"cancelled", "cancelled"}, {"canceled", "cancelled"}, {"aborted", "cancelled"},
        {"healed", "healed"},
    };
    const char *last = type + strlen(type);
    while (last > type && strchr("._-", last[-1]) == NULL)
        last--;
    for (size_t i = 0; model_known_outcome(type) == NULL && i < sizeof words / sizeof *words; i++)
        if (strcmp(last, words[i][0]) == 0)
            return words[i][1];
    return model_known_outcome(type) != NULL ? model_known_outcome(type) : "noted";
}

static bool is_something(const struct node *node)
{
    bool empty =
        node == NULL || node->kind == NODE_NULL || (node->kind == NODE_TEXT && *node->text == '\0');
    bool bare = node != NULL && node->kind >= NODE_ARRAY && node->child == NULL;
    return !empty && !bare;
}

static bool is_array_of(const struct node *node, enum node_kind kind)
{
    if (node == NULL || node->kind != NODE_ARRAY)
        return false;
    for (node = node->child; node != NULL && node->kind == kind; node = node->next) {
    }
    return node == NULL;
}

static bool find_computed(const char *name, const struct model_event *event,
                          const struct node *root, struct found *found)
{
    const char *type = model_text(model_member(root, "type"));
    size_t entity = entity_of(type);
    int64_t created;
    bool has_created = created_of(root, &created);
    if (strcmp(name, "outcome") == 0) {
        found->text = model_outcome(type);
    } else if (strcmp(name, "entity") == 0) {
        found->text = entity < 5 ? entities[entity][0] : "other";
    } else if (strcmp(name, "subject") == 0) {
        found->text = subject_of(root, type);
        return found->text != NULL;
    } else if (strcmp(name, "received") == 0) {
        found->ms = event->received_ms;
    } else if (strcmp(name, "age") == 0) {
        found->number = from_ms(event->now_ms - (has_created ? created : event->received_ms));
    } else if (strcmp(name, "delay") == 0) {
        found->number = from_ms(has_created ? event->received_ms - created : 0);
        return has_created;
    } else if (strcmp(name, "verified") == 0) {
        found->yes = event->verified;
    } else {
        found->number = from_ms(event->duplicates);
    }
    return true;
}

/* Whether the event has the field, and what. */
bool model_find(const struct model_field *field, const struct model_event *event,
                const struct node *root, struct found *found)
{
    *found = (struct found){0};
    if (field->places == NULL)
        return find_computed(field->name, event, root, found);
    const struct node *node = model_place(root, field->places);
    const struct decimal zero = {0}, one = from_ms(1);
    found->node = node;
    switch (field->kind) {
    case KIND_TEXT: found->text = model_text(node); return found->text != NULL;
    case KIND_TIME: return created_of(root, &found->ms);
    case KIND_FLAG:
        found->yes = node != NULL && node->kind == NODE_TRUE;
        return found->yes || (node != NULL && node->kind == NODE_FALSE);
    case KIND_MONEY:
        if (node != NULL && node->kind == NODE_OBJECT) {
            found->currency = model_text(model_member(node, "currency"));
            return number_of(model_member(node, "amount"), &found->number);
        }
        return number_of(node, &found->number);
    case KIND_SHARE:
        return number_of(node, &found->number) && model_compare(&found->number, &zero) >= 0 &&
               model_compare(&found->number, &one) <= 0;
    case KIND_LIST: return is_array_of(node, NODE_TEXT);
    case KIND_FILES: return is_array_of(node, NODE_OBJECT);
    case KIND_VALUE: return is_something(node);
    default: return number_of(node, &found->number);
    }
}
