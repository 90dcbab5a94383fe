/*
 * The event types that Anchor documents, as one table.
 */
#include "catalog.h"

#include <string.h>

const struct event_type catalog[] = {
    {
        .name = "task.completed",
        .entity = ENTITY_TASK,
        .outcome = OUTCOME_OK,
        .meaning = "A task execution finished successfully.",
        .label = "completed",
        .summary = "{output}",
    },
    {
        .name = "task.failed",
        .entity = ENTITY_TASK,
        .outcome = OUTCOME_FAILED,
        .meaning = "A task execution failed, for any reason.",
        .label = "failed",
        .summary = "{error} · {root_cause}",
    },
    {
        .name = "task.cancelled",
        .entity = ENTITY_TASK,
        .outcome = OUTCOME_CANCELLED,
        .meaning = "A task execution was cancelled, by the API or in the dashboard.",
        .label = "cancelled",
        .summary = "{mode}",
    },
    {
        .name = "task.healed",
        .entity = ENTITY_TASK,
        .outcome = OUTCOME_HEALED,
        .meaning = "Self-heal made a new version of a task after a failure.",
        .label = "healed",
        .summary = "{healed_version} · {confidence} sure · {fix}",
    },
    {
        .name = "session.completed",
        .entity = ENTITY_SESSION,
        .outcome = OUTCOME_OK,
        .meaning = "A browser session finished cleanly.",
        .label = "completed",
        .summary = "{steps} steps · {network} · {domains}",
    },
    {
        .name = "session.failed",
        .entity = ENTITY_SESSION,
        .outcome = OUTCOME_FAILED,
        .meaning = "A browser session ended abnormally.",
        .label = "failed",
        .summary = "{reason}",
    },
    {
        .name = "session.recording.ready",
        .entity = ENTITY_SESSION,
        .outcome = OUTCOME_NEUTRAL, /* says nothing about how the session went */
        .meaning = "The recording of a session has been uploaded.",
        .label = "recording",
        .summary = "{duration} · {size}",
    },
    {
        .name = "intervention.requested",
        .entity = ENTITY_INTERVENTION,
        .outcome = OUTCOME_WAITING,
        .meaning = "The agent has paused and waits for a human.",
        .label = "asks a human",
        .summary = "{message}",
    },
    {
        .name = "intervention.resolved",
        .entity = ENTITY_INTERVENTION,
        .outcome = OUTCOME_OK,
        .meaning = "A human, or your code, answered the agent.",
        .label = "answered",
        .summary = "goes on: {session}",
    },
    {
        .name = "batch.completed",
        .entity = ENTITY_BATCH,
        .outcome = OUTCOME_OK,
        .meaning = "All sessions of a batch ended, and at least one succeeded.",
        .label = "completed",
        .summary = "{completed} of {total} done · {failed} failed",
    },
    {
        .name = "batch.failed",
        .entity = ENTITY_BATCH,
        .outcome = OUTCOME_FAILED,
        .meaning = "A batch failed as a whole, or made no session.",
        .label = "failed",
        .summary = "{completed} of {total} done · {failed} failed",
    },
    {
        .name = "identity.authenticated",
        .entity = ENTITY_IDENTITY,
        .outcome = OUTCOME_OK,
        .meaning = "An identity logged in and can be used by the next runs.",
        .label = "logged in",
        .summary = "{application}",
    },
    {
        .name = "identity.authentication_failed",
        .entity = ENTITY_IDENTITY,
        .outcome = OUTCOME_FAILED,
        .meaning = "An attempt to log in with an identity failed.",
        .label = "login failed",
        .summary = "{failure_type} · {error}",
    },
};

const size_t catalog_size = sizeof catalog / sizeof catalog[0];

const struct entity_info entity_infos[ENTITY_KINDS] = {
    [ENTITY_TASK] = {.name = "task", .plural = "tasks", .id_key = "task_id"},
    [ENTITY_SESSION] = {.name = "session", .plural = "sessions", .id_key = "session_id"},
    [ENTITY_INTERVENTION] = {.name = "intervention",
                             .plural = "interventions",
                             .id_key = "request_id"},
    [ENTITY_BATCH] = {.name = "batch", .plural = "batches", .id_key = "batch_id"},
    [ENTITY_IDENTITY] = {.name = "identity", .plural = "identities", .id_key = "identity_id"},
    [ENTITY_OTHER] = {.name = "other", .plural = "others", .id_key = NULL},
};

const struct outcome_info outcome_infos[OUTCOMES] = {
    [OUTCOME_NEUTRAL] = {.name = "noted", .glyph = "·", .glyph_ascii = "."},
    [OUTCOME_OK] = {.name = "ok", .glyph = "✓", .glyph_ascii = "+"},
    [OUTCOME_FAILED] = {.name = "failed", .glyph = "✗", .glyph_ascii = "x"},
    [OUTCOME_CANCELLED] = {.name = "cancelled", .glyph = "⊘", .glyph_ascii = "-"},
    [OUTCOME_WAITING] = {.name = "waiting", .glyph = "●", .glyph_ascii = "!"},
    [OUTCOME_HEALED] = {.name = "healed", .glyph = "✚", .glyph_ascii = "*"},
};

/* How types that the catalogue does not have yet are likely to end. "requested" is not here: most
 * requests wait for a machine, and a false alarm costs the operator more than a plain row. */
static const struct {
    const char *word;
    enum outcome outcome;
} last_words[] = {
    {"completed", OUTCOME_OK},        {"succeeded", OUTCOME_OK},
    {"finished", OUTCOME_OK},         {"resolved", OUTCOME_OK},
    {"authenticated", OUTCOME_OK},    {"failed", OUTCOME_FAILED},
    {"failure", OUTCOME_FAILED},      {"error", OUTCOME_FAILED},
    {"errored", OUTCOME_FAILED},      {"crashed", OUTCOME_FAILED},
    {"timeout", OUTCOME_FAILED},      {"rejected", OUTCOME_FAILED},
    {"cancelled", OUTCOME_CANCELLED}, {"canceled", OUTCOME_CANCELLED},
    {"aborted", OUTCOME_CANCELLED},   {"healed", OUTCOME_HEALED},
};

/* Ends of which the word does not tell how they went. */
static const char *const end_words[] = {
    "ended",   "closed",  "stopped",  "terminated",   "killed",
    "expired", "deleted", "released", "disconnected", "timed_out",
};

const struct event_type *catalog_find(const char *type)
{
    for (size_t i = 0; i < catalog_size; i++)
        if (strcmp(catalog[i].name, type) == 0)
            return &catalog[i];
    return NULL;
}

static bool is_end(enum outcome outcome)
{
    return outcome == OUTCOME_OK || outcome == OUTCOME_FAILED || outcome == OUTCOME_CANCELLED;
}

bool catalog_is_end(const char *type)
{
    const struct event_type *known = catalog_find(type);
    const char *word = strchr(type, '.');
    if (known || !word)
        return known && is_end(known->outcome);
    word++;
    for (size_t i = 0; i < sizeof last_words / sizeof last_words[0]; i++)
        if (strcmp(last_words[i].word, word) == 0)
            return is_end(last_words[i].outcome);
    for (size_t i = 0; i < sizeof end_words / sizeof end_words[0]; i++)
        if (strcmp(end_words[i], word) == 0)
            return true;
    return false;
}

const char *catalog_label(const char *type)
{
    const struct event_type *known = catalog_find(type);
    if (known)
        return known->label;
    const char *dot = strchr(type, '.');
    return dot && dot[1] && catalog_entity(type) != ENTITY_OTHER ? dot + 1 : type;
}

enum entity_kind catalog_entity(const char *type)
{
    size_t length = strcspn(type, ".");

    for (int kind = 0; kind < ENTITY_OTHER; kind++) {
        const char *name = entity_infos[kind].name;
        if (strlen(name) == length && memcmp(name, type, length) == 0)
            return (enum entity_kind)kind;
    }
    return ENTITY_OTHER;
}

enum outcome catalog_outcome(const char *type)
{
    const struct event_type *known = catalog_find(type);
    if (known)
        return known->outcome;

    const char *word = type;
    for (const char *c = type; *c; c++)
        if (strchr("._-", *c))
            word = c + 1;
    for (size_t i = 0; i < sizeof last_words / sizeof last_words[0]; i++)
        if (strcmp(last_words[i].word, word) == 0)
            return last_words[i].outcome;
    return OUTCOME_NEUTRAL;
}
