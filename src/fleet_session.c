/*
 * One session of a simulated fleet: how it goes, and the events of that.
 */
#include <math.h>

#include "fleet_private.h"

enum {
    FEW_WAIT = 3, /* while fewer wait for a human, another one soon does */
    MOST_WAIT = 6,
};

/* The shares of sessions that go otherwise than usual. Of those that ask a human, where there is
 * a login: what asks is in the way of logins and payments. */
static const double asks_soon = 0.3, asks_seldom = 0.05, never_answered = 0.08,
                    is_cancelled = 0.015, crashes = 0.01;

int64_t fleet_play(struct fleet *fleet, struct sample *sample, const struct fleet_course *course)
{
    struct dice *dice = &fleet->dice;
    int64_t begin = course->begin_ms, waits = course->waits_ms,
            asks = begin + course->asks_after_ms;
    bool punctual = course->punctual;

    if (sample->task->identity && !course->earlier_ms)
        fleet_plan(fleet,
                   course->login_refused ? "identity.authentication_failed"
                                         : "identity.authenticated",
                   sample, begin + dice_between(dice, 700, 1900), punctual);
    if (waits)
        fleet_plan(fleet, "intervention.requested", sample, asks, punctual);
    if (waits && !course->abandoned)
        fleet_plan(fleet, "intervention.resolved", sample, asks + waits, punctual);
    sample->task_ms += waits;
    sample->session_ms += waits;
    sample->recording_ms += waits;

    int64_t task_end = begin + sample->task_ms, session_end = begin + sample->session_ms;
    sample->session_ms += course->earlier_ms;
    sample->recording_ms += course->earlier_ms;
    if (course->error)
        sample->error = course->error;
    fleet_plan(fleet,
               course->error       ? "task.failed"
               : course->cancelled ? "task.cancelled"
                                   : "task.completed",
               sample, task_end, punctual);
    if (course->heal) {
        sample->heal = course->heal;
        fleet_plan(fleet, "task.healed", sample,
                   task_end + dice_between(dice, 4 * SECOND, 12 * SECOND), punctual);
    }
    if (course->stays)
        return task_end;
    fleet_plan(fleet, course->crashed ? "session.failed" : "session.completed", sample, session_end,
               punctual);
    if (!course->crashed)
        fleet_plan(fleet, "session.recording.ready", sample,
                   session_end + dice_between(dice, 3 * SECOND, 14 * SECOND), punctual);
    return session_end;
}

void fleet_note_question(struct fleet *fleet, int64_t until_ms)
{
    int64_t *oldest = fleet->answered_ms;
    for (size_t i = 1; i < FLEET_QUESTIONS; i++) {
        if (fleet->answered_ms[i] < *oldest)
            oldest = &fleet->answered_ms[i];
    }
    *oldest = until_ms;
}

/* Whether a session asks a human at that time, and if so, until when it waits. */
static void roll_question(struct fleet *fleet, int64_t at, struct fleet_course *course)
{
    struct dice *dice = &fleet->dice;
    unsigned waiting = 0;
    for (size_t i = 0; i < FLEET_QUESTIONS; i++)
        waiting += fleet->answered_ms[i] > at;
    if (waiting >= MOST_WAIT || !dice_chance(dice, waiting < FEW_WAIT ? asks_soon : asks_seldom))
        return;

    double shortest = log(5 * SECOND), longest = log(4 * MINUTE);
    course->asks_after_ms = at - course->begin_ms;
    course->waits_ms = (int64_t)exp(shortest + (longest - shortest) * dice_fraction(dice));
    course->abandoned = dice_chance(dice, never_answered);
    if (course->abandoned)
        course->waits_ms = dice_between(dice, 4 * MINUTE, 7 * MINUTE);
    fleet_note_question(fleet, at + course->waits_ms);
}

/* Whether the login is refused, which happens a number of times in a row. */
static bool roll_refusal(struct fleet *fleet, const struct sample_task *task)
{
    uint32_t *left =
        task->identity ? &fleet->refusals_left[task->identity - sample_identities] : NULL;
    if (!left || !*left)
        return false;
    if (*left != FOR_GOOD)
        --*left;
    return true;
}

/* A broken task fails once more. The last time, it heals itself in a new version. */
static void fail_broken(struct fleet_task *task, struct fleet_course *course)
{
    course->error = task->error;
    if (task->failures_left == FOR_GOOD || --task->failures_left)
        return;
    course->heal = task->heal;
    task->version++;
}

static void roll_course(struct fleet *fleet, struct sample *sample, bool doomed,
                        struct fleet_course *course)
{
    struct dice *dice = &fleet->dice;
    struct fleet_task *task = fleet_task(fleet, sample->task);

    if (roll_refusal(fleet, sample->task)) {
        course->login_refused = true;
        course->error = &sample_login_error;
        sample->task_ms = dice_between(dice, 2 * SECOND, 4 * SECOND);
        sample->session_ms = sample->task_ms + SECOND;
        sample->recording_ms = sample->task_ms;
        return;
    }
    if (task->failures_left) {
        fail_broken(task, course);
        return;
    }
    if (sample->task->identity && !doomed)
        roll_question(fleet,
                      course->begin_ms +
                          (int64_t)((double)sample->task_ms * (0.2 + 0.6 * dice_fraction(dice))),
                      course);
    course->crashed = course->abandoned || (!course->waits_ms && dice_chance(dice, crashes));
    if (course->crashed)
        course->error = course->abandoned ? &sample_unanswered_error : &sample_crash_error;
    else if (!course->waits_ms && (doomed || dice_chance(dice, sample->task->failures)))
        course->error = sample->error;
    else
        course->cancelled = dice_chance(dice, is_cancelled);
}

int64_t fleet_session(struct fleet *fleet, const struct sample_task *task, int64_t at, bool doomed,
                      bool *failed)
{
    struct fleet_course course = {.begin_ms = at};
    struct sample sample;

    sample_roll(&sample, task, &fleet->dice);
    sample.version = fleet_task(fleet, task)->version;
    sample.draft = false;
    roll_course(fleet, &sample, doomed, &course);
    *failed = course.error != NULL;
    return fleet_play(fleet, &sample, &course);
}
