/*
 * What an entity remembers of its newest event: see entity_event.h.
 */
#include "entity_event.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "member.h"
#include "text.h"

/* Members of the data. What belongs to a stamp was told by the newest event when that is its own.
 */
struct telling {
    const char *key;
    enum member_type type;
    size_t offset, at; /* of the member, and of its stamp */
};

#define LATEST(kind, key, member, type)                                                            \
    {                                                                                              \
        key, MEMBER_LATEST_##type, offsetof(struct kind, member), offsetof(struct kind, member.at) \
    }
#define PART(kind, key, whole, member, type)                                                       \
    {                                                                                              \
        key, MEMBER_##type, offsetof(struct kind, whole.member), offsetof(struct kind, whole.at)   \
    }
#define WHOLE(kind, key, member, type)                                                             \
    {                                                                                              \
        key, MEMBER_##type, offsetof(struct kind, member), offsetof(struct entity, newest)         \
    }
#define NEWEST(kind, key, member)                                                                  \
    {                                                                                              \
        key, MEMBER_REFS, offsetof(struct kind, member), 0                                         \
    }

static const struct telling task_members[] = {
    LATEST(task, "duration_ms", duration_ms, NUMBER),
    LATEST(task, "task_version_id", version, TEXT),
    LATEST(task, "execution_mode", mode, TEXT),
    PART(task, "error_message", failure, message, TEXT),
    PART(task, "session_id", failure, session, TEXT),
    PART(task, "healed_task_version_id", heal, version, TEXT),
    PART(task, "source_execution_id", heal, execution, TEXT),
    PART(task, "error_explanation", heal, explanation, TEXT),
    PART(task, "fix_suggestion", heal, suggestion, TEXT),
    PART(task, "confidence_score", heal, confidence, RATIO),
    PART(task, "published_as_draft", heal, draft, TOLD),
    NEWEST(task, "execution_id", executions),
};

static const struct telling session_members[] = {
    LATEST(session, "duration_ms", duration_ms, NUMBER),
    LATEST(session, "steps", steps, NUMBER),
    LATEST(session, "screenshots", screenshots, NUMBER),
    LATEST(session, "proxy_bytes", proxy_bytes, NUMBER),
    LATEST(session, "network_bytes_total", network_bytes, NUMBER),
    LATEST(session, "identity_id", identity, TEXT),
    LATEST(session, "session_dashboard_url", dashboard, TEXT),
    LATEST(session, "recording_url", recording_url, TEXT),
    PART(session, "reason", end, reason, TEXT),
    PART(session, "duration_ms", recording, duration_ms, NUMBER),
    PART(session, "size_bytes", recording, bytes, NUMBER),
    PART(session, "domains", domains, list, LIST),
    NEWEST(session, "task_id", tasks),
    NEWEST(session, "execution_id", executions),
    NEWEST(session, "request_id", interventions),
};

static const struct telling intervention_members[] = {
    WHOLE(intervention, "session_id", session, TEXT),
    PART(intervention, "message", request, message, TEXT),
    PART(intervention, "input_type", request, input, TEXT),
    PART(intervention, "live_view_url", request, live_view, TEXT),
};

static const struct telling batch_members[] = {
    WHOLE(batch, "status", report.status, TEXT),
    WHOLE(batch, "total_requests", report.total, NUMBER),
    WHOLE(batch, "completed_requests", report.completed, NUMBER),
    WHOLE(batch, "failed_requests", report.failed, NUMBER),
};

static const struct telling identity_members[] = {
    LATEST(identity, "application_id", application, TEXT),
    LATEST(identity, "session_id", session, TEXT),
    LATEST(identity, "execution_id", execution, TEXT),
    PART(identity, "failure_type", failure, type, TEXT),
    PART(identity, "error_message", failure, message, TEXT),
};

#define TABLE(members)                                                                             \
    {                                                                                              \
        members, sizeof(members) / sizeof *(members)                                               \
    }

static const struct {
    const struct telling *members;
    size_t count;
} tables[ENTITY_TABLES] = {
    [ENTITY_TASK] = TABLE(task_members),
    [ENTITY_SESSION] = TABLE(session_members),
    [ENTITY_INTERVENTION] = TABLE(intervention_members),
    [ENTITY_BATCH] = TABLE(batch_members),
    [ENTITY_IDENTITY] = TABLE(identity_members),
};

static void add_text(cJSON *data, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(data, key, text);
}

static void add_number(cJSON *data, const char *key, double number)
{
    if (number >= 0)
        cJSON_AddNumberToObject(data, key, number);
}

static void add_list(cJSON *data, const char *key, const struct text_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(data, key);
    for (uint32_t i = 0; i < list->count; i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(list->texts[i]));
}

/* The newest thing met, when the newest event is the one that names it. */
static void add_newest(cJSON *data, const char *key, const struct refs *refs,
                       const struct stamp *newest)
{
    if (refs->count && stamp_compare(&refs->items[0].at, newest) == 0)
        add_text(data, key, refs->items[0].id);
}

static void add_member(cJSON *data, const struct telling *told, const void *at,
                       const struct stamp *newest)
{
    switch (told->type) {
    case MEMBER_TEXT: add_text(data, told->key, *(char *const *)at); break;
    case MEMBER_LATEST_TEXT:
        add_text(data, told->key, ((const struct latest_text *)at)->text);
        break;
    case MEMBER_NUMBER: add_number(data, told->key, (double)*(const int64_t *)at); break;
    case MEMBER_LATEST_NUMBER:
        add_number(data, told->key, (double)((const struct latest_number *)at)->value);
        break;
    case MEMBER_RATIO: add_number(data, told->key, *(const double *)at); break;
    case MEMBER_TOLD:
        if (*(const enum told *)at != TOLD_NOTHING)
            cJSON_AddBoolToObject(data, told->key, *(const enum told *)at == TOLD_YES);
        break;
    case MEMBER_LIST: add_list(data, told->key, at); break;
    case MEMBER_REFS: add_newest(data, told->key, at, newest); break;
    default: break;
    }
}

static void add_data(cJSON *json, const struct entity *entity)
{
    cJSON *data = cJSON_AddObjectToObject(json, "data");
    const char *base = (const char *)entity;
    add_text(data, entity_infos[entity->kind].id_key, entity_id(entity));
    for (size_t i = 0; i < tables[entity->kind].count; i++) {
        const struct telling *told = &tables[entity->kind].members[i];
        const void *at = base + told->at;
        if (told->type == MEMBER_REFS || stamp_compare(at, &entity->newest) == 0)
            add_member(data, told, base + told->offset, &entity->newest);
    }
}

char *entity_event(const struct entity *entity, struct ring_record *record)
{
    const struct event_type *type = entity_newest_type(entity);
    char created[64];
    if (!type)
        return NULL;
    cJSON *json = cJSON_CreateObject();
    text_time_iso(created, sizeof created, entity->newest.created_ms);
    cJSON_AddStringToObject(json, "id", entity->newest.id);
    cJSON_AddStringToObject(json, "type", type->name);
    cJSON_AddStringToObject(json, "created", created);
    add_data(json, entity);
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    *record = (struct ring_record){.created_ms = entity->newest.created_ms,
                                   .received_ms = entity->newest_received_ms,
                                   .length = text ? (uint32_t)strlen(text) : 0,
                                   .entity = (uint8_t)type->entity,
                                   .outcome = (uint8_t)type->outcome,
                                   .verified = entity->newest_verified};
    return text;
}
