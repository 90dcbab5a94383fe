/*
 * What the parts of the simulated fleet share: its state, how deliveries are planned, and how a
 * session is played. Only for fleet*.c.
 */
#ifndef ANCHORTOP_FLEET_PRIVATE_H
#define ANCHORTOP_FLEET_PRIVATE_H

#include "fleet.h"

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    FLEET_IDENTITIES = 8,
    FLEET_QUESTIONS = 32, /* the latest to be answered, so that not too many wait at once */
};

/* Instead of a number of failures: until somebody does something about it, and nobody does. */
#define FOR_GOOD UINT32_MAX

/* A delivery to come. */
struct planned {
    int64_t due_ms, created_ms;
    uint64_t order; /* of planning: what is due at the same time goes in it */
    const char *type;
    struct sample sample;
    char event_id[SAMPLE_EVENT_ID_SIZE];
    char *body;      /* of what is sent again, owned; else NULL until it is taken */
    bool repetition; /* it was accepted before */
};

/* Things that begin at random times. */
enum beginning {
    BEGIN_EARLY_SESSION,
    BEGIN_SESSION,
    BEGIN_BATCH,
    BEGIN_BREAKAGE,
    BEGIN_LOCKOUT,
    BEGINNINGS
};

/* How a task is. */
struct fleet_task {
    unsigned version;
    uint32_t failures_left; /* until it heals itself; 0: it works */
    const struct sample_error *error;
    const struct sample_heal *heal;
    int64_t rests_until_ms; /* no session begins before, but those of the story */
};

struct fleet {
    struct dice dice;
    int64_t busy_ms;
    struct planned *heap; /* the first due on top */
    size_t count, capacity;
    uint64_t planned;
    bool out_of_memory;
    int64_t next_ms[BEGINNINGS];
    int64_t next_flaw_ms;
    struct fleet_task tasks[SAMPLE_TASKS];
    uint32_t refusals_left[FLEET_IDENTITIES]; /* of logins; 0: they work */
    int64_t answered_ms[FLEET_QUESTIONS];     /* when nobody waits for it any more; 0: free */
};

/* How a session goes. */
struct fleet_course {
    int64_t begin_ms;
    int64_t asks_after_ms, waits_ms;  /* a human, and until the answer; no waiting: it does not */
    const struct sample_error *error; /* or NULL: the task completes */
    const struct sample_heal *heal;   /* of the task, after its failure; or NULL */
    int64_t earlier_ms; /* that the session has run with other tasks, after its login; or 0 */
    bool login_refused, abandoned, crashed, cancelled;
    bool stays;    /* open afterwards */
    bool punctual; /* no delivery is late */
};

/* Takes over the entry's body. */
void fleet_push(struct fleet *fleet, struct planned *entry);
/* The first due; there must be one. */
struct planned fleet_pop(struct fleet *fleet);

/* Plans the delivery of an event that is created at that time. It gets under way after a lag that
 * is short, or, unless it is punctual, now and then long. */
void fleet_plan(struct fleet *fleet, const char *type, const struct sample *sample,
                int64_t created_ms, bool punctual);

/* Notes that a session waits for a human until that time. */
void fleet_note_question(struct fleet *fleet, int64_t until_ms);

/* Plans all events of a session. Its times and error are noted in the sample. Returns its end. */
int64_t fleet_play(struct fleet *fleet, struct sample *sample, const struct fleet_course *course);

/* Makes up a session that begins at that time, and plays it. Returns when it has ended, and
 * whether its task failed. `doomed`: it fails, whatever the task. */
int64_t fleet_session(struct fleet *fleet, const struct sample_task *task, int64_t at, bool doomed,
                      bool *failed);

/* Plans what happened before the fleet became busy, and what comes of it. */
void fleet_tell_story(struct fleet *fleet);

static inline struct fleet_task *fleet_task(struct fleet *fleet, const struct sample_task *task)
{
    return &fleet->tasks[task - sample_tasks];
}

#endif
