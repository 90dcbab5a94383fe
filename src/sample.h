/*
 * Sample events: believable envelopes of every type of the catalogue.
 *
 * What happened in one session is a struct sample, made up by sample_roll(); sample_envelope()
 * writes any type of event from it, so that the events of one sample belong together. Used by
 * `anchortop send TYPE` and by the simulated fleet.
 */
#ifndef ANCHORTOP_SAMPLE_H
#define ANCHORTOP_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dice.h"

enum { SAMPLE_EVENT_ID_SIZE = 31 }; /* "evt_", a ULID of 26 characters, and the terminator */

/* An account that tasks log in with. */
struct sample_identity {
    const char *id, *application;
};

/* One of the customer's automations. */
struct sample_task {
    const char *id;
    const char *name; /* in the ids of its versions */
    const char *site; /* domain that it works on */
    const char *mode; /* execution mode */
    const char *output_key, *status;
    const char *artifact, *artifact_type;   /* the file that it leaves behind, or NULL */
    const struct sample_identity *identity; /* or NULL */
    int64_t median_ms;
    double failures; /* share of runs that fail by themselves */
    unsigned weight; /* how often it runs, against the others */
};

struct sample_error {
    const char *type, *message, *root_cause;
};

struct sample_question {
    const char *message, *input_type;
};

struct sample_heal {
    const char *explanation, *suggestion;
};

/* The tasks by name. */
enum sample_task_name {
    SAMPLE_ORDERS,
    SAMPLE_INVOICES,
    SAMPLE_PAYSLIPS,
    SAMPLE_STATEMENT,
    SAMPLE_CLAIMS,
    SAMPLE_BOOKINGS,
    SAMPLE_PRICES,
    SAMPLE_STOCK,
    SAMPLE_LEADS,
    SAMPLE_TRACKING,
    SAMPLE_TENDERS,
    SAMPLE_SCREENS,
    SAMPLE_TASKS
};

/* What the fleet consists of, and what can go wrong with it. All constant. */
extern const struct sample_identity sample_identities[];
extern const size_t sample_identity_count;
extern const struct sample_task sample_tasks[SAMPLE_TASKS];
extern const struct sample_error sample_errors[];
extern const size_t sample_error_count;
extern const struct sample_question sample_questions[];
extern const size_t sample_question_count;
extern const struct sample_heal sample_heals[]; /* each of the error at its place */
extern const size_t sample_heal_count;
extern const char *const sample_reasons[]; /* why sessions fail */
extern const size_t sample_reason_count;

/* Errors that certain things lead to. */
extern const struct sample_error sample_login_error, sample_crash_error, sample_unanswered_error;

/* What happened in one session. A value: it points to constants only. */
struct sample {
    const struct sample_task *task;
    const struct sample_error *error;
    const struct sample_question *question;
    const struct sample_heal *heal;
    const struct sample_identity *identity;
    const char *reason;
    unsigned version;
    char execution_id[41], session_id[13], request_id[13], batch_id[13];
    char presigned[33]; /* signature in the recording's URL */
    bool recorded;      /* the recording was there when the task ended */
    int64_t task_ms, session_ms, recording_ms;
    double cost;
    int64_t order; /* what the task brings back */
    int64_t steps, screenshots, proxy_bytes, network_bytes, recording_bytes, artifact_bytes;
    double confidence;
    bool draft;
    int64_t batch_total, batch_failed;
};

/* Makes up one session of a task. */
void sample_roll(struct sample *sample, const struct sample_task *task, struct dice *dice);

/*
 * Writes an event of the sample, as one line of JSON: malloc()ed, the caller's; NULL when memory
 * ran out or the catalogue does not have the type. `created_ms` is Unix time.
 */
char *sample_envelope(const struct sample *sample, const char *type, const char *event_id,
                      int64_t created_ms);

/* A new event id, sorted by time as Anchor's are. */
void sample_event_id(char id[SAMPLE_EVENT_ID_SIZE], int64_t created_ms, struct dice *dice);

#endif
