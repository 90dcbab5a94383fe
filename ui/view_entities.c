/*
 * Views 2 to 6: the tables of what operators ask about.
 */
#include <stdio.h>
#include <string.h>

#include "../src/text.h"
#include "screen.h"
#include "view.h"

enum { BAR_WIDTH = 20 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void describe(const struct view *view, const struct store *store, char *text, size_t size)
{
    (void)store;
    snprintf(text, size, "%s", view_expression(view));
}

/* The glyph of how the entity stands; its word stands in a column of its own. */
static void cell_glyph(const struct view *view, const struct view_row *row, int64_t now_ms,
                       struct cell *cell)
{
    (void)view;
    (void)now_ms;
    enum outcome outcome = entity_outcome(row->entity);
    const struct outcome_info *info = &outcome_infos[outcome];
    cell_set(cell, outcome_role(outcome), screen_ascii() ? info->glyph_ascii : info->glyph);
}

/* How long it waits, in the colour of that; or how long the answer took. */
static void cell_waited(const struct view *view, const struct view_row *row, int64_t now_ms,
                        struct cell *cell)
{
    const struct intervention *intervention = (const struct intervention *)row->entity;
    if (intervention_state(intervention) != INTERVENTION_WAITING)
        return;
    int64_t waited = now_ms - intervention->requested.created_ms;
    text_elapsed(cell->text, sizeof cell->text, waited);
    cell->role = waited >= view->alarm_after_ms  ? ROLE_FAILED
                 : waited >= view->warn_after_ms ? ROLE_WAITING
                                                 : ROLE_NUMBER;
}

/* Completed, failed and missing requests, as a bar. */
static void cell_bar(const struct view *view, const struct view_row *row, int64_t now_ms,
                     struct cell *cell)
{
    (void)view;
    (void)now_ms;
    const struct batch_report *report = &((const struct batch *)row->entity)->report;
    cell->text[0] = '\0';
    if (report->total <= 0)
        return;
    bool ascii = screen_ascii();
    const char *const pieces[] = {ascii ? "#" : "█", ascii ? "x" : "▒", ascii ? "." : "░"};
    double total = (double)report->total;
    int completed =
        (int)((double)(report->completed > 0 ? report->completed : 0) * BAR_WIDTH / total + 0.5);
    int failed = (int)((double)(report->failed > 0 ? report->failed : 0) * BAR_WIDTH / total + 0.5);
    char text[BAR_WIDTH * 3 + 1] = "";
    size_t used = 0;
    for (int i = 0; i < BAR_WIDTH; i++) {
        const char *piece = pieces[i < completed ? 0 : i < completed + failed ? 1 : 2];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", piece);
    }
    cell_set(cell, outcome_role(report->outcome), text);
}

#define GLYPH                                                                                      \
    {                                                                                              \
        .title = "", .meaning = "how it stands", .min = 1, .ideal = 1, .cell = cell_glyph          \
    }

enum { TASKS_STREAK = 2, TASKS_NEWEST = 9 };

static const struct column task_columns[] = {
    GLYPH,
    {.title = "TASK", .field = "id", .min = 12, .ideal = 16, .grow = 1},
    [TASKS_STREAK] = {.title = "STREAK",
                      .field = "streak",
                      .min = 7,
                      .ideal = 7,
                      .right = true,
                      .descending = true},
    {.title = "RUNS",
     .field = "runs",
     .min = 6,
     .ideal = 7,
     .right = true,
     .drop = 1,
     .descending = true},
    {.title = "OK", .field = "success", .min = 6, .ideal = 6, .right = true, .drop = 1},
    {.title = "P50",
     .field = "p50",
     .min = 6,
     .ideal = 7,
     .right = true,
     .drop = 5,
     .descending = true},
    {.title = "P95",
     .field = "p95",
     .min = 6,
     .ideal = 7,
     .right = true,
     .drop = 3,
     .descending = true},
    {.title = "COST",
     .field = "cost",
     .min = 8,
     .ideal = 9,
     .right = true,
     .drop = 2,
     .descending = true},
    {.title = "VERSION", .field = "version", .min = 8, .ideal = 14, .drop = 6},
    [TASKS_NEWEST] =
        {.title = "NEWEST", .field = "newest", .min = 8, .ideal = 8, .drop = 4, .descending = true},
    {.title = "LAST ERROR", .field = "error", .min = 12, .ideal = 40, .grow = 4, .drop = 1},
};

const struct view_class view_tasks = {
    .key = '2',
    .name = "tasks",
    .title = "Tasks",
    .meaning = "tasks, those with the longest failing streak first",
    .columns = task_columns,
    .column_count = COUNT(task_columns),
    .kind = ENTITY_TASK,
    .sort = TASKS_STREAK,
    .then = TASKS_NEWEST,
    .describe = describe,
    .empty = "No event has named a task yet.",
};

enum { SESSIONS_STATE = 2, SESSIONS_NEWEST = 3 };

static const struct column session_columns[] = {
    GLYPH,
    {.title = "SESSION", .field = "id", .min = 12, .ideal = 16, .grow = 1},
    [SESSIONS_STATE] = {.title = "STATE", .field = "state", .min = 10, .ideal = 15},
    [SESSIONS_NEWEST] =
        {.title = "NEWEST", .field = "newest", .min = 8, .ideal = 8, .drop = 1, .descending = true},
    {.title = "DURATION",
     .field = "duration",
     .min = 9,
     .ideal = 9,
     .right = true,
     .drop = 2,
     .descending = true},
    {.title = "STEPS",
     .field = "steps",
     .min = 6,
     .ideal = 6,
     .right = true,
     .drop = 6,
     .descending = true},
    {.title = "NETWORK",
     .field = "network",
     .min = 9,
     .ideal = 9,
     .right = true,
     .drop = 4,
     .descending = true},
    {.title = "PROXY",
     .field = "proxy",
     .min = 9,
     .ideal = 9,
     .right = true,
     .drop = 7,
     .descending = true},
    {.title = "TASK", .field = "tasks", .min = 12, .ideal = 14, .drop = 3},
    {.title = "REASON", .field = "reason", .min = 10, .ideal = 20, .drop = 2},
    {.title = "DOMAINS", .field = "domains", .min = 12, .ideal = 30, .grow = 3, .drop = 5},
};

const struct view_class view_sessions = {
    .key = '3',
    .name = "sessions",
    .title = "Sessions",
    .meaning = "sessions, those that have not ended first",
    .columns = session_columns,
    .column_count = COUNT(session_columns),
    .kind = ENTITY_SESSION,
    .sort = SESSIONS_STATE,
    .then = SESSIONS_NEWEST,
    .describe = describe,
    .empty = "No event has named a session yet.",
};

enum { INTERVENTIONS_STATE = 1, INTERVENTIONS_REQUESTED = 6 };

static const struct column intervention_columns[] = {
    GLYPH,
    [INTERVENTIONS_STATE] = {.title = "STATE", .field = "state", .min = 9, .ideal = 9},
    {.title = "WAITED",
     .field = "waited",
     .min = 7,
     .ideal = 8,
     .right = true,
     .cell = cell_waited,
     .descending = true},
    {.title = "SESSION", .field = "session", .min = 12, .ideal = 14, .drop = 1},
    {.title = "MESSAGE", .field = "message", .min = 16, .ideal = 40, .grow = 4},
    {.title = "INPUT", .field = "input", .min = 8, .ideal = 10, .drop = 3},
    [INTERVENTIONS_REQUESTED] = {.title = "ASKED",
                                 .field = "requested",
                                 .min = 8,
                                 .ideal = 8,
                                 .drop = 2,
                                 .descending = true},
    {.title = "REQUEST", .field = "id", .min = 12, .ideal = 14, .drop = 4},
};

const struct view_class view_interventions = {
    .key = '4',
    .name = "interventions",
    .title = "Interventions",
    .meaning = "requests to a human: those that wait first, the oldest on top",
    .columns = intervention_columns,
    .column_count = COUNT(intervention_columns),
    .kind = ENTITY_INTERVENTION,
    .sort = INTERVENTIONS_STATE,
    .then = INTERVENTIONS_REQUESTED,
    .describe = describe,
    .empty = "No agent has asked for a human yet.",
};

enum { BATCHES_NEWEST = 7 };

static const struct column batch_columns[] = {
    GLYPH,
    {.title = "BATCH", .field = "id", .min = 12, .ideal = 16, .drop = 0},
    {.title = "STATUS", .field = "status", .min = 10, .ideal = 10},
    {.title = "PROGRESS",
     .field = "done",
     .min = BAR_WIDTH,
     .ideal = BAR_WIDTH,
     .drop = 2,
     .descending = true,
     .cell = cell_bar},
    {.title = "DONE",
     .field = "completed",
     .min = 7,
     .ideal = 7,
     .right = true,
     .drop = 1,
     .descending = true},
    {.title = "FAILED", .field = "failed", .min = 7, .ideal = 7, .right = true, .descending = true},
    {.title = "TOTAL",
     .field = "total",
     .min = 7,
     .ideal = 7,
     .right = true,
     .drop = 1,
     .descending = true},
    [BATCHES_NEWEST] =
        {.title = "NEWEST", .field = "newest", .min = 8, .ideal = 8, .drop = 3, .descending = true},
};

const struct view_class view_batches = {
    .key = '5',
    .name = "batches",
    .title = "Batches",
    .meaning = "batches, the newest first",
    .columns = batch_columns,
    .column_count = COUNT(batch_columns),
    .kind = ENTITY_BATCH,
    .sort = BATCHES_NEWEST,
    .then = BATCHES_NEWEST,
    .describe = describe,
    .empty = "No batch has ended yet.",
};

enum { IDENTITIES_STREAK = 3, IDENTITIES_NEWEST = 7 };

static const struct column identity_columns[] = {
    GLYPH,
    {.title = "IDENTITY", .field = "id", .min = 14, .ideal = 20, .grow = 1},
    {.title = "LAST", .field = "last", .min = 7, .ideal = 7},
    [IDENTITIES_STREAK] = {.title = "STREAK",
                           .field = "streak",
                           .min = 7,
                           .ideal = 7,
                           .right = true,
                           .descending = true},
    {.title = "OK",
     .field = "succeeded",
     .min = 5,
     .ideal = 6,
     .right = true,
     .drop = 3,
     .descending = true},
    {.title = "FAILED",
     .field = "failed",
     .min = 7,
     .ideal = 7,
     .right = true,
     .drop = 4,
     .descending = true},
    {.title = "APPLICATION", .field = "application", .min = 11, .ideal = 14, .drop = 2},
    [IDENTITIES_NEWEST] =
        {.title = "NEWEST", .field = "newest", .min = 8, .ideal = 8, .drop = 5, .descending = true},
    {.title = "FAILURE", .field = "failure_type", .min = 12, .ideal = 20, .grow = 1, .drop = 1},
    {.title = "ERROR", .field = "error", .min = 12, .ideal = 30, .grow = 3, .drop = 6},
};

const struct view_class view_identities = {
    .key = '6',
    .name = "identities",
    .title = "Identities",
    .meaning = "identities, those that stopped working first",
    .columns = identity_columns,
    .column_count = COUNT(identity_columns),
    .kind = ENTITY_IDENTITY,
    .sort = IDENTITIES_STREAK,
    .then = IDENTITIES_NEWEST,
    .describe = describe,
    .empty = "No event has named an identity yet.",
};
