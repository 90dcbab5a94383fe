/*
 * The ids that an event names: see ids.h.
 */
#include "ids.h"

#include <string.h>

/* Members of an event's data; of two for one kind the first in this table counts. */
static const struct {
    enum id_kind kind;
    const char *key;
} keys[] = {
    {ID_TASK, "task_id"},
    {ID_SESSION, "session_id"},
    {ID_REQUEST, "request_id"},
    {ID_BATCH, "batch_id"},
    {ID_IDENTITY, "identity_id"},
    {ID_EXECUTION, "execution_id"},
    {ID_EXECUTION, "source_execution_id"},
};

enum { KEYS = sizeof keys / sizeof *keys };

struct event_id id_of(const struct hash_seed *seed, enum id_kind kind, const char *text)
{
    if (!text || !*text || strnlen(text, ID_MAX + 1) > ID_MAX)
        return (struct event_id){0};
    return (struct event_id){.text = text, .hash = hash_text(seed, (uint64_t)kind, text)};
}

static bool ends_with_id(const char *key)
{
    size_t length = strlen(key);
    return length > 3 && memcmp(key + length - 3, "_id", 3) == 0;
}

void ids_read(struct event_ids *ids, const struct hash_seed *seed, const struct event *event)
{
    const cJSON *members[KEYS] = {0};
    const cJSON *member;

    cJSON_ArrayForEach(member, event->data)
    {
        if (!ends_with_id(member->string))
            continue;
        for (size_t i = 0; i < KEYS; i++)
            if (!members[i] && strcmp(member->string, keys[i].key) == 0)
                members[i] = member;
    }
    *ids = (struct event_ids){0};
    for (size_t i = 0; i < KEYS; i++)
        if (!ids->of[keys[i].kind].text)
            ids->of[keys[i].kind] = id_of(seed, keys[i].kind, cJSON_GetStringValue(members[i]));
}

bool ids_any(const struct event_ids *ids)
{
    bool any = false;
    for (size_t kind = 0; kind < ID_KINDS; kind++)
        any |= ids->of[kind].text != NULL;
    return any;
}
