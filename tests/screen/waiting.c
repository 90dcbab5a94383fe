/* Agents that wait for a human: the waiting line, the bell, the title, and w. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(waiting, .fini = programs_stop);

enum { WAITING_ROW = 1 };

static void request(const struct watch *watch, const char *name, int ago)
{
    char id[32], data[512];
    snprintf(id, sizeof id, "evt_%s", name);
    snprintf(
        data, sizeof data,
        "\"request_id\":\"req_%s\",\"session_id\":\"ses_%s\",\"message\":\"Solve %s\","
        "\"input_type\":\"confirm\",\"live_view_url\":\"https://live.example/%s?a=$(x)&b=c;d\"",
        name, name, name, name);
    watch_send_ago(watch, id, ago, "intervention.requested", data);
}

static void resolve(const struct watch *watch, const char *name)
{
    char id[32], data[128];
    snprintf(id, sizeof id, "evt_done_%s", name);
    snprintf(data, sizeof data, "\"request_id\":\"req_%s\",\"session_id\":\"ses_%s\"", name, name);
    watch_send(watch, id, "intervention.resolved", data);
}

/* Only minutes are looked at, early in them: a slow machine takes seconds. */
Test(waiting, line_tells_how_many_and_who_longest)
{
    struct watch watch = watch_start(NULL);
    request(&watch, "young", 61);
    program_wait_row(watch.program, WAITING_ROW, "1 waiting, oldest 1m");
    program_wait_row(watch.program, WAITING_ROW, "ses_young \"Solve young\"");
    program_wait_row(watch.program, WAITING_ROW, "w to go there");
    request(&watch, "old", 121);
    program_wait_row(watch.program, WAITING_ROW, "2 waiting, oldest 2m");
    program_wait_row(watch.program, WAITING_ROW, "ses_old \"Solve old\"");
    resolve(&watch, "old");
    program_wait_row(watch.program, WAITING_ROW, "1 waiting, oldest 1m");
    resolve(&watch, "young");
    program_wait_gone(watch.program, "waiting, oldest");
    program_wait_row(watch.program, WAITING_ROW, "Events");
}

static bool row_changed(struct program *program, void *context)
{
    return strcmp(program_row(program, WAITING_ROW), context) != 0;
}

/* Nothing arrives: it ticks all the same. */
Test(waiting, line_ticks)
{
    struct watch watch = watch_start(NULL);
    request(&watch, "one", 61);
    program_wait_row(watch.program, WAITING_ROW, "w to go there");
    for (int tick = 0; tick < 2; tick++) {
        char before[512];
        snprintf(before, sizeof before, "%s", program_row(watch.program, WAITING_ROW));
        program_wait(watch.program, "the next second", row_changed, before);
        program_wait_row(watch.program, WAITING_ROW, "1 waiting, oldest 1m");
    }
}

static int line_colour(const struct watch *watch)
{
    return program_cell(watch->program, WAITING_ROW, 1).background;
}

Test(waiting, colour_tells_the_age)
{
    static const char *const later[] = {"--warn-after", "3m", "--alarm-after", "2h", NULL};
    enum { NEW, WARNED, ALARMED };
    static const struct {
        const char *name;
        const char *const *arguments;
        int ago, is;
    } rows[] = {
        {"new", NULL, 10, NEW},
        {"over a minute", NULL, 70, WARNED},
        {"over five minutes", NULL, 330, ALARMED},
        {"below the warning of one's own", later, 70, NEW},
        {"above it", later, 330, WARNED},
        {"above the alarm of one's own", later, 7300, ALARMED},
    };
    int colours[3];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = watch_start(&(struct program_setup){.arguments = rows[i].arguments});
        request(&watch, "one", rows[i].ago);
        program_wait_row(watch.program, WAITING_ROW, "1 waiting");
        if (i < 3)
            colours[i] = line_colour(&watch);
        cr_expect_eq(line_colour(&watch), colours[rows[i].is], "%s", rows[i].name);
        program_stop(watch.program);
    }
    cr_expect(colours[0] != colours[1] && colours[1] != colours[2] && colours[0] != colours[2]);
}

Test(waiting, w_goes_to_the_oldest_and_o_opens_its_live_view)
{
    static const char *const typed[] = {"w", "o", "wo"};
    struct watch watch = watch_start_with_browser(NULL);
    request(&watch, "young", 20);
    request(&watch, "old", 130);
    watch_send(&watch, "evt_task", "task.completed",
               "\"task_id\":\"tsk_1\",\"session_dashboard_url\":\"https://wrong.example/\"");
    watch_wait_selected(&watch, "tsk_1");
    program_keys(watch.program, typed[0]);
    program_wait_text(watch.program, "intervention · req_old");
    watch_wait_selected(&watch, "Solve old  ");
    program_keys(watch.program, typed[1]);
    watch_wait_opened(&watch, "https://live.example/old?a=$(x)&b=c;d");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "intervention · req_old");
    watch_wait_selected(&watch, "tsk_1");
    program_keys(watch.program, "7");
    program_wait_text(watch.program, "HTTP");
    program_keys(watch.program, typed[2]);
    watch_wait_opened(&watch, "https://live.example/old?a=$(x)&b=c;d");
    resolve(&watch, "old");
    program_wait_row(watch.program, WAITING_ROW, "1 waiting");
    program_keys(watch.program, "2");
    program_wait_text(watch.program, "STREAK");
    program_keys(watch.program, typed[2]);
    watch_wait_opened(&watch, "https://live.example/young?a=$(x)&b=c;d");
}

/* The filter is lifted for the visit, whichever way it ends. */
Test(waiting, w_goes_to_one_that_a_filter_hides)
{
    static const char *const ends[] = {"<Esc>", "1"};
    struct watch watch = watch_start_with_browser(NULL);
    request(&watch, "young", 20);
    request(&watch, "old", 130);
    program_keys(watch.program, "4");
    watch_filter(&watch, "young");
    program_wait_gone(watch.program, "Solve old  ");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        program_keys(watch.program, "1w");
        program_wait_text(watch.program, "intervention · req_old");
        program_wait_text(watch.program, "hides that intervention: lifted");
        watch_wait_selected(&watch, "Solve old  ");
        program_keys(watch.program, ends[i]);
        program_wait_text(watch.program, "SUBJECT");
        program_keys(watch.program, "4");
        program_wait_text(watch.program, "filter: youn");
        program_wait_gone(watch.program, "Solve old  ");
    }
    program_keys(watch.program, "1wo");
    watch_wait_opened(&watch, "https://live.example/old?a=$(x)&b=c;d");
}

/* Typed faster than it is drawn. */
Test(waiting, y_copies_the_link_of_what_was_selected_last)
{
    struct watch watch = watch_start(NULL);
    request(&watch, "old", 130);
    request(&watch, "young", 20);
    program_keys(watch.program, "4");
    watch_wait_order(&watch, "WAITED", "Solve young");
    program_keys(watch.program, "<Enter>]]]<Tab>");
    program_wait_text(watch.program, "https://live.example/old");
    program_keys(watch.program, "<Tab>j<Tab>y");
    program_wait_text(watch.program, "copied: https://live.example/young");
}

Test(waiting, w_says_when_nobody_waits)
{
    struct watch watch = watch_start(NULL);
    program_keys(watch.program, "w");
    program_wait_text(watch.program, "no agent is waiting for a human");
}

static bool titled(struct program *program, void *context)
{
    return strcmp(program_title(program), context) == 0;
}

static void wait_title(const struct watch *watch, const char *title)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s", title);
    program_wait(watch->program, wanted, titled, wanted);
}

Test(waiting, bell_and_title_tell_those_who_look_elsewhere)
{
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_0", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait_text(watch.program, "tsk_1");
    cr_expect_eq(program_bells(watch.program), 0, "only requests ring");
    request(&watch, "one", 0);
    wait_title(&watch, "anchortop: 1 waiting");
    cr_expect_eq(program_bells(watch.program), 1);
    /* One goes and one comes: as many wait, and somebody has to know. */
    resolve(&watch, "one");
    wait_title(&watch, "anchortop");
    cr_expect_eq(program_bells(watch.program), 1, "an answer does not ring");
    request(&watch, "two", 0);
    wait_title(&watch, "anchortop: 1 waiting");
    cr_expect_eq(program_bells(watch.program), 2);
    program_keys(watch.program, "m");
    program_wait_text(watch.program, "muted: the bell is off");
    request(&watch, "three", 0);
    wait_title(&watch, "anchortop: 2 waiting");
    cr_expect_eq(program_bells(watch.program), 2, "muted");
    program_keys(watch.program, "m");
    program_wait_text(watch.program, "the bell is on");
    request(&watch, "four", 0);
    wait_title(&watch, "anchortop: 3 waiting");
    cr_expect_eq(program_bells(watch.program), 3);
}
