/*
 * Tasks: how their runs went.
 */
#include <stdlib.h>

#include "entity_private.h"
#include "heap.h"

static void fold_failure(struct task_failure *failure, const struct entity_facts *facts)
{
    if (!stamp_advance(&failure->at, &facts->stamp))
        return;
    fold_text(&failure->type, fact_text(facts, FACT_ERROR_TYPE));
    fold_text(&failure->message, fact_text(facts, FACT_ERROR));
    fold_text(&failure->root_cause, fact_text(facts, FACT_ROOT_CAUSE));
    fold_text(&failure->execution, facts->ids.of[ID_EXECUTION].text);
    fold_text(&failure->session, facts->ids.of[ID_SESSION].text);
}

static void fold_heal(struct task_heal *heal, const struct entity_facts *facts)
{
    if (!stamp_advance(&heal->at, &facts->stamp))
        return;
    fold_text(&heal->version, fact_text(facts, FACT_HEALED_VERSION));
    fold_text(&heal->execution, facts->ids.of[ID_EXECUTION].text);
    fold_text(&heal->explanation, fact_text(facts, FACT_EXPLANATION));
    fold_text(&heal->suggestion, fact_text(facts, FACT_FIX));
    heal->confidence = facts->has[FACT_CONFIDENCE] ? facts->values[FACT_CONFIDENCE].number : -1;
    heal->draft = fact_told(facts, FACT_DRAFT);
}

static void fold_duration(struct task *task, const struct entity_facts *facts)
{
    int64_t ms;
    if (!fact_number(facts, FACT_DURATION, &ms))
        return;
    latest_number_fold(&task->duration_ms, &facts->stamp, ms);
    if (!task->durations)
        task->durations = heap_take(sizeof *task->durations);
    if (task->durations)
        histogram_add(task->durations, ms);
}

static void fold_run(struct task *task, const struct entity_facts *facts)
{
    task->completed += facts->outcome == OUTCOME_OK;
    task->failed += facts->outcome == OUTCOME_FAILED;
    task->cancelled += facts->outcome == OUTCOME_CANCELLED;
    if (facts->outcome == OUTCOME_OK)
        streak_succeed(&task->streak, &facts->stamp);
    if (facts->outcome == OUTCOME_FAILED) {
        streak_fail(&task->streak, &facts->stamp);
        fold_failure(&task->failure, facts);
    }
    fold_last(&task->last, facts);
    fold_duration(task, facts);
    fold_ref(&task->executions, facts, ID_EXECUTION, facts->ids.of[ID_SESSION].text);
}

static void fold(struct entities *entities, struct entity *entity, const struct entity_facts *facts)
{
    struct task *task = (struct task *)entity;
    (void)entities;
    if (is_end(facts->outcome))
        fold_run(task, facts);
    if (facts->outcome == OUTCOME_HEALED)
        fold_heal(&task->heal, facts);
    if (facts->has[FACT_COST])
        costs_add(&task->costs, facts->values[FACT_COST].number, facts->values[FACT_COST].text);
    fold_latest_text(&task->version, facts, FACT_VERSION);
    fold_latest_text(&task->mode, facts, FACT_MODE);
}

uint64_t task_runs(const struct task *task)
{
    return task->completed + task->failed + task->cancelled;
}

bool task_success_rate(const struct task *task, double *rate)
{
    uint64_t judged = task->completed + task->failed;
    if (judged)
        *rate = (double)task->completed / (double)judged;
    return judged != 0;
}

#define MEMBER(name, type)                                                                         \
    {                                                                                              \
#name, offsetof(struct task, name), MEMBER_##type                                          \
    }

static const struct member members[] = {
    MEMBER(completed, COUNT),
    MEMBER(failed, COUNT),
    MEMBER(cancelled, COUNT),
    MEMBER(last.at, STAMP),
    MEMBER(last.outcome, OUTCOME),
    MEMBER(streak, STREAK),
    MEMBER(durations, HISTOGRAM),
    MEMBER(duration_ms, LATEST_NUMBER),
    MEMBER(costs, COSTS),
    MEMBER(version, LATEST_TEXT),
    MEMBER(mode, LATEST_TEXT),
    MEMBER(failure.at, STAMP),
    MEMBER(failure.type, TEXT),
    MEMBER(failure.message, TEXT),
    MEMBER(failure.root_cause, TEXT),
    MEMBER(failure.execution, TEXT),
    MEMBER(failure.session, TEXT),
    MEMBER(heal.at, STAMP),
    MEMBER(heal.version, TEXT),
    MEMBER(heal.execution, TEXT),
    MEMBER(heal.explanation, TEXT),
    MEMBER(heal.suggestion, TEXT),
    MEMBER(heal.confidence, RATIO),
    MEMBER(heal.draft, TOLD),
    MEMBER(executions, REFS),
};

const struct entity_class task_class = {
    .size = sizeof(struct task),
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .fold = fold,
};
