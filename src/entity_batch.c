/*
 * Batches: what they last reported.
 */
#include "entity_private.h"

static void fold(struct entities *entities, struct entity *entity, const struct entity_facts *facts)
{
    struct batch_report *report = &((struct batch *)entity)->report;
    (void)entities;
    if (stamp_compare(&entity->newest, &facts->stamp) != 0)
        return;
    report->outcome = facts->outcome;
    fold_text(&report->status, fact_text(facts, FACT_STATUS));
    report->total = fact_number_or_unknown(facts, FACT_TOTAL);
    report->completed = fact_number_or_unknown(facts, FACT_COMPLETED);
    report->failed = fact_number_or_unknown(facts, FACT_FAILED);
}

#define MEMBER(name, type)                                                                         \
    {                                                                                              \
#name, offsetof(struct batch, name), MEMBER_##type                                         \
    }

static const struct member members[] = {
    MEMBER(report.outcome, OUTCOME),  MEMBER(report.status, TEXT),   MEMBER(report.total, NUMBER),
    MEMBER(report.completed, NUMBER), MEMBER(report.failed, NUMBER),
};

const struct entity_class batch_class = {
    .size = sizeof(struct batch),
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .fold = fold,
};
