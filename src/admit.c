/*
 * Durable, then remembered: see admit.h.
 */
#include "admit.h"

bool admit_is_full(const struct admissions *a)
{
    return a->count == ADMIT_MAX || a->bytes >= ADMIT_BYTES;
}

struct admission *admit_add(struct admissions *a, const struct admission *admission)
{
    struct admission *added = &a->list[a->count++];
    *added = *admission;
    a->bytes += admission->length;
    return added;
}

static bool make_durable(struct admissions *a)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct admission *one = &a->list[i];
        a->entries[i] = (struct history_entry){
            .id = one->event.id,
            .type = one->event.type,
            .delivery_id = one->delivery_id,
            .raw = one->raw,
            .length = one->length,
            .created_ms = one->event.created_ms ? one->event.created_ms : one->received_ms,
            .received_ms = one->received_ms,
            .verified = one->verified,
        };
    }
    return !a->history ||
           history_write(a->history, a->entries, a->count, a->reason, sizeof a->reason);
}

static void remember(struct admissions *a, struct admission *one, int64_t row)
{
    const struct store_arrival arrival = {
        .event = &one->event,
        .raw = one->raw,
        .length = one->length,
        .received_ms = one->received_ms,
        .row = row,
        .verified = one->verified,
    };
    one->result = store_add(a->store, &arrival, &one->seq);
}

void admit_all(struct admissions *a)
{
    if (a->count == 0)
        return;
    bool live = loader_enter(a->loader);
    bool durable = make_durable(a);
    for (size_t i = 0; i < a->count; i++) {
        struct admission *one = &a->list[i];
        one->refused = !durable;
        one->result = durable ? DELIVERY_ACCEPTED : DELIVERY_REFUSED;
        one->row = durable && !a->entries[i].known ? a->entries[i].row : 0;
        if (durable && a->entries[i].known) {
            one->result = DELIVERY_DUPLICATE;
            one->seq = store_repeat(a->store, one->event.id);
        } else if (durable && live) {
            remember(a, one, a->entries[i].row);
        }
    }
    loader_leave(a->loader);
}

void admit_clear(struct admissions *a)
{
    for (size_t i = 0; i < a->count; i++)
        event_free(&a->list[i].event);
    a->count = 0;
    a->bytes = 0;
}
