/*
 * The simulated fleet's story: what a person finds who looks at it, once it is folded into tasks,
 * sessions, interventions, batches and identities.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "entity_field.h"
#include "fleet.h"
#include "store.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, SEEDS = 10 };

static const int64_t start_ms = 1779624485123, busy_ms = 1779624485123 + 10 * MINUTE;

struct telling {
    uint64_t seed;
    struct fleet *fleet;
    struct store *store;
    const struct entities *entities;
    int64_t now_ms;
};

static struct telling begin(uint64_t seed)
{
    struct telling telling = {
        .seed = seed, .fleet = fleet_new(seed, start_ms, busy_ms), .store = store_new(16 << 20)};
    cr_assert(telling.fleet && telling.store);
    telling.entities = store_entities(telling.store);
    return telling;
}

static void end(struct telling *telling)
{
    fleet_free(telling->fleet);
    store_free(telling->store);
}

/* Receives all that is due before that time. */
static void listen_until(struct telling *telling, int64_t end_ms)
{
    while (fleet_due(telling->fleet) < end_ms) {
        struct fleet_delivery delivery;
        struct event event;
        char reason[160];
        uint64_t seq;
        cr_assert(fleet_next(telling->fleet, fleet_due(telling->fleet), &delivery));
        cr_assert(
            event_decode(&event, delivery.body, strlen(delivery.body), reason, sizeof reason));
        struct store_arrival arrival = {.event = &event,
                                        .raw = delivery.body,
                                        .length = strlen(delivery.body),
                                        .received_ms = delivery.due_ms,
                                        .verified = true};
        if (delivery.flaw == FLEET_GOOD)
            store_add(telling->store, &arrival, &seq);
        event_free(&event);
        free(delivery.body);
    }
    telling->now_ms = end_ms;
}

static uint32_t length_of(const struct streak *streak)
{
    bool more;
    return streak_length(streak, &more);
}

/* The task with the longest failing streak after so many others, or NULL. */
static const struct task *failing_task(const struct telling *telling, unsigned skip)
{
    const struct task *found = NULL;
    uint32_t below = UINT32_MAX;
    for (unsigned round = 0; round <= skip; round++) {
        uint32_t longest = 0;
        found = NULL;
        for (uint32_t i = 0; i < entities_slots(telling->entities, ENTITY_TASK); i++) {
            const struct task *task =
                (const struct task *)entities_at(telling->entities, ENTITY_TASK, i);
            uint32_t length = task ? length_of(&task->streak) : 0;
            if (length > longest && length < below) {
                longest = length;
                found = task;
            }
        }
        below = longest;
    }
    return found;
}

static unsigned count_interventions(const struct telling *telling, enum intervention_state state)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < entities_slots(telling->entities, ENTITY_INTERVENTION); i++) {
        const struct entity *entity = entities_at(telling->entities, ENTITY_INTERVENTION, i);
        count += entity && intervention_state((const struct intervention *)entity) == state;
    }
    return count;
}

static int64_t waits(const struct telling *telling, size_t place)
{
    return telling->now_ms - entities_waiting_at(telling->entities, place)->requested.created_ms;
}

static bool a_task_keeps_failing(const struct telling *telling)
{
    const struct task *task = failing_task(telling, 0);
    return task && length_of(&task->streak) >= 6 && task->failure.message &&
           strstr(task->failure.message, "date range") && task->failure.root_cause &&
           task->failure.session;
}

static bool it_has_healed_as_a_draft_that_is_not_published(const struct telling *telling)
{
    const struct task *task = failing_task(telling, 0);
    return task && task->heal.draft == TOLD_YES && task->heal.confidence > 0.5 && task->heal.explanation &&
           task->heal.suggestion && task->heal.version && task->version.text &&
           strcmp(task->heal.version, task->version.text) != 0 &&
           stamp_compare(&task->heal.at, &task->failure.at) < 0;
}

static bool another_task_has_failed_twice(const struct telling *telling)
{
    const struct task *task = failing_task(telling, 0);
    for (unsigned skip = 1; task; skip++) {
        task = failing_task(telling, skip);
        if (task && length_of(&task->streak) == 2 && task->completed > 0)
            return true;
    }
    return false;
}

static bool an_identity_has_stopped_working(const struct telling *telling)
{
    for (uint32_t i = 0; i < entities_slots(telling->entities, ENTITY_IDENTITY); i++) {
        const struct identity *identity =
            (const struct identity *)entities_at(telling->entities, ENTITY_IDENTITY, i);
        if (identity && length_of(&identity->streak) >= 3)
            return identity->succeeded > 0 &&
                   strcmp(identity->failure.type, "invalid_credentials") == 0;
    }
    return false;
}

static bool batches_have_ended_in_each_way(const struct telling *telling)
{
    bool all = false, some = false, none = false;
    for (uint32_t i = 0; i < entities_slots(telling->entities, ENTITY_BATCH); i++) {
        const struct entity *entity = entities_at(telling->entities, ENTITY_BATCH, i);
        const struct batch_report *report = &((const struct batch *)entity)->report;
        all |= report->total == 25 && report->completed == 25;
        some |= report->outcome == OUTCOME_OK && report->failed > 0;
        none |= report->outcome == OUTCOME_FAILED;
    }
    return all && some && none;
}

static bool some_wait_and_the_ages_differ(const struct telling *telling)
{
    size_t count = entities_waiting(telling->entities);
    const char *message = entities_waiting_at(telling->entities, 0)->request.message;
    return count >= 3 && count <= 6 && strstr(message, "payment") &&
           waits(telling, 0) > 5 * MINUTE && waits(telling, 0) < 7 * MINUTE &&
           waits(telling, 1) > MINUTE && waits(telling, 1) < 5 * MINUTE &&
           waits(telling, count - 1) < MINUTE;
}

static bool others_were_answered(const struct telling *telling)
{
    return count_interventions(telling, INTERVENTION_RESOLVED) >= 4;
}

static bool one_was_abandoned(const struct telling *telling)
{
    return count_interventions(telling, INTERVENTION_ABANDONED) >= 1;
}

/* Logged in, asked and was answered, has completed a task, and asks again. */
static bool an_open_session_has_a_story(const struct telling *telling)
{
    for (size_t i = 0; i < entities_waiting(telling->entities); i++) {
        const struct intervention *waiting = entities_waiting_at(telling->entities, i);
        const struct session *session = (const struct session *)entities_find(
            telling->entities, ENTITY_SESSION, waiting->session);
        if (session && session_state(session) == SESSION_WAITING && session->identity.text &&
            session->interventions.count == 2 && session->executions.count >= 1)
            return true;
    }
    return false;
}

Test(fleet_story, is_there_when_one_begins_to_watch)
{
    static const struct {
        const char *name;
        bool (*holds)(const struct telling *telling);
    } rows[] = {
        {"a task keeps failing, and says why", a_task_keeps_failing},
        {"it has healed as a draft", it_has_healed_as_a_draft_that_is_not_published},
        {"another task has failed twice", another_task_has_failed_twice},
        {"an identity has stopped working", an_identity_has_stopped_working},
        {"batches have ended in each way", batches_have_ended_in_each_way},
        {"some wait, and the ages differ", some_wait_and_the_ages_differ},
        {"others were answered", others_were_answered},
        {"one was abandoned", one_was_abandoned},
        {"an open session has a story", an_open_session_has_a_story},
    };
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct telling telling = begin(seed);
        listen_until(&telling, busy_ms);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            cr_expect(rows[i].holds(&telling), "seed %d: %s", (int)seed, rows[i].name);
        end(&telling);
    }
}

Test(fleet_story, goes_on)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct telling telling = begin(seed);
        unsigned looks = 0, few = 0, many = 0;
        for (int64_t at = busy_ms; at < busy_ms + 30 * MINUTE; at += 10 * SECOND) {
            listen_until(&telling, at);
            size_t waiting = entities_waiting(telling.entities);
            looks++;
            few += waiting < 3;
            many += waiting > 6;
            cr_expect_leq(waiting, 9, "seed %d: they must not pile up", (int)seed);
            cr_expect(a_task_keeps_failing(&telling), "seed %d, %ds: %s", (int)seed,
                      (int)((at - busy_ms) / SECOND),
                      entity_id(&failing_task(&telling, 0)->entity));
            cr_expect(an_identity_has_stopped_working(&telling), "seed %d", (int)seed);
        }
        cr_expect_lt(few + many, looks / 5, "seed %d: three to six wait, mostly: %u, %u of %u",
                     (int)seed, few, many, looks);
        end(&telling);
    }
}

Test(fleet_story, nine_of_ten_runs_complete)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct telling telling = begin(seed);
        struct hour_sums sums;
        listen_until(&telling, busy_ms + 20 * MINUTE);
        hour_sum(entities_hour(telling.entities), telling.now_ms, &sums);
        double rate = (double)sums.ok / (double)(sums.ok + sums.failed);
        cr_expect(rate > 0.86 && rate < 0.94, "seed %d: %.3f", (int)seed, rate);
        end(&telling);
    }
}
