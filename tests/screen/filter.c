/* The prompt for filters, and the list of those that have names. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(filter, .fini = programs_stop);

static struct watch start(void)
{
    return watch_start(&(struct program_setup){.columns = 130});
}

static struct watch start_with(const char *config)
{
    static const char *const arguments[] = {"--config", "config", NULL};
    return watch_start(&(struct program_setup){
        .arguments = arguments, .columns = 130, .file = "config", .content = config});
}

/* Three of each: tsk_ok1 to 3 completed, tsk_bad1 to 3 failed with a cost of 1 to 3 cents. */
static void send_some(const struct watch *watch)
{
    for (int i = 1; i <= 3; i++) {
        char id[16], data[128];
        snprintf(id, sizeof id, "evt_ok%d", i);
        snprintf(data, sizeof data, "\"task_id\":\"tsk_ok%d\"", i);
        watch_send(watch, id, "task.completed", data);
        snprintf(id, sizeof id, "evt_bad%d", i);
        snprintf(data, sizeof data,
                 "\"task_id\":\"tsk_bad%d\",\"cost\":{\"amount\":0.0%d,\"currency\":\"USD\"}", i,
                 i);
        watch_send(watch, id, "task.failed", data);
    }
    watch_wait_order(watch, "tsk_bad3", "tsk_ok3", "tsk_bad2", "tsk_ok2", "tsk_bad1", "tsk_ok1");
}

enum { LAST_ROW = 23, TABS_ROW = 1, TEXT_COLUMN = 3 };

static void wait_prompt(const struct watch *watch, const char *text)
{
    program_wait_row(watch->program, LAST_ROW, text);
}

/* Types keys into an open prompt, and waits until it shows a text. */
static void type(const struct watch *watch, const char *keys, const char *shown)
{
    program_keys(watch->program, keys);
    wait_prompt(watch, shown);
}

Test(filter, filters_while_it_is_typed)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/", "6 matches");
    type(&watch, "is:failed", "3 matches");
    program_wait_gone(watch.program, "tsk_ok1");
    watch_wait_order(&watch, "tsk_bad3", "tsk_bad2", "tsk_bad1");
    type(&watch, " cost>=0.03", "1 match");
    program_wait_gone(watch.program, "tsk_bad2");
    type(&watch, "<Backspace>2", "2 matches");
    /* What comes meanwhile counts along. */
    watch_send(&watch, "evt_new", "task.failed",
               "\"task_id\":\"tsk_new\",\"cost\":{\"amount\":1,\"currency\":\"USD\"}");
    wait_prompt(&watch, "3 matches");
    watch_wait_order(&watch, "tsk_new", "tsk_bad3", "tsk_bad2");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, TABS_ROW, "filter: is:failed cost>=0.02");
    program_wait_gone(watch.program, "matches");
    program_wait_gone(watch.program, "tsk_bad1");
    /* The keys are commands again. */
    program_keys(watch.program, "a");
    watch_wait_order(&watch, "tsk_new", "tsk_bad3", "tsk_ok3", "tsk_ok1");
    program_wait_gone(watch.program, "filter: ");
}

Test(filter, a_mistake_is_told_and_the_last_good_one_stays)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/is:failed", "3 matches");
    type(&watch, " cost>x", "cost>x");
    program_wait_text(watch.program, "\"x\" is not an amount of money: write a number");
    program_wait_text(watch.program, "at character 16");
    wait_prompt(&watch, "not yet a filter");
    program_wait_gone(watch.program, "tsk_ok1");
    /* It is not taken while it is wrong. */
    program_keys(watch.program, "<Enter>");
    type(&watch, "<Backspace>0.01", "2 matches");
    program_wait_gone(watch.program, "is not an amount");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, TABS_ROW, "filter: is:failed cost>0.01");
}

/* "received" alone would be a word to look for, and no event here has it. */
Test(filter, an_unfinished_comparison_hides_no_rows)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/received", "0 matches");
    program_wait_gone(watch.program, "tsk_bad1");
    type(&watch, ">", "not yet a filter");
    watch_wait_order(&watch, "tsk_bad3", "tsk_ok3", "tsk_bad2", "tsk_ok2", "tsk_bad1", "tsk_ok1");
    type(&watch, "2020-01-01 09:0", "not yet a filter");
    program_wait_text(watch.program, "tsk_ok1");
    type(&watch, "0", "6 matches");
    type(&watch, "<C-u>is:failed received", "0 matches");
    type(&watch, "<", "not yet a filter");
    watch_wait_order(&watch, "tsk_bad3", "tsk_bad2", "tsk_bad1");
    program_wait_gone(watch.program, "tsk_ok1");
    type(&watch, "yesterda", "not yet a filter");
    program_wait_text(watch.program, "tsk_bad1");
    type(&watch, "y", "0 matches");
    program_wait_gone(watch.program, "tsk_bad1");
}

Test(filter, a_type_that_looks_mistyped_is_doubted_and_kept)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/type:task.fial", "0 matches");
    program_wait_text(watch.program, "did you mean task.failed?");
    type(&watch, "<Backspace><Backspace><Backspace>", "3 matches");
    program_wait_gone(watch.program, "did you mean");
}

Test(filter, a_mistake_is_told_whole_on_a_narrow_screen)
{
    struct watch watch = start();
    program_resize(watch.program, 10, 40);
    program_wait_text(watch.program, "q quit");
    program_keys(watch.program, "/cost>x");
    watch_wait_order(&watch, "\"x\" is not an amount of money:", "or without a currency",
                     "0.01usd (at", "character 6)", "/ cost>x");
}

Test(filter, places_are_counted_in_characters)
{
    struct watch watch = start();
    type(&watch, "/日本 cost>x", "/ 日本 cost>x");
    program_wait_text(watch.program, "at character 9");
}

Test(filter, escape_restores_and_enter_keeps)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/is:failed", "3 matches");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, TABS_ROW, "filter: is:failed");
    /* It opens with the filter that holds. */
    type(&watch, "/", "/ is:failed");
    type(&watch, " cost>0.02", "1 match");
    program_keys(watch.program, "<Esc>");
    watch_wait_order(&watch, "tsk_bad3", "tsk_bad2", "tsk_bad1");
    program_wait_gone(watch.program, "cost>0.02");
    program_wait_row(watch.program, TABS_ROW, "filter: is:failed");
    /* An empty one lifts it. */
    type(&watch, "/<C-u>", "6 matches");
    program_keys(watch.program, "<Enter>");
    program_wait_gone(watch.program, "filter: ");
}

Test(filter, history_comes_back_with_the_arrows)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/is:failed", "3 matches");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, TABS_ROW, "filter: is:failed");
    type(&watch, "/<C-u>tsk_ok", "/ tsk_ok");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, TABS_ROW, "filter: tsk_ok");
    type(&watch, "/<C-u>begun", "/ begun");
    type(&watch, "<Up>", "/ tsk_ok");
    type(&watch, "<Up>", "/ is:failed");
    type(&watch, "<Up>", "/ is:failed");
    type(&watch, "<Down>", "/ tsk_ok");
    type(&watch, "<Down>", "/ begun");
    type(&watch, "<Up><Up>", "/ is:failed");
    wait_prompt(&watch, "3 matches");
    program_keys(watch.program, "<Enter>");
    watch_wait_order(&watch, "tsk_bad3", "tsk_bad2", "tsk_bad1");
}

Test(filter, tab_completes_names_and_values)
{
    struct watch watch = start();
    watch_send(&watch, "evt_1", "session.failed",
               "\"session_id\":\"ses_1\",\"reason\":\"browser_unreachable\"");
    watch_send(&watch, "evt_2", "session.failed",
               "\"session_id\":\"ses_2\",\"reason\":\"out_of_credit\"");
    program_wait_text(watch.program, "ses_2");
    type(&watch, "/dura<Tab>", "/ duration");
    type(&watch, "<C-u>is:f<Tab>", "/ is:failed");
    type(&watch, "<C-u>reason:br<Tab>", "/ reason:browser_unreachable");
    wait_prompt(&watch, "1 match");
    /* What is not certain is offered. */
    type(&watch, "<C-u>reason:<Tab>", "/ reason:");
    program_wait_row(watch.program, LAST_ROW - 1, "browser_unreachable");
    program_wait_row(watch.program, LAST_ROW - 1, "out_of_credit");
    type(&watch, "<C-u>re<Tab>", "/ re");
    program_wait_row(watch.program, LAST_ROW - 1, "reason");
    program_wait_row(watch.program, LAST_ROW - 1, "recording");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "recording");
}

enum { LOW = 11 }; /* the last row of a low screen */

struct page {
    int from, to, of;
};

static bool is_next_page(struct program *program, void *context)
{
    struct page *page = context, shown;
    const char *row = program_row(program, LOW - 1);
    if (sscanf(row, "%d to %d of %d", &shown.from, &shown.to, &shown.of) != 3 ||
        shown.from != page->to + 1 || shown.to < shown.from || !strstr(row, "   Tab more"))
        return false;
    *page = shown;
    return true;
}

/* Adds the words between the list and the prompt, a blank behind each. */
static void read_offers(struct program *program, char *words, size_t size)
{
    for (int row = LOW - 4; row < LOW - 1; row++) {
        char line[512];
        snprintf(line, sizeof line, "%s", program_row(program, row));
        cr_expect_not(strstr(line, "…"), "%s", line);
        for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
            snprintf(words + strlen(words), size - strlen(words), "%s ", word);
    }
}

Test(filter, all_that_tab_offers_can_be_seen)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = LOW + 1});
    char words[8192] = " ";
    struct page page = {.to = 0};
    int pages = 0;
    /* With a row in it, the list leaves blank what the words do not cover. */
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, LOW, "1/1");
    program_keys(watch.program, "/");
    program_wait_row(watch.program, LOW, "1 match");
    do {
        program_keys(watch.program, "<Tab>");
        program_wait(watch.program, "the next page", is_next_page, &page);
        read_offers(watch.program, words, sizeof words);
        pages++;
    } while (page.to < page.of);
    cr_expect_gt(pages, 1);
    static const char *const some[] = {" type: ",     " duration ", " cost ",
                                       " verified= ", " has: ",     " id: "};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        cr_expect(strstr(words, some[i]), "%s in %s", some[i], words);
    int count = -1;
    for (const char *at = words; *at; at++)
        count += *at == ' ';
    cr_expect_eq(count, page.of, "%d words of %d: %s", count, page.of, words);
    /* From the last page on to the first, and back. */
    program_keys(watch.program, "<Tab>");
    program_wait_row(watch.program, LOW - 1, " 1 to ");
    char last[48];
    snprintf(last, sizeof last, " %d to %d of %d", page.from, page.to, page.of);
    program_keys(watch.program, "<BackTab>");
    program_wait_row(watch.program, LOW - 1, last);
}

static const struct {
    const char *name, *keys, *shown;
    int cursor; /* columns behind the start of the text */
} edits[] = {
    {"start and end", "bc<C-a>a<C-e>d", "/ abcd", 4},
    {"home and end", "bc<Home>a<End>d<Left>", "/ abcd", 3},
    {"arrows", "ad<Left>bc<Right>e", "/ abcde", 5},
    {"backspace", "abc<Left><Backspace>", "/ ac", 1},
    {"delete", "abc<Left><Left><Delete>", "/ ac", 1},
    {"erase a word", "one two  <C-w>x", "/ one x", 5},
    {"erase a word in the middle", "one two<Left><Left><Left><C-w>x", "/ xtwo", 1},
    {"erase to the start", "one two<Left><Left><Left><C-u>", "/ two", 0},
    {"erase to the end", "one two<C-a><Right><Right><Right><C-k>x", "/ onex", 4},
    {"wide characters", "日本語", "/ 日本語", 6},
    {"wide characters erased", "日本語<Left><Backspace>x", "/ 日x語", 3},
    {"accents", "café<Left><Delete>ë", "/ cafë", 4},
    {"commands are letters", "q?Tw 1", "/ q?Tw 1", 6},
};

struct edited {
    const char *shown; /* and nothing behind it */
    int cursor;
};

static bool is_edited(struct program *program, void *context)
{
    const struct edited *edited = context;
    int row, column;
    program_cursor(program, &row, &column);
    const char *shown = strstr(program_row(program, LAST_ROW), edited->shown);
    return shown && strncmp(shown + strlen(edited->shown), "  ", 2) == 0 &&
           program_cursor_visible(program) && row == LAST_ROW &&
           column == TEXT_COLUMN + edited->cursor;
}

Test(filter, is_edited_as_in_a_shell)
{
    struct watch watch = start();
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        struct edited edited = {edits[i].shown, edits[i].cursor};
        program_keys(watch.program, "/<C-u>");
        program_keys(watch.program, edits[i].keys);
        program_wait(watch.program, edits[i].name, is_edited, &edited);
        program_keys(watch.program, "<Esc>");
        program_wait_gone(watch.program, edits[i].shown);
    }
}

Test(filter, a_character_may_come_in_pieces)
{
    struct watch watch = start();
    type(&watch, "/x", "/ x");
    program_type(watch.program, "\xe6", 1);
    watch_send(&watch, "evt_1", "task.failed", "");
    wait_prompt(&watch, "0 matches");
    program_wait_row(watch.program, 0, "1 event"); /* it has looked for keys since */
    program_type(watch.program, "\x97", 1);
    watch_send(&watch, "evt_2", "task.failed", "");
    program_wait_row(watch.program, 0, "2 events");
    program_type(watch.program, "\xa5y", 2);
    wait_prompt(&watch, "/ x日y");
    /* One that never comes whole does not hold up what follows. */
    program_type(watch.program, "\xe6z", 2);
    wait_prompt(&watch, "/ x日yz");
}

Test(filter, each_view_keeps_its_own)
{
    struct watch watch = start();
    send_some(&watch);
    type(&watch, "/is:failed", "3 matches");
    program_keys(watch.program, "<Enter>");
    program_wait_gone(watch.program, "tsk_ok1");
    program_keys(watch.program, "2");
    watch_wait_order(&watch, "TASK", "tsk_ok");
    program_wait_gone(watch.program, "filter: ");
    type(&watch, "/task:tsk_ok2", "1 match");
    program_wait_gone(watch.program, "tsk_bad1");
    program_keys(watch.program, "<Enter>");
    program_wait_row(watch.program, TABS_ROW, "filter: task:tsk_ok2");
    watch_wait_selected(&watch, "tsk_ok2 ");
    program_keys(watch.program, "1");
    program_wait_row(watch.program, TABS_ROW, "filter: is:failed");
    watch_wait_order(&watch, "tsk_bad3", "tsk_bad2", "tsk_bad1");
    program_keys(watch.program, "2");
    program_wait_row(watch.program, TABS_ROW, "filter: task:tsk_ok2");
    program_keys(watch.program, "a");
    program_wait_text(watch.program, "tsk_bad1");
    program_wait_gone(watch.program, "filter: ");
}

Test(filter, deliveries_have_fields_too)
{
    struct watch watch = start();
    static const char json[] = "{\"id\":\"evt_1\",\"type\":\"task.failed\"}";
    cr_assert_eq(watch_deliver(&watch, "another secret", json).status, 401);
    cr_assert_eq(watch_deliver(&watch, WATCH_SECRET, "{\"id\":1").status, 400);
    watch_send(&watch, "evt_good", "task.failed", "\"task_id\":\"tsk_1\"");
    program_keys(watch.program, "7");
    watch_wait_order(&watch, "200 accepted", "400 refused", "401 refused");
    type(&watch, "/data.status=401", "1 match");
    program_wait_gone(watch.program, "400 refused");
    program_wait_gone(watch.program, "200 accepted");
    program_wait_text(watch.program, "401 refused");
    type(&watch, "<C-u>status:4", "2 matches");
    type(&watch, "<C-u>data.status>=401", "1 match");
    type(&watch, "<C-u>is:failed", "2 matches");
    program_keys(watch.program, "<Enter>");
    watch_wait_order(&watch, "400 refused", "401 refused");
    program_keys(watch.program, "a");
    watch_wait_order(&watch, "200 accepted", "400 refused", "401 refused");
}

Test(filter, deliveries_are_verified_or_duplicates_as_they_came)
{
    struct watch watch = start();
    static const char again[] = "{\"id\":\"evt_1\",\"type\":\"task.failed\"}";
    cr_assert_eq(watch_deliver(&watch, "another secret", again).status, 401);
    cr_assert_eq(watch_deliver(&watch, WATCH_SECRET, again).status, 200);
    cr_assert_eq(watch_deliver(&watch, WATCH_SECRET, again).status, 200);
    program_keys(watch.program, "7");
    watch_wait_order(&watch, "200 duplicate", "200 accepted", "401 refused");
    type(&watch, "/is:duplicate", "1 match");
    program_wait_gone(watch.program, "200 accepted");
    program_wait_text(watch.program, "200 duplicate");
    type(&watch, "<C-u>duplicates=0", "2 matches");
    type(&watch, "<C-u>is:verified", "2 matches");
    program_wait_gone(watch.program, "401 refused");
    type(&watch, "<C-u>is:unverified", "1 match");
    program_wait_text(watch.program, "401 refused");
    type(&watch, "<C-u>is:unknown", "0 matches");
}

Test(filter, no_delivery_is_verified_without_a_secret)
{
    struct watch watch = watch_start(&(struct program_setup){
        .columns = 130, .environment = (const char *const[]){"ANCHOR_WEBHOOK_SECRET", NULL}});
    static const char event[] = "{\"id\":\"evt_1\",\"type\":\"task.failed\"}";
    cr_assert_eq(watch_deliver(&watch, NULL, event).status, 200);
    program_keys(watch.program, "7");
    program_wait_text(watch.program, "200 accepted");
    type(&watch, "/is:verified", "0 matches");
    program_wait_gone(watch.program, "200 accepted");
    type(&watch, "<C-u>verified=no", "1 match");
    type(&watch, "<C-u>is:unverified", "1 match");
    program_wait_text(watch.program, "200 accepted");
}

Test(filter, the_selection_stays_on_its_event)
{
    struct watch watch = start();
    send_some(&watch);
    program_keys(watch.program, "<Down><Down>");
    watch_wait_selected(&watch, "tsk_bad2");
    type(&watch, "/is:failed", "3 matches");
    watch_wait_selected(&watch, "tsk_bad2");
    program_keys(watch.program, "<Esc>");
    program_wait_text(watch.program, "tsk_ok3");
    watch_wait_selected(&watch, "tsk_bad2");
}

Test(filter, what_waits_no_longer_leaves_the_list)
{
    struct watch watch = start();
    for (int i = 1; i <= 3; i++) {
        char id[16], data[64];
        snprintf(id, sizeof id, "evt_%d", i);
        snprintf(data, sizeof data, "\"request_id\":\"req_%d\",\"message\":\"Come %d\"", i, i);
        watch_send(&watch, id, "intervention.requested", data);
    }
    type(&watch, "/is:waiting", "3 matches");
    program_keys(watch.program, "<Enter><Down>");
    watch_wait_selected(&watch, "req_2");
    watch_send(&watch, "evt_r", "intervention.resolved", "\"request_id\":\"req_3\"");
    program_wait_gone(watch.program, "req_3");
    watch_wait_order(&watch, "req_2", "req_1");
    watch_wait_selected(&watch, "req_2");
}

Test(filter, what_is_repeated_comes_into_the_list)
{
    struct watch watch = start();
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    watch_send(&watch, "evt_2", "task.failed", "\"task_id\":\"tsk_2\"");
    type(&watch, "/duplicates>0", "0 matches");
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    wait_prompt(&watch, "1 match");
    program_wait_text(watch.program, "tsk_1");
}

/* Its first seconds are shown, however long it takes to look: the filter is there before it. */
Test(filter, what_grows_old_leaves_the_list)
{
    struct watch watch = start();
    type(&watch, "/age<5s", "0 matches");
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    wait_prompt(&watch, "1 match");
    wait_prompt(&watch, "0 matches");
    /* Tables too, by their newest event. */
    program_keys(watch.program, "<Enter>2");
    watch_wait_words(&watch, "TASK", "STREAK▼");
    type(&watch, "/age<5s", "0 matches");
    watch_send(&watch, "evt_2", "task.failed", "\"task_id\":\"tsk_2\"");
    program_wait_text(watch.program, "tsk_2");
    wait_prompt(&watch, "1 match");
    wait_prompt(&watch, "0 matches");
    program_wait_gone(watch.program, "tsk_2");
}

Test(filter, named_ones_are_offered_with_their_counts)
{
    struct watch watch = start_with("[filters]\nbroken = is:failed\ndear ones = cost>0.02\n"
                                    "captchas = captcha or type:intervention\n");
    send_some(&watch);
    program_keys(watch.program, "F");
    watch_wait_order(&watch, "(no filter)", "broken", "dear ones", "captchas");
    static const struct {
        const char *name, *expression, *count;
    } rows[] = {
        {"(no filter)", "", "6"},
        {"broken", "is:failed", "3"},
        {"dear ones", "cost>0.02", "1"},
        {"captchas", "captcha or type:intervention", "0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        watch_wait_words(&watch, rows[i].name, rows[i].expression, rows[i].count);
    }
    /* They count on while it is open. */
    watch_send(&watch, "evt_new", "intervention.requested", "\"request_id\":\"req_1\"");
    watch_wait_words(&watch, "captchas", "  1");
    watch_wait_words(&watch, "(no filter)", "  7");
    program_keys(watch.program, "<Down><Enter>");
    program_wait_gone(watch.program, "(no filter)");
    program_wait_gone(watch.program, "tsk_ok1");
    program_wait_text(watch.program, "filter: is:failed");
    /* The cursor begins at the one that holds. */
    program_keys(watch.program, "F");
    watch_wait_selected(&watch, "broken");
    program_keys(watch.program, "<Home><Enter>");
    program_wait_text(watch.program, "tsk_ok1");
    program_wait_gone(watch.program, "filter: ");
}

Test(filter, without_names_the_list_says_how_to_give_them)
{
    struct watch watch = start();
    program_keys(watch.program, "F");
    watch_wait_order(&watch, "configuration file", "[filters]", "failures = is:failed");
    program_keys(watch.program, "<Enter>");
    program_wait_gone(watch.program, "[filters]");
}

Test(filter, a_wrong_name_is_refused_before_the_screen)
{
    static const char *const arguments[] = {"--config", "config", NULL};
    struct program *program = program_start(
        &(struct program_setup){.arguments = arguments,
                                .keep_stderr = true,
                                .file = "config",
                                .content = "[filters]\nfine = is:ok\ndear = cost>much\n"});
    cr_expect_eq(program_wait_exit(program), 2);
    cr_expect(strstr(program_stderr(program), "config:3: filter dear: \"much\" is not an amount"),
              "%s", program_stderr(program));
    cr_expect(strstr(program_stderr(program), "at character 6"), "%s", program_stderr(program));
}
