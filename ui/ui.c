/*
 * The screen's loop: wait, let keys and signals change the state, draw once.
 *
 * The only things that wake it are the terminal, wake() (called by the server's thread and by
 * signal handlers), and the next second while something on the screen counts seconds.
 */
#include "ui.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/clock.h"
#include "../src/complain.h"
#include "../src/text.h"
#include "../src/wake.h"
#include "actions.h"
#include "frame.h"
#include "keyboard.h"
#include "keys.h"
#include "menus.h"
#include "screen.h"
#include "state.h"

enum {
    FRAME_MS = 33,        /* at most 30 frames a second */
    IDLE_TICK_MS = 60000, /* the clock shows minutes when nothing happens */
};

static struct {
    int number;
    volatile sig_atomic_t seen;
} signals[] = {
    {SIGWINCH, 0}, {SIGTSTP, 0}, {SIGCONT, 0}, {SIGHUP, 0},
    {SIGTERM, 0},  {SIGINT, 0},  {SIGQUIT, 0}, {SIGCHLD, 0},
};

bool ui_usable(char *reason, size_t reason_size)
{
    return screen_usable(reason, reason_size) && wake_open(reason, reason_size);
}

int ui_release_stdin(char *reason, size_t reason_size)
{
    return screen_release_stdin(reason, reason_size);
}

static void on_signal(int number)
{
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (signals[i].number != number)
            continue;
        /* Asked a second time to stop: the loop hangs in a terminal that does not read. */
        if (number == SIGTERM && signals[i].seen)
            _exit(128 + SIGTERM);
        signals[i].seen = 1;
    }
    wake(NULL);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i].number, &action, NULL);
}

static bool take_signal(int number)
{
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (signals[i].number == number && signals[i].seen) {
            signals[i].seen = 0;
            return true;
        }
    }
    return false;
}

static void show_news(struct ui *ui)
{
    const struct ui_config *config = ui->config;
    const char *said = config->news ? config->news(config->context) : NULL;
    if (said)
        ui_say(ui, ROLE_MESSAGE, "%s", said);
}

static void handle_signals(struct ui *ui)
{
    if (take_signal(SIGWINCH))
        screen_resize();
    if (take_signal(SIGTSTP))
        screen_suspend();
    if (take_signal(SIGCONT))
        screen_resize();
    if (take_signal(SIGHUP) && ui->config->reload) {
        const char *said = ui->config->reload(ui->config->context);
        if (said)
            ui_say(ui, ROLE_MESSAGE, "%s", said);
    }
    bool asked = take_signal(SIGTERM);
    asked |= take_signal(SIGINT);
    asked |= take_signal(SIGQUIT);
    ui->quit |= asked;
}

struct view *ui_view(struct ui *ui)
{
    return &ui->views[ui->current];
}

void ui_say(struct ui *ui, enum role role, const char *format, ...)
{
    char text[2 * sizeof ui->message], clean[2 * sizeof ui->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    text_cut(ui->message, sizeof ui->message, clean);
    ui->message_role = role;
    ui->message_until_ms = clock_steady_us() / 1000 + MESSAGE_MS;
}

/* Whether the list of filters has more to count. */
static bool is_counting(const struct ui *ui)
{
    return ui->menu.class == &menu_filters && ui->counts.behind;
}

static bool is_busy(const struct ui *ui)
{
    return ui->searching || ui->tracing || ui->building || is_counting(ui);
}

/* Looks at more events between two frames. */
static void go_on(struct ui *ui)
{
    struct view *view = ui_view(ui);
    if (ui->searching)
        ui->searching = !view_update(view, ui->config->store, view->room, ui->now_ms);
    if (ui->tracing)
        ui->tracing = !detail_trace(&ui->detail, ui->config->store, ui->now_ms);
    if (ui->building)
        ui->building = !detail_go_on(&ui->detail);
    if (is_counting(ui))
        filter_counts_update(&ui->counts, ui->config->store, ui->now_ms);
}

/* The smaller of two waits, of which the second may be none. */
static int64_t shorter(int64_t wait, int64_t other)
{
    return other >= 0 && other < wait ? other : wait;
}

/* How long nothing changes by itself on the screen, in milliseconds. */
static int quiet_ms(const struct ui *ui)
{
    int64_t now = clock_now_ms();
    bool ticks = ui->figures.active || ui->figures.waiting.count > 0;
    int64_t tick = ticks ? 1000 : IDLE_TICK_MS;
    int64_t wait = tick - now % tick;
    int64_t message_ms = ui->message_until_ms - clock_steady_us() / 1000;
    if (ui->message[0])
        wait = shorter(wait, message_ms > 0 ? message_ms : 0);
    wait = shorter(wait, keyboard_wait_ms());
    wait = shorter(wait, alarm_wait_ms(&ui->alarm));
    wait = shorter(wait, view_wait_ms(&ui->views[ui->current], ui->config->store, now));
    if (ui->menu.class == &menu_filters)
        wait = shorter(wait, filter_counts_wait_ms(&ui->counts, ui->config->store, now));
    return wait > 0 ? (int)wait : 0;
}

/* Into the prompt, when it is open, what no action is bound to. */
static bool type_key(struct ui *ui, int key)
{
    if (ui->prompt.mode == PROMPT_CLOSED)
        return false;
    if (key >= KEY_CODE_SPACE && key < KEY_CODE_FIRST && key != KEY_CODE_BACKSPACE)
        prompt_insert(ui, key);
    return true;
}

/* The answer to the question whether to quit. One that came in a burst with the question is none:
 * on a terminal without bracketed paste that is a pasted text. */
static void answer(struct ui *ui, int key)
{
    enum { TYPED = 8 }; /* no person types so much at once */
    ui->quit_asked = false;
    if (key == KEY_CTRL('c') || (key == 'y' && keyboard_burst() <= TYPED))
        ui->quit = true;
}

/* A pasted text is never taken for keys. */
static void paste(struct ui *ui)
{
    size_t length;
    const char *text = keyboard_pasted(&length);
    if (ui->prompt.mode != PROMPT_CLOSED)
        prompt_paste(ui, text, length);
    else
        ui_say(ui, ROLE_MESSAGE, "pasted text is ignored here; press / first, then paste");
}

static void take_key(struct ui *ui, int key)
{
    ui->message[0] = '\0';
    if (ui->quit_asked)
        answer(ui, key);
    else if (key == KEY_CODE_PASTE)
        paste(ui);
    else if (!action_run(ui, key) && !type_key(ui, key))
        ui_say(ui, ROLE_MESSAGE, "that key does nothing here; ? shows the keys");
}

/* Takes what was typed. Returns whether anything was. */
static bool handle_keys(struct ui *ui)
{
    bool any = false;
    for (int key = keyboard_read(); key != KEY_CODE_NONE && !ui->quit; key = keyboard_read()) {
        if (key == KEY_CODE_LOST) {
            ui->quit = true;
            ui->status = EXIT_FAILURE;
            break;
        }
        if (key == KEY_CODE_UNKNOWN)
            continue;
        any = true;
        take_key(ui, key);
    }
    return any;
}

/* Waits until something is to be done; returns whether the screen may have to change. */
static bool wait_for_work(int timeout_ms, bool *lost)
{
    struct pollfd polled[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = wake_descriptor(), .events = POLLIN}};
    int ready = poll(polled, 2, timeout_ms);
    if (ready < 0)
        return errno == EINTR;
    *lost = (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    if (polled[1].revents)
        wake_clear();
    return true;
}

static void run(struct ui *ui)
{
    bool dirty = true;
    int64_t drawn_ms = INT64_MIN / 2;
    while (!ui->quit) {
        int64_t since = clock_steady_us() / 1000 - drawn_ms;
        if (dirty && since >= FRAME_MS) {
            /* Marked first, so that what comes while it is drawn is drawn the next time. */
            drawn_ms = clock_steady_us() / 1000;
            frame_draw(ui);
            dirty = is_busy(ui) || ui->alarm.behind;
            continue;
        }
        bool lost = false;
        int timeout = is_busy(ui) ? 0 : dirty ? (int)(FRAME_MS - since) : quiet_ms(ui);
        dirty |= wait_for_work(timeout, &lost);
        handle_signals(ui);
        show_news(ui);
        dirty |= handle_keys(ui);
        go_on(ui);
        if (lost) {
            ui->quit = true;
            ui->status = EXIT_FAILURE;
        }
    }
}

static void init_view(struct view *view, enum view_id id, const struct options *options)
{
    view_init(view, id);
    view->warn_after_ms = options->warn_after_ms;
    view->alarm_after_ms = options->alarm_after_ms;
}

/* Reads what earlier runs have left, where this one leaves something: not in the demo, and not
 * where nothing is to be kept. Writes a sentence when it cannot. */
static void recall_earlier_runs(struct ui *ui, char *reason, size_t size)
{
    const struct options *options = ui->config->options;
    struct remembered_lines lines[REMEMBERED_KINDS] = {{.count = 0}};
    char path[REMEMBERED_PATH] = "";
    if (!options->demo && !options->no_history)
        remembered_default_path(path, sizeof path);
    remembered_open(&ui->remembered, path, lines, reason, size);
    ui->prompt.history[PROMPT_FILTER] = lines[REMEMBERED_FILTER];
    ui->prompt.history[PROMPT_FIND] = lines[REMEMBERED_FIND];
}

/* Loads the theme that is asked for, else the one that was chosen last. False with a reason. */
static bool load_theme(struct ui *ui, char *reason, size_t size)
{
    const char *asked = ui->config->options->theme, *chosen = ui->remembered.theme;
    char gone[256]; /* a file of the operator's that is no longer there */
    if (!asked && *chosen && theme_load(&ui->theme, chosen, gone, sizeof gone))
        return true;
    return theme_load(&ui->theme, asked ? asked : "default", reason, size);
}

int ui_run(const struct ui_config *config)
{
    struct ui *ui = calloc(1, sizeof *ui);
    char reason[PATH_MAX + 256] = ""; /* with the path of a theme in it */
    const struct options *options = config->options;
    if (!ui) {
        complain("there is no memory left");
        return EXIT_FAILURE;
    }
    ui->config = config;
    ui->opened_ms = clock_now_ms();
    bool color = !options->no_color && !(getenv("NO_COLOR") && getenv("NO_COLOR")[0]);
    for (int id = 0; id < VIEWS; id++)
        init_view(&ui->views[id], (enum view_id)id, options);
    ui->views[VIEW_EVENTS].older.past = config->past;
    for (int id = 0; id < VIEWS; id++)
        ui->views[id].asked.past = config->past;
    ui->detail.timeline.trace.older.past = config->past;
    struct filter_error error;
    if (options->filter)
        view_set_filter(&ui->views[VIEW_EVENTS], filter_parse(options->filter, &error));
    enum view_id first = options->view ? view_find(options->view) : VIEW_EVENTS;
    ui->current = first < VIEWS ? first : VIEW_EVENTS;
    ui->pages[VIEW_SESSIONS] = PAGE_TIMELINE; /* what an operator wants of a session is its story */
    ui->detail.page = ui->pages[ui->current];

    char left_alone[UI_SENTENCE] = "";
    recall_earlier_runs(ui, left_alone, sizeof left_alone);
    if (!load_theme(ui, reason, sizeof reason)) {
        complain("%s: %s", options->theme_place ? options->theme_place : "--theme", reason);
        ui->status = EXIT_USAGE;
    } else if (!alarm_open(ui)) {
        complain("there is no memory left");
        ui->status = EXIT_FAILURE;
    } else if (!screen_open(&ui->theme, color, options->ascii, reason, sizeof reason)) {
        complain("%s", reason);
        ui->status = EXIT_FAILURE;
    } else {
        catch_signals();
        if (left_alone[0])
            ui_say(ui, ROLE_WARNING, "%s", left_alone);
        run(ui);
        screen_close();
    }
    ui_forget_places(ui);
    for (int id = 0; id < VIEWS; id++)
        view_free(&ui->views[id]);
    alarm_close(&ui->alarm);
    detail_free(&ui->detail);
    prompt_free(&ui->prompt);
    menu_close(&ui->menu);
    filter_counts_free(&ui->counts);
    lines_free(&ui->help);
    int status = ui->status;
    free(ui);
    return status;
}
