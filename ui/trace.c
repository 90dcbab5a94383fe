/*
 * The events of the journal that name any of some ids: see trace.h.
 */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void trace_free(struct trace *trace)
{
    older_free(&trace->older);
    free(trace->events);
    *trace = (struct trace){.events = NULL};
}

void trace_reset(struct trace *trace, int64_t around)
{
    older_reset(&trace->older, true, 0);
    trace->count = 0;
    trace->around = around;
    trace->passed = false;
}

void trace_add(struct trace *trace, int64_t row, int64_t created_ms)
{
    if (!trace->older.past || row == 0)
        return;
    if (trace->count == trace->capacity) {
        size_t capacity = trace->capacity ? trace->capacity * 2 : 64;
        struct traced *events = realloc(trace->events, capacity * sizeof *events);
        if (!events)
            return;
        trace->events = events;
        trace->capacity = capacity;
    }
    trace->events[trace->count++] = (struct traced){row, created_ms};
}

struct search {
    struct trace *trace;
    const struct store *store;
    const struct event_ids *ids;
};

static bool take(void *context, const struct recalled *event)
{
    const struct search *search = context;
    struct event_ids named;
    store_ids(search->store, event->event, &named);
    for (size_t kind = 0; kind < ID_KINDS; kind++) {
        const struct event_id *id = &search->ids->of[kind];
        if (id->text && named.of[kind].text && named.of[kind].hash == id->hash) {
            trace_add(search->trace, event->record.row, event->record.created_ms);
            return true;
        }
    }
    return false;
}

/* Where memory begins, and which journal goes on there. */
static int64_t first_row(struct store *store, unsigned *journal)
{
    store_lock(store);
    const struct ring *ring = store_ring(store);
    const struct ring_record *record = ring_at(ring, ring_first(ring));
    int64_t row = record ? record->row : 0;
    *journal = store_journal(store);
    store_unlock(store);
    return row;
}

static void begin(struct trace *trace, size_t wanted)
{
    older_want(&trace->older, wanted);
    if (trace->around > 0)
        older_seek(&trace->older, (uint64_t)trace->around);
}

/* Leaves the oldest ones. */
static void forget_newest(struct trace *trace, size_t kept)
{
    trace_sort(trace);
    if (trace->count <= kept)
        return;
    memmove(trace->events, trace->events + trace->count - kept, kept * sizeof *trace->events);
    trace->count = kept;
}

/* On the way down to an event, and beyond it. Returns whether the search goes on now. */
static bool go_beyond(struct trace *trace, size_t wanted)
{
    struct older *older = &trace->older;
    if (trace->around == 0 || trace->passed || !older->begun)
        return false;
    if (trace->count > 2 * wanted)
        forget_newest(trace, wanted);
    if (older->rows.looked_at.first > (uint64_t)trace->around)
        return false;
    trace->passed = true;
    if (older->wanted < older->rows.count + wanted / 2)
        older_want(older, wanted / 2);
    return older_is_searching(older);
}

bool trace_update(struct trace *trace, struct store *store, const struct event_ids *ids,
                  size_t wanted, int64_t now_ms, bool *changed)
{
    struct older *older = &trace->older;
    struct search search = {trace, store, ids};
    const struct older_pass pass = {.match = take, .context = &search, .now_ms = now_ms};
    *changed = false;
    if (!older->past || !ids_any(ids))
        return true;
    size_t count = trace->count;
    uint64_t first = older->range.first;
    unsigned journal;
    int64_t row = first_row(store, &journal);
    if (journal != trace->journal)
        trace_reset(trace, 0);
    trace->journal = journal;
    older_bound(older, row);
    if (!older->begun && older->range.end > 0)
        begin(trace, wanted);
    bool whole = older_update(older, &pass) && !go_beyond(trace, wanted);
    *changed = trace->count != count || older->range.first != first;
    return whole;
}

static int compare(const void *left, const void *right)
{
    const struct traced *a = left, *b = right;
    return (a->row < b->row) - (a->row > b->row);
}

void trace_sort(struct trace *trace)
{
    size_t kept = 0;
    if (trace->count == 0)
        return;
    qsort(trace->events, trace->count, sizeof *trace->events, compare);
    for (size_t i = 0; i < trace->count; i++) {
        const struct traced *event = &trace->events[i];
        bool again = kept > 0 && trace->events[kept - 1].row == event->row;
        if (!again && (uint64_t)event->row >= trace->older.range.first)
            trace->events[kept++] = *event;
    }
    trace->count = kept;
}

bool trace_has_note(const struct trace *trace)
{
    return trace->older.trouble[0] || older_is_searching(&trace->older);
}

void trace_note(const struct trace *trace, char *text, size_t size)
{
    text[0] = '\0';
    if (trace->older.trouble[0])
        snprintf(text, size, "Older events are out of reach: %s.", trace->older.trouble);
    else if (older_is_searching(&trace->older))
        older_note(&trace->older, text, size);
}
