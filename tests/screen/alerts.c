/* Alerts: what a person hears and sees when an event comes that a rule is about. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(alerts, .fini = programs_stop);

static struct watch start_with(const char *rules)
{
    static const char *const arguments[] = {"--config", "rules", NULL};
    return watch_start(
        &(struct program_setup){.arguments = arguments, .file = "rules", .content = rules});
}

static bool has_rung(struct program *program, void *context)
{
    return program_bells(program) >= *(unsigned *)context;
}

static void wait_bells(struct program *program, unsigned count)
{
    program_wait(program, "the bell", has_rung, &count);
}

static bool has_notified(struct program *program, void *context)
{
    return program_osc_count(program, *(int *)context) > 0;
}

static void wait_osc(struct program *program, int number)
{
    program_wait(program, "a notification", has_notified, &number);
}

Test(alerts, the_bell_rings_for_what_a_rule_is_about)
{
    struct watch watch =
        start_with("[alert failures]\nfilter = type:task.failed\nbell = yes\nevery = 0s\n");
    watch_send(&watch, "evt_1", "task.completed", "\"task_id\":\"tsk_1\"");
    program_wait_text(watch.program, "tsk_1");
    cr_expect_eq(program_bells(watch.program), 0);
    watch_send(&watch, "evt_2", "task.failed", "\"task_id\":\"tsk_2\"");
    wait_bells(watch.program, 1);
    /* While the list stands still, and once for each event. */
    program_keys(watch.program, "<Space>");
    program_wait_text(watch.program, "PAUSED");
    watch_send(&watch, "evt_2", "task.failed", "\"task_id\":\"tsk_2\"");
    watch_send(&watch, "evt_3", "task.failed", "\"task_id\":\"tsk_3\"");
    wait_bells(watch.program, 2);
    program_wait_text(watch.program, "1 new");
    cr_expect_eq(program_bells(watch.program), 2);
}

Test(alerts, old_events_are_silent)
{
    struct watch watch = start_with("[alert all]\nfilter = has:type\nbell = yes\nevery = 0s\n");
    struct http_reply reply =
        watch_deliver(&watch, WATCH_SECRET,
                      "{\"id\":\"evt_old\",\"type\":\"task.failed\",\"created\":"
                      "\"2020-01-01T00:00:00Z\",\"data\":{\"task_id\":\"tsk_old\"}}");
    cr_assert_eq(reply.status, 200);
    program_wait_text(watch.program, "tsk_old");
    cr_expect_eq(program_bells(watch.program), 0);
}

Test(alerts, a_burst_is_looked_at_to_its_end)
{
    enum { BURST = 2500 }; /* more than is looked at in two frames */
    struct watch watch = start_with("[alert failures]\nfilter = is:failed\nbell = yes\n");
    program_hold_output(watch.program);
    for (int i = 0; i < BURST; i++) {
        char id[16];
        snprintf(id, sizeof id, "evt_%d", i);
        watch_send(&watch, id, "task.completed", "\"task_id\":\"tsk_1\"");
    }
    watch_send(&watch, "evt_last", "task.failed", "\"task_id\":\"tsk_2\"");
    program_release_output(watch.program);
    wait_bells(watch.program, 1);
}

Test(alerts, nobody_is_called_to_what_is_resolved_already)
{
    struct watch watch =
        start_with("[alert captcha]\nfilter = is:waiting\ndesktop = yes\nevery = 1h\n");
    watch_send(&watch, "evt_1", "intervention.resolved", "\"request_id\":\"req_1\"");
    watch_send(&watch, "evt_2", "intervention.requested", "\"request_id\":\"req_1\"");
    program_wait_row(watch.program, 0, "2 events");
    watch_send(&watch, "evt_3", "intervention.requested",
               "\"request_id\":\"req_2\",\"message\":\"Come\"");
    wait_osc(watch.program, 9);
    cr_expect(strstr(program_osc(watch.program, 9), "Come"), "%s", program_osc(watch.program, 9));
    cr_expect_eq(program_osc_count(watch.program, 9), 1);
}

Test(alerts, m_mutes_the_bell_of_alerts_too)
{
    struct watch watch = start_with("[alert all]\nfilter = has:type\nbell = yes\ndesktop = yes\n");
    program_keys(watch.program, "m");
    program_wait_text(watch.program, "muted: the bell is off");
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    wait_osc(watch.program, 9);
    cr_expect_eq(program_bells(watch.program), 0);
}

Test(alerts, the_desktop_is_notified_in_both_ways)
{
    struct watch watch = start_with("[alert captcha]\nfilter = is:waiting\ndesktop = yes\n");
    watch_send(&watch, "evt_1", "intervention.requested",
               "\"request_id\":\"req_1\",\"message\":\"Solve; the\\u0007 captcha\"");
    wait_osc(watch.program, 9);
    wait_osc(watch.program, 777);
    const char *plain = program_osc(watch.program, 9);
    cr_expect_eq(strncmp(plain, "captcha: intervention.requested", 31), 0, "%s", plain);
    cr_expect(strstr(plain, "Solve, the␇ captcha"), "%s", plain);
    const char *titled = program_osc(watch.program, 777);
    cr_expect_eq(strncmp(titled, "notify;captcha;intervention.requested", 37), 0, "%s", titled);
    cr_expect(strstr(titled, "Solve, the␇ captcha"), "%s", titled);
}

Test(alerts, a_terminal_that_knows_both_ways_is_asked_once)
{
    static const char *const arguments[] = {"--config", "rules", NULL};
    struct watch watch = watch_start(&(struct program_setup){
        .arguments = arguments,
        .term = "rxvt",
        .file = "rules",
        .content = "[alert captcha]\nfilter = is:waiting\ndesktop = yes\n"});
    watch_send(&watch, "evt_1", "intervention.requested", "\"request_id\":\"req_1\"");
    wait_osc(watch.program, 777);
    cr_expect_eq(program_osc_count(watch.program, 9), 0);
}

static bool is_reversed(struct program *program, void *context)
{
    return program_cell(program, 0, 1).reverse == *(bool *)context;
}

Test(alerts, the_first_line_flashes)
{
    bool on = true, off = false;
    struct watch watch = start_with("[alert all]\nfilter = has:type\nflash = yes\n");
    program_wait(watch.program, "the first line", is_reversed, &off);
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait(watch.program, "the flash", is_reversed, &on);
    program_wait(watch.program, "the end of the flash", is_reversed, &off);
}

static bool has_envelope(struct program *program, void *context)
{
    char path[256];
    struct stat status;
    (void)context;
    snprintf(path, sizeof path, "%s/envelope", program_home(program));
    return stat(path, &status) == 0 && status.st_size > 0;
}

Test(alerts, a_command_runs_beside_the_screen)
{
    struct watch watch =
        start_with("[alert hook]\nfilter = type:task.failed\ncommand = /bin/sh hook.sh\n");
    program_write_file(watch.program, "hook.sh", "cat > envelope\n");
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait(watch.program, "the command to run", has_envelope, NULL);
    program_wait_text(watch.program, "tsk_1");
}

Test(alerts, a_command_that_fails_is_told_and_the_screen_goes_on)
{
    struct watch watch = start_with("[alert hook]\nfilter = type:task.failed\ncommand = /bin/sh "
                                    "hook.sh\n");
    program_write_file(watch.program, "hook.sh", "echo 'no route\033[31m' >&2\nexit 7\n");
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait_text(watch.program, "alert hook: /bin/sh: exit status 7: no route␛[31m");
    watch_send(&watch, "evt_2", "task.completed", "\"task_id\":\"tsk_2\"");
    watch_wait_order(&watch, "tsk_2", "tsk_1");
    cr_expect_eq(watch_quit(watch.program), 0);
}

Test(alerts, a_wrong_rule_is_refused_before_the_screen)
{
    static const char *const arguments[] = {"--config", "rules", NULL};
    struct program *program =
        program_start(&(struct program_setup){.arguments = arguments,
                                              .keep_stderr = true,
                                              .file = "rules",
                                              .content = "[alert a]\nfilter = is:late\n"
                                                         "bell = yes\n"});
    cr_expect_eq(program_wait_exit(program), 2);
    cr_expect(strstr(program_stderr(program), "rules:2: alert a: filter: there is no state"), "%s",
              program_stderr(program));
}
