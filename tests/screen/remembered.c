/* What is there again the next time: the theme, and what was entered into the prompts. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAST_ROW = 23, TABS_ROW = 1 };

static char state[64], setting[96];

static void make_state(void)
{
    snprintf(state, sizeof state, "/tmp/anchortop-state-XXXXXX");
    cr_assert_not_null(mkdtemp(state));
    snprintf(setting, sizeof setting, "XDG_STATE_HOME=%s", state);
}

static void remove_state(void)
{
    char command[128];
    programs_stop();
    snprintf(command, sizeof command, "rm -rf %s", state);
    cr_assert_eq(system(command), 0);
}

TestSuite(remembered, .init = make_state, .fini = remove_state);

/* A program that shares the state of the others, but keeps a journal of its own. */
static struct watch start(const char *const *more)
{
    const char *arguments[16] = {"--history", "./own.db"};
    const char *const environment[] = {setting, NULL};
    for (size_t i = 0; more && more[i]; i++)
        arguments[i + 2] = more[i];
    return watch_start(&(struct program_setup){.arguments = arguments, .environment = environment});
}

static void wait_theme(const struct watch *watch, const char *title)
{
    program_keys(watch->program, "C");
    watch_wait_selected(watch, title);
    program_keys(watch->program, "<Esc>");
    program_wait_gone(watch->program, title);
}

static void choose_light(const struct watch *watch)
{
    program_keys(watch->program, "C");
    program_wait_text(watch->program, "Light");
    program_keys(watch->program, "<End><Enter>");
    program_wait_row(watch->program, LAST_ROW, "theme light");
}

/* Enters a filter, and waits until it holds. */
static void enter(const struct watch *watch, const char *typed, const char *shown)
{
    watch_filter(watch, typed);
    program_wait_row(watch->program, TABS_ROW, shown);
    program_wait_row(watch->program, LAST_ROW, "q quit");
}

static bool is_there(void)
{
    char path[96];
    struct stat status;
    snprintf(path, sizeof path, "%s/anchortop/screen", state);
    return lstat(path, &status) == 0;
}

Test(remembered, a_chosen_theme_and_what_was_entered_are_there_the_next_time)
{
    struct watch watch = start(NULL);
    choose_light(&watch);
    program_wait_row(watch.program, LAST_ROW, "kept for the next start");
    enter(&watch, "is:failed", "filter: is:failed");
    cr_assert_eq(watch_quit(watch.program), 0);

    watch = start(NULL);
    wait_theme(&watch, "Light");
    program_keys(watch.program, "/<Up>");
    program_wait_row(watch.program, LAST_ROW, "/ is:failed");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "filter: is:failed");
}

Test(remembered, a_theme_that_is_asked_for_wins)
{
    static const char *const arguments[] = {"--theme", "dark", NULL};
    struct watch watch = start(NULL);
    choose_light(&watch);
    program_stop(watch.program);
    watch = start(arguments);
    wait_theme(&watch, "Dark");
    choose_light(&watch);
    program_wait_row(watch.program, LAST_ROW, "until you quit");
}

Test(remembered, programs_beside_each_other_keep_what_both_have_entered)
{
    struct watch first = start(NULL), second = start(NULL);
    enter(&first, "is:failed", "filter: is:failed");
    enter(&second, "type:task", "filter: type:task");
    program_keys(first.program, "a");
    program_wait_gone(first.program, "filter: ");
    enter(&first, "cost>1", "filter: cost>1");
    struct watch third = start(NULL);
    program_keys(third.program, "/<Up>");
    program_wait_row(third.program, LAST_ROW, "/ cost>1");
    program_keys(third.program, "<Up>");
    program_wait_row(third.program, LAST_ROW, "/ type:task");
    program_keys(third.program, "<Up>");
    program_wait_row(third.program, LAST_ROW, "/ is:failed");
}

Test(remembered, a_broken_file_is_told_and_left_alone)
{
    char path[96], text[32] = "";
    snprintf(path, sizeof path, "%s/anchortop", state);
    cr_assert_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/anchortop/screen", state);
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs("my notes\n", file) >= 0 && fclose(file) == 0);
    struct watch watch = start(NULL);
    program_wait_row(watch.program, LAST_ROW, "is damaged in line 1");
    enter(&watch, "is:failed", "filter: is:failed");
    cr_assert_eq(watch_quit(watch.program), 0);
    file = fopen(path, "r");
    cr_assert(file && fgets(text, sizeof text, file));
    fclose(file);
    cr_assert_str_eq(text, "my notes\n");
}

Test(remembered, the_demo_and_a_run_without_history_keep_nothing)
{
    static const char *const none[] = {"--no-history", NULL};
    static const char *const demo[] = {"--demo", "--listen", "0", NULL};
    const char *const environment[] = {setting, NULL};
    struct watch watch =
        watch_start(&(struct program_setup){.arguments = none, .environment = environment});
    choose_light(&watch);
    program_wait_row(watch.program, LAST_ROW, "until you quit");
    cr_expect_not(is_there());
    watch.program =
        program_start(&(struct program_setup){.arguments = demo, .environment = environment});
    program_wait_text(watch.program, "q quit");
    choose_light(&watch);
    cr_expect_not(is_there());
}
