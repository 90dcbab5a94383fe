/*
 * One frame: lay out, copy what is shown out of the store, draw it without the lock.
 */
#include "frame.h"

#include <stdio.h>

#include "../src/clock.h"
#include "../src/text.h"
#include "first_steps.h"
#include "osc.h"
#include "screen.h"
#include "state.h"

enum {
    BESIDE_COLUMNS = 120, /* from here on the details stand beside the list */
    LEAST_LIST = 44,      /* columns of a list beside details */
    SPLIT_ROWS = 14,      /* below this the details take the list's place */
    RATE_SECONDS_SHOWN = 10,
    FIRST_US = 10000, /* of a search, before anything is drawn */
};

/* Where things stand, for the present size of the terminal. */
struct layout {
    int trouble, waiting, tabs, footer; /* rows; -1: none */
    int list, list_width, list_height;  /* with the column titles; 0: no list */
    int detail_row, detail_column, detail_width, detail_height; /* height 0: no details */
};

/* The columns of the list beside the details: both share the width by what they need. The border
 * stays where it is until another view, page or size is shown, or they are opened anew. */
static int list_share(struct ui *ui, int columns)
{
    enum { MOST_OF_LIST = 150 };
    static const int page_needs[DETAIL_PAGES] = {
        [PAGE_SUMMARY] = 72, [PAGE_TIMELINE] = 90, [PAGE_JSON] = 80, [PAGE_LINKS] = 90};
    struct split *split = &ui->split;
    const struct view *view = &ui->views[ui->current];
    int room = columns - 1, needed = view_natural_width(view);
    if (split->list_width > 0 && split->columns == columns && split->view == ui->current &&
        split->page == ui->detail.page)
        return split->list_width;
    if (view->window_count == 0 || needed == 0)
        return columns * 11 / 20;
    needed = needed < MOST_OF_LIST ? needed : MOST_OF_LIST;
    int page = page_needs[ui->detail.page], more = room - needed - page;
    int list = more >= 0 ? needed + more / 2 : room * needed / (needed + page);
    int least_page = columns * 9 / 20; /* text is for reading, rows for finding it */
    list = list < LEAST_LIST ? LEAST_LIST : list;
    list = list < room - least_page ? list : room - least_page;
    *split = (struct split){ui->current, ui->detail.page, columns, list};
    return split->list_width;
}

static struct layout lay_out(struct ui *ui)
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
    if (!ui->detail_open) {
        ui->split.list_width = 0;
        return layout;
    }

    if (columns >= BESIDE_COLUMNS) {
        layout.list_width = list_share(ui, columns);
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
static void collect_waiting(struct waiting *waiting, const struct store *store)
{
    enum { LOOKED_AT = 1000 }; /* the newest is sought among these; the rest do not ring */
    const struct entities *entities = store_entities(store);
    *waiting = (struct waiting){.count = entities_waiting(entities)};
    for (size_t i = 0; i < waiting->count && i < LOOKED_AT; i++) {
        const struct intervention *intervention = entities_waiting_at(entities, i);
        /* What a journal has brought back is no news. */
        uint64_t seq = intervention->entity.last_seq;
        const struct ring_record *record = ring_at(store_ring(store), seq);
        if (record && !record->recalled && seq > waiting->newest)
            waiting->newest = seq;
        if (i > 0)
            continue;
        waiting->serial = intervention->entity.node.serial;
        waiting->since_ms = intervention->requested.created_ms;
        snprintf(waiting->session, sizeof waiting->session, "%s",
                 intervention->session ? intervention->session : "");
        text_cut(waiting->message, sizeof waiting->message, intervention->request.message);
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
    entities_spent(entities, now_ms, &figures->spent);
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
    int64_t until_us = clock_steady_us() + FIRST_US;
    do
        ui->searching = !view_update(view, store, visible, ui->now_ms);
    while (ui->searching && view_count(view) <= (size_t)visible &&
           !older_is_searching(&view->older) && clock_steady_us() < until_us);
    ui->searching |= !view_count_held_back(view, store, ui->now_ms);
    figures->held_back = view->paused ? view->held_back : 0;
    store_lock(store);
    figures->counts = *store_counts(store);
    figures->events = ring_end(store_ring(store)) - 1;
    const struct rate *rate = store_rate(store);
    rate_series(rate, ui->now_ms, figures->series, SPARK_SECONDS);
    figures->rate = rate_average(rate, ui->now_ms, RATE_SECONDS_SHOWN);
    figures->active = rate_active(rate, ui->now_ms, SPARK_SECONDS);
    view->class->describe(view, store, figures->filter, sizeof figures->filter);
    const struct delivery *last = store_delivery(store, store_delivery_end(store) - 1);
    figures->last_refusal[0] = '\0';
    if (last && last->result == DELIVERY_REFUSED)
        snprintf(figures->last_refusal, sizeof figures->last_refusal, "%s", last->reason);
    collect_waiting(&figures->waiting, store);
    collect_runs(figures, store_entities(store), ui->now_ms);
    store_unlock(store);
    ui->tracing = false;
    if (ui->detail_open) {
        detail_fit(&ui->detail, layout->detail_height);
        ui_load_detail(ui);
    }
    targets_find(ui);
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
        osc_title(title);
    }
    ui->waiting_before = waiting->count;
    if (waiting->newest > ui->waiting_newest)
        ui->waiting_newest = waiting->newest;
}

static void add_note(struct lines *lines, const struct view *view, int width)
{
    char text[VIEW_NOTE];
    view_note(view, text, sizeof text);
    if (!text[0])
        return;
    lines_begin(lines, 0);
    lines_begin(lines, 0);
    lines_wrap(lines, ROLE_DIM, text, 0, width);
}

/* What an empty list says: how the first event comes, or why none is shown. */
static void draw_empty(const struct ui *ui, int row, int height, int width)
{
    struct lines lines = {.ascii = screen_ascii()};
    lines_begin(&lines, 0);
    if (ui->views[ui->current].searching) {
        lines_add(&lines, ROLE_DIM, "Searching");
        add_note(&lines, &ui->views[ui->current], width);
    } else if (ui->figures.filter[0]) {
        lines_wrap(&lines, ROLE_DIM, "Nothing passes the filter. Press a to show all.", 0, width);
        add_note(&lines, &ui->views[ui->current], width);
    } else if (ui->views[ui->current].class->empty) {
        lines_wrap(&lines, ROLE_DIM, ui->views[ui->current].class->empty, 0, width);
    } else if (ui->config->source) {
        lines_add(&lines, ROLE_TITLE, "No events yet from ");
        lines_wrap(&lines, ROLE_TEXT, ui->config->source, 0, width);
    } else {
        first_steps_build(&lines, ui->config, ui->figures.last_refusal, width);
    }
    for (size_t i = 0; i < lines.count && (int)i < height; i++)
        lines_draw(&lines, i, row + (int)i, 2, width, ROLE_TEXT);
    lines_free(&lines);
}

void frame_draw(struct ui *ui)
{
    ui->now_ms = clock_now_ms();
    if (ui->message[0] && clock_steady_us() / 1000 >= ui->message_until_ms)
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
    ui->building = layout.detail_height > 0 && !detail_is_settled(&ui->detail);
    if (ui->help_open)
        help_draw(ui);
    if (ui->prompt.mode != PROMPT_CLOSED)
        prompt_draw(ui, screen_rows() - 1);
    else if (layout.footer >= 0 || ui->quit_asked)
        footer_draw(ui, screen_rows() - 1);
    if (ui->menu.class)
        menu_draw(ui);
    screen_end(ui->repaint);
    ui->repaint = false;
}
