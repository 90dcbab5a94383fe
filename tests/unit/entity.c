/*
 * Entities: every figure, and every case in which events come in an awkward order. Each story is
 * told in all its orders.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entity.h"

enum { MAX_EVENTS = 6, MAX_LINES = 12 };

static const struct hash_seed seed = {{1, 2}};

/* An event as told: the id is "evt_" and its place, `created` is in seconds. */
struct said {
    const char *type;
    int created;
    const char *data;
};

static struct entities *new_entities(size_t limit)
{
    struct entities *entities = entities_new(limit, &seed);
    cr_assert_not_null(entities);
    return entities;
}

/* A number of 0 in memory: it is read from the journal, after all that is in memory. */
static void fold(struct entities *entities, const struct said *said, const char *id, uint64_t seq)
{
    char body[FOLD_TEXT_MAX + 4096], reason[256];
    struct event event;
    struct entity_facts facts;
    int length = snprintf(body, sizeof body, "{\"id\":\"%s\",\"type\":\"%s\",\"data\":%s}", id,
                          said->type, said->data);
    cr_assert(length > 0 && (size_t)length < sizeof body);
    cr_assert(event_decode(&event, body, (size_t)length, reason, sizeof reason), "%s", reason);
    event.created_ms = said->created * INT64_C(1000);
    entities_read(entities, &event, event.created_ms + 5, &facts);
    if (seq)
        entities_fold(entities, &facts, seq, 0);
    else
        entities_fold_past(entities, &facts, 1);
    event_free(&event);
}

static char *text_of(const struct entities *entities)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert_not_null(file);
    entities_write(entities, file);
    fclose(file);
    return text;
}

static const char *state_of(const struct entity *entity)
{
    static const char *const sessions[] = {
        [SESSION_SEEN] = "seen",           [SESSION_RECORDED] = "recorded",
        [SESSION_COMPLETED] = "completed", [SESSION_FAILED] = "failed",
        [SESSION_WAITING] = "waiting",     [SESSION_CANCELLED] = "cancelled",
        [SESSION_ENDED] = "ended",
    };
    static const char *const interventions[] = {
        [INTERVENTION_NOTED] = "noted",
        [INTERVENTION_WAITING] = "waiting",
        [INTERVENTION_ABANDONED] = "abandoned",
        [INTERVENTION_RESOLVED] = "resolved",
    };
    if (entity->kind == ENTITY_SESSION)
        return sessions[session_state((const struct session *)entity)];
    if (entity->kind == ENTITY_INTERVENTION)
        return interventions[intervention_state((const struct intervention *)entity)];
    return "";
}

#define TASK    "\"task_id\":\"tsk_1\""
#define SESSION "\"session_id\":\"ses_1\""
#define REQUEST "{" SESSION ",\"request_id\":\"req_1\"}"
#define ASK(message)                                                                               \
    "{" SESSION ",\"request_id\":\"req_1\",\"message\":\"" message                                 \
    "\",\"input_type\":\"confirm\",\"live_view_url\":\"https://a.example/\"}"

/* `lines` must all be there, and those that begin with "!" must not. */
static const struct story {
    const char *name;
    struct said events[MAX_EVENTS];
    enum entity_kind kind;
    const char *id, *state;
    const char *lines[MAX_LINES];
} stories[] = {
    {.name = "a task's runs",
     .events = {{"task.completed", 10, "{" TASK ",\"execution_id\":\"exr_1\"," SESSION "}"},
                {"task.failed", 20, "{" TASK ",\"execution_id\":\"exr_2\"}"},
                {"task.cancelled", 30, "{" TASK ",\"execution_id\":\"exr_3\"}"},
                {"task.failed", 40, "{" TASK ",\"execution_id\":\"exr_4\"}"},
                {"task.healed", 50, "{" TASK ",\"source_execution_id\":\"exr_4\"}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"events 5", "first 10000", "newest at 50000 evt_4", "completed 1", "failed 2",
               "cancelled 1", "last.outcome failed",
               "streak at 10000 evt_0 at 20000 evt_1 at 40000 evt_3",
               "executions exr_4 - failed at 40000 evt_3",
               "executions exr_1 ses_1 ok at 10000 evt_0", "heal.execution exr_4"}},
    {.name = "a task's times and money",
     .events = {{"task.completed", 10,
                 "{" TASK ",\"duration_ms\":5,\"cost\":{\"amount\":0.012,\"currency\":\"USD\"}}"},
                {"task.completed", 30, "{" TASK ",\"duration_ms\":7,\"cost\":0.5}"},
                {"task.failed", 20,
                 "{" TASK ",\"duration_ms\":5,\"cost\":{\"amount\":0.1,\"currency\":\"USD\"}}"},
                {"task.completed", 40, "{" TASK ",\"duration_ms\":-7,\"cost\":\"free\"}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"durations 5:2 7:1", "duration_ms 7 at 30000 evt_1", "costs 112000 USD",
               "costs 500000 ", "completed 3"}},
    {.name = "a task's version and mode are the newest ones told",
     .events = {{"task.completed", 10, "{" TASK ",\"task_version_id\":\"v1\"}"},
                {"task.completed", 20,
                 "{" TASK ",\"task_version_id\":\"v2\",\"execution_mode\":\"agent\"}"},
                {"task.failed", 30, "{" TASK ",\"task_version_id\":\"v3\"}"},
                {"task.completed", 40, "{" TASK "}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"version v3 at 30000 evt_2", "mode agent at 20000 evt_1", "streak at 40000 evt_3"}},
    {.name = "a task's last failure and heal are told by one event each",
     .events = {{"task.failed", 10,
                 "{" TASK ",\"error\":{\"type\":\"timeout\",\"message\":\"slow\","
                 "\"root_cause\":\"site\"}}"},
                {"task.failed", 20,
                 "{" TASK ",\"execution_id\":\"exr_2\"," SESSION
                 ",\"error\":{\"type\":\"agent_error\",\"message\":\"lost\"}}"},
                {"task.healed", 30,
                 "{" TASK ",\"healed_task_version_id\":\"v4\",\"source_execution_id\":\"exr_2\","
                 "\"error_explanation\":\"moved\",\"fix_suggestion\":\"look\","
                 "\"confidence_score\":0.82,\"published_as_draft\":true}"},
                {"task.healed", 25, "{" TASK ",\"error_explanation\":\"old\"}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"failure.type agent_error", "failure.message lost", "!failure.root_cause site",
               "failure.execution exr_2", "failure.session ses_1", "heal.version v4",
               "heal.explanation moved", "heal.suggestion look",
               "heal.confidence 0.81999999999999995", "heal.draft yes"}},
    {.name = "a heal that is published, and one after it that does not say",
     .events = {{"task.healed", 30, "{" TASK ",\"published_as_draft\":false}"},
                {"task.healed", 20, "{" TASK "}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"heal.draft no"}},
    {.name = "a newer heal that does not say leaves nothing of the older one",
     .events = {{"task.healed", 20, "{" TASK ",\"published_as_draft\":true}"},
                {"task.healed", 30, "{" TASK "}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"!heal.draft yes", "!heal.draft no"}},
    {.name = "types that nobody knows yet tell no outcome",
     .events = {{"task.exploded_and_failed", 10, "{" TASK ",\"task_version_id\":\"v9\"}"},
                {"task.completed", 5, "{" TASK ",\"task_version_id\":\"v1\"}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"events 2", "completed 1", "!failed 1", "last.outcome ok",
               "version v9 at 10000 evt_0"}},
    {.name = "a session that nothing is known of",
     .events = {{"task.completed", 10,
                 "{" TASK ",\"execution_id\":\"exr_1\"," SESSION
                 ",\"session_dashboard_url\":\"https://d/\",\"recording_url\":\"https://r/\"}"},
                {"identity.authenticated", 5,
                 "{\"identity_id\":\"idn_1\",\"execution_id\":\"exr_0\"," SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "seen",
     .lines = {"events 2", "executions exr_1 tsk_1 ok at 10000 evt_0",
               "executions exr_0 - ok at 5000 evt_1", "tasks tsk_1 - ok at 10000 evt_0",
               "identity idn_1 at 5000 evt_1", "dashboard https://d/ at 10000 evt_0",
               "recording_url https://r/ at 10000 evt_0"}},
    {.name = "a session's figures",
     .events = {{"session.completed", 10,
                 "{" SESSION ",\"duration_ms\":27540,\"proxy_bytes\":1,\"network_bytes_total\":2,"
                 "\"steps\":12,\"screenshot_count\":3,\"domains\":[\"b.example\",\"a.example\"]}"},
                {"session.recording.ready", 20,
                 "{" SESSION ",\"duration_ms\":45000,\"size_bytes\":77}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "completed",
     .lines = {"duration_ms 27540 at 10000 evt_0", "proxy_bytes 1 at 10000 evt_0",
               "network_bytes 2 at 10000 evt_0", "steps 12 at 10000 evt_0",
               "screenshots 3 at 10000 evt_0", "domains.list 2: b.example a.example",
               "recording.duration_ms 45000", "recording.bytes 77"}},
    {.name = "a recording without an end",
     .events = {{"session.recording.ready", 20, "{" SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "recorded",
     .lines = {"recording.at at 20000 evt_0", "!duration_ms 45000"}},
    {.name = "both ends of a session: failed last",
     .events = {{"session.completed", 10, "{" SESSION ",\"steps\":3}"},
                {"session.failed", 20, "{" SESSION ",\"reason\":\"browser_unreachable\"}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "failed",
     .lines = {"end.reason browser_unreachable", "steps 3 at 10000 evt_0"}},
    {.name = "both ends of a session: completed last",
     .events = {{"session.completed", 30, "{" SESSION "}"},
                {"session.failed", 20, "{" SESSION ",\"reason\":\"browser_unreachable\"}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "completed",
     .lines = {"!end.reason browser_unreachable"}},
    {.name = "both ends of a session at the same time: by id",
     .events = {{"session.completed", 20, "{" SESSION "}"},
                {"session.failed", 20, "{" SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "failed"},
    {.name = "an intervention that waits",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"task.completed", 20, "{" TASK "," SESSION "}"}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "waiting",
     .lines = {"requested at 10000 evt_0", "request.message Solve it", "request.input confirm",
               "request.live_view https://a.example/", "session ses_1", "waiting req_1"}},
    {.name = "a session whose intervention waits",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.recording.ready", 20, "{" SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "waiting",
     .lines = {"waiting 1", "interventions req_1 - waiting at 10000 evt_0"}},
    {.name = "resolved, also when that comes first",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "resolved",
     .lines = {"requested at 10000 evt_0", "resolved at 20000 evt_1", "!waiting req_1"}},
    {.name = "resolved, and never requested",
     .events = {{"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "resolved",
     .lines = {"!waiting req_1"}},
    {.name = "requested again after its resolution",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"intervention.resolved", 20, REQUEST},
                {"intervention.requested", 30, ASK("Solve it at last")}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "resolved",
     .lines = {"requested at 10000 evt_0", "request.message Solve it at last", "!waiting req_1"}},
    {.name = "a session that goes on after a resolution",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "seen",
     .lines = {"!waiting 1"}},
    {.name = "abandoned by its session",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.failed", 20, "{" SESSION "}"}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "abandoned",
     .lines = {"session_ended", "!waiting req_1"}},
    {.name = "abandoned by a session that had ended before",
     .events = {{"intervention.requested", 30, ASK("Solve it")},
                {"session.completed", 20, "{" SESSION "}"}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "abandoned"},
    {.name = "a session that ends while its intervention waits",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.failed", 20, "{" SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "failed",
     .lines = {"!waiting 1"}},
    {.name = "resolved although its session ended",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.completed", 15, "{" SESSION "}"},
                {"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "resolved",
     .lines = {"!session_ended"}},
    {.name = "one of two interventions still waits",
     .events = {{"intervention.requested", 10, ASK("One")},
                {"intervention.requested", 5, "{" SESSION ",\"request_id\":\"req_2\"}"},
                {"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "waiting",
     .lines = {"waiting 1", "waiting req_2", "!waiting req_1"}},
    {.name = "a session that ends in a way that nobody knows yet",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.cancelled", 20, "{" SESSION ",\"reason\":\"by the user\"}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "cancelled",
     .lines = {"end.reason by the user", "session_ended", "!waiting 1", "!waiting req_1"}},
    {.name = "of several members with one name the first counts",
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .events = {{"task.failed", 10, "{" SESSION ",\"task_id\":7,\"task_id\":\"tsk_2\"}"},
                {"task.failed", 20, "{" SESSION ",\"task_id\":\"tsk_1\",\"task_id\":\"tsk_3\"}"}},
     .lines = {"tasks tsk_1 - failed at 20000 evt_1"}},
    {.name = "a session that completed under another name has no reason",
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "completed",
     .events = {{"session.failed", 10, "{" SESSION ",\"reason\":\"browser_unreachable\"}"},
                {"session.finished", 20, "{" SESSION ",\"reason\":\"done\"}"}},
     .lines = {"!end.reason done", "!end.reason browser_unreachable"}},
    {.name = "a session that ends without saying how",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.terminated", 5, "{" SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "ended",
     .lines = {"session_ended", "!waiting req_1"}},
    {.name = "what ends in a session is not its end",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"session.export_failed", 20, "{" SESSION "}"},
                {"session.login.completed", 30, "{" SESSION "}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "waiting"},
    {.name = "a request that is called off",
     .events = {{"intervention.requested", 10, ASK("Solve it")},
                {"intervention.expired", 20, REQUEST},
                {"session.completed", 30, "{" SESSION "}"}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "abandoned",
     .lines = {"called_off", "!waiting req_1"}},
    {.name = "a request that is called off and answered",
     .events = {{"intervention.cancelled", 15, REQUEST},
                {"intervention.requested", 10, ASK("Solve it")},
                {"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "resolved"},
    {.name = "the id of a request that was answered, in another session",
     .events = {{"intervention.requested", 10, ASK("One")},
                {"intervention.resolved", 20, REQUEST},
                {"intervention.requested", 5,
                 "{\"session_id\":\"ses_2\",\"request_id\":\"req_1\"}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_2",
     .state = "waiting",
     .lines = {"waiting req_1", "resolved at 20000 evt_1", "requested at 5000 evt_2"}},
    {.name = "an answer that names no session is one in all of them",
     .events = {{"intervention.requested", 10, ASK("One")},
                {"intervention.requested", 5,
                 "{\"session_id\":\"ses_2\",\"request_id\":\"req_1\"}"},
                {"intervention.resolved", 20, "{\"request_id\":\"req_1\"}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_2",
     .state = "seen",
     .lines = {"!waiting req_1", "!waiting 1", "resolved at 20000 evt_2"}},
    {.name = "an answer in a session is none to a request that names no session",
     .events = {{"intervention.requested", 10, "{\"request_id\":\"req_1\"}"},
                {"intervention.resolved", 20, REQUEST}},
     .kind = ENTITY_SESSION,
     .id = "ses_1",
     .state = "seen",
     .lines = {"waiting req_1"}},
    {.name = "a request of the same id in another session",
     .events = {{"intervention.requested", 10, ASK("One")},
                {"session.failed", 15, "{" SESSION "}"},
                {"intervention.requested", 20,
                 "{\"session_id\":\"ses_2\",\"request_id\":\"req_1\"}"}},
     .kind = ENTITY_SESSION,
     .id = "ses_2",
     .state = "waiting",
     .lines = {"waiting req_1"}},
    {.name = "an intervention without a session",
     .events = {{"intervention.requested", 10, "{\"request_id\":\"req_1\"}"},
                {"session.failed", 15, "{" SESSION "}"}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "waiting"},
    {.name = "an intervention of which nothing is known",
     .events = {{"intervention.reminded", 10, REQUEST}},
     .kind = ENTITY_INTERVENTION,
     .id = "req_1",
     .state = "noted",
     .lines = {"!waiting req_1"}},
    {.name = "a batch is what its newest event reports",
     .events = {{"batch.completed", 20,
                 "{\"batch_id\":\"bat_1\",\"total_requests\":25,\"completed_requests\":18,"
                 "\"failed_requests\":7,\"status\":\"completed\"}"},
                {"batch.failed", 10,
                 "{\"batch_id\":\"bat_1\",\"total_requests\":25,\"status\":\"failed\"}"}},
     .kind = ENTITY_BATCH,
     .id = "bat_1",
     .lines = {"report.outcome ok", "report.status completed", "report.total 25",
               "report.completed 18", "report.failed 7"}},
    {.name = "a batch failed because it says so, not by its counts",
     .events = {{"batch.failed", 10,
                 "{\"batch_id\":\"bat_1\",\"total_requests\":25,\"completed_requests\":18,"
                 "\"failed_requests\":7,\"status\":\"failed\"}"}},
     .kind = ENTITY_BATCH,
     .id = "bat_1",
     .lines = {"report.outcome failed", "report.status failed", "report.completed 18"}},
    {.name = "an identity that stopped working",
     .events = {{"identity.authenticated", 10,
                 "{\"identity_id\":\"idn_1\",\"application_id\":\"app_1\"," SESSION
                 ",\"execution_id\":\"exr_1\"}"},
                {"identity.authentication_failed", 20,
                 "{\"identity_id\":\"idn_1\",\"execution_id\":\"exr_2\","
                 "\"failure_type\":\"automation_failure\",\"error_message\":\"old\"}"},
                {"identity.authentication_failed", 30,
                 "{\"identity_id\":\"idn_1\",\"failure_type\":\"invalid_credentials\","
                 "\"error_message\":\"login_succeeded was false\"}"}},
     .kind = ENTITY_IDENTITY,
     .id = "idn_1",
     .lines = {"succeeded 1", "failed 2", "last.outcome failed",
               "streak at 10000 evt_0 at 20000 evt_1 at 30000 evt_2",
               "failure.type invalid_credentials", "failure.message login_succeeded was false",
               "application app_1 at 10000 evt_0", "session ses_1 at 10000 evt_0",
               "execution exr_2 at 20000 evt_1"}},
    {.name = "an event an hour late changes nothing that is newer",
     .events = {{"task.completed", 4000, "{" TASK ",\"task_version_id\":\"v2\"}"},
                {"task.failed", 400,
                 "{" TASK ",\"task_version_id\":\"v1\",\"error\":{\"message\":\"late\"}}"}},
     .kind = ENTITY_TASK,
     .id = "tsk_1",
     .lines = {"first 400000", "last.outcome ok", "version v2 at 4000000 evt_0",
               "failure.message late", "streak at 4000000 evt_0"}},
};

static void expect_lines(const struct story *story, const char *text)
{
    for (size_t i = 0; i < MAX_LINES && story->lines[i]; i++) {
        char line[256];
        bool absent = story->lines[i][0] == '!';
        const char *words = story->lines[i] + absent;
        snprintf(line, sizeof line, "  %s\n", words);
        bool there = strstr(text, line) != NULL;
        snprintf(line, sizeof line, "\n%s\n", words);
        there = there || strstr(text, line) != NULL;
        cr_assert_neq(there, absent, "%s: \"%s\" in\n%s", story->name, story->lines[i], text);
    }
}

static void tell(const struct story *story, const unsigned *order, unsigned count)
{
    struct entities *entities = new_entities(100);
    for (unsigned i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%u", order[i]);
        fold(entities, &story->events[order[i]], id, i + 1);
    }
    const struct entity *entity = entities_find(entities, story->kind, story->id);
    cr_assert_not_null(entity, "%s", story->name);
    if (story->state)
        cr_assert_str_eq(state_of(entity), story->state, "%s", story->name);
    char *text = text_of(entities);
    expect_lines(story, text);
    free(text);
    entities_free(entities);
}

/* All orders of the events from `from` on, by exchange. */
static void tell_all(const struct story *story, unsigned *order, unsigned from, unsigned count)
{
    if (from == count)
        tell(story, order, count);
    for (unsigned i = from; i < count; i++) {
        unsigned held = order[from];
        order[from] = order[i];
        order[i] = held;
        tell_all(story, order, from + 1, count);
        order[i] = order[from];
        order[from] = held;
    }
}

Test(entity, stories_end_alike_in_whatever_order_they_are_told)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        unsigned order[MAX_EVENTS], count = 0;
        for (; count < MAX_EVENTS && stories[i].events[count].type; count++)
            order[count] = count;
        tell_all(&stories[i], order, 0, count);
    }
}

Test(entity, rates_and_answers)
{
    struct entities *entities = new_entities(100);
    double rate;
    int64_t ms;
    fold(entities, &(struct said){"task.cancelled", 1, "{" TASK "}"}, "evt_1", 1);
    const struct task *task = (const struct task *)entities_find(entities, ENTITY_TASK, "tsk_1");
    cr_expect_not(task_success_rate(task, &rate), "a cancelled run is no verdict");
    fold(entities, &(struct said){"task.completed", 2, "{" TASK "}"}, "evt_2", 2);
    fold(entities, &(struct said){"task.failed", 3, "{" TASK "}"}, "evt_3", 3);
    cr_expect(task_success_rate(task, &rate) && rate == 0.5);
    cr_expect_eq(task_runs(task), 3);
    cr_expect_eq(task->entity.last_seq, 3);

    fold(entities, &(struct said){"intervention.resolved", 50, REQUEST}, "evt_4", 4);
    const struct intervention *intervention =
        (const struct intervention *)entities_find(entities, ENTITY_INTERVENTION, "req_1");
    cr_expect_not(intervention_answer_ms(intervention, &ms), "not known without its request");
    fold(entities, &(struct said){"intervention.requested", 60, REQUEST}, "evt_5", 5);
    cr_expect(intervention_answer_ms(intervention, &ms) && ms == 0, "never negative");
    fold(entities, &(struct said){"intervention.requested", 20, REQUEST}, "evt_6", 6);
    cr_expect(intervention_answer_ms(intervention, &ms) && ms == 30000);
    entities_free(entities);
}

Test(entity, totals_are_over_all_tasks)
{
    struct entities *entities = new_entities(100);
    struct hour_sums sums;
    static const struct said events[] = {
        {"task.completed", 7200, "{\"task_id\":\"a\",\"cost\":0.5,\"duration_ms\":8}"},
        {"task.failed", 7200, "{\"task_id\":\"b\",\"cost\":0.25,\"duration_ms\":8}"},
        {"task.cancelled", 7200, "{\"task_id\":\"b\",\"cost\":0.25}"},
        {"session.completed", 7200, "{" SESSION ",\"duration_ms\":9}"},
    };
    for (unsigned i = 0; i < sizeof events / sizeof *events; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%u", i);
        fold(entities, &events[i], id, i + 1);
    }
    hour_sum(entities_hour(entities), 7205000, &sums);
    cr_expect_eq(sums.ok, 1);
    cr_expect_eq(sums.failed, 1);
    cr_expect_eq(histogram_quantile(&sums.durations, 0.95), 8);
    cr_expect_eq(entities_costs(entities)->sums[0].micros, 1000000);
    entities_free(entities);
}

static void fold_numbered_at(struct entities *entities, const char *type, unsigned number,
                             unsigned session, uint64_t seq)
{
    static unsigned told;
    char data[256], id[32];
    snprintf(data, sizeof data,
             "{\"task_id\":\"tsk_%u\",\"request_id\":\"req_%u\",\"batch_id\":\"bat_%u\","
             "\"identity_id\":\"idn_%u\",\"session_id\":\"ses_%u\"}",
             number, number, number, number, session);
    snprintf(id, sizeof id, "evt_%u", ++told);
    fold(entities, &(struct said){type, (int)number, data}, id, seq);
}

/* Folds `type` about a numbered thing. */
static void fold_numbered(struct entities *entities, const char *type, unsigned number,
                          unsigned session)
{
    static uint64_t seq;
    fold_numbered_at(entities, type, number, session, ++seq);
}

/* The same for an event of the journal that is older than all in memory. */
static void fold_old(struct entities *entities, const char *type, unsigned number, unsigned session)
{
    fold_numbered_at(entities, type, number, session, 0);
}

static bool knows(const struct entities *entities, enum entity_kind kind, unsigned number)
{
    static const char *const prefixes[] = {
        [ENTITY_TASK] = "tsk",  [ENTITY_SESSION] = "ses",  [ENTITY_INTERVENTION] = "req",
        [ENTITY_BATCH] = "bat", [ENTITY_IDENTITY] = "idn",
    };
    char id[32];
    snprintf(id, sizeof id, "%s_%u", prefixes[kind], number);
    return entities_find(entities, kind, id) != NULL;
}

Test(entity, the_least_recently_changed_goes_first)
{
    static const struct {
        const char *type;
        enum entity_kind kind;
    } rows[] = {
        {"task.failed", ENTITY_TASK},
        {"session.failed", ENTITY_SESSION},
        {"intervention.resolved", ENTITY_INTERVENTION},
        {"batch.failed", ENTITY_BATCH},
        {"identity.authenticated", ENTITY_IDENTITY},
    };
    enum { LIMIT = 10 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct entities *entities = new_entities(LIMIT);
        for (unsigned number = 0; number < 3 * LIMIT; number++) {
            fold_numbered(entities, rows[i].type, number, number);
            fold_numbered(entities, rows[i].type, 1, 1);
        }
        cr_expect_eq(entities_count(entities, rows[i].kind), LIMIT, "%s", rows[i].type);
        cr_expect(knows(entities, rows[i].kind, 1), "%s: changed all the time", rows[i].type);
        for (unsigned number = 2; number < 3 * LIMIT; number++)
            cr_expect_eq(knows(entities, rows[i].kind, number), number > 2 * LIMIT, "%s %u",
                         rows[i].type, number);
        entities_free(entities);
    }
}

static double processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A request looks for its session each time that it changes, and deliveries wait for it. */
Test(entity, a_session_is_found_in_less_time_than_it_took_to_fold_it)
{
    enum { SESSIONS = 30000 };
    struct entities *entities = new_entities(SESSIONS);
    double began = processor_s();
    for (unsigned number = 0; number < SESSIONS; number++)
        fold_numbered(entities, "session.completed", number, number);
    double folded = processor_s();
    for (unsigned number = 0; number < SESSIONS; number++)
        cr_assert(knows(entities, ENTITY_SESSION, number));
    double found = processor_s();
    cr_expect_lt(found - folded, folded - began);
    entities_free(entities);
}

Test(entity, what_waits_is_never_forgotten)
{
    enum { LIMIT = 8, WAITING = 20 };
    struct entities *entities = new_entities(LIMIT);
    for (unsigned number = WAITING; number-- > 0;)
        fold_numbered(entities, "intervention.requested", number, number);
    for (unsigned number = 0; number < 50; number++) {
        fold_numbered(entities, "session.completed", 0, 100 + number);
        fold_numbered(entities, "intervention.resolved", 100 + number, 100 + number);
    }
    cr_assert_eq(entities_waiting(entities), WAITING);
    for (unsigned number = 0; number < WAITING; number++) {
        char id[16];
        snprintf(id, sizeof id, "req_%u", number);
        cr_expect_str_eq(entity_id(&entities_waiting_at(entities, number)->entity), id,
                         "oldest request first");
        cr_expect(knows(entities, ENTITY_SESSION, number), "nor is its session");
    }
    cr_expect_null(entities_waiting_at(entities, WAITING));

    for (unsigned number = 0; number < WAITING; number++)
        fold_numbered(entities, "intervention.resolved", number, number);
    cr_expect_eq(entities_waiting(entities), 0);
    fold_numbered(entities, "intervention.resolved", 999, 999);
    cr_expect_eq(entities_count(entities, ENTITY_INTERVENTION), LIMIT, "back below the limit");
    cr_expect_eq(entities_count(entities, ENTITY_SESSION), LIMIT);
    entities_free(entities);
}

Test(entity, what_is_read_from_the_journal_later_goes_first)
{
    enum { LIMIT = 10 };
    struct entities *entities = new_entities(LIMIT);
    for (unsigned number = 100; number < 106; number++)
        fold_numbered(entities, "session.completed", number, number);
    /* The journal's: from the oldest on, among them one that memory has met since. */
    for (unsigned number = 1; number <= 20; number++) {
        fold_old(entities, "session.completed", number, number);
        fold_old(entities, "session.completed", 100, 100);
    }
    cr_expect_eq(entities_count(entities, ENTITY_SESSION), LIMIT);
    for (unsigned number = 1; number <= 20; number++)
        cr_expect_eq(knows(entities, ENTITY_SESSION, number), number > 16, "%u", number);
    for (unsigned number = 100; number < 106; number++)
        cr_expect(knows(entities, ENTITY_SESSION, number), "%u", number);
    /* And on with what arrives. */
    for (unsigned number = 200; number < 206; number++)
        fold_numbered(entities, "session.completed", number, number);
    cr_expect_not(knows(entities, ENTITY_SESSION, 20));
    cr_expect_not(knows(entities, ENTITY_SESSION, 101), "the least recently changed");
    cr_expect(knows(entities, ENTITY_SESSION, 102));
    entities_free(entities);
}

Test(entity, a_full_table_takes_nothing_older_but_what_waits)
{
    enum { LIMIT = 10 };
    struct entities *entities = new_entities(LIMIT);
    for (unsigned number = 100; number < 100 + LIMIT; number++)
        fold_numbered(entities, "intervention.resolved", number, number);
    fold_old(entities, "intervention.requested", 1, 1);
    fold_old(entities, "intervention.resolved", 1, 1);
    fold_old(entities, "intervention.requested", 2, 2);
    fold_old(entities, "session.failed", 0, 2);
    fold_old(entities, "intervention.requested", 3, 3);
    fold_old(entities, "session.completed", 0, 4);
    cr_expect_eq(entities_waiting(entities), 1);
    cr_expect_str_eq(entity_id(&entities_waiting_at(entities, 0)->entity), "req_3");
    cr_expect(knows(entities, ENTITY_SESSION, 3), "nor is its session forgotten");
    cr_expect_not(knows(entities, ENTITY_SESSION, 4));
    for (unsigned number = 100; number < 100 + LIMIT; number++)
        cr_expect_eq(knows(entities, ENTITY_SESSION, number), number > 100, "%u", number);
    entities_free(entities);
}

Test(entity, what_ended_does_not_begin_to_wait_when_its_request_is_read_later)
{
    enum { LIMIT = 4 };
    struct entities *entities = new_entities(LIMIT);
    entities_expect_past(entities);
    fold_numbered(entities, "intervention.resolved", 1, 1);
    fold_numbered(entities, "session.failed", 0, 2);
    for (unsigned number = 100; number < 100 + 2 * LIMIT; number++)
        fold_numbered(entities, "intervention.resolved", number, number);
    cr_assert_not(knows(entities, ENTITY_INTERVENTION, 1));
    cr_assert_not(knows(entities, ENTITY_SESSION, 2));
    fold_old(entities, "intervention.requested", 1, 1);
    fold_old(entities, "intervention.requested", 2, 2);
    fold_old(entities, "intervention.requested", 1, 3);
    cr_expect_eq(entities_waiting(entities), 1, "but that is another session's");
    entities_end_past(entities);
    entities_free(entities);
}

/* Fills the tables with what came later. */
static void crowd_out(struct entities *entities, unsigned limit)
{
    for (unsigned number = 100; number < 100 + 2 * limit; number++)
        fold_numbered(entities, "intervention.resolved", number, number);
}

Test(entity, an_end_without_a_session_ends_what_is_read_later)
{
    enum { LIMIT = 4 };
    static const struct said answer = {"intervention.resolved", 50, "{\"request_id\":\"req_1\"}"};
    struct entities *entities = new_entities(LIMIT);
    entities_expect_past(entities);
    fold(entities, &answer, "evt_answer", 1);
    crowd_out(entities, LIMIT);
    fold_old(entities, "intervention.requested", 1, 1);
    fold_old(entities, "intervention.requested", 2, 2);
    cr_expect_eq(entities_waiting(entities), 1, "but that is another request");
    entities_free(entities);
}

Test(entity, a_request_that_was_over_does_not_wait_again_while_the_past_is_read)
{
    enum { LIMIT = 4 };
    struct entities *entities = new_entities(LIMIT);
    entities_expect_past(entities);
    fold_numbered(entities, "intervention.rejected", 1, 1);
    fold_numbered(entities, "session.completed", 0, 2);
    crowd_out(entities, LIMIT);
    fold_old(entities, "intervention.resolved", 3, 3);
    fold_numbered(entities, "intervention.requested", 1, 1);
    fold_numbered(entities, "intervention.requested", 2, 2);
    fold_numbered(entities, "intervention.requested", 3, 3);
    fold_numbered(entities, "intervention.requested", 4, 4);
    cr_expect_eq(entities_waiting(entities), 1, "but that is another request");
    entities_free(entities);
}

Test(entity, an_answered_request_learns_what_it_asked_though_its_session_is_forgotten)
{
    enum { LIMIT = 4 };
    struct entities *entities = new_entities(LIMIT);
    int64_t ms;
    entities_expect_past(entities);
    fold_numbered(entities, "intervention.resolved", 1, 1);
    fold_numbered(entities, "session.completed", 0, 1);
    for (unsigned number = 100; number < 100 + 2 * LIMIT; number++)
        fold_numbered(entities, "session.completed", 0, number);
    cr_assert_not(knows(entities, ENTITY_SESSION, 1));
    fold_old(entities, "intervention.requested", 1, 1);
    const struct intervention *request = entities_find_request(entities, "ses_1", "req_1");
    cr_assert_not_null(request);
    cr_expect(intervention_answer_ms(request, &ms), "asked and answered");
    cr_expect_eq(entities_waiting(entities), 0);
    entities_free(entities);
}

Test(entity, what_the_past_names_again_is_remembered_again)
{
    enum { LIMIT = 2 };
    struct entities *entities = new_entities(LIMIT);
    entities_expect_past(entities);
    fold_numbered(entities, "session.completed", 0, 9);
    fold_old(entities, "session.completed", 0, 1);
    fold_old(entities, "session.completed", 0, 2);
    fold_old(entities, "session.recording.ready", 0, 1);
    cr_expect(knows(entities, ENTITY_SESSION, 1));
    cr_expect_not(knows(entities, ENTITY_SESSION, 2));
    entities_free(entities);
}

Test(entity, takes_no_more_memory_than_it_may)
{
    enum { BYTES = 200000 };
    static const char *const types[] = {
        "task.failed",           "session.completed", "intervention.requested",
        "intervention.resolved", "batch.failed",      "identity.authentication_failed",
    };
    struct entities *entities = new_entities(100000);
    entities_limit_bytes(entities, BYTES);
    fold_numbered(entities, "intervention.requested", 7, 7);
    for (unsigned number = 100; number < 3000; number++) {
        fold_numbered(entities, types[number % 6], number, number / 4);
        if (number % 6 == 2)
            fold_numbered(entities, "intervention.resolved", number, number / 4);
        cr_assert_leq(entities_bytes(entities), BYTES);
    }
    cr_expect_gt(entities_bytes(entities), BYTES / 10 * 9);
    cr_expect(knows(entities, ENTITY_SESSION, 2999 / 4), "the newest is there");
    cr_expect_not(knows(entities, ENTITY_SESSION, 100 / 4), "the oldest has gone");
    cr_expect(knows(entities, ENTITY_INTERVENTION, 7), "unless it waits");
    for (int kind = 0; kind < ENTITY_TABLES; kind++)
        cr_expect_gt(entities_count(entities, (enum entity_kind)kind), 20, "%d", kind);
    /* What is counted is given back to the last byte. */
    fold_numbered(entities, "intervention.resolved", 7, 7);
    entities_limit_bytes(entities, 0);
    fold_numbered(entities, "batch.failed", 1, 1);
    cr_expect_eq(entities_bytes(entities), 0, "%zu", entities_bytes(entities));
    entities_free(entities);
}

Test(entity, an_abandoned_one_stays_so_when_its_session_is_forgotten)
{
    struct entities *entities = new_entities(4);
    fold_numbered(entities, "intervention.requested", 1, 1);
    fold_numbered(entities, "session.failed", 1, 1);
    for (unsigned number = 10; number < 20; number++)
        fold_numbered(entities, "session.completed", number, number);
    cr_assert_not(knows(entities, ENTITY_SESSION, 1));
    fold_numbered(entities, "intervention.requested", 1, 1);
    cr_expect_eq(entities_waiting(entities), 0);
    cr_expect_str_eq(state_of(entities_find(entities, ENTITY_INTERVENTION, "req_1")), "abandoned");
    entities_free(entities);
}

Test(entity, copies_are_whole_and_stand_alone)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct entities *entities = new_entities(100);
        char id[16];
        for (unsigned k = 0; k < MAX_EVENTS && stories[i].events[k].type; k++) {
            snprintf(id, sizeof id, "evt_%u", k);
            fold(entities, &stories[i].events[k], id, k + 1);
        }
        struct entity *copy = entity_copy(entities_find(entities, stories[i].kind, stories[i].id));
        cr_assert_not_null(copy);
        entities_free(entities);
        cr_expect_str_eq(entity_id(copy), stories[i].id);
        if (stories[i].state)
            cr_expect_str_eq(state_of(copy), stories[i].state, "%s", stories[i].name);
        entity_free(copy);
    }
    entity_free(NULL);
    entities_free(NULL);
}

/* Lists and texts that a sender makes long. */
Test(entity, is_bounded)
{
    struct entities *entities = new_entities(100);
    char data[FOLD_TEXT_MAX + 512], long_text[FOLD_TEXT_MAX + 100];
    size_t length = (size_t)snprintf(data, sizeof data, "{" SESSION ",\"domains\":[\"0\"");
    for (unsigned i = 1; i < 100; i++)
        length += (size_t)snprintf(data + length, sizeof data - length, ",\"%u\"", i);
    snprintf(data + length, sizeof data - length, "]}");
    fold(entities, &(struct said){"session.completed", 1, data}, "evt_1", 1);
    const struct session *session =
        (const struct session *)entities_find(entities, ENTITY_SESSION, "ses_1");
    cr_expect_eq(session->domains.list.count, FOLD_LIST_MAX);
    cr_expect_eq(session->domains.list.total, 100);

    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    snprintf(data, sizeof data, "{" SESSION ",\"reason\":\"%s\"}", long_text);
    fold(entities, &(struct said){"session.failed", 2, data}, "evt_2", 2);
    cr_expect_eq(strlen(session->end.reason), FOLD_TEXT_MAX);

    snprintf(data, sizeof data, "{\"session_id\":\"%s\"}", long_text);
    fold(entities, &(struct said){"session.failed", 2, data}, "evt_3", 3);
    cr_expect_eq(entities_count(entities, ENTITY_SESSION), 1, "that is no id");
    fold(entities, &(struct said){"session.failed", 2, "{\"session_id\":\"\"}"}, "evt_4", 4);
    fold(entities, &(struct said){"session.failed", 2, "{\"session_id\":7}"}, "evt_5", 5);
    fold(entities, &(struct said){"session.failed", 2, "[]"}, "evt_6", 6);
    cr_expect_eq(entities_count(entities, ENTITY_SESSION), 1, "nor are these");
    entities_free(entities);
}
