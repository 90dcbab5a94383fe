/* Going across: from an event or an entity to what it has to do with, and through its timeline. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(across, .fini = programs_stop);

#define SESSION   "\"session_id\":\"ses_1\""
#define EXECUTION "\"execution_id\":\"exr_1\"," SESSION

static const struct watch_event history[] = {
    {50, "identity.authenticated", "\"identity_id\":\"idn_1\"," EXECUTION},
    {45, "intervention.requested", "\"request_id\":\"req_1\"," SESSION},
    {40, "intervention.resolved", "\"request_id\":\"req_1\"," SESSION},
    {30, "task.failed", "\"task_id\":\"tsk_1\",\"error\":{\"message\":\"Broke\"}," EXECUTION},
    {28, "session.completed", SESSION},
    {20, "batch.completed", "\"batch_id\":\"bat_1\",\"total_requests\":1"},
    {10, "task.completed", "\"task_id\":\"tsk_alone\""},
    {0, NULL, NULL},
};

static struct watch start(void)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 40, .columns = 160});
    watch_send_all(&watch, "evt", history);
    watch_wait_selected(&watch, "tsk_alone");
    return watch;
}

/* Selects an event by its place from the top. */
static void select_event(const struct watch *watch, int place, const char *text)
{
    program_keys(watch->program, "1g");
    watch_wait_selected(watch, "tsk_alone");
    for (int i = 0; i < place; i++)
        program_keys(watch->program, "j");
    watch_wait_selected(watch, text);
}

Test(across, capital_letters_go_from_events_to_entities_and_escape_comes_back)
{
    static const struct {
        int place;
        const char *event, *key, *goes_to;
    } rows[] = {
        {3, "task.failed", "S", "session · ses_1"},
        {3, "task.failed", "K", "task · tsk_1"},
        {3, "task.failed", "V", "intervention · req_1"},
        {3, "task.failed", "I", "identity · idn_1"},
        {6, "identity.authenticated", "S", "session · ses_1"},
        {6, "identity.authenticated", "K", "task · tsk_1"},
        {5, "intervention.requested", "K", "task · tsk_1"},
        {5, "intervention.requested", "V", "intervention · req_1"},
        {5, "intervention.requested", "I", "identity · idn_1"},
        {2, "session.completed", "K", "task · tsk_1"},
        {1, "batch.completed", "B", "batch · bat_1"},
    };
    struct watch watch = start();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        select_event(&watch, rows[i].place, rows[i].event);
        program_keys(watch.program, rows[i].key);
        program_wait_text(watch.program, rows[i].goes_to);
        program_keys(watch.program, "<Esc>");
        program_wait_gone(watch.program, rows[i].goes_to);
        watch_wait_selected(&watch, rows[i].event);
    }
}

Test(across, from_entity_to_entity_and_all_the_way_back)
{
    static const struct {
        const char *key, *goes_to;
    } steps[] = {
        {"S", "session · ses_1"}, {"V", "intervention · req_1"}, {"I", "identity · idn_1"},
        {"S", "session · ses_1"}, {"K", "task · tsk_1"},         {"V", "intervention · req_1"},
        {"K", "task · tsk_1"},
    };
    enum { STEPS = sizeof steps / sizeof *steps };
    struct watch watch = start();
    program_keys(watch.program, "2");
    watch_wait_selected(&watch, "tsk_1");
    for (size_t i = 0; i < STEPS; i++) {
        program_keys(watch.program, steps[i].key);
        program_wait_text(watch.program, steps[i].goes_to);
    }
    for (size_t i = STEPS - 1; i > 0; i--) {
        program_keys(watch.program, "<Esc>");
        program_wait_text(watch.program, steps[i - 1].goes_to);
    }
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "session · ses_1");
    program_wait_text(watch.program, "STREAK▼");
    watch_wait_selected(&watch, "tsk_1");
}

Test(across, what_has_none_says_so)
{
    static const struct {
        const char *key, *said;
    } rows[] = {
        {"S", "this has no session"},
        {"V", "this has no intervention"},
        {"I", "this has no identity"},
        {"B", "this has no batch"},
    };
    struct watch watch = start();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        program_keys(watch.program, rows[i].key);
        program_wait_text(watch.program, rows[i].said);
        watch_wait_selected(&watch, "tsk_alone");
    }
}

Test(across, footer_offers_the_way)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 160});
    watch_send_all(&watch, "evt", history);
    program_keys(watch.program, "2");
    program_wait_text(watch.program, "S session");
    program_wait_text(watch.program, "V human");
    program_wait_text(watch.program, "I identity");
    program_keys(watch.program, "3");
    program_wait_text(watch.program, "K task");
}

/* Sent in no order; the gaps are between the times that they happened. */
static const struct watch_event shuffled[] = {
    {40, "task.completed", "\"task_id\":\"tsk_1\"," EXECUTION},
    {90, "intervention.requested", "\"request_id\":\"req_1\"," SESSION},
    {60, "intervention.resolved", "\"request_id\":\"req_1\"," SESSION},
    {100, "identity.authenticated", "\"identity_id\":\"idn_1\"," EXECUTION},
    {33, "session.recording.ready", SESSION},
    {38, "session.completed", SESSION},
    {70, "task.failed", "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_2\""},
    {50, "task.failed", "\"task_id\":\"tsk_other\",\"session_id\":\"ses_other\""},
    {0, NULL, NULL},
};

/* The page takes the whole width, below the list. */
static struct watch open_timeline(const char *keys)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 40, .columns = 118});
    watch_send_all(&watch, "evt", shuffled);
    program_wait_text(watch.program, "tsk_other");
    program_keys(watch.program, keys);
    return watch;
}

Test(across, timeline_of_a_session_is_in_order_with_gaps)
{
    struct watch watch = open_timeline("3");
    watch_wait_order(&watch, "STATE", "ses_other", "ses_1");
    program_keys(watch.program, "j");
    watch_wait_selected(&watch, "ses_1");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "session · ses_1");
    watch_wait_order(&watch, "session · ses_1", "identity.authenticated", "intervention.requested",
                     "intervention.resolved", "task.completed", "session.completed",
                     "session.recording.ready");
    static const struct {
        const char *gap, *type;
    } gaps[] = {
        {"+10.0s", "intervention.requested"}, {"+30.0s", "intervention.resolved"},
        {"+20.0s", "task.completed"},         {"+2.0s", "session.completed"},
        {"+5.0s", "session.recording.ready"},
    };
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
        watch_wait_words(&watch, gaps[i].gap, gaps[i].type);
    cr_assert_eq(program_find_row(watch.program, "task.failed"), -1, "of other sessions:\n%s",
                 program_dump(watch.program));
}

Test(across, timeline_of_a_task_has_its_events_only)
{
    struct watch watch = open_timeline("2");
    watch_wait_order(&watch, "STREAK", "tsk_other", "tsk_1");
    program_keys(watch.program, "j");
    watch_wait_selected(&watch, "tsk_1");
    program_keys(watch.program, "<Enter>]");
    watch_wait_words(&watch, "task · tsk_1", "Timeline");
    watch_wait_words(&watch, "+30.0s", "task.completed");
    watch_wait_order(&watch, "task · tsk_1", "task.failed", "task.completed");
    cr_assert_eq(program_find_row(watch.program, "session.completed"), -1);
}

/* An event's own timeline is of all that it names: its session, its execution and its task. */
static struct watch open_events_timeline(void)
{
    struct watch watch = open_timeline("G");
    watch_wait_selected(&watch, "task.completed");
    program_keys(watch.program, "<Enter>]");
    watch_wait_words(&watch, "task.completed · tsk_1", "Timeline");
    return watch;
}

Test(across, timeline_of_an_event_follows_session_execution_and_task)
{
    struct watch watch = open_events_timeline();
    watch_wait_words(&watch, "+10.0s", "intervention.requested");
    watch_wait_words(&watch, "+20.0s", "task.failed");
    watch_wait_words(&watch, "+10.0s", "intervention.resolved");
    watch_wait_words(&watch, "▸", "+20.0s", "task.completed");
    watch_wait_words(&watch, "+2.0s", "session.completed");
    watch_wait_words(&watch, "+5.0s", "session.recording.ready");
}

Test(across, timeline_is_live)
{
    struct watch watch = open_events_timeline();
    program_wait_text(watch.program, "session.recording.ready");
    watch_send_ago(&watch, "evt_late", 95, "identity.authenticated",
                   "\"identity_id\":\"idn_2\",\"session_id\":\"ses_1\"");
    watch_wait_words(&watch, "+5.0s", "intervention.requested");
    watch_send_ago(&watch, "evt_new", 13, "task.cancelled",
                   "\"task_id\":\"tsk_9\",\"session_id\":\"ses_1\"");
    watch_wait_words(&watch, "+20.0s", "task.cancelled");
}

Test(across, enter_jumps_from_the_timeline_to_an_event_and_escape_back)
{
    struct watch watch = open_events_timeline();
    program_keys(watch.program, "<Enter><Home>jj");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "task.failed · tsk_1");
    watch_wait_words(&watch, "Execution", "exr_2");
    program_keys(watch.program, "<Esc>");
    watch_wait_words(&watch, "task.completed · tsk_1", "Timeline");
    program_wait_text(watch.program, "▸");
}

Test(across, timeline_says_when_an_event_names_nothing)
{
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_alone", "weather.changed", "\"degrees\":20");
    program_wait_text(watch.program, "weather.changed");
    program_keys(watch.program, "<Enter>]");
    program_wait_text(watch.program, "It names no session, task or other thing");
}

Test(across, a_jump_shows_an_event_that_the_filter_hides)
{
    struct watch watch = open_timeline("");
    watch_filter(&watch, "type:task.failed");
    program_wait_gone(watch.program, "task.completed");
    program_keys(watch.program, "3j<Enter>");
    watch_wait_words(&watch, "session · ses_1", "Timeline");
    program_keys(watch.program, "<Tab><Home>jj<Enter>");
    program_wait_text(watch.program, "intervention.resolved · req_1");
    program_wait_text(watch.program, "hides that event: lifted");
    watch_wait_selected(&watch, "intervention.resolved");
    program_keys(watch.program, "<Esc>");
    watch_wait_words(&watch, "session · ses_1", "Timeline");
    program_keys(watch.program, "1");
    program_wait_text(watch.program, "filter: type");
    program_wait_gone(watch.program, "task.completed");
}

Test(across, a_jump_ends_a_pause_that_hides_the_event)
{
    struct watch watch = open_timeline(" ");
    program_wait_text(watch.program, "PAUSED");
    watch_send(&watch, "evt_new", "task.cancelled",
               "\"task_id\":\"tsk_9\",\"session_id\":\"ses_1\"");
    program_keys(watch.program, "3");
    watch_wait_order(&watch, "STATE", "ses_other", "ses_1");
    program_keys(watch.program, "j<Enter>");
    program_wait_text(watch.program, "task.cancelled");
    program_keys(watch.program, "<Tab><End><Enter>");
    program_wait_text(watch.program, "task.cancelled · tsk_9");
    watch_wait_selected(&watch, "task.cancelled");
}

/* Each key finds the screen that the one before it has asked for. */
Test(across, keys_may_be_typed_faster_than_the_screen_is_drawn)
{
    static const struct {
        const char *keys, *shown;
    } rows[] = {
        {"2<Enter>", "task · tsk_other"},
        {"2j<Enter>", "task · tsk_1"},
        {"2G<Enter><Enter>", "filter: task tsk_1"},
        {"3jS", "session · ses_1"},
        {"3jSV", "intervention · req_1"},
        {"G<Enter>]]<Tab><End>kk<Enter>", "▸   \"data\": {"},
        {"3j<Enter><Tab><Home>j<Enter>", "intervention.requested · req_1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = open_timeline(rows[i].keys);
        program_wait_text(watch.program, rows[i].shown);
        program_stop(watch.program);
    }
}
