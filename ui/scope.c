/*
 * The events of one entity.
 */
#include "scope.h"

#include <stdlib.h>
#include <string.h>

enum {
    PART = 2000,      /* new events that are looked at one by one; of more, all are found again */
    WALK_BYTES = 256, /* what a step of a walk costs, as turn_goes_on() counts */
};

void scope_set(struct scope *scope, enum entity_kind kind, const char *id)
{
    free(scope->id);
    *scope = (struct scope){.kind = kind, .id = id ? strdup(id) : NULL};
}

void scope_restart(struct scope *scope)
{
    scope->begun = false;
}

static struct event_ids ids_of(const struct scope *scope, const struct store *store)
{
    struct event_ids ids = {.of = {{.text = NULL}}};
    ids.of[scope->kind] = store_id(store, (enum id_kind)scope->kind, scope->id);
    return ids;
}

static struct chain_walk begin_walk(const struct scope *scope, struct store *store)
{
    struct event_ids ids = ids_of(scope, store);
    store_lock(store);
    struct chain_walk walk = store_walk(store, &ids);
    store_unlock(store);
    return walk;
}

/* The events of a range, newest first; returns how many. PART: there are more. */
static size_t collect(const struct scope *scope, struct store *store, struct rows_range range,
                      uint64_t *seqs)
{
    struct chain_walk walk = begin_walk(scope, store);
    size_t count = 0;
    for (bool ended = false; !ended;) {
        struct turn turn;
        turn_begin(&turn, store);
        do {
            uint64_t seq;
            ended = store_walk_next(store, &walk, &seq, 1) == 0 || seq < range.first;
            if (!ended && seq < range.end)
                seqs[count++] = seq;
            ended |= count == PART;
        } while (!ended && turn_goes_on(&turn, WALK_BYTES));
        turn_end(&turn);
    }
    return count;
}

/* Looks at some of so many events, from the last one, the oldest, on; returns how many. */
static size_t look_at(const uint64_t *seqs, size_t count, struct look *look,
                      struct rows_found *found)
{
    struct sieve *sieve = look->sieve;
    size_t places[SIEVE_ROWS], looked_at = 0;
    struct turn turn;
    turn_begin(&turn, sieve->store);
    sieve_prepare(sieve, look->now_ms);
    for (bool more = true; more && looked_at < count && !sieve_is_full(sieve); looked_at++) {
        size_t before = sieve->count;
        size_t bytes = sieve_take(sieve, seqs[count - 1 - looked_at]);
        if (sieve->count > before)
            places[before] = looked_at;
        more = turn_goes_on(&turn, bytes);
    }
    turn_end(&turn);
    size_t decided = sieve_decide(sieve, look->until_us);
    if (decided < sieve->count)
        looked_at = places[decided];
    for (size_t i = 0; i < decided; i++)
        if (sieve->rows[i].verdict == FILTER_ALWAYS)
            found->numbers[found->count++] = sieve->rows[i].seq;
    return looked_at;
}

size_t scope_look(const struct scope *scope, struct rows_range range, struct look *look,
                  struct rows_found *found)
{
    uint64_t seqs[PART];
    size_t count = collect(scope, look->sieve->store, range, seqs);
    size_t looked_at = count > 0 ? look_at(seqs, count, look, found) : 0;
    uint64_t end = looked_at < count ? seqs[count - 1 - looked_at] : range.end;
    return (size_t)(end - range.first);
}

/* What came since the last time; false when there is no time for all of it. */
static bool add_new(struct scope *scope, struct rows *rows, struct rows_range range,
                    struct look *look)
{
    uint64_t seqs[PART];
    range.first = scope->newest + 1;
    size_t count = collect(scope, look->sieve->store, range, seqs);
    scope->begun = count < PART;
    while (scope->begun && count > 0) {
        struct rows_found found = {.count = 0};
        if (!look_has_time(look))
            return false;
        count -= look_at(seqs, count, look, &found);
        for (size_t i = 0; i < found.count; i++)
            rows_add_newest(rows, found.numbers[i]);
        scope->newest = seqs[count];
    }
    return true;
}

/* Takes steps of a walk back: so many of those that began at `from` were made. */
static struct chain_walk walk_on(struct store *store, struct chain_walk from, size_t steps)
{
    uint64_t seqs[SIEVE_ROWS];
    while (steps > 0) {
        size_t part = steps < SIEVE_ROWS ? steps : SIEVE_ROWS;
        store_lock(store);
        size_t made = store_walk_next(store, &from, seqs, part);
        store_unlock(store);
        steps = made < part ? 0 : steps - part;
    }
    return from;
}

/* A part of the past; true when there is no more of it. */
static bool add_old(struct scope *scope, struct rows *rows, struct rows_range range,
                    struct look *look)
{
    struct sieve *sieve = look->sieve;
    struct chain_walk from = scope->older;
    size_t places[SIEVE_ROWS], steps = 0;
    bool ended = false;
    struct turn turn;
    turn_begin(&turn, sieve->store);
    sieve_prepare(sieve, look->now_ms);
    for (bool more = true; more && !sieve_is_full(sieve); steps++) {
        uint64_t seq;
        size_t before = sieve->count;
        ended = store_walk_next(sieve->store, &scope->older, &seq, 1) == 0;
        if (ended)
            break;
        size_t bytes = seq < range.end ? sieve_take(sieve, seq) : 0;
        if (sieve->count > before)
            places[before] = steps;
        more = turn_goes_on(&turn, bytes + WALK_BYTES);
    }
    turn_end(&turn);
    size_t decided = sieve_decide(sieve, look->until_us);
    for (size_t i = 0; i < decided; i++)
        if (sieve->rows[i].verdict == FILTER_ALWAYS)
            rows_add_oldest(rows, sieve->rows[i].seq);
    if (decided == sieve->count)
        return ended;
    scope->older = walk_on(sieve->store, from, places[decided]);
    return false;
}

bool scope_update(struct scope *scope, struct rows *rows, struct rows_range range,
                  struct look *look)
{
    rows_trim(rows, range);
    if (scope->begun && !add_new(scope, rows, range, look))
        return false;
    if (!scope->begun) {
        rows_reset(rows, true);
        scope->begun = true;
        scope->newest = range.end - 1;
        scope->older = begin_walk(scope, look->sieve->store);
    }
    while (look_has_time(look))
        if (add_old(scope, rows, range, look))
            return true;
    return false;
}
