/*
 * From what is shown to what it has to do with.
 */
#include "related.h"

#include <stddef.h>

/* The newest thing in a list, or NULL. */
static const char *newest(const struct refs *refs)
{
    return refs->count ? refs->items[0].id : NULL;
}

/* (locked) The request that waits, else the newest one. */
static const char *intervention_of(const struct store *store, const struct session *session)
{
    for (uint32_t i = 0; i < session->interventions.count; i++) {
        const char *id = session->interventions.items[i].id;
        const struct intervention *intervention =
            entities_find_request(store_entities(store), entity_id(&session->entity), id);
        if (intervention && intervention_state(intervention) == INTERVENTION_WAITING)
            return id;
    }
    return newest(&session->interventions);
}

/* (locked) What a session leads to. */
static const char *through_session(const struct store *store, const struct session *session,
                                   enum entity_kind kind)
{
    switch (kind) {
    case ENTITY_SESSION: return entity_id(&session->entity);
    case ENTITY_TASK: return newest(&session->tasks);
    case ENTITY_INTERVENTION: return intervention_of(store, session);
    case ENTITY_IDENTITY: return session->identity.text;
    default: return NULL;
    }
}

/* The session that an entity leads to, or NULL: of a task, that of its newest failure, for that is
 * what one goes there to understand. */
static const char *session_of_entity(const struct entity *entity)
{
    const struct task *task = (const struct task *)entity;
    switch (entity->kind) {
    case ENTITY_TASK:
        if (task->failure.session)
            return task->failure.session;
        return task->executions.count ? task->executions.items[0].other : NULL;
    case ENTITY_SESSION: return entity_id(entity);
    case ENTITY_INTERVENTION: return ((const struct intervention *)entity)->session;
    case ENTITY_IDENTITY: return ((const struct identity *)entity)->session.text;
    default: return NULL;
    }
}

/* (locked) The session that an event leads to: its own, or by way of its task. */
static const char *session_of_event(const struct store *store, const struct event *event)
{
    const char *session = event_data_string(event, entity_infos[ENTITY_SESSION].id_key);
    const char *task = event_data_string(event, entity_infos[ENTITY_TASK].id_key);
    if (session || !task)
        return session;
    const struct entity *entity = entities_find(store_entities(store), ENTITY_TASK, task);
    return entity ? session_of_entity(entity) : NULL;
}

/* (locked) A request is one of its session. */
static const struct entity *find(const struct store *store, enum entity_kind kind, const char *id,
                                 const char *session)
{
    const struct entities *entities = store_entities(store);
    if (!id)
        return NULL;
    if (kind != ENTITY_INTERVENTION)
        return entities_find(entities, kind, id);
    const struct intervention *request = entities_find_request(entities, session, id);
    return request ? &request->entity : NULL;
}

const struct entity *related_entity(const struct store *store, const struct detail *detail,
                                    enum entity_kind kind)
{
    const char *id = NULL, *session = NULL;
    if (detail->entity) {
        session = session_of_entity(detail->entity);
        id = detail->entity->kind == kind ? entity_id(detail->entity) : NULL;
    } else if (detail->event.json) {
        id = event_data_string(&detail->event, entity_infos[kind].id_key);
        session = id ? event_data_string(&detail->event, entity_infos[ENTITY_SESSION].id_key)
                     : session_of_event(store, &detail->event);
    }
    const struct entity *through =
        !id && session ? entities_find(store_entities(store), ENTITY_SESSION, session) : NULL;
    if (through)
        id = through_session(store, (const struct session *)through, kind);
    return find(store, kind, id, session);
}
