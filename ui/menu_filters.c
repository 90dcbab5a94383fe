/*
 * The list of named filters, with how many events each one wants.
 */
#include <stdio.h>
#include <string.h>

#include "../src/text.h"
#include "menus.h"
#include "state.h"

/* What an item stands for: the place of a filter, or none. */
enum { NO_FILTER = NAMED_FILTERS_MAX };

static void add(struct ui *ui, uint64_t id, const char *name, const char *expression, double events,
                bool whole)
{
    const char *more = screen_ascii() ? "..." : "…";
    char number[32] = "", text[48];

    if (whole || events > 0)
        text_count(number, sizeof number, events);
    snprintf(text, sizeof text, "%s%s", number, whole ? "" : more);
    menu_add(&ui->menu, id, ROLE_TEXT, MENU_NO_BOX, name, text);
    menu_note(&ui->menu, expression);
}

static void fill(struct ui *ui)
{
    const struct named_filters *filters = &ui->config->options->filters;
    bool opened = ui->menu.capacity == 0;

    menu_clear(&ui->menu);
    if (filters->count == 0)
        return;
    if (!filter_counts_open(&ui->counts, filters)) {
        ui_say(ui, ROLE_WARNING, "there is no memory left to count for the filters");
        return;
    }
    filter_counts_update(&ui->counts, ui->config->store, ui->now_ms);
    add(ui, NO_FILTER, "(no filter)", "", (double)ui->counts.total, true);
    for (size_t i = 0; i < filters->count; i++) {
        const char *expression = filter_text(filters->filters[i].filter);
        uint64_t events;
        bool whole = filter_counts_get(&ui->counts, i, &events);
        add(ui, i, filters->filters[i].name, expression, (double)events, whole);
        if (opened && strcmp(expression, view_expression(ui_view(ui))) == 0)
            ui->menu.cursor = ui->menu.count - 1;
    }
}

static void choose(struct ui *ui, const struct menu_item *item)
{
    const struct named_filters *filters = &ui->config->options->filters;
    struct filter_error error;

    if (item->id == NO_FILTER) {
        view_set_filter(ui_view(ui), NULL);
        return;
    }
    /* The view wants one of its own. */
    struct filter *filter = filter_parse(filter_text(filters->filters[item->id].filter), &error);
    if (filter)
        view_set_filter(ui_view(ui), filter);
    else
        ui_say(ui, ROLE_WARNING, "%s", error.message);
}

const struct menu_class menu_filters = {
    .title = " Filters ",
    .hint = "Enter use   Esc back",
    .empty = "There are no named filters yet. Name some in the configuration file:\n"
             "\n"
             "[filters]\n"
             "failures = is:failed\n"
             "dear tasks = type:task cost>0.05",
    .fill = fill,
    .live = true,
    .choose = choose,
};
