/* What is typed, pasted and answered by the terminal, and the question before the end. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(keyboard, .fini = programs_stop);

enum { LAST_ROW = 23 };

static void type_text(const struct watch *watch, const char *text)
{
    program_type(watch->program, text, strlen(text));
}

static struct watch start(void)
{
    struct watch watch = watch_start(NULL);
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_1\"");
    watch_wait_selected(&watch, "tsk_1");
    return watch;
}

/* Delivers an event and waits for it: what was typed before has been taken by then. */
static void assert_lives(const struct watch *watch, const char *task)
{
    char id[64], data[64];
    snprintf(id, sizeof id, "evt_%s", task);
    snprintf(data, sizeof data, "\"task_id\":\"%s\"", task);
    watch_send(watch, id, "task.completed", data);
    program_wait_text(watch->program, task);
}

Test(keyboard, a_paste_in_the_prompt_is_one_line)
{
    static const struct {
        const char *pasted, *shown;
    } rows[] = {
        {"is:failed\rq\r", "/ is:failed q"},      {"is:failed\nq", "/ is:failed q"},
        {"one\r\n\ttwo\r\n", "/ one two "},       {"a\003b\033[Ac\007\xe2\x80\xaeq", "/ ab[Acq"},
        {"caf\xc3\xa9 \xff!", "/ caf\xc3\xa9 !"},
    };
    struct watch watch = start();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char paste[128];
        snprintf(paste, sizeof paste, "/\x15\033[200~%s\033[201~", rows[i].pasted);
        type_text(&watch, paste);
        program_wait_row(watch.program, LAST_ROW, rows[i].shown);
        program_keys(watch.program, "<C-c>");
        program_wait_row(watch.program, LAST_ROW, "q quit");
    }
}

Test(keyboard, a_paste_that_does_not_fit_says_so)
{
    enum { WORDS = 1200 };
    struct watch watch = start();
    char paste[WORDS * 6 + 32] = "/\x15\033[200~";
    for (int i = 0; i < WORDS; i++)
        strcat(paste, "word5 ");
    strcat(paste, "\033[201~");
    size_t length = strlen(paste), most = 512; /* no more at a time than a terminal holds */
    for (size_t at = 0; at < length; at += most) {
        program_type(watch.program, paste + at, length - at < most ? length - at : most);
        program_pump(watch.program);
    }
    program_wait_row(watch.program, LAST_ROW - 1, "The pasted text is cut");
    program_keys(watch.program, "<C-u>x");
    program_wait_gone(watch.program, "The pasted text is cut");
    program_wait_row(watch.program, LAST_ROW, "/ x");
}

Test(keyboard, a_paste_outside_of_a_prompt_does_nothing_and_says_so)
{
    static const char *const places[] = {"", "<Enter>", "T", "?"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct watch watch = start();
        program_keys(watch.program, places[i]);
        type_text(&watch, "\033[200~7m\rqy\003/is:ok\r\033[201~");
        program_wait_row(watch.program, LAST_ROW, "pasted text");
        program_keys(watch.program, "<Esc>");
        program_wait_gone(watch.program, "pasted text");
        cr_expect_eq(program_find_row(watch.program, "muted"), -1, "%s", places[i]);
        program_stop(watch.program);
    }
}

/* Each would mute the bell, switch a family of events off, open a menu or ask to quit. */
static const struct {
    const char *name, *first, *second;
} answers[] = {
    {"mouse", "\033[<0;10;5m", ""},
    {"mouse, cut", "\033[<0;1", "0;5m"},
    {"background", "\033]11;rgb:1e1e/1e1e/1e1e\033\\", ""},
    {"background, cut", "\033]11;rgb:1e1e/1b1b", "/1e1e\033\\"},
    {"version", "\033P>|anchor bits (q)\033\\", ""},
    {"graphics", "\033_Gi=31;minuTes\033\\", ""},
    {"Alt and a letter", "\033m", ""},
};

Test(keyboard, answers_of_the_terminal_are_no_keys)
{
    struct watch watch = start();
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        char task[32];
        type_text(&watch, answers[i].first);
        program_wait_taken(watch.program);
        type_text(&watch, answers[i].second);
        snprintf(task, sizeof task, "tsk_%zu_", i);
        assert_lives(&watch, task);
        cr_expect_eq(program_find_row(watch.program, "muted"), -1, "%s", answers[i].name);
        cr_expect_eq(program_find_row(watch.program, "filter:"), -1, "%s", answers[i].name);
        cr_expect_eq(program_find_row(watch.program, "Event types"), -1, "%s", answers[i].name);
        cr_expect_eq(program_find_row(watch.program, "Quit?"), -1, "%s", answers[i].name);
    }
    program_keys(watch.program, "m");
    program_wait_text(watch.program, "muted");
}

static bool is_muted(struct program *program, void *context)
{
    (void)context;
    program_keys(program, "m");
    return program_find(program, "muted", NULL, NULL);
}

/* Keys that are typed soon enough belong to it; then they are keys again. */
Test(keyboard, what_is_left_unfinished_ends_by_itself)
{
    static const char *const unfinished[] = {"\033[<0;10", "\033]11;rgb", "\033P", "\033O"};
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++) {
        struct watch watch = start();
        type_text(&watch, unfinished[i]);
        program_wait(watch.program, unfinished[i] + 1, is_muted, NULL);
        program_stop(watch.program);
    }
}

Test(keyboard, a_paste_whose_end_never_comes_ends_by_itself)
{
    struct watch watch = start();
    type_text(&watch, "/\x15\033[200~is:failed\rq");
    program_wait_row(watch.program, LAST_ROW, "/ is:failed q");
    program_keys(watch.program, "<C-u>x");
    program_wait_row(watch.program, LAST_ROW, "/ x");
}

Test(keyboard, quitting_is_asked_where_deliveries_are_received)
{
    struct watch watch = start();
    static const char *const others[] = {"n", "q", "<Esc>", "<Enter>", "Y", "<Up>"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        program_keys(watch.program, "q");
        program_wait_row(watch.program, LAST_ROW, "Quit? y quits, any other key stays");
        program_keys(watch.program, others[i]);
        program_wait_gone(watch.program, "Quit?");
    }
    type_text(&watch, "q\033[200~y\033[201~");
    assert_lives(&watch, "tsk_pasted");
    program_wait_gone(watch.program, "Quit?");
    /* A text that comes at once, where the terminal has no bracketed paste. */
    type_text(&watch, "the quick brown fox, eqyptian");
    assert_lives(&watch, "tsk_burst");
    cr_assert(program_running(watch.program));
    cr_assert_eq(watch_quit(watch.program), 0);
}

Test(keyboard, the_question_is_whole_on_a_small_screen)
{
    static const int rows[] = {10, 4};
    struct watch watch = start();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        program_resize(watch.program, rows[i], 40);
        program_keys(watch.program, "q");
        program_wait_row(watch.program, rows[i] - 1, "y quits, any other key stays");
        program_keys(watch.program, "n");
        program_wait_gone(watch.program, "Quit?");
    }
}

Test(keyboard, quitting_is_not_asked_otherwise)
{
    static const char *const demo[] = {"--demo", "--listen", "0", NULL};
    static const char *const recording[] = {"watch", "file", NULL};
    static const struct {
        const char *const *arguments;
        const char *keys;
    } rows[] = {{demo, "q"}, {recording, "q"}, {NULL, "<C-c>"}, {NULL, "q<C-c>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program_setup setup = {
            .arguments = rows[i].arguments, .file = "file", .content = "{\"id\":1}\n"};
        struct program *program = rows[i].arguments ? program_start(&setup) : start().program;
        program_wait_text(program, "q quit");
        program_keys(program, rows[i].keys);
        cr_expect_eq(program_wait_exit(program), 0, "%zu", i);
        program_stop(program);
    }
}
