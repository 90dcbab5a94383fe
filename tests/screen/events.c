/* The list of events: what arrives is shown, and the keys do what the help says. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(events, .fini = programs_stop);

Test(events, header_tells_where_and_whether_signatures_are_checked)
{
    struct watch watch = watch_start(NULL);
    program_wait_row(watch.program, 0, "verified");
    cr_assert(!strstr(program_row(watch.program, 0), "unverified"));
    program_wait_row(watch.program, 0, "0 refused");
}

Test(events, the_first_screen_leads_to_the_first_event_in_three_steps)
{
    static const char *const without_secret[] = {"--listen", "127.0.0.1:0", NULL};
    struct watch watch = watch_start(&(struct program_setup){.columns = 120});
    char line[64];
    snprintf(line, sizeof line, "cloudflared tunnel --url http://127.0.0.1:%d", watch.port);
    watch_wait_order(&watch, "Waiting for events at http://127.0.0.1", "1  Make it reachable", line,
                     "2  Create a webhook", "export ANCHOR_WEBHOOK_SECRET",
                     "anchortop send task.completed --url http", "anchortop --demo");
    cr_assert_eq(program_find_row(watch.program, "UNVERIFIED"), -1);
    watch_send(&watch, "evt_1", "task.completed", "\"task_id\":\"tsk_1\"");
    program_wait_gone(watch.program, "cloudflared");

    struct program *program =
        program_start(&(struct program_setup){.arguments = without_secret, .rows = 40});
    program_wait_text(program, "start anchortop again with");
    program_wait_text(program, "UNVERIFIED There is no secret");
    program_wait_text(program, "through a tunnel is refused");
}

Test(events, every_documented_type_is_shown)
{
    static const struct {
        const char *type, *data, *subject;
    } rows[] = {
        {"task.completed", "\"task_id\":\"tsk_a1\",\"duration_ms\":4218", "tsk_a1"},
        {"task.failed", "\"task_id\":\"tsk_a2\",\"error\":{\"message\":\"no button\"}",
         "no button"},
        {"task.cancelled", "\"task_id\":\"tsk_a3\"", "tsk_a3"},
        {"task.healed", "\"task_id\":\"tsk_a4\",\"confidence_score\":0.82", "82%"},
        {"session.completed", "\"session_id\":\"ses_b1\",\"steps\":12", "ses_b1"},
        {"session.failed", "\"session_id\":\"ses_b2\",\"reason\":\"browser_unreachable\"",
         "browser_unreachable"},
        {"session.recording.ready", "\"session_id\":\"ses_b3\",\"size_bytes\":1823456", "ses_b3"},
        {"intervention.requested", "\"request_id\":\"req_c1\",\"message\":\"Solve the captcha\"",
         "req_c1"},
        {"intervention.resolved", "\"request_id\":\"req_c2\",\"session_id\":\"ses_b4\"", "req_c2"},
        {"batch.completed", "\"batch_id\":\"bat_d1\",\"total_requests\":25", "bat_d1"},
        {"batch.failed", "\"batch_id\":\"bat_d2\",\"failed_requests\":7", "bat_d2"},
        {"identity.authenticated", "\"identity_id\":\"idn_e1\"", "idn_e1"},
        {"identity.authentication_failed",
         "\"identity_id\":\"idn_e2\",\"error_message\":\"wrong password\"", "wrong password"},
        {"export.exploded", "\"export_id\":\"exp_f1\"", "text of evt_13"},
    };
    struct watch watch = watch_start(&(struct program_setup){.rows = 40, .columns = 160});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%zu", i);
        watch_send(&watch, id, rows[i].type, rows[i].data);
        /* A column may cut a long type. */
        char type[15];
        snprintf(type, sizeof type, "%s", rows[i].type);
        watch_wait_words(&watch, type, rows[i].subject);
    }
    program_wait_row(watch.program, 0, "14 events");
}

Test(events, duplicates_are_counted_but_not_shown_twice)
{
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_same", "task.completed", "\"task_id\":\"tsk_same\"");
    watch_send(&watch, "evt_same", "task.completed", "\"task_id\":\"tsk_same\"");
    watch_send(&watch, "evt_next", "task.completed", "\"task_id\":\"tsk_next\"");
    watch_wait_order(&watch, "tsk_next", "tsk_same");
    int row = program_find_row(watch.program, "tsk_same");
    cr_assert(!strstr(program_row(watch.program, row + 1), "tsk_same"));
    program_wait_row(watch.program, 0, "2 events");
}

static void send_tasks(const struct watch *watch, int first, int last)
{
    for (int i = first; i <= last; i++) {
        char id[16], data[32];
        snprintf(id, sizeof id, "evt_%03d", i);
        snprintf(data, sizeof data, "\"task_id\":\"tsk_%03d\"", i);
        watch_send(watch, id, "task.completed", data);
    }
}

Test(events, newest_is_on_top_and_the_selection_follows_it)
{
    struct watch watch = watch_start(NULL);
    send_tasks(&watch, 1, 3);
    watch_wait_order(&watch, "tsk_003", "tsk_002", "tsk_001");
    watch_wait_selected(&watch, "tsk_003");
    send_tasks(&watch, 4, 4);
    watch_wait_order(&watch, "tsk_004", "tsk_003");
    watch_wait_selected(&watch, "tsk_004");
}

Test(events, selection_stays_on_its_event_while_others_arrive)
{
    struct watch watch = watch_start(NULL);
    send_tasks(&watch, 1, 5);
    watch_wait_order(&watch, "tsk_005", "tsk_001");
    program_keys(watch.program, "<Down>j");
    watch_wait_selected(&watch, "tsk_003");
    /* More than a screenful: the selected row would have been pushed off the screen. */
    send_tasks(&watch, 6, 60);
    program_wait_row(watch.program, 0, "60 events");
    watch_wait_selected(&watch, "tsk_003");
    program_keys(watch.program, "g");
    watch_wait_selected(&watch, "tsk_060");
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_001");
}

Test(events, space_pauses_and_counts_what_waits)
{
    struct watch watch = watch_start(NULL);
    send_tasks(&watch, 1, 2);
    watch_wait_order(&watch, "tsk_002", "tsk_001");
    program_keys(watch.program, "<Space>");
    program_wait_text(watch.program, "PAUSED, 0 new");
    send_tasks(&watch, 3, 5);
    program_wait_text(watch.program, "PAUSED, 3 new");
    program_wait_row(watch.program, 0, "5 events");
    cr_assert_eq(program_find_row(watch.program, "tsk_005"), -1, "the list must stand still:\n%s",
                 program_dump(watch.program));
    program_keys(watch.program, "<Space>");
    watch_wait_order(&watch, "tsk_005", "tsk_001");
}

static const struct kind {
    const char *key, *type, *data, *subject;
} kinds[] = {
    {"t", "task.completed", "\"task_id\":\"tsk_kind\"", "tsk_kind"},
    {"s", "session.completed", "\"session_id\":\"ses_kind\"", "ses_kind"},
    {"n", "intervention.requested", "\"request_id\":\"req_kind\"", "req_kind"},
    {"b", "batch.completed", "\"batch_id\":\"bat_kind\"", "bat_kind"},
    {"i", "identity.authenticated", "\"identity_id\":\"idn_kind\"", "idn_kind"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void send_kinds(const struct watch *watch)
{
    for (size_t i = 0; i < KINDS; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%zu", i);
        watch_send(watch, id, kinds[i].type, kinds[i].data);
    }
    program_wait_text(watch->program, kinds[KINDS - 1].subject);
}

Test(events, letters_switch_families_off_and_on)
{
    struct watch watch = watch_start(NULL);
    send_kinds(&watch);
    for (size_t i = 0; i < KINDS; i++) {
        program_keys(watch.program, kinds[i].key);
        program_wait_gone(watch.program, kinds[i].subject);
        for (size_t other = 0; other < KINDS; other++)
            if (other != i)
                program_wait_text(watch.program, kinds[other].subject);
        program_keys(watch.program, kinds[i].key);
        program_wait_text(watch.program, kinds[i].subject);
    }
}

Test(events, f_shows_failures_only_and_a_shows_all_again)
{
    struct watch watch = watch_start(NULL);
    send_kinds(&watch);
    watch_send(&watch, "evt_f1", "task.failed", "\"task_id\":\"tsk_bad\"");
    watch_send(&watch, "evt_f2", "session.failed", "\"session_id\":\"ses_bad\"");
    watch_wait_order(&watch, "ses_bad", "tsk_bad", "idn_kind");
    program_keys(watch.program, "f");
    program_wait_gone(watch.program, "idn_kind");
    program_wait_gone(watch.program, "tsk_kind");
    watch_wait_order(&watch, "ses_bad", "tsk_bad");
    program_keys(watch.program, "t");
    program_wait_gone(watch.program, "tsk_bad");
    program_keys(watch.program, "a");
    watch_wait_order(&watch, "ses_bad", "tsk_bad", "idn_kind", "tsk_kind");
}

Test(events, list_of_types_has_counts_and_boxes)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 40, .columns = 120});
    send_kinds(&watch);
    watch_send(&watch, "evt_u", "export.exploded", "");
    program_wait_text(watch.program, "export.exploded");
    program_keys(watch.program, "T");
    program_wait_text(watch.program, "identity.authentication_failed");
    /* Those that have not come yet are there too. */
    program_wait_text(watch.program, "session.recording.ready");
    /* The first type is task.completed: switched off, its events are gone when the box is. */
    program_keys(watch.program, "<Space>");
    program_wait_text(watch.program, "[ ]");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "identity.authentication_failed");
    program_wait_gone(watch.program, "tsk_kind");
    program_wait_text(watch.program, "ses_kind");
}

Test(events, refusals_are_counted_and_their_reason_is_one_key_away)
{
    struct watch watch = watch_start(NULL);
    static const char json[] = "{\"id\":\"evt_1\",\"type\":\"task.failed\"}";
    cr_assert_eq(watch_deliver(&watch, "another secret", json).status, 401);
    program_wait_row(watch.program, 0, "1 refused");
    cr_assert_eq(watch_deliver(&watch, NULL, json).status, 401);
    cr_assert_eq(watch_deliver(&watch, WATCH_SECRET, "{\"id\":1").status, 400);
    program_wait_row(watch.program, 0, "3 refused");
    program_keys(watch.program, "7");
    program_wait_text(watch.program, "401 refused");
    program_wait_text(watch.program, "400 refused");
    program_wait_text(watch.program, "signature");
    watch_send(&watch, "evt_good", "task.failed", "\"task_id\":\"tsk_good\"");
    watch_wait_order(&watch, "200 accepted", "400 refused", "401 refused");
    program_keys(watch.program, "1");
    program_wait_text(watch.program, "tsk_good");
    program_wait_gone(watch.program, "401 refused");
}

/* The line above the events of a day, as it is drawn in the terminal's zone, UTC. */
static void day_line(char *text, size_t size, time_t then)
{
    char day[32];
    strftime(day, sizeof day, "%a", gmtime(&then));
    struct tm *tm = gmtime(&then);
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    snprintf(text, size, "── %s %d %s", day, tm->tm_mday, months[tm->tm_mon]);
}

Test(events, times_of_another_day_are_whole_below_a_line_with_the_day)
{
    enum { DAYS = 3 };
    char line[64], time_of_day[16];
    struct watch watch = watch_start(NULL);
    time_t then = watch.started - DAYS * 86400;
    day_line(line, sizeof line, then);
    strftime(time_of_day, sizeof time_of_day, "%H:%M:%S", gmtime(&then));
    watch_send_ago(&watch, "evt_old", DAYS * 86400, "task.failed", "\"task_id\":\"tsk_old\"");
    watch_wait_order(&watch, "TIME", line, "tsk_old");
    watch_wait_words(&watch, time_of_day, "task.failed", "tsk_old", "+3d00h");
    watch_send(&watch, "evt_new", "task.completed", "\"task_id\":\"tsk_new\"");
    watch_wait_order(&watch, "TIME", "tsk_new", line, "tsk_old");
    watch_send_ago(&watch, "evt_late", DAYS * 86400, "task.failed", "\"task_id\":\"tsk_late\"");
    /* Rows are in order of arrival; each day is told wherever it stands. */
    watch_wait_order(&watch, line, "tsk_late", "── today", "tsk_new", "tsk_old");
}

Test(events, a_late_event_says_how_late_it_came)
{
    struct watch watch = watch_start(NULL);
    watch_send_ago(&watch, "evt_1", 3723, "task.failed", "\"task_id\":\"tsk_late\"");
    watch_send(&watch, "evt_2", "task.failed", "\"task_id\":\"tsk_punctual\"");
    watch_wait_words(&watch, "tsk_late", "+1h02m");
    program_wait_text(watch.program, "tsk_punctual");
    int row = program_find_row(watch.program, "tsk_punctual");
    cr_assert_not(strchr(program_row(watch.program, row), '+'));
}

/* A recording of which each event happened on another day. */
static struct program *watch_days(int count)
{
    char *content = NULL;
    size_t size;
    FILE *file = open_memstream(&content, &size);
    for (int i = 0; i < count; i++)
        fprintf(file,
                "{\"id\":\"evt_%03d\",\"type\":\"task.failed\",\"created\":\"2024-%02d-%02dT12:00:"
                "00Z\","
                "\"data\":{\"task_id\":\"tsk_%03d\"}}\n",
                i, 1 + i / 28, 1 + i % 28, i);
    fclose(file);
    static const char *const arguments[] = {"watch", "days.jsonl", NULL};
    struct program *program = program_start(
        &(struct program_setup){.arguments = arguments, .file = "days.jsonl", .content = content});
    free(content);
    return program;
}

/* Whether half of the 20 lines for rows name a day, and half show an event. */
static bool is_full_of_days(struct program *program, void *context)
{
    enum { SHOWN = 10 };
    int days = 0, events = 0;
    (void)context;
    for (int row = 0; row < program_rows(program); row++) {
        days += strstr(program_row(program, row), " 2024 ──") != NULL;
        events += strstr(program_row(program, row), "12:00:00 ✗") != NULL;
    }
    return days == SHOWN && events == SHOWN;
}

Test(events, selection_and_scrolling_are_right_between_lines_with_days)
{
    enum { EVENTS = 60 };
    static const struct {
        const char *keys, *selected;
    } steps[] = {
        {"", "tsk_059"},  {"j", "tsk_058"},          {"jjjjjjjjjjjj", "tsk_046"},
        {"k", "tsk_047"}, {"<PageDown>", "tsk_038"}, {"G", "tsk_000"},
        {"k", "tsk_001"}, {"<PageUp>", "tsk_010"},   {"kkkkkkkkkkkk", "tsk_022"},
        {"j", "tsk_022"}, {"g", "tsk_059"},
    };
    struct watch watch = {.program = watch_days(EVENTS)};
    program_wait_row(watch.program, 0, "60 events");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        program_keys(watch.program, steps[i].keys);
        watch_wait_selected(&watch, steps[i].selected);
        program_wait(watch.program, steps[i].selected, is_full_of_days, NULL);
    }
}
