/*
 * View 1: the events, newest first.
 */
#include <stdio.h>
#include <string.h>

#include "../src/field.h"
#include "../src/text.h"
#include "screen.h"
#include "view.h"

static struct rows_range range(const struct store *store)
{
    const struct ring *ring = store_ring(store);
    return (struct rows_range){ring_first(ring), ring_end(ring)};
}

/* Works out which types are shown, so that a row mostly costs one look into a bit field. */
static void prepare(struct view *view, const struct store *store)
{
    struct type_filter *filter = &view->types;
    memset(filter->shown, 0, sizeof filter->shown);
    for (size_t i = 0; i < store_type_count(store); i++) {
        const struct store_type *type = store_type(store, i);
        bool shown = !filter->hide_family[type->entity] &&
                     !(filter->hidden[i / 64] >> (i % 64) & 1) &&
                     (!filter->failures_only || type->outcome == OUTCOME_FAILED);
        filter->shown[i / 64] |= (uint64_t)shown << (i % 64);
    }
}

static bool load(struct store *store, uint64_t number, struct view_row *row)
{
    return store_fetch(store, number, &row->copy);
}

static int64_t journal_row(const struct store *store, uint64_t number)
{
    const struct ring_record *record = ring_at(store_ring(store), number);
    return record ? record->row : 0;
}

/* Whether a type was switched off by its name. */
static bool is_hidden(const struct view *view, const struct store *store, const char *type)
{
    for (size_t i = 0; i < store_type_count(store); i++)
        if (view->types.hidden[i / 64] >> (i % 64) & 1 &&
            strcmp(store_type(store, i)->name, type) == 0)
            return true;
    return false;
}

/* Whether an event names the entity whose events are shown. */
static bool is_in_scope(const struct view *view, const struct store *store,
                        const struct event *event)
{
    struct event_ids ids;
    const struct scope *scope = &view->scope;
    if (!scope->id)
        return true;
    store_ids(store, event, &ids);
    return ids.of[scope->kind].text && strcmp(ids.of[scope->kind].text, scope->id) == 0;
}

static bool match_recalled(struct view *view, struct store *store, const struct recalled *recalled,
                           int64_t now_ms)
{
    const struct event *event = recalled->event;
    const struct type_filter *filter = &view->types;
    (void)now_ms;
    if (filter->hide_family[event->entity] ||
        (filter->failures_only && event->outcome != OUTCOME_FAILED) ||
        !is_in_scope(view, store, event))
        return false;
    store_lock(store);
    bool hidden = is_hidden(view, store, event->type);
    store_unlock(store);
    return !hidden && (!view->filter || matcher_match_recalled(&view->matcher, store, recalled));
}

static void decode(struct view_row *row)
{
    char reason[128];
    size_t length = row->copy.record.length;
    /* It was decoded once when it was accepted, so only a lack of memory can make it fail. */
    if (!event_skim(&row->event, row->copy.raw, length, reason, sizeof reason))
        row->event = (struct event){.id = "", .type = "(out of memory)"};
    if (length > EVENT_SKIMMED)
        store_copy_shrink(&row->copy);
}

static void release(struct view_row *row)
{
    event_free(&row->event);
}

static void describe(const struct view *view, const struct store *store, char *text, size_t size)
{
    const struct type_filter *filter = &view->types;
    size_t used = 0, types = 0;
    text[0] = '\0';
    if (view->scope.id)
        used += (size_t)snprintf(text, size, "%s %s", entity_infos[view->scope.kind].name,
                                 view->scope.id);
    if (filter->failures_only && used < size)
        used += (size_t)snprintf(text + used, size - used, "%sfailures only", used ? ", " : "");
    for (size_t i = 0; i < ENTITY_KINDS && used < size; i++)
        if (filter->hide_family[i])
            used += (size_t)snprintf(text + used, size - used, "%sno %s", used ? ", " : "",
                                     entity_infos[i].plural);
    for (size_t i = 0; i < store_type_count(store); i++)
        types += filter->hidden[i / 64] >> (i % 64) & 1;
    if (types > 0 && used < size)
        used += (size_t)snprintf(text + used, size - used, "%s%zu type%s off", used ? ", " : "",
                                 types, types == 1 ? "" : "s");
    if (view->filter && used < size)
        snprintf(text + used, size - used, "%s%s", used ? ", " : "", view_expression(view));
}

static struct field_source source_of(const struct view_row *row, int64_t now_ms)
{
    const struct ring_record *record = &row->copy.record;
    return (struct field_source){
        .event = &row->event,
        .received_ms = record->received_ms,
        .now_ms = now_ms,
        .duplicates = record->duplicates,
        .verified = record->verified,
    };
}

static int64_t when(const struct view_row *row)
{
    return row->copy.record.created_ms;
}

static void cell_time(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell->role = ROLE_DIM;
    text_clock(cell->text, sizeof cell->text, row->copy.record.created_ms);
}

static void cell_glyph(const struct view *view, const struct view_row *row, int64_t now_ms,
                       struct cell *cell)
{
    (void)view;
    (void)now_ms;
    const struct outcome_info *info = &outcome_infos[row->copy.record.outcome];
    cell_set(cell, outcome_role(row->copy.record.outcome),
             screen_ascii() ? info->glyph_ascii : info->glyph);
}

static void cell_type(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell_set(cell, outcome_role(row->copy.record.outcome), row->event.type);
    cell_set_other(cell, catalog_label(row->event.type));
}

static void cell_subject(const struct view *view, const struct view_row *row, int64_t now_ms,
                         struct cell *cell)
{
    (void)view;
    (void)now_ms;
    cell_set(cell, ROLE_TEXT, row->event.subject ? row->event.subject : "");
}

/* How much later an event came than it happened: that puts its row out of order. */
static size_t late_text(const struct ring_record *record, char *text, size_t size)
{
    enum { LATE_MS = 60000 };
    int64_t delay_ms = record->received_ms - record->created_ms;
    char delay[32];
    text[0] = '\0';
    if (delay_ms < LATE_MS)
        return 0;
    text_elapsed(delay, sizeof delay, delay_ms);
    return (size_t)snprintf(text, size, "+%s · ", delay);
}

static void cell_summary(const struct view *view, const struct view_row *row, int64_t now_ms,
                         struct cell *cell)
{
    (void)view;
    char summary[CELL_SIZE / 2];
    size_t used = late_text(&row->copy.record, summary, sizeof summary);
    struct field_source source = source_of(row, now_ms);
    if (!row->event.json)
        return;
    field_summary_beside(&source, "duration", summary + used, sizeof summary - used);
    cell_set(cell, ROLE_TEXT, summary);
    field_summary(&source, summary + used, sizeof summary - used);
    cell_set_other(cell, summary);
}

static void show_field(const char *name, const struct view_row *row, int64_t now_ms,
                       struct cell *cell)
{
    struct field_source source = source_of(row, now_ms);
    struct value value;
    char text[CELL_SIZE];
    if (!row->event.json || !field_get(field_find(name), &source, &value))
        return;
    field_format(&value, text, sizeof text);
    cell_set(cell, ROLE_NUMBER, text);
}

static void cell_duration(const struct view *view, const struct view_row *row, int64_t now_ms,
                          struct cell *cell)
{
    (void)view;
    show_field("duration", row, now_ms, cell);
}

static void cell_cost(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    show_field("cost", row, now_ms, cell);
}

enum { EVENTS_DURATION = 5 };

static const struct column columns[] = {
    {.title = "TIME",
     .meaning = "when it happened; rows are in order of arrival",
     .min = 8,
     .whole = true,
     .cell = cell_time},
    {.title = "", .meaning = "how it went", .min = 1, .cell = cell_glyph},
    {.title = "TYPE",
     .meaning = "what happened",
     .min = CATALOG_LABEL,
     .brief = true,
     .cell = cell_type},
    {.title = "SUBJECT",
     .meaning = "the task, session, intervention, batch or identity",
     .min = 13,
     .drop = 2,
     .id = true,
     .cell = cell_subject},
    {.title = "SUMMARY",
     .meaning = "in a line; +1h05m: it arrived so much later than it happened",
     .min = 12,
     .good = 32,
     .ample = 52,
     .grow = 1,
     .drop = 1,
     .instead = EVENTS_DURATION,
     .cell = cell_summary},
    [EVENTS_DURATION] = {.title = "DURATION",
                         .meaning = "how long it took",
                         .min = 8,
                         .drop = 4,
                         .right = true,
                         .cell = cell_duration},
    {.title = "COST",
     .meaning = "what it cost",
     .min = 7,
     .drop = 3,
     .right = true,
     .cell = cell_cost},
};

static const struct log_ops log_ops = {
    .range = range,
    .prepare = prepare,
    .load = load,
    .when = when,
    .journal_row = journal_row,
    .match_recalled = match_recalled,
};

const struct view_class view_events = {
    .key = '1',
    .name = "events",
    .title = "Events",
    .short_title = "Events",
    .meaning = "every event, newest first",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .log = &log_ops,
    .decode = decode,
    .release = release,
    .describe = describe,
};
