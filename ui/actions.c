/*
 * What can be done on the screen.
 */
#include "actions.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/link.h"
#include "../src/text.h"
#include "keys.h"
#include "menus.h"
#include "screen.h"
#include "state.h"

/* Arguments of do_move(): rows, or one of these. */
enum { PAGE_BACK = -1000000, PAGE_ON = 1000000, HALF_BACK = -500000, HALF_ON = 500000 };

static unsigned place(const struct ui *ui)
{
    static const unsigned lists[VIEWS] = {
        [VIEW_EVENTS] = IN_EVENTS,
        [VIEW_DELIVERIES] = IN_DELIVERIES,
    };
    if (ui->menu.class)
        return IN_MENU;
    if (ui->help_open)
        return IN_HELP;
    return ui->focus == FOCUS_DETAIL ? IN_DETAIL : lists[ui->current];
}

bool action_applies(const struct action *action, const struct ui *ui)
{
    return action->places & place(ui);
}

static long page_rows(const struct ui *ui)
{
    int height = ui->menu.class              ? ui->menu.height
                 : ui->help_open             ? ui->help_height
                 : ui->focus == FOCUS_DETAIL ? ui->detail.height
                                             : ui->views[ui->current].height;
    return height > 1 ? height - 1 : 1;
}

static void do_move(struct ui *ui, long by)
{
    if (by == PAGE_BACK || by == PAGE_ON)
        by = by < 0 ? -page_rows(ui) : page_rows(ui);
    else if (by == HALF_BACK || by == HALF_ON)
        by = (by < 0 ? -page_rows(ui) - 1 : page_rows(ui) + 1) / 2;
    if (ui->menu.class)
        menu_move(ui, by);
    else if (ui->help_open)
        help_move(ui, by);
    else if (ui->focus == FOCUS_DETAIL)
        detail_move(&ui->detail, by);
    else
        view_move(ui_view(ui), by);
}

static void do_view(struct ui *ui, long view)
{
    ui->current = (enum view_id)view;
    ui->focus = FOCUS_LIST;
}

static void do_pause(struct ui *ui, long unused)
{
    (void)unused;
    struct view *view = ui_view(ui);
    store_lock(ui->config->store);
    view_pause(view, ui->config->store, !view->paused);
    store_unlock(ui->config->store);
}

static void do_failures(struct ui *ui, long unused)
{
    (void)unused;
    struct view *view = ui_view(ui);
    view->types.failures_only = !view->types.failures_only;
    view_filter_changed(view);
}

static void do_family(struct ui *ui, long family)
{
    struct view *view = ui_view(ui);
    view->types.hide_family[family] = !view->types.hide_family[family];
    view_filter_changed(view);
}

static void do_show_all(struct ui *ui, long unused)
{
    (void)unused;
    struct view *view = ui_view(ui);
    view->types = (struct type_filter){.failures_only = false};
    view_filter_changed(view);
}

/* To the next (older) or previous (newer) event that failed, whether or not others are shown. */
static void do_failure(struct ui *ui, long direction)
{
    struct view *view = ui_view(ui);
    const struct store *store = ui->config->store;
    size_t count = rows_count(&view->rows), at = view->index;
    bool found = false;
    store_lock(ui->config->store);
    while (!found && (direction > 0 ? at + 1 < count : at > 0)) {
        at = direction > 0 ? at + 1 : at - 1;
        const struct ring *ring = store_ring(store);
        uint64_t seq = rows_at(&view->rows, at);
        if (seq < ring_first(ring))
            break;
        found = store_type(store, ring_type(ring, seq))->outcome == OUTCOME_FAILED;
    }
    store_unlock(ui->config->store);
    if (found)
        view_move(view, (long)at - (long)view->index);
    else
        ui_say(ui, ROLE_MESSAGE, "no %s failure", direction > 0 ? "older" : "newer");
}

static void do_enter(struct ui *ui, long unused)
{
    (void)unused;
    if (ui->focus == FOCUS_LIST) {
        if (ui->detail_open)
            ui->focus = FOCUS_DETAIL;
        ui->detail_open = true;
        return;
    }
    const struct link *link = detail_link(&ui->detail);
    if (link)
        open_link(ui, link);
    else
        detail_fold(&ui->detail);
}

static void do_focus(struct ui *ui, long unused)
{
    (void)unused;
    ui->focus = ui->detail_open && ui->focus == FOCUS_DETAIL ? FOCUS_LIST : FOCUS_DETAIL;
    ui->detail_open = true;
}

static void do_page(struct ui *ui, long by)
{
    ui->detail_open = true;
    detail_turn(&ui->detail, (int)by);
}

static void do_back(struct ui *ui, long unused)
{
    (void)unused;
    const struct menu_class *class = ui->menu.class;
    if (class) {
        menu_close(&ui->menu);
        if (class->cancel)
            class->cancel(ui);
    } else if (ui->help_open) {
        ui->help_open = false;
    } else if (ui->focus == FOCUS_DETAIL) {
        ui->focus = FOCUS_LIST;
    } else {
        ui->detail_open = false;
    }
}

static void do_choose(struct ui *ui, long unused)
{
    (void)unused;
    const struct menu_class *class = ui->menu.class;
    const struct menu_item *item = menu_item(&ui->menu);
    if (!item || !class->choose) {
        menu_close(&ui->menu);
        return;
    }
    /* The item goes with the menu, and choose() may open another one. */
    struct menu_item chosen = *item;
    chosen.label = chosen.detail = NULL;
    menu_close(&ui->menu);
    class->choose(ui, &chosen);
}

static void do_toggle(struct ui *ui, long unused)
{
    (void)unused;
    const struct menu_item *item = menu_item(&ui->menu);
    if (item && ui->menu.class->toggle)
        ui->menu.class->toggle(ui, item);
}

static void do_all_items(struct ui *ui, long unused)
{
    (void)unused;
    if (ui->menu.class->all)
        ui->menu.class->all(ui);
}

static void do_open(struct ui *ui, long unused)
{
    (void)unused;
    const struct link *link = ui->focus == FOCUS_DETAIL ? detail_link(&ui->detail) : NULL;
    if (!link)
        link = best_link(ui);
    if (link)
        open_link(ui, link);
    else
        ui_say(ui, ROLE_MESSAGE, "this event has no links");
}

static void do_copy(struct ui *ui, long unused)
{
    (void)unused;
    const struct link *link = ui->focus == FOCUS_DETAIL ? detail_link(&ui->detail) : NULL;
    if (!link)
        link = best_link(ui);
    if (link)
        copy_text(ui, link->url);
    else
        ui_say(ui, ROLE_MESSAGE, "this event has no links to copy; Y offers its id and JSON");
}

static void do_menu(struct ui *ui, long which)
{
    menu_open(ui, menu_classes[which]);
}

static void do_help(struct ui *ui, long unused)
{
    (void)unused;
    ui->help_open = !ui->help_open;
    ui->help_top = 0;
}

static void do_repaint(struct ui *ui, long unused)
{
    (void)unused;
    ui->repaint = true;
}

static void do_suspend(struct ui *ui, long unused)
{
    (void)unused;
    screen_suspend();
    ui->repaint = true;
}

static void do_quit(struct ui *ui, long unused)
{
    (void)unused;
    ui->quit = true;
}

/*
 * In the order of the footer, where the first ones are the last to give way. Commands of a group
 * stand together. What ends in a place of its own (a menu) comes before what works everywhere.
 */
const struct action actions[] = {
    {{KEY_CODE_UP, 'k'}, IN_ALL, "Moving", "up", NULL, do_move, -1},
    {{KEY_CODE_DOWN, 'j'}, IN_ALL, "Moving", "down", NULL, do_move, 1},
    {{KEY_CODE_PAGE_UP, KEY_CTRL('b')}, IN_ALL, "Moving", "a page up", NULL, do_move, PAGE_BACK},
    {{KEY_CODE_PAGE_DOWN, KEY_CTRL('f')}, IN_ALL, "Moving", "a page down", NULL, do_move, PAGE_ON},
    {{KEY_CTRL('u')}, IN_ALL, "Moving", "half a page up", NULL, do_move, HALF_BACK},
    {{KEY_CTRL('d')}, IN_ALL, "Moving", "half a page down", NULL, do_move, HALF_ON},
    {{KEY_CODE_HOME, 'g'},
     IN_ALL,
     "Moving",
     "to the newest (follows), or the top",
     NULL,
     do_move,
     LONG_MIN},
    {{KEY_CODE_END, 'G'},
     IN_ALL,
     "Moving",
     "to the oldest, or the bottom",
     NULL,
     do_move,
     LONG_MAX},

    {{KEY_CODE_ENTER},
     IN_LIST,
     "Looking closer",
     "details; again to go into them",
     "details",
     do_enter,
     0},
    {{KEY_CODE_ENTER, KEY_CODE_LEFT, KEY_CODE_RIGHT},
     IN_DETAIL,
     "Looking closer",
     "fold or unfold JSON; open the link",
     "fold/open",
     do_enter,
     0},
    {{KEY_CODE_ESCAPE}, IN_DETAIL, "Looking closer", "back to the list", "back", do_back, 0},
    {{KEY_CODE_ESCAPE}, IN_LIST, "Looking closer", "close the details", NULL, do_back, 0},
    {{KEY_CODE_TAB, KEY_CODE_BACKTAB},
     IN_MAIN,
     "Looking closer",
     "between the list and the details",
     NULL,
     do_focus,
     0},
    {{']'}, IN_MAIN, "Looking closer", "next page of the details", "page", do_page, 1},
    {{'['}, IN_MAIN, "Looking closer", "previous page of the details", NULL, do_page, -1},

    {{'o'}, IN_MAIN, "Links", "open the most useful link in the browser", "open link", do_open, 0},
    {{'O'}, IN_MAIN, "Links", "choose a link to open", NULL, do_menu, MENU_LINKS},
    {{'y'}, IN_MAIN, "Links", "copy the most useful link", "copy", do_copy, 0},
    {{'Y'}, IN_MAIN, "Links", "copy id, link, JSON or a curl line", NULL, do_menu, MENU_COPY},

    {{'f'}, IN_LIST, "Choosing", "failures only, on and off", "failures", do_failures, 0},
    {{'T'}, IN_EVENTS, "Choosing", "the list of all types", "types", do_menu, MENU_TYPES},
    {{'t'}, IN_EVENTS, "Choosing", "task events on and off", NULL, do_family, ENTITY_TASK},
    {{'s'}, IN_EVENTS, "Choosing", "session events on and off", NULL, do_family, ENTITY_SESSION},
    {{'n'},
     IN_EVENTS,
     "Choosing",
     "intervention events on and off",
     NULL,
     do_family,
     ENTITY_INTERVENTION},
    {{'b'}, IN_EVENTS, "Choosing", "batch events on and off", NULL, do_family, ENTITY_BATCH},
    {{'i'}, IN_EVENTS, "Choosing", "identity events on and off", NULL, do_family, ENTITY_IDENTITY},
    {{'a'}, IN_LIST, "Choosing", "show all", "all", do_show_all, 0},
    {{'e'}, IN_EVENTS, "Choosing", "to the next failure (older)", NULL, do_failure, 1},
    {{'E'}, IN_EVENTS, "Choosing", "to the previous failure (newer)", NULL, do_failure, -1},
    {{KEY_CODE_SPACE}, IN_MAIN, "Choosing", "pause the list, go on", "pause", do_pause, 0},

    {{'1'}, IN_MAIN, "Views", "events", NULL, do_view, VIEW_EVENTS},
    {{'7'},
     IN_MAIN,
     "Views",
     "deliveries, and why they were refused",
     NULL,
     do_view,
     VIEW_DELIVERIES},

    {{KEY_CODE_ENTER}, IN_MENU, "In a list of choices", "choose", "choose", do_choose, 0},
    {{KEY_CODE_SPACE, 'x'},
     IN_MENU,
     "In a list of choices",
     "switch on or off",
     "switch",
     do_toggle,
     0},
    {{'a'}, IN_MENU, "In a list of choices", "all on", NULL, do_all_items, 0},
    {{KEY_CODE_ESCAPE, 'q'}, IN_MENU | IN_HELP, "In a list of choices", "back", "back", do_back, 0},

    {{'?'}, IN_MAIN | IN_HELP, "The program", "this help", "help", do_help, 0},
    {{'C'}, IN_MAIN, "The program", "themes", NULL, do_menu, MENU_THEMES},
    {{KEY_CTRL('l')}, IN_ALL, "The program", "draw the screen again", NULL, do_repaint, 0},
    {{KEY_CTRL('z')}, IN_ALL, "The program", "to the shell; fg comes back", NULL, do_suspend, 0},
    {{'q'}, IN_MAIN, "The program", "quit", "quit", do_quit, 0},
    {{KEY_CTRL('c')}, IN_ALL, "The program", "quit from anywhere", NULL, do_quit, 0},
};

const size_t action_count = sizeof actions / sizeof *actions;

bool action_run(struct ui *ui, int key)
{
    for (size_t i = 0; i < action_count; i++) {
        const struct action *action = &actions[i];
        if (!action_applies(action, ui))
            continue;
        for (size_t k = 0; k < ACTION_KEYS && action->keys[k]; k++) {
            if (action->keys[k] == key) {
                action->run(ui, action->arg);
                return true;
            }
        }
    }
    return false;
}
