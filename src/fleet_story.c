/*
 * What a simulated fleet has gone through before one starts to watch: so much that each question of
 * an operator has an answer at once. Written down, where the rest is left to chance.
 *
 *   statement  fails since the bank's site was redesigned. It has healed itself, but only as a
 *              draft, which nobody has published.
 *   claims     cannot log in any more: the password has expired.
 *   tenders    has failed twice.
 *   Five sessions wait for a human, one of them far too long; others were answered, one was not.
 */
#include <string.h>

#include "fleet_private.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct sample_error no_button = {
    "automation_failure", "Button 'Export' was not found on the statements page after 30s",
    "Selector drift after target site redesign"};
static const struct sample_error slow_page = {
    "timeout", "Navigation to /accounts/statements timed out after 60s", NULL};
static const struct sample_error disabled_button = {
    "automation_failure", "Step 7 'click Export' met an element that is disabled",
    "The new statements page has a step that the recording did not have"};
static const struct sample_error no_download = {
    "automation_failure", "Download of statement.csv did not start within 45s",
    "The click on 'Export CSV' had no effect"};
static const struct sample_error no_dates = {
    "automation_failure", "'Export CSV' stays disabled until a date range is chosen",
    "The bank's new statements page asks for a date range first"};
static const struct sample_heal choose_dates = {
    "The statements page was redesigned: 'Export CSV' is disabled until a date range is chosen.",
    "Choose 'Last 30 days' in the date range before clicking 'Export CSV'."};

static const struct sample_error no_deadline = {
    "agent_error", "Agent output did not match the schema: 'deadline' is missing",
    "Two of 41 tenders are published without a deadline"};
static const struct sample_error slow_search = {
    "timeout", "Waited 120s for the list of results after 'Suche starten'",
    "Target site slow: first byte after 41s"};

static const struct sample_question captcha = {"Solve the captcha to continue", "confirm"};
static const struct sample_question code = {
    "Enter the 6-digit code that was sent to the phone ending in 42", "text"};
static const struct sample_question sign_in = {"Approve the sign-in on the authenticator app",
                                               "confirm"};
static const struct sample_question payment = {
    "Approve the payment of $1,240.00 to Northwind Traders", "confirm"};
static const struct sample_question which_flight = {
    "Two flights to São Paulo match. Which one is meant? ✈", "text"};
static const struct sample_question bicycles = {"Select all squares with bicycles 🚲", "confirm"};

enum fate { COMPLETES, FAILS, HEALS_AS_DRAFT, LOGIN_REFUSED, NOBODY_ANSWERS };

/* A session. Times are seconds from the moment that the fleet becomes busy. */
static const struct episode {
    enum sample_task_name task;
    int at_s; /* when it asks a human; where it does not, when its task ends */
    enum fate fate;
    const struct sample_error *error;
    const struct sample_question *question; /* NULL: it does not ask */
    int waits_s;
    bool stays, continues; /* the session goes on with the next episode; with the one before */
} episodes[] = {
    {SAMPLE_STATEMENT, -585, .fate = COMPLETES},
    {SAMPLE_STATEMENT, -540, .fate = COMPLETES},
    {SAMPLE_STATEMENT, -489, FAILS, .error = &no_button},
    {SAMPLE_STATEMENT, -436, FAILS, .error = &slow_page},
    {SAMPLE_STATEMENT, -381, FAILS, .error = &no_button},
    {SAMPLE_STATEMENT, -327, FAILS, .error = &disabled_button},
    {SAMPLE_STATEMENT, -262, HEALS_AS_DRAFT, .error = &no_download},
    {SAMPLE_STATEMENT, -198, FAILS, .error = &disabled_button},
    {SAMPLE_STATEMENT, -131, FAILS, .error = &slow_page},
    {SAMPLE_STATEMENT, -73, FAILS, .error = &no_dates},
    {SAMPLE_STATEMENT, -17, FAILS, .error = &no_dates},

    {SAMPLE_CLAIMS, -540, .fate = COMPLETES},
    {SAMPLE_CLAIMS, -415, .fate = COMPLETES},
    {SAMPLE_CLAIMS, -290, .fate = COMPLETES},
    {SAMPLE_CLAIMS, -205, .fate = LOGIN_REFUSED},
    {SAMPLE_CLAIMS, -148, .fate = LOGIN_REFUSED},
    {SAMPLE_CLAIMS, -92, .fate = LOGIN_REFUSED},
    {SAMPLE_CLAIMS, -33, .fate = LOGIN_REFUSED},

    {SAMPLE_TENDERS, -451, .fate = COMPLETES},
    {SAMPLE_TENDERS, -215, FAILS, .error = &no_deadline},
    {SAMPLE_TENDERS, -64, FAILS, .error = &slow_search},

    {SAMPLE_ORDERS, -530, .fate = COMPLETES, .question = &captcha, .waits_s = 22},
    {SAMPLE_PAYSLIPS, -500, .fate = NOBODY_ANSWERS, .question = &sign_in, .waits_s = 240},
    {SAMPLE_INVOICES, -455, .fate = COMPLETES, .question = &payment, .waits_s = 96},
    {SAMPLE_ORDERS, -170, .fate = COMPLETES, .question = &bicycles, .waits_s = 41},
    {SAMPLE_BOOKINGS, -285, .fate = COMPLETES, .question = &captcha, .waits_s = 47, .stays = true},
    {SAMPLE_BOOKINGS, -14, .fate = COMPLETES, .question = &which_flight, .waits_s = 75,
     .continues = true},

    {SAMPLE_INVOICES, -365, .fate = COMPLETES, .question = &payment, .waits_s = 555},
    {SAMPLE_PAYSLIPS, -220, .fate = COMPLETES, .question = &code, .waits_s = 270},
    {SAMPLE_ORDERS, -95, .fate = COMPLETES, .question = &captcha, .waits_s = 205},
    {SAMPLE_INVOICES, -42, .fate = COMPLETES, .question = &sign_in, .waits_s = 67},
};

/* Batches that have ended. Their sessions were before. */
static const struct {
    int at_s;
    int64_t total, failed;
} batches[] = {{-432, 25, 0}, {-236, 40, 3}, {-51, 12, 12}};

/* The session of the episode before. */
struct session {
    char id[sizeof((struct sample *)NULL)->session_id];
    int64_t begin_ms, end_ms;
};

static void set_course(const struct fleet *fleet, const struct episode *episode,
                       struct sample *sample, struct fleet_course *course)
{
    bool refused = episode->fate == LOGIN_REFUSED, unanswered = episode->fate == NOBODY_ANSWERS;
    if (refused) {
        sample->task_ms = 2800;
        sample->session_ms = sample->recording_ms = 3900;
    }
    int64_t asks_after_ms = episode->question ? 3 * sample->task_ms / 10 : 0;
    int64_t at_ms = fleet->busy_ms + (int64_t)episode->at_s * SECOND;
    *course = (struct fleet_course){
        .begin_ms = at_ms - (episode->question ? asks_after_ms : sample->task_ms),
        .asks_after_ms = asks_after_ms,
        .waits_ms = (int64_t)episode->waits_s * SECOND,
        .error = refused      ? &sample_login_error
                 : unanswered ? &sample_unanswered_error
                              : episode->error,
        .heal = episode->fate == HEALS_AS_DRAFT ? &choose_dates : NULL,
        .login_refused = refused,
        .abandoned = unanswered,
        .crashed = unanswered,
        .stays = episode->stays,
        .punctual = true,
    };
}

/* Makes an episode the second task of the session of another. */
static void continue_session(struct sample *sample, struct fleet_course *course,
                             const struct session *before)
{
    int64_t asks_ms = course->begin_ms + course->asks_after_ms;

    memcpy(sample->session_id, before->id, sizeof sample->session_id);
    if (course->begin_ms < before->end_ms + SECOND)
        course->begin_ms = before->end_ms + SECOND;
    course->asks_after_ms = asks_ms > course->begin_ms ? asks_ms - course->begin_ms : SECOND;
    course->earlier_ms = course->begin_ms - before->begin_ms;
}

static void tell_episode(struct fleet *fleet, const struct episode *episode,
                         struct session *session)
{
    struct fleet_course course;
    struct sample sample;

    sample_roll(&sample, &sample_tasks[episode->task], &fleet->dice);
    sample.version = fleet->tasks[episode->task].version;
    sample.draft = true;
    if (episode->question)
        sample.question = episode->question;
    set_course(fleet, episode, &sample, &course);
    if (episode->continues)
        continue_session(&sample, &course, session);
    session->begin_ms = course.begin_ms;
    session->end_ms = fleet_play(fleet, &sample, &course);
    memcpy(session->id, sample.session_id, sizeof session->id);
    if (course.waits_ms)
        fleet_note_question(fleet, course.begin_ms + course.asks_after_ms + course.waits_ms);
}

static void tell_batches(struct fleet *fleet)
{
    for (size_t i = 0; i < COUNT(batches); i++) {
        struct sample sample;
        sample_roll(&sample, &sample_tasks[SAMPLE_PRICES], &fleet->dice);
        sample.batch_total = batches[i].total;
        sample.batch_failed = batches[i].failed;
        fleet_plan(fleet, batches[i].failed < batches[i].total ? "batch.completed" : "batch.failed",
                   &sample, fleet->busy_ms + (int64_t)batches[i].at_s * SECOND, true);
    }
}

void fleet_tell_story(struct fleet *fleet)
{
    struct session session = {.id = ""};
    for (size_t i = 0; i < COUNT(episodes); i++)
        tell_episode(fleet, &episodes[i], &session);
    tell_batches(fleet);

    struct fleet_task *statement = &fleet->tasks[SAMPLE_STATEMENT];
    statement->failures_left = FOR_GOOD;
    statement->error = &no_dates;
    const struct sample_identity *claims = sample_tasks[SAMPLE_CLAIMS].identity;
    fleet->refusals_left[claims - sample_identities] = FOR_GOOD;
    /* They stand as the story left them for long enough to be seen. */
    statement->rests_until_ms = fleet->tasks[SAMPLE_CLAIMS].rests_until_ms = fleet->busy_ms;
    fleet->tasks[SAMPLE_TENDERS].rests_until_ms = fleet->busy_ms + MINUTE;
}
