#include "model_event.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ID_BYTES = 256 };

/* 2^53. */
static const double WHOLE_UP_TO = 9007199254740992.0;

const char *const went_names[] = {"noted",  "ok",      "failed", "cancelled",
                                  "healed", "waiting", "ended"};

static const struct {
    const char *type;
    enum went went;
} known_types[] = {
    {"task.completed", OK},
    {"task.failed", FAILED},
    {"task.cancelled", CANCELLED},
    {"task.healed", HEALED},
    {"session.completed", OK},
    {"session.failed", FAILED},
    {"session.recording.ready", NOTED},
    {"intervention.requested", ASKS},
    {"intervention.resolved", OK},
    {"batch.completed", OK},
    {"batch.failed", FAILED},
    {"identity.authenticated", OK},
    {"identity.authentication_failed", FAILED},
};

/* What all of an unknown type behind its family may be, when it is an end. */
static const struct {
    const char *word;
    enum went went;
} end_words[] = {
    {"completed", OK},        {"succeeded", OK},       {"finished", OK},
    {"resolved", OK},         {"authenticated", OK},   {"failed", FAILED},
    {"failure", FAILED},      {"error", FAILED},       {"errored", FAILED},
    {"crashed", FAILED},      {"timeout", FAILED},     {"rejected", FAILED},
    {"cancelled", CANCELLED}, {"canceled", CANCELLED}, {"aborted", CANCELLED},
    {"ended", ENDED},         {"closed", ENDED},       {"stopped", ENDED},
    {"terminated", ENDED},    {"killed", ENDED},       {"expired", ENDED},
    {"deleted", ENDED},       {"released", ENDED},     {"disconnected", ENDED},
    {"timed_out", ENDED},
};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Types. */

bool is_type(const struct model_event *event, const char *type)
{
    return strcmp(event->type, type) == 0;
}

bool is_family(const struct model_event *event, const char *family)
{
    size_t length = strcspn(event->type, ".");

    return strlen(family) == length && strncmp(event->type, family, length) == 0;
}

bool is_known(const struct model_event *event, enum went *went)
{
    for (size_t i = 0; i < LENGTH(known_types); i++) {
        if (is_type(event, known_types[i].type)) {
            *went = known_types[i].went;
            return true;
        }
    }
    return false;
}

/* Whether it ends what its family is about, and how. */
bool is_end(const struct model_event *event, enum went *went)
{
    if (is_known(event, went)) {
        return (is_family(event, "session") && *went != NOTED) ||
               (is_family(event, "intervention") && *went == OK);
    }

    const char *dot = strchr(event->type, '.');

    for (size_t i = 0; dot != NULL && i < LENGTH(end_words); i++) {
        if (strcmp(dot + 1, end_words[i].word) == 0) {
            *went = end_words[i].went;
            return true;
        }
    }
    return false;
}

enum went how_it_went(const struct model_event *event)
{
    enum went went;

    return is_known(event, &went) ? went : NOTED;
}

bool is_run(const struct model_event *event)
{
    return is_type(event, "task.completed") || is_type(event, "task.failed") ||
           is_type(event, "task.cancelled");
}

bool is_login(const struct model_event *event)
{
    return is_type(event, "identity.authenticated") ||
           is_type(event, "identity.authentication_failed");
}

bool is_any(const struct model_event *event)
{
    return event != NULL;
}

bool is_of_session(const struct model_event *event)
{
    return is_family(event, "session") && !is_type(event, "session.recording.ready");
}

/* A success, a failure or a cancellation in the catalogue. */
bool is_outcome_of_another(const struct model_event *event)
{
    enum went went;

    return !is_family(event, "session") && is_known(event, &went) &&
           (went == OK || went == FAILED || went == CANCELLED);
}

/* Values: what stands at the first of some places that is there. */

/* The member at a path such as "error.type", whatever stands there. */
static const cJSON *member(const cJSON *data, const char *path)
{
    const char *dot = strchr(path, '.');
    char key[64];

    snprintf(key, sizeof key, "%.*s", dot == NULL ? (int)strlen(path) : (int)(dot - path), path);

    const cJSON *found = cJSON_IsObject(data) ? cJSON_GetObjectItemCaseSensitive(data, key) : NULL;

    return found == NULL || dot == NULL ? found : member(found, dot + 1);
}

/* Places are separated by a blank. */
const cJSON *value(const struct model_event *event, const char *places)
{
    char copy[128];
    char *rest = copy;

    snprintf(copy, sizeof copy, "%s", places);
    for (char *place = strtok_r(copy, " ", &rest); place != NULL;
         place = strtok_r(NULL, " ", &rest)) {
        const cJSON *found = member(event->data, place);

        if (found != NULL)
            return found;
    }
    return NULL;
}

const char *text(const struct model_event *event, const char *places)
{
    const cJSON *found = value(event, places);

    return cJSON_IsString(found) && found->valuestring[0] != '\0' ? found->valuestring : NULL;
}

static const char *id_at(const struct model_event *event, const char *place)
{
    const char *found = text(event, place);

    return found != NULL && strlen(found) <= ID_BYTES ? found : NULL;
}

const char *execution(const struct model_event *event)
{
    const char *found = id_at(event, "execution_id");

    return found != NULL ? found : id_at(event, "source_execution_id");
}

bool number(const struct model_event *event, const char *places, double *found)
{
    const cJSON *item = value(event, places);

    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
        return false;
    *found = item->valuedouble;
    return true;
}

/* A count, a size or a duration. */
bool amount(const struct model_event *event, const char *places, double *found)
{
    if (!number(event, places, found) || *found < 0)
        return false;
    *found = fmin(floor(*found + 0.5), WHOLE_UP_TO);
    return true;
}

bool cost(const struct model_event *event, double *sum, const char **currency)
{
    *currency = text(event, "cost.currency");
    return number(event, cJSON_IsObject(member(event->data, "cost")) ? "cost.amount" : "cost",
                  sum) &&
           *sum >= 0 && *sum < 1e12;
}

const char *task_id(const struct model_event *event)
{
    return id_at(event, "task_id");
}

const char *session_id(const struct model_event *event)
{
    return id_at(event, "session_id");
}

const char *request_id(const struct model_event *event)
{
    return id_at(event, "request_id");
}

const char *batch_id(const struct model_event *event)
{
    return id_at(event, "batch_id");
}

const char *identity_id(const struct model_event *event)
{
    return id_at(event, "identity_id");
}

bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Reading. */

/* "2026-05-24T12:18:05.123Z" or with an offset. */
static bool time_of(const char *words, int64_t *ms)
{
    struct tm tm = {0};
    int end = 0, fraction = 0, digits = 0, hours = 0, minutes = 0;

    if (words == NULL || sscanf(words, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon,
                                &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &end) != 6)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    words += end;
    if (*words == '.') {
        for (words++; *words >= '0' && *words <= '9'; words++, digits++)
            fraction = digits < 3 ? fraction * 10 + (*words - '0') : fraction;
        for (; digits < 3; digits++)
            fraction *= 10;
    }
    *ms = (int64_t)timegm(&tm) * 1000 + fraction;
    if (strcmp(words, "Z") == 0)
        return true;
    if ((*words != '+' && *words != '-') || sscanf(words + 1, "%2d:%2d", &hours, &minutes) != 2)
        return false;
    *ms -= (*words == '+' ? 1 : -1) * (int64_t)(hours * 60 + minutes) * 60000;
    return true;
}

struct model_event model_event_read(const char *body, int64_t received_ms, bool verified)
{
    struct model_event event = {.json = cJSON_Parse(body), .verified = verified};

    event.data = cJSON_GetObjectItemCaseSensitive(event.json, "data");
    event.id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event.json, "id"));
    event.type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event.json, "type"));
    if (!time_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event.json, "created")),
                 &event.at_ms))
        event.at_ms = received_ms;
    return event;
}

void model_event_free(struct model_event *event)
{
    cJSON_Delete(event->json);
}
