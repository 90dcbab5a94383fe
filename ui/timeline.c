/*
 * A timeline of events.
 */
#include "timeline_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/clock.h"
#include "../src/turn.h"
#include "days.h"
#include "view.h"

enum {
    LEAST_WITH_DAYS = 4, /* lines of a timeline that has room for those between days */
    WALK_US = 4000,      /* that one call looks through memory, more or less */
    LOAD_US = 8000,      /* for reading what the visible events show */
    AROUND = TIMELINE_MAX / 2,
    KEPT = TIMELINE_MAX + 1, /* of memory: one more tells that there are more */
    WALK_BYTES = 256,        /* what a step of a walk costs, as turn_goes_on() counts */
};

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->copy_capacity; i++) {
        event_free(&timeline->copies[i].event);
        store_copy_free(&timeline->copies[i].copy);
    }
    free(timeline->copies);
    free(timeline->items);
    free(timeline->memory);
    free(timeline->gathered);
    trace_free(&timeline->trace);
    *timeline = (struct timeline){.items = NULL};
}

void timeline_renumber(struct timeline *timeline, uint64_t from, uint64_t to)
{
    if (timeline->origin == from) {
        timeline->origin = to;
        timeline->origin_row = (int64_t)(to & ~VIEW_PAST);
    }
    if (timeline->selected != from)
        return;
    timeline->selected = to;
    timeline->selected_row = (int64_t)(to & ~VIEW_PAST);
}

void timeline_reset(struct timeline *timeline, uint64_t selected)
{
    timeline->count = timeline->copy_count = 0;
    timeline->memory_count = 0;
    timeline->walking = timeline->far = timeline->older = timeline->newer = false;
    timeline->cursor = timeline->top = 0;
    timeline->origin = timeline->selected = selected;
    timeline->at_first = false;
    timeline->selected_row = selected & VIEW_PAST ? (int64_t)(selected & ~VIEW_PAST) : 0;
    timeline->origin_row = timeline->selected_row;
    timeline->generation = UINT64_MAX;
    trace_reset(&timeline->trace, timeline->origin_row);
}

/* By time, and as they came when that is the same: what only the journal has came before what
 * memory has. */
static int compare_items(const void *left, const void *right)
{
    const struct timeline_item *a = left, *b = right;
    if (a->created_ms != b->created_ms)
        return a->created_ms < b->created_ms ? -1 : 1;
    if ((a->seq ^ b->seq) & VIEW_PAST)
        return a->seq & VIEW_PAST ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static bool reserve(struct timeline *timeline)
{
    if (!timeline->memory)
        timeline->memory = malloc(KEPT * sizeof *timeline->memory);
    if (!timeline->gathered)
        timeline->gathered = malloc(KEPT * sizeof *timeline->gathered);
    return timeline->memory && timeline->gathered;
}

static bool has_note(const struct timeline *timeline)
{
    return timeline->older || timeline->newer || trace_has_note(&timeline->trace);
}

void timeline_note(const struct timeline *timeline, char *text, size_t size)
{
    trace_note(&timeline->trace, text, size);
    if (text[0] || (!timeline->older && !timeline->newer))
        return;
    if (timeline->newer)
        snprintf(text, size, "There are newer%s ones; these are the %d around the event.",
                 timeline->older ? " and older" : "", TIMELINE_MAX);
    else
        snprintf(text, size, "There are older ones; these are the newest %d.", TIMELINE_MAX);
}

size_t timeline_lines(const struct timeline *timeline)
{
    int height = timeline->height - has_note(timeline);
    return height > 0 ? (size_t)height : 0;
}

/* An event keeps its row of the journal when memory lets go of it, but not its number. */
static bool is_event(const struct timeline_item *item, uint64_t seq, int64_t row)
{
    return item->seq == seq || (item->row > 0 && item->row == row);
}

bool timeline_has_day(const struct timeline *timeline, size_t i, bool first, int64_t now_ms)
{
    int64_t before = first ? now_ms : timeline->items[i - 1].created_ms;
    return timeline->height >= LEAST_WITH_DAYS && !days_same(before, timeline->items[i].created_ms);
}

/* The lines that the events from one to another take. It stops counting at more than any height. */
static size_t lines_of(const struct timeline *timeline, size_t from, size_t to, int64_t now_ms)
{
    size_t lines = 0;
    if (timeline->count == 0)
        return 0;
    for (size_t i = from; i <= to && lines <= (size_t)timeline->height; i++)
        lines += 1 + timeline_has_day(timeline, i, i == from, now_ms);
    return lines;
}

static void keep_cursor(struct timeline *timeline, int64_t now_ms)
{
    size_t last = timeline->count ? timeline->count - 1 : 0, height = timeline_lines(timeline);
    timeline->cursor = timeline->at_first ? 0 : last;
    for (size_t i = 0; i < timeline->count && timeline->selected; i++)
        if (is_event(&timeline->items[i], timeline->selected, timeline->selected_row)) {
            timeline->cursor = i;
            timeline->selected_row = timeline->items[i].row;
        }
    if (timeline->cursor < timeline->top)
        timeline->top = timeline->cursor;
    else if (height > 0 && timeline->cursor >= timeline->top + height)
        timeline->top = timeline->cursor - height + 1;
    while (timeline->top < timeline->cursor &&
           lines_of(timeline, timeline->top, timeline->cursor, now_ms) > height)
        timeline->top++;
    while (timeline->top > 0 && lines_of(timeline, timeline->top - 1, last, now_ms) <= height)
        timeline->top--;
}

static bool reserve_copies(struct timeline *timeline, size_t wanted)
{
    if (wanted <= timeline->copy_capacity)
        return true;
    struct timeline_copy *copies = realloc(timeline->copies, wanted * sizeof *copies);
    if (!copies)
        return false;
    memset(copies + timeline->copy_capacity, 0,
           (wanted - timeline->copy_capacity) * sizeof *copies);
    timeline->copies = copies;
    timeline->copy_capacity = wanted;
    return true;
}

/* The copy that stands in a line: that of its event, when there is one in any of the lines. */
static struct timeline_copy *copy_for(struct timeline *timeline, size_t line, uint64_t seq)
{
    struct timeline_copy *copies = timeline->copies;
    for (size_t i = line + 1; i < timeline->copy_capacity && copies[line].copy.seq != seq; i++)
        if (copies[i].copy.seq == seq) {
            struct timeline_copy other = copies[line];
            copies[line] = copies[i];
            copies[i] = other;
        }
    return &copies[line];
}

/* Decodes what was copied. */
static void decode(struct timeline_copy *copy)
{
    char reason[128];
    size_t length = copy->copy.record.length;
    event_free(&copy->event);
    if (length == 0 || !event_skim(&copy->event, copy->copy.raw, length, reason, sizeof reason))
        copy->event = (struct event){.json = NULL};
    if (length > EVENT_SKIMMED)
        store_copy_shrink(&copy->copy);
}

/* What stands in memory; recall_visible() does the rest. Returns false when large events need more
 * time than a frame has. */
static bool copy_visible(struct timeline *timeline, struct store *store)
{
    int64_t until_us = clock_steady_us() + LOAD_US;
    size_t wanted = timeline_lines(timeline);
    bool whole = true;
    if (wanted > timeline->count - timeline->top)
        wanted = timeline->count - timeline->top;
    timeline->copy_count = 0;
    if (!reserve_copies(timeline, wanted))
        return true;
    for (size_t i = 0; i < wanted; i++) {
        uint64_t seq = timeline->items[timeline->top + i].seq;
        struct timeline_copy *copy = copy_for(timeline, i, seq);
        if (copy->copy.seq == seq)
            continue;
        whole = whole && (i == 0 || clock_steady_us() < until_us);
        if (whole && !(seq & VIEW_PAST) && store_fetch(store, seq, &copy->copy))
            decode(copy);
        else
            copy->copy.seq = 0;
    }
    timeline->copy_count = wanted;
    return whole;
}

/* Returns false when a slow disk needs more time than a frame has. */
static bool recall_visible(struct timeline *timeline)
{
    struct past *past = timeline->trace.older.past;
    int64_t until_us = clock_steady_us() + LOAD_US;
    bool any = false;
    for (size_t i = 0; i < timeline->copy_count; i++) {
        const struct timeline_item *item = &timeline->items[timeline->top + i];
        struct timeline_copy *copy = &timeline->copies[i];
        if (!(item->seq & VIEW_PAST) || copy->copy.seq == item->seq)
            continue;
        if (any && clock_steady_us() >= until_us)
            return false;
        any = past_copy(past, item->row, &copy->copy);
        if (past_trouble(past)[0])
            return true;
        copy->copy.seq = item->seq;
        if (!any)
            copy->copy.record.length = 0; /* it was removed */
        decode(copy);
    }
    return true;
}

/* What is kept of a walk: its last steps. */
static struct timeline_item *slot(struct timeline_item *items, size_t step)
{
    return &items[step % KEPT];
}

/* Begins to walk through memory: through the newest events, or to the event that the timeline is of
 * and some further. */
static void begin_walk(struct timeline *timeline, struct store *store, const struct event_ids *ids)
{
    timeline->generation = store_generation(store);
    timeline->gathered_count = 0;
    timeline->walking = true;
    timeline->left = timeline->origin ? SIZE_MAX : KEPT;
    store_lock(store);
    timeline->walk = store_walk(store, ids);
    store_unlock(store);
}

/* (locked) Takes an event down. */
static void take_step(struct timeline *timeline, const struct store *store, uint64_t seq)
{
    const struct ring_record *record = ring_at(store_ring(store), seq);
    *slot(timeline->gathered, timeline->gathered_count++) =
        (struct timeline_item){seq, record->row, record->created_ms};
    timeline->left--;
    if (seq != timeline->origin)
        return;
    /* The newest, when it is among them; else as many on either side. */
    timeline->left = timeline->gathered_count + AROUND <= TIMELINE_MAX
                         ? KEPT - timeline->gathered_count
                         : AROUND;
}

/* Goes on walking for a slice. Returns false when it is not at its end. */
static bool walk(struct timeline *timeline, struct store *store)
{
    int64_t until_us = clock_steady_us() + WALK_US;
    bool ended = false;
    do {
        struct turn turn;
        turn_begin(&turn, store);
        do {
            uint64_t seq;
            ended = timeline->left == 0 || store_walk_next(store, &timeline->walk, &seq, 1) == 0;
            if (!ended)
                take_step(timeline, store, seq);
        } while (!ended && turn_goes_on(&turn, WALK_BYTES));
        turn_end(&turn);
    } while (!ended && clock_steady_us() < until_us);
    return ended;
}

/* Puts what was gathered in the place of what was known of memory. */
static void exchange(struct timeline *timeline)
{
    struct timeline_item *memory = timeline->memory;
    timeline->memory = timeline->gathered;
    timeline->memory_count = timeline->gathered_count;
    timeline->gathered = memory;
    timeline->walking = false;
    timeline->far = timeline->memory_count > KEPT;
}

/* Hands the shown events that memory has let go of to those that the journal has. Returns whether
 * there are any. */
static bool hand_over(struct timeline *timeline, struct store *store)
{
    bool any = false;
    store_lock(store);
    uint64_t first = ring_first(store_ring(store));
    store_unlock(store);
    for (size_t i = 0; i < timeline->count; i++) {
        const struct timeline_item *item = &timeline->items[i];
        if (item->seq >= first)
            continue;
        trace_add(&timeline->trace, item->row, item->created_ms);
        any = true;
    }
    return any;
}

/* Brings what is known of memory up to the store. Returns false when another call is wanted;
 * *changed is set when there are others than before. */
static bool gather(struct timeline *timeline, struct store *store, const struct event_ids *ids,
                   bool *changed)
{
    bool stale = timeline->generation != store_generation(store);
    /* What comes is far from the events around an old one. */
    bool far = timeline->far && timeline->generation != UINT64_MAX;
    if (far && stale)
        timeline->generation = store_generation(store);
    if (!timeline->walking && stale && !far)
        begin_walk(timeline, store, ids);
    bool whole = !timeline->walking || walk(timeline, store);
    if (timeline->walking && whole) {
        exchange(timeline);
        *changed = true;
    }
    if (stale || *changed)
        *changed |= hand_over(timeline, store);
    return whole;
}

static bool reserve_items(struct timeline *timeline, size_t wanted)
{
    if (wanted <= timeline->capacity)
        return true;
    struct timeline_item *items = realloc(timeline->items, wanted * sizeof *items);
    if (!items)
        return false;
    timeline->items = items;
    timeline->capacity = wanted;
    return true;
}

/* Leaves so many of the items as are shown, in order: the newest, or those around the event. */
static void cut(struct timeline *timeline)
{
    size_t count = timeline->count, origin = count;
    timeline->older = false;
    timeline->newer = timeline->far;
    if (count == 0)
        return;
    for (size_t i = 0; i < count && timeline->origin; i++)
        if (is_event(&timeline->items[i], timeline->origin, timeline->origin_row))
            origin = i;
    if (origin < count)
        timeline->origin_row = timeline->items[origin].row;
    size_t first = count > TIMELINE_MAX ? count - TIMELINE_MAX : 0;
    if (origin < first)
        first = origin > AROUND ? origin - AROUND : 0;
    timeline->older = first > 0;
    timeline->newer |= count - first > TIMELINE_MAX;
    timeline->count = count - first < TIMELINE_MAX ? count - first : TIMELINE_MAX;
    if (first > 0)
        memmove(timeline->items, timeline->items + first,
                timeline->count * sizeof *timeline->items);
}

/* Puts what memory and the journal have into one list. */
static void arrange(struct timeline *timeline, struct store *store)
{
    const struct trace *trace = &timeline->trace;
    size_t memory = timeline->memory_count < KEPT ? timeline->memory_count : KEPT;
    trace_sort(&timeline->trace);
    if (!reserve_items(timeline, memory + trace->count))
        return;
    store_lock(store);
    uint64_t first = ring_first(store_ring(store));
    store_unlock(store);
    timeline->count = 0;
    for (size_t i = timeline->memory_count - memory; i < timeline->memory_count; i++)
        if (slot(timeline->memory, i)->seq >= first)
            timeline->items[timeline->count++] = *slot(timeline->memory, i);
    for (size_t i = 0; i < trace->count; i++) {
        const struct traced *event = &trace->events[i];
        timeline->items[timeline->count++] =
            (struct timeline_item){VIEW_PAST | (uint64_t)event->row, event->row, event->created_ms};
    }
    if (timeline->count > 0)
        qsort(timeline->items, timeline->count, sizeof *timeline->items, compare_items);
    cut(timeline);
}

/* They mean other events in another journal. */
static void forget_rows(struct timeline *timeline)
{
    timeline->count = timeline->memory_count = 0;
    timeline->walking = timeline->far = false;
    timeline->selected_row = timeline->origin_row = 0;
    timeline->generation = UINT64_MAX;
    for (size_t i = 0; i < timeline->copy_capacity; i++)
        timeline->copies[i].copy.seq = 0;
}

bool timeline_update(struct timeline *timeline, struct store *store, const struct event_ids *ids,
                     int64_t now_ms)
{
    if (!reserve(timeline))
        return true;
    bool changed;
    unsigned journal = timeline->trace.journal;
    bool whole = trace_update(&timeline->trace, store, ids, KEPT, now_ms, &changed);
    if (timeline->trace.journal != journal)
        forget_rows(timeline);
    timeline->nameless = !ids_any(ids);
    whole &= gather(timeline, store, ids, &changed);
    if (changed)
        arrange(timeline, store);
    keep_cursor(timeline, now_ms);
    whole &= copy_visible(timeline, store);
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
