/*
 * An event as the model of entities sees it, and what README says of its type and its values.
 */
#ifndef ANCHORTOP_MODEL_EVENT_H
#define ANCHORTOP_MODEL_EVENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* One event, read again from its body. */
struct model_event {
    cJSON *json;
    const cJSON *data;
    const char *id, *type;
    int64_t at_ms; /* when it happened */
    bool verified;
};

/* Read a body that arrived at received_ms. Free with model_event_free(). */
struct model_event model_event_read(const char *body, int64_t received_ms, bool verified);
void model_event_free(struct model_event *event);

/* How an event went, by its type. */
enum went { NOTED, OK, FAILED, CANCELLED, HEALED, ASKS, ENDED };

extern const char *const went_names[];

bool is_type(const struct model_event *event, const char *type);
bool is_family(const struct model_event *event, const char *family);
/* Whether the catalogue has its type, and how it went then. */
bool is_known(const struct model_event *event, enum went *went);
/* The same; of a type that the catalogue does not have it is not believed. */
enum went how_it_went(const struct model_event *event);
/* Whether it ends what its family is about, and how. */
bool is_end(const struct model_event *event, enum went *went);

/* Which events: for a search among them. */
typedef bool chosen(const struct model_event *event);

chosen is_any, is_run, is_login;
chosen is_of_session;         /* what tells of a session, and not of its recording */
chosen is_outcome_of_another; /* a success, a failure or a cancellation in the catalogue */

/* What stands in `data` at the first of some places that is there: "error.type failure_type". */
const cJSON *value(const struct model_event *event, const char *places);
const char *text(const struct model_event *event, const char *places);
bool number(const struct model_event *event, const char *places, double *found);
/* A count, a size or a duration. */
bool amount(const struct model_event *event, const char *places, double *found);
bool cost(const struct model_event *event, double *sum, const char **currency);

/* The ids that it names, or NULL. */
typedef const char *named(const struct model_event *event);

named task_id, session_id, request_id, batch_id, identity_id, execution;

/* Whether two ids, either of which may be NULL, are the same. */
bool is_same(const char *a, const char *b);

#endif
