/* Room goes where it is needed: the simulated fleet with ids as long as Anchor's, and texts of any
 * length, in every view. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/fleet.h"

TestSuite(room, .fini = programs_stop);

enum { EVENTS = 700, LIST_ROW = 4 };

/* Writes a body with ids as long as "ses_8d2c1fda-7b6e-4a3d-9c1f-0e2b3a4c5d6e". */
static void write_with_long_ids(FILE *file, const char *body)
{
    static const char *const prefixes[] = {"ses_", "tsk_", "bat_", "req_"};
    enum { SHORT = 8 };
    while (*body) {
        size_t length = 1;
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
            if (strncmp(body, prefixes[i], 4) != 0)
                continue;
            for (length = 4; isalnum((unsigned char)body[length]);)
                length++;
        }
        fwrite(body, 1, length, file);
        if (length == 4 + SHORT)
            fprintf(file, "-7b6e-4a3d-9c1f-0e2b%.8s", body + 4);
        body += length;
    }
    putc('\n', file);
}

/* What the fleet sends, up to now, as a recording; at its end a batch, bat_last. */
static char *recorded_fleet(void)
{
    char *content = NULL;
    size_t size;
    FILE *file = open_memstream(&content, &size);
    int64_t now_ms = (int64_t)time(NULL) * 1000, busy_ms = now_ms - 120000;
    struct fleet *fleet = fleet_new(7, busy_ms - 1200000, busy_ms);
    cr_assert(file && fleet);
    for (int i = 0; i < EVENTS; i++) {
        struct fleet_delivery delivery;
        int64_t due_ms = fleet_due(fleet);
        cr_assert(fleet_next(fleet, due_ms, &delivery));
        write_with_long_ids(file, delivery.body);
        free(delivery.body);
    }
    fleet_free(fleet);
    fputs(
        "{\"id\":\"evt_last\",\"type\":\"batch.completed\",\"data\":{\"batch_id\":\"bat_last\"}}\n",
        file);
    fclose(file);
    return content;
}

static struct watch watch_fleet(int rows, int columns)
{
    static const char *const arguments[] = {"watch", "fleet.jsonl", NULL};
    char *content = recorded_fleet();
    struct watch watch = {.program = program_start(&(struct program_setup){.arguments = arguments,
                                                                           .file = "fleet.jsonl",
                                                                           .content = content,
                                                                           .rows = rows,
                                                                           .columns = columns})};
    free(content);
    program_wait_text(watch.program, "bat_last"); /* all has been read */
    return watch;
}

/* The part of a row between two columns. */
static void cells_of(struct program *program, int row, int from, int to, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int column = from; column < to; column++) {
        struct program_cell cell = program_cell(program, row, column);
        const char *shown = cell.text[0] ? cell.text : " ";
        if (cell.width > 0 && used + strlen(shown) < size)
            used += (size_t)snprintf(text + used, size - used, "%s", shown);
    }
    while (used > 0 && text[used - 1] == ' ')
        text[--used] = '\0';
}

/* Counts the rows with something in the column of a title, and those where that is cut. */
static void count_cut(struct program *program, int titles, const char *title, int columns,
                      int *filled, int *cut)
{
    int row = -1, from = -1, to = columns;
    char text[512];
    cr_assert(program_find(program, title, &row, &from), "%s:\n%s", title, program_dump(program));
    cr_assert_eq(row, titles, "%s:\n%s", title, program_dump(program));
    cells_of(program, row, from + (int)strlen(title), columns, text, sizeof text);
    if (text[strspn(text, " ")])
        to = from + (int)strlen(title) + (int)strspn(text, " ");
    for (row++; row < program_rows(program) - 1; row++) {
        cells_of(program, row, from, to, text, sizeof text);
        *filled += text[strspn(text, " ")] && !strstr(text, "──");
        *cut += strstr(text, "…") != NULL;
    }
}

/* Presses a key, and waits until what comes of it is drawn: the last row, which is drawn last, says
 * that the bell is muted, or that it is not. */
static void press(struct program *program, const char *key, bool *muted)
{
    program_keys(program, key);
    program_keys(program, "m");
    *muted = !*muted;
    program_wait_row(program, program_rows(program) - 1,
                     *muted ? "muted: the bell is off" : " the bell is on");
}

Test(room, no_view_cuts_more_than_a_third_of_its_summaries_at_100_columns)
{
    enum { ROWS = 30, COLUMNS = 100, PAGES = 4 };
    static const struct {
        const char *key, *title;
    } views[] = {
        {"1", "SUMMARY"},  {"2", "LAST ERROR"}, {"3", "REASON"},          {"4", "MESSAGE"},
        {"5", "PROGRESS"}, {"6", "ERROR"},      {"7", "REASON OR EVENT"},
    };
    struct watch watch = watch_fleet(ROWS, COLUMNS);
    bool muted = false;
    program_wait_row(watch.program, 1, "waiting, oldest");
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        int filled = 0, cut = 0;
        press(watch.program, views[i].key, &muted);
        for (int page = 0; page < PAGES; page++) {
            count_cut(watch.program, LIST_ROW - 1, views[i].title, COLUMNS, &filled, &cut);
            press(watch.program, "<PageDown>", &muted);
        }
        cr_expect_gt(filled, 0, "%s:\n%s", views[i].title, program_dump(watch.program));
        cr_expect_leq(cut * 3, filled, "%s: %d of %d are cut:\n%s", views[i].title, cut, filled,
                      program_dump(watch.program));
    }
}

/* The word that differs is never cut. */
Test(room, types_are_told_by_their_label_where_there_is_no_room_for_the_name)
{
    struct watch watch = watch_fleet(24, 80);
    program_wait_text(watch.program, "logged in");
    program_wait_gone(watch.program, "identity.");
    program_wait_gone(watch.program, "task.");
    program_resize(watch.program, 24, 220);
    program_wait_text(watch.program, "identity.authenticated");
}

static const char id[] = "exr_8d2c1fda-7b6e-4a3d-9c1f-0e2b3a4c5d6e";

Test(room, ids_are_whole_in_the_details_at_any_width)
{
    static const int widths[] = {60, 80, 100, 120, 200};
    char data[256];
    struct watch watch = watch_start(NULL);
    snprintf(data, sizeof data,
             "\"task_id\":\"tsk_1\",\"execution_id\":\"%s\",\"session_dashboard_url\":"
             "\"https://app.anchorbrowser.example/sessions/%s/steps/%s\"",
             id, id, id);
    watch_send(&watch, "evt_1", "task.failed", data);
    program_wait_text(watch.program, "tsk_1");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        program_resize(watch.program, 60, widths[i]);
        program_keys(watch.program, "1<Enter>");
        program_wait_text(watch.program, "Execution");
        program_wait_text(watch.program, id);
        program_keys(watch.program, "2");
        program_wait_text(watch.program, "Newest executions");
        program_wait_text(watch.program, id);
        program_keys(watch.program, "1<Esc>");
        program_wait_gone(watch.program, "Execution ");
    }
}

Test(room, details_of_a_task_have_all_of_a_long_error_and_every_execution)
{
    enum { EXECUTIONS = 20, LONG = 3000 };
    char *data = malloc(LONG + 512), name[64];
    struct watch watch = watch_start(&(struct program_setup){.rows = 140, .columns = 120});
    cr_assert_not_null(data);
    for (int i = 0; i < EXECUTIONS; i++) {
        snprintf(name, sizeof name, "evt_%d", i);
        int used =
            sprintf(data, "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_%02d%s\"", i, id + 6);
        if (i == EXECUTIONS - 1) {
            used += sprintf(data + used, ",\"error\":{\"message\":\"");
            for (int word = 0; word < LONG / 10; word++)
                used += sprintf(data + used, "word %04d ", word);
            sprintf(data + used, "the end\"}");
        }
        watch_send_ago(&watch, name, EXECUTIONS - i, "task.failed", data);
    }
    free(data);
    /* What failed is not the newest event any more. */
    watch_send(&watch, "evt_ok", "task.completed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, 0, "21 events");
    program_keys(watch.program, "2<Enter>");
    program_wait_text(watch.program, "word 0000");
    program_keys(watch.program, "<Tab>G");
    program_wait_text(watch.program, "the end");
    for (int i = 0; i < EXECUTIONS; i++) {
        snprintf(name, sizeof name, "exr_%02d%s", i, id + 6);
        program_wait_text(watch.program, name);
    }
}

/* Once the event is not the newest one any more, the beginning is kept, and says that it is one. */
Test(room, an_error_that_is_kept_in_part_ends_in_a_mark)
{
    enum { LONG = 20000 };
    char *data = malloc(LONG + 512);
    struct watch watch = watch_start(&(struct program_setup){.rows = 60, .columns = 120});
    cr_assert_not_null(data);
    int used = sprintf(data, "\"task_id\":\"tsk_1\",\"error\":{\"message\":\"");
    memset(data + used, 'x', LONG);
    strcpy(data + used + LONG, "\"}");
    watch_send(&watch, "evt_1", "task.failed", data);
    watch_send(&watch, "evt_2", "task.completed", "\"task_id\":\"tsk_1\"");
    free(data);
    program_wait_row(watch.program, 0, "2 events");
    program_keys(watch.program, "2<Enter>");
    program_wait_text(watch.program, "Last error");
    program_keys(watch.program, "<Tab>G");
    program_wait_text(watch.program, "xxxx…");
}

Test(room, deliveries_show_the_reason_before_size_and_port)
{
    struct watch watch = watch_start(NULL);
    cr_assert_eq(watch_deliver(&watch, NULL, "{\"id\":\"e\",\"type\":\"t\"}").status, 401);
    program_keys(watch.program, "7");
    watch_wait_words(&watch, "HTTP", "RESULT", "REASON OR EVENT");
    watch_wait_words(&watch, "401", "refused", "Anchor-Signature");
    int row = program_find_row(watch.program, " 401 ");
    cr_expect_not(strstr(program_row(watch.program, row), "127.0.0.1"), "%s",
                  program_row(watch.program, row));
    program_resize(watch.program, 24, 200);
    watch_wait_words(&watch, "RESULT", "SIZE", "TOOK", "FROM");
}

Test(room, batches_keep_their_progress_beside_the_details)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 120});
    watch_send(&watch, "evt_1", "batch.completed",
               "\"batch_id\":\"bat_92ab7de1-7b6e-4a3d-9c1f-0e2b3a4c5d6e\",\"total_requests\":20,"
               "\"completed_requests\":15,\"failed_requests\":5,\"status\":\"completed\"");
    program_keys(watch.program, "5<Enter>");
    watch_wait_words(&watch, "bat_92ab7de1…", "completed", "████", "▒▒", "75%", "│");
}

Test(room, a_timeline_has_lines_between_days_and_whole_times)
{
    enum { DAY = 86400 };
    struct watch watch = watch_start(&(struct program_setup){.rows = 40, .columns = 100});
    char yesterday[16];
    time_t then = watch.started - DAY;
    strftime(yesterday, sizeof yesterday, "%H:%M:%S", gmtime(&then));
    watch_send_ago(&watch, "evt_1", 3 * DAY, "task.failed", "\"task_id\":\"tsk_1\"");
    watch_send_ago(&watch, "evt_2", DAY, "task.failed", "\"task_id\":\"tsk_1\"");
    watch_send(&watch, "evt_3", "task.completed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, 0, "3 events");
    program_keys(watch.program, "2<Enter>]");
    watch_wait_order(&watch, "Timeline", "── yesterday", "── today");
    program_wait_text(watch.program, yesterday);
    watch_wait_words(&watch, yesterday, "+2d00h", "task.failed");
    program_keys(watch.program, "<Tab>G");
    watch_wait_selected(&watch, "+1d00h");
    program_keys(watch.program, "k");
    watch_wait_selected(&watch, "+2d00h");
}

#define LONG_SESSION "\"session_id\":\"ses_92ab7de1-7b6e-4a3d-9c1f-0e2b3a4c5d6e\""

Test(room, a_narrow_timeline_leaves_room_for_what_happened)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 120});
    watch_send_ago(&watch, "evt_1", 60, "intervention.requested",
                   LONG_SESSION ",\"request_id\":\"r\",\"message\":\"Solve the captcha\"");
    watch_send(&watch, "evt_2", "session.completed",
               LONG_SESSION ",\"steps\":12,\"domains\":[\"a.example\",\"b.example\"],"
                            "\"network_bytes_total\":4891204,\"duration_ms\":27540");
    program_wait_row(watch.program, 0, "2 events");
    program_keys(watch.program, "<Enter>]");
    watch_wait_words(&watch, "│", "● asks a human", "Solve the ca");
    /* Of these there is more than one kind. */
    watch_wait_words(&watch, "│", "✓ session.completed", "12 steps");
}

Test(room, a_session_that_goes_on_says_for_how_long_and_what_it_waits_for)
{
    struct watch watch = watch_start(NULL);
    watch_send_ago(&watch, "evt_1", 130, "identity.authenticated",
                   "\"identity_id\":\"i\",\"session_id\":\"ses_runs\"");
    watch_send_ago(&watch, "evt_2", 250, "intervention.requested",
                   "\"request_id\":\"r\",\"session_id\":\"ses_asks\",\"message\":\"Solve it\"");
    watch_send_ago(&watch, "evt_3", 2 * 86400, "identity.authenticated",
                   "\"identity_id\":\"i\",\"session_id\":\"ses_lost\"");
    program_wait_row(watch.program, 0, "3 events");
    program_keys(watch.program, "3");
    watch_wait_words(&watch, "ses_asks", "waiting", "4m", "Solve it");
    watch_wait_words(&watch, "ses_runs", "running", "2m");
    watch_wait_words(&watch, "ses_lost", "no end seen");
}

/* The column of the border between list and details. */
static int border_of(struct program *program)
{
    int row, column;
    cr_assert(program_find(program, "│ Type", &row, &column), "%s", program_dump(program));
    return column;
}

Test(room, list_and_details_share_the_width_by_what_they_need)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 160});
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"t\",\"error\":{\"message\":\"no\"}");
    program_wait_text(watch.program, "task.failed");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "│ Type");
    int before = border_of(watch.program);
    watch_send(
        &watch, "evt_2", "task.failed",
        "\"task_id\":\"t\",\"error\":{\"message\":\"A button that was there yesterday, and in "
        "all the years before, was not found on the page\"}");
    program_wait_row(watch.program, 0, "2 events");
    watch_wait_words(&watch, "task.failed", "A button");
    cr_expect_eq(border_of(watch.program), before, "it stays while the details are open");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "│ Type");
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "│ Type");
    cr_expect_gt(border_of(watch.program), before, "%s", program_dump(watch.program));
}

Test(room, a_table_shows_last_runs_and_whole_times_of_another_day)
{
    enum { DAY = 86400 };
    static const struct watch_event runs[] = {
        {DAY + 40, "task.failed", "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_1\""},
        {DAY + 30, "task.completed", "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_2\""},
        {DAY + 20, "task.cancelled", "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_3\""},
        {DAY + 10, "task.failed", "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_4\""},
        {0, NULL, NULL}};
    struct watch watch = watch_start(&(struct program_setup){.columns = 160});
    char newest[24];
    time_t then = watch.started - DAY - 10;
    strftime(newest, sizeof newest, "%m-%d %H:%M", gmtime(&then));
    watch_send_all(&watch, "evt_", runs);
    program_wait_row(watch.program, 0, "4 events");
    program_keys(watch.program, "2");
    watch_wait_words(&watch, "RECENT", "FAILED", "NEWEST");
    watch_wait_words(&watch, "tsk_1", "✗✓⊘✗", newest);
}

/* Absent is neither yes nor no. */
Test(room, a_heal_that_does_not_tell_is_neither_a_draft_nor_published)
{
    static const struct {
        const char *task, *data, *says; /* NULL: nothing */
    } rows[] = {
        {"tsk_silent", "\"healed_task_version_id\":\"v2\"", NULL},
        {"tsk_null", "\"healed_task_version_id\":\"v2\",\"published_as_draft\":null", NULL},
        {"tsk_draft", "\"healed_task_version_id\":\"v2\",\"published_as_draft\":true", "a draft"},
        {"tsk_public", "\"healed_task_version_id\":\"v2\",\"published_as_draft\":false",
         "published"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = watch_start(&(struct program_setup){.rows = 60, .columns = 160});
        char data[256], title[64];
        snprintf(data, sizeof data, "\"task_id\":\"%s\",%s", rows[i].task, rows[i].data);
        watch_send(&watch, "evt_1", "task.healed", data);
        program_wait_text(watch.program, rows[i].task);
        program_keys(watch.program, "2<Enter>");
        snprintf(title, sizeof title, "task · %s", rows[i].task);
        program_wait_text(watch.program, title);
        program_wait_text(watch.program, "Healed version");
        program_wait_text(watch.program, "Esc back"); /* the last row of the frame */
        if (rows[i].says)
            program_wait_text(watch.program, rows[i].says);
        for (size_t word = 0; word < 2; word++) {
            const char *words[] = {"a draft", "published"};
            bool told = rows[i].says && strcmp(rows[i].says, words[word]) == 0;
            cr_expect_eq(program_find_row(watch.program, words[word]) >= 0, told, "%s: %s",
                         rows[i].task, words[word]);
        }
    }
}
