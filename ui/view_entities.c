/*
 * Views 2 to 6: the tables of what operators ask about.
 */
#include <stdio.h>
#include <string.h>

#include "../src/spent.h"
#include "../src/text.h"
#include "screen.h"
#include "view.h"

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

/* Completed, failed and missing requests, as a bar with the share of those completed. */
static void paint_bar(const struct view_row *row, int y, int x, int width, enum role over)
{
    enum { PERCENT = 5 };
    const struct batch_report *report = &((const struct batch *)row->entity)->report;
    const char *const pieces[] = {screen_ascii() ? "#" : "█", screen_ascii() ? "x" : "▒",
                                  screen_ascii() ? "." : "░"};
    struct style style = {.role = outcome_role(report->outcome), .over = over};
    char percent[16];
    if (report->total <= 0 || width <= PERCENT)
        return;
    double total = (double)report->total, bar = width - PERCENT;
    double completed = report->completed > 0 ? (double)report->completed / total : 0;
    double failed = report->failed > 0 ? (double)report->failed / total : 0;
    for (int i = 0; i < width - PERCENT; i++) {
        double at = (i + 0.5) / bar;
        screen_put(y, x + i, 1, style,
                   pieces[at < completed            ? 0
                          : at < completed + failed ? 1
                                                    : 2]);
    }
    snprintf(percent, sizeof percent, "%.0f%%", completed > 1 ? 100 : completed * 100);
    screen_put_right(y, x + width - PERCENT, PERCENT, (struct style){ROLE_NUMBER, over, 0},
                     percent);
}

/* How the last runs went, the newest at the right. */
static void paint_runs(const struct view_row *row, int y, int x, int width, enum role over)
{
    const struct refs *runs = &((const struct task *)row->entity)->executions;
    int count = (int)runs->count < width ? (int)runs->count : width;
    for (int i = 0; i < count; i++) {
        enum outcome outcome = runs->items[count - 1 - i].outcome;
        const struct outcome_info *info = &outcome_infos[outcome];
        screen_put(y, x + width - count + i, 1,
                   (struct style){.role = outcome_role(outcome), .over = over},
                   screen_ascii() ? info->glyph_ascii : info->glyph);
    }
}

/* The largest sum, and how many currencies more there are; the details have all. */
static void cell_cost(const struct view *view, const struct view_row *row, int64_t now_ms,
                      struct cell *cell)
{
    (void)view;
    (void)now_ms;
    char text[64];
    costs_text(&((const struct task *)row->entity)->costs, 1, text, sizeof text);
    cell_set(cell, ROLE_NUMBER, text);
}

/* What a session waits for, or why it failed. */
static void cell_reason(const struct view *view, const struct view_row *row, int64_t now_ms,
                        struct cell *cell)
{
    (void)view;
    (void)now_ms;
    const struct session *session = (const struct session *)row->entity;
    if (session->waiting > 0 && row->asks[0])
        cell_set(cell, ROLE_WAITING, row->asks);
    else if (session->end.reason)
        cell_set(cell, ROLE_TEXT, session->end.reason);
}

#define GLYPH                                                                                      \
    {                                                                                              \
        .title = "", .meaning = "how it stands", .min = 1, .cell = cell_glyph                      \
    }

/* A number; a time; an id. */
#define NUMBER(name, of, columns, dropped)                                                         \
    {                                                                                              \
        .title = name, .field = of, .min = columns, .drop = dropped, .right = true,                \
        .descending = true                                                                         \
    }
#define TIME(name, of, dropped)                                                                    \
    {                                                                                              \
        .title = name, .field = of, .min = 8, .drop = dropped, .whole = true, .descending = true   \
    }
#define ID(name, of, dropped)                                                                      \
    {                                                                                              \
        .title = name, .field = of, .min = 13, .drop = dropped, .id = true                         \
    }

enum { TASKS_STREAK = 2, TASKS_NEWEST = 11 };

static const struct column task_columns[] = {
    GLYPH,
    ID("TASK", "id", 0),
    [TASKS_STREAK] = NUMBER("STREAK", "streak", 6, 0),
    {.title = "RECENT",
     .meaning = "how its last runs went, the newest at the right",
     .min = 6,
     .most = 20,
     .grow = 1,
     .drop = 2,
     .right = true,
     .paint = paint_runs},
    NUMBER("RUNS", "runs", 4, 4),
    NUMBER("FAILED", "failed", 6, 6),
    {.title = "OK", .field = "success", .min = 5, .right = true, .drop = 2},
    NUMBER("P50", "p50", 5, 9),
    NUMBER("P95", "p95", 5, 8),
    {.title = "COST",
     .field = "cost",
     .min = 7,
     .drop = 5,
     .right = true,
     .descending = true,
     .cell = cell_cost},
    ID("VERSION", "version", 11),
    [TASKS_NEWEST] = TIME("NEWEST", "newest", 7),
    {.title = "LAST ERROR",
     .field = "error",
     .min = 12,
     .good = 40,
     .ample = 64,
     .grow = 4,
     .drop = 1},
    {.title = "ROOT CAUSE", .field = "root_cause", .min = 24, .good = 40, .grow = 1, .drop = 10},
};

const struct view_class view_tasks = {
    .key = '2',
    .name = "tasks",
    .title = "Tasks",
    .short_title = "Tasks",
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
    ID("SESSION", "id", 0),
    [SESSIONS_STATE] = {.title = "STATE", .field = "state", .min = 10},
    [SESSIONS_NEWEST] = TIME("NEWEST", "newest", 1),
    NUMBER("DURATION", "duration", 8, 2),
    NUMBER("STEPS", "steps", 5, 7),
    NUMBER("NETWORK", "network", 8, 6),
    NUMBER("PROXY", "proxy", 8, 8),
    ID("TASK", "tasks", 4),
    {.title = "REASON",
     .meaning = "what it waits for, or why it failed",
     .field = "reason",
     .min = 10,
     .good = 22,
     .ample = 64,
     .grow = 2,
     .drop = 1,
     .cell = cell_reason},
    {.title = "DOMAINS", .field = "domains", .min = 16, .grow = 1, .drop = 5},
};

const struct view_class view_sessions = {
    .key = '3',
    .name = "sessions",
    .title = "Sessions",
    .short_title = "Sessions",
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
    [INTERVENTIONS_STATE] = {.title = "STATE", .field = "state", .min = 8},
    {.title = "WAITED",
     .field = "waited",
     .min = 6,
     .right = true,
     .cell = cell_waited,
     .descending = true},
    ID("SESSION", "session", 2),
    {.title = "MESSAGE", .field = "message", .min = 16, .good = 30, .ample = 64, .grow = 1},
    {.title = "INPUT", .field = "input", .min = 7, .drop = 6},
    [INTERVENTIONS_REQUESTED] = TIME("ASKED", "requested", 4),
    TIME("ANSWERED", "resolved", 7),
    ID("REQUEST", "id", 5),
};

const struct view_class view_interventions = {
    .key = '4',
    .name = "interventions",
    .title = "Interventions",
    .short_title = "Human",
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
    ID("BATCH", "id", 0),
    {.title = "STATUS", .field = "status", .min = 9},
    {.title = "PROGRESS",
     .field = "done",
     .min = 12,
     .good = 20,
     .most = 36,
     .grow = 1,
     .descending = true,
     .paint = paint_bar},
    NUMBER("DONE", "completed", 5, 5),
    NUMBER("FAILED", "failed", 6, 2),
    NUMBER("TOTAL", "total", 5, 4),
    [BATCHES_NEWEST] = TIME("NEWEST", "newest", 6),
};

const struct view_class view_batches = {
    .key = '5',
    .name = "batches",
    .title = "Batches",
    .short_title = "Batches",
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
    {.title = "IDENTITY", .field = "id", .min = 20, .id = true},
    {.title = "LAST", .field = "last", .min = 6},
    [IDENTITIES_STREAK] = NUMBER("STREAK", "streak", 6, 0),
    NUMBER("OK", "succeeded", 4, 6),
    NUMBER("FAILED", "failed", 6, 7),
    ID("APPLICATION", "application", 5),
    [IDENTITIES_NEWEST] = TIME("NEWEST", "newest", 8),
    TIME("WORKED", "succeeded_at", 9),
    {.title = "FAILURE", .field = "failure_type", .min = 10, .most = 24, .drop = 1},
    {.title = "ERROR", .field = "error", .min = 12, .good = 24, .ample = 64, .grow = 1, .drop = 2},
    ID("SESSION", "session", 10),
};

const struct view_class view_identities = {
    .key = '6',
    .name = "identities",
    .title = "Identities",
    .short_title = "Logins",
    .meaning = "identities, those that stopped working first",
    .columns = identity_columns,
    .column_count = COUNT(identity_columns),
    .kind = ENTITY_IDENTITY,
    .sort = IDENTITIES_STREAK,
    .then = IDENTITIES_NEWEST,
    .describe = describe,
    .empty = "No event has named an identity yet.",
};
