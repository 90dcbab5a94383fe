/* Finding inside the details, and filters made of what is seen there. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(find, .fini = programs_stop);

enum { ROWS = 40, LAST_ROW = ROWS - 1, TABS_ROW = 1 };

static struct watch start(void)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = ROWS, .columns = 160});
    watch_send(&watch, "evt_1", "task.failed",
               "\"task_id\":\"tsk_1\",\"session_id\":\"ses_1\",\"error\":{\"type\":\"timeout\","
               "\"message\":\"Kein Grün\"},\"output\":{\"first\":\"apple pie\",\"second\":\"pear\","
               "\"third\":\"Apple juice\"}");
    watch_send(&watch, "evt_2", "task.failed",
               "\"task_id\":\"tsk_2\",\"session_id\":\"ses_2\",\"error\":{\"type\":\"crash\"}");
    watch_send(&watch, "evt_3", "task.completed", "\"task_id\":\"tsk_1\",\"session_id\":\"ses_3\"");
    watch_wait_order(&watch, "task.completed", "tsk_2", "Kein Grün");
    return watch;
}

/* Opens the details of the oldest event, and goes into them. */
static void open_details(const struct watch *watch)
{
    program_keys(watch->program, "G<Tab>");
    program_wait_text(watch->program, "Kein Grün");
}

Test(find, goes_to_the_text_and_on_to_the_next)
{
    struct watch watch = start();
    open_details(&watch);
    program_keys(watch.program, "/apple");
    program_wait_row(watch.program, LAST_ROW, "2 lines");
    watch_wait_selected(&watch, "apple pie");
    program_keys(watch.program, "<Enter>n");
    watch_wait_selected(&watch, "Apple juice");
    program_keys(watch.program, "n");
    watch_wait_selected(&watch, "apple pie");
    program_keys(watch.program, "N");
    watch_wait_selected(&watch, "Apple juice");
    /* What is not there is told; Esc goes back to what was looked for before. */
    program_keys(watch.program, "/<C-u>banana");
    program_wait_row(watch.program, LAST_ROW, "0 lines");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "0 lines");
    program_keys(watch.program, "n");
    watch_wait_selected(&watch, "apple pie");
}

Test(find, says_that_there_is_nothing)
{
    struct watch watch = start();
    open_details(&watch);
    program_keys(watch.program, "n");
    program_wait_row(watch.program, LAST_ROW, "nothing to find yet");
    program_keys(watch.program, "/GRÜN");
    program_wait_row(watch.program, LAST_ROW, "1 line");
    program_keys(watch.program, "<C-u>banana<Enter>n");
    program_wait_row(watch.program, LAST_ROW, "\"banana\" is not on this page");
}

Test(find, also_in_the_json)
{
    struct watch watch = start();
    open_details(&watch);
    program_keys(watch.program, "]]");
    program_wait_text(watch.program, "\"message\": \"Kein");
    program_keys(watch.program, "/third<Enter>");
    watch_wait_selected(&watch, "\"third\"");
}

/* To a line of the summary. */
static void go_to(const struct watch *watch, const char *title, const char *shown)
{
    program_keys(watch->program, "/<C-u>");
    program_keys(watch->program, title);
    program_keys(watch->program, "<Enter>");
    watch_wait_selected(watch, shown);
}

Test(find, only_this_value)
{
    struct watch watch = start();
    open_details(&watch);
    go_to(&watch, "timeout", "timeout");
    program_keys(watch.program, "=");
    program_wait_row(watch.program, TABS_ROW, "=timeout");
    program_wait_gone(watch.program, "tsk_2");
    program_wait_gone(watch.program, "task.completed");
    program_wait_text(watch.program, "Kein Grün");
    /* Both hold, of two. */
    go_to(&watch, "ses_1", "ses_1");
    program_keys(watch.program, "-");
    program_wait_text(watch.program, "Nothing passes the filter");
    program_keys(watch.program, "<Tab>a");
    watch_wait_order(&watch, "task.completed", "tsk_2");
}

Test(find, without_this_value)
{
    struct watch watch = start();
    open_details(&watch);
    go_to(&watch, "tsk_1", "tsk_1");
    program_keys(watch.program, "-");
    program_wait_row(watch.program, TABS_ROW, "filter: ");
    program_wait_text(watch.program, "tsk_2");
    program_wait_gone(watch.program, "task.completed");
}
