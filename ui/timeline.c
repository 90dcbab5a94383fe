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
#include "screen.h"
#include "view.h"

enum { TIME_WIDTH = 8, GAP_WIDTH = 8, TYPE_WIDTH = 24, SUBJECT_WIDTH = 14, WIDE = 90 };

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->copy_capacity; i++)
        store_copy_free(&timeline->copies[i]);
    free(timeline->copies);
    free(timeline->items);
    free(timeline->found);
    *timeline = (struct timeline){.items = NULL};
}

void timeline_reset(struct timeline *timeline, uint64_t selected)
{
    timeline->count = timeline->copy_count = 0;
    timeline->cursor = timeline->top = 0;
    timeline->selected = selected;
    timeline->generation = UINT64_MAX;
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

static void keep_cursor(struct timeline *timeline)
{
    size_t last = timeline->count ? timeline->count - 1 : 0;
    size_t height = timeline->height > 0 ? (size_t)timeline->height : 1;
    timeline->cursor = last;
    for (size_t i = 0; i < timeline->count && timeline->selected; i++)
        if (timeline->items[i].seq == timeline->selected)
            timeline->cursor = i;
    if (timeline->cursor < timeline->top)
        timeline->top = timeline->cursor;
    else if (timeline->cursor >= timeline->top + height)
        timeline->top = timeline->cursor - height + 1;
    if (timeline->top + height > timeline->count)
        timeline->top = timeline->count > height ? timeline->count - height : 0;
}

/* (locked) */
static void copy_visible(struct timeline *timeline, const struct store *store)
{
    size_t wanted = timeline->height > 0 ? (size_t)timeline->height : 0;
    if (wanted > timeline->count - timeline->top)
        wanted = timeline->count - timeline->top;
    if (wanted > timeline->copy_capacity) {
        struct store_copy *copies = realloc(timeline->copies, wanted * sizeof *copies);
        if (!copies)
            return;
        memset(copies + timeline->copy_capacity, 0,
               (wanted - timeline->copy_capacity) * sizeof *copies);
        timeline->copies = copies;
        timeline->copy_capacity = wanted;
    }
    for (size_t i = 0; i < wanted; i++) {
        uint64_t seq = timeline->items[timeline->top + i].seq;
        if (timeline->copies[i].seq != seq && !store_copy_event(store, seq, &timeline->copies[i]))
            timeline->copies[i].seq = 0;
    }
    timeline->copy_count = wanted;
}

/* (locked) Puts the events that were found in order. */
static void arrange(struct timeline *timeline, const struct store *store, size_t found)
{
    timeline->cut = found > TIMELINE_MAX;
    timeline->count = 0;
    for (size_t i = 0; i < found && timeline->count < TIMELINE_MAX; i++) {
        const struct ring_record *record = ring_at(store_ring(store), timeline->found[i]);
        if (record)
            timeline->items[timeline->count++] =
                (struct timeline_item){timeline->found[i], record->created_ms};
    }
    if (timeline->count > 0)
        qsort(timeline->items, timeline->count, sizeof *timeline->items, compare_items);
    timeline->generation = store_generation(store);
}

void timeline_load(struct timeline *timeline, const struct store *store,
                   const struct event_ids *ids)
{
    if (!reserve(timeline))
        return;
    if (timeline->generation != store_generation(store)) {
        struct chain_walk walk = store_walk(store, ids);
        arrange(timeline, store, store_walk_next(store, &walk, timeline->found, TIMELINE_MAX + 1));
    }
    keep_cursor(timeline);
    copy_visible(timeline, store);
}

void timeline_move(struct timeline *timeline, long by)
{
    if (timeline->count == 0)
        return;
    size_t last = timeline->count - 1, cursor = timeline->cursor > last ? last : timeline->cursor;
    if (by < 0)
        cursor = by == LONG_MIN || (size_t)-by > cursor ? 0 : cursor - (size_t)-by;
    else
        cursor = (size_t)by > last - cursor ? last : cursor + (size_t)by;
    timeline->cursor = cursor;
    /* At the end it follows what arrives. */
    timeline->selected = cursor == last ? 0 : timeline->items[cursor].seq;
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

void timeline_draw(struct timeline *timeline, int row, int column, int width, int height,
                   bool focused, uint64_t origin, int64_t now_ms)
{
    for (size_t i = 0; i < timeline->copy_count && (int)i < height; i++) {
        size_t index = timeline->top + i;
        bool here = focused && index == timeline->cursor;
        bool marked = timeline->items[index].seq == origin;
        enum role over = here ? ROLE_SELECTION : ROLE_TEXT;
        int y = row + (int)i, x = column;
        char text[48];
        if (here)
            screen_fill(y, column, width, (struct style){.role = over, .over = ROLE_TEXT});
        screen_put(y, x, 1, (struct style){.role = ROLE_KEY, .over = over},
                   !marked          ? " "
                   : screen_ascii() ? ">"
                                    : "▸");
        text_time(text, sizeof text, timeline->items[index].created_ms, now_ms);
        screen_put(y, x + 2, TIME_WIDTH, (struct style){.role = ROLE_DIM, .over = over}, text);
        gap_text(timeline, index, text, sizeof text);
        x += 3 + TIME_WIDTH;
        screen_put_right(y, x, GAP_WIDTH, (struct style){.role = ROLE_NUMBER, .over = over}, text);
        x += GAP_WIDTH + 1;
        if (timeline->copies[i].seq)
            draw_event(&timeline->copies[i], y, x, column + width, over, now_ms);
    }
    if (timeline->count == 0)
        screen_put(row, column, width, STYLE(DIM), "None of its events is remembered any more.");
}
