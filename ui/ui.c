/*
 * The screen's loop: wait, let keys and signals change the state, draw once.
 *
 * The only things that wake it are the terminal, wake() (called by the server's thread and by
 * signal handlers), and the next second while something on the screen counts seconds.
 */
#include "ui.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../src/text.h"
#include "../src/wake.h"
#include "actions.h"
#include "keyboard.h"
#include "menus.h"
#include "screen.h"
#include "state.h"

enum {
    FRAME_MS = 33,        /* at most 30 frames a second */
    BESIDE_COLUMNS = 120, /* from here on the details stand beside the list */
    WIDE_COLUMNS = 160,   /* from here on the list gets the larger share of what is more */
    SPLIT_ROWS = 14,      /* below this the details take the list's place */
    IDLE_TICK_MS = 60000, /* the clock shows minutes when nothing happens */
    RATE_SECONDS_SHOWN = 10,
    FIRST_SLICES = 10, /* of a search, before anything is drawn */
};

static struct {
    int number;
    volatile sig_atomic_t seen;
} signals[] = {
    {SIGWINCH, 0}, {SIGTSTP, 0}, {SIGCONT, 0}, {SIGHUP, 0},
    {SIGTERM, 0},  {SIGINT, 0},  {SIGQUIT, 0}, {SIGCHLD, 0},
};

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t start_ms; /* before the endpoint: all that it receives came later */

bool ui_usable(char *reason, size_t reason_size)
{
    start_ms = clock_ms(CLOCK_REALTIME);
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

void ui_show_view(struct ui *ui, enum view_id view)
{
    ui->pages[ui->current] = ui->detail.page;
    ui->current = view;
    ui->focus = FOCUS_LIST;
    if (ui->detail.page != ui->pages[view])
        detail_turn(&ui->detail, (int)ui->pages[view] - (int)ui->detail.page);
}

void ui_remember(struct ui *ui)
{
    if (ui->back_count == MAX_BACK) {
        free(ui->back[0].scope);
        memmove(ui->back, ui->back + 1, (MAX_BACK - 1) * sizeof *ui->back);
        ui->back_count--;
    }
    const struct view *view = ui_view(ui);
    const struct scope *scope = &ui->views[VIEW_EVENTS].scope;
    ui->back[ui->back_count++] = (struct place){
        .view = ui->current,
        .selected = view->selected,
        .follow = view->follow,
        .detail_open = ui->detail_open,
        .focus = ui->focus,
        .page = ui->detail.page,
        .scope_kind = scope->kind,
        .scope = scope->id ? strdup(scope->id) : NULL,
    };
}

bool ui_go_back(struct ui *ui)
{
    if (ui->back_count == 0)
        return false;
    struct place place = ui->back[--ui->back_count];
    const struct scope *scope = &ui->views[VIEW_EVENTS].scope;
    bool same =
        place.scope && scope->id ? strcmp(place.scope, scope->id) == 0 : place.scope == scope->id;
    if (!same)
        view_set_scope(&ui->views[VIEW_EVENTS], place.scope_kind, place.scope);
    ui_show_view(ui, place.view);
    if (!place.follow)
        view_select(ui_view(ui), place.selected);
    ui_view(ui)->follow = place.follow;
    ui->detail_open = place.detail_open;
    ui->focus = place.focus;
    detail_turn(&ui->detail, (int)place.page - (int)ui->detail.page);
    free(place.scope);
    return true;
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

struct subject ui_subject(const struct ui *ui, uint32_t *slot)
{
    const struct view *view = &ui->views[ui->current];
    size_t count = view_count(view);
    *slot = 0;
    if (count == 0)
        return (struct subject){.kind = SUBJECT_NONE};
    if (!view->class->log) {
        size_t index = view->index < count ? view->index : count - 1;
        *slot = view->sorted.rows[index].slot;
        return (struct subject){SUBJECT_ENTITY, view->class->kind, view->selected};
    }
    bool delivery = ui->current == VIEW_DELIVERIES;
    return (struct subject){.kind = delivery ? SUBJECT_DELIVERY : SUBJECT_EVENT,
                            .number = view->selected};
}

void ui_load_detail(struct ui *ui)
{
    struct store *store = ui->config->store;
    uint32_t slot;
    struct subject subject = ui_subject(ui, &slot);
    bool again;
    do {
        store_lock(store);
        detail_load(&ui->detail, store, subject, slot);
        store_unlock(store);
        again = ui->detail.undecoded;
        detail_prepare(&ui->detail, store);
    } while (again); /* the timeline is found by what was decoded just now */
}

/* Where things stand, for the present size of the terminal. */
struct layout {
    int trouble, waiting, tabs, list, list_height,
        list_width; /* list_height counts the column titles; 0: no list */
    int detail_row, detail_column, detail_width, detail_height; /* detail_height 0: no detail */
    int footer;                                                 /* -1: none */
};

static struct layout lay_out(const struct ui *ui)
{
    int rows = screen_rows(), columns = screen_columns();
    struct layout layout = {
        .trouble = -1, .waiting = -1, .tabs = -1, .footer = rows > 5 ? rows - 1 : -1};
    layout.list = 1;
    if (rows > 2 && ui->journal.trouble)
        layout.trouble = layout.list++;
    if (rows > 3 && ui->figures.waiting.count > 0)
        layout.waiting = layout.list++;
    if (rows > 4)
        layout.tabs = layout.list++;
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

/* (locked) */
static void collect_waiting(struct waiting *waiting, const struct store *store, int64_t started_ms)
{
    enum { LOOKED_AT = 1000 }; /* the newest is sought among these; the rest do not ring */
    const struct entities *entities = store_entities(store);
    *waiting = (struct waiting){.count = entities_waiting(entities)};
    for (size_t i = 0; i < waiting->count && i < LOOKED_AT; i++) {
        const struct intervention *intervention = entities_waiting_at(entities, i);
        /* What a journal has brought back is no news. */
        uint64_t seq = intervention->entity.last_seq;
        const struct ring_record *record = ring_at(store_ring(store), seq);
        if (record && record->received_ms >= started_ms && seq > waiting->newest)
            waiting->newest = seq;
        if (i > 0)
            continue;
        waiting->serial = intervention->entity.node.serial;
        waiting->since_ms = intervention->requested.created_ms;
        snprintf(waiting->session, sizeof waiting->session, "%s",
                 intervention->session.text ? intervention->session.text : "");
        snprintf(waiting->message, sizeof waiting->message, "%s",
                 intervention->request.message ? intervention->request.message : "");
    }
}

/* (locked) */
static void collect_runs(struct figures *figures, const struct entities *entities, int64_t now_ms)
{
    struct hour_sums sums;
    hour_sum(entities_hour(entities), now_ms, &sums);
    figures->runs_ok = sums.ok;
    figures->runs_failed = sums.failed;
    figures->p95_ms = sums.durations.total ? histogram_quantile(&sums.durations, 0.95) : 0;
    const struct costs *costs = entities_costs(entities);
    size_t used = 0;
    figures->spent[0] = '\0';
    for (uint32_t i = 0; i < costs->count && i < 2; i++) {
        char money[32];
        text_money(money, sizeof money, (double)costs->sums[i].micros / 1e6,
                   costs->sums[i].currency);
        used += (size_t)snprintf(figures->spent + used, sizeof figures->spent - used, "%s%s",
                                 i ? " + " : "", money);
    }
    for (int kind = 0; kind < ENTITY_TABLES; kind++)
        figures->entities[kind] = entities_count(entities, (enum entity_kind)kind);
}

/* Copies out of the store what this frame shows. Nothing is drawn while the lock is held. */
static void collect(struct ui *ui, const struct layout *layout)
{
    struct store *store = ui->config->store;
    struct figures *figures = &ui->figures;
    struct view *view = ui_view(ui);
    int visible = layout->list_height > 1 ? layout->list_height - 1 : 1;

    /* The first screenful at once; the rest between frames. */
    for (int slice = 0; slice < FIRST_SLICES; slice++) {
        ui->searching = !view_update(view, store, visible, ui->now_ms);
        if (!ui->searching || view_count(view) > (size_t)visible)
            break;
    }
    store_lock(store);
    figures->counts = *store_counts(store);
    figures->events = ring_end(store_ring(store)) - 1;
    const struct rate *rate = store_rate(store);
    rate_series(rate, ui->now_ms, figures->series, SPARK_SECONDS);
    figures->rate = rate_average(rate, ui->now_ms, RATE_SECONDS_SHOWN);
    figures->active = rate_active(rate, ui->now_ms, SPARK_SECONDS);
    figures->held_back = view_waiting(view, store, 2000, ui->now_ms);
    view->class->describe(view, store, figures->filter, sizeof figures->filter);
    const struct delivery *last = store_delivery(store, store_delivery_end(store) - 1);
    figures->last_refusal[0] = '\0';
    if (last && last->result == DELIVERY_REFUSED)
        snprintf(figures->last_refusal, sizeof figures->last_refusal, "%s", last->reason);
    collect_waiting(&figures->waiting, store, ui->started_ms);
    collect_runs(figures, store_entities(store), ui->now_ms);
    store_unlock(store);
    if (ui->detail_open)
        ui_load_detail(ui);
}

static void ask_journal(struct ui *ui)
{
    if (!ui->config->journal)
        return;
    ui->config->journal(ui->config->context, &ui->journal);
    if (ui->journal.notices != ui->notices_shown)
        ui_say(ui, ROLE_WARNING, "%s", ui->journal.notice);
    ui->notices_shown = ui->journal.notices;
}

/* Tells those who look elsewhere: the bell for a new request, the terminal's title for all. */
static void announce_waiting(struct ui *ui)
{
    const struct waiting *waiting = &ui->figures.waiting;
    if (waiting->newest > ui->waiting_newest && !ui->muted)
        screen_bell();
    if (waiting->count != ui->waiting_before) {
        char title[64];
        snprintf(title, sizeof title, waiting->count ? "anchortop: %zu waiting" : "anchortop",
                 waiting->count);
        screen_title(title);
    }
    ui->waiting_before = waiting->count;
    if (waiting->newest > ui->waiting_newest)
        ui->waiting_newest = waiting->newest;
}

/* What an empty list says: how the first event comes, or why none is shown. */
static void draw_empty(const struct ui *ui, int row, int height, int width)
{
    struct lines lines = {.ascii = screen_ascii()};
    lines_begin(&lines, 0);
    if (ui->views[ui->current].searching) {
        lines_add(&lines, ROLE_DIM, "Searching");
    } else if (ui->figures.filter[0]) {
        lines_wrap(&lines, ROLE_DIM, "Nothing passes the filter. Press a to show all.", 0, width);
    } else if (ui->views[ui->current].class->empty) {
        lines_wrap(&lines, ROLE_DIM, ui->views[ui->current].class->empty, 0, width);
    } else if (ui->config->source) {
        lines_add(&lines, ROLE_TITLE, "No events yet from ");
        lines_wrap(&lines, ROLE_TEXT, ui->config->source, 0, width);
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
    alarm_pass(ui);
    struct layout layout = lay_out(ui);
    collect(ui, &layout);
    ask_journal(ui);
    announce_waiting(ui);
    layout = lay_out(ui); /* the lines of trouble and waiting come and go */

    screen_begin();
    header_draw(ui);
    if (layout.trouble >= 0)
        trouble_draw(ui, layout.trouble);
    if (layout.waiting >= 0)
        waiting_draw(ui, layout.waiting);
    if (layout.tabs >= 0)
        tabs_draw(ui, layout.tabs);
    if (layout.list_height > 0) {
        struct view *view = ui_view(ui);
        view_draw(view, layout.list, 0, layout.list_width, layout.list_height,
                  ui->focus == FOCUS_LIST, ui->now_ms);
        if (view_count(view) == 0)
            draw_empty(ui, layout.list + 2, layout.list_height - 2, layout.list_width - 4);
    }
    if (layout.detail_height > 0)
        detail_draw(&ui->detail, layout.detail_row, layout.detail_column, layout.detail_width,
                    layout.detail_height, ui->focus == FOCUS_DETAIL, layout.detail_column > 0,
                    ui->now_ms);
    if (ui->prompt.mode != PROMPT_CLOSED)
        prompt_draw(ui, screen_rows() - 1);
    else if (layout.footer >= 0)
        footer_draw(ui, layout.footer);
    if (ui->help_open)
        help_draw(ui);
    if (ui->menu.class)
        menu_draw(ui);
    screen_end(ui->repaint);
    ui->repaint = false;
}

/* Whether the list of filters has more to count. */
static bool is_counting(const struct ui *ui)
{
    return ui->menu.class == &menu_filters && ui->counts.behind;
}

/* Looks at more events between two frames. */
static void go_on(struct ui *ui)
{
    struct view *view = ui_view(ui);
    if (ui->searching)
        ui->searching = !view_update(view, ui->config->store, view->height, ui->now_ms);
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
    int64_t now = clock_ms(CLOCK_REALTIME);
    bool ticks = ui->figures.active || ui->figures.waiting.count > 0;
    int64_t tick = ticks ? 1000 : IDLE_TICK_MS;
    int64_t wait = tick - now % tick;
    if (ui->message[0] && ui->message_until_ms - now < wait)
        wait = ui->message_until_ms - now;
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
        if (!action_run(ui, key) && !type_key(ui, key))
            ui_say(ui, ROLE_MESSAGE, "that key does nothing here; ? shows the keys");
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
        int64_t since = clock_ms(CLOCK_MONOTONIC) - drawn_ms;
        if (dirty && since >= FRAME_MS) {
            /* Marked first, so that what comes while it is drawn is drawn the next time. */
            drawn_ms = clock_ms(CLOCK_MONOTONIC);
            draw(ui);
            dirty = ui->searching || ui->alarm.behind || is_counting(ui);
            continue;
        }
        bool lost = false;
        bool busy = ui->searching || is_counting(ui);
        int timeout = busy ? 0 : dirty ? (int)(FRAME_MS - since) : quiet_ms(ui);
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
    ui->started_ms = start_ms;
    bool color = !options->no_color && !(getenv("NO_COLOR") && getenv("NO_COLOR")[0]);
    for (int id = 0; id < VIEWS; id++)
        init_view(&ui->views[id], (enum view_id)id, options);
    struct filter_error error;
    if (options->filter)
        view_set_filter(&ui->views[VIEW_EVENTS], filter_parse(options->filter, &error));
    enum view_id first = options->view ? view_find(options->view) : VIEW_EVENTS;
    ui->current = first < VIEWS ? first : VIEW_EVENTS;
    ui->pages[VIEW_SESSIONS] = PAGE_TIMELINE; /* what an operator wants of a session is its story */
    ui->detail.page = ui->pages[ui->current];

    if (!theme_load(&ui->theme, options->theme ? options->theme : "default", reason,
                    sizeof reason)) {
        fprintf(stderr, "anchortop: --theme: %s\n", reason);
        ui->status = EXIT_USAGE;
    } else if (!alarm_open(ui)) {
        fputs("anchortop: out of memory\n", stderr);
        ui->status = EXIT_FAILURE;
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
    while (ui->back_count > 0)
        free(ui->back[--ui->back_count].scope);
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
