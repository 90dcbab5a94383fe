/*
 * Views: what is the same for all of them.
 */
#include "view.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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
    older_free(&view->older);
    sorted_free(&view->sorted);
    asked_free(&view->asked);
    for (size_t i = 0; i < view->window_capacity; i++) {
        if (view->class->release)
            view->class->release(&view->window[i]);
        store_copy_free(&view->window[i].copy);
        entity_free(view->window[i].entity);
    }
    free(view->window);
    free(view->cells);
    scope_set(&view->scope, ENTITY_TASK, NULL);
    filter_free(view->filter);
    matcher_free(&view->matcher);
    sieve_free(&view->sieve);
    view->window = NULL;
    view->window_count = view->window_capacity = 0;
}

size_t view_remembered(const struct view *view)
{
    return rows_count(&view->matches.rows);
}

size_t view_count(const struct view *view)
{
    return view->class->log ? view_remembered(view) + rows_count(&view->older.rows)
                            : view->sorted.count;
}

uint64_t view_number(const struct view *view, size_t index)
{
    if (!view->class->log)
        return view->sorted.rows[index].serial;
    size_t remembered = view_remembered(view);
    return index < remembered ? rows_at(&view->matches.rows, index)
                              : VIEW_PAST | rows_at(&view->older.rows, index - remembered);
}

size_t view_index(const struct view *view, uint64_t number)
{
    if (!view->class->log)
        return sorted_find(&view->sorted, number, view->index);
    if (number & VIEW_PAST)
        return view_remembered(view) + rows_find(&view->older.rows, number & ~VIEW_PAST);
    return rows_find(&view->matches.rows, number);
}

bool view_is_filtered(const struct view *view)
{
    const struct type_filter *types = &view->types;
    bool any = types->failures_only || view->scope.id || view->filter;
    for (size_t i = 0; i < ENTITY_KINDS; i++)
        any |= types->hide_family[i];
    for (size_t i = 0; i < TYPE_WORDS; i++)
        any |= types->hidden[i] != 0;
    return any;
}

unsigned view_changes(const struct view *view)
{
    return view->filter ? filter_changes(view->filter) : 0;
}

/* Other rows are shown from now on: columns are fitted to them at once. */
static void forget_widths(struct view *view)
{
    memset(view->usual, 0, sizeof view->usual);
    memset(view->full, 0, sizeof view->full);
    view->brief = false;
}

void view_filter_changed(struct view *view)
{
    forget_widths(view);
    matches_reset(&view->matches, view_is_filtered(view), view_changes(view));
    older_reset(&view->older, view_is_filtered(view), view_changes(view));
    /* Whether the selected row passes is found out, however far back it is. */
    if (view->selected & VIEW_PAST && !view->follow && view_is_filtered(view))
        older_seek(&view->older, view->selected & ~VIEW_PAST);
    view->to_end = false;
    view->held_back = 0;
    view->held_back_end = view->paused_end;
    scope_restart(&view->scope);
    asked_reset(&view->asked, view_changes(view));
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

/* Selects a row. Its place in the journal is known when it is visible. */
static void choose(struct view *view, uint64_t number)
{
    view->selected = number;
    view->selected_row = 0;
    for (size_t i = 0; i < view->window_count; i++)
        if (view->class->log && view->window[i].number == number && view->window[i].present)
            view->selected_row = view->window[i].copy.record.row;
}

/* Who moves to the last row wants to see more of the past; who moves up has seen enough. */
static void look_back(struct view *view, long rows, size_t height)
{
    size_t count = view_count(view);
    if (!view->older.past)
        return;
    view->to_end = rows == LONG_MAX && view->older.rows.filtered;
    if (rows < 0)
        older_rest(&view->older);
    else if (rows == LONG_MAX)
        older_want(&view->older, SIZE_MAX);
    else if (rows > 0 && view->index + (size_t)rows + 1 >= count)
        older_want(&view->older, height);
}

void view_move(struct view *view, long rows)
{
    size_t count = view_count(view);
    size_t height = view->height > 0 ? (size_t)view->height : 1;
    look_back(view, rows, height);
    view->follow &= !view->to_end;
    if (count == 0)
        return;
    size_t last = count - 1, index = view->index > last ? last : view->index;
    if (rows < 0)
        index = rows == LONG_MIN || (size_t)-rows > index ? 0 : index - (size_t)-rows;
    else
        index = (size_t)rows > last - index ? last : index + (size_t)rows;
    view->index = index;
    view->follow = index == 0 && !view->to_end && (view->class->log || rows == LONG_MIN);
    choose(view, view_number(view, index));
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
    view->follow = view->to_end = false;
    choose(view, number);
    if (number & VIEW_PAST && view->older.rows.filtered)
        older_seek(&view->older, number & ~VIEW_PAST);
}

void view_pause(struct view *view, const struct store *store, bool paused)
{
    const struct log_ops *log = view->class->log;
    view->paused = paused;
    if (log)
        view->paused_end = view->held_back_end = log->range(store).end;
    view->held_back = 0;
    if (log && log->journal_row)
        view->paused_row = log->journal_row(store, view->paused_end - 1);
}

static void sort_by(struct view *view, size_t column, bool descending)
{
    forget_widths(view);
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
