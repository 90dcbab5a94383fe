/*
 * What later events of the journal have made of earlier ones: see hindsight.h.
 */
#include "hindsight.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENTITY_BYTES = 64 << 20 };

struct hindsight {
    struct follower *follower;
    /* Not the one that deliveries go to: what the journal has is no delivery there. */
    struct store *store;
    int64_t row; /* of the journal: the last that was read ahead */
};

struct hindsight *hindsight_open(const struct follower_config *journal, char *reason,
                                 size_t reason_size)
{
    struct hindsight *hindsight = calloc(1, sizeof *hindsight);
    /* Events are not asked for here; what waits is, of a journal that may be long. */
    struct store_limits limits = store_share(STORE_MIN_MEMORY);
    limits.entities = ENTITY_BYTES;
    if (hindsight)
        hindsight->store = store_new_limited(&limits);
    if (!hindsight || !hindsight->store) {
        snprintf(reason, reason_size, "not enough memory for reading the journal");
        hindsight_close(hindsight);
        return NULL;
    }
    struct follower_config ahead = *journal;
    ahead.ends = false; /* what comes after the last one printed is the answer to it, perhaps */
    hindsight->follower = follower_open(&ahead, reason, reason_size);
    if (hindsight->follower)
        return hindsight;
    hindsight_close(hindsight);
    return NULL;
}

void hindsight_close(struct hindsight *hindsight)
{
    if (!hindsight)
        return;
    follower_close(hindsight->follower);
    store_free(hindsight->store);
    free(hindsight);
}

static void fold(struct hindsight *hindsight, const struct recalled *event)
{
    const struct store_arrival arrival = recalled_arrival(event);
    uint64_t seq;
    /* No other event decides whether an intervention waits. */
    if (event->record.entity != ENTITY_INTERVENTION && event->record.entity != ENTITY_SESSION)
        return;
    store_add(hindsight->store, &arrival, &seq);
}

void hindsight_add(struct hindsight *hindsight, const struct recalled *event)
{
    if (event->record.row > hindsight->row)
        fold(hindsight, event);
}

static bool add(void *context, const struct recalled *event)
{
    struct hindsight *hindsight = context;
    hindsight->row = event->record.row;
    fold(hindsight, event);
    return true;
}

enum follower_state hindsight_read(struct hindsight *hindsight, char trouble[HISTORY_TEXT_SIZE])
{
    return follower_read(hindsight->follower, add, hindsight, trouble);
}

struct store *hindsight_store(const struct hindsight *hindsight)
{
    return hindsight->store;
}
