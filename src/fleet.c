/*
 * A simulated fleet of browser agents: the deliveries that a busy project would cause.
 *
 * A session is made up whole when it begins: all its events go into a heap by the time that they
 * will be delivered. Taking the next delivery begins sessions until none could come before it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleet_private.h"

enum {
    RUN_UP = 12 * SECOND, /* sessions that are under way when the fleet becomes busy */
    DOOMED_BATCH = 5,     /* no longer than the failing streaks that are told as a story */
};

/* The shares of things that go otherwise than usual. */
static const double is_repeated = 0.015, batch_is_doomed = 0.1;

/* Mean time between things. */
static const double between_sessions = 540, between_early_sessions = 40 * SECOND,
                    between_batches = 55 * SECOND, between_breakages = 100 * SECOND,
                    between_lockouts = 75 * SECOND, between_flaws = 110 * SECOND, never = 1e14;

static bool works(const struct fleet *fleet, size_t task)
{
    const struct sample_identity *identity = sample_tasks[task].identity;
    return !fleet->tasks[task].failures_left &&
           !(identity && fleet->refusals_left[identity - sample_identities]);
}

/* A task by the weights, among those that do not rest at that time. */
static const struct sample_task *choose_task(struct fleet *fleet, int64_t at)
{
    for (;;) {
        int64_t weights = 0;
        for (size_t i = 0; i < SAMPLE_TASKS; i++)
            weights += sample_tasks[i].weight;
        int64_t chosen = dice_between(&fleet->dice, 0, weights - 1);
        size_t task = 0;
        while (chosen >= sample_tasks[task].weight)
            chosen -= sample_tasks[task++].weight;
        if (fleet->tasks[task].rests_until_ms <= at)
            return &sample_tasks[task];
    }
}

/* The same among those that work: there always are some. */
static const struct sample_task *choose_working(struct fleet *fleet, int64_t at)
{
    for (;;) {
        const struct sample_task *task = choose_task(fleet, at);
        if (works(fleet, (size_t)(task - sample_tasks)))
            return task;
    }
}

static double begin_early_session(struct fleet *fleet, int64_t at)
{
    bool failed;
    if (at >= fleet->busy_ms - RUN_UP)
        return never;
    fleet_session(fleet, choose_task(fleet, at), at, false, &failed);
    return between_early_sessions;
}

static double begin_session(struct fleet *fleet, int64_t at)
{
    bool failed;
    fleet_session(fleet, choose_task(fleet, at), at, false, &failed);
    /* Work comes in waves. */
    return between_sessions /
           (1 + 0.6 * sin((double)(at - fleet->busy_ms + RUN_UP) / (7 * SECOND)));
}

static double begin_batch(struct fleet *fleet, int64_t at)
{
    struct dice *dice = &fleet->dice;
    const struct sample_task *task = choose_working(fleet, at);
    bool doomed = dice_chance(dice, batch_is_doomed);
    struct sample sample;
    int64_t end = at;

    sample_roll(&sample, task, dice);
    sample.batch_failed = 0;
    if (doomed)
        sample.batch_total = DOOMED_BATCH;
    for (int64_t i = 0; i < sample.batch_total; i++) {
        bool failed;
        int64_t start = at + i * dice_between(dice, 150, 400);
        int64_t session_end = fleet_session(fleet, task, start, doomed, &failed);
        sample.batch_failed += failed;
        end = session_end > end ? session_end : end;
    }
    bool all_failed = sample.batch_failed == sample.batch_total;
    fleet_plan(fleet, all_failed ? "batch.failed" : "batch.completed", &sample, end + SECOND / 2,
               false);
    return between_batches;
}

static double begin_breakage(struct fleet *fleet, int64_t at)
{
    struct fleet_task *task = fleet_task(fleet, choose_working(fleet, at));
    size_t cause = dice_roll(&fleet->dice) % sample_heal_count;

    task->failures_left = (uint32_t)dice_between(&fleet->dice, 3, 5);
    task->error = &sample_errors[cause];
    task->heal = &sample_heals[cause];
    return between_breakages;
}

static double begin_lockout(struct fleet *fleet, int64_t at)
{
    const struct sample_identity *identity = choose_working(fleet, at)->identity;
    if (identity)
        fleet->refusals_left[identity - sample_identities] =
            (uint32_t)dice_between(&fleet->dice, 1, 3);
    return between_lockouts;
}

/* What begins: makes it up, and returns the mean time to the next of its kind. */
static const struct {
    double (*begin)(struct fleet *fleet, int64_t at);
    int64_t first_ms; /* after the fleet has become busy */
} beginnings[BEGINNINGS] = {
    [BEGIN_EARLY_SESSION] = {begin_early_session, 0},
    [BEGIN_SESSION] = {begin_session, -RUN_UP},
    [BEGIN_BATCH] = {begin_batch, 6 * SECOND},
    [BEGIN_BREAKAGE] = {begin_breakage, 3 * SECOND},
    [BEGIN_LOCKOUT] = {begin_lockout, 20 * SECOND},
};

struct fleet *fleet_new(uint64_t seed, int64_t start_ms, int64_t busy_ms)
{
    struct fleet *fleet = calloc(1, sizeof *fleet);
    if (!fleet)
        return NULL;
    fleet->dice.state = seed;
    fleet->busy_ms = busy_ms;
    fleet->next_flaw_ms = busy_ms + 15 * SECOND;
    for (size_t i = 0; i < SAMPLE_TASKS; i++)
        fleet->tasks[i].version = 2 + (unsigned)dice_between(&fleet->dice, 0, 6);
    for (size_t i = 0; i < BEGINNINGS; i++)
        fleet->next_ms[i] = busy_ms + beginnings[i].first_ms;
    fleet->next_ms[BEGIN_EARLY_SESSION] = start_ms;
    fleet_tell_story(fleet);
    return fleet;
}

void fleet_free(struct fleet *fleet)
{
    if (!fleet)
        return;
    for (size_t i = 0; i < fleet->count; i++)
        free(fleet->heap[i].body);
    free(fleet->heap);
    free(fleet);
}

int64_t fleet_due(struct fleet *fleet)
{
    for (;;) {
        size_t next = 0;
        for (size_t i = 1; i < BEGINNINGS; i++) {
            if (fleet->next_ms[i] < fleet->next_ms[next])
                next = i;
        }
        int64_t at = fleet->next_ms[next];
        if (fleet->count && fleet->heap[0].due_ms < at)
            return fleet->heap[0].due_ms;
        double mean = beginnings[next].begin(fleet, at);
        fleet->next_ms[next] = at + 1 + (int64_t)dice_exponential(&fleet->dice, mean);
    }
}

/* Plans that the same bytes are delivered again. */
static void repeat(struct fleet *fleet, const struct planned *first, const char *body,
                   int64_t delay_ms, bool accepted_before)
{
    struct planned again = *first;
    again.due_ms += delay_ms;
    again.repetition = accepted_before;
    again.body = strdup(body);
    if (again.body)
        fleet_push(fleet, &again);
    else
        fleet->out_of_memory = true;
}

bool fleet_next(struct fleet *fleet, int64_t now_ms, struct fleet_delivery *delivery)
{
    struct dice *dice = &fleet->dice;
    int64_t due_ms = fleet_due(fleet);
    struct planned entry = fleet_pop(fleet);
    bool fresh = !entry.body;
    char *body = entry.body ? entry.body
                            : sample_envelope(&entry.sample, entry.type, entry.event_id,
                                              now_ms - (entry.due_ms - entry.created_ms));

    *delivery = (struct fleet_delivery){
        .body = body, .type = entry.type, .due_ms = due_ms, .repetition = entry.repetition};
    memcpy(delivery->event_id, entry.event_id, sizeof delivery->event_id);
    if (body && fresh && due_ms >= fleet->next_flaw_ms) {
        delivery->flaw = dice_chance(dice, 0.5) ? FLEET_WRONG_SIGNATURE : FLEET_STALE_TIMESTAMP;
        fleet->next_flaw_ms = due_ms + (int64_t)dice_exponential(dice, between_flaws);
        repeat(fleet, &entry, body, dice_between(dice, 4 * SECOND, 9 * SECOND), false);
    } else if (body && fresh && dice_chance(dice, is_repeated)) {
        repeat(fleet, &entry, body, dice_between(dice, 2 * SECOND, 40 * SECOND), true);
    }
    return body && !fleet->out_of_memory;
}
