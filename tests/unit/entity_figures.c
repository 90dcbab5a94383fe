#include "entity_figures.h"

#include <stdlib.h>
#include <string.h>

#include "entity_field.h"

struct page {
    FILE *file;
    const struct entity *entity;
    const char *session; /* of a request that has one */
    int64_t now_ms;
};

static const char *const outcome_names[] = {
    [OUTCOME_NEUTRAL] = "noted",       [OUTCOME_OK] = "ok",           [OUTCOME_FAILED] = "failed",
    [OUTCOME_CANCELLED] = "cancelled", [OUTCOME_WAITING] = "waiting", [OUTCOME_HEALED] = "healed",
};

static void begin(const struct page *page, const char *name)
{
    fprintf(page->file, "%s %s%s%s / %s ", entity_infos[page->entity->kind].name,
            entity_id(page->entity), page->session ? " of " : "",
            page->session ? page->session : "", name);
}

static void words(const struct page *page, const char *name, const char *text)
{
    begin(page, name);
    fprintf(page->file, "%s\n", text ? text : "?");
}

static void count(const struct page *page, const char *name, uint64_t number)
{
    begin(page, name);
    fprintf(page->file, "%llu\n", (unsigned long long)number);
}

static void number_of(const struct page *page, const char *name, bool known, double number)
{
    begin(page, name);
    if (known)
        fprintf(page->file, "%.17g\n", number);
    else
        fputs("?\n", page->file);
}

static void amount(const struct page *page, const char *name, int64_t number)
{
    number_of(page, name, number >= 0, (double)number);
}

static void latest_number(const struct page *page, const char *name,
                          const struct latest_number *latest)
{
    number_of(page, name, stamp_known(&latest->at), (double)latest->value);
}

static void stamp(const struct page *page, const char *name, const struct stamp *at)
{
    begin(page, name);
    if (stamp_known(at))
        fprintf(page->file, "%lld\n", (long long)at->created_ms);
    else
        fputs("?\n", page->file);
}

static void text(const struct page *page, const char *name, const char *value)
{
    begin(page, name);
    if (value)
        fprintf(page->file, "\"%s\"\n", value);
    else
        fputs("?\n", page->file);
}

static void refs(const struct page *page, const char *name, const struct refs *refs, bool whole)
{
    begin(page, name);
    for (uint32_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        fputs(ref->id, page->file);
        if (whole)
            fprintf(page->file, ":%s:%s", outcome_names[ref->outcome],
                    ref->other ? ref->other : "");
        putc(' ', page->file);
    }
    putc('\n', page->file);
}

/* A field as the screen shows it: its text, or its number. */
static void field(const struct page *page, const char *name, const char *field_name)
{
    struct entity_value value = {0};
    const struct entity_field *field = entity_field_find(page->entity->kind, field_name);
    if (!entity_field_get(field, page->entity, page->now_ms, &value))
        words(page, name, NULL);
    else if (value.value.type == FIELD_TEXT && !field->ticks)
        words(page, name, value.value.text);
    else
        number_of(page, name, true, value.value.number);
}

static void streak(const struct page *page, const struct streak *streak)
{
    bool more;
    uint32_t length = streak_length(streak, &more);
    begin(page, "streak");
    fprintf(page->file, more ? "%u+\n" : "%u\n", length);
}

static void costs(const struct page *page, const struct costs *costs)
{
    char name[32];
    for (uint32_t i = 0; i < costs->count; i++) {
        snprintf(name, sizeof name, "cost %s", costs->sums[i].currency);
        number_of(page, name, true, (double)costs->sums[i].micros / 1e6);
    }
    if (costs->other > 0)
        number_of(page, "cost of others", true, (double)costs->other / 1e6);
}

static void common(const struct page *page)
{
    const struct entity *entity = page->entity;
    const struct event_type *type = entity_newest_type(entity);
    count(page, "events", entity->events);
    begin(page, "first");
    fprintf(page->file, "%lld\n", (long long)entity->first_ms);
    stamp(page, "newest", &entity->newest);
    words(page, "newest id", entity->newest.id);
    words(page, "newest type", type ? type->name : "unknown");
    words(page, "newest verified", entity->newest_verified ? "yes" : "no");
}

static void heal(const struct page *page, const struct task_heal *heal)
{
    static const char *const told[] = {[TOLD_NOTHING] = NULL, [TOLD_NO] = "no", [TOLD_YES] = "yes"};
    bool known = stamp_known(&heal->at);
    stamp(page, "heal", &heal->at);
    text(page, "heal version", heal->version);
    text(page, "heal execution", heal->execution);
    text(page, "heal explanation", heal->explanation);
    text(page, "heal fix", heal->suggestion);
    words(page, "heal draft", told[heal->draft]);
    number_of(page, "heal confidence", known && heal->confidence >= 0, heal->confidence);
}

static void last(const struct page *page, const char *name, const struct entity_last *last)
{
    stamp(page, name, &last->at);
    words(page, "last outcome", stamp_known(&last->at) ? outcome_names[last->outcome] : NULL);
}

static void task(const struct page *page)
{
    const struct task *task = (const struct task *)page->entity;
    count(page, "runs", task_runs(task));
    count(page, "completed", task->completed);
    count(page, "failed", task->failed);
    field(page, "success rate", "success");
    last(page, "last run", &task->last);
    streak(page, &task->streak);
    text(page, "error", task->failure.message);
    text(page, "error type", task->failure.type);
    text(page, "root cause", task->failure.root_cause);
    text(page, "failed session", task->failure.session);
    text(page, "failed execution", task->failure.execution);
    heal(page, &task->heal);
    latest_number(page, "duration", &task->duration_ms);
    field(page, "p50", "p50");
    field(page, "p95", "p95");
    costs(page, &task->costs);
    text(page, "version", task->version.text);
    text(page, "mode", task->mode.text);
    refs(page, "executions", &task->executions, true);
}

static void domains(const struct page *page, const struct session_domains *domains)
{
    begin(page, "domains");
    if (!stamp_known(&domains->at))
        fputc('?', page->file);
    for (uint32_t i = 0; i < domains->list.count; i++)
        fprintf(page->file, "\"%s\" ", domains->list.texts[i]);
    putc('\n', page->file);
}

static void session(const struct page *page)
{
    const struct session *session = (const struct session *)page->entity;
    stamp(page, "end", &session->end.at);
    field(page, "state", "state");
    text(page, "reason", session->end.reason);
    count(page, "waiting", session->waiting);
    field(page, "duration", "duration");
    latest_number(page, "steps", &session->steps);
    latest_number(page, "screenshots", &session->screenshots);
    latest_number(page, "proxy", &session->proxy_bytes);
    latest_number(page, "network", &session->network_bytes);
    domains(page, &session->domains);
    bool recorded = stamp_known(&session->recording.at);
    stamp(page, "recording", &session->recording.at);
    amount(page, "recording length", recorded ? session->recording.duration_ms : -1);
    amount(page, "recording size", recorded ? session->recording.bytes : -1);
    refs(page, "tasks", &session->tasks, false);
    refs(page, "requests", &session->interventions, false);
    refs(page, "executions", &session->executions, true);
    text(page, "identity", session->identity.text);
    text(page, "dashboard", session->dashboard.text);
    text(page, "recording link", session->recording_url.text);
}

static void intervention(const struct page *page)
{
    const struct intervention *intervention = (const struct intervention *)page->entity;
    int64_t ms;
    bool answered = intervention_answer_ms(intervention, &ms);
    stamp(page, "waiting since", &intervention->requested);
    stamp(page, "answered", &intervention->resolved);
    text(page, "message", intervention->request.message);
    text(page, "input", intervention->request.input);
    text(page, "live view", intervention->request.live_view);
    field(page, "state", "state");
    number_of(page, "waited", answered, answered ? (double)ms : 0);
}

static void batch(const struct page *page)
{
    const struct batch_report *report = &((const struct batch *)page->entity)->report;
    words(page, "outcome", outcome_names[report->outcome]);
    text(page, "status", report->status);
    amount(page, "total", report->total);
    amount(page, "completed", report->completed);
    amount(page, "failed", report->failed);
}

static void identity(const struct page *page)
{
    const struct identity *identity = (const struct identity *)page->entity;
    count(page, "logins", identity->succeeded);
    count(page, "failures", identity->failed);
    last(page, "last login", &identity->last);
    streak(page, &identity->streak);
    text(page, "failure", identity->failure.message);
    text(page, "failure type", identity->failure.type);
    text(page, "application", identity->application.text);
    text(page, "session", identity->session.text);
    text(page, "execution", identity->execution.text);
}

static void (*const writers[ENTITY_TABLES])(const struct page *page) = {
    [ENTITY_TASK] = task,   [ENTITY_SESSION] = session,   [ENTITY_INTERVENTION] = intervention,
    [ENTITY_BATCH] = batch, [ENTITY_IDENTITY] = identity,
};

/* Calls `visit` for each entity. */
static void each(const struct entities *entities, int64_t now_ms, FILE *file,
                 void (*visit)(const struct page *page))
{
    for (int number = 0; number < ENTITY_TABLES; number++) {
        enum entity_kind kind = (enum entity_kind)number;
        for (uint32_t slot = 0; slot < entities_slots(entities, kind); slot++) {
            const struct entity *entity = entities_at(entities, kind, slot);
            struct page page = {.file = file, .entity = entity, .now_ms = now_ms};
            if (!entity)
                continue;
            if (kind == ENTITY_INTERVENTION)
                page.session = ((const struct intervention *)entity)->session;
            visit(&page);
        }
    }
}

static void write_all(const struct page *page)
{
    common(page);
    writers[page->entity->kind](page);
}

static void write_name(const struct page *page)
{
    words(page, "is", "remembered");
}

static void write_waiting(const struct page *page)
{
    if (page->entity->kind == ENTITY_INTERVENTION &&
        intervention_state((const struct intervention *)page->entity) == INTERVENTION_WAITING)
        words(page, "state", "waiting");
}

void figures_write(const struct entities *entities, int64_t now_ms, FILE *file)
{
    each(entities, now_ms, file, write_all);
}

void names_write(const struct entities *entities, bool waiting, FILE *file)
{
    each(entities, 0, file, waiting ? write_waiting : write_name);
}
