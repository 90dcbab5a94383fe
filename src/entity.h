/*
 * What operators ask about: tasks, sessions, interventions, batches and identities, folded from
 * events, which they outlive.
 *
 * Folding does not depend on the order of arrival: any permutation of the same events gives the
 * same entities (but for numbers, rows, slots and serials, which say when something came),
 * as long as there are fewer than the limit. Each event must be folded once only.
 *
 * Figures come from the types of the catalogue, by their outcome there: a new type is one new row.
 * A type that the catalogue does not have counts as an event of its entities, and what it says of
 * them beside its outcome is taken. But an unknown end of a session or request ends it, for nobody
 * is to be called to what is over: see catalog_is_end().
 *
 * A request to a human is known by its session and its id together: the same id in another session
 * is another request. An end that names no session ends the requests of that id in all of them.
 *
 * All text is foreign. Not locked, but for entities_read(): the store, which owns them, is.
 */
#ifndef ANCHORTOP_ENTITY_H
#define ANCHORTOP_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "catalog.h"
#include "entity_facts.h"
#include "event.h"
#include "fold.h"
#include "hash.h"
#include "stats.h"
#include "table.h"

/* The families that have entities come first among the kinds. */
enum { ENTITY_TABLES = ENTITY_OTHER };

/* What all kinds share. It is the first member of each kind's struct, which it may be cast to. */
struct entity {
    struct table_node node; /* its key is the id */
    enum entity_kind kind;
    bool newest_verified; /* of the newest event, see below */
    uint8_t newest_type;  /* likewise: its row in the catalogue, from 1; 0: none */
    uint64_t events;      /* that name it and tell of it */
    int64_t first_ms;     /* `created` of the first of them */
    uint64_t last_seq;    /* the number of the last that arrived; 0: none was ever in memory */
    struct stamp newest;  /* the newest of them, whenever it arrived; with its: */
    uint64_t newest_seq;  /* number; 0: it was never in memory */
    int64_t newest_row;   /* row of the journal; 0: it stands in none */
    int64_t newest_received_ms;
};

/* Of what is told by one event as a whole, everything belongs to the newest such event, and is
 * known only when `at` is. */

/* How a run went. */
struct entity_last {
    struct stamp at;
    enum outcome outcome;
};

struct task_failure {
    struct stamp at;
    char *type, *message, *root_cause, *execution, *session;
};

struct task_heal {
    struct stamp at;
    char *version, *execution, *explanation, *suggestion;
    double confidence; /* 0 to 1; negative: unknown */
    enum told draft;   /* published as a draft, which waits for a review */
};

struct task {
    struct entity entity;
    uint64_t completed, failed, cancelled;
    struct entity_last last;
    struct streak streak; /* a cancelled run neither lengthens nor ends it, nor does a heal */
    struct histogram *durations; /* of runs; NULL: none known */
    struct latest_number duration_ms;
    struct costs costs;
    struct latest_text version, mode;
    struct task_failure failure;
    struct task_heal heal;
    struct refs executions; /* `other` is the session */
};

enum session_state {
    SESSION_SEEN, /* named by an event; how it is going is not known */
    SESSION_RECORDED,
    SESSION_ENDED, /* in a way that does not tell how it went */
    SESSION_COMPLETED,
    SESSION_CANCELLED,
    SESSION_FAILED,
    SESSION_WAITING, /* for a human */
};

struct session_end {
    struct stamp at;
    enum outcome outcome;
    char *reason;
};

struct session_recording {
    struct stamp at;
    int64_t duration_ms, bytes; /* negative: unknown */
};

struct session_domains {
    struct stamp at;
    struct text_list list;
};

struct session {
    struct entity entity;
    struct session_end end;
    struct session_recording recording;
    struct latest_number duration_ms, steps, screenshots, proxy_bytes, network_bytes;
    struct session_domains domains;
    struct latest_text identity, dashboard, recording_url;
    struct refs executions; /* `other` is the task */
    struct refs tasks, interventions;
    uint64_t waiting; /* interventions */
    struct intervention
        *open; /* its list of those neither resolved nor abandoned; NULL in copies */
};

enum intervention_state {
    INTERVENTION_NOTED, /* named, but neither requested nor resolved by any event that came */
    INTERVENTION_WAITING,
    INTERVENTION_ABANDONED, /* it was called off, or its session ended first */
    INTERVENTION_RESOLVED,  /* for good, even when it is requested again */
};

struct intervention_request {
    struct stamp at;
    char *message, *input, *live_view;
};

struct intervention {
    struct entity entity;
    struct stamp requested; /* the oldest request: waiting begins there */
    struct stamp resolved;  /* the oldest resolution: it ends there */
    struct intervention_request request;
    char *session;           /* NULL: its events name none */
    bool called_off;         /* it came to an end without an answer */
    bool session_ended;      /* kept here, because the session may be forgotten before */
    struct session *open_in; /* whose list it is in; NULL in copies */
    struct intervention *open_previous, *open_next;
};

/* Of the newest event. */
struct batch_report {
    enum outcome outcome;             /* by the event's type */
    char *status;                     /* as reported; the counts do not decide it */
    int64_t total, completed, failed; /* negative: unknown */
};

struct batch {
    struct entity entity;
    struct batch_report report;
};

struct identity_failure {
    struct stamp at;
    char *type, *message;
};

struct identity {
    struct entity entity;
    uint64_t succeeded, failed;
    struct entity_last last;
    struct streak streak; /* streak.success is the last success */
    struct identity_failure failure;
    struct latest_text application, session, execution;
};

struct entities;

/* Empty tables that remember `limit` entities of each kind: the least recently changed goes first,
 * a waiting intervention and its session never. NULL when there is no room. */
struct entities *entities_new(size_t limit, const struct hash_seed *seed);
/* Remember fewer when they take more than so many bytes together: then those of the kind that takes
 * most go first. */
void entities_limit_bytes(struct entities *entities, size_t bytes);
/* How many they take now. */
size_t entities_bytes(const struct entities *entities);
void entities_free(struct entities *entities);

/* Takes from an event what there is to fold, so that the tree need not be walked under the store's
 * mutex. Any thread, at any time. What the facts point to belongs to the event. */
void entities_read(const struct entities *entities, const struct event *event, int64_t received_ms,
                   struct entity_facts *facts);

/* Folds an event into all entities that it names. `seq` is its number in memory and `row` that in
 * the journal; 0: it is not there. */
void entities_fold(struct entities *entities, const struct entity_facts *facts, uint64_t seq,
                   int64_t row);

/* From now on rows are another journal's: see store_forget_rows(). Goes through `most` slots of a
 * kind, from one on; returns whether there are more. */
bool entities_forget_rows(struct entities *entities, enum entity_kind kind, uint32_t slot,
                          uint32_t most);

/* The same for an event that came before all that was ever folded with entities_fold(), read from
 * the journal afterwards, in its order: where there is no room for all, what it names goes first.
 * It may be called between entities_expect_past(),
 * before the first event, and entities_end_past(): meanwhile what ended is not forgotten whole. */
void entities_fold_past(struct entities *entities, const struct entity_facts *facts, int64_t row);
void entities_expect_past(struct entities *entities);
void entities_end_past(struct entities *entities);

/* How many there are of a kind, and them by slot: those below entities_slots(), or NULL where none
 * is. Pointers are good until the next entities_fold(); hold on to (slot, serial) across. */
size_t entities_count(const struct entities *entities, enum entity_kind kind);
uint32_t entities_slots(const struct entities *entities, enum entity_kind kind);
const struct entity *entities_at(const struct entities *entities, enum entity_kind kind,
                                 uint32_t slot);
const struct entity *entities_find(const struct entities *entities, enum entity_kind kind,
                                   const char *id);

/* The request of that id in a session, or in none (NULL). Of several with one id entities_find()
 * has any. */
const struct intervention *entities_find_request(const struct entities *entities,
                                                 const char *session, const char *id);

/* Waiting interventions, the one that was requested first at 0. */
size_t entities_waiting(const struct entities *entities);
const struct intervention *entities_waiting_at(const struct entities *entities, size_t place);

/* Whether a request of a session, or of none (NULL), waits. One that is no longer known has been
 * over for long. */
bool entities_is_waiting(const struct entities *entities, const char *session, const char *id);

/* Runs of the last hour over all tasks, the money that was spent in it, and all that is remembered
 * to have been spent. */
const struct hour *entities_hour(const struct entities *entities);
void entities_spent(const struct entities *entities, int64_t now_ms, struct costs *sum);
const struct costs *entities_costs(const struct entities *entities);

/* A copy to look at without the store's mutex, or NULL without memory; free with entity_free(). */
struct entity *entity_copy(const struct entity *entity);
void entity_free(struct entity *entity);

/* Writes all that is known, a figure a line, sorted by id: the same for the same events. */
void entities_write(const struct entities *entities, FILE *file);

static inline const char *entity_id(const struct entity *entity)
{
    return entity->node.key;
}

/* The type of the newest event; NULL when the catalogue does not have it. */
const struct event_type *entity_newest_type(const struct entity *entity);

uint64_t task_runs(const struct task *task);

/* Completed of those completed or failed, 0 to 1; false when there are none. */
bool task_success_rate(const struct task *task, double *rate);

/* What the oldest request that waits in a session asks, or NULL. Not for copies: the text belongs
 * to the store. */
const char *session_asks(const struct session *session);

enum session_state session_state(const struct session *session);
enum intervention_state intervention_state(const struct intervention *intervention);

/* From the first request to the first resolution; false while either is missing. Clocks that
 * disagree make it 0, never less. */
bool intervention_answer_ms(const struct intervention *intervention, int64_t *ms);

#endif
