/* What stands over the screen: menus and the help. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(popups, .fini = programs_stop);

enum { LAST_ROW = 23 };

static struct watch start(const char *const *arguments)
{
    struct watch watch = watch_start(&(struct program_setup){.arguments = arguments});
    watch_send(&watch, "evt_1", "session.completed",
               "\"session_id\":\"ses_1\",\"session_dashboard_url\":\"https://good.example/\"");
    program_wait_row(watch.program, LAST_ROW, "1/1");
    return watch;
}

/* The signs of a border. */
struct signs {
    const char *top_left, *top_right, *bottom_left, *bottom_right, *side;
};

static bool cell_is(struct program *program, int row, int column, const char *text)
{
    return strcmp(program_cell(program, row, column).text, text) == 0;
}

/* Whether a border runs all around the box whose title stands in a row of the screen. */
static bool is_closed(struct program *program, const struct signs *signs, int columns, int top)
{
    int left = 0, right = columns - 1, bottom = top + 1;
    while (left < columns && !cell_is(program, top, left, signs->top_left))
        left++;
    while (right > left && !cell_is(program, top, right, signs->top_right))
        right--;
    while (bottom < program_rows(program) && right > left &&
           cell_is(program, bottom, left, signs->side) &&
           cell_is(program, bottom, right, signs->side))
        bottom++;
    return bottom > top + 1 && bottom < program_rows(program) &&
           cell_is(program, bottom, left, signs->bottom_left) &&
           cell_is(program, bottom, right, signs->bottom_right);
}

struct expected_box {
    const struct signs *signs;
    const char *title;
    int columns;
};

static bool has_box(struct program *program, void *context)
{
    const struct expected_box *expected = context;
    int row = program_find_row(program, expected->title);
    return row >= 0 && is_closed(program, expected->signs, expected->columns, row);
}

Test(popups, they_have_a_border_all_around)
{
    static const struct {
        const char *keys, *title;
    } popups[] = {{"T", " Event types "}, {"O", " Open a link "}, {"Y", " Copy "},
                  {"F", " Filters "},     {"C", " Themes "},      {"?", " Keys "}};
    static const char *const ascii[] = {"--ascii", NULL};
    static const struct {
        const char *const *arguments;
        struct signs signs;
    } kinds[] = {{NULL, {"┌", "┐", "└", "┘", "│"}}, {ascii, {"+", "+", "+", "+", "|"}}};
    static const int sizes[][2] = {{24, 80}, {10, 40}, {60, 160}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct watch watch = start(kinds[k].arguments);
        for (size_t s = 0; s < (k == 0 ? sizeof sizes / sizeof *sizes : 1); s++) {
            program_resize(watch.program, sizes[s][0], sizes[s][1]);
            for (size_t p = 0; p < sizeof popups / sizeof *popups; p++) {
                struct expected_box box = {&kinds[k].signs, popups[p].title, sizes[s][1]};
                program_keys(watch.program, popups[p].keys);
                program_wait(watch.program, popups[p].title, has_box, &box);
                program_keys(watch.program, "<Esc>");
                program_wait_gone(watch.program, popups[p].title);
            }
        }
        program_stop(watch.program);
    }
}

Test(popups, a_list_tells_where_one_is_and_that_there_is_more)
{
    struct watch watch = start(NULL);
    program_resize(watch.program, 12, 80);
    program_keys(watch.program, "T");
    program_wait_text(watch.program, " 1/");
    program_wait_text(watch.program, " ↓ ");
    cr_expect_eq(program_find_row(watch.program, "↑"), -1);
    program_keys(watch.program, "<Down>");
    program_wait_text(watch.program, " 2/");
    program_keys(watch.program, "<End>");
    program_wait_text(watch.program, " ↑ ");
    program_wait_gone(watch.program, "↓");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "Event types");
    /* All that there is needs no arrow. */
    program_keys(watch.program, "C");
    program_wait_text(watch.program, " 1/3 ");
    cr_expect_eq(program_find_row(watch.program, "↓"), -1);
}

Test(popups, the_help_is_searched)
{
    static const struct {
        const char *typed, *found, *gone, *count;
    } rows[] = {
        {"mute", "unmute the bell", "this help", "? mute"},
        {"MUTE", "unmute the bell", "this help", "? MUTE"},
        {"Ctrl-L", "redraw the screen", "unmute the bell", "? Ctrl-L"},
        {"w", "waited longest", "unmute the bell", "1 key"},
        {"sorting", "reverse the order", "unmute the bell", "3 keys"},
        {"nonsense", "No key matches", "unmute the bell", "0 keys"},
    };
    struct watch watch = start(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        program_keys(watch.program, "?");
        program_wait_text(watch.program, "more below");
        program_keys(watch.program, "/");
        program_keys(watch.program, rows[i].typed);
        program_wait_text(watch.program, rows[i].found);
        program_wait_gone(watch.program, rows[i].gone);
        program_wait_row(watch.program, LAST_ROW, rows[i].count);
        program_keys(watch.program, "<Enter>");
        program_wait_gone(watch.program, rows[i].count);
        program_wait_text(watch.program, rows[i].found);
        program_keys(watch.program, "q");
        program_wait_gone(watch.program, rows[i].found);
    }
    /* Esc takes it back. */
    program_keys(watch.program, "?/mute");
    program_wait_gone(watch.program, "Moving");
    program_keys(watch.program, "<Esc>");
    program_wait_text(watch.program, "Moving");
}

Test(popups, a_message_is_as_long_as_the_line)
{
    static const int widths[] = {240, 80};
    char id[201], json[300];
    memset(id, 'x', 200);
    memcpy(id, "evt_", 4);
    memcpy(id + 196, "_end", 5);
    struct watch watch = watch_start(&(struct program_setup){.columns = 240});
    snprintf(json, sizeof json, "{\"id\":\"%s\",\"type\":\"task.failed\"}", id);
    cr_assert_eq(watch_deliver(&watch, WATCH_SECRET, json).status, 200);
    program_wait_row(watch.program, LAST_ROW, "1/1");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        program_resize(watch.program, LAST_ROW + 1, widths[i]);
        program_wait_row(watch.program, LAST_ROW, "1/1");
        program_keys(watch.program, "Y<Enter>");
        program_wait_row(watch.program, LAST_ROW, widths[i] > 200 ? "_end" : "xx…");
        program_keys(watch.program, "<Up>");
        program_wait_row(watch.program, LAST_ROW, "1/1");
    }
}
