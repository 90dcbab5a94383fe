/* The simulated fleet on the screen: what an operator asks is answered by two keys at the most,
 * from anywhere. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(demo, .fini = programs_stop);

enum { WAITING_ROW = 1 };

static bool has_event(struct program *program, void *context)
{
    (void)context;
    const char *row = program_row(program, 0);
    return strstr(row, " event") && !strstr(row, " 0 events");
}

static struct watch start(void)
{
    static const char *const arguments[] = {"--demo", NULL};
    struct watch watch = watch_start_with_browser(
        &(struct program_setup){.rows = 50, .columns = 180, .arguments = arguments});
    program_wait(watch.program, "the first event", has_event, NULL);
    return watch;
}

/* Waits until all that happened before is told. */
static void wait_story(const struct watch *watch)
{
    program_wait_row(watch->program, WAITING_ROW, "oldest 6m");
    program_keys(watch->program, "2");
    watch_wait_words(watch, "tsk_e0p6r2ya", "9", "'Export CSV' stays disabled");
    program_keys(watch->program, "1");
    program_wait_text(watch->program, "SUMMARY");
}

/* Keys that lead to places where an operator may be. */
static const char *const places[] = {"1", "7", "5", "1<Enter><Enter>", "2<Enter><Enter>"};
enum { PLACES = sizeof places / sizeof *places };

static void go(const struct watch *watch, size_t place)
{
    program_keys(watch->program, places[place]);
}

Test(demo, two_keys_open_the_live_view_of_who_waits_longest)
{
    struct watch watch = start();
    wait_story(&watch);
    for (size_t i = 0; i < PLACES; i++) {
        go(&watch, i);
        program_wait_row(watch.program, WAITING_ROW, "waiting, oldest");
        const char *line = strstr(program_row(watch.program, WAITING_ROW), "ses_");
        char url[128];
        cr_assert(line);
        snprintf(url, sizeof url, "https://app.anchorbrowser.io/sessions/%.12s", line);
        program_keys(watch.program, "wo");
        watch_wait_opened(&watch, url);
    }
}

static void ask(const char *keys, const char *const (*rows)[4], size_t count)
{
    struct watch watch = start();
    wait_story(&watch);
    for (size_t i = 0; i < PLACES; i++) {
        go(&watch, i);
        program_keys(watch.program, keys);
        for (size_t r = 0; r < count; r++)
            watch_wait_words_at(&watch, rows[r], places[i], __LINE__);
        program_keys(watch.program, "<Esc>");
        program_wait_row(watch.program, 0, "anchortop");
    }
}

Test(demo, one_key_shows_the_task_with_the_longest_failing_streak)
{
    static const char *const rows[][4] = {{"STREAK▼", NULL}, {"✗ tsk_e0p6r2ya", "9", NULL}};
    ask("2", rows, 2);
}

Test(demo, two_keys_show_why_it_failed_and_what_the_self_heal_suggests)
{
    static const char *const rows[][4] = {
        {"task · tsk_e0p6r2ya", "Summary", NULL},
        {"Last error", "'Export CSV' stays disabled until", NULL},
        {"Root cause", "The bank's new statements page", NULL},
        {"Suggested fix", "Choose 'Last 30 days'", NULL},
        {"Heal", "draft", NULL},
    };
    /* Where details are open already, the first key is enough; a second one would go on. */
    struct watch watch = start();
    wait_story(&watch);
    program_keys(watch.program, "2<Enter>");
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        watch_wait_words_at(&watch, rows[r], __FILE__, __LINE__);
    program_keys(watch.program, "7");
    program_wait_text(watch.program, "HTTP");
    program_keys(watch.program, "2");
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        watch_wait_words_at(&watch, rows[r], __FILE__, __LINE__);
}

Test(demo, two_keys_show_the_story_of_an_unfinished_session)
{
    struct watch watch = start();
    wait_story(&watch);
    program_keys(watch.program, "3<Enter>");
    watch_wait_words(&watch, "session · ses_", "Timeline");
    watch_wait_order(&watch, "session · ses_", "identity.authenticated", "intervention.requested");
}

/* Its id may be cut: how wide the columns are depends on who else could not log in. */
Test(demo, one_key_shows_which_identity_stopped_working)
{
    static const char *const rows[][4] = {{"IDENTITY", "STREAK▼", NULL},
                                          {"✗ idn_umbrella", "failed", "4", NULL}};
    ask("6", rows, 2);
}
