/*
 * The table of fields, and what is computed rather than read.
 */
#include "field.h"

#include <string.h>

static bool extract_outcome(const struct field_source *source, struct value *value)
{
    value->text = outcome_infos[source->event->outcome].name;
    return true;
}

static bool extract_entity(const struct field_source *source, struct value *value)
{
    value->text = entity_infos[source->event->entity].name;
    return true;
}

static bool extract_subject(const struct field_source *source, struct value *value)
{
    value->text = source->event->subject;
    return value->text != NULL;
}

static bool extract_received(const struct field_source *source, struct value *value)
{
    value->number = (double)source->received_ms;
    return source->received_ms != 0;
}

static bool extract_age(const struct field_source *source, struct value *value)
{
    int64_t created_ms = source->event->created_ms;
    value->number = (double)(source->now_ms - (created_ms ? created_ms : source->received_ms));
    return true;
}

static bool extract_delay(const struct field_source *source, struct value *value)
{
    value->number = (double)(source->received_ms - source->event->created_ms);
    return source->received_ms != 0 && source->event->created_ms != 0;
}

static bool extract_verified(const struct field_source *source, struct value *value)
{
    value->number = source->verified;
    return true;
}

static bool extract_duplicates(const struct field_source *source, struct value *value)
{
    value->number = source->duplicates;
    return true;
}

const struct field fields[] = {
    {
        .name = "type",
        .title = "Type",
        .type = FIELD_TEXT,
        .path = "type",
        .meaning = "What happened, as entity.action",
    },
    {
        .name = "outcome",
        .title = "Outcome",
        .type = FIELD_TEXT,
        .extract = extract_outcome,
        .meaning = "How it went: ok, failed, cancelled, waiting, healed or noted",
    },
    {
        .name = "entity",
        .title = "Family",
        .type = FIELD_TEXT,
        .extract = extract_entity,
        .derived = true,
        .meaning = "What it is about: task, session, intervention, batch, identity or other",
    },
    {
        .name = "subject",
        .title = "Subject",
        .type = FIELD_ID,
        .extract = extract_subject,
        .derived = true,
        .meaning = "The id of the entity that the event is about",
    },
    {
        .name = "error",
        .title = "Error",
        .type = FIELD_TEXT,
        .path = "data.error.message|data.error_message|data.error",
        .meaning = "What went wrong, in words",
    },
    {
        .name = "failure_type",
        .title = "Failure type",
        .type = FIELD_TEXT,
        .path = "data.failure_type",
        .meaning = "Why a login failed: invalid_credentials or automation_failure",
    },
    {
        .name = "error_type",
        .title = "Error type",
        .type = FIELD_TEXT,
        .path = "data.error.type|data.failure_type",
        .meaning = "Kind of error: automation_failure, timeout, agent_error, …",
    },
    {
        .name = "root_cause",
        .title = "Root cause",
        .type = FIELD_TEXT,
        .path = "data.error.root_cause",
        .meaning = "Why it went wrong, as far as Anchor found out",
    },
    {
        .name = "reason",
        .title = "Reason",
        .type = FIELD_TEXT,
        .path = "data.reason",
        .meaning = "Why a session failed, as a category",
    },
    {
        .name = "message",
        .title = "Message",
        .type = FIELD_TEXT,
        .path = "data.message",
        .meaning = "What the human is asked to do",
    },
    {
        .name = "input",
        .title = "Input",
        .type = FIELD_TEXT,
        .path = "data.input_type",
        .meaning = "What kind of answer is expected of the human",
    },
    {
        .name = "healed_version",
        .title = "Healed version",
        .type = FIELD_ID,
        .path = "data.healed_task_version_id",
        .meaning = "The task version that self-heal made",
    },
    {
        .name = "confidence",
        .title = "Confidence",
        .type = FIELD_RATIO,
        .path = "data.confidence_score",
        .meaning = "How sure self-heal is of its fix",
    },
    {
        .name = "draft",
        .title = "Published as draft",
        .type = FIELD_FLAG,
        .path = "data.published_as_draft",
        .meaning = "Whether the healed version waits for a review",
    },
    {
        .name = "explanation",
        .title = "Explanation",
        .type = FIELD_TEXT,
        .path = "data.error_explanation",
        .meaning = "What self-heal found",
    },
    {
        .name = "fix",
        .title = "Suggested fix",
        .type = FIELD_TEXT,
        .path = "data.fix_suggestion",
        .meaning = "What self-heal suggests",
    },
    {
        .name = "output",
        .title = "Output",
        .type = FIELD_JSON,
        .path = "data.output.value|data.output",
        .meaning = "What the task returned",
    },
    {
        .name = "status",
        .title = "Status",
        .type = FIELD_TEXT,
        .path = "data.status",
        .meaning = "State of the batch",
    },
    {
        .name = "completed",
        .title = "Completed",
        .type = FIELD_COUNT,
        .path = "data.completed_requests",
        .meaning = "Requests of the batch that succeeded",
    },
    {
        .name = "failed",
        .title = "Failed",
        .type = FIELD_COUNT,
        .path = "data.failed_requests",
        .meaning = "Requests of the batch that failed",
    },
    {
        .name = "total",
        .title = "Total",
        .type = FIELD_COUNT,
        .path = "data.total_requests",
        .meaning = "Requests of the batch",
    },
    {
        .name = "duration",
        .title = "Duration",
        .type = FIELD_DURATION,
        .path = "data.duration_ms",
        .meaning = "How long the run, session or recording lasted",
    },
    {
        .name = "cost",
        .title = "Cost",
        .type = FIELD_MONEY,
        .path = "data.cost",
        .meaning = "What the run cost",
    },
    {
        .name = "mode",
        .title = "Execution mode",
        .type = FIELD_TEXT,
        .path = "data.execution_mode",
        .meaning = "How the task was run: deterministic or by an agent",
    },
    {
        .name = "steps",
        .title = "Steps",
        .type = FIELD_COUNT,
        .path = "data.steps",
        .meaning = "Steps taken in the session",
    },
    {
        .name = "screenshots",
        .title = "Screenshots",
        .type = FIELD_COUNT,
        .path = "data.screenshots|data.screenshot_count|data.screenshots_count",
        .meaning = "Screenshots taken in the session",
    },
    {
        .name = "proxy",
        .title = "Proxy traffic",
        .type = FIELD_BYTES,
        .path = "data.proxy_bytes",
        .meaning = "Bytes through the proxy",
    },
    {
        .name = "network",
        .title = "Network traffic",
        .type = FIELD_BYTES,
        .path = "data.network_bytes_total",
        .meaning = "Bytes over the network",
    },
    {
        .name = "domains",
        .title = "Domains",
        .type = FIELD_LIST,
        .path = "data.domains",
        .meaning = "Domains visited in the session",
    },
    {
        .name = "size",
        .title = "Recording size",
        .type = FIELD_BYTES,
        .path = "data.size_bytes",
        .meaning = "Size of the recording",
    },
    {
        .name = "task",
        .title = "Task",
        .type = FIELD_ID,
        .path = "data.task_id",
        .meaning = "The task",
    },
    {
        .name = "version",
        .title = "Task version",
        .type = FIELD_ID,
        .path = "data.task_version_id",
        .meaning = "The version of the task that ran",
    },
    {
        .name = "source_execution",
        .title = "Failed execution",
        .type = FIELD_ID,
        .path = "data.source_execution_id",
        .meaning = "The execution that self-heal started from",
    },
    {
        .name = "execution",
        .title = "Execution",
        .type = FIELD_ID,
        .path = "data.execution_id|data.source_execution_id",
        .meaning = "The run of the task or login",
    },
    {
        .name = "session",
        .title = "Session",
        .type = FIELD_ID,
        .path = "data.session_id",
        .meaning = "The browser session",
    },
    {
        .name = "request",
        .title = "Intervention",
        .type = FIELD_ID,
        .path = "data.request_id",
        .meaning = "The request for a human",
    },
    {
        .name = "batch",
        .title = "Batch",
        .type = FIELD_ID,
        .path = "data.batch_id",
        .meaning = "The batch",
    },
    {
        .name = "identity",
        .title = "Identity",
        .type = FIELD_ID,
        .path = "data.identity_id",
        .meaning = "The identity that logs in",
    },
    {
        .name = "application",
        .title = "Application",
        .type = FIELD_ID,
        .path = "data.application_id",
        .meaning = "The application that the identity belongs to",
    },
    {
        .name = "live_view",
        .title = "Live view",
        .type = FIELD_URL,
        .path = "data.live_view_url",
        .meaning = "Where a human takes over",
    },
    {
        .name = "dashboard",
        .title = "Session dashboard",
        .type = FIELD_URL,
        .path = "data.session_dashboard_url",
        .meaning = "The session in Anchor's dashboard",
    },
    {
        .name = "recording",
        .title = "Recording",
        .type = FIELD_URL,
        .path = "data.recording_url",
        .meaning = "The session's recording, for a short time",
    },
    {
        .name = "artifacts",
        .title = "Artifacts",
        .type = FIELD_FILES,
        .path = "data.artifacts",
        .meaning = "Files that the run left",
    },
    {
        .name = "created",
        .title = "Created",
        .type = FIELD_TIME,
        .path = "created",
        .meaning = "When it happened, by Anchor's clock",
    },
    {
        .name = "received",
        .title = "Received",
        .type = FIELD_TIME,
        .extract = extract_received,
        .meaning = "When it arrived here",
    },
    {
        .name = "age",
        .title = "Age",
        .type = FIELD_AGE,
        .extract = extract_age,
        .derived = true,
        .meaning = "How long ago it happened",
    },
    {
        .name = "delay",
        .title = "Delivery delay",
        .type = FIELD_DURATION,
        .extract = extract_delay,
        .meaning = "From when it happened to its arrival",
    },
    {
        .name = "verified",
        .title = "Signature verified",
        .type = FIELD_FLAG,
        .extract = extract_verified,
        .meaning = "Whether its signature was checked",
    },
    {
        .name = "duplicates",
        .title = "Duplicates",
        .type = FIELD_COUNT,
        .extract = extract_duplicates,
        .meaning = "How often it was delivered again",
    },
    {
        .name = "text",
        .title = "Text",
        .type = FIELD_TEXT,
        .path = "text",
        .meaning = "Anchor's own summary",
    },
    {
        .name = "project",
        .title = "Project",
        .type = FIELD_ID,
        .path = "project_id",
        .meaning = "The Anchor project",
    },
    {
        .name = "id",
        .title = "Event",
        .type = FIELD_ID,
        .path = "id",
        .meaning = "The id of the event",
    },
};

const size_t field_count = sizeof fields / sizeof fields[0];

const struct field *field_find(const char *name)
{
    for (size_t i = 0; i < field_count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}
