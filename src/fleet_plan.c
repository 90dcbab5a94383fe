/*
 * The deliveries to come of a simulated fleet: a heap by the time that they are due.
 */
#include <stdlib.h>

#include "fleet_private.h"

enum { HEAP_START = 256 };

/* The shares of deliveries that are overtaken by others, and that come long after. */
static const double is_overtaken = 0.03, is_late = 0.002;

static bool before(const struct planned *a, const struct planned *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static void swap(struct planned *a, struct planned *b)
{
    struct planned c = *a;
    *a = *b;
    *b = c;
}

void fleet_push(struct fleet *fleet, struct planned *entry)
{
    if (fleet->count == fleet->capacity) {
        size_t capacity = fleet->capacity ? 2 * fleet->capacity : HEAP_START;
        struct planned *heap = realloc(fleet->heap, capacity * sizeof *heap);
        if (!heap) {
            free(entry->body);
            fleet->out_of_memory = true;
            return;
        }
        fleet->heap = heap;
        fleet->capacity = capacity;
    }
    size_t at = fleet->count++;
    entry->order = fleet->planned++;
    fleet->heap[at] = *entry;
    while (at && before(&fleet->heap[at], &fleet->heap[(at - 1) / 2])) {
        swap(&fleet->heap[at], &fleet->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

struct planned fleet_pop(struct fleet *fleet)
{
    struct planned top = fleet->heap[0];
    size_t at = 0;

    fleet->heap[0] = fleet->heap[--fleet->count];
    for (;;) {
        size_t first = at, child = 2 * at + 1;
        for (size_t i = child; i < child + 2 && i < fleet->count; i++) {
            if (before(&fleet->heap[i], &fleet->heap[first]))
                first = i;
        }
        if (first == at)
            return top;
        swap(&fleet->heap[at], &fleet->heap[first]);
        at = first;
    }
}

void fleet_plan(struct fleet *fleet, const char *type, const struct sample *sample,
                int64_t created_ms, bool punctual)
{
    struct dice *dice = &fleet->dice;
    struct planned entry = {.type = type, .created_ms = created_ms, .sample = *sample};
    int64_t lag = 40 + (int64_t)dice_exponential(dice, 120);

    if (!punctual && dice_chance(dice, is_late))
        lag += dice_between(dice, 2 * MINUTE, 6 * MINUTE);
    else if (!punctual && dice_chance(dice, is_overtaken))
        lag += dice_between(dice, 1 * SECOND, 4 * SECOND);
    entry.due_ms = created_ms + lag;
    sample_event_id(entry.event_id, created_ms, dice);
    fleet_push(fleet, &entry);
}
