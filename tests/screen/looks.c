/* Themes, and terminals that have few colours or characters. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

TestSuite(looks, .fini = programs_stop);

enum { ROWS = 24, COLUMNS = 80 };

static struct watch start(const char *const *arguments, const char *const *environment,
                          const char *term)
{
    struct watch watch = watch_start(
        &(struct program_setup){.arguments = arguments, .environment = environment, .term = term});
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    watch_send(&watch, "evt_2", "task.completed", "\"task_id\":\"tsk_2\"");
    watch_wait_order(&watch, "tsk_2", "tsk_1");
    return watch;
}

/* The colour of the word that a text begins with. */
static int colour_of(struct program *program, const char *text)
{
    int row, column;
    cr_assert(program_find(program, text, &row, &column), "%s:\n%s", text, program_dump(program));
    return program_cell(program, row, column).foreground;
}

Test(looks, outcomes_differ_in_colour_and_in_glyph)
{
    struct watch watch = start(NULL, NULL, NULL);
    cr_assert_neq(colour_of(watch.program, "task.failed"),
                  colour_of(watch.program, "task.completed"));
    int row, column;
    program_find(watch.program, "task.failed", &row, &column);
    struct program_cell failed = program_cell(watch.program, row, column - 2);
    program_find(watch.program, "task.completed", &row, &column);
    struct program_cell completed = program_cell(watch.program, row, column - 2);
    cr_assert_str_not_empty(failed.text);
    cr_assert_str_neq(failed.text, completed.text);
}

Test(looks, few_colours_are_enough)
{
    struct watch watch = start(NULL, NULL, "xterm");
    int failed = colour_of(watch.program, "task.failed");
    cr_assert(failed > COLOUR_DEFAULT && failed < 16, "%d", failed);
    cr_assert_neq(failed, colour_of(watch.program, "task.completed"));
}

static void assert_colourless(struct program *program)
{
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            struct program_cell cell = program_cell(program, row, column);
            cr_assert(cell.foreground == COLOUR_DEFAULT && cell.background == COLOUR_DEFAULT,
                      "row %d, column %d is coloured:\n%s", row, column, program_dump(program));
        }
    }
}

Test(looks, colours_can_be_switched_off_and_the_selection_is_still_seen)
{
    static const char *const no_color_option[] = {"--no-color", NULL};
    static const char *const no_color_variable[] = {"NO_COLOR=1", NULL};
    static const struct {
        const char *const *arguments, *const *environment, *term;
    } rows[] = {
        {no_color_option, NULL, NULL},
        {NULL, no_color_variable, NULL},
        {NULL, NULL, "vt100"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = start(rows[i].arguments, rows[i].environment, rows[i].term);
        watch_wait_selected(&watch, "tsk_2");
        assert_colourless(watch.program);
        program_stop(watch.program);
    }
}

Test(looks, ascii_option_keeps_to_ascii)
{
    static const char *const arguments[] = {"--ascii", NULL};
    struct watch watch = start(arguments, NULL, NULL);
    watch_send(&watch, "evt_3", "task.failed",
               "\"task_id\":\"tsk_Ã©\",\"cost\":{\"amount\":1,\"currency\":\"EUR\"}");
    program_wait_row(watch.program, 0, "/h");
    program_wait_text(watch.program, "tsk_?");
    program_keys(watch.program, "<Enter>]]");
    program_wait_text(watch.program, "\"task_id\"");
    program_keys(watch.program, "?");
    program_wait_text(watch.program, "Moving");
    program_keys(watch.program, "<C-c>");
    program_wait_exit(watch.program);
    size_t length = 0;
    const char *output = program_output(watch.program, &length);
    for (size_t i = 0; i < length; i++)
        cr_assert((unsigned char)output[i] < 0x80, "byte %02x after \"%.40s\"",
                  (unsigned char)output[i], output + (i > 40 ? i - 40 : 0));
}

/* Relative luminance of a colour of the palette, as WCAG defines it, plus 0.05. */
static double brightness(int colour)
{
    static const int system[16][3] = {
        {0, 0, 0},       {205, 0, 0},   {0, 205, 0},   {205, 205, 0},
        {0, 0, 238},     {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
        {127, 127, 127}, {255, 0, 0},   {0, 255, 0},   {255, 255, 0},
        {92, 92, 255},   {255, 0, 255}, {0, 255, 255}, {255, 255, 255},
    };
    static const double weights[3] = {0.2126, 0.7152, 0.0722};
    static const int steps[3] = {36, 6, 1};
    double sum = 0.05;
    for (int i = 0; i < 3; i++) {
        int digit = (colour - 16) / steps[i] % 6;
        int part = colour < 16     ? system[colour][i]
                   : colour >= 232 ? 8 + 10 * (colour - 232)
                   : digit         ? 55 + 40 * digit
                                   : 0;
        double share = part / 255.0;
        sum += weights[i] * (share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4));
    }
    return sum;
}

/* Whether a cell can be read on a terminal whose own colours are these. */
static bool is_readable(const struct program_cell *cell, int foreground, int background)
{
    double text = brightness(cell->foreground == COLOUR_DEFAULT ? foreground : cell->foreground);
    double ground = brightness(cell->background == COLOUR_DEFAULT ? background : cell->background);
    return (text > ground ? text / ground : ground / text) >= 3;
}

static void assert_row_readable(struct program *program, int row)
{
    for (int column = 0; column < COLUMNS; column++) {
        struct program_cell cell = program_cell(program, row, column);
        if (!cell.text[0] || cell.text[0] == ' ')
            continue;
        cr_expect(is_readable(&cell, 15, 0), "\"%s\" at %d, %d on a dark background: %d on %d",
                  cell.text, row, column, cell.foreground, cell.background);
        cr_expect(is_readable(&cell, 0, 15), "\"%s\" at %d, %d on a light background: %d on %d",
                  cell.text, row, column, cell.foreground, cell.background);
        /* Few terminals draw bold black otherwise than grey. */
        cr_expect_not(cell.bold && cell.foreground == 0, "\"%s\" at %d, %d is grey", cell.text, row,
                      column);
    }
}

/* With the keys in the list, and in the details. */
Test(looks, everything_can_be_read_with_few_and_many_colours_on_any_background)
{
    static const char *const no_color[] = {"NO_COLOR=1", NULL};
    static const struct {
        const char *term, *const *environment;
    } rows[] = {{NULL, NULL}, {"xterm", NULL}, {"vt100", NULL}, {NULL, no_color}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = start(NULL, rows[i].environment, rows[i].term);
        watch_wait_selected(&watch, "tsk_2");
        for (int row = 0; row < ROWS; row++)
            assert_row_readable(watch.program, row);
        struct program_cell here = program_cell(watch.program, 1, 1);
        struct program_cell other = program_cell(watch.program, 1, 12);
        cr_expect(here.background != other.background || here.reverse != other.reverse,
                  "the active tab looks like another one");
        program_keys(watch.program, "<Down><Enter><Tab>]]");
        program_wait_text(watch.program, "\"task_id\"");
        program_wait_row(watch.program, ROWS - 1, "Esc back");
        for (int row = 0; row < ROWS; row++)
            assert_row_readable(watch.program, row);
        program_stop(watch.program);
    }
}

static bool failed_has_colour(struct program *program, void *context)
{
    const int *colour = context;
    return program_find(program, "task.failed", NULL, NULL) &&
           colour_of(program, "task.failed") == *colour;
}

Test(looks, themes_are_previewed_kept_or_taken_back)
{
    struct watch watch = start(NULL, NULL, NULL);
    int before = colour_of(watch.program, "task.failed");
    program_keys(watch.program, "C");
    program_wait_text(watch.program, "Light");
    program_keys(watch.program, "<End>");
    program_keys(watch.program, "<Enter>");
    program_wait_gone(watch.program, "Default (dark or light)");
    program_wait_text(watch.program, "theme light");
    int light = colour_of(watch.program, "task.failed");
    cr_assert_neq(before, light);
    program_keys(watch.program, "C");
    program_wait_text(watch.program, "Default (dark or light)");
    program_keys(watch.program, "<Home>");
    program_wait(watch.program, "the preview", failed_has_colour, &before);
    program_keys(watch.program, "<Esc>");
    program_wait(watch.program, "the theme from before", failed_has_colour, &light);
}

Test(looks, a_theme_of_ones_own_is_a_file)
{
    static const char *const arguments[] = {"--theme", "./mine.theme", NULL};
    struct watch watch = watch_start(&(struct program_setup){
        .arguments = arguments,
        .file = "mine.theme",
        .content = "[roles]\nfailed = 201\n",
    });
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    watch_send(&watch, "evt_2", "task.completed", "\"task_id\":\"tsk_2\"");
    watch_wait_order(&watch, "tsk_2", "tsk_1");
    cr_assert_eq(colour_of(watch.program, "task.failed"), 201);
}

Test(looks, a_wrong_theme_of_the_configuration_is_said_with_its_line)
{
    static const char *const arguments[] = {"--config", "config", NULL};
    struct program *program = program_start(&(struct program_setup){
        .arguments = arguments,
        .keep_stderr = true,
        .file = "config",
        .content = "listen = 127.0.0.1:0\n# mine\ntheme = nowhere\n",
    });
    cr_expect_eq(program_wait_exit(program), 2);
    cr_expect(strstr(program_stderr(program), "anchortop: config:3: theme: there is no theme"),
              "%s", program_stderr(program));
}

Test(looks, a_theme_that_is_not_there_or_wrong_ends_the_start)
{
    static const struct {
        const char *name, *content, *said;
    } rows[] = {
        {"nowhere", "", "nowhere"},
        {"./mine.theme", "[roles]\nfailed = octarine\n", "--theme: ./mine.theme:2: "},
        {"./mine.theme", "[roles]\nfailed = octarine\n", "\"octarine\""},
        {"./mine.theme", "[roles]\nsurprised = red\n", "surprised"},
        {"./nothing.theme", "", "nothing.theme"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *arguments[] = {"--listen", "127.0.0.1:0", "--theme", rows[i].name, NULL};
        struct program *program = program_start(&(struct program_setup){
            .arguments = arguments,
            .secret = WATCH_SECRET,
            .keep_stderr = true,
            .file = "mine.theme",
            .content = rows[i].content,
        });
        cr_expect_eq(program_wait_exit(program), 2, "%s", rows[i].said);
        cr_expect(strstr(program_stderr(program), rows[i].said), "%s: %s", rows[i].said,
                  program_stderr(program));
        cr_expect(strstr(program_stderr(program), "--theme"), "%s: %s", rows[i].said,
                  program_stderr(program));
    }
}

#define COST(amount, currency) "\"cost\":{\"amount\":" amount ",\"currency\":\"" currency "\"}"

/* Whether the first row ends in a clock. */
static bool ends_in_clock(struct program *program, void *context)
{
    (void)context;
    const char *row = program_row(program, 0);
    size_t length = strlen(row);
    return length > 5 && row[length - 3] == ':' && strspn(row + length - 5, "0123456789:") == 5;
}

Test(looks, header_of_80_columns_has_the_figures_of_the_hour_and_the_clock)
{
    struct watch watch = watch_start(NULL);
    for (int i = 0; i < 4; i++) {
        char id[16], data[96];
        snprintf(id, sizeof id, "evt_%d", i);
        snprintf(data, sizeof data, "\"task_id\":\"tsk_1\"," COST("10.30", "USD"));
        watch_send(&watch, id, i ? "task.completed" : "task.failed", data);
    }
    static const char *const figures[] = {"verified", "4 events", "75% ok/h", "$41.20/h"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        program_wait_row(watch.program, 0, figures[i]);
    program_wait(watch.program, "the clock", ends_in_clock, NULL);
    /* What was spent before this hour is no part of it. */
    watch_send_ago(&watch, "evt_old", 7200, "task.completed",
                   "\"task_id\":\"tsk_1\"," COST("10.30", "USD"));
    program_wait_row(watch.program, 0, "5 events");
    program_wait_row(watch.program, 0, "$41.20/h");
    cr_assert_not(strstr(program_row(watch.program, 0), "127.0.0.1"), "the address goes first");
    program_resize(watch.program, 24, 160);
    program_wait_row(watch.program, 0, "127.0.0.1");
    program_wait_row(watch.program, 0, "0 refused");
    program_wait_row(watch.program, 0, " 1m ");
}

Test(looks, header_tells_the_largest_currency_and_how_many_more)
{
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_1", "task.completed", "\"task_id\":\"t\"," COST("3.40", "EUR"));
    watch_send(&watch, "evt_2", "task.completed", "\"task_id\":\"t\"," COST("7", "CHF"));
    watch_send(&watch, "evt_3", "task.completed", "\"task_id\":\"t\"," COST("41.20", "USD"));
    program_wait_row(watch.program, 0, "$41.20/h +2");
    program_resize(watch.program, 24, 140);
    program_wait_row(watch.program, 0, "$41.20 + 7.00 CHF/h +1");
    program_keys(watch.program, "2");
    watch_wait_words(&watch, "t", "$41.20 +2");
    program_keys(watch.program, "<Enter>");
    watch_wait_words(&watch, "Cost", "$41.20 + 7.00 CHF + €3.40");
}

Test(looks, every_tab_has_its_name_at_80_columns)
{
    static const char *const names[] = {"1 Events",  "2 Tasks",  "3 Sessions", "4 Human",
                                        "5 Batches", "6 Logins", "7 Deliv"};
    static const char *const letters[] = {"1 Events", "2 Ta", "3 Se", "4 Hu",
                                          "5 Ba",     "6 Lo", "7 De", "filter: is:failed"};
    struct watch watch = watch_start(NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        program_wait_row(watch.program, 1, names[i]);
    watch_filter(&watch, "is:failed");
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        program_wait_row(watch.program, 1, letters[i]);
    program_resize(watch.program, 24, 120);
    program_wait_row(watch.program, 1, "4 Interventions");
}
