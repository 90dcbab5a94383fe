/*
 * Which entities are forgotten when there are too many: see entity.h.
 */
#include "entity_private.h"
#include "heap.h"

static bool has_ended(const struct entity *entity)
{
    const struct intervention *request = (const struct intervention *)entity;
    if (entity->kind == ENTITY_SESSION)
        return stamp_known(&((const struct session *)entity)->end.at);
    return entity->kind == ENTITY_INTERVENTION &&
           (intervention_state(request) == INTERVENTION_RESOLVED ||
            intervention_state(request) == INTERVENTION_ABANDONED);
}

static void forget(struct entities *entities, enum entity_kind kind, struct table_node *node)
{
    int64_t held = heap_held();
    if (entities->past_expected && has_ended(from_node(node)))
        ended_add(node->past ? &entities->ended_before : &entities->ended, node->hash);
    if (entity_classes[kind]->forget)
        entity_classes[kind]->forget(entities, from_node(node));
    table_remove(entities->tables[kind], node);
    entity_free(from_node(node));
    entities->bytes[kind] += heap_held() - held;
}

/* The next to go: of the kind that takes most bytes, the least recently changed. NULL when all of
 * them are kept whatever happens, or were changed by more than the past, if that is asked. */
static struct table_node *choose(const struct entities *entities, bool past, enum entity_kind *kind)
{
    struct table_node *chosen = NULL;
    for (int i = 0; i < ENTITY_TABLES; i++) {
        struct table_node *oldest = table_oldest(entities->tables[i]);
        if (!oldest || (past && !oldest->past) ||
            (chosen && entities->bytes[i] <= entities->bytes[*kind]))
            continue;
        chosen = oldest;
        *kind = (enum entity_kind)i;
    }
    return chosen;
}

void entities_make_room(struct entities *entities, enum entity_kind kind)
{
    struct table_node *node;
    while (table_count(entities->tables[kind]) > entities->limit &&
           (node = table_oldest(entities->tables[kind])))
        forget(entities, kind, node);
    while ((int64_t)entities_bytes(entities) > entities->bytes_limit) {
        /* The past is never remembered at the expense of what came after it. */
        node = entities->past ? choose(entities, true, &kind) : NULL;
        if (!node)
            node = choose(entities, false, &kind);
        if (!node)
            return;
        forget(entities, kind, node);
    }
}
