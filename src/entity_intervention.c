/*
 * Interventions: which of them wait, and whether their session still goes on.
 *
 * An intervention that is neither resolved nor abandoned is in the list of its session, if it names
 * one; the session is pinned for as long, so that its end finds them all. One that waits is pinned
 * too, and stands in the order of first requests.
 */
#include <stdlib.h>
#include <string.h>

#include "entity_private.h"

void waiting_free(struct waiting *waiting)
{
    free(waiting->items);
    *waiting = (struct waiting){0};
}

static int compare(const struct intervention *a, const struct intervention *b)
{
    int order = stamp_compare(&a->requested, &b->requested);
    uint64_t x = a->entity.node.serial, y = b->entity.node.serial;
    return order ? order : (x > y) - (x < y);
}

/* Where an intervention stands, or would. */
static size_t waiting_place(const struct waiting *waiting, const struct intervention *intervention)
{
    size_t low = 0, high = waiting->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(waiting->items[middle], intervention) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool waiting_add(struct waiting *waiting, struct intervention *intervention)
{
    if (waiting->count == waiting->capacity) {
        size_t capacity = waiting->capacity ? waiting->capacity * 2 : 16;
        struct intervention **items = realloc(waiting->items, capacity * sizeof(*items));
        if (!items)
            return false;
        waiting->items = items;
        waiting->capacity = capacity;
    }
    struct intervention **at = waiting->items + waiting_place(waiting, intervention);
    memmove(at + 1, at, (size_t)(waiting->items + waiting->count++ - at) * sizeof(*at));
    *at = intervention;
    return true;
}

static bool waiting_remove(struct waiting *waiting, const struct intervention *intervention)
{
    size_t place = waiting_place(waiting, intervention);
    if (place == waiting->count || waiting->items[place] != intervention)
        return false;
    struct intervention **at = waiting->items + place;
    memmove(at, at + 1, (--waiting->count - place) * sizeof(*at));
    return true;
}

size_t entities_waiting(const struct entities *entities)
{
    return entities->waiting.count;
}

const struct intervention *entities_waiting_at(const struct entities *entities, size_t place)
{
    return place < entities->waiting.count ? entities->waiting.items[place] : NULL;
}

bool entities_is_waiting(const struct entities *entities, const char *request_id)
{
    const struct entity *entity = entities_find(entities, ENTITY_INTERVENTION, request_id);
    return entity &&
           intervention_state((const struct intervention *)entity) == INTERVENTION_WAITING;
}

static void pin(struct entities *entities, struct entity *entity, bool pinned)
{
    table_pin(entities->tables[entity->kind], &entity->node, pinned);
}

/* Takes an intervention out of the list of its session and from among those that wait. */
static void leave(struct entities *entities, struct intervention *intervention)
{
    struct session *session = intervention->open_in;
    if (waiting_remove(&entities->waiting, intervention)) {
        pin(entities, &intervention->entity, false);
        if (session)
            session->waiting--;
    }
    if (!session)
        return;
    struct intervention *previous = intervention->open_previous, *next = intervention->open_next;
    *(previous ? &previous->open_next : &session->open) = next;
    if (next)
        next->open_previous = previous;
    intervention->open_in = NULL;
    intervention->open_previous = intervention->open_next = NULL;
    pin(entities, &session->entity, session->open != NULL);
}

static void enter_session(struct entities *entities, struct intervention *intervention,
                          struct session *session)
{
    intervention->open_in = session;
    intervention->open_next = session->open;
    if (session->open)
        session->open->open_previous = intervention;
    session->open = intervention;
    pin(entities, &session->entity, true);
}

static struct session *session_of(const struct entities *entities,
                                  const struct intervention *intervention)
{
    /* Entities are constant to those who look at them, not here. */
    return (struct session *)entities_find(entities, ENTITY_SESSION, intervention->session.text);
}

/* Puts an intervention where it belongs, after anything about it has changed. */
static void enter(struct entities *entities, struct intervention *intervention)
{
    if (stamp_known(&intervention->resolved)) {
        intervention->session_ended = false; /* or so it was thought */
        return;
    }
    struct session *session = session_of(entities, intervention);
    if (session && stamp_known(&session->end.at))
        intervention->session_ended = true;
    if (intervention->session_ended)
        return;
    if (session)
        enter_session(entities, intervention, session);
    if (stamp_known(&intervention->requested) && waiting_add(&entities->waiting, intervention)) {
        pin(entities, &intervention->entity, true);
        if (session)
            session->waiting++;
    }
}

static void fold_request(struct intervention *intervention, const struct entity_facts *facts)
{
    stamp_retreat(&intervention->requested, &facts->stamp);
    if (!stamp_advance(&intervention->request.at, &facts->stamp))
        return;
    fold_text(&intervention->request.message, fact_text(facts, FACT_MESSAGE));
    fold_text(&intervention->request.input, fact_text(facts, FACT_INPUT));
    fold_text(&intervention->request.live_view, fact_text(facts, FACT_LIVE_VIEW));
}

static void fold_session_name(struct intervention *intervention, const struct entity_facts *facts)
{
    const char *name = facts->ids.of[ID_SESSION].text;
    const char *held = intervention->session.text;
    if (!name || stamp_compare(&facts->stamp, &intervention->session.at) <= 0)
        return;
    if (!held || strcmp(held, name) != 0)
        intervention->session_ended = false; /* that was another session */
    latest_text_fold(&intervention->session, &facts->stamp, name);
}

static void fold(struct entities *entities, struct entity *entity, const struct entity_facts *facts)
{
    struct intervention *intervention = (struct intervention *)entity;
    leave(entities, intervention);
    if (facts->outcome == OUTCOME_WAITING)
        fold_request(intervention, facts);
    if (is_end(facts->outcome))
        stamp_retreat(&intervention->resolved, &facts->stamp);
    fold_session_name(intervention, facts);
    enter(entities, intervention);
}

static void forget(struct entities *entities, struct entity *entity)
{
    leave(entities, (struct intervention *)entity);
}

void interventions_abandon(struct entities *entities, struct session *session)
{
    while (session->open) {
        struct intervention *intervention = session->open;
        leave(entities, intervention);
        intervention->session_ended = true;
        table_touch(entities->tables[ENTITY_INTERVENTION], &intervention->entity.node);
    }
}

enum intervention_state intervention_state(const struct intervention *intervention)
{
    if (stamp_known(&intervention->resolved))
        return INTERVENTION_RESOLVED;
    if (intervention->session_ended)
        return INTERVENTION_ABANDONED;
    return stamp_known(&intervention->requested) ? INTERVENTION_WAITING : INTERVENTION_NOTED;
}

bool intervention_answer_ms(const struct intervention *intervention, int64_t *ms)
{
    if (!stamp_known(&intervention->requested) || !stamp_known(&intervention->resolved))
        return false;
    *ms = intervention->resolved.created_ms - intervention->requested.created_ms;
    if (*ms < 0)
        *ms = 0;
    return true;
}

#define MEMBER(name, type)                                                                         \
    {                                                                                              \
#name, offsetof(struct intervention, name), MEMBER_##type                                  \
    }

static const struct member members[] = {
    MEMBER(requested, STAMP),      MEMBER(resolved, STAMP),     MEMBER(request.at, STAMP),
    MEMBER(request.message, TEXT), MEMBER(request.input, TEXT), MEMBER(request.live_view, TEXT),
    MEMBER(session, LATEST_TEXT),  MEMBER(session_ended, FLAG),
};

const struct entity_class intervention_class = {
    .size = sizeof(struct intervention),
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .fold = fold,
    .forget = forget,
};
