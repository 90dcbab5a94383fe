#include "entity_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model_page.h"

enum { LIST_ITEMS = 64, CURRENCIES = 8, CURRENCY_BYTES = 7, DAY_MS = 24 * 60 * 60 * 1000 };

/* For percentiles: 2^32 - 1. */
static const double LONGEST_MS = 4294967295.0;
/* Of money, where sums end: 2^63 - 1 millionths. */
static const double LARGEST_SUM = 9223372036854.775807;

/* Tasks. */

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* Wherever a percentile may lie between two runs, give or take 7 per cent. */
static void write_percentile(const struct page *page, const char *name, const double *sorted,
                             size_t count, double share)
{
    begin(page, name);
    if (count == 0) {
        fputs("?\n", page->file);
        return;
    }

    size_t low = (size_t)floor(share * (double)(count - 1));
    size_t high = (size_t)fmin(ceil(share * (double)count), (double)(count - 1));

    fprintf(page->file, "[%.17g %.17g]\n", fmin(sorted[low], LONGEST_MS) * 0.93,
            fmin(sorted[high], LONGEST_MS) * 1.07);
}

static void write_percentiles(const struct page *page, struct events events)
{
    double *sorted = calloc(events.count, sizeof *sorted);
    size_t count = 0;

    for (size_t i = 0; i < events.count; i++)
        count += is_run(events.of[i]) && amount(events.of[i], "duration_ms", &sorted[count]);
    qsort(sorted, count, sizeof *sorted, by_size);
    write_percentile(page, "p50", sorted, count, 0.5);
    write_percentile(page, "p95", sorted, count, 0.95);
    free(sorted);
}

struct paid {
    const char *currency;
    double amount;
};

static int by_currency(const void *left, const void *right)
{
    return strcmp(((const struct paid *)left)->currency, ((const struct paid *)right)->currency);
}

static void write_sum(const struct page *page, const char *currency, double sum)
{
    char name[32];

    sum = fmin(sum, LARGEST_SUM);
    snprintf(name, sizeof name, "cost %s", currency);
    begin(page, name);
    fprintf(page->file, "[%.17g %.17g]\n", sum * (1 - 1e-12) - 1e-7, sum * (1 + 1e-12) + 1e-7);
}

static void write_costs(const struct page *page, struct events events)
{
    struct paid *paid = calloc(events.count, sizeof *paid);
    double others = 0;
    size_t count = 0, currencies = 0;

    for (size_t i = 0; i < events.count; i++) {
        const char *currency;
        double sum;

        if (!cost(events.of[i], &sum, &currency))
            continue;
        sum = round(sum * 1e6) / 1e6;
        if (currency != NULL && strlen(currency) > CURRENCY_BYTES)
            others += sum;
        else
            paid[count++] = (struct paid){currency == NULL ? "" : currency, sum};
    }
    qsort(paid, count, sizeof *paid, by_currency);
    for (size_t i = 0, next; i < count; i = next) {
        double sum = 0;

        for (next = i; next < count && strcmp(paid[next].currency, paid[i].currency) == 0; next++)
            sum += paid[next].amount;
        if (currencies++ < CURRENCIES)
            write_sum(page, paid[i].currency, sum);
        else
            others += sum;
    }
    if (others > 0)
        write_sum(page, "of others", others);
    free(paid);
}

static bool is_task_failure(const struct model_event *event)
{
    return is_type(event, "task.failed");
}

static bool is_heal(const struct model_event *event)
{
    return is_type(event, "task.healed");
}

static void write_heal(const struct page *page, const struct model_event *heal)
{
    double confidence;
    const cJSON *draft = heal == NULL ? NULL : value(heal, "published_as_draft");

    write_time(page, "heal", heal);
    write_text_of(page, "heal version", heal, "healed_task_version_id");
    write_text(page, "heal execution", heal == NULL ? NULL : execution(heal));
    write_text_of(page, "heal explanation", heal, "error_explanation");
    write_text_of(page, "heal fix", heal, "fix_suggestion");
    write_words(page, "heal draft",
                cJSON_IsTrue(draft) ? "yes" : (cJSON_IsFalse(draft) ? "no" : NULL));
    begin(page, "heal confidence");
    if (heal != NULL && number(heal, "confidence_score", &confidence) && confidence >= 0 &&
        confidence <= 1)
        fprintf(page->file, "%.17g\n", confidence);
    else
        fputs("?\n", page->file);
}

static void write_task(const struct page *page, struct events events)
{
    uint64_t completed = how_many(events, "task.completed");
    uint64_t failed = how_many(events, "task.failed");
    const struct model_event *last = newest(events, is_run);
    const struct model_event *failure = newest(events, is_task_failure);

    write_count(page, "runs", completed + failed + how_many(events, "task.cancelled"));
    write_count(page, "completed", completed);
    write_count(page, "failed", failed);
    begin(page, "success rate");
    if (completed + failed == 0)
        fputs("?\n", page->file);
    else
        fprintf(page->file, "%.17g\n", (double)completed / (double)(completed + failed));
    write_time(page, "last run", last);
    write_words(page, "last outcome", last == NULL ? NULL : went_names[how_it_went(last)]);
    write_streak(page, events, "task.failed", "task.completed");
    write_text_of(page, "error", failure, "error.message error_message error");
    write_text_of(page, "error type", failure, "error.type failure_type");
    write_text_of(page, "root cause", failure, "error.root_cause");
    write_text(page, "failed session", failure == NULL ? NULL : session_id(failure));
    write_text(page, "failed execution", failure == NULL ? NULL : execution(failure));
    write_heal(page, newest(events, is_heal));
    write_newest_amount(page, "duration", events, is_run, "duration_ms");
    write_percentiles(page, events);
    write_costs(page, events);
    write_newest_text(page, "version", events, is_any, "task_version_id");
    write_newest_text(page, "mode", events, is_any, "execution_mode");
    write_refs(page, "executions", events, is_run, execution, session_id);
}

/* Interventions. */

static bool is_answer(const struct model_event *event)
{
    enum went went;

    return is_family(event, "intervention") && is_end(event, &went) && went == OK;
}

static bool is_call_off(const struct model_event *event)
{
    enum went went;

    return is_family(event, "intervention") && is_end(event, &went) && went != OK;
}

static bool is_request(const struct model_event *event)
{
    return is_type(event, "intervention.requested");
}

static bool is_session_end(const struct model_event *event)
{
    enum went went;

    return is_family(event, "session") && is_end(event, &went);
}

struct request {
    const struct model_event *asked;    /* the oldest request */
    const struct model_event *latest;   /* the newest */
    const struct model_event *answered; /* the oldest answer */
    const char *state;
};

/* What became of a request, by all events that there are. */
static struct request request_of(struct events all, const char *session, const char *id)
{
    struct request request = {0};
    bool is_over = false;

    for (size_t i = 0; i < all.count; i++) {
        const struct model_event *event = all.of[i];
        const char *in = session_id(event);

        if (is_session_end(event) && session != NULL && is_same(in, session))
            is_over = true;
        if (!is_family(event, "intervention") || !is_same(request_id(event), id))
            continue;
        if (is_request(event) && is_same(in, session)) {
            request.asked = event;
            request.latest = request.latest == NULL ? event : request.latest;
        }
        if (in == NULL || is_same(in, session)) {
            request.answered = is_answer(event) ? event : request.answered;
            is_over = is_over || is_call_off(event);
        }
    }
    request.state = request.answered != NULL ? "resolved"
                    : is_over                ? "abandoned"
                    : request.asked != NULL  ? "waiting"
                                             : "named";
    return request;
}

static void write_intervention(const struct page *page, struct events all)
{
    struct request request = request_of(all, page->session, page->id);

    write_time(page, "waiting since", request.asked);
    write_time(page, "answered", request.answered);
    write_text_of(page, "message", request.latest, "message");
    write_text_of(page, "input", request.latest, "input_type");
    write_text_of(page, "live view", request.latest, "live_view_url");
    write_words(page, "state", request.state);
    begin(page, "waited");
    if (request.asked == NULL || request.answered == NULL) {
        fputs("?\n", page->file);
    } else {
        int64_t waited = request.answered->at_ms - request.asked->at_ms;

        fprintf(page->file, "%lld\n", waited < 0 ? 0 : (long long)waited);
    }
}

/* Sessions. */

static bool is_recording(const struct model_event *event)
{
    return is_type(event, "session.recording.ready");
}

static uint64_t waiting_in(struct events all, const char *session)
{
    uint64_t count = 0;

    for (size_t i = 0; i < all.count; i++) {
        bool is_last = is_request(all.of[i]) && request_id(all.of[i]) != NULL &&
                       is_same(session_id(all.of[i]), session);

        if (is_last) {
            struct request request = request_of(all, session, request_id(all.of[i]));

            /* Each once: at its oldest request. */
            count += request.asked == all.of[i] && strcmp(request.state, "waiting") == 0;
        }
    }
    return count;
}

static const char *session_state_of(const struct page *page, struct events events, uint64_t waiting)
{
    const struct model_event *end = newest(events, is_session_end);
    enum went went;

    if (waiting > 0)
        return "waiting";
    if (end != NULL) {
        is_end(end, &went);
        return went == OK ? "completed" : went_names[went];
    }
    if (newest(events, is_recording) != NULL)
        return "recording ready";
    return page->now_ms - events.of[0]->at_ms > DAY_MS ? "no end seen" : "running";
}

static void write_session_duration(const struct page *page, struct events events, const char *state)
{
    double found;
    bool is_told = false;
    int64_t age = page->now_ms - events.of[events.count - 1]->at_ms;

    for (size_t i = 0; i < events.count; i++) {
        is_told =
            is_told || (is_of_session(events.of[i]) && amount(events.of[i], "duration_ms", &found));
    }
    if (!is_told && (strcmp(state, "running") == 0 || strcmp(state, "waiting") == 0)) {
        begin(page, "duration");
        fprintf(page->file, "%lld\n", age < 0 ? 0 : (long long)age);
    } else {
        write_newest_amount(page, "duration", events, is_of_session, "duration_ms");
    }
}

/* An array of nothing but texts. */
static bool is_list(const cJSON *list)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            return false;
    }
    return cJSON_IsArray(list);
}

static void write_domains(const struct page *page, struct events events)
{
    begin(page, "domains");
    for (size_t i = 0; i < events.count; i++) {
        const cJSON *list = is_of_session(events.of[i]) ? value(events.of[i], "domains") : NULL;
        const cJSON *item;
        int count = 0;

        if (!is_list(list))
            continue;
        cJSON_ArrayForEach(item, list)
        {
            if (count++ < LIST_ITEMS) {
                write_quoted(page, item->valuestring);
                putc(' ', page->file);
            }
        }
        putc('\n', page->file);
        return;
    }
    fputs("?\n", page->file);
}

static void write_session(const struct page *page, struct events events, struct events all)
{
    const struct model_event *end = newest(events, is_session_end);
    const struct model_event *recording = newest(events, is_recording);
    uint64_t waiting = waiting_in(all, page->id);
    const char *state = session_state_of(page, events, waiting);
    enum went went = NOTED;

    if (end != NULL)
        is_end(end, &went);
    write_time(page, "end", end);
    write_words(page, "state", state);
    write_text_of(page, "reason", went == OK ? NULL : end, "reason");
    write_count(page, "waiting", waiting);
    write_session_duration(page, events, state);
    write_newest_amount(page, "steps", events, is_of_session, "steps");
    write_newest_amount(page, "screenshots", events, is_of_session,
                        "screenshots screenshot_count screenshots_count");
    write_newest_amount(page, "proxy", events, is_of_session, "proxy_bytes");
    write_newest_amount(page, "network", events, is_of_session, "network_bytes_total");
    write_domains(page, events);
    write_time(page, "recording", recording);
    write_amount_of(page, "recording length", recording, "duration_ms");
    write_amount_of(page, "recording size", recording, "size_bytes");
    write_refs(page, "tasks", events, is_any, task_id, NULL);
    write_refs(page, "requests", events, is_any, request_id, NULL);
    write_refs(page, "executions", events, is_outcome_of_another, execution, task_id);
    write_newest_id(page, "identity", events, is_any, identity_id);
    write_newest_text(page, "dashboard", events, is_any, "session_dashboard_url");
    write_newest_text(page, "recording link", events, is_any, "recording_url");
}

/* Batches and identities. */

static void write_batch(const struct page *page, struct events events)
{
    const struct model_event *last = events.of[0];

    write_words(page, "outcome", went_names[how_it_went(last)]);
    write_text_of(page, "status", last, "status");
    write_amount_of(page, "total", last, "total_requests");
    write_amount_of(page, "completed", last, "completed_requests");
    write_amount_of(page, "failed", last, "failed_requests");
}

static bool is_login_failure(const struct model_event *event)
{
    return is_type(event, "identity.authentication_failed");
}

static void write_identity(const struct page *page, struct events events)
{
    const struct model_event *last = newest(events, is_login);
    const struct model_event *failure = newest(events, is_login_failure);

    write_count(page, "logins", how_many(events, "identity.authenticated"));
    write_count(page, "failures", how_many(events, "identity.authentication_failed"));
    write_time(page, "last login", last);
    write_words(page, "last outcome", last == NULL ? NULL : went_names[how_it_went(last)]);
    write_streak(page, events, "identity.authentication_failed", "identity.authenticated");
    write_text_of(page, "failure", failure, "error.message error_message error");
    write_text_of(page, "failure type", failure, "failure_type");
    write_newest_text(page, "application", events, is_any, "application_id");
    write_newest_id(page, "session", events, is_any, session_id);
    write_newest_id(page, "execution", events, is_any, execution);
}

/* All of them. */

enum kind { TASK, SESSION, INTERVENTION, BATCH, IDENTITY, KINDS };

static const struct {
    const char *family;
    named *id;
} kinds[KINDS] = {
    [TASK] = {"task", task_id},
    [SESSION] = {"session", session_id},
    [INTERVENTION] = {"intervention", request_id},
    [BATCH] = {"batch", batch_id},
    [IDENTITY] = {"identity", identity_id},
};

/* Whether an event counts for an entity; session is NULL but for a request that has one. */
static bool counts_for(const struct model_event *event, enum kind kind, const char *id,
                       const char *session)
{
    bool is_of_kind = kind == SESSION || is_family(event, kinds[kind].family);

    return is_of_kind && is_same(kinds[kind].id(event), id) &&
           (kind != INTERVENTION || is_same(session_id(event), session));
}

static void write_entity(struct events all, enum kind kind, const char *id, const char *session,
                         int64_t now_ms, FILE *file)
{
    struct page page = {file, kinds[kind].family, id, session, now_ms};
    struct events events = {calloc(all.count, sizeof *events.of), 0};

    for (size_t i = 0; i < all.count; i++)
        if (counts_for(all.of[i], kind, id, session))
            events.of[events.count++] = all.of[i];
    write_common(&page, events);
    switch (kind) {
    case TASK: write_task(&page, events); break;
    case SESSION: write_session(&page, events, all); break;
    case INTERVENTION: write_intervention(&page, all); break;
    case BATCH: write_batch(&page, events); break;
    default: write_identity(&page, events);
    }
    free(events.of);
}

/* An entity is written where its newest event stands. */
static bool is_first_mention(struct events all, size_t place, enum kind kind, const char *id,
                             const char *session)
{
    for (size_t i = 0; i < place; i++)
        if (counts_for(all.of[i], kind, id, session))
            return false;
    return true;
}

void model_write(const struct model_event *events, size_t count, int64_t now_ms, FILE *file)
{
    struct events all = {calloc(count + 1, sizeof *all.of), count};

    for (size_t i = 0; i < count; i++)
        all.of[i] = &events[i];
    qsort(all.of, count, sizeof *all.of, newest_first);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        for (size_t i = 0; i < count; i++) {
            const char *id = kinds[kind].id(all.of[i]);
            const char *session = kind == INTERVENTION ? session_id(all.of[i]) : NULL;

            if (id != NULL && counts_for(all.of[i], kind, id, session) &&
                is_first_mention(all, i, kind, id, session))
                write_entity(all, kind, id, session, now_ms, file);
        }
    }
    free(all.of);
}
