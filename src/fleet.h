/*
 * A simulated fleet of browser agents: the deliveries that a busy project would cause.
 *
 * A dozen tasks with steady ids run in sessions; some sessions ask a human, some fail, one task
 * breaks now and then and heals itself, batches start many sessions at once, identities lose their
 * password; deliveries are repeated, overtake each other, come late, and once in a while one is
 * signed wrongly. Pure: the clock is passed in, and the same seed gives the same story.
 */
#ifndef ANCHORTOP_FLEET_H
#define ANCHORTOP_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

/* What is wrong with a delivery, on purpose. */
enum fleet_flaw { FLEET_GOOD, FLEET_WRONG_SIGNATURE, FLEET_STALE_TIMESTAMP };

/* One delivery. `body` is the caller's to free. */
struct fleet_delivery {
    char *body;
    const char *type; /* constant */
    char event_id[SAMPLE_EVENT_ID_SIZE];
    int64_t due_ms;  /* when it is sent, by the fleet's clock */
    bool repetition; /* the event was delivered before */
    enum fleet_flaw flaw;
};

/* Owned by one thread. */
struct fleet;

/*
 * A fleet whose story begins at start_ms. Until busy_ms little happens, so that what it sends for
 * that time can be delivered in one go; from then on it sends six to ten events a second.
 */
struct fleet *fleet_new(uint64_t seed, int64_t start_ms, int64_t busy_ms);
void fleet_free(struct fleet *fleet);

/* When the next delivery is due, by the fleet's clock. */
int64_t fleet_due(struct fleet *fleet);

/*
 * Takes the next delivery. Its event was created as long before now_ms as the story has it before
 * its due time: pass that to live in the fleet's time, or the real time to see it in time lapse.
 * False when memory ran out.
 */
bool fleet_next(struct fleet *fleet, int64_t now_ms, struct fleet_delivery *delivery);

#endif
