/*
 * Sample events: believable envelopes of every type of the catalogue.
 */
#include "sample.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum { TEXT_SIZE = 512, DETAIL_SIZE = 256, SHORT_SIZE = 32 };

static const char project_id[] = "5d2c31f6-ab7e-481a-b6fd-8b4a96a4e197";

static bool add_text(cJSON *object, const char *key, const char *value)
{
    return cJSON_AddStringToObject(object, key, value) != NULL;
}

static bool add_number(cJSON *object, const char *key, double value)
{
    return cJSON_AddNumberToObject(object, key, value) != NULL;
}

static bool add_version(cJSON *data, const char *key, const struct sample *sample, unsigned version)
{
    char text[64];
    snprintf(text, sizeof text, "tv_%s_v%u", sample->task->name, version);
    return add_text(data, key, text);
}

static bool add_dashboard(cJSON *data, const char *key, const struct sample *sample)
{
    char url[128];
    snprintf(url, sizeof url, "https://app.anchorbrowser.io/sessions/%s", sample->session_id);
    return add_text(data, key, url);
}

static bool add_recording(cJSON *data, const struct sample *sample)
{
    char url[256];
    snprintf(url, sizeof url,
             "https://anchor-recordings.s3.amazonaws.com/sessions/%s/videos/recording.mp4"
             "?X-Amz-Expires=3600&X-Amz-Signature=%s",
             sample->session_id, sample->presigned);
    return !sample->recorded || add_text(data, "recording_url", url);
}

static bool add_cost(cJSON *data, const struct sample *sample)
{
    cJSON *cost = cJSON_AddObjectToObject(data, "cost");
    return cost && add_number(cost, "amount", sample->cost) && add_text(cost, "currency", "USD");
}

static bool add_output(cJSON *data, const struct sample *sample)
{
    char order[SHORT_SIZE];
    cJSON *output = cJSON_AddObjectToObject(data, "output");
    cJSON *value = output ? cJSON_AddObjectToObject(output, "value") : NULL;
    snprintf(order, sizeof order, "%lld", (long long)sample->order);
    return value && add_text(value, sample->task->output_key, order) &&
           add_text(value, "status", sample->task->status);
}

static bool add_artifacts(cJSON *data, const struct sample *sample, bool any)
{
    char url[192];
    cJSON *artifacts = cJSON_AddArrayToObject(data, "artifacts");
    if (!artifacts || !any || !sample->task->artifact)
        return artifacts != NULL;

    cJSON *artifact = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(artifacts, artifact))
        return false;
    snprintf(url, sizeof url, "https://api.anchorbrowser.io/v1/executions/%s/artifacts/art_1/fetch",
             sample->execution_id);
    return add_text(artifact, "name", sample->task->artifact) && add_text(artifact, "url", url) &&
           add_number(artifact, "size", (double)sample->artifact_bytes) &&
           add_text(artifact, "content_type", sample->task->artifact_type);
}

static bool add_execution(cJSON *data, const struct sample *sample)
{
    return add_text(data, "task_id", sample->task->id) &&
           add_version(data, "task_version_id", sample, sample->version) &&
           add_text(data, "execution_id", sample->execution_id) &&
           add_text(data, "session_id", sample->session_id);
}

static bool task_completed(cJSON *data, const struct sample *sample)
{
    return add_execution(data, sample) && add_text(data, "execution_mode", sample->task->mode) &&
           add_number(data, "duration_ms", (double)sample->task_ms) && add_cost(data, sample) &&
           add_output(data, sample) && add_artifacts(data, sample, true) &&
           add_recording(data, sample) && add_dashboard(data, "session_dashboard_url", sample);
}

static bool task_failed(cJSON *data, const struct sample *sample)
{
    if (!add_execution(data, sample) || !add_number(data, "duration_ms", (double)sample->task_ms) ||
        !add_cost(data, sample))
        return false;
    cJSON *error = cJSON_AddObjectToObject(data, "error");
    return error && add_text(error, "type", sample->error->type) &&
           add_text(error, "message", sample->error->message) &&
           (!sample->error->root_cause ||
            add_text(error, "root_cause", sample->error->root_cause)) &&
           add_artifacts(data, sample, false) && add_recording(data, sample) &&
           add_dashboard(data, "session_dashboard_url", sample);
}

static bool task_cancelled(cJSON *data, const struct sample *sample)
{
    return add_execution(data, sample) && add_text(data, "execution_mode", sample->task->mode) &&
           add_number(data, "duration_ms", (double)sample->task_ms) && add_cost(data, sample) &&
           add_artifacts(data, sample, false) &&
           add_dashboard(data, "session_dashboard_url", sample);
}

static bool task_healed(cJSON *data, const struct sample *sample)
{
    return add_text(data, "task_id", sample->task->id) &&
           add_version(data, "healed_task_version_id", sample, sample->version + 1) &&
           add_text(data, "source_execution_id", sample->execution_id) &&
           add_text(data, "error_explanation", sample->heal->explanation) &&
           add_text(data, "fix_suggestion", sample->heal->suggestion) &&
           add_number(data, "confidence_score", sample->confidence) &&
           cJSON_AddBoolToObject(data, "published_as_draft", sample->draft);
}

static bool session_completed(cJSON *data, const struct sample *sample)
{
    char api[96];
    const char *const domains[] = {sample->task->site, api};
    snprintf(api, sizeof api, "api.%s", sample->task->site);

    if (!add_text(data, "session_id", sample->session_id) ||
        !add_number(data, "duration_ms", (double)sample->session_ms) ||
        !add_number(data, "proxy_bytes", (double)sample->proxy_bytes) ||
        !add_number(data, "network_bytes_total", (double)sample->network_bytes) ||
        !add_number(data, "steps", (double)sample->steps) ||
        !add_number(data, "screenshots", (double)sample->screenshots))
        return false;
    cJSON *list = cJSON_CreateStringArray(domains, sample->steps > 5 ? 2 : 1);
    return cJSON_AddItemToObject(data, "domains", list) &&
           add_dashboard(data, "session_dashboard_url", sample);
}

static bool session_failed(cJSON *data, const struct sample *sample)
{
    return add_text(data, "session_id", sample->session_id) &&
           add_number(data, "duration_ms", (double)sample->session_ms) &&
           add_text(data, "reason", sample->reason) &&
           add_dashboard(data, "session_dashboard_url", sample);
}

static bool recording_ready(cJSON *data, const struct sample *sample)
{
    return add_text(data, "session_id", sample->session_id) &&
           add_number(data, "duration_ms", (double)sample->recording_ms) &&
           add_number(data, "size_bytes", (double)sample->recording_bytes) &&
           add_dashboard(data, "session_dashboard_url", sample);
}

static bool intervention_requested(cJSON *data, const struct sample *sample)
{
    return add_text(data, "session_id", sample->session_id) &&
           add_text(data, "request_id", sample->request_id) &&
           add_text(data, "message", sample->question->message) &&
           add_text(data, "input_type", sample->question->input_type) &&
           add_dashboard(data, "live_view_url", sample);
}

static bool intervention_resolved(cJSON *data, const struct sample *sample)
{
    return add_text(data, "session_id", sample->session_id) &&
           add_text(data, "request_id", sample->request_id);
}

static bool batch_ended(cJSON *data, const struct sample *sample, const char *status,
                        int64_t failed)
{
    return add_text(data, "batch_id", sample->batch_id) &&
           add_number(data, "total_requests", (double)sample->batch_total) &&
           add_number(data, "completed_requests", (double)(sample->batch_total - failed)) &&
           add_number(data, "failed_requests", (double)failed) && add_text(data, "status", status);
}

static bool batch_completed(cJSON *data, const struct sample *sample)
{
    return batch_ended(data, sample, "completed", sample->batch_failed);
}

static bool batch_failed(cJSON *data, const struct sample *sample)
{
    return batch_ended(data, sample, "failed", sample->batch_total);
}

static bool identity_authenticated(cJSON *data, const struct sample *sample)
{
    return add_text(data, "identity_id", sample->identity->id) &&
           add_text(data, "application_id", sample->identity->application) &&
           add_text(data, "session_id", sample->session_id) &&
           add_text(data, "execution_id", sample->execution_id);
}

static bool identity_failed(cJSON *data, const struct sample *sample)
{
    return add_text(data, "identity_id", sample->identity->id) &&
           add_text(data, "application_id", sample->identity->application) &&
           add_text(data, "execution_id", sample->execution_id) &&
           add_text(data, "failure_type", "invalid_credentials") &&
           add_text(data, "error_message", "login_succeeded was false");
}

static void task_time(const struct sample *sample, char *text, size_t size)
{
    text_duration(text, size, sample->task_ms);
}

static void session_time(const struct sample *sample, char *text, size_t size)
{
    text_duration(text, size, sample->session_ms);
}

static void error_type(const struct sample *sample, char *text, size_t size)
{
    snprintf(text, size, "%s", sample->error->type);
}

static void confidence(const struct sample *sample, char *text, size_t size)
{
    text_percent(text, size, sample->confidence);
}

static void reason(const struct sample *sample, char *text, size_t size)
{
    snprintf(text, size, "%s", sample->reason);
}

static void recording_size(const struct sample *sample, char *text, size_t size)
{
    text_bytes(text, size, (double)sample->recording_bytes);
}

static void question(const struct sample *sample, char *text, size_t size)
{
    snprintf(text, size, "%s", sample->question->message);
}

static void share(const struct sample *sample, char *text, size_t size)
{
    snprintf(text, size, "%lld of %lld", (long long)(sample->batch_total - sample->batch_failed),
             (long long)sample->batch_total);
}

/* How each type is written. The envelope's text is `before`, the subject's id, `after` and what
 * `detail` writes. */
static const struct writer {
    const char *type;
    bool (*write)(cJSON *data, const struct sample *sample);
    const char *subject; /* member of the data */
    const char *before, *after;
    void (*detail)(const struct sample *sample, char *text, size_t size); /* or NULL */
} writers[] = {
    {"task.completed", task_completed, "task_id", "✅ Task", "completed in ", task_time},
    {"task.failed", task_failed, "task_id", "❌ Task", "failed: ", error_type},
    {"task.cancelled", task_cancelled, "task_id", "🚫 Task", "was cancelled after ", task_time},
    {"task.healed", task_healed, "task_id", "🩹 Task", "healed itself, confidence ", confidence},
    {"session.completed", session_completed, "session_id", "✅ Session", "completed in ",
     session_time},
    {"session.failed", session_failed, "session_id", "❌ Session", "failed: ", reason},
    {"session.recording.ready", recording_ready, "session_id", "🎬 Recording of session",
     "is ready: ", recording_size},
    {"intervention.requested", intervention_requested, "session_id", "🙋 Session",
     "needs a human: ", question},
    {"intervention.resolved", intervention_resolved, "session_id", "👍 Session", "goes on", NULL},
    {"batch.completed", batch_completed, "batch_id", "✅ Batch", "completed: ", share},
    {"batch.failed", batch_failed, "batch_id", "❌ Batch", "failed with all its requests", NULL},
    {"identity.authenticated", identity_authenticated, "identity_id", "🔐 Identity", "authenticated",
     NULL},
    {"identity.authentication_failed", identity_failed, "identity_id", "❌ Identity",
     "could not log in: invalid_credentials", NULL},
};

static const struct writer *find_writer(const char *type)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (strcmp(writers[i].type, type) == 0)
            return &writers[i];
    }
    return NULL;
}

static bool write_envelope(cJSON *envelope, const struct writer *writer,
                           const struct sample *sample, const char *event_id, int64_t created_ms)
{
    char created[SHORT_SIZE], detail[DETAIL_SIZE] = "", text[TEXT_SIZE];
    cJSON *data = cJSON_CreateObject();

    if (!data || !writer->write(data, sample)) {
        cJSON_Delete(data);
        return false;
    }
    if (writer->detail)
        writer->detail(sample, detail, sizeof detail);
    const char *subject = cJSON_GetStringValue(cJSON_GetObjectItem(data, writer->subject));
    snprintf(text, sizeof text, "%s `%s` %s%s", writer->before, subject ? subject : "",
             writer->after, detail);
    text_time_iso(created, sizeof created, created_ms);

    bool good = add_text(envelope, "id", event_id) && add_text(envelope, "type", writer->type) &&
                add_text(envelope, "created", created) &&
                add_text(envelope, "project_id", project_id) && add_text(envelope, "text", text);
    if (!cJSON_AddItemToObject(envelope, "data", data)) {
        cJSON_Delete(data);
        return false;
    }
    return good;
}

char *sample_envelope(const struct sample *sample, const char *type, const char *event_id,
                      int64_t created_ms)
{
    const struct writer *writer = find_writer(type);
    cJSON *envelope = writer ? cJSON_CreateObject() : NULL;
    char *text = NULL;

    if (envelope && write_envelope(envelope, writer, sample, event_id, created_ms))
        text = cJSON_PrintUnformatted(envelope);
    cJSON_Delete(envelope);
    return text;
}

void sample_event_id(char id[SAMPLE_EVENT_ID_SIZE], int64_t created_ms, struct dice *dice)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's base 32 */
    uint64_t time = (uint64_t)created_ms, random = 0;
    char *end = id + snprintf(id, SAMPLE_EVENT_ID_SIZE, "evt_");

    for (int shift = 45; shift >= 0; shift -= 5)
        *end++ = digits[(time >> shift) & 31];
    for (int i = 0; i < 16; i++) {
        if (i % 8 == 0)
            random = dice_roll(dice);
        *end++ = digits[random & 31];
        random >>= 5;
    }
    *end = '\0';
}
