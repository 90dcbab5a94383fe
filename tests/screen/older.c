/* Below the oldest event that is remembered the list goes on in the journal. */
#include "../watch.h"

#include "journal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Events so large that the smallest memory has room for a good hundred. */
enum { PADDING = 100000, LARGE_PADDING = 1000000, ALL = 260 };

TestSuite(older, .init = make_directory, .fini = clean_up, .timeout = 170);

static struct watch start_sized(int rows, int columns)
{
    const char *const arguments[] = {"--history", path, "--memory", "16M", NULL};
    return watch_start(
        &(struct program_setup){.arguments = arguments, .rows = rows, .columns = columns});
}

static struct watch start(void)
{
    return start_sized(26, 120);
}

/* The details take the whole width, below the list. */
static struct watch start_tall(void)
{
    return start_sized(40, 118);
}

/* Events number `first` to `last`, on one connection; every tenth has failed. */
static void send_padded(const struct watch *watch, int first, int last, size_t size)
{
    static char json[LARGE_PADDING + 500], padding[LARGE_PADDING + 1];
    int connection = http_connect(watch->port);
    memset(padding, '.', size);
    padding[size] = '\0';
    for (int i = first; i <= last; i++) {
        snprintf(json, sizeof json,
                 "{\"id\":\"evt_%03d\",\"type\":\"task.%s\",\"data\":{\"task_id\":\"tsk_%03d\","
                 "\"session_id\":\"ses_%d\",\"n\":%d,\"padding\":\"%s\"}}",
                 i, i % 10 ? "completed" : "failed", i, i % 7, i, padding);
        struct http_reply reply = http_deliver_on(connection, NULL, WATCH_SECRET, json);
        cr_assert_eq(reply.status, 200, "%d: %s", i, reply.body);
    }
    close(connection);
}

static void send_events(const struct watch *watch, int first, int last)
{
    send_padded(watch, first, last, PADDING);
}

/* A program whose memory has let go of more than a hundred events. */
static struct watch start_with_events(void)
{
    struct watch watch = start();
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "tsk_260");
    return watch;
}

Test(older, what_waits_is_found_when_its_event_is_nowhere_any_more)
{
    const char *const arguments[] = {"--no-history", "--memory", "16M", NULL};
    struct watch watch =
        watch_start(&(struct program_setup){.arguments = arguments, .rows = 26, .columns = 120});
    watch_send(&watch, "evt_ask", "intervention.requested",
               "\"request_id\":\"req_ask\",\"session_id\":\"ses_ask\",\"message\":\"Help me\"");
    watch_send(&watch, "evt_done", "intervention.resolved",
               "\"request_id\":\"req_done\",\"session_id\":\"ses_done\"");
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "tsk_260");
    program_keys(watch.program, "4");
    program_wait_text(watch.program, "req_done");
    watch_filter(&watch, "is:waiting help");
    program_wait_gone(watch.program, "req_done");
    watch_wait_words(&watch, "waiting", "ses_ask", "Help me");
    program_keys(watch.program, "3");
    watch_filter(&watch, "is:waiting");
    watch_wait_words(&watch, "ses_ask", "waiting");
    program_wait_gone(watch.program, "ses_done");
}

Test(older, a_delivery_shows_its_event_when_only_the_journal_has_it)
{
    struct watch watch = start_with_events();
    program_keys(watch.program, "7G<Enter>");
    program_wait_text(watch.program, "tsk_001");
    cr_expect_eq(program_find_row(watch.program, "no longer remembered"), -1);
}

Test(older, the_last_row_is_the_first_event_of_the_journal)
{
    struct watch watch = start_with_events();
    program_keys(watch.program, "G");
    watch_wait_order(&watch, "tsk_003", "tsk_002", "tsk_001", "The journal begins here.");
    watch_wait_selected(&watch, "tsk_001");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "evt_001");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "evt_001");
    program_keys(watch.program, "g");
    watch_wait_selected(&watch, "tsk_260");
}

/* What takes longer to read than a frame has. */
Test(older, large_events_are_all_there_at_last)
{
    struct watch watch = start();
    program_resize(watch.program, 40, 120);
    send_padded(&watch, 1, 60, LARGE_PADDING);
    program_wait_text(watch.program, "tsk_060");
    program_keys(watch.program, "G");
    watch_wait_order(&watch, "tsk_035", "tsk_034", "tsk_002", "tsk_001",
                     "The journal begins here.");
}

Test(older, it_is_there_after_a_restart)
{
    struct watch watch = start_with_events();
    watch_quit(watch.program);
    watch = start();
    program_wait_text(watch.program, "tsk_260");
    program_keys(watch.program, "G");
    watch_wait_order(&watch, "tsk_002", "tsk_001", "The journal begins here.");
}

Test(older, no_row_is_missing_or_twice_where_memory_ends)
{
    enum { FROM = 80, TO = 130 };
    char subject[16];
    struct watch watch = start_with_events();
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_001");
    for (int i = 1; i < FROM; i++)
        program_keys(watch.program, "k");
    for (int i = FROM; i < TO; i++) {
        snprintf(subject, sizeof subject, "tsk_%03d", i);
        watch_wait_selected(&watch, subject);
        program_keys(watch.program, "k");
    }
    for (int i = TO; i > FROM; i--) {
        snprintf(subject, sizeof subject, "tsk_%03d", i);
        watch_wait_selected(&watch, subject);
        program_keys(watch.program, "j");
    }
}

Test(older, a_search_goes_as_far_as_somebody_scrolls)
{
    struct watch watch = start_with_events();
    watch_filter(&watch, "type:task.failed");
    program_wait_text(watch.program, "older events in the journal");
    cr_expect_not(program_find(watch.program, "tsk_010", NULL, NULL));
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "The journal begins here.");
    watch_wait_selected(&watch, "tsk_010");
    watch_wait_order(&watch, "tsk_040", "tsk_030", "tsk_020", "tsk_010");
    cr_expect_not(program_find(watch.program, "tsk_011", NULL, NULL));
}

Test(older, what_memory_has_nothing_of_is_found)
{
    static const struct {
        const char *name, *expression;
    } rows[] = {
        {"a number", "data.n<2"},
        {"a text", "evt_001"},
        {"a field", "task=tsk_001"},
    };
    struct watch watch = start_with_events();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        watch_filter(&watch, rows[i].expression);
        program_wait_text(watch.program, "Nothing passes the filter");
        program_wait_text(watch.program, "older events in the journal");
        program_keys(watch.program, "<Down>");
        watch_wait_order(&watch, "tsk_001", "The journal begins here.");
        cr_expect_not(program_find(watch.program, "tsk_002", NULL, NULL), "%s", rows[i].name);
        program_keys(watch.program, "a");
        program_wait_text(watch.program, "tsk_260");
    }
}

Test(older, the_other_filters_hold_there_too)
{
    struct watch watch = start_with_events();
    program_keys(watch.program, "f");
    program_wait_gone(watch.program, "tsk_259");
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "The journal begins here.");
    watch_wait_selected(&watch, "tsk_010");
    watch_wait_order(&watch, "tsk_030", "tsk_020", "tsk_010");
    program_keys(watch.program, "a");
    watch_wait_order(&watch, "tsk_011", "tsk_010", "tsk_009");

    /* The events of a session: 7, 14, 21 and so on. */
    program_keys(watch.program, "3");
    program_wait_text(watch.program, "ses_0");
    watch_filter(&watch, "ses_0");
    program_wait_gone(watch.program, "ses_1");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "Timeline");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "session ses_0");
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "The journal begins here.");
    watch_wait_order(&watch, "tsk_021", "tsk_014", "tsk_007", "The journal begins here.");
}

Test(older, the_selection_stays_when_memory_forgets_its_event)
{
    struct watch watch = start();
    send_events(&watch, 1, 60);
    program_wait_text(watch.program, "tsk_060");
    program_keys(watch.program, "Gkkk");
    watch_wait_selected(&watch, "tsk_004");
    send_events(&watch, 61, ALL);
    program_wait_text(watch.program, "256 newer above");
    watch_wait_selected(&watch, "tsk_004");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "evt_004");
}

/* By way of the timeline, which has the events of the same session: every seventh. */
Test(older, the_way_back_leads_to_an_event_that_memory_forgot)
{
    struct watch watch = start();
    send_events(&watch, 1, 60);
    program_wait_text(watch.program, "tsk_060");
    program_keys(watch.program, "Gkkk");
    watch_wait_selected(&watch, "tsk_004");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "evt_004");
    program_keys(watch.program, "]");
    program_wait_text(watch.program, "▸");
    program_keys(watch.program, "<Tab>G<Enter>");
    program_wait_text(watch.program, "evt_060");
    send_events(&watch, 61, ALL);
    program_wait_row(watch.program, 0, "260 events");
    program_keys(watch.program, "<Esc>");
    watch_wait_words(&watch, "task.completed", "tsk_004", "n 4");
    program_wait_text(watch.program, "task.completed · tsk_004");
}

Test(older, a_filter_keeps_the_selection_that_memory_forgot)
{
    struct watch watch = start();
    send_events(&watch, 1, 60);
    watch_filter(&watch, "type:task");
    program_keys(watch.program, "Gkkk");
    watch_wait_selected(&watch, "tsk_004");
    program_keys(watch.program, "2");
    program_wait_text(watch.program, "STREAK");
    send_events(&watch, 61, ALL);
    program_wait_row(watch.program, 0, "260 events");
    program_keys(watch.program, "1");
    watch_wait_selected(&watch, "tsk_004");
}

Test(older, another_filter_keeps_the_selection_if_it_passes)
{
    struct watch watch = start_with_events();
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_001");
    program_keys(watch.program, "E");
    watch_wait_selected(&watch, "tsk_010");
    program_keys(watch.program, "f");
    program_wait_gone(watch.program, "tsk_009");
    watch_wait_order(&watch, "tsk_030", "tsk_020", "tsk_010");
    watch_wait_selected(&watch, "tsk_010");
    program_keys(watch.program, "f");
    watch_wait_order(&watch, "tsk_011", "tsk_010", "tsk_009");
    watch_wait_selected(&watch, "tsk_010");
}

Test(older, the_end_is_the_oldest_match_also_when_memory_has_none)
{
    struct watch watch = start_with_events();
    watch_filter(&watch, "evt_00");
    program_wait_text(watch.program, "Nothing passes the filter");
    program_keys(watch.program, "G");
    watch_wait_order(&watch, "tsk_003", "tsk_002", "tsk_001", "The journal begins here.");
    watch_wait_selected(&watch, "tsk_001");
}

/* A request for a human, and so many events that only the journal still has it. */
static void ask_and_forget(const struct watch *watch)
{
    watch_send(watch, "evt_asked", "intervention.requested",
               "\"request_id\":\"req_1\",\"session_id\":\"ses_x\",\"message\":\"Solve it\"");
    send_events(watch, 1, ALL);
}

static void resolve(const struct watch *watch)
{
    watch_send(watch, "evt_done", "intervention.resolved",
               "\"request_id\":\"req_1\",\"session_id\":\"ses_x\"");
}

Test(older, what_waits_no_longer_leaves_the_list)
{
    struct watch watch = start();
    ask_and_forget(&watch);
    watch_filter(&watch, "is:waiting");
    program_wait_text(watch.program, "Nothing passes the filter");
    program_keys(watch.program, "<Down>");
    program_wait_text(watch.program, "intervention.requested");
    resolve(&watch);
    program_wait_gone(watch.program, "intervention.requested");

    watch_filter(&watch, "<C-u>type:intervention.requested not is:waiting");
    program_keys(watch.program, "<Down>");
    program_wait_text(watch.program, "intervention.requested");
}

Test(older, what_was_answered_comes_into_the_list_where_nothing_was)
{
    struct watch watch = start();
    ask_and_forget(&watch);
    watch_filter(&watch, "type:intervention.req not is:waiting");
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "The journal begins here.");
    resolve(&watch);
    program_wait_text(watch.program, "intervention.requested");
}

Test(older, a_paused_list_keeps_its_rows)
{
    struct watch watch = start();
    send_events(&watch, 1, 60);
    watch_filter(&watch, "type:task.failed");
    program_keys(watch.program, "<Space>");
    program_wait_text(watch.program, "PAUSED");
    send_events(&watch, 61, ALL);
    program_wait_row(watch.program, 0, "260 events");
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_010");
    watch_wait_order(&watch, "tsk_060", "tsk_050", "tsk_040", "tsk_030", "tsk_020", "tsk_010");
    cr_expect_not(program_find(watch.program, "tsk_070", NULL, NULL));
    program_keys(watch.program, "<Space>g");
    program_wait_text(watch.program, "tsk_260");
}

Test(older, failures_are_found_in_the_journal)
{
    struct watch watch = start_with_events();
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_001");
    program_keys(watch.program, "E");
    watch_wait_selected(&watch, "tsk_010");
    program_keys(watch.program, "E");
    watch_wait_selected(&watch, "tsk_020");
    program_keys(watch.program, "e");
    watch_wait_selected(&watch, "tsk_010");
    program_keys(watch.program, "e");
    program_wait_text(watch.program, "no older failure");
}

Test(older, a_journal_that_is_deleted_has_nothing_older)
{
    struct watch watch = start_with_events();
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_001");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "evt_001");
    cr_assert_eq(unlink(path), 0);
    send_events(&watch, ALL + 1, ALL + 1);
    program_wait_gone(watch.program, "tsk_001");
    program_keys(watch.program, "g");
    program_wait_text(watch.program, "task.completed · tsk_261");
}

Test(older, watching_a_journal_goes_on_below_memory_too)
{
    struct watch watch = start_with_events();
    const char *const arguments[] = {"watch", "--since",  "1h",  "--history",
                                     path,    "--memory", "16M", NULL};
    struct program *other =
        program_start(&(struct program_setup){.arguments = arguments, .rows = 26, .columns = 120});
    program_wait_text(other, "tsk_260");
    program_keys(other, "G");
    program_wait_text(other, "The journal begins here.");
    program_wait_text(other, "tsk_001");
    send_events(&watch, ALL + 1, ALL + 1);
    program_keys(other, "g");
    program_wait_text(other, "tsk_261");
}

Test(older, watching_goes_on_when_files_beside_the_journal_are_deleted)
{
    static const char *const endings[] = {"-wal", "-shm"};
    struct watch watch = start_with_events();
    const char *const arguments[] = {"watch", "--since",  "1h",  "--history",
                                     path,    "--memory", "16M", NULL};
    struct program *other =
        program_start(&(struct program_setup){.arguments = arguments, .rows = 30, .columns = 120});
    program_wait_text(other, "tsk_260");
    program_keys(other, "G");
    program_wait_text(other, "The journal begins here.");
    for (size_t i = 0; i < 2; i++) {
        char file[80];
        snprintf(file, sizeof file, "%s%s", path, endings[i]);
        cr_assert_eq(unlink(file), 0);
    }
    send_events(&watch, ALL + 1, ALL + 10);
    program_keys(other, "g");
    program_wait_text(other, "tsk_270");
    program_keys(other, "G");
    program_wait_text(other, "tsk_001");
}

/* Every seventh event is of the same session. */
Test(older, the_timeline_of_a_session_begins_in_the_journal)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "tsk_260");
    program_keys(watch.program, "3");
    watch_wait_selected(&watch, "ses_1");
    program_keys(watch.program, "<Enter>");
    watch_wait_words(&watch, "session · ses_1", "Timeline");
    watch_wait_words(&watch, "task.failed", "tsk_260");
    program_keys(watch.program, "<Tab><Home>");
    watch_wait_order(&watch, "session · ses_1", "tsk_001", "tsk_008", "tsk_015", "tsk_022");
    watch_wait_words(&watch, "+", "task.completed", "tsk_008");
    cr_expect_not(program_find(watch.program, "tsk_007", NULL, NULL));
    program_keys(watch.program, "j<Enter>");
    program_wait_text(watch.program, "task.completed · tsk_008");
    program_wait_text(watch.program, "evt_008");
    watch_wait_selected(&watch, "tsk_008");
    program_keys(watch.program, "<Esc>");
    watch_wait_words(&watch, "session · ses_1", "Timeline");
}

Test(older, the_timeline_of_an_old_event_has_the_newer_ones)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "tsk_260");
    program_keys(watch.program, "G");
    watch_wait_selected(&watch, "tsk_001");
    program_keys(watch.program, "<Enter>]");
    watch_wait_words(&watch, "▸", "task.completed", "tsk_001");
    watch_wait_words(&watch, "+", "task.completed", "tsk_008");
    program_keys(watch.program, "<Tab><End>");
    watch_wait_words(&watch, "task.failed", "tsk_260");
}

/* Where the cursor of the timeline is, the event that it belongs to, and the mark on that. */
Test(older, a_timeline_stays_when_memory_forgets_its_events)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, 60);
    program_wait_text(watch.program, "tsk_060");
    program_keys(watch.program, "Gkkk");
    watch_wait_selected(&watch, "tsk_004");
    program_keys(watch.program, "<Enter>]");
    watch_wait_words(&watch, "▸", "task.completed", "tsk_004");
    program_keys(watch.program, "<Tab><Home>jjj");
    watch_wait_selected(&watch, "tsk_025");
    send_events(&watch, 61, ALL);
    program_wait_row(watch.program, 0, "260 events");
    watch_wait_selected(&watch, "tsk_025");
    watch_wait_words(&watch, "▸", "task.completed", "tsk_004");
    program_keys(watch.program, "<End>");
    watch_wait_words(&watch, "task.completed", "tsk_256");
}

Test(older, the_page_that_is_read_stays_when_memory_forgets_its_event)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, 60);
    program_wait_text(watch.program, "tsk_060");
    program_keys(watch.program, "Gkkk");
    watch_wait_selected(&watch, "tsk_004");
    program_keys(watch.program, "<Enter>]]");
    program_wait_text(watch.program, "\"task_id\"");
    program_keys(watch.program, "<Tab><Home>jjj");
    watch_wait_selected(&watch, "\"data\": {");
    send_events(&watch, 61, ALL);
    program_wait_row(watch.program, 0, "260 events");
    watch_wait_selected(&watch, "\"data\": {");
}

static void find_the_oldest_task(const struct watch *watch)
{
    program_wait_text(watch->program, "Tasks 260");
    program_keys(watch->program, "2G");
    watch_wait_selected(watch, "tsk_001");
    program_keys(watch->program, "<Enter>]]");
    watch_wait_words(watch, "task · tsk_001", "JSON");
    program_wait_text(watch->program, "\"evt_001\"");
    program_keys(watch->program, "[");
    watch_wait_words(watch, "✓", "task.completed", "tsk_001");
}

/* Also of those that were never in the memory of this run. */
Test(older, the_pages_of_a_task_show_the_event_that_memory_forgot)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, ALL);
    find_the_oldest_task(&watch);
    watch_quit(watch.program);
    watch = start_tall();
    find_the_oldest_task(&watch);
}

Test(older, the_filter_of_a_table_asks_events_that_memory_forgot)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "Tasks 260");
    program_keys(watch.program, "2G");
    watch_wait_selected(&watch, "tsk_001");
    watch_filter(&watch, "data.n<4");
    watch_wait_order(&watch, "tsk_003", "tsk_002", "tsk_001");
    watch_wait_selected(&watch, "tsk_001");
    program_wait_gone(watch.program, "tsk_004");
    watch_send(&watch, "evt_new", "task.failed", "\"task_id\":\"tsk_002\",\"n\":900");
    program_wait_gone(watch.program, "tsk_002");
    watch_send(&watch, "evt_newer", "task.failed", "\"task_id\":\"tsk_005\",\"n\":1");
    watch_wait_order(&watch, "tsk_005", "tsk_003", "tsk_001");
    watch_filter(&watch, " data.n<2");
    program_wait_gone(watch.program, "tsk_003");
    watch_wait_order(&watch, "tsk_005", "tsk_001");
}

/* What a filter says of a request changes with the answer to it. */
Test(older, the_filter_of_a_table_asks_again)
{
    struct watch watch = start_tall();
    watch_send(&watch, "evt_request", "intervention.requested",
               "\"request_id\":\"req_1\",\"session_id\":\"ses_request\"");
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "Tasks 260");
    program_keys(watch.program, "3");
    watch_filter(&watch, "is:waiting");
    program_wait_gone(watch.program, "ses_1 ");
    program_wait_row(watch.program, 4, "ses_request");
    watch_send(&watch, "evt_answer", "intervention.resolved", "\"request_id\":\"req_1\"");
    program_wait_text(watch.program, "Nothing passes the filter");
}

/* It passes, and is so far back that nobody has scrolled there yet. */
Test(older, a_jump_finds_an_event_behind_a_filter)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, ALL);
    program_wait_text(watch.program, "tsk_260");
    watch_filter(&watch, "type:task");
    program_keys(watch.program, "3");
    watch_wait_selected(&watch, "ses_1");
    program_keys(watch.program, "<Enter><Tab><Home>");
    watch_wait_words(&watch, "task.completed", "tsk_001");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "task.completed · tsk_001");
    watch_wait_selected(&watch, "tsk_001");
    program_wait_text(watch.program, "evt_001");
}

/* The page is turned to only after memory has let go of the event. */
Test(older, a_timeline_begins_at_the_event_that_memory_forgot)
{
    struct watch watch = start_tall();
    send_events(&watch, 1, 60);
    program_wait_text(watch.program, "tsk_060");
    program_keys(watch.program, "Gkkk<Enter>");
    program_wait_text(watch.program, "evt_004");
    send_events(&watch, 61, ALL);
    program_wait_row(watch.program, 0, "260 events");
    program_keys(watch.program, "]");
    watch_wait_words(&watch, "▸", "task.completed", "tsk_004");
}

Test(older, a_timeline_of_the_other_journal_has_its_events_only)
{
    struct watch first = start_with_events();
    const char *const arguments[] = {"watch", "--since",  "1h",  "--history",
                                     path,    "--memory", "16M", NULL};
    struct program *other =
        program_start(&(struct program_setup){.arguments = arguments, .rows = 40, .columns = 118});
    struct watch watching = {.program = other};
    program_wait_text(other, "Sessions 7");
    program_keys(other, "3");
    watch_wait_selected(&watching, "ses_1");
    program_keys(other, "jk<Enter><Tab><Home>");
    watch_wait_words(&watching, "task.completed", "tsk_001");
    program_keys(other, "]");
    watch_quit(first.program);
    cr_assert_eq(unlink(path), 0);
    struct watch second = start();
    static const struct watch_event fresh[] = {
        {10, "session.failed", "\"session_id\":\"ses_1\""},
        {9, "session.completed", "\"session_id\":\"ses_new\""},
        {0, NULL, NULL},
    };
    watch_send_all(&second, "new", fresh);
    program_wait_text(other, "ses_new");
    program_keys(other, "[<Home>");
    program_wait_text(other, "session.failed");
    program_wait_gone(other, "tsk_001");
}
