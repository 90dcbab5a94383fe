/*
 * A timeline of events.
 */
#include "timeline.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/field.h"
#include "../src/text.h"
#include "clock.h"
#include "screen.h"
#include "view.h"

enum { LOAD_US = 8000 }; /* for reading what the visible events show from the journal */

enum { TIME_WIDTH = 8, GAP_WIDTH = 8, TYPE_WIDTH = 24, SUBJECT_WIDTH = 14, WIDE = 90 };

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->copy_capacity; i++)
        store_copy_free(&timeline->copies[i]);
    free(timeline->copies);
    free(timeline->items);
    free(timeline->found);
    trace_free(&timeline->trace);
    *timeline = (struct timeline){.items = NULL};
}

void timeline_renumber(struct timeline *timeline, uint64_t from, uint64_t to)
{
    if (timeline->selected != from)
        return;
    timeline->selected = to;
    timeline->selected_row = (int64_t)(to & ~VIEW_PAST);
}

void timeline_reset(struct timeline *timeline, uint64_t selected)
{
    timeline->count = timeline->copy_count = 0;
    timeline->cursor = timeline->top = 0;
    timeline->selected = selected;
    timeline->at_first = false;
    timeline->selected_row = selected & VIEW_PAST ? (int64_t)(selected & ~VIEW_PAST) : 0;
    timeline->generation = UINT64_MAX;
    trace_reset(&timeline->trace);
}

/* By time, and as they came when that is the same. */
static int compare_items(const void *left, const void *right)
{
    const struct timeline_item *a = left, *b = right;
    if (a->created_ms != b->created_ms)
        return a->created_ms < b->created_ms ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static bool reserve(struct timeline *timeline)
{
    if (!timeline->items)
        timeline->items = malloc(TIMELINE_MAX * sizeof *timeline->items);
    if (!timeline->found)
        timeline->found = malloc((TIMELINE_MAX + 1) * sizeof *timeline->found);
    return timeline->items && timeline->found;
}

static bool has_note(const struct timeline *timeline)
{
    return timeline->cut || trace_has_note(&timeline->trace);
}

/* What there is to say of the events that are not shown, or not yet. */
static void note(const struct timeline *timeline, char *text, size_t size)
{
    trace_note(&timeline->trace, text, size);
    if (!text[0] && timeline->cut)
        snprintf(text, size, "There are older ones; these are the newest %d.", TIMELINE_MAX);
}

/* The rows that are left for events. */
static size_t height_of(const struct timeline *timeline)
{
    int height = timeline->height - has_note(timeline);
    return height > 0 ? (size_t)height : 0;
}

/* An event keeps its row of the journal when memory lets go of it, but not its number. */
static bool is_selected(const struct timeline *timeline, const struct timeline_item *item)
{
    return item->seq == timeline->selected ||
           (item->row > 0 && item->row == timeline->selected_row);
}

static void keep_cursor(struct timeline *timeline)
{
    size_t last = timeline->count ? timeline->count - 1 : 0, height = height_of(timeline);
    timeline->cursor = timeline->at_first ? 0 : last;
    for (size_t i = 0; i < timeline->count && timeline->selected; i++)
        if (is_selected(timeline, &timeline->items[i])) {
            timeline->cursor = i;
            timeline->selected_row = timeline->items[i].row;
        }
    if (timeline->cursor < timeline->top)
        timeline->top = timeline->cursor;
    else if (timeline->cursor >= timeline->top + height)
        timeline->top = timeline->cursor - height + (height > 0);
    if (timeline->top + height > timeline->count)
        timeline->top = timeline->count > height ? timeline->count - height : 0;
}

static bool reserve_copies(struct timeline *timeline, size_t wanted)
{
    if (wanted <= timeline->copy_capacity)
        return true;
    struct store_copy *copies = realloc(timeline->copies, wanted * sizeof *copies);
    if (!copies)
        return false;
    memset(copies + timeline->copy_capacity, 0,
           (wanted - timeline->copy_capacity) * sizeof *copies);
    timeline->copies = copies;
    timeline->copy_capacity = wanted;
    return true;
}

/* (locked) What stands in memory; recall_visible() does the rest. */
static void copy_visible(struct timeline *timeline, const struct store *store)
{
    size_t wanted = height_of(timeline);
    if (wanted > timeline->count - timeline->top)
        wanted = timeline->count - timeline->top;
    timeline->copy_count = 0;
    if (!reserve_copies(timeline, wanted))
        return;
    for (size_t i = 0; i < wanted; i++) {
        uint64_t seq = timeline->items[timeline->top + i].seq;
        if (timeline->copies[i].seq != seq && !store_copy_event(store, seq, &timeline->copies[i]))
            timeline->copies[i].seq = 0;
    }
    timeline->copy_count = wanted;
}

/* Returns false when a slow disk needs more time than a frame has. */
static bool recall_visible(struct timeline *timeline)
{
    struct past *past = timeline->trace.older.past;
    int64_t until_us = clock_steady_us() + LOAD_US;
    bool any = false;
    for (size_t i = 0; i < timeline->copy_count; i++) {
        const struct timeline_item *item = &timeline->items[timeline->top + i];
        struct store_copy *copy = &timeline->copies[i];
        if (!(item->seq & VIEW_PAST) || copy->seq == item->seq)
            continue;
        if (any && clock_steady_us() >= until_us)
            return false;
        any = past_copy(past, item->row, copy);
        if (past_trouble(past)[0])
            return true;
        copy->seq = item->seq;
        if (!any)
            copy->record.length = 0; /* it was removed */
    }
    return true;
}

/* (locked) Those that memory has let go of since they were gathered. */
static void hand_over(struct timeline *timeline, const struct store *store)
{
    for (size_t i = 0; i < timeline->count; i++) {
        const struct timeline_item *item = &timeline->items[i];
        if (item->seq < ring_first(store_ring(store)))
            trace_add(&timeline->trace, item->row, item->created_ms);
    }
}

static void add_past(struct timeline *timeline)
{
    struct trace *trace = &timeline->trace;
    trace_sort(trace);
    size_t room = TIMELINE_MAX - timeline->count;
    timeline->cut |= trace->count > room;
    for (size_t i = 0; i < trace->count && i < room; i++) {
        const struct traced *event = &trace->events[i];
        timeline->items[timeline->count++] =
            (struct timeline_item){VIEW_PAST | (uint64_t)event->row, event->row, event->created_ms};
    }
}

/* (locked) Takes down which events of memory name the ids. */
static void gather(struct timeline *timeline, const struct store *store,
                   const struct event_ids *ids)
{
    struct chain_walk walk = store_walk(store, ids);
    size_t found = store_walk_next(store, &walk, timeline->found, TIMELINE_MAX + 1);
    hand_over(timeline, store);
    timeline->cut = found > TIMELINE_MAX;
    timeline->count = 0;
    for (size_t i = 0; i < found && timeline->count < TIMELINE_MAX; i++) {
        const struct ring_record *record = ring_at(store_ring(store), timeline->found[i]);
        if (record)
            timeline->items[timeline->count++] =
                (struct timeline_item){timeline->found[i], record->row, record->created_ms};
    }
    timeline->generation = store_generation(store);
}

/* Adds those that only the journal has, and puts all in order. */
static void arrange(struct timeline *timeline)
{
    add_past(timeline);
    if (timeline->count > 0)
        qsort(timeline->items, timeline->count, sizeof *timeline->items, compare_items);
}

/* They mean other events in another journal. */
static void forget_rows(struct timeline *timeline)
{
    timeline->count = 0;
    timeline->selected_row = 0;
    timeline->generation = UINT64_MAX;
    for (size_t i = 0; i < timeline->copy_capacity; i++)
        timeline->copies[i].seq = 0;
}

bool timeline_update(struct timeline *timeline, struct store *store, const struct event_ids *ids,
                     int64_t now_ms)
{
    if (!reserve(timeline))
        return true;
    bool changed;
    unsigned journal = timeline->trace.journal;
    bool whole = trace_update(&timeline->trace, store, ids, TIMELINE_MAX + 1, now_ms, &changed);
    if (timeline->trace.journal != journal)
        forget_rows(timeline);
    timeline->nameless = !ids_any(ids);
    store_lock(store);
    changed |= timeline->generation != store_generation(store);
    if (changed)
        gather(timeline, store, ids);
    store_unlock(store);
    if (changed)
        arrange(timeline);
    keep_cursor(timeline);
    store_lock(store);
    copy_visible(timeline, store);
    store_unlock(store);
    return recall_visible(timeline) && whole;
}

void timeline_move(struct timeline *timeline, long by)
{
    timeline->at_first = by == LONG_MIN;
    if (timeline->count == 0)
        return;
    size_t last = timeline->count - 1, cursor = timeline->cursor > last ? last : timeline->cursor;
    if (by < 0)
        cursor = by == LONG_MIN || (size_t)-by > cursor ? 0 : cursor - (size_t)-by;
    else
        cursor = (size_t)by > last - cursor ? last : cursor + (size_t)by;
    timeline->cursor = cursor;
    /* At the ends it follows what arrives, and what is found. */
    bool at_end = cursor == last || timeline->at_first;
    timeline->selected = at_end ? 0 : timeline->items[cursor].seq;
    timeline->selected_row = at_end ? 0 : timeline->items[cursor].row;
}

uint64_t timeline_selected(const struct timeline *timeline)
{
    return timeline->cursor < timeline->count ? timeline->items[timeline->cursor].seq : 0;
}

/* The time since the event before: what took so long. */
static void gap_text(const struct timeline *timeline, size_t index, char *text, size_t size)
{
    char gap[32];
    text[0] = '\0';
    if (index == 0)
        return;
    text_duration(gap, sizeof gap,
                  timeline->items[index].created_ms - timeline->items[index - 1].created_ms);
    snprintf(text, size, "+%s", gap);
}

static void put_clean(int row, int *column, int width, struct style style, const char *text)
{
    char clean[CELL_SIZE];
    text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    screen_put(row, *column, width, style, clean);
    *column += width + 1;
}

static void draw_event(const struct store_copy *copy, int row, int column, int end, enum role over,
                       int64_t now_ms)
{
    char text[CELL_SIZE];
    struct event event;
    const struct ring_record *record = &copy->record;
    enum outcome outcome = record->outcome;
    struct style style = {.role = outcome_role(outcome), .over = over};
    if (!event_decode(&event, copy->raw, record->length, text, sizeof text))
        return;
    bool wide = end - column > WIDE - TIME_WIDTH - GAP_WIDTH;
    int type_width = end - column > TYPE_WIDTH + SUBJECT_WIDTH ? TYPE_WIDTH : end - column;
    put_clean(row, &column, 1, style,
              screen_ascii() ? outcome_infos[outcome].glyph_ascii : outcome_infos[outcome].glyph);
    put_clean(row, &column, type_width, style, event.type);
    style.role = ROLE_TEXT;
    if (wide)
        put_clean(row, &column, SUBJECT_WIDTH, style, event.subject ? event.subject : "");
    struct field_source source = {.event = &event,
                                  .received_ms = record->received_ms,
                                  .now_ms = now_ms,
                                  .duplicates = record->duplicates,
                                  .verified = record->verified};
    field_summary(&source, text, sizeof text);
    if (end > column)
        put_clean(row, &column, end - column, style, text);
    event_free(&event);
}

static void draw_item(const struct timeline *timeline, size_t i, int row, int column, int width,
                      enum role over, uint64_t origin, int64_t now_ms)
{
    size_t index = timeline->top + i;
    bool marked = timeline->items[index].seq == origin;
    int x = column;
    char text[48];
    screen_put(row, x, 1, (struct style){.role = ROLE_KEY, .over = over},
               !marked          ? " "
               : screen_ascii() ? ">"
                                : "▸");
    text_time(text, sizeof text, timeline->items[index].created_ms, now_ms);
    screen_put(row, x + 2, TIME_WIDTH, (struct style){.role = ROLE_DIM, .over = over}, text);
    gap_text(timeline, index, text, sizeof text);
    x += 3 + TIME_WIDTH;
    screen_put_right(row, x, GAP_WIDTH, (struct style){.role = ROLE_NUMBER, .over = over}, text);
    x += GAP_WIDTH + 1;
    if (timeline->copies[i].seq != timeline->items[index].seq)
        return;
    if (timeline->copies[i].record.length == 0)
        screen_put(row, x, column + width - x, (struct style){.role = ROLE_DIM, .over = over},
                   "no longer in the journal");
    else
        draw_event(&timeline->copies[i], row, x, column + width, over, now_ms);
}

void timeline_draw(struct timeline *timeline, int row, int column, int width, bool focused,
                   uint64_t origin, int64_t now_ms)
{
    char text[VIEW_NOTE];
    note(timeline, text, sizeof text);
    if (text[0] && timeline->height > 0)
        screen_put(row++, column + 1, width - 1, STYLE(DIM), text);
    /* The pane may have become smaller since they were copied. */
    for (size_t i = 0; i < timeline->copy_count && i < height_of(timeline); i++) {
        bool here = focused && timeline->top + i == timeline->cursor;
        enum role over = here ? ROLE_SELECTION : ROLE_TEXT;
        int y = row + (int)i;
        if (here)
            screen_fill(y, column, width, (struct style){.role = over, .over = ROLE_TEXT});
        draw_item(timeline, i, y, column, width, over, origin, now_ms);
    }
    if (timeline->count == 0 && !text[0])
        screen_put(
            row, column, width, STYLE(DIM),
            timeline->nameless ? "It names no session, task or other thing that events could share."
            : timeline->trace.older.past ? "Neither memory nor the journal has any of its events."
                                         : "None of its events is remembered any more.");
}
