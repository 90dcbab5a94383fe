/*
 * A filter at work on the store: see matcher.h.
 */
#include "matcher.h"

#include <stdlib.h>

#include "entity_event.h"

enum {
    CACHE_LINE = 64,
    /* How many events ahead their bytes are asked for. The past is searched backwards, which
     * processors do not foresee for pieces of a kilobyte. */
    AHEAD = 2,
    AHEAD_BYTES = 4096, /* of one event; the processor sees the rest coming by itself */
};

void matcher_set(struct matcher *matcher, const struct filter *filter)
{
    matcher->filter = filter;
    matcher->type_count = 0;
    matcher->reads_text = filter_cost(filter) >= FILTER_COST_TEXT;
}

void matcher_free(struct matcher *matcher)
{
    filter_scratch_free(&matcher->scratch);
    *matcher = (struct matcher){0};
}

/* The last number stands for all types that came too late for one of their own. */
static const char *type_name(const struct store *store, size_t number)
{
    return number < STORE_MAX_TYPES - 1 ? store_type(store, number)->name : NULL;
}

void matcher_prepare(struct matcher *matcher, const struct store *store, int64_t now_ms)
{
    matcher->now_ms = now_ms;
    for (; matcher->type_count < store_type_count(store); matcher->type_count++) {
        const struct store_type *row = store_type(store, matcher->type_count);
        const char *name = type_name(store, matcher->type_count);
        matcher->names[matcher->type_count] = name;
        const struct filter_type type = {
            .name = name,
            .entity = row->entity,
            .outcome = row->outcome,
        };
        matcher->verdicts[matcher->type_count] = (uint8_t)filter_verdict(matcher->filter, &type);
    }
}

static bool depends(const struct matcher *matcher, const struct ring *ring, uint64_t seq)
{
    return matcher->verdicts[ring_type(ring, seq)] == FILTER_DEPENDS;
}

static void fetch_ahead(const struct matcher *matcher, const struct ring *ring, uint64_t seq)
{
    if (seq < ring_first(ring) + AHEAD || !depends(matcher, ring, seq - AHEAD))
        return;
    size_t length = ring_at(ring, seq - AHEAD)->length;
    const char *raw = ring_raw(ring, seq - AHEAD);
    for (size_t at = 0; at < length && at < AHEAD_BYTES; at += CACHE_LINE)
        __builtin_prefetch(raw + at);
}

/* Whether an intervention waits. The context is the store. */
static bool is_waiting(const void *context, const char *session_id, const char *request_id)
{
    struct store *const *store = context;
    store_lock(*store);
    bool waits = entities_is_waiting(store_entities(*store), session_id, request_id);
    store_unlock(*store);
    return waits;
}

enum filter_verdict matcher_glance(struct matcher *matcher, const struct store *store, uint64_t seq)
{
    const struct ring *ring = store_ring(store);
    size_t type = ring_type(ring, seq);

    if (matcher->verdicts[type] != FILTER_DEPENDS)
        return matcher->verdicts[type];
    if (matcher->reads_text)
        fetch_ahead(matcher, ring, seq);
    const struct filter_subject subject = {
        .raw = ring_raw(ring, seq),
        .record = ring_at(ring, seq),
        .type = matcher->names[type],
        .now_ms = matcher->now_ms,
    };
    return filter_glance(matcher->filter, &subject, &matcher->scratch);
}

bool matcher_match(struct matcher *matcher, struct store *store, const struct ring_record *record,
                   const char *raw)
{
    uint8_t verdict = matcher->verdicts[record->type];
    if (verdict != FILTER_DEPENDS)
        return verdict == FILTER_ALWAYS;
    const struct filter_subject subject = {
        .raw = raw,
        .record = record,
        .type = matcher->names[record->type],
        .now_ms = matcher->now_ms,
        .waiting = is_waiting,
        .context = &store,
    };
    return filter_match(matcher->filter, &subject, &matcher->scratch);
}

bool matcher_match_recalled(struct matcher *matcher, struct store *store,
                            const struct recalled *event)
{
    const struct filter_subject subject = {
        .raw = event->raw,
        .record = &event->record,
        .type = event->event->type,
        .event = event->event,
        .now_ms = matcher->now_ms,
        .waiting = is_waiting,
        .context = &store,
    };
    return filter_match(matcher->filter, &subject, &matcher->scratch);
}

/* The same under the lock. */
static bool is_waiting_here(const void *entities, const char *session_id, const char *request_id)
{
    return entities_is_waiting(entities, session_id, request_id);
}

bool matcher_match_entity(struct matcher *matcher, const struct store *store,
                          const struct entity *entity)
{
    struct ring_record record;
    char *raw = entity_event(entity, &record);
    if (!raw)
        return false;
    const struct filter_subject subject = {
        .raw = raw,
        .record = &record,
        .type = entity_newest_type(entity)->name,
        .now_ms = matcher->now_ms,
        .waiting = is_waiting_here,
        .context = store_entities(store),
    };
    bool wanted = filter_match(matcher->filter, &subject, &matcher->scratch);
    free(raw);
    return wanted;
}
