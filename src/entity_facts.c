/*
 * What one event tells about entities: see entity_facts.h.
 */
#include "entity_facts.h"

#include <math.h>
#include <string.h>

#define FAMILY(kind)    (1U << ENTITY_##kind)
#define RESULT(outcome) (1U << OUTCOME_##outcome)
#define ANY             UINT32_MAX

/* Which events can have a fact: looking for it in others would find nothing, slowly. */
static const struct {
    const char *field; /* of the table of fields */
    uint32_t families, outcomes;
} rows[FACTS] = {
    [FACT_DURATION] = {"duration", FAMILY(TASK) | FAMILY(SESSION), ANY},
    [FACT_COST] = {"cost", FAMILY(TASK), ANY},
    [FACT_VERSION] = {"version", FAMILY(TASK), ANY},
    [FACT_MODE] = {"mode", FAMILY(TASK), ANY},
    [FACT_ERROR] = {"error", FAMILY(TASK) | FAMILY(IDENTITY), RESULT(FAILED)},
    [FACT_ERROR_TYPE] = {"error_type", FAMILY(TASK), RESULT(FAILED)},
    [FACT_ROOT_CAUSE] = {"root_cause", FAMILY(TASK), RESULT(FAILED)},
    [FACT_FAILURE_TYPE] = {"failure_type", FAMILY(IDENTITY), RESULT(FAILED)},
    [FACT_HEALED_VERSION] = {"healed_version", FAMILY(TASK), RESULT(HEALED)},
    [FACT_CONFIDENCE] = {"confidence", FAMILY(TASK), RESULT(HEALED)},
    [FACT_DRAFT] = {"draft", FAMILY(TASK), RESULT(HEALED)},
    [FACT_EXPLANATION] = {"explanation", FAMILY(TASK), RESULT(HEALED)},
    [FACT_FIX] = {"fix", FAMILY(TASK), RESULT(HEALED)},
    [FACT_REASON] = {"reason", FAMILY(SESSION), RESULT(FAILED) | RESULT(NEUTRAL)},
    [FACT_STEPS] = {"steps", FAMILY(SESSION), ANY},
    [FACT_SCREENSHOTS] = {"screenshots", FAMILY(SESSION), ANY},
    [FACT_PROXY] = {"proxy", FAMILY(SESSION), ANY},
    [FACT_NETWORK] = {"network", FAMILY(SESSION), ANY},
    [FACT_DOMAINS] = {"domains", FAMILY(SESSION), ANY},
    [FACT_SIZE] = {"size", FAMILY(SESSION), RESULT(NEUTRAL)},
    [FACT_MESSAGE] = {"message", FAMILY(INTERVENTION), RESULT(WAITING)},
    [FACT_INPUT] = {"input", FAMILY(INTERVENTION), RESULT(WAITING)},
    [FACT_LIVE_VIEW] = {"live_view", FAMILY(INTERVENTION), RESULT(WAITING)},
    [FACT_STATUS] = {"status", FAMILY(BATCH), ANY},
    [FACT_TOTAL] = {"total", FAMILY(BATCH), ANY},
    [FACT_COMPLETED] = {"completed", FAMILY(BATCH), ANY},
    [FACT_FAILED] = {"failed", FAMILY(BATCH), ANY},
    [FACT_APPLICATION] = {"application", FAMILY(IDENTITY), ANY},
    [FACT_DASHBOARD] = {"dashboard", ANY, ANY},
    [FACT_RECORDING] = {"recording", ANY, ANY},
};

void fact_fields_find(struct fact_fields *table)
{
    for (size_t fact = 0; fact < FACTS; fact++)
        table->of[fact] = field_find(rows[fact].field);
}

void entity_facts_read(struct entity_facts *facts, const struct fact_fields *table,
                       const struct hash_seed *seed, const struct event *event, int64_t received_ms)
{
    const struct field_source source = {.event = event, .received_ms = received_ms};

    facts->stamp = stamp_of(event->created_ms ? event->created_ms : received_ms, event->id);
    facts->received_ms = facts->now_ms = received_ms;
    facts->verified = false;
    facts->entity = event->entity;
    facts->outcome = event->known ? event->outcome : OUTCOME_NEUTRAL;
    facts->ends = event->known ? is_end(event->outcome) : catalog_is_end(event->type);
    facts->end = event->outcome;
    facts->type = event->known;
    facts->recording = event->known && strcmp(event->type, "session.recording.ready") == 0;
    ids_read(&facts->ids, seed, event);
    for (size_t fact = 0; fact < FACTS; fact++)
        facts->has[fact] = rows[fact].families >> facts->entity & 1 &&
                           rows[fact].outcomes >> facts->outcome & 1 && table->of[fact] &&
                           field_get(table->of[fact], &source, &facts->values[fact]);
}

const char *fact_text(const struct entity_facts *facts, enum fact fact)
{
    return facts->has[fact] ? facts->values[fact].text : NULL;
}

enum told fact_told(const struct entity_facts *facts, enum fact fact)
{
    if (!facts->has[fact])
        return TOLD_NOTHING;
    return facts->values[fact].number > 0 ? TOLD_YES : TOLD_NO;
}

bool fact_number(const struct entity_facts *facts, enum fact fact, int64_t *number)
{
    const double largest = 9007199254740992.0; /* 2^53: up to there doubles are whole numbers */
    if (!facts->has[fact] || facts->values[fact].number < 0)
        return false;
    *number = llround(fmin(facts->values[fact].number, largest));
    return true;
}

int64_t fact_number_or_unknown(const struct entity_facts *facts, enum fact fact)
{
    int64_t number;
    return fact_number(facts, fact, &number) ? number : -1;
}
