/*
 * The screen's loop: wait, let keys and signals change the state, draw once.
 *
 * The only things that wake it are the terminal, the pipe (written to by the server's thread and
 * by signal handlers), and the next second while something on the screen counts seconds.
 */
#include "ui.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../src/text.h"
#include "actions.h"
#include "keyboard.h"
#include "screen.h"
#include "state.h"

enum {
    FRAME_MS = 33,        /* at most 30 frames a second */
    BESIDE_COLUMNS = 120, /* from here on the details stand beside the list */
    WIDE_COLUMNS = 160,   /* from here on the list gets the larger share of what is more */
    SPLIT_ROWS = 14,      /* below this the details take the list's place */
    IDLE_TICK_MS = 60000, /* the clock shows minutes when nothing happens */
    RATE_SECONDS_SHOWN = 10,
};

/* Made before the first thread and never closed, so that ui_wake() may come at any time. */
static int wake_pipe[2] = {-1, -1};

static struct {
    int number;
    volatile sig_atomic_t seen;
} signals[] = {
    {SIGWINCH, 0}, {SIGTSTP, 0}, {SIGCONT, 0}, {SIGHUP, 0}, {SIGTERM, 0}, {SIGINT, 0}, {SIGQUIT, 0},
};

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool ui_usable(char *reason, size_t reason_size)
{
    if (wake_pipe[0] < 0 && pipe(wake_pipe) == 0)
        for (int i = 0; i < 2; i++) {
            fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK);
            fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC);
        }
    return screen_usable(reason, reason_size);
}

void ui_wake(void *unused)
{
    (void)unused;
    /* A full pipe is as good as one more byte in it. */
    ssize_t ignored = write(wake_pipe[1], "", 1);
    (void)ignored;
}

static void on_signal(int number)
{
    int before = errno;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (signals[i].number != number)
            continue;
        /* Asked a second time to stop: the loop hangs in a terminal that does not read. */
        if (number == SIGTERM && signals[i].seen)
            _exit(128 + SIGTERM);
        signals[i].seen = 1;
    }
    ui_wake(NULL);
    errno = before;
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
    char text[sizeof ui->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_clean(ui->message, sizeof ui->message, text, strlen(text),
               screen_ascii() ? TEXT_ASCII : 0);
    ui->message_role = role;
    ui->message_until_ms = clock_ms(CLOCK_REALTIME) + MESSAGE_MS;
}

/* (locked) */
static void load_detail(struct ui *ui)
{
    const struct view *view = ui_view(ui);
    if (rows_count(&view->rows) == 0)
        detail_clear(&ui->detail);
    else if (ui->current == VIEW_DELIVERIES)
        detail_show_delivery(&ui->detail, ui->config->store, view->selected);
    else
        detail_show_event(&ui->detail, ui->config->store, view->selected);
}

void ui_load_detail(struct ui *ui)
{
    store_lock(ui->config->store);
    load_detail(ui);
    store_unlock(ui->config->store);
}

/* Where things stand, for the present size of the terminal. */
struct layout {
    int tabs, list, list_height, list_width; /* list_height counts the column titles; 0: no list */
    int detail_row, detail_column, detail_width, detail_height; /* detail_height 0: no detail */
    int footer;                                                 /* -1: none */
};

static struct layout lay_out(const struct ui *ui)
{
    int rows = screen_rows(), columns = screen_columns();
    struct layout layout = {.tabs = rows > 4 ? 1 : -1, .footer = rows > 5 ? rows - 1 : -1};
    layout.list = layout.tabs < 0 ? 1 : 2;
    int height = (layout.footer < 0 ? rows : layout.footer) - layout.list;
    layout.list_height = height > 0 ? height : 0;
    layout.list_width = columns;
    if (!ui->detail_open)
        return layout;

    if (columns >= BESIDE_COLUMNS) {
        layout.list_width = columns >= WIDE_COLUMNS ? columns * 3 / 5 : columns * 11 / 20;
        layout.detail_row = layout.list;
        layout.detail_column = layout.list_width + 1;
        layout.detail_width = columns - layout.detail_column;
        layout.detail_height = layout.list_height;
    } else {
        bool split = rows >= SPLIT_ROWS;
        layout.detail_height = split ? height * 11 / 20 : height;
        layout.list_height = height - layout.detail_height;
        layout.detail_row = layout.list + layout.list_height;
        layout.detail_width = columns;
    }
    return layout;
}

/* Copies out of the store what this frame shows. Nothing is drawn while the lock is held. */
static void collect(struct ui *ui, const struct layout *layout)
{
    struct store *store = ui->config->store;
    struct figures *figures = &ui->figures;
    struct view *view = ui_view(ui);
    int visible = layout->list_height > 1 ? layout->list_height - 1 : 1;

    store_lock(store);
    ui->searching = !view_update(view, store, visible);
    figures->counts = *store_counts(store);
    const struct rate *rate = store_rate(store);
    rate_series(rate, ui->now_ms, figures->series, SPARK_SECONDS);
    figures->rate = rate_average(rate, ui->now_ms, RATE_SECONDS_SHOWN);
    figures->active = rate_active(rate, ui->now_ms, SPARK_SECONDS);
    figures->waiting = view_waiting(view, store, 100000);
    view->class->describe(view, store, figures->filter, sizeof figures->filter);
    const struct delivery *last = store_delivery(store, store_delivery_end(store) - 1);
    figures->last_refusal[0] = '\0';
    if (last && last->result == DELIVERY_REFUSED)
        snprintf(figures->last_refusal, sizeof figures->last_refusal, "%s", last->reason);
    if (ui->detail_open)
        load_detail(ui);
    store_unlock(store);
}

/* What an empty list says: how the first event comes, or why none is shown. */
static void draw_empty(const struct ui *ui, int row, int height, int width)
{
    struct lines lines = {.ascii = screen_ascii()};
    lines_begin(&lines, 0);
    if (ui->searching) {
        lines_add(&lines, ROLE_DIM, "Searching");
    } else if (ui->figures.filter[0]) {
        lines_wrap(&lines, ROLE_DIM, "Nothing passes the filter. Press a to show all.", 0, width);
    } else if (ui->current == VIEW_DELIVERIES) {
        lines_add(&lines, ROLE_DIM, "No delivery has come yet.");
    } else {
        lines_add(&lines, ROLE_TITLE, "Waiting for events at ");
        lines_wrap(&lines, ROLE_LINK, ui->config->url, 0, width);
        lines_begin(&lines, 0);
        lines_begin(&lines, 0);
        char text[160];
        snprintf(text, sizeof text, "Try it:  anchortop send --url %s task.completed",
                 ui->config->url);
        lines_wrap(&lines, ROLE_DIM, text, 0, width);
        if (ui->figures.last_refusal[0]) {
            lines_begin(&lines, 0);
            lines_begin(&lines, 0);
            lines_add(&lines, ROLE_FAILED, "The last delivery was refused: ");
            lines_wrap(&lines, ROLE_TEXT, ui->figures.last_refusal, 0, width);
            lines_begin(&lines, 0);
            lines_add(&lines, ROLE_DIM, "Press 7 for all deliveries.");
        }
    }
    for (size_t i = 0; i < lines.count && (int)i < height; i++)
        lines_draw(&lines, i, row + (int)i, 2, width, ROLE_TEXT);
    lines_free(&lines);
}

static void draw(struct ui *ui)
{
    ui->now_ms = clock_ms(CLOCK_REALTIME);
    if (ui->message[0] && ui->now_ms >= ui->message_until_ms)
        ui->message[0] = '\0';
    struct layout layout = lay_out(ui);
    collect(ui, &layout);

    screen_begin();
    header_draw(ui);
    if (layout.tabs >= 0)
        tabs_draw(ui, layout.tabs);
    if (layout.list_height > 0) {
        struct view *view = ui_view(ui);
        view_draw(view, layout.list, 0, layout.list_width, layout.list_height,
                  ui->focus == FOCUS_LIST, ui->now_ms);
        if (rows_count(&view->rows) == 0)
            draw_empty(ui, layout.list + 2, layout.list_height - 2, layout.list_width - 4);
    }
    if (layout.detail_height > 0)
        detail_draw(&ui->detail, layout.detail_row, layout.detail_column, layout.detail_width,
                    layout.detail_height, ui->focus == FOCUS_DETAIL, layout.detail_column > 0,
                    ui->now_ms);
    if (layout.footer >= 0)
        footer_draw(ui, layout.footer);
    if (ui->help_open)
        help_draw(ui);
    if (ui->menu.class)
        menu_draw(ui);
    screen_end(ui->repaint);
    ui->repaint = false;
}

/* How long nothing changes by itself on the screen, in milliseconds. */
static int quiet_ms(const struct ui *ui)
{
    int64_t now = clock_ms(CLOCK_REALTIME);
    int64_t tick = ui->figures.active ? 1000 : IDLE_TICK_MS;
    int64_t wait = tick - now % tick;
    if (ui->message[0] && ui->message_until_ms - now < wait)
        wait = ui->message_until_ms - now;
    return wait > 0 ? (int)wait : 0;
}

static void drain_pipe(void)
{
    char bytes[256];
    while (read(wake_pipe[0], bytes, sizeof bytes) > 0)
        ;
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
        ui->message[0] = '\0';
        if (!action_run(ui, key))
            ui_say(ui, ROLE_MESSAGE, "that key does nothing here; ? shows the keys");
    }
    return any;
}

/* Waits until something is to be done; returns whether the screen may have to change. */
static bool wait_for_work(int timeout_ms, bool *lost)
{
    struct pollfd polled[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = wake_pipe[0], .events = POLLIN}};
    int ready = poll(polled, 2, timeout_ms);
    if (ready < 0)
        return errno == EINTR;
    *lost = (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    if (polled[1].revents)
        drain_pipe();
    return true;
}

static void run(struct ui *ui)
{
    bool dirty = true;
    int64_t drawn_ms = INT64_MIN / 2;
    while (!ui->quit) {
        int64_t since = clock_ms(CLOCK_MONOTONIC) - drawn_ms;
        if (dirty && since >= FRAME_MS) {
            /* Marked first, so that what comes while it is drawn is drawn the next time. */
            drawn_ms = clock_ms(CLOCK_MONOTONIC);
            draw(ui);
            dirty = ui->searching;
            continue;
        }
        bool lost = false;
        dirty |= wait_for_work(dirty ? (int)(FRAME_MS - since) : quiet_ms(ui), &lost);
        handle_signals(ui);
        dirty |= handle_keys(ui);
        if (lost) {
            ui->quit = true;
            ui->status = EXIT_FAILURE;
        }
    }
}

int ui_run(const struct ui_config *config)
{
    struct ui *ui = calloc(1, sizeof *ui);
    char reason[256] = "";
    const struct options *options = config->options;
    if (!ui) {
        fputs("anchortop: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    ui->config = config;
    bool color = !options->no_color && !(getenv("NO_COLOR") && getenv("NO_COLOR")[0]);
    for (int id = 0; id < VIEWS; id++)
        view_init(&ui->views[id], (enum view_id)id);
    enum view_id first = options->view ? view_find(options->view) : VIEW_EVENTS;
    ui->current = first < VIEWS ? first : VIEW_EVENTS;

    if (!theme_load(&ui->theme, options->theme ? options->theme : "default", reason,
                    sizeof reason)) {
        fprintf(stderr, "anchortop: --theme: %s\n", reason);
        ui->status = EXIT_USAGE;
    } else if (!screen_open(&ui->theme, color, options->ascii, reason, sizeof reason)) {
        fprintf(stderr, "anchortop: %s\n", reason);
        ui->status = EXIT_FAILURE;
    } else {
        catch_signals();
        run(ui);
        screen_close();
    }
    for (int id = 0; id < VIEWS; id++)
        view_free(&ui->views[id]);
    detail_free(&ui->detail);
    menu_close(&ui->menu);
    lines_free(&ui->help);
    int status = ui->status;
    free(ui);
    return status;
}
