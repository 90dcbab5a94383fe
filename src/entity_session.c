/*
 * Sessions: how they ended, what they used, and whom they met.
 */
#include <stdlib.h>
#include <string.h>

#include "entity_private.h"

/* What a session's own events measure. */
static const struct {
    enum fact fact;
    size_t offset; /* of a struct latest_number */
} measures[] = {
    {FACT_DURATION, offsetof(struct session, duration_ms)},
    {FACT_STEPS, offsetof(struct session, steps)},
    {FACT_SCREENSHOTS, offsetof(struct session, screenshots)},
    {FACT_PROXY, offsetof(struct session, proxy_bytes)},
    {FACT_NETWORK, offsetof(struct session, network_bytes)},
};

static void fold_recording(struct session_recording *recording, const struct entity_facts *facts)
{
    if (!stamp_advance(&recording->at, &facts->stamp))
        return;
    recording->duration_ms = fact_number_or_unknown(facts, FACT_DURATION);
    recording->bytes = fact_number_or_unknown(facts, FACT_SIZE);
}

static void fold_domains(struct session_domains *domains, const struct entity_facts *facts)
{
    if (!facts->has[FACT_DOMAINS] || !stamp_advance(&domains->at, &facts->stamp))
        return;
    const struct value *value = &facts->values[FACT_DOMAINS];
    struct text_list *list = &domains->list;
    text_list_free(list);
    if (!text_list_start(list, value->number < UINT32_MAX ? (uint32_t)value->number : UINT32_MAX))
        return;
    const cJSON *name = value->json->child;
    while (name && text_list_add(list, name->valuestring))
        name = name->next;
}

static void fold_end(struct entities *entities, struct session *session,
                     const struct entity_facts *facts)
{
    if (stamp_advance(&session->end.at, &facts->stamp)) {
        session->end.outcome = facts->end;
        fold_text(&session->end.reason,
                  facts->end == OUTCOME_OK ? NULL : fact_text(facts, FACT_REASON));
    }
    interventions_abandon(entities, session);
}

static void fold_own(struct entities *entities, struct session *session,
                     const struct entity_facts *facts)
{
    if (facts->recording) {
        fold_recording(&session->recording, facts);
        return;
    }
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        void *measure = (char *)session + measures[i].offset;
        fold_latest_number(measure, facts, measures[i].fact);
    }
    fold_domains(&session->domains, facts);
    if (facts->ends)
        fold_end(entities, session, facts);
}

static void fold(struct entities *entities, struct entity *entity, const struct entity_facts *facts)
{
    struct session *session = (struct session *)entity;
    if (facts->entity == ENTITY_SESSION)
        fold_own(entities, session, facts);
    else if (is_end(facts->outcome)) /* a heal names an execution that is long over */
        fold_ref(&session->executions, facts, ID_EXECUTION, facts->ids.of[ID_TASK].text);
    fold_ref(&session->tasks, facts, ID_TASK, NULL);
    fold_ref(&session->interventions, facts, ID_REQUEST, NULL);
    fold_latest_id(&session->identity, facts, ID_IDENTITY);
    fold_latest_text(&session->dashboard, facts, FACT_DASHBOARD);
    fold_latest_text(&session->recording_url, facts, FACT_RECORDING);
}

enum session_state session_state(const struct session *session)
{
    static const enum session_state ended[OUTCOMES] = {
        [OUTCOME_NEUTRAL] = SESSION_ENDED, [OUTCOME_OK] = SESSION_COMPLETED,
        [OUTCOME_FAILED] = SESSION_FAILED, [OUTCOME_CANCELLED] = SESSION_CANCELLED,
        [OUTCOME_WAITING] = SESSION_ENDED, [OUTCOME_HEALED] = SESSION_ENDED,
    };
    if (session->waiting)
        return SESSION_WAITING;
    if (stamp_known(&session->end.at))
        return ended[session->end.outcome];
    return stamp_known(&session->recording.at) ? SESSION_RECORDED : SESSION_SEEN;
}

#define MEMBER(name, type)                                                                         \
    {                                                                                              \
#name, offsetof(struct session, name), MEMBER_##type                                       \
    }

static const struct member members[] = {
    MEMBER(end.at, STAMP),
    MEMBER(end.outcome, OUTCOME),
    MEMBER(end.reason, TEXT),
    MEMBER(recording.at, STAMP),
    MEMBER(recording.duration_ms, NUMBER),
    MEMBER(recording.bytes, NUMBER),
    MEMBER(duration_ms, LATEST_NUMBER),
    MEMBER(steps, LATEST_NUMBER),
    MEMBER(screenshots, LATEST_NUMBER),
    MEMBER(proxy_bytes, LATEST_NUMBER),
    MEMBER(network_bytes, LATEST_NUMBER),
    MEMBER(domains.at, STAMP),
    MEMBER(domains.list, LIST),
    MEMBER(identity, LATEST_TEXT),
    MEMBER(dashboard, LATEST_TEXT),
    MEMBER(recording_url, LATEST_TEXT),
    MEMBER(executions, REFS),
    MEMBER(tasks, REFS),
    MEMBER(interventions, REFS),
    MEMBER(waiting, COUNT),
};

const struct entity_class session_class = {
    .size = sizeof(struct session),
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .fold = fold,
};
