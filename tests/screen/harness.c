/* The harness itself, tried on the shell: what it says of a screen must be what stands there. */
#include "../harness.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(harness, .fini = programs_stop);

static struct program *shell(const char *script)
{
    const char *arguments[] = {"-c", script, NULL};
    return program_start(&(struct program_setup){
        .path = "/bin/sh", .arguments = arguments, .rows = 6, .columns = 30, .secret = "s3cret"});
}

Test(harness, shows_text_and_where_it_stands)
{
    struct program *program = shell("printf 'a\\n  \\344\\270\\226 b\\303\\251 c'; read x");
    program_wait_row(program, 1, "bé c");
    int row = -1, column = -1;
    cr_assert_str_eq(program_row(program, 1), "  世 bé c");
    cr_assert(program_find(program, "bé", &row, &column));
    cr_assert_eq(row, 1);
    cr_assert_eq(column, 5, "a wide character takes two columns: %d", column);
    cr_assert(!program_find(program, "nowhere", NULL, NULL));
    cr_assert_eq(program_find_row(program, "a"), 0);
    cr_assert_eq(program_cell(program, 1, 2).width, 2);
    cr_assert_eq(program_cell(program, 1, 3).width, 0);
    cr_assert_eq(program_cell(program, 5, 0).text[0], '\0');
}

Test(harness, puts_characters_together_that_come_in_pieces)
{
    struct program *program = shell("stty -echo; printf '>\\344'; read x; printf '\\270'; read x;"
                                    " printf '\\226<'; read x");
    program_wait_text(program, ">");
    program_keys(program, "<Enter>");
    program_keys(program, "<Enter>");
    program_wait_text(program, "<");
    cr_assert_str_eq(program_row(program, 0), ">世<");
}

/* All of it may be there to be read at once. */
Test(harness, misses_nothing_that_is_shown_for_a_moment)
{
    struct program *program = shell("printf 'flash%100s\\033[2J\\033[Hend' ''; read x");
    program_wait_text(program, "flash");
    program_wait_text(program, "end");
    cr_assert_eq(program_find_row(program, "flash"), -1);
}

Test(harness, shows_colours_and_attributes)
{
    static const struct {
        const char *name, *sgr;
        struct program_cell cell;
    } rows[] = {
        {"plain", "0", {.foreground = COLOUR_DEFAULT, .background = COLOUR_DEFAULT}},
        {"red", "31", {.foreground = 1, .background = COLOUR_DEFAULT}},
        {"256 on 256", "38;5;203;48;5;17", {.foreground = 203, .background = 17}},
        {"bold", "1;32", {.foreground = 2, .background = COLOUR_DEFAULT, .bold = true}},
        {"reverse", "7", {.foreground = -1, .background = -1, .reverse = true}},
        {"underline", "4", {.foreground = -1, .background = -1, .underline = true}},
        {"true colour",
         "38;2;1;2;3",
         {.foreground = COLOUR_RGB(1, 2, 3), .background = COLOUR_DEFAULT}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char script[128];
        snprintf(script, sizeof script, "printf '\\033[%smX\\033[0m.'; read x", rows[i].sgr);
        struct program *program = shell(script);
        program_wait_text(program, "X.");
        struct program_cell cell = program_cell(program, 0, 0);
        cr_expect_eq(cell.foreground, rows[i].cell.foreground, "%s", rows[i].name);
        cr_expect_eq(cell.background, rows[i].cell.background, "%s", rows[i].name);
        cr_expect_eq(cell.bold, rows[i].cell.bold, "%s", rows[i].name);
        cr_expect_eq(cell.reverse, rows[i].cell.reverse, "%s", rows[i].name);
        cr_expect_eq(cell.underline, rows[i].cell.underline, "%s", rows[i].name);
        program_stop(program);
    }
}

Test(harness, presses_keys)
{
    struct program *program =
        shell("stty -icanon -echo min 1; echo ready; dd bs=1 count=9 2>/dev/null |"
              " od -An -tx1 | tr -d ' \\n'; echo .; read x");
    program_wait_text(program, "ready");
    program_keys(program, "j<Enter><Down><<C-a><lt><Esc>");
    program_wait_text(program, ".");
    /* The terminal turns the carriage return of Enter into a newline. */
    cr_assert_str_eq(program_row(program, 1), "6a0a1b4f423c013c1b.");
}

Test(harness, catches_titles_bells_and_the_clipboard)
{
    struct program *program = shell("printf '\\033]2;two waiting\\007\\a\\033]52;c;aGk=\\033\\\\'"
                                    "; printf '\\033]9;a\\007\\033]9;b\\007\\033[?25lend'; read x");
    program_wait_text(program, "end");
    cr_assert_str_eq(program_title(program), "two waiting");
    cr_assert_str_eq(program_osc(program, 52), "c;aGk=");
    cr_assert_eq(program_osc_count(program, 9), 2);
    cr_assert_str_eq(program_osc(program, 9), "b");
    cr_assert_eq(program_bells(program), 1, "the end of a title is not a bell");
    cr_assert(!program_cursor_visible(program));
}

Test(harness, resizes)
{
    struct program *program = shell("trap 'stty size' WINCH; echo ready; while :; do read x; done");
    program_wait_text(program, "ready");
    program_resize(program, 9, 41);
    /* The shell may have been about to read: then it looks for signals only after a line. */
    program_keys(program, "<Enter>");
    program_wait_text(program, "9 41");
}

Test(harness, holds_output_back)
{
    struct program *program = shell("read x; echo one; read x");
    program_hold_output(program);
    program_keys(program, "<Enter>");
    program_pump(program);
    cr_assert_eq(program_find_row(program, "one"), -1);
    program_release_output(program);
    program_wait_text(program, "one");
}

Test(harness, tells_how_a_program_ended)
{
    cr_assert_eq(program_wait_exit(shell("exit 3")), 3);
    struct program *program = shell("read x");
    cr_assert(program_running(program));
    program_signal(program, SIGTERM);
    cr_assert_eq(program_wait_exit(program), 128 + SIGTERM);
}

Test(harness, gives_a_clean_environment)
{
    struct program *program = shell("echo $TERM $ANCHOR_WEBHOOK_SECRET; ls -A $HOME | wc -l; "
                                    "test $HOME = $PWD && echo home; read x");
    program_wait_text(program, "home");
    cr_assert_str_eq(program_row(program, 0), "xterm-256color s3cret");
    cr_assert(strchr(program_row(program, 1), '0'));
}

Test(harness, separates_output_from_errors)
{
    const char *arguments[] = {"-c", "echo out; echo err >&2; test -t 1 || exit 1", NULL};
    struct program *program = program_start(&(struct program_setup){
        .path = "/bin/sh", .arguments = arguments, .no_terminal = true, .keep_stderr = true});
    cr_assert_eq(program_wait_exit(program), 1);
    cr_assert_str_eq(program_output(program, NULL), "out\n");
    cr_assert_str_eq(program_stderr(program), "err\n");
}
