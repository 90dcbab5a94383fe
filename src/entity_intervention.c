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

bool entities_is_waiting(const struct entities *entities, const char *session, const char *id)
{
    const struct intervention *request = entities_find_request(entities, session, id);
    return request && intervention_state(request) == INTERVENTION_WAITING;
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
    return (struct session *)entities_find(entities, ENTITY_SESSION, intervention->session);
}

/* Whether the past, of which more is to be read, has ended an intervention already. */
static bool was_over(const struct entities *entities, const struct intervention *intervention)
{
    if (!entities->past_expected)
        return false;
    const struct event_ids ids = {
        .of = {
            [ID_REQUEST] = id_of(&entities->seed, ID_REQUEST, entity_id(&intervention->entity)),
            [ID_SESSION] = id_of(&entities->seed, ID_SESSION, intervention->session),
        }};
    return request_was_over(entities, intervention->entity.node.hash, &ids);
}

/* Puts an intervention where it belongs, after anything about it has changed. */
static void enter(struct entities *entities, struct intervention *intervention)
{
    if (stamp_known(&intervention->resolved) || intervention->called_off) {
        intervention->session_ended = false; /* no longer of interest */
        return;
    }
    struct session *session = session_of(entities, intervention);
    if ((session && stamp_known(&session->end.at)) || was_over(entities, intervention))
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

/* When it came to an end, with an answer or without. */
static void fold_end(struct intervention *intervention, enum outcome end, const struct stamp *at)
{
    if (end == OUTCOME_OK)
        stamp_retreat(&intervention->resolved, at);
    else
        intervention->called_off = true;
}

static struct intervention *next_alike(const struct entities *entities,
                                       const struct intervention *request,
                                       const struct intervention *after)
{
    const struct table_node *node = &request->entity.node;
    return (struct intervention *)table_alike(entities->tables[ENTITY_INTERVENTION], node->key,
                                              node->hash, after ? &after->entity.node : NULL);
}

/* What an end that names no session says of the requests of that id in all sessions. */
static void end_alike(struct entities *entities, struct intervention *nameless,
                      const struct entity_facts *facts)
{
    struct intervention *other = NULL;
    while ((other = next_alike(entities, nameless, other))) {
        leave(entities, other);
        fold_end(other, facts->end, &facts->stamp);
        enter(entities, other);
        table_touch(entities->tables[ENTITY_INTERVENTION], &other->entity.node, entities->past);
    }
}

/* A request of a session that is new here: it may have been ended before it came, by an end that
 * names no session. */
static void begin(struct entities *entities, struct intervention *intervention, const char *session)
{
    fold_text(&intervention->session, session);
    const struct intervention *nameless =
        entities_find_request(entities, NULL, entity_id(&intervention->entity));
    if (!nameless)
        return;
    if (stamp_known(&nameless->resolved))
        fold_end(intervention, OUTCOME_OK, &nameless->resolved);
    intervention->called_off |= nameless->called_off;
}

static void fold(struct entities *entities, struct entity *entity, const struct entity_facts *facts)
{
    struct intervention *intervention = (struct intervention *)entity;
    const char *session = facts->ids.of[ID_SESSION].text;
    leave(entities, intervention);
    if (session && !intervention->session)
        begin(entities, intervention, session);
    if (facts->outcome == OUTCOME_WAITING)
        fold_request(intervention, facts);
    if (facts->ends)
        fold_end(intervention, facts->end, &facts->stamp);
    enter(entities, intervention);
    if (facts->ends && !session)
        end_alike(entities, intervention, facts);
}

static void forget(struct entities *entities, struct entity *entity)
{
    leave(entities, (struct intervention *)entity);
}

const char *session_asks(const struct session *session)
{
    const struct intervention *oldest = NULL;
    for (const struct intervention *open = session->open; open; open = open->open_next)
        if (intervention_state(open) == INTERVENTION_WAITING &&
            (!oldest || stamp_compare(&open->requested, &oldest->requested) < 0))
            oldest = open;
    return oldest ? oldest->request.message : NULL;
}

void interventions_abandon(struct entities *entities, struct session *session)
{
    while (session->open) {
        struct intervention *intervention = session->open;
        leave(entities, intervention);
        intervention->session_ended = true;
        table_touch(entities->tables[ENTITY_INTERVENTION], &intervention->entity.node,
                    entities->past);
    }
}

enum intervention_state intervention_state(const struct intervention *intervention)
{
    if (stamp_known(&intervention->resolved))
        return INTERVENTION_RESOLVED;
    if (intervention->session_ended || intervention->called_off)
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
    MEMBER(requested, STAMP),        MEMBER(resolved, STAMP),       MEMBER(called_off, FLAG),
    MEMBER(request.at, STAMP),       MEMBER(request.message, TEXT), MEMBER(request.input, TEXT),
    MEMBER(request.live_view, TEXT), MEMBER(session, TEXT),         MEMBER(session_ended, FLAG),
};

const struct entity_class intervention_class = {
    .size = sizeof(struct intervention),
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .fold = fold,
    .forget = forget,
};
