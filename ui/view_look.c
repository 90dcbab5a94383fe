/*
 * Views: finding the rows that pass their filter.
 */
#include "view_look.h"

#include <string.h>

#include "../src/clock.h"
#include "../src/moment.h"
#include "look.h"

enum {
    LOOK_US = 4000,     /* that one call looks at rows, more or less */
    LARGE_TABLE = 5000, /* one that is sorted again only now and then */
    LARGE_TABLE_MS = 300,
    AGED_TABLE_MS = 1000,   /* how often one is gathered again because time passes */
    ENTITY_BYTES = 1 << 10, /* what reading an entity costs, as turn_goes_on() counts */
    DELIVERY_BYTES = 4 << 10,
};

struct log_bounds view_log_bounds(const struct view *view, struct store *store)
{
    const struct log_ops *log = view->class->log;
    struct log_bounds bounds = {.first_row = 0};
    store_lock(store);
    bounds.range = log->range(store);
    if (log->journal_row)
        bounds.first_row = log->journal_row(store, bounds.range.first);
    bounds.journal = store_journal(store);
    store_unlock(store);
    return bounds;
}

/* The rows that the view may show: all, or those there were when it was paused. */
static struct rows_range visible_range(const struct view *view, struct rows_range range)
{
    if (view->paused && range.end > view->paused_end)
        range.end = view->paused_end;
    if (range.first > range.end)
        range.first = range.end;
    return range;
}

void view_prepare(struct view *view, struct store *store, int64_t now_ms)
{
    view->sieve.store = store;
    view->sieve.matcher = view->filter ? &view->matcher : NULL;
    view->sieve.shown = view->class->log ? view->types.shown : NULL;
    store_lock(store);
    if (view->filter)
        matcher_prepare(&view->matcher, store, now_ms);
    if (view->class->log)
        view->class->log->prepare(view, store);
    store_unlock(store);
}

/* A pass over a log's rows. */
struct log_look {
    struct look look;
    struct view *view;
    struct store *store;
};

static struct log_look begin_look(struct view *view, struct store *store, int64_t now_ms)
{
    return (struct log_look){
        .look = {.sieve = &view->sieve, .now_ms = now_ms, .until_us = clock_steady_us() + LOOK_US},
        .view = view,
        .store = store,
    };
}

/* Rows that are no events, which are looked at under the lock: they are small. */
static size_t look_at_deliveries(struct log_look *look, struct rows_range range, bool backwards,
                                 struct rows_found *found)
{
    const struct log_ops *log = look->view->class->log;
    size_t looked_at = 0, all = (size_t)(range.end - range.first);
    struct turn turn;
    turn_begin(&turn, look->store);
    for (bool more = true; more && looked_at < all && found->count < ROWS_FOUND; looked_at++) {
        uint64_t number = backwards ? range.end - 1 - looked_at : range.first + looked_at;
        if (log->match(look->view, look->store, number, look->look.now_ms))
            found->numbers[found->count++] = number;
        more = turn_goes_on(&turn, DELIVERY_BYTES);
    }
    turn_end(&turn);
    return looked_at;
}

static size_t look_at_rows(void *context, struct rows_range range, bool backwards,
                           struct rows_found *found)
{
    struct log_look *look = context;
    if (!look_has_time(&look->look))
        return 0;
    return look->view->class->log->match ? look_at_deliveries(look, range, backwards, found)
                                         : look_at_events(&look->look, range, backwards, found);
}

bool view_look(struct view *view, struct store *store, const struct log_bounds *bounds,
               int64_t now_ms)
{
    struct log_look look = begin_look(view, store, now_ms);
    struct rows *rows = &view->matches.rows;
    const struct matches_pass pass = {
        .range = visible_range(view, bounds->range),
        .generation = store_generation(store),
        .now_ms = now_ms,
    };
    view_prepare(view, store, now_ms);
    if (view->scope.id) {
        /* One entity's events are so few that they are there again in the same frame. */
        if (!view->paused && matches_due(&view->matches, pass.generation, now_ms))
            scope_restart(&view->scope);
        return scope_update(&view->scope, rows, pass.range, &look.look);
    }
    return view->paused ? rows_update(rows, pass.range, look_at_rows, &look)
                        : matches_update(&view->matches, &pass, look_at_rows, &look);
}

bool view_count_held_back(struct view *view, struct store *store, int64_t now_ms)
{
    if (!view->paused || !view->class->log)
        return true;
    struct rows_range range = view_log_bounds(view, store).range;
    if (!view->matches.rows.filtered) {
        view->held_back = range.end - view->paused_end;
        return true;
    }
    struct log_look look = begin_look(view, store, now_ms);
    view_prepare(view, store, now_ms);
    while (view->held_back_end < range.end && look_has_time(&look.look)) {
        struct rows_found found = {.count = 0};
        const struct rows_range rest = {view->held_back_end, range.end};
        view->held_back_end += view->scope.id ? scope_look(&view->scope, rest, &look.look, &found)
                                              : look_at_rows(&look, rest, false, &found);
        view->held_back += found.count;
    }
    return view->held_back_end == range.end;
}

bool view_passes(struct view *view, struct store *store, uint64_t number, int64_t now_ms)
{
    struct log_look look = begin_look(view, store, now_ms);
    struct rows_found found = {.count = 0};
    struct rows_range range = view_log_bounds(view, store).range;
    view_prepare(view, store, now_ms);
    if (visible_range(view, range).end <= number)
        return false;
    look_at_rows(&look, (struct rows_range){number, number + 1}, false, &found);
    return number < range.first || found.count > 0;
}

/* (locked) Whether an entity is shown whose newest event memory has let go of. */
static bool is_wanted_forgotten(struct view *view, const struct entity *entity, uint32_t slot)
{
    /* Where no journal can be asked, what is known of it has to do. */
    return view->asked.past && entity->newest_row > 0
               ? asked_look_up(&view->asked, slot, entity->newest_row)
               : matcher_match_entity(&view->matcher, view->sieve.store, entity);
}

/* (locked) Takes an entity down: it is shown for its newest event, wherever that is. */
static size_t take_entity(struct view *view, const struct entity *entity, uint32_t slot)
{
    struct sieve *sieve = &view->sieve;
    size_t before = sieve->count, bytes = 0;
    if (!view->filter)
        sieve_put(sieve, 0, FILTER_ALWAYS);
    else if (!ring_at(store_ring(sieve->store), entity->newest_seq))
        sieve_put(sieve, 0, is_wanted_forgotten(view, entity, slot) ? FILTER_ALWAYS : FILTER_NEVER);
    else
        bytes = sieve_take(sieve, entity->newest_seq);
    if (sieve->count == before)
        sieve_put(sieve, entity->newest_seq, FILTER_NEVER);
    return bytes;
}

/* A turn's worth of a table. */
struct gathered {
    struct sorted_row row;
    int64_t journal_row; /* of its newest event, or 0 */
};

static void take_row(struct view *view, const struct entity *entity, uint32_t slot, int64_t now_ms,
                     struct gathered *gathered)
{
    struct sorted_row *row = &gathered->row;
    *row = (struct sorted_row){.serial = entity->node.serial, .slot = slot};
    sort_key_read(&row->key, view->fields[view->sort], entity, now_ms);
    sort_key_read(&row->then, view->fields[view->class->then], entity, now_ms);
    gathered->journal_row = entity->newest_row;
}

/* Takes entities down for a turn, from the next slot on; returns how many slots there are. */
static uint32_t take_some(struct view *view, struct store *store, int64_t now_ms,
                          struct gathered *gathered)
{
    struct sieve *sieve = &view->sieve;
    uint32_t *slot = &view->sorted.next_slot;
    struct turn turn;
    turn_begin(&turn, store);
    sieve_prepare(sieve, now_ms);
    const struct entities *entities = store_entities(store);
    uint32_t slots = entities_slots(entities, view->class->kind);
    for (bool more = true; more && *slot < slots && !sieve_is_full(sieve); ++*slot) {
        const struct entity *entity = entities_at(entities, view->class->kind, *slot);
        size_t bytes = 0;
        if (entity) {
            bytes = ENTITY_BYTES + take_entity(view, entity, *slot);
            take_row(view, entity, *slot, now_ms, &gathered[sieve->count - 1]);
        }
        more = turn_goes_on(&turn, bytes);
    }
    turn_end(&turn);
    return slots;
}

/* Goes on gathering for a turn. Returns whether all slots were seen. */
static bool gather_some(struct view *view, struct store *store, int64_t now_ms, int64_t until_us)
{
    struct sieve *sieve = &view->sieve;
    struct gathered gathered[SIEVE_ROWS];
    uint32_t slots = take_some(view, store, now_ms, gathered);
    size_t decided = sieve_decide(sieve, until_us);
    for (size_t i = 0; i < decided; i++) {
        const struct sieve_row *taken = &sieve->rows[i];
        bool passes = taken->verdict == FILTER_ALWAYS;
        if (taken->seq)
            asked_tell(&view->asked, gathered[i].row.slot, gathered[i].journal_row, passes);
        if (passes)
            sorted_add(&view->sorted, &gathered[i].row); /* a part is better than none */
    }
    if (decided < sieve->count)
        view->sorted.next_slot = gathered[decided].row.slot;
    return view->sorted.next_slot >= slots;
}

/* How many milliseconds from now a table may be gathered again: a large one, which takes its time,
 * not with each event. */
static int rest_ms(const struct view *view, int64_t now_ms)
{
    int64_t passed_ms = now_ms - view->gathered_ms; /* below 0 when the clock was set back */
    bool rests = view->sorted.count > LARGE_TABLE && view->gathered_generation != UINT64_MAX &&
                 passed_ms >= 0 && passed_ms < LARGE_TABLE_MS;
    return rests ? (int)(LARGE_TABLE_MS - passed_ms) : 0;
}

/* The same for one that only time makes stale, or -1. */
static int aging_ms(const struct view *view, int64_t now_ms)
{
    unsigned changes = view_changes(view);
    int64_t left_ms, passed_ms = now_ms - view->gathered_ms;
    if (changes & FILTER_CHANGES_IN_TIME)
        left_ms = AGED_TABLE_MS - passed_ms;
    else if (changes & FILTER_CHANGES_BY_DAY)
        left_ms = moment_today(view->gathered_ms).last_ms + 1 - now_ms;
    else
        return -1;
    return left_ms < 0 || passed_ms < 0 ? 0 : (int)left_ms; /* the clock may be set back */
}

int view_gather_wait_ms(const struct view *view, const struct store *store, int64_t now_ms)
{
    uint64_t generation = store_generation(store);
    int rest = rest_ms(view, now_ms), wait = aging_ms(view, now_ms);
    if (generation != view->gathered_generation)
        return rest;
    int asked = asked_wait_ms(&view->asked, generation, now_ms);
    if (wait < 0 || (asked >= 0 && asked < wait))
        wait = asked;
    return wait >= 0 && wait < rest ? rest : wait;
}

static bool is_due(const struct view *view, const struct store *store, int64_t now_ms)
{
    uint64_t generation = store_generation(store);
    bool asks =
        asked_left(&view->asked) == 0 && asked_wait_ms(&view->asked, generation, now_ms) == 0;
    bool stale = generation != view->gathered_generation || aging_ms(view, now_ms) == 0 || asks;
    return stale && !view->paused && rest_ms(view, now_ms) == 0;
}

bool view_gather(struct view *view, struct store *store, int64_t now_ms)
{
    int64_t until_us = clock_steady_us() + LOOK_US;
    bool whole = false;
    if (!view->sorted.gathering) {
        if (!is_due(view, store, now_ms))
            return !asked_is_busy(&view->asked);
        view->gathered_generation = store_generation(store);
        view->gathered_ms = now_ms;
        sorted_begin(&view->sorted);
        store_lock(store);
        unsigned journal = store_journal(store);
        uint32_t slots = entities_slots(store_entities(store), view->class->kind);
        store_unlock(store);
        asked_begin(&view->asked, view->gathered_generation, journal, now_ms);
        if (view->filter)
            asked_reserve(&view->asked, slots);
    }
    view_prepare(view, store, now_ms);
    do
        whole = gather_some(view, store, now_ms, until_us);
    while (!whole && clock_steady_us() < until_us);
    if (whole)
        sorted_finish(&view->sorted, view->descending,
                      view->class->columns[view->class->then].descending);
    return whole && !asked_is_busy(&view->asked);
}
