/*
 * The fleet behind --demo.
 */
#include "demo.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "fleet.h"
#include "send.h"
#include "thread.h"

enum {
    PARALLEL = 4,
    STORY_MS = 10 * 60 * 1000,
    BACKLOG_GAP_MS = 20, /* tells all of it in five seconds, and leaves the sparkline its scale */
};

struct demo {
    struct fleet *fleet;
    struct sender *sender;
    pthread_t thread;
    int64_t started_ms;
    int64_t next_ms; /* of the backlog */
};

static const enum send_flaw flaws[] = {
    [FLEET_GOOD] = SEND_GOOD,
    [FLEET_WRONG_SIGNATURE] = SEND_WRONG_SIGNATURE,
    [FLEET_STALE_TIMESTAMP] = SEND_STALE_TIMESTAMP,
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum send_next next_delivery(void *context, struct send_item *item, int64_t *wait_us)
{
    struct demo *demo = context;
    struct fleet_delivery delivery;
    int64_t due_ms = fleet_due(demo->fleet), now = now_ms();
    int64_t begin_ms = due_ms < demo->started_ms ? demo->next_ms : due_ms;

    if (begin_ms > now) {
        *wait_us = (begin_ms - now) * 1000;
        return SEND_WAIT;
    }
    demo->next_ms = now + BACKLOG_GAP_MS;
    if (!fleet_next(demo->fleet, due_ms, &delivery)) {
        free(delivery.body);
        return SEND_END;
    }
    item->body = delivery.body;
    item->length = strlen(delivery.body);
    item->flaw = flaws[delivery.flaw];
    snprintf(item->type, sizeof item->type, "%s", delivery.type);
    snprintf(item->id, sizeof item->id, "%s", delivery.event_id);
    return SEND_ITEM;
}

/* The endpoint's own list of deliveries tells what became of it. */
static void ignore_answer(void *context, const struct send_result *result)
{
    (void)context;
    (void)result;
}

static void *run(void *context)
{
    struct demo *demo = context;
    sender_run(demo->sender);
    return NULL;
}

static void release(struct demo *demo)
{
    sender_free(demo->sender);
    fleet_free(demo->fleet);
    free(demo);
}

struct demo *demo_start(const char *url, const struct secrets *secrets, char *reason,
                        size_t reason_size)
{
    struct demo *demo = calloc(1, sizeof *demo);
    struct send_config config = {.url = url,
                                 .secrets = secrets,
                                 .parallel = PARALLEL,
                                 .next = next_delivery,
                                 .answered = ignore_answer,
                                 .context = demo};
    int64_t now = now_ms();
    uint64_t seed;

    snprintf(reason, reason_size, "the simulated fleet could not be started");
    if (!demo)
        return NULL;
    demo->started_ms = now;
    if (getrandom(&seed, sizeof seed, 0) == (ssize_t)sizeof seed)
        demo->fleet = fleet_new(seed, now - STORY_MS, now);
    demo->sender = demo->fleet ? sender_new(&config, reason, reason_size) : NULL;
    if (!demo->sender || thread_start(&demo->thread, run, demo) != 0) {
        release(demo);
        return NULL;
    }
    return demo;
}

void demo_stop(struct demo *demo)
{
    if (!demo)
        return;
    sender_stop(demo->sender);
    pthread_join(demo->thread, NULL);
    release(demo);
}
