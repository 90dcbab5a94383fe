/*
 * The events of one entity.
 */
#include "scope.h"

#include <stdlib.h>
#include <string.h>

enum { PART = 2000 }; /* steps of a walk under one lock: a fifth of a millisecond */

void scope_set(struct scope *scope, enum entity_kind kind, const char *id)
{
    free(scope->id);
    *scope = (struct scope){.kind = kind, .id = id ? strdup(id) : NULL};
}

void scope_restart(struct scope *scope)
{
    scope->begun = false;
}

static struct chain_walk walk_of(const struct scope *scope, const struct store *store)
{
    struct event_ids ids = {.of = {{.text = NULL}}};
    ids.of[scope->kind] = store_id(store, (enum id_kind)scope->kind, scope->id);
    return store_walk(store, &ids);
}

/* (locked) What came since the last time; false when that is too much for one part. */
static bool add_new(struct scope *scope, const struct store *store, struct rows *rows,
                    struct rows_range range, rows_match *match, const void *context)
{
    uint64_t seqs[PART];
    struct chain_walk walk = walk_of(scope, store);
    size_t count = store_walk_next(store, &walk, seqs, PART), fresh = 0;
    while (fresh < count && seqs[fresh] > scope->newest)
        fresh++;
    if (fresh == PART)
        return false;
    while (fresh-- > 0) {
        if (seqs[fresh] >= range.end) /* came after the pause */
            break;
        if (match(context, seqs[fresh]))
            rows_add_newest(rows, seqs[fresh]);
        scope->newest = seqs[fresh];
    }
    return true;
}

/* (locked) A part of the past; true when there is no more of it. */
static bool add_old(struct scope *scope, const struct store *store, struct rows *rows,
                    struct rows_range range, rows_match *match, const void *context)
{
    uint64_t seqs[PART];
    size_t count = store_walk_next(store, &scope->older, seqs, PART);
    for (size_t i = 0; i < count; i++)
        if (seqs[i] < range.end && match(context, seqs[i]))
            rows_add_oldest(rows, seqs[i]);
    return count < PART;
}

bool scope_update(struct scope *scope, const struct store *store, struct rows *rows,
                  struct rows_range range, rows_match *match, const void *context)
{
    rows_trim(rows, range);
    if (scope->begun && !add_new(scope, store, rows, range, match, context))
        scope->begun = false;
    if (!scope->begun) {
        rows_reset(rows, true);
        scope->begun = true;
        scope->newest = range.end - 1;
        scope->older = walk_of(scope, store);
    }
    return add_old(scope, store, rows, range, match, context);
}
