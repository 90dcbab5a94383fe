/* The last line: keys that lead somewhere, as many as there is room for. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(footer, .fini = programs_stop);

enum { LAST_ROW = 23, COLUMNS = 200 };

static const struct {
    const char *name, *type, *data;
    const char *offered[6], *left_out[8];
} events[] = {
    {"a task alone",
     "task.completed",
     "\"task_id\":\"tsk_1\"",
     {"K task", "/ filter", "Enter details"},
     {"S session", "V human", "I identity", "B batch", "o open", "O links", "y copy ", "a all"}},
    {"a task in a session",
     "task.completed",
     "\"task_id\":\"tsk_2\",\"session_id\":\"ses_1\"",
     {"K task", "S session"},
     {"V human", "I identity", "B batch", "o open"}},
    {"a session with a link",
     "session.completed",
     "\"session_id\":\"ses_2\",\"session_dashboard_url\":\"https://good.example/\"",
     {"S session", "o open", "O links", "y copy "},
     {"K task", "V human", "I identity"}},
    {"a request",
     "intervention.requested",
     "\"request_id\":\"req_1\",\"session_id\":\"ses_3\"",
     {"S session", "V human"},
     {"K task", "I identity", "B batch"}},
    {"a batch",
     "batch.completed",
     "\"batch_id\":\"bat_1\"",
     {"B batch"},
     {"S session", "K task", "V human", "I identity"}},
};

Test(footer, keys_are_offered_where_they_lead_somewhere)
{
    struct watch watch = watch_start(&(struct program_setup){.columns = COLUMNS});
    program_wait_row(watch.program, LAST_ROW, "q quit");
    cr_expect_not(strstr(program_row(watch.program, LAST_ROW), "details"), "nothing is there");
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%zu", i);
        watch_send(&watch, id, events[i].type, events[i].data);
        watch_wait_words(&watch, events[i].type, id);
        char position[16]; /* it stands at the end of the line */
        snprintf(position, sizeof position, " 1/%zu", i + 1);
        program_wait_row(watch.program, LAST_ROW, position);
        for (size_t o = 0; o < 6 && events[i].offered[o]; o++)
            program_wait_row(watch.program, LAST_ROW, events[i].offered[o]);
        for (size_t l = 0; l < 8 && events[i].left_out[l]; l++)
            cr_expect_not(strstr(program_row(watch.program, LAST_ROW), events[i].left_out[l]),
                          "%s: %s", events[i].name, program_row(watch.program, LAST_ROW));
    }
    /* An entity does not lead to itself. */
    program_keys(watch.program, "3");
    program_wait_row(watch.program, LAST_ROW, "> sort");
    cr_expect_not(strstr(program_row(watch.program, LAST_ROW), "S session"));
}

Test(footer, what_can_be_undone_is_offered_then)
{
    struct watch watch = watch_start(&(struct program_setup){.columns = COLUMNS});
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, LAST_ROW, "K task");
    cr_expect_not(strstr(program_row(watch.program, LAST_ROW), "Esc back"));
    cr_expect_not(strstr(program_row(watch.program, LAST_ROW), "F filters"));
    program_keys(watch.program, "f");
    program_wait_row(watch.program, LAST_ROW, "a all");
    program_keys(watch.program, "a");
    program_wait_row(watch.program, LAST_ROW, "K task");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, LAST_ROW, "Esc back");
    program_wait_row(watch.program, LAST_ROW, "] page");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "] page");
    program_keys(watch.program, "K");
    program_wait_row(watch.program, LAST_ROW, "Esc back");
}

Test(footer, it_is_filled_and_the_filter_comes_first)
{
    static const int widths[] = {200, 120, 100, 80, 60, 50, 40};
    struct watch watch = watch_start(&(struct program_setup){.columns = COLUMNS});
    watch_send(&watch, "evt_1", "session.completed",
               "\"session_id\":\"ses_1\",\"task_id\":\"tsk_1\","
               "\"session_dashboard_url\":\"https://good.example/\"");
    program_wait_row(watch.program, LAST_ROW, "S session");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        program_resize(watch.program, LAST_ROW + 1, widths[i]);
        program_wait_row(watch.program, LAST_ROW, "/ filter");
        program_wait_row(watch.program, LAST_ROW, "q quit");
        const char *row = program_row(watch.program, LAST_ROW);
        cr_expect_not(strstr(row, "…"), "%d: %s", widths[i], row);
        /* No hint takes more columns than these, and at 200 nothing is left out. */
        static const char room[] = "                 ";
        cr_expect(widths[i] == 200 || !strstr(row, room), "%d: %s", widths[i], row);
    }
}

Test(footer, it_tells_where_one_is)
{
    struct watch watch = watch_start(NULL);
    for (int i = 1; i <= 3; i++) {
        char id[16], data[64];
        snprintf(id, sizeof id, "evt_%d", i);
        snprintf(data, sizeof data, "\"task_id\":\"tsk_%d\"", i);
        watch_send(&watch, id, "task.failed", data);
    }
    program_wait_row(watch.program, LAST_ROW, " 1/3");
    program_keys(watch.program, "<Down>");
    program_wait_row(watch.program, LAST_ROW, " 2/3");
    program_keys(watch.program, "2<End>");
    program_wait_row(watch.program, LAST_ROW, " 3/3");
    /* In the details it is their line. */
    program_keys(watch.program, "<Enter><Tab><Home>");
    program_wait_row(watch.program, LAST_ROW, " 1/");
    program_keys(watch.program, "<Down>");
    program_wait_row(watch.program, LAST_ROW, " 2/");
    program_wait_row(watch.program, LAST_ROW, "Esc back");
}

Test(footer, the_pages_offer_to_go_in_where_there_is_something)
{
    struct watch watch = watch_start(&(struct program_setup){.columns = COLUMNS});
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, LAST_ROW, "1/1");
    program_keys(watch.program, "<Enter><Tab>");
    program_wait_row(watch.program, LAST_ROW, "= only this");
    cr_expect_not(strstr(program_row(watch.program, LAST_ROW), "go in"));
    program_keys(watch.program, "]"); /* the timeline has the event itself */
    program_wait_row(watch.program, LAST_ROW, "Enter go in");
    program_wait_gone(watch.program, "only this");
    program_keys(watch.program, "]]"); /* there are no links */
    program_wait_gone(watch.program, "go in");
}

Test(footer, a_list_offers_only_what_it_can_do)
{
    static const struct {
        const char *keys, *title, *offered, *left_out;
    } lists[] = {
        {"T", "Event types", "Space switch", "choose"},
        {"O", "Open a link", "Enter choose", "switch"},
        {"Y", "Copy", "Enter choose", "switch"},
        {"C", "Themes", "Enter choose", "switch"},
        {"F", "no named filters", "Esc back", "choose"},
    };
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_1", "session.completed",
               "\"session_id\":\"ses_1\",\"session_dashboard_url\":\"https://good.example/\"");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        program_wait_row(watch.program, LAST_ROW, "q quit");
        program_keys(watch.program, lists[i].keys);
        program_wait_text(watch.program, lists[i].title);
        program_wait_row(watch.program, LAST_ROW, lists[i].offered);
        cr_expect_not(strstr(program_row(watch.program, LAST_ROW), lists[i].left_out), "%s",
                      program_row(watch.program, LAST_ROW));
        program_keys(watch.program, "<Esc>");
        program_wait_gone(watch.program, lists[i].title);
    }
}
