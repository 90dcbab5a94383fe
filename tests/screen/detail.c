/* The detail pane, help, menus, links and the clipboard. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(detail, .fini = programs_stop);

static const char failed_task[] =
    "\"task_id\":\"tsk_4f8w\",\"task_version_id\":\"tv_demo_v3\",\"execution_id\":\"exr_8d2c\","
    "\"session_id\":\"ses_8d2c\",\"duration_ms\":1834,"
    "\"cost\":{\"amount\":0.005,\"currency\":\"USD\"},"
    "\"error\":{\"type\":\"automation_failure\",\"message\":\"Submit button did not match\","
    "\"root_cause\":\"Selector drift\"},\"artifacts\":[],\"surprise\":{\"depth\":[1,\"two\"]},"
    "\"session_dashboard_url\":\"https://app.anchorbrowser.io/sessions/ses_8d2c\"";

static struct watch open_failed_task(int rows, int columns)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = rows, .columns = columns});
    watch_send(&watch, "evt_1", "task.failed", failed_task);
    program_wait_text(watch.program, "tsk_4f8w");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "Summary");
    return watch;
}

Test(detail, shows_every_field_with_its_unit)
{
    static const char *const shown[] = {
        "tv_demo_v3",     "exr_8d2c", "ses_8d2c", "1.8s",  "$0.005", "automation_failure",
        "Selector drift", "Submit",   "surprise", "evt_1", "two",    "https://app.anchorbrowser"};
    static const struct {
        int rows, columns;
    } sizes[] = {{50, 160}, {60, 80}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct watch watch = open_failed_task(sizes[s].rows, sizes[s].columns);
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
            program_wait_text(watch.program, shown[i]);
        program_stop(watch.program);
    }
}

Test(detail, json_and_links_are_a_page_away)
{
    struct watch watch = open_failed_task(50, 160);
    program_keys(watch.program, "]]");
    program_wait_text(watch.program, "\"root_cause\": \"Selector drift\"");
    int row, column;
    cr_assert(program_find(watch.program, "\"root_cause\"", &row, &column));
    int key = program_cell(watch.program, row, column + 2).foreground;
    cr_assert(program_find(watch.program, "\"Selector drift\"", &row, &column));
    cr_assert_neq(key, program_cell(watch.program, row, column + 2).foreground,
                  "keys and strings have colours of their own");
    program_keys(watch.program, "]");
    program_wait_gone(watch.program, "\"root_cause\"");
    program_wait_text(watch.program, "https://app.anchorbrowser.io/sessions/ses_8d2c");
    program_keys(watch.program, "[");
    program_wait_text(watch.program, "\"root_cause\"");
}

Test(detail, escape_goes_back_step_by_step_and_never_quits)
{
    struct watch watch = open_failed_task(24, 80);
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "Summary");
    program_keys(watch.program, "?");
    program_wait_text(watch.program, "Moving");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "Moving");
    program_keys(watch.program, "<Esc><Esc><Esc>");
    watch_send(&watch, "evt_2", "task.completed", "\"task_id\":\"tsk_after\"");
    watch_wait_order(&watch, "tsk_after", "tsk_4f8w");
    cr_assert(program_running(watch.program));
}

/* Every key stands in the help, which may be longer than the screen. */
Test(detail, help_lists_every_key)
{
    static const char *const keys[] = {"Space", "Enter", "Esc", "Tab", "[", "]", "t",
                                       "s",     "n",     "b",   "i",   "f", "a", "T",
                                       "o",     "O",     "y",   "Y",   "?", "q"};
    struct watch watch = watch_start(&(struct program_setup){.rows = 120, .columns = 120});
    program_keys(watch.program, "?");
    program_wait_text(watch.program, "quit from anywhere");
    program_wait_row(watch.program, 119, "? help");
    cr_assert_eq(program_find_row(watch.program, "more below"), -1);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char standing_alone[16];
        snprintf(standing_alone, sizeof standing_alone, " %s ", keys[i]);
        program_wait_text(watch.program, standing_alone);
    }
    /* On a screen that is too small for it, it scrolls. */
    program_resize(watch.program, 12, 60);
    program_wait_text(watch.program, "more below");
    program_wait_gone(watch.program, "quit from anywhere");
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "quit from anywhere");
}

Test(detail, no_line_of_the_help_is_cut_at_80_columns)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 120, .columns = 80});
    program_keys(watch.program, "?");
    program_wait_text(watch.program, "quit from anywhere");
    program_wait_row(watch.program, 119, "? help");
    for (int row = program_find_row(watch.program, "Moving"); row < 119; row++)
        cr_expect_not(strstr(program_row(watch.program, row), "…"), "%s",
                      program_row(watch.program, row));
}

Test(detail, o_starts_the_browser_with_exactly_the_url)
{
    static const char shell_bait[] = "https://app.anchorbrowser.io/s/1?a=$(touch%20x)&b=c;d|e*";
    char data[256];
    snprintf(data, sizeof data, "\"session_id\":\"ses_1\",\"session_dashboard_url\":\"%s\"",
             shell_bait);
    struct watch watch = watch_start_with_browser(NULL);
    watch_send(&watch, "evt_1", "session.completed", data);
    program_wait_text(watch.program, "ses_1");
    program_keys(watch.program, "o");
    watch_wait_opened(&watch, shell_bait);
    cr_assert_eq(watch_quit(watch.program), 0);
    cr_assert(!strstr(program_output(watch.program, NULL), "noise"),
              "what the browser says must not tear the screen");
}

Test(detail, o_refuses_what_is_not_a_web_link)
{
    static const char *const urls[] = {
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a.example/b c",
        "https://a.example/\\n",
        "https://a.example/\\u001b[2J",
        "HTTPS:no-slashes",
        "--help",
    };
    struct watch watch = watch_start_with_browser(NULL);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char id[16], data[256], subject[16];
        snprintf(id, sizeof id, "evt_%zu", i);
        snprintf(subject, sizeof subject, "ses_%zu", i);
        snprintf(data, sizeof data, "\"session_id\":\"%s\",\"session_dashboard_url\":\"%s\"",
                 subject, urls[i]);
        watch_send(&watch, id, "session.completed", data);
        watch_wait_selected(&watch, subject);
        program_keys(watch.program, "o");
    }
    /* A good link at last: by then a browser for an earlier one would have been started. */
    watch_send(&watch, "evt_good", "session.completed",
               "\"session_id\":\"ses_good\",\"session_dashboard_url\":\"https://good.example/\"");
    watch_wait_selected(&watch, "ses_good");
    program_keys(watch.program, "o");
    watch_wait_opened(&watch, "https://good.example/");
}

static bool copied(struct program *program, void *context)
{
    (void)context;
    return program_osc_count(program, 52) > 0;
}

/* Y: the id is the first choice, JSON the last but one. */
Test(detail, what_is_copied_does_nothing_when_it_is_pasted)
{
    static const struct {
        const char *keys, *copied;
    } rows[] = {
        {"Y<Enter>", "evt_1 touch /tmp/x #"},
        {"Y<End><Up><Enter>", "{\"id\":\"evt_1\\ntouch /tmp/x #\\n\",\"type\":\"task.failed\","
                              "\"data\":{\"note\":\"\\u202e\\u200d\"}}"},
    };
    struct watch watch = watch_start(NULL);
    struct http_reply reply =
        watch_deliver(&watch, WATCH_SECRET,
                      "{\n\t\"id\": \"evt_1\\ntouch /tmp/x #\\n\",\r\n\"type\": \"task.failed\","
                      "\"data\":{\"note\":\"\u202e\u200d\"}}");
    cr_assert_eq(reply.status, 200);
    program_wait_text(watch.program, "task.failed");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char base64[512] = "c;";
        EVP_EncodeBlock(base64 + 2, (const unsigned char *)rows[i].copied,
                        (int)strlen(rows[i].copied));
        program_keys(watch.program, rows[i].keys);
        program_wait_text(watch.program, "copied");
        cr_expect_str_eq(program_osc(watch.program, 52), (char *)base64);
        program_keys(watch.program, "<Up>");
        program_wait_gone(watch.program, "copied");
    }
}

Test(detail, y_copies_the_link_through_the_terminal)
{
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_1", "session.completed",
               "\"session_id\":\"ses_1\",\"session_dashboard_url\":\"https://good.example/?a=b\"");
    watch_wait_selected(&watch, "ses_1");
    program_keys(watch.program, "y");
    program_wait(watch.program, "a clipboard write", copied, NULL);
    unsigned char base64[128] = "c;";
    EVP_EncodeBlock(base64 + 2, (const unsigned char *)"https://good.example/?a=b", 25);
    cr_assert_str_eq(program_osc(watch.program, 52), (char *)base64);
}
