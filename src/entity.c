/*
 * The tables of entities: see entity.h.
 */
#include "entity.h"

#include <stdlib.h>
#include <string.h>

#include "entity_private.h"
#include "heap.h"

const struct entity_class *const entity_classes[ENTITY_TABLES] = {
    [ENTITY_TASK] = &task_class,
    [ENTITY_SESSION] = &session_class,
    [ENTITY_INTERVENTION] = &intervention_class,
    [ENTITY_BATCH] = &batch_class,
    [ENTITY_IDENTITY] = &identity_class,
};

struct entities *entities_new(size_t limit, const struct hash_seed *seed)
{
    struct entities *entities = calloc(1, sizeof *entities);
    if (!entities)
        return NULL;
    entities->seed = *seed;
    entities->limit = limit;
    entities->bytes_limit = INT64_MAX;
    fact_fields_find(&entities->fields);
    for (size_t kind = 0; kind < ENTITY_TABLES; kind++) {
        entities->tables[kind] = table_new(limit);
        if (!entities->tables[kind]) {
            entities_free(entities);
            return NULL;
        }
    }
    return entities;
}

void entity_free(struct entity *entity)
{
    if (!entity)
        return;
    const struct entity_class *class = entity_classes[entity->kind];
    members_release(class->members, class->member_count, entity);
    heap_free_text((char *)entity->node.key);
    heap_free(entity, class->size);
}

static void release(struct table_node *node)
{
    entity_free(from_node(node));
}

void entities_limit_bytes(struct entities *entities, size_t bytes)
{
    entities->bytes_limit = (int64_t)bytes;
}

size_t entities_bytes(const struct entities *entities)
{
    int64_t bytes = 0;
    for (size_t kind = 0; kind < ENTITY_TABLES; kind++)
        bytes += entities->bytes[kind];
    return (size_t)bytes;
}

void entities_free(struct entities *entities)
{
    if (!entities)
        return;
    for (size_t kind = 0; kind < ENTITY_TABLES; kind++)
        table_free(entities->tables[kind], release);
    waiting_free(&entities->waiting);
    ended_free(&entities->ended);
    ended_free(&entities->ended_before);
    hour_free(&entities->hour);
    free(entities);
}

void entities_read(const struct entities *entities, const struct event *event, int64_t received_ms,
                   struct entity_facts *facts)
{
    entity_facts_read(facts, &entities->fields, &entities->seed, event, received_ms);
}

static struct entity *add(struct entities *entities, enum entity_kind kind,
                          const struct event_id *id)
{
    struct entity *entity = heap_take(entity_classes[kind]->size);
    if (!entity)
        return NULL;
    entity->kind = kind;
    entity->node.key = heap_text(id->text, strlen(id->text));
    entity->node.hash = id->hash;
    if (entity->node.key && table_add(entities->tables[kind], &entity->node, entities->past))
        return entity;
    entity_free(entity);
    return NULL;
}

/* What an entity is found by. A request is one of its session, so its hash is of both ids; a part
 * of it is that of its own id, so that all requests of that id can be found. */
static struct event_id key_of(enum entity_kind kind, const struct event_id *id,
                              const struct event_id *session)
{
    struct event_id key = *id;
    if (kind == ENTITY_INTERVENTION && session->text)
        key.hash ^= (session->hash * UINT64_C(0x9e3779b97f4a7c15)) & ~TABLE_ALIKE;
    return key;
}

/* What every event says of an entity. */
static void fold_common(struct entity *entity, const struct entity_facts *facts, uint64_t seq,
                        int64_t row)
{
    int64_t created_ms = facts->stamp.created_ms;
    if (!entity->events || created_ms < entity->first_ms)
        entity->first_ms = created_ms;
    if (stamp_advance(&entity->newest, &facts->stamp)) {
        entity->newest_seq = seq;
        entity->newest_row = row;
        entity->newest_type = facts->type ? (uint8_t)(facts->type - catalog + 1) : 0;
        entity->newest_received_ms = facts->received_ms;
        entity->newest_verified = facts->verified;
    }
    if (seq > entity->last_seq)
        entity->last_seq = seq;
    entity->events++;
}

bool request_was_over(const struct entities *entities, uint64_t hash, const struct event_ids *ids)
{
    const uint64_t hashes[] = {hash, ids->of[ID_REQUEST].hash, ids->of[ID_SESSION].hash};
    bool over = false;
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        over |=
            ended_has(&entities->ended, hashes[i]) || ended_has(&entities->ended_before, hashes[i]);
    return over;
}

/* Whether an event of the past tells of a session that ended later, and was forgotten since; or of
 * a request that was ever over. A session that nothing but the past had reached begins anew, as it
 * would have then. */
static bool is_over(const struct entities *entities, enum entity_kind kind,
                    const struct event_id *id, const struct event_ids *ids)
{
    if (kind == ENTITY_INTERVENTION)
        return request_was_over(entities, id->hash, ids);
    return ended_has(&entities->ended, id->hash);
}

static void fold_into(struct entities *entities, enum entity_kind kind,
                      const struct entity_facts *facts, uint64_t seq, int64_t row)
{
    const struct event_id id = key_of(kind, &facts->ids.of[kind], &facts->ids.of[ID_SESSION]);
    if (!id.text)
        return;
    int64_t held = heap_held();
    struct table_node *node = table_find(entities->tables[kind], id.text, id.hash);
    /* What is known may learn how it began: it is known to be over as well. */
    if (entities->past && !node && is_over(entities, kind, &id, &facts->ids))
        return;
    struct entity *entity = node ? from_node(node) : add(entities, kind, &id);
    if (entity) {
        table_touch(entities->tables[kind], &entity->node, entities->past);
        fold_common(entity, facts, seq, row);
        entity_classes[kind]->fold(entities, entity, facts);
    }
    entities->bytes[kind] += heap_held() - held;
}

static void fold_totals(struct entities *entities, const struct entity_facts *facts)
{
    /* What was created after it arrived was dated by a wrong clock. */
    int64_t ended_ms =
        facts->stamp.created_ms < facts->received_ms ? facts->stamp.created_ms : facts->received_ms;
    if (facts->outcome == OUTCOME_OK || facts->outcome == OUTCOME_FAILED)
        hour_add(&entities->hour, facts->now_ms, ended_ms, facts->outcome == OUTCOME_OK,
                 fact_number_or_unknown(facts, FACT_DURATION));
    const struct value *cost = &facts->values[FACT_COST];
    if (!facts->has[FACT_COST])
        return;
    costs_add(&entities->costs, cost->number, cost->text);
    spent_add(&entities->spent, facts->now_ms, ended_ms, cost->number, cost->text);
}

static void fold_all(struct entities *entities, const struct entity_facts *facts, uint64_t seq,
                     int64_t row)
{
    bool other = facts->entity != ENTITY_SESSION && facts->entity != ENTITY_OTHER;
    /* The session first: an intervention waits only as long as its session goes on. */
    fold_into(entities, ENTITY_SESSION, facts, seq, row);
    if (other)
        fold_into(entities, facts->entity, facts, seq, row);
    if (facts->entity == ENTITY_TASK)
        fold_totals(entities, facts);
    /* Not before both are folded: a request keeps its session, and itself when it waits. */
    entities_make_room(entities, ENTITY_SESSION);
    if (other)
        entities_make_room(entities, facts->entity);
}

void entities_fold(struct entities *entities, const struct entity_facts *facts, uint64_t seq,
                   int64_t row)
{
    fold_all(entities, facts, seq, row);
}

void entities_fold_past(struct entities *entities, const struct entity_facts *facts, int64_t row)
{
    entities->past = true;
    fold_all(entities, facts, 0, row);
    entities->past = false;
}

void entities_expect_past(struct entities *entities)
{
    entities->past_expected = true;
}

void entities_end_past(struct entities *entities)
{
    entities->past_expected = false;
    ended_free(&entities->ended);
    ended_free(&entities->ended_before);
}

bool entities_forget_rows(struct entities *entities, enum entity_kind kind, uint32_t slot,
                          uint32_t most)
{
    struct table *table = entities->tables[kind];
    for (; slot < table_slots(table) && most > 0; slot++, most--) {
        struct table_node *node = table_at(table, slot);
        if (node)
            from_node(node)->newest_row = 0;
    }
    return slot < table_slots(table);
}

const struct event_type *entity_newest_type(const struct entity *entity)
{
    return entity->newest_type ? &catalog[entity->newest_type - 1] : NULL;
}

size_t entities_count(const struct entities *entities, enum entity_kind kind)
{
    return table_count(entities->tables[kind]);
}

uint32_t entities_slots(const struct entities *entities, enum entity_kind kind)
{
    return table_slots(entities->tables[kind]);
}

const struct entity *entities_at(const struct entities *entities, enum entity_kind kind,
                                 uint32_t slot)
{
    struct table_node *node = table_at(entities->tables[kind], slot);
    return node ? from_node(node) : NULL;
}

const struct entity *entities_find(const struct entities *entities, enum entity_kind kind,
                                   const char *id)
{
    const struct event_id key = id_of(&entities->seed, (enum id_kind)kind, id);
    const struct table *table = entities->tables[kind];
    struct table_node *node = key.text ? table_find(table, key.text, key.hash) : NULL;
    /* Only requests are many with one id, and those take many buckets to look for. */
    if (!node && key.text && kind == ENTITY_INTERVENTION)
        node = table_alike(table, key.text, key.hash, NULL);
    return node ? from_node(node) : NULL;
}

const struct intervention *entities_find_request(const struct entities *entities,
                                                 const char *session, const char *id)
{
    const struct event_id own = id_of(&entities->seed, ID_REQUEST, id);
    const struct event_id of = id_of(&entities->seed, ID_SESSION, session);
    const struct event_id key = key_of(ENTITY_INTERVENTION, &own, &of);
    struct table_node *node =
        key.text ? table_find(entities->tables[ENTITY_INTERVENTION], key.text, key.hash) : NULL;
    return node ? (const struct intervention *)from_node(node) : NULL;
}

const struct hour *entities_hour(const struct entities *entities)
{
    return &entities->hour;
}

void entities_spent(const struct entities *entities, int64_t now_ms, struct costs *sum)
{
    spent_sum(&entities->spent, now_ms, sum);
}

const struct costs *entities_costs(const struct entities *entities)
{
    return &entities->costs;
}

/* A plain copy has pointers into the tables, which others change. */
static void detach(struct entity *entity)
{
    entity->node.chained = entity->node.newer = entity->node.older = NULL;
    if (entity->kind == ENTITY_SESSION)
        ((struct session *)entity)->open = NULL;
    if (entity->kind == ENTITY_INTERVENTION) {
        struct intervention *intervention = (struct intervention *)entity;
        intervention->open_in = NULL;
        intervention->open_previous = intervention->open_next = NULL;
    }
}

struct entity *entity_copy(const struct entity *entity)
{
    const struct entity_class *class = entity_classes[entity->kind];
    struct entity *copy = heap_take(class->size);
    if (!copy)
        return NULL;
    memcpy(copy, entity, class->size);
    detach(copy);
    copy->node.key = heap_text(entity->node.key, strlen(entity->node.key));
    if (members_own(class->members, class->member_count, copy, entity) && copy->node.key)
        return copy;
    entity_free(copy);
    return NULL;
}

static const char *session_named(const struct entity *entity)
{
    const char *session =
        entity->kind == ENTITY_INTERVENTION ? ((const struct intervention *)entity)->session : NULL;
    return session ? session : "";
}

static int by_id(const void *a, const void *b)
{
    const struct entity *const *one = a, *const *other = b;
    int order = strcmp(entity_id(*one), entity_id(*other));
    return order ? order : strcmp(session_named(*one), session_named(*other));
}

static void write_entity(const struct entity *entity, FILE *file)
{
    static const struct member common[] = {
        {"events", offsetof(struct entity, events), MEMBER_COUNT},
        {"first", offsetof(struct entity, first_ms), MEMBER_NUMBER},
        {"newest", offsetof(struct entity, newest), MEMBER_STAMP},
    };
    const struct entity_class *class = entity_classes[entity->kind];
    fprintf(file, "%s %s\n", entity_infos[entity->kind].name, entity_id(entity));
    members_write(common, sizeof common / sizeof *common, entity, file);
    members_write(class->members, class->member_count, entity, file);
}

static void write_table(const struct entities *entities, enum entity_kind kind, FILE *file)
{
    const struct entity **sorted = calloc(entities_count(entities, kind) + 1, sizeof *sorted);
    size_t count = 0;
    for (uint32_t slot = 0; sorted && slot < entities_slots(entities, kind); slot++) {
        const struct entity *entity = entities_at(entities, kind, slot);
        if (entity)
            sorted[count++] = entity;
    }
    if (count)
        qsort(sorted, count, sizeof *sorted, by_id);
    for (size_t i = 0; i < count; i++)
        write_entity(sorted[i], file);
    free(sorted);
}

void entities_write(const struct entities *entities, FILE *file)
{
    static const struct member totals[] = {
        {"cost", offsetof(struct entities, costs), MEMBER_COSTS},
    };
    for (size_t kind = 0; kind < ENTITY_TABLES; kind++)
        write_table(entities, (enum entity_kind)kind, file);
    for (size_t i = 0; i < entities_waiting(entities); i++)
        fprintf(file, "waiting %s\n", entity_id(&entities_waiting_at(entities, i)->entity));
    members_write(totals, sizeof totals / sizeof *totals, entities, file);
}
