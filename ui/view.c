/*
 * Views: what is the same for all of them.
 */
#include "view.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BARE_BUDGET = 100000, /* rows of a log to look at under one lock, without an expression */
    TABLE_BUDGET = 4000,  /* entities, whose sort keys cost more */
    LARGE_TABLE = 5000,   /* one that is sorted again only now and then */
    LARGE_TABLE_MS = 300,
    AGED_TABLE_MS = 1000, /* how often one is gathered again because time passes */
};

static const struct view_class *const classes[VIEWS] = {
    [VIEW_EVENTS] = &view_events,         [VIEW_TASKS] = &view_tasks,
    [VIEW_SESSIONS] = &view_sessions,     [VIEW_INTERVENTIONS] = &view_interventions,
    [VIEW_BATCHES] = &view_batches,       [VIEW_IDENTITIES] = &view_identities,
    [VIEW_DELIVERIES] = &view_deliveries,
};

const struct view_class *view_class(enum view_id id)
{
    return classes[id];
}

enum view_id view_find(const char *name)
{
    int id = 0;
    while (id < VIEWS && strcmp(classes[id]->name, name) != 0)
        id++;
    return (enum view_id)id;
}

enum view_id view_of_entity(enum entity_kind kind)
{
    int id = 0;
    while (id < VIEWS && (classes[id]->log || classes[id]->kind != kind))
        id++;
    return id < VIEWS ? (enum view_id)id : VIEW_EVENTS;
}

void view_init(struct view *view, enum view_id id)
{
    const struct view_class *class = classes[id];
    *view = (struct view){.class = class, .follow = true, .sort = class->sort};
    view->descending = class->columns[class->sort].descending;
    view->gathered_generation = UINT64_MAX;
    for (size_t i = 0; i < class->column_count; i++)
        if (class->columns[i].field)
            view->fields[i] = entity_field_find(class->kind, class->columns[i].field);
    view_filter_changed(view);
}

void view_free(struct view *view)
{
    matches_free(&view->matches);
    sorted_free(&view->sorted);
    for (size_t i = 0; i < view->window_capacity; i++) {
        store_copy_free(&view->window[i].copy);
        entity_free(view->window[i].entity);
    }
    free(view->window);
    scope_set(&view->scope, ENTITY_TASK, NULL);
    filter_free(view->filter);
    matcher_free(&view->matcher);
    view->window = NULL;
    view->window_count = view->window_capacity = 0;
}

size_t view_count(const struct view *view)
{
    return view->class->log ? rows_count(&view->matches.rows) : view->sorted.count;
}

uint64_t view_number(const struct view *view, size_t index)
{
    return view->class->log ? rows_at(&view->matches.rows, index) : view->sorted.rows[index].serial;
}

size_t view_index(const struct view *view, uint64_t number)
{
    return view->class->log ? rows_find(&view->matches.rows, number)
                            : sorted_find(&view->sorted, number, view->index);
}

static bool has_filter(const struct view *view)
{
    const struct type_filter *types = &view->types;
    bool any = types->failures_only || view->scope.id || view->filter;
    for (size_t i = 0; i < ENTITY_KINDS; i++)
        any |= types->hide_family[i];
    for (size_t i = 0; i < TYPE_WORDS; i++)
        any |= types->hidden[i] != 0;
    return any;
}

static unsigned changes(const struct view *view)
{
    return view->filter ? filter_changes(view->filter) : 0;
}

void view_filter_changed(struct view *view)
{
    matches_reset(&view->matches, has_filter(view), changes(view));
    scope_restart(&view->scope);
    view->gathered_generation = UINT64_MAX;
    view->sorted.gathering = false;
}

void view_set_filter(struct view *view, struct filter *filter)
{
    filter_free(view->filter);
    bool empty = filter && filter_cost(filter) == FILTER_COST_NONE;
    if (empty)
        filter_free(filter);
    view->filter = empty ? NULL : filter;
    if (view->filter)
        matcher_set(&view->matcher, view->filter);
    view_filter_changed(view);
}

const char *view_expression(const struct view *view)
{
    return view->filter ? filter_text(view->filter) : "";
}

void view_set_scope(struct view *view, enum entity_kind kind, const char *id)
{
    /* Among other rows the selection has no meaning; when only a filter goes, it stays. */
    view->follow |= id || view->scope.id;
    scope_set(&view->scope, kind, id);
    view_filter_changed(view);
}

struct match_context {
    struct view *view;
    const struct store *store;
    int64_t now_ms;
};

static bool match_row(const void *context, uint64_t number)
{
    const struct match_context *match = context;
    return match->view->class->log->match(match->view, match->store, number, match->now_ms);
}

/* (locked) Prepares a pass over rows. */
static void prepare(struct view *view, const struct store *store, int64_t now_ms)
{
    if (view->filter)
        matcher_prepare(&view->matcher, store, now_ms);
    if (view->class->log)
        view->class->log->prepare(view, store);
}

bool view_wants_event(struct view *view, const struct store *store, uint64_t seq)
{
    if (!view->filter)
        return true;
    return seq >= ring_first(store_ring(store)) && matcher_match(&view->matcher, store, seq);
}

/* The rows that the view may show: all, or those there were when it was paused. */
static struct rows_range visible_range(const struct view *view, const struct store *store)
{
    struct rows_range range = view->class->log->range(store);
    if (view->paused) {
        range.end = view->paused_end;
        if (range.first > range.end)
            range.first = range.end;
    }
    return range;
}

/* Keeps the selection on its row while others come and go around it, and in sight. */
static void keep_selection(struct view *view)
{
    size_t count = view_count(view);
    size_t distance = view->index - view->top; /* stays where it is on the screen */
    size_t height = view->height > 0 ? (size_t)view->height : 1;
    size_t index = view->follow ? 0 : view_index(view, view->selected);
    if (index >= count) {
        /* Not found. It may be when all has been looked at; until then its number is kept, and the
         * last row, or in a table the one that is in its place, stands in for it. */
        size_t last = count ? count - 1 : 0;
        index = view->class->log || view->index > last ? last : view->index;
        if (!view->searching && count)
            view->selected = view_number(view, index);
    } else {
        view->selected = view_number(view, index);
    }
    if (distance >= height)
        distance = height - 1;
    view->index = index;
    view->top = index > distance ? index - distance : 0;
    if (view->top + height > count)
        view->top = count > height ? count - height : 0;
}

static bool reserve_window(struct view *view, size_t wanted)
{
    if (wanted <= view->window_capacity)
        return true;
    struct view_row *window = realloc(view->window, wanted * sizeof *window);
    if (!window)
        return false;
    memset(window + view->window_capacity, 0, (wanted - view->window_capacity) * sizeof *window);
    view->window = window;
    view->window_capacity = wanted;
    return true;
}

/* (locked) Copies an entity, reusing the copy that the row has when nothing has changed. */
static bool load_entity(const struct view *view, const struct store *store, size_t index,
                        struct view_row *row)
{
    const struct sorted_row *sorted = &view->sorted.rows[index];
    const struct entity *entity =
        entities_at(store_entities(store), view->class->kind, sorted->slot);
    entity_free(row->entity);
    row->entity = entity && entity->node.serial == sorted->serial ? entity_copy(entity) : NULL;
    return row->entity != NULL;
}

static void load_window(struct view *view, const struct store *store)
{
    size_t count = view_count(view);
    size_t wanted = view->height > 0 ? (size_t)view->height : 0;
    if (wanted > count - view->top)
        wanted = count - view->top;
    view->window_count = 0;
    if (!reserve_window(view, wanted))
        return;
    for (size_t i = 0; i < wanted; i++) {
        struct view_row *row = &view->window[i];
        uint64_t number = view_number(view, view->top + i);
        /* What a log's row shows never changes while it stays in place, but for an event's
         * duplicates, and those are not in the list. */
        if (view->class->log && row->number == number && row->present)
            continue;
        row->number = number;
        row->present = view->class->log ? view->class->log->load(store, number, row)
                                        : load_entity(view, store, view->top + i, row);
    }
    view->window_count = wanted;
}

/* (locked) */
static bool update_log(struct view *view, const struct store *store, int64_t now_ms)
{
    struct match_context context = {view, store, now_ms};
    const struct matches_pass pass = {
        .range = visible_range(view, store),
        .generation = store_generation(store),
        .now_ms = now_ms,
        .budget = view->filter ? matcher_budget(view->filter) : BARE_BUDGET,
    };
    prepare(view, store, now_ms);
    if (view->scope.id) {
        /* One entity's events are so few that they are there again in the same frame. */
        if (!view->paused && matches_due(&view->matches, pass.generation, now_ms))
            scope_restart(&view->scope);
        return scope_update(&view->scope, store, &view->matches.rows, pass.range, match_row,
                            &context);
    }
    if (view->paused)
        return rows_update(&view->matches.rows, pass.range, match_row, &context, pass.budget);
    return matches_update(&view->matches, &pass, match_row, &context);
}

/* (locked) What a field is sorted by: its rank, else its number, else the beginning of its text. */
static void sort_key(const struct entity_field *field, const struct entity *entity, int64_t now_ms,
                     struct sort_key *key)
{
    struct entity_value value;
    if (field->rank) {
        *key = (struct sort_key){.present = true, .number = field->rank(entity)};
        return;
    }
    key->present = entity_field_get(field, entity, now_ms, &value);
    if (!key->present)
        return;
    key->number = value.value.number;
    /* Text that is a number in words, such as "$1.20", has the number beside it. */
    key->textual = value.value.text && value.value.number == 0;
    if (key->textual)
        snprintf(key->text, sizeof key->text, "%s", value.value.text);
}

static bool gather_row(const void *context, uint32_t slot, struct sorted_row *row)
{
    const struct match_context *gather = context;
    const struct view_class *class = gather->view->class;
    const struct entity *entity = entities_at(store_entities(gather->store), class->kind, slot);
    if (!entity || !view_wants_event(gather->view, gather->store, entity->last_seq))
        return false;
    *row = (struct sorted_row){.serial = entity->node.serial};
    sort_key(gather->view->fields[gather->view->sort], entity, gather->now_ms, &row->key);
    sort_key(gather->view->fields[class->then], entity, gather->now_ms, &row->then);
    return true;
}

/* (locked) Returns whether the table was gathered whole and is to be sorted. */
static bool gather_table(struct view *view, const struct store *store, int64_t now_ms)
{
    struct sorted *sorted = &view->sorted;
    uint64_t generation = store_generation(store);
    bool large = sorted->count > LARGE_TABLE;
    if (!sorted->gathering) {
        int64_t passed_ms = now_ms - view->gathered_ms; /* below 0 when the clock was set back */
        bool early = large && passed_ms < LARGE_TABLE_MS && passed_ms >= 0 &&
                     view->gathered_generation != UINT64_MAX;
        bool aged = (changes(view) & FILTER_CHANGES_IN_TIME) &&
                    (passed_ms >= AGED_TABLE_MS || passed_ms < 0);
        if (view->paused || (generation == view->gathered_generation && !aged) || early)
            return false;
        view->gathered_generation = generation;
        view->gathered_ms = now_ms;
        sorted_begin(sorted);
    }
    struct match_context context = {view, store, now_ms};
    prepare(view, store, now_ms);
    return sorted_gather_some(sorted, entities_slots(store_entities(store), view->class->kind),
                              gather_row, &context, TABLE_BUDGET);
}

bool view_update(struct view *view, struct store *store, int height, int64_t now_ms)
{
    bool whole;
    view->height = height;
    store_lock(store);
    if (view->class->log) {
        whole = update_log(view, store, now_ms);
        view->searching = !whole && !view->matches.looking_again;
    } else {
        if (gather_table(view, store, now_ms)) {
            store_unlock(store);
            sorted_finish(&view->sorted, view->descending,
                          view->class->columns[view->class->then].descending);
            store_lock(store);
        }
        view->searching = view->sorted.gathering;
        whole = !view->searching;
    }
    keep_selection(view);
    load_window(view, store);
    store_unlock(store);
    return whole;
}

int view_wait_ms(const struct view *view, const struct store *store, int64_t now_ms)
{
    if (view->paused)
        return -1;
    if (view->class->log)
        return matches_wait_ms(&view->matches, store_generation(store), now_ms);
    if (!(changes(view) & FILTER_CHANGES_IN_TIME))
        return -1;
    int64_t passed = now_ms - view->gathered_ms;
    return passed >= 0 && passed < AGED_TABLE_MS ? (int)(AGED_TABLE_MS - passed) : 0;
}

uint64_t view_waiting(struct view *view, const struct store *store, uint64_t limit, int64_t now_ms)
{
    if (!view->paused || !view->class->log)
        return 0;
    struct rows_range range = view->class->log->range(store);
    uint64_t from = view->paused_end > range.first ? view->paused_end : range.first;
    if (!view->matches.rows.filtered)
        return range.end - from;
    uint64_t count = 0;
    prepare(view, store, now_ms);
    struct match_context context = {view, store, now_ms};
    for (uint64_t number = from; number < range.end && limit > 0; number++, limit--)
        count += match_row(&context, number);
    return count;
}

void view_move(struct view *view, long rows)
{
    size_t count = view_count(view);
    if (count == 0)
        return;
    size_t last = count - 1, index = view->index > last ? last : view->index;
    if (rows < 0)
        index = rows == LONG_MIN || (size_t)-rows > index ? 0 : index - (size_t)-rows;
    else
        index = (size_t)rows > last - index ? last : index + (size_t)rows;
    view->index = index;
    view->follow = index == 0 && (view->class->log || rows == LONG_MIN);
    view->selected = view_number(view, index);
    size_t height = view->height > 0 ? (size_t)view->height : 1;
    if (index < view->top)
        view->top = index;
    else if (index >= view->top + height)
        view->top = index - height + 1;
}

void view_select(struct view *view, uint64_t number)
{
    size_t index = view_index(view, number);
    if (index < view_count(view) && view_number(view, index) == number)
        view_move(view, (long)index - (long)view->index);
    view->follow = false;
    view->selected = number;
}

void view_pause(struct view *view, const struct store *store, bool paused)
{
    view->paused = paused;
    if (view->class->log)
        view->paused_end = view->class->log->range(store).end;
}

static void sort_by(struct view *view, size_t column, bool descending)
{
    view->sort = column;
    view->descending = descending;
    view->gathered_generation = UINT64_MAX; /* gather anew, whatever has changed */
    view->sorted.gathering = false;
    view->follow = true;
}

bool view_sort(struct view *view, int by)
{
    const struct view_class *class = view->class;
    if (class->log)
        return false;
    size_t column = view->sort;
    do
        column = (column + class->column_count + (size_t)by) % class->column_count;
    while (column != view->sort && (!view->fields[column] || !view->widths[column]));
    sort_by(view, column, class->columns[column].descending);
    return true;
}

bool view_reverse(struct view *view)
{
    if (!view->class->log)
        sort_by(view, view->sort, !view->descending);
    return !view->class->log;
}
