/* Views 2 to 6: the figures of a history, sorting, and going into an entity's events. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(entities, .fini = programs_stop);

#define RUN(task, execution, more)                                                                 \
    "\"task_id\":\"" task "\",\"task_version_id\":\"" task "_v3\",\"execution_id\":\"" execution   \
    "\",\"session_id\":\"ses_" execution "\"," more
#define COST(amount) "\"cost\":{\"amount\":" amount ",\"currency\":\"USD\"}"
#define ERROR(words) "\"error\":{\"type\":\"timeout\",\"message\":\"" words "\"}"
#define BATCH(id, total, completed, failed, status)                                                \
    "\"batch_id\":\"" id "\",\"total_requests\":" total ",\"completed_requests\":" completed       \
    ",\"failed_requests\":" failed ",\"status\":\"" status "\""
#define LOGIN(identity, session)                                                                   \
    "\"identity_id\":\"" identity "\",\"application_id\":\"app_" identity                          \
    "\",\"session_id\":\"" session "\""
#define REQUEST(request, session, message)                                                         \
    "\"request_id\":\"" request "\",\"session_id\":\"" session "\",\"message\":\"" message         \
    "\",\"input_type\":\"confirm\",\"live_view_url\":\"https://live.example/" session "\""

static const struct watch_event tasks[] = {
    {500, "task.completed", RUN("tsk_b", "b1", "\"duration_ms\":1000," COST("0.01"))},
    {400, "task.failed", RUN("tsk_b", "b2", "\"duration_ms\":2000," COST("0.02") "," ERROR("no"))},
    {350, "task.failed", RUN("tsk_b", "b3", "\"duration_ms\":2000," COST("0.02") "," ERROR("so"))},
    {300, "task.failed",
     RUN("tsk_b", "b4", "\"duration_ms\":2000," COST("0.02") "," ERROR("Third message"))},
    {250, "task.completed", RUN("tsk_a", "a1", "\"duration_ms\":4000," COST("1.5"))},
    {200, "task.completed", RUN("tsk_a", "a2", "\"duration_ms\":4000," COST("1.5"))},
    {90, "task.cancelled", RUN("tsk_c", "c1", "\"duration_ms\":2000")},
    {0, NULL, NULL},
};

static const struct watch_event sessions[] = {
    {600, "session.completed",
     "\"session_id\":\"ses_done\",\"duration_ms\":27540,\"proxy_bytes\":2581234,"
     "\"network_bytes_total\":4891204,\"steps\":12,\"domains\":[\"a.example\",\"b.example\"]"},
    {500, "session.failed",
     "\"session_id\":\"ses_bad\",\"duration_ms\":6789,\"reason\":\"browser_unreachable\""},
    {400, "session.recording.ready", "\"session_id\":\"ses_film\",\"size_bytes\":1823456"},
    {300, "identity.authenticated", LOGIN("idn_1", "ses_seen")},
    {200, "intervention.requested", REQUEST("req_1", "ses_asks", "Captcha")},
    {0, NULL, NULL},
};

static const struct watch_event interventions[] = {
    {900, "intervention.requested", REQUEST("req_left", "ses_left", "Left alone")},
    {880, "session.failed", "\"session_id\":\"ses_left\",\"reason\":\"browser_unreachable\""},
    {700, "intervention.requested", REQUEST("req_done", "ses_done", "Answered")},
    {659, "intervention.resolved", "\"request_id\":\"req_done\",\"session_id\":\"ses_done\""},
    /* Early in their minutes, which are what is looked at: time passes until they are drawn. */
    {1, "intervention.requested", REQUEST("req_new", "ses_new", "Just now")},
    {361, "intervention.requested", REQUEST("req_old", "ses_old", "Long ago")},
    {121, "intervention.requested", REQUEST("req_mid", "ses_mid", "A while")},
    {0, NULL, NULL},
};

static const struct watch_event batches[] = {
    {300, "batch.completed", BATCH("bat_all", "25", "25", "0", "completed")},
    {200, "batch.completed", BATCH("bat_most", "40", "30", "10", "completed")},
    {100, "batch.failed", BATCH("bat_none", "12", "0", "12", "failed")},
    {0, NULL, NULL},
};

static const struct watch_event identities[] = {
    {500, "identity.authenticated", LOGIN("idn_broken", "ses_1")},
    {400, "identity.authentication_failed",
     "\"identity_id\":\"idn_broken\",\"failure_type\":\"automation_failure\""},
    {300, "identity.authentication_failed",
     "\"identity_id\":\"idn_broken\",\"failure_type\":\"invalid_credentials\","
     "\"error_message\":\"login_succeeded was false\""},
    {200, "identity.authentication_failed", "\"identity_id\":\"idn_fixed\""},
    {100, "identity.authenticated", LOGIN("idn_fixed", "ses_2")},
    {0, NULL, NULL},
};

static struct watch start(const struct watch_event *events, const char *key)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 40, .columns = 200});
    watch_send_all(&watch, "evt", events);
    program_keys(watch.program, key);
    return watch;
}

enum { ROWS = 5, WORDS = 10 };

struct wanted {
    const struct watch *watch;
    const char *const (*rows)[WORDS];
};

/* Whether the wanted rows stand below each other, with none between them but lines with a day: it
 * may be midnight. */
static bool rows_stand(struct program *program, void *context)
{
    const struct wanted *wanted = context;
    for (int top = 0; top + ROWS < program_rows(program); top++) {
        int row = 0;
        for (int at = top; at < program_rows(program) && row < ROWS && wanted->rows[row][0]; at++) {
            if (strstr(program_row(program, at), "── "))
                continue;
            if (!watch_row_has(wanted->watch, at, wanted->rows[row]))
                break;
            row++;
        }
        if (row == ROWS || !wanted->rows[row][0])
            return true;
    }
    return false;
}

Test(entities, each_view_shows_the_figures_of_its_history)
{
    static const struct {
        const char *key;
        const struct watch_event *events;
        const char *rows[ROWS][WORDS]; /* from the top */
    } views[] = {
        {"2",
         tasks,
         {{"✗", "tsk_b", "3", "4", "25%", "2.0s", "$0.07", "tsk_b_v3", "Third message"},
          {"⊘", "tsk_c", "1", "2.0s", "tsk_c_v3"},
          {"✓", "tsk_a", "2", "100%", "4.0s", "$3.00"}}},
        {"3",
         sessions,
         {{"●", "ses_asks", "waiting", "Captcha"},
          {"·", "ses_seen", "running", "5m"},
          {"·", "ses_film", "recording ready"},
          {"✗", "ses_bad", "failed", "6.8s", "browser_unreachable"},
          {"✓", "ses_done", "completed", "27.5s", "12", "4.9 MB", "2.6 MB",
           "a.example, b.example"}}},
        {"4",
         interventions,
         {{"●", "waiting", " 6m", "s ", "ses_old", "Long ago", "confirm", "req_old"},
          {"●", "waiting", " 2m", "s ", "ses_mid", "A while"},
          {"●", "waiting", "s ", "ses_new", "Just now"},
          {"✓", "resolved", "41.0s", "ses_done", "Answered"},
          {"⊘", "abandoned", "ses_left", "Left alone"}}},
        {"5",
         batches,
         {{"✗", "bat_none", "failed", "▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒", "0%", "0", "12", "12"},
          {"✓", "bat_most", "completed", "███████████████", "▒▒▒▒▒", "75%", "30", "10", "40"},
          {"✓", "bat_all", "completed", "████████████████████", "100%", "25", "0", "25"}}},
        {"6",
         identities,
         {{"✗", "idn_broken", "failed", "2", "1", "2", "app_idn_broken", "invalid_credentials",
           "login_succeeded was false"},
          {"✓", "idn_fixed", "works", "1", "1", "app_idn_fixed"}}},
    };
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        struct watch watch = start(views[v].events, views[v].key);
        struct wanted wanted = {&watch, views[v].rows};
        program_wait(watch.program, "the rows of the view", rows_stand, &wanted);
        program_stop(watch.program);
    }
}

static void wait_tasks(const struct watch *watch, const char *title, const char *first,
                       const char *second, const char *third)
{
    program_wait_text(watch->program, title);
    watch_wait_order(watch, title, first, second, third);
}

Test(entities, keys_choose_the_order_and_each_view_keeps_its_own)
{
    struct watch watch = start(tasks, "2");
    wait_tasks(&watch, "STREAK▼", "tsk_b", "tsk_c", "tsk_a");
    program_keys(watch.program, ">");
    wait_tasks(&watch, "RUNS▼", "tsk_b", "tsk_a", "tsk_c");
    program_keys(watch.program, "r");
    wait_tasks(&watch, "RUNS▲", "tsk_c", "tsk_a", "tsk_b");
    program_keys(watch.program, "3");
    program_wait_text(watch.program, "STATE▲");
    program_keys(watch.program, "2");
    wait_tasks(&watch, "RUNS▲", "tsk_c", "tsk_a", "tsk_b");
    program_keys(watch.program, "<<");
    wait_tasks(&watch, "TASK▲", "tsk_a", "tsk_b", "tsk_c");
    program_keys(watch.program, "<");
    program_wait_gone(watch.program, "TASK▲");
    program_keys(watch.program, ">>");
    wait_tasks(&watch, "STREAK▼", "tsk_b", "tsk_c", "tsk_a");
}

Test(entities, enter_goes_into_its_events_and_escape_comes_back)
{
    struct watch watch = start(tasks, "2");
    watch_wait_selected(&watch, "tsk_b");
    program_keys(watch.program, "jj");
    watch_wait_selected(&watch, "tsk_a   ");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "task · tsk_a");
    watch_wait_words(&watch, "Success rate", "100%");
    watch_wait_words(&watch, "Cost", "$3.00");
    watch_wait_words(&watch, "Newest executions", "a2");
    program_keys(watch.program, "<Enter>");
    program_wait_gone(watch.program, "STREAK");
    watch_wait_words(&watch, "filter:", "tsk_a");
    watch_wait_words(&watch, "task.completed", "tsk_a");
    program_wait_gone(watch.program, "task.failed"); /* the frame may be half drawn */
    program_wait_gone(watch.program, "tsk_b");
    /* What arrives meanwhile joins them only where it belongs. */
    watch_send(&watch, "evt_other", "task.failed", "\"task_id\":\"tsk_b\"");
    watch_send(&watch, "evt_own", "task.cancelled", "\"task_id\":\"tsk_a\"");
    watch_wait_words(&watch, "task.cancelled", "tsk_a");
    cr_assert_eq(program_find_row(watch.program, "tsk_b"), -1);
    program_keys(watch.program, "<Esc>");
    program_wait_text(watch.program, "STREAK▼");
    watch_wait_selected(&watch, "tsk_a   ");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "Success rate");
    watch_wait_selected(&watch, "tsk_a   ");
}

/* Chosen by its number, the list of events shows all again. */
Test(entities, a_view_chosen_by_hand_is_not_filtered)
{
    struct watch watch = start(tasks, "2");
    watch_wait_selected(&watch, "tsk_b");
    program_keys(watch.program, "<Enter><Enter>");
    watch_wait_words(&watch, "filter:", "tsk_b");
    program_keys(watch.program, "1");
    program_wait_gone(watch.program, "filter:");
    watch_wait_words(&watch, "task.completed", "tsk_a");
}

/* The colour of the age in the row that shows a request which waits. */
static int age_colour(const struct watch *watch, const char *age, const char *request)
{
    static const char state[] = "waiting";
    watch_wait_words(watch, state, age, "s ", request);
    int row, column;
    cr_assert(program_find(watch->program, request, &row, NULL));
    const char *text = program_row(watch->program, row);
    const char *at = strstr(text, state) + strlen(state);
    at += strspn(at, " ");
    /* Two bytes more than columns stand before: the glyph has three. */
    column = (int)(at - text) - 2;
    return program_cell(watch->program, row, column).foreground;
}

Test(entities, outcomes_and_ages_have_their_colours)
{
    struct watch watch = start(interventions, "4");
    int old = age_colour(&watch, " 6m", "req_old");
    int middle = age_colour(&watch, " 2m", "req_mid");
    int fresh = age_colour(&watch, " ", "req_new");
    cr_expect_neq(old, middle, "more than 5m against more than 1m");
    cr_expect_neq(middle, fresh, "more than 1m against new");
    cr_expect_neq(old, fresh, "more than 5m against new");
}

/* Ordered by when they happened; the completion is a delivery that was late. */
Test(entities, a_filter_asks_the_newest_event_not_the_last_to_arrive)
{
    static const struct watch_event late[] = {
        {10, "task.failed", RUN("tsk_late", "l1", ERROR("Broken"))},
        {60, "task.completed", RUN("tsk_late", "l2", COST("0.01"))},
        {20, "task.completed", RUN("tsk_fine", "f1", COST("0.01"))},
        {0, NULL, NULL},
    };
    struct watch watch = start(late, "2");
    watch_filter(&watch, "is:failed");
    watch_wait_words(&watch, "✗", "tsk_late", "1", "2");
    program_wait_gone(watch.program, "tsk_fine");
    program_keys(watch.program, "a");
    watch_filter(&watch, "is:ok");
    program_wait_gone(watch.program, "tsk_late");
    watch_wait_words(&watch, "✓", "tsk_fine");
}
