/*
 * The fields of each kind of entity, in the order of the detail pane: first what an operator asks.
 */
#include "entity_field_tables.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

#define TASK(member)         .offset = offsetof(struct task, member)
#define SESSION(member)      .offset = offsetof(struct session, member)
#define INTERVENTION(member) .offset = offsetof(struct intervention, member)
#define BATCH(member)        .offset = offsetof(struct batch, member)
#define IDENTITY(member)     .offset = offsetof(struct identity, member)
#define COUNT(table)         (sizeof(table) / sizeof *(table))

static bool give_text(struct entity_value *value, const char *text)
{
    value->value.text = text;
    return text && *text;
}

static bool give_state(struct entity_value *value, const char *word, enum outcome outcome)
{
    value->outcome = outcome;
    return give_text(value, word);
}

static bool give_number(struct entity_value *value, double number)
{
    value->value.number = number;
    return true;
}

static bool get_id(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return give_text(value, entity_id(entity));
}

/* Members that every kind has. */
#define COMMON_LAST                                                                                \
    {.name = "first",                                                                              \
     .title = "First event",                                                                       \
     .meaning = "when its first event happened",                                                   \
     .type = FIELD_TIME,                                                                           \
     .member = MEMBER_TIME,                                                                        \
     .offset = offsetof(struct entity, first_ms)},                                                 \
        {.name = "newest",                                                                         \
         .title = "Newest event",                                                                  \
         .meaning = "when its newest event happened",                                              \
         .type = FIELD_TIME,                                                                       \
         .member = MEMBER_TIME,                                                                    \
         .offset = offsetof(struct entity, newest.created_ms)},                                    \
    {                                                                                              \
        .name = "events", .title = "Events", .meaning = "how many events name it",                 \
        .type = FIELD_COUNT, .member = MEMBER_COUNT, .offset = offsetof(struct entity, events)     \
    }

static bool task_last(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    const struct task *task = (const struct task *)entity;
    return stamp_known(&task->last.at) &&
           give_state(value, outcome_infos[task->last.outcome].name, task->last.outcome);
}

static bool task_run_count(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return give_number(value, (double)task_runs((const struct task *)entity));
}

static bool task_success(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return task_success_rate((const struct task *)entity, &value->value.number);
}

static bool task_quantile(const struct entity *entity, double quantile, struct entity_value *value)
{
    const struct task *task = (const struct task *)entity;
    return task->durations &&
           give_number(value, (double)histogram_quantile(task->durations, quantile));
}

static bool task_p50(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return task_quantile(entity, 0.5, value);
}

static bool task_p95(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return task_quantile(entity, 0.95, value);
}

static bool task_confidence(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    const struct task_heal *heal = &((const struct task *)entity)->heal;
    return stamp_known(&heal->at) && heal->confidence >= 0 && give_number(value, heal->confidence);
}

static bool task_heal_state(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    /* A heal that does not say may be either. */
    static const char *const words[] = {
        [TOLD_NO] = "published",
        [TOLD_YES] = "a draft, to be reviewed",
    };
    return give_state(value, words[((const struct task *)entity)->heal.draft], OUTCOME_HEALED);
}

static const struct entity_field task_fields[] = {
    {"id", "Task", "which task", FIELD_ID, .get = get_id},
    {"last", "Last run", "how its newest run went", FIELD_TEXT, .get = task_last},
    {"streak", "Failing streak", "failures since the last success", FIELD_TEXT, MEMBER_STREAK,
     TASK(streak)},
    {"error", "Last error", "what the newest failure says", FIELD_TEXT, MEMBER_TEXT,
     TASK(failure.message)},
    {"error_type", "Error type", "its kind", FIELD_TEXT, MEMBER_TEXT, TASK(failure.type)},
    {"root_cause", "Root cause", "what Anchor found behind it", FIELD_TEXT, MEMBER_TEXT,
     TASK(failure.root_cause)},
    {"fix", "Suggested fix", "what the self-heal suggests", FIELD_TEXT, MEMBER_TEXT,
     TASK(heal.suggestion)},
    {"explanation", "Explanation", "why it failed, by the self-heal", FIELD_TEXT, MEMBER_TEXT,
     TASK(heal.explanation)},
    {"healed_version", "Healed version", "the version that the self-heal made", FIELD_ID,
     MEMBER_TEXT, TASK(heal.version)},
    {"heal", "Heal", "whether that is a draft", FIELD_TEXT, .get = task_heal_state},
    {"confidence", "Confidence", "how sure the self-heal is", FIELD_RATIO, .get = task_confidence},
    {"failed_at", "Failed at", "when it failed last", FIELD_TIME, MEMBER_STAMP, TASK(failure.at)},
    {"failed_session", "Failed session", "the session of that", FIELD_ID, MEMBER_TEXT,
     TASK(failure.session)},
    {"failed_execution", "Failed execution", "the execution of that", FIELD_ID, MEMBER_TEXT,
     TASK(failure.execution)},
    {"healed_at", "Healed at", "when", FIELD_TIME, MEMBER_STAMP, TASK(heal.at)},
    {"healed_execution", "Healed execution", "the failed execution that it learned from", FIELD_ID,
     MEMBER_TEXT, TASK(heal.execution)},
    {"runs", "Runs", "completed, failed and cancelled", FIELD_COUNT, .get = task_run_count},
    {"success", "Success rate", "completed of those completed or failed", FIELD_RATIO,
     .get = task_success},
    {"completed", "Completed", "runs that completed", FIELD_COUNT, MEMBER_COUNT, TASK(completed)},
    {"failed", "Failed", "runs that failed", FIELD_COUNT, MEMBER_COUNT, TASK(failed)},
    {"cancelled", "Cancelled", "runs that were cancelled", FIELD_COUNT, MEMBER_COUNT,
     TASK(cancelled)},
    {"p50", "Duration p50", "half of its runs are faster", FIELD_DURATION, .get = task_p50},
    {"p95", "Duration p95", "one in twenty is slower", FIELD_DURATION, .get = task_p95},
    {"duration", "Last duration", "of the newest run that tells", FIELD_DURATION, MEMBER_LATEST_NUMBER,
     TASK(duration_ms)},
    {"cost", "Cost", "of all its runs, by currency", FIELD_TEXT, MEMBER_COSTS, TASK(costs)},
    {"version", "Version", "of the newest run that tells", FIELD_ID, MEMBER_LATEST_TEXT, TASK(version)},
    {"mode", "Execution mode", "of the newest run that tells", FIELD_TEXT, MEMBER_LATEST_TEXT, TASK(mode)},
    {"executions", "Newest executions", "up to 32", FIELD_TEXT, MEMBER_REFS, TASK(executions)},
    COMMON_LAST,
};

/* A session of which nothing was heard for so long has hardly been running all that time. */
enum { SILENT_MS = 24 * 3600 * 1000 };

static const struct {
    const char *word;
    enum outcome outcome;
    double rank;
} session_states[] = {
    [SESSION_WAITING] = {"waiting", OUTCOME_WAITING, 0},
    [SESSION_SEEN] = {"running", OUTCOME_NEUTRAL, 1},
    [SESSION_RECORDED] = {"recording ready", OUTCOME_NEUTRAL, 2},
    [SESSION_ENDED] = {"ended", OUTCOME_NEUTRAL, 2},
    [SESSION_CANCELLED] = {"cancelled", OUTCOME_CANCELLED, 2},
    [SESSION_FAILED] = {"failed", OUTCOME_FAILED, 2},
    [SESSION_COMPLETED] = {"completed", OUTCOME_OK, 2},
};

static bool session_state_word(const struct entity *entity, int64_t now_ms,
                               struct entity_value *value)
{
    enum session_state state = session_state((const struct session *)entity);
    if (state == SESSION_SEEN && now_ms - entity->newest.created_ms > SILENT_MS)
        return give_state(value, "no end seen", OUTCOME_NEUTRAL);
    return give_state(value, session_states[state].word, session_states[state].outcome);
}

/* How long it took, or how long it has been running. */
static bool session_duration(const struct entity *entity, int64_t now_ms,
                             struct entity_value *value)
{
    const struct session *session = (const struct session *)entity;
    enum session_state state = session_state(session);
    int64_t ms = now_ms - entity->first_ms;
    if (stamp_known(&session->duration_ms.at))
        return give_number(value, (double)session->duration_ms.value);
    if (state != SESSION_WAITING &&
        (state != SESSION_SEEN || now_ms - entity->newest.created_ms > SILENT_MS))
        return false;
    text_elapsed(value->buffer, sizeof value->buffer, ms);
    value->value = (struct value){.type = FIELD_TEXT, .number = (double)(ms > 0 ? ms : 0)};
    return give_text(value, value->buffer);
}

/* Those that have not ended come first, those that wait before all. */
static double session_rank(const struct entity *entity)
{
    return session_states[session_state((const struct session *)entity)].rank;
}

static bool session_recording(const struct entity *entity, int64_t now_ms,
                              struct entity_value *value)
{
    (void)now_ms;
    const struct session_recording *recording = &((const struct session *)entity)->recording;
    char duration[32] = "", bytes[32] = "";
    if (!stamp_known(&recording->at))
        return false;
    if (recording->duration_ms >= 0)
        text_duration(duration, sizeof duration, recording->duration_ms);
    if (recording->bytes >= 0)
        text_bytes(bytes, sizeof bytes, (double)recording->bytes);
    snprintf(value->buffer, sizeof value->buffer, "ready%s%s%s%s", *duration ? ", " : "", duration,
             *bytes ? ", " : "", bytes);
    return give_text(value, value->buffer);
}

/* As many as there is room for, each whole; then how many more the session visited. */
static bool session_domains(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    enum { MORE = 16 };
    (void)now_ms;
    const struct text_list *list = &((const struct session *)entity)->domains.list;
    size_t used = 0;
    uint32_t shown = 0;
    for (; shown < list->count; shown++) {
        if (used + 2 + strlen(list->texts[shown]) + MORE > sizeof value->buffer)
            break;
        used += (size_t)snprintf(value->buffer + used, sizeof value->buffer - used, "%s%s",
                                 shown ? ", " : "", list->texts[shown]);
    }
    if (shown == 0 && list->count)
        used = text_cut(value->buffer, sizeof value->buffer - MORE, list->texts[shown++]);
    if (list->total > shown)
        snprintf(value->buffer + used, sizeof value->buffer - used, " +%u", list->total - shown);
    return give_text(value, value->buffer);
}

static const struct entity_field session_fields[] = {
    {"id", "Session", "which session", FIELD_ID, .get = get_id},
    {"state", "State",
     "waiting for a human, running, recording ready, completed, failed, cancelled or ended",
     FIELD_TEXT, .get = session_state_word, .rank = session_rank},
    {"reason", "Reason", "why it ended so", FIELD_TEXT, MEMBER_TEXT, SESSION(end.reason)},
    {"ended", "Ended", "when", FIELD_TIME, MEMBER_STAMP, SESSION(end.at)},
    {"duration", "Duration", "how long it ran, or has been running", FIELD_DURATION,
     .get = session_duration, .ticks = true},
    {"steps", "Steps", "that the agent took", FIELD_COUNT, MEMBER_LATEST_NUMBER, SESSION(steps)},
    {"screenshots", "Screenshots", "taken", FIELD_COUNT, MEMBER_LATEST_NUMBER,
     SESSION(screenshots)},
    {"network", "Network traffic", "all of it", FIELD_BYTES, MEMBER_LATEST_NUMBER,
     SESSION(network_bytes)},
    {"proxy", "Proxy traffic", "through the proxy", FIELD_BYTES, MEMBER_LATEST_NUMBER,
     SESSION(proxy_bytes)},
    {"domains", "Domains", "visited", FIELD_TEXT, .get = session_domains},
    {"recording", "Recording", "its length and size", FIELD_TEXT, .get = session_recording},
    {"interventions", "Interventions", "requests to a human, newest first", FIELD_TEXT, MEMBER_REFS,
     SESSION(interventions)},
    {"tasks", "Tasks", "that ran in it", FIELD_TEXT, MEMBER_REFS, SESSION(tasks)},
    {"executions", "Executions", "of tasks in it, newest first", FIELD_TEXT, MEMBER_REFS,
     SESSION(executions)},
    {"identity", "Identity", "that logged in", FIELD_ID, MEMBER_LATEST_TEXT, SESSION(identity)},
    {"dashboard", "Session dashboard", "its page", FIELD_URL, MEMBER_LATEST_TEXT,
     SESSION(dashboard)},
    {"recording_url", "Recording link", "short-lived", FIELD_URL, MEMBER_LATEST_TEXT,
     SESSION(recording_url)},
    COMMON_LAST,
};

static const struct {
    const char *word;
    enum outcome outcome;
} intervention_states[] = {
    [INTERVENTION_NOTED] = {"named", OUTCOME_NEUTRAL},
    [INTERVENTION_WAITING] = {"waiting", OUTCOME_WAITING},
    [INTERVENTION_ABANDONED] = {"abandoned", OUTCOME_CANCELLED},
    [INTERVENTION_RESOLVED] = {"resolved", OUTCOME_OK},
};

static bool intervention_state_word(const struct entity *entity, int64_t now_ms,
                                    struct entity_value *value)
{
    (void)now_ms;
    enum intervention_state state = intervention_state((const struct intervention *)entity);
    return give_state(value, intervention_states[state].word, intervention_states[state].outcome);
}

/* Waiting ones first, the oldest on top; then resolved ones and then abandoned ones, the newest
 * first. The numbers of milliseconds since 1970 stay far below the distance between the groups. */
static double intervention_rank(const struct entity *entity)
{
    static const double group = 1e14;
    const struct intervention *intervention = (const struct intervention *)entity;
    switch (intervention_state(intervention)) {
    case INTERVENTION_WAITING: return (double)intervention->requested.created_ms;
    case INTERVENTION_RESOLVED: return 2 * group - (double)intervention->resolved.created_ms;
    default: return 4 * group - (double)entity->newest.created_ms;
    }
}

static bool intervention_waited(const struct entity *entity, int64_t now_ms,
                                struct entity_value *value)
{
    const struct intervention *intervention = (const struct intervention *)entity;
    int64_t ms;
    if (intervention_state(intervention) == INTERVENTION_WAITING) {
        ms = now_ms - intervention->requested.created_ms;
        text_elapsed(value->buffer, sizeof value->buffer, ms);
        value->value = (struct value){.type = FIELD_TEXT, .number = (double)(ms > 0 ? ms : 0)};
        return give_state(value, value->buffer, OUTCOME_WAITING);
    }
    return intervention_answer_ms(intervention, &ms) && give_number(value, (double)ms);
}

static const struct entity_field intervention_fields[] = {
    {"id", "Intervention", "which request", FIELD_ID, .get = get_id},
    {"state", "State",
     "waiting, resolved, or abandoned because it was called off or its session ended", FIELD_TEXT,
     .get = intervention_state_word, .rank = intervention_rank},
    {"waited", "Waiting", "how long it waits, or waited for its answer", FIELD_DURATION,
     .get = intervention_waited, .ticks = true},
    {"message", "Message", "what the agent asks", FIELD_TEXT, MEMBER_TEXT,
     INTERVENTION(request.message)},
    {"input", "Input", "what kind of answer it wants", FIELD_TEXT, MEMBER_TEXT,
     INTERVENTION(request.input)},
    {"live_view", "Live view", "where to take over", FIELD_URL, MEMBER_TEXT,
     INTERVENTION(request.live_view)},
    {"session", "Session", "that asks", FIELD_ID, MEMBER_TEXT, INTERVENTION(session)},
    {"requested", "Requested", "when", FIELD_TIME, MEMBER_STAMP, INTERVENTION(requested)},
    {"resolved", "Resolved", "when", FIELD_TIME, MEMBER_STAMP, INTERVENTION(resolved)},
    COMMON_LAST,
};

static bool batch_status(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    const struct batch_report *report = &((const struct batch *)entity)->report;
    const char *word = report->status ? report->status : outcome_infos[report->outcome].name;
    return give_state(value, word, report->outcome);
}

static bool give_known(struct entity_value *value, int64_t number)
{
    return number >= 0 && give_number(value, (double)number);
}

static bool batch_total(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return give_known(value, ((const struct batch *)entity)->report.total);
}

static bool batch_completed(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    return give_known(value, ((const struct batch *)entity)->report.completed);
}

static bool batch_failed(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    const struct batch_report *report = &((const struct batch *)entity)->report;
    value->outcome = report->failed > 0 ? OUTCOME_FAILED : OUTCOME_NEUTRAL;
    return give_known(value, report->failed);
}

static bool batch_done(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    const struct batch_report *report = &((const struct batch *)entity)->report;
    if (report->total <= 0 || report->completed < 0)
        return false;
    double ratio = (double)report->completed / (double)report->total;
    return give_number(value, ratio < 1 ? ratio : 1);
}

static const struct entity_field batch_fields[] = {
    {"id", "Batch", "which batch", FIELD_ID, .get = get_id},
    {"status", "Status", "as Anchor reports it", FIELD_TEXT, .get = batch_status},
    {"done", "Completed share", "completed requests of all", FIELD_RATIO, .get = batch_done},
    {"completed", "Completed", "requests", FIELD_COUNT, .get = batch_completed},
    {"failed", "Failed", "requests", FIELD_COUNT, .get = batch_failed},
    {"total", "Total", "requests", FIELD_COUNT, .get = batch_total},
    COMMON_LAST,
};

static bool identity_last(const struct entity *entity, int64_t now_ms, struct entity_value *value)
{
    (void)now_ms;
    const struct entity_last *last = &((const struct identity *)entity)->last;
    const char *word = last->outcome == OUTCOME_OK ? "works" : outcome_infos[last->outcome].name;
    return stamp_known(&last->at) && give_state(value, word, last->outcome);
}

static const struct entity_field identity_fields[] = {
    {"id", "Identity", "which identity", FIELD_ID, .get = get_id},
    {"last", "Last login", "how it went", FIELD_TEXT, .get = identity_last},
    {"streak", "Failing streak", "failures since the last success", FIELD_TEXT, MEMBER_STREAK,
     IDENTITY(streak)},
    {"failure_type", "Failure type", "of the newest failure", FIELD_TEXT, MEMBER_TEXT,
     IDENTITY(failure.type)},
    {"error", "Error", "of the newest failure", FIELD_TEXT, MEMBER_TEXT, IDENTITY(failure.message)},
    {"failed_at", "Failed at", "when it failed last", FIELD_TIME, MEMBER_STAMP,
     IDENTITY(failure.at)},
    {"succeeded_at", "Worked at", "when it worked last", FIELD_TIME, MEMBER_STAMP,
     IDENTITY(streak.success)},
    {"application", "Application", "that it logs in to", FIELD_ID, MEMBER_LATEST_TEXT,
     IDENTITY(application)},
    {"succeeded", "Logins", "that worked", FIELD_COUNT, MEMBER_COUNT, IDENTITY(succeeded)},
    {"failed", "Failures", "logins that failed", FIELD_COUNT, MEMBER_COUNT, IDENTITY(failed)},
    {"session", "Last session", "that it logged in for", FIELD_ID, MEMBER_LATEST_TEXT,
     IDENTITY(session)},
    {"execution", "Last execution", "likewise", FIELD_ID, MEMBER_LATEST_TEXT, IDENTITY(execution)},
    COMMON_LAST,
};

const struct entity_field_table entity_field_tables[ENTITY_TABLES] = {
    [ENTITY_TASK] = {task_fields, COUNT(task_fields)},
    [ENTITY_SESSION] = {session_fields, COUNT(session_fields)},
    [ENTITY_INTERVENTION] = {intervention_fields, COUNT(intervention_fields)},
    [ENTITY_BATCH] = {batch_fields, COUNT(batch_fields)},
    [ENTITY_IDENTITY] = {identity_fields, COUNT(identity_fields)},
};

enum outcome entity_outcome(const struct entity *entity)
{
    switch (entity->kind) {
    case ENTITY_TASK: return ((const struct task *)entity)->last.outcome;
    case ENTITY_SESSION:
        return session_states[session_state((const struct session *)entity)].outcome;
    case ENTITY_INTERVENTION:
        return intervention_states[intervention_state((const struct intervention *)entity)].outcome;
    case ENTITY_BATCH: return ((const struct batch *)entity)->report.outcome;
    case ENTITY_IDENTITY: return ((const struct identity *)entity)->last.outcome;
    default: return OUTCOME_NEUTRAL;
    }
}
