/*
 * Identities: whether their logins work.
 */
#include "entity_private.h"

static void fold_failure(struct identity_failure *failure, const struct entity_facts *facts)
{
    if (!stamp_advance(&failure->at, &facts->stamp))
        return;
    fold_text(&failure->type, fact_text(facts, FACT_FAILURE_TYPE));
    fold_text(&failure->message, fact_text(facts, FACT_ERROR));
}

static void fold_login(struct identity *identity, const struct entity_facts *facts)
{
    if (facts->outcome == OUTCOME_FAILED) {
        identity->failed++;
        streak_fail(&identity->streak, &facts->stamp);
        fold_failure(&identity->failure, facts);
    } else {
        identity->succeeded++;
        streak_succeed(&identity->streak, &facts->stamp);
    }
    fold_last(&identity->last, facts);
}

static void fold(struct entities *entities, struct entity *entity, const struct entity_facts *facts)
{
    struct identity *identity = (struct identity *)entity;
    (void)entities;
    if (facts->outcome == OUTCOME_OK || facts->outcome == OUTCOME_FAILED)
        fold_login(identity, facts);
    fold_latest_text(&identity->application, facts, FACT_APPLICATION);
    fold_latest_id(&identity->session, facts, ID_SESSION);
    fold_latest_id(&identity->execution, facts, ID_EXECUTION);
}

#define MEMBER(name, type)                                                                         \
    {                                                                                              \
#name, offsetof(struct identity, name), MEMBER_##type                                      \
    }

static const struct member members[] = {
    MEMBER(succeeded, COUNT),      MEMBER(failed, COUNT),          MEMBER(last.at, STAMP),
    MEMBER(last.outcome, OUTCOME), MEMBER(streak, STREAK),         MEMBER(failure.at, STAMP),
    MEMBER(failure.type, TEXT),    MEMBER(failure.message, TEXT),  MEMBER(application, LATEST_TEXT),
    MEMBER(session, LATEST_TEXT),  MEMBER(execution, LATEST_TEXT),
};

const struct entity_class identity_class = {
    .size = sizeof(struct identity),
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .fold = fold,
};
