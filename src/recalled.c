/*
 * An event as the journal gives it back: see recalled.h.
 */
#include "recalled.h"

#include "clock.h"

bool recall_row(const struct history_row *row, recalled_visit *visit, void *context)
{
    struct event event;
    char reason[128];
    if (!row->raw || !event_decode(&event, row->raw, row->length, reason, sizeof reason))
        return true;
    const struct store_arrival arrival = {
        .event = &event,
        .raw = row->raw,
        .length = row->length,
        .received_ms = row->received_ms,
        .row = row->row,
        .verified = row->verified,
        .recalled = true,
    };
    const struct recalled recalled = {
        .record = store_record(&arrival), .raw = row->raw, .event = &event};
    bool more = visit(context, &recalled);
    event_free(&event);
    return more;
}

struct store_arrival recalled_arrival(const struct recalled *event)
{
    return (struct store_arrival){
        .event = event->event,
        .raw = event->raw,
        .length = event->record.length,
        .received_ms = event->record.received_ms,
        .now_ms = clock_now_ms(),
        .row = event->record.row,
        .verified = event->record.verified,
        .recalled = true,
    };
}
