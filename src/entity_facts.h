/*
 * What one event tells about entities, taken out of its tree.
 */
#ifndef ANCHORTOP_ENTITY_FACTS_H
#define ANCHORTOP_ENTITY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog.h"
#include "event.h"
#include "field.h"
#include "fold.h"
#include "hash.h"
#include "ids.h"

/* Fields that are folded into entities; entity_facts.c has their names. */
enum fact {
    FACT_DURATION,
    FACT_COST,
    FACT_VERSION,
    FACT_MODE,
    FACT_ERROR,
    FACT_ERROR_TYPE,
    FACT_ROOT_CAUSE,
    FACT_FAILURE_TYPE,
    FACT_HEALED_VERSION,
    FACT_CONFIDENCE,
    FACT_DRAFT,
    FACT_EXPLANATION,
    FACT_FIX,
    FACT_REASON,
    FACT_STEPS,
    FACT_SCREENSHOTS,
    FACT_PROXY,
    FACT_NETWORK,
    FACT_DOMAINS,
    FACT_SIZE,
    FACT_MESSAGE,
    FACT_INPUT,
    FACT_LIVE_VIEW,
    FACT_STATUS,
    FACT_TOTAL,
    FACT_COMPLETED,
    FACT_FAILED,
    FACT_APPLICATION,
    FACT_DASHBOARD,
    FACT_RECORDING,
    FACTS
};

/* Short-lived; what it points to belongs to the event. */
struct entity_facts {
    struct stamp stamp;
    int64_t received_ms;
    bool verified; /* false; who knows better sets it */
    int64_t now_ms; /* Unix time now; received_ms unless the caller knows better */
    struct event_ids ids;
    enum entity_kind entity;
    enum outcome outcome; /* OUTCOME_NEUTRAL for types that the catalogue does not have */
    bool ends;            /* what it is about; types that the catalogue does not have may, too */
    enum outcome end;     /* how, when it does; OUTCOME_NEUTRAL: it does not say */
    const struct event_type *type; /* NULL: the catalogue does not have it */
    bool recording;       /* session.recording.ready, whose duration is the recording's */
    bool has[FACTS];
    struct value values[FACTS];
};

/* The fields behind the facts, looked up once. */
struct fact_fields {
    const struct field *of[FACTS];
};

void fact_fields_find(struct fact_fields *table);

void entity_facts_read(struct entity_facts *facts, const struct fact_fields *table,
                       const struct hash_seed *seed, const struct event *event,
                       int64_t received_ms);

/* Whether something came to an end, in whatever way. */
static inline bool is_end(enum outcome outcome)
{
    return outcome == OUTCOME_OK || outcome == OUTCOME_FAILED || outcome == OUTCOME_CANCELLED;
}

/* The text of a fact; NULL when the event does not have it. */
const char *fact_text(const struct entity_facts *facts, enum fact fact);

/* A fact that is a yes or a no. */
enum told fact_told(const struct entity_facts *facts, enum fact fact);

/* A fact that counts or measures something: false when the event does not have it, or less than
 * nothing of it. */
bool fact_number(const struct entity_facts *facts, enum fact fact, int64_t *number);

/* The same, or -1. */
int64_t fact_number_or_unknown(const struct entity_facts *facts, enum fact fact);

#endif
