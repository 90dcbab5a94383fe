/* The terminal itself: sizes, signals, none at all, and one that stops reading. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(terminal, .fini = programs_stop);

static void send_numbered(const struct watch *watch, int number)
{
    char id[16], data[64];
    snprintf(id, sizeof id, "evt_%d", number);
    snprintf(data, sizeof data, "\"task_id\":\"tsk_%d\"", number);
    watch_send(watch, id, "task.completed", data);
}

Test(terminal, any_size_is_survived_and_used_again)
{
    static const struct {
        int rows, columns;
    } sizes[] = {{10, 40}, {5, 20}, {1, 1}, {2, 3}, {60, 200}, {10, 40}, {24, 80}};
    struct watch watch = watch_start(NULL);
    send_numbered(&watch, 1);
    program_wait_text(watch.program, "tsk_1");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        program_resize(watch.program, sizes[i].rows, sizes[i].columns);
        program_keys(watch.program, "<Enter>");
        send_numbered(&watch, (int)i + 100);
        cr_assert(program_running(watch.program), "%d by %d", sizes[i].columns, sizes[i].rows);
        program_keys(watch.program, "<Esc>");
    }
    program_keys(watch.program, "g");
    program_wait_text(watch.program, "tsk_106");
}

/* At 40 by 10 the list alone is there, with what happened in it. */
Test(terminal, a_small_screen_shows_the_list)
{
    struct watch watch = watch_start(NULL);
    program_resize(watch.program, 10, 40);
    send_numbered(&watch, 1);
    program_wait_text(watch.program, "task.completed");
}

Test(terminal, a_new_size_is_noticed_without_a_key)
{
    struct watch watch = watch_start(NULL);
    send_numbered(&watch, 1);
    program_wait_text(watch.program, "tsk_1");
    program_resize(watch.program, 50, 150);
    program_wait_row(watch.program, 49, "quit");
}

Test(terminal, a_terminal_that_stops_reading_does_not_delay_deliveries)
{
    struct watch watch = watch_start(NULL);
    program_hold_output(watch.program);
    int connection = http_connect(watch.port);
    double slowest = 0;
    for (int i = 0; i < 500; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"id\":\"evt_%d\",\"type\":\"task.failed\",\"data\":{}}", i);
        struct http_reply reply = http_deliver_on(connection, NULL, WATCH_SECRET, json);
        cr_assert_eq(reply.status, 200, "delivery %d: %s", i, reply.head);
        slowest = reply.seconds > slowest ? reply.seconds : slowest;
    }
    cr_assert_lt(slowest, 5.0, "a delivery took %.1f s", slowest);
    program_release_output(watch.program);
    program_wait_row(watch.program, 0, "500 events");
}

/* Whether bracketed paste was switched on last, and not off. */
static bool takes_pastes(struct program *program)
{
    bool on = false;
    const char *at = program_output(program, NULL);
    for (at = strstr(at, "\033[?2004"); at; at = strstr(at + 7, "\033[?2004"))
        on = at[7] == 'h';
    return on;
}

Test(terminal, quitting_gives_the_terminal_back)
{
    static const struct {
        const char *name, *keys;
        int signal, status;
    } rows[] = {
        {"q", "q", 0, 0},
        {"a crash", "", SIGSEGV, -1},
        {"terminated", "", SIGTERM, -1},
        {"interrupted", "<C-c>", 0, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = watch_start(NULL);
        cr_assert(program_full_screen(watch.program), "%s", rows[i].name);
        cr_assert(takes_pastes(watch.program), "%s", rows[i].name);
        program_keys(watch.program, rows[i].keys);
        if (rows[i].keys[0] == 'q') {
            program_wait_text(watch.program, "Quit?");
            program_keys(watch.program, "y");
        }
        if (rows[i].signal)
            program_signal(watch.program, rows[i].signal);
        int status = program_wait_exit(watch.program);
        if (rows[i].status >= 0)
            cr_expect_eq(status, rows[i].status, "%s: %d", rows[i].name, status);
        cr_expect(!program_full_screen(watch.program), "%s", rows[i].name);
        cr_expect(program_cursor_visible(watch.program), "%s", rows[i].name);
        cr_expect_not(takes_pastes(watch.program), "%s", rows[i].name);
    }
}

Test(terminal, a_lost_terminal_ends_the_program)
{
    struct watch watch = watch_start(NULL);
    program_hang_up(watch.program);
    program_wait_exit(watch.program);
}

Test(terminal, where_nothing_can_be_drawn_a_sentence_says_so)
{
    static const struct {
        const char *name, *term;
        bool no_terminal;
    } rows[] = {
        {"dumb terminal", "dumb", false},
        {"unknown terminal", "no-such-terminal", false},
        {"no TERM", "", false},
        {"a pipe", NULL, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *arguments[] = {"--listen", "127.0.0.1:0", NULL};
        struct program *program = program_start(&(struct program_setup){
            .arguments = arguments,
            .secret = WATCH_SECRET,
            .term = rows[i].term,
            .no_terminal = rows[i].no_terminal,
            .keep_stderr = true,
        });
        cr_expect_eq(program_wait_exit(program), 1, "%s", rows[i].name);
        cr_expect(strstr(program_stderr(program), "terminal"), "%s: \"%s\"", rows[i].name,
                  program_stderr(program));
        size_t drawn = 0;
        program_output(program, &drawn);
        cr_expect_eq(drawn, 0, "%s: %zu bytes were drawn", rows[i].name, drawn);
    }
}

/* A shell with job control, as the one that a person comes back to. */
Test(terminal, ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_back)
{
    const char *arguments[] = {
        "-c", "set -m; \"$0\" --listen 127.0.0.1:0; echo in the shell; read x; fg; echo done",
        getenv("ANCHORTOP"), NULL};
    struct program *program = program_start(
        &(struct program_setup){.path = "/bin/sh", .arguments = arguments, .secret = WATCH_SECRET});
    struct watch watch = {.program = program, .port = program_port(program)};
    program_keys(program, "<C-z>");
    program_wait_text(program, "in the shell");
    cr_assert(!program_full_screen(program));
    cr_assert_not(takes_pastes(program));
    program_keys(program, "<Enter>");
    program_wait_row(program, 0, "verified");
    cr_assert(takes_pastes(program));
    send_numbered(&watch, 1);
    program_wait_text(program, "tsk_1");
    program_keys(program, "q");
    program_wait_text(program, "Quit?");
    program_keys(program, "y");
    program_wait_text(program, "done");
    cr_assert(!program_full_screen(program));
}

static void deliver_long(const struct watch *watch, const char *id)
{
    char data[512];
    snprintf(data, sizeof data, "\"task_id\":\"tsk_%s\",\"error\":{\"message\":\"%0200d\"}", id, 0);
    watch_send(watch, id, "task.failed", data);
}

/* Whether it ends a row in the last column, which is another one for each size. */
static bool ends_at_the_edge(const char *row, size_t columns)
{
    size_t length = strlen(row);
    return length > 3 && strcmp(row + length - 3, "…") == 0 &&
           length - strlen("✗") - strlen("…") + 2 == columns;
}

static bool has_address(struct program *program, void *context)
{
    const char *row = program_row(program, 0), *port = strstr(row, "127.0.0.1:");
    (void)context;
    return port && strchr(port, '/');
}

Test(terminal, tail_keeps_to_its_width)
{
    static const char *const arguments[] = {"tail", "--listen", "0", "--no-color", NULL};
    struct watch watch = {.program = program_start(&(struct program_setup){
                              .arguments = arguments, .secret = WATCH_SECRET, .columns = 72})};
    program_wait(watch.program, "its whole address", has_address, NULL);
    watch.port = atoi(strstr(program_row(watch.program, 0), "127.0.0.1:") + 10);
    deliver_long(&watch, "one");
    program_wait_row(watch.program, 1, "…");
    cr_expect(ends_at_the_edge(program_row(watch.program, 1), 72), "%s",
              program_dump(watch.program));
    program_resize(watch.program, 24, 90);
    deliver_long(&watch, "two");
    program_wait_row(watch.program, 2, "…");
    cr_expect(ends_at_the_edge(program_row(watch.program, 2), 90), "%s",
              program_dump(watch.program));
}
