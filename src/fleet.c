/*
 * A simulated fleet of browser agents: the deliveries that a busy project would cause.
 *
 * A session is made up whole when it begins: all its events go into a heap by the time that they
 * will be delivered. Taking the next delivery begins sessions until none could come before it.
 */
#include "fleet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    RUN_UP = 12 * SECOND, /* sessions that are under way when the fleet becomes busy */
    MAX_TASKS = 16,
    MAX_IDENTITIES = 8,
    HEAP_START = 256,
};

/* The shares of things that go otherwise than usual. */
static const double asks_human = 0.08, never_answered = 0.15, is_cancelled = 0.015, crashes = 0.012,
                    logs_in = 0.4, is_repeated = 0.015, is_overtaken = 0.03, is_late = 0.002,
                    batch_is_doomed = 0.08;

/* Mean time between things. */
static const double between_sessions = 480, between_early_sessions = 40 * SECOND,
                    between_batches = 55 * SECOND, between_breakages = 100 * SECOND,
                    between_lockouts = 150 * SECOND, between_flaws = 110 * SECOND, never = 1e14;

/* A delivery to come. */
struct planned {
    int64_t due_ms, created_ms;
    uint64_t order; /* of planning: what is due at the same time goes in it */
    const char *type;
    struct sample sample;
    char event_id[SAMPLE_EVENT_ID_SIZE];
    char *body;      /* of what is sent again, owned; else NULL until it is taken */
    bool repetition; /* it was accepted before */
};

/* Things that begin at random times. */
enum beginning {
    BEGIN_EARLY_SESSION,
    BEGIN_SESSION,
    BEGIN_BATCH,
    BEGIN_BREAKAGE,
    BEGIN_LOCKOUT,
    BEGINNINGS
};

struct fleet {
    struct dice dice;
    int64_t busy_ms;
    struct planned *heap; /* the first due on top */
    size_t count, capacity;
    uint64_t planned;
    bool out_of_memory;
    int64_t next_ms[BEGINNINGS];
    int64_t next_flaw_ms;
    struct {
        unsigned version;
        unsigned failures_left; /* until it heals itself; 0: it works */
        const struct sample_error *error;
    } tasks[MAX_TASKS];
    int64_t locked_until_ms[MAX_IDENTITIES];
};

/* How a session is to go, when that is not left to chance. */
enum fate { FATE_OPEN, FATE_ASKS, FATE_FAILS };

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

/* Takes over the entry's body. */
static void push(struct fleet *fleet, struct planned *entry)
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

static struct planned pop(struct fleet *fleet)
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

/* Plans the delivery of an event that is created at that time, and gets under way after a lag that
 * is mostly short. */
static void plan(struct fleet *fleet, const char *type, const struct sample *sample,
                 int64_t created_ms)
{
    struct dice *dice = &fleet->dice;
    struct planned entry = {.type = type, .created_ms = created_ms, .sample = *sample};
    int64_t lag = 40 + (int64_t)dice_exponential(dice, 120);

    if (dice_chance(dice, is_late))
        lag += dice_between(dice, 2 * MINUTE, 6 * MINUTE);
    else if (dice_chance(dice, is_overtaken))
        lag += dice_between(dice, 1 * SECOND, 4 * SECOND);
    entry.due_ms = created_ms + lag;
    sample_event_id(entry.event_id, created_ms, dice);
    push(fleet, &entry);
}

/* The agent asks a human. Returns how long it waits, and whether nobody answers. */
static int64_t plan_question(struct fleet *fleet, const struct sample *sample, int64_t at,
                             enum fate fate, bool *abandoned)
{
    struct dice *dice = &fleet->dice;
    double shortest = log(5 * SECOND), longest = log(4 * MINUTE);
    int64_t waiting = (int64_t)exp(shortest + (longest - shortest) * dice_fraction(dice));

    *abandoned = dice_chance(dice, never_answered);
    if (*abandoned || fate == FATE_ASKS)
        waiting = dice_between(dice, 5 * MINUTE, 9 * MINUTE);
    plan(fleet, "intervention.requested", sample, at);
    if (!*abandoned)
        plan(fleet, "intervention.resolved", sample, at + waiting);
    return waiting;
}

/* What goes wrong with the task itself, or NULL. */
static const struct sample_error *own_error(struct fleet *fleet, const struct sample *sample,
                                            enum fate fate)
{
    size_t task = (size_t)(sample->task - sample_tasks);
    if (fleet->tasks[task].failures_left)
        return fleet->tasks[task].error;
    if (fate == FATE_FAILS || dice_chance(&fleet->dice, sample->task->failures))
        return sample->error;
    return NULL;
}

/* One failure less until a broken task heals itself, in a new version. */
static void count_failure(struct fleet *fleet, const struct sample *sample, int64_t at)
{
    size_t task = (size_t)(sample->task - sample_tasks);
    if (!fleet->tasks[task].failures_left || --fleet->tasks[task].failures_left)
        return;
    plan(fleet, "task.healed", sample, at + dice_between(&fleet->dice, 4 * SECOND, 12 * SECOND));
    fleet->tasks[task].version++;
}

/* Logs in, where the task has an identity; returns whether the run can go on. */
static bool plan_login(struct fleet *fleet, const struct sample *sample, int64_t at)
{
    if (!sample->task->identity)
        return true;
    size_t identity = (size_t)(sample->task->identity - sample_identities);
    int64_t login_ms = at + dice_between(&fleet->dice, 700, 1900);

    if (at < fleet->locked_until_ms[identity]) {
        plan(fleet, "identity.authentication_failed", sample, login_ms);
        return false;
    }
    if (dice_chance(&fleet->dice, logs_in))
        plan(fleet, "identity.authenticated", sample, login_ms);
    return true;
}

/* Makes up a session that begins at that time. Returns when it has ended, and whether its task
 * did not complete. */
static int64_t plan_session(struct fleet *fleet, const struct sample_task *task, int64_t at,
                            enum fate fate, bool *failed)
{
    struct dice *dice = &fleet->dice;
    struct sample sample;
    bool abandoned = false;

    sample_roll(&sample, task, dice);
    sample.version = fleet->tasks[task - sample_tasks].version;
    const struct sample_error *error = NULL;
    if (!plan_login(fleet, &sample, at)) {
        error = &sample_login_error;
        sample.task_ms = dice_between(dice, 2 * SECOND, 4 * SECOND);
        sample.session_ms = sample.task_ms + SECOND;
        sample.recording_ms = sample.task_ms;
    } else if (fate == FATE_ASKS || dice_chance(dice, asks_human)) {
        int64_t asks_ms = (int64_t)((double)sample.task_ms * (0.2 + 0.6 * dice_fraction(dice)));
        int64_t waiting = plan_question(fleet, &sample, at + asks_ms, fate, &abandoned);
        sample.task_ms += waiting;
        sample.session_ms += waiting;
        sample.recording_ms += waiting;
    }

    bool crashed = abandoned || (!error && dice_chance(dice, crashes));
    if (crashed)
        error = abandoned ? &sample_unanswered_error : &sample_crash_error;
    else if (!error)
        error = own_error(fleet, &sample, fate);

    int64_t task_end = at + sample.task_ms, session_end = at + sample.session_ms;
    if (error) {
        sample.error = error;
        plan(fleet, "task.failed", &sample, task_end);
        count_failure(fleet, &sample, task_end);
    } else {
        bool cancelled = dice_chance(dice, is_cancelled);
        plan(fleet, cancelled ? "task.cancelled" : "task.completed", &sample, task_end);
    }
    plan(fleet, crashed ? "session.failed" : "session.completed", &sample, session_end);
    if (!crashed)
        plan(fleet, "session.recording.ready", &sample,
             session_end + dice_between(dice, 3 * SECOND, 14 * SECOND));
    *failed = error != NULL;
    return session_end;
}

static const struct sample_task *choose_task(struct fleet *fleet)
{
    unsigned weights = 0;
    for (size_t i = 0; i < sample_task_count; i++)
        weights += sample_tasks[i].weight;

    unsigned chosen = (unsigned)dice_between(&fleet->dice, 0, weights - 1);
    size_t task = 0;
    while (chosen >= sample_tasks[task].weight)
        chosen -= sample_tasks[task++].weight;
    return &sample_tasks[task];
}

static double begin_early_session(struct fleet *fleet, int64_t at)
{
    bool failed;
    if (at >= fleet->busy_ms - RUN_UP)
        return never;
    plan_session(fleet, choose_task(fleet), at, FATE_OPEN, &failed);
    return between_early_sessions;
}

static double begin_session(struct fleet *fleet, int64_t at)
{
    bool failed;
    plan_session(fleet, choose_task(fleet), at, FATE_OPEN, &failed);
    /* Work comes in waves. */
    return between_sessions /
           (1 + 0.6 * sin((double)(at - fleet->busy_ms + RUN_UP) / (7 * SECOND)));
}

static double begin_batch(struct fleet *fleet, int64_t at)
{
    struct dice *dice = &fleet->dice;
    const struct sample_task *task = choose_task(fleet);
    enum fate fate = dice_chance(dice, batch_is_doomed) ? FATE_FAILS : FATE_OPEN;
    struct sample sample;
    int64_t end = at;

    sample_roll(&sample, task, dice);
    sample.batch_failed = 0;
    for (int64_t i = 0; i < sample.batch_total; i++) {
        bool failed;
        int64_t start = at + i * dice_between(dice, 150, 400);
        int64_t session_end = plan_session(fleet, task, start, fate, &failed);
        sample.batch_failed += failed;
        end = session_end > end ? session_end : end;
    }
    bool all_failed = sample.batch_failed == sample.batch_total;
    plan(fleet, all_failed ? "batch.failed" : "batch.completed", &sample, end + SECOND / 2);
    return between_batches;
}

static double begin_breakage(struct fleet *fleet, int64_t at)
{
    struct dice *dice = &fleet->dice;
    size_t task = (size_t)(choose_task(fleet) - sample_tasks);

    (void)at;
    if (!fleet->tasks[task].failures_left) {
        fleet->tasks[task].failures_left = (unsigned)dice_between(dice, 4, 9);
        fleet->tasks[task].error = &sample_errors[0];
    }
    return between_breakages;
}

static double begin_lockout(struct fleet *fleet, int64_t at)
{
    struct dice *dice = &fleet->dice;
    size_t identity = dice_roll(dice) % sample_identity_count;
    fleet->locked_until_ms[identity] = at + dice_between(dice, 40 * SECOND, 120 * SECOND);
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
    bool failed;
    if (!fleet)
        return NULL;
    fleet->dice.state = seed;
    fleet->busy_ms = busy_ms;
    fleet->next_flaw_ms = busy_ms + 15 * SECOND;
    for (size_t i = 0; i < sample_task_count; i++)
        fleet->tasks[i].version = 2 + (unsigned)dice_between(&fleet->dice, 0, 6);
    for (size_t i = 0; i < BEGINNINGS; i++)
        fleet->next_ms[i] = busy_ms + beginnings[i].first_ms;
    fleet->next_ms[BEGIN_EARLY_SESSION] = start_ms;
    /* Somebody has been waiting for a while already. */
    plan_session(fleet, choose_task(fleet), busy_ms - 4 * MINUTE, FATE_ASKS, &failed);
    plan_session(fleet, choose_task(fleet), busy_ms - 90 * SECOND, FATE_ASKS, &failed);
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
        push(fleet, &again);
    else
        fleet->out_of_memory = true;
}

bool fleet_next(struct fleet *fleet, int64_t now_ms, struct fleet_delivery *delivery)
{
    struct dice *dice = &fleet->dice;
    int64_t due_ms = fleet_due(fleet);
    struct planned entry = pop(fleet);
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
