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
    {.keys = {KEY_CODE_UP, 'k'},
     .places = IN_ALL,
     .group = "Moving",
     .help = "up",
     .run = do_move,
     .arg = -1},
    {.keys = {KEY_CODE_DOWN, 'j'},
     .places = IN_ALL,
     .group = "Moving",
     .help = "down",
     .run = do_move,
     .arg = 1},
    {.keys = {KEY_CODE_PAGE_UP, KEY_CTRL('b')},
     .places = IN_ALL,
     .group = "Moving",
     .help = "a page up",
     .run = do_move,
     .arg = PAGE_BACK},
    {.keys = {KEY_CODE_PAGE_DOWN, KEY_CTRL('f')},
     .places = IN_ALL,
     .group = "Moving",
     .help = "a page down",
     .run = do_move,
     .arg = PAGE_ON},
    {.keys = {KEY_CTRL('u')},
     .places = IN_ALL,
     .group = "Moving",
     .help = "half a page up",
     .run = do_move,
     .arg = HALF_BACK},
    {.keys = {KEY_CTRL('d')},
     .places = IN_ALL,
     .group = "Moving",
     .help = "half a page down",
     .run = do_move,
     .arg = HALF_ON},
    {.keys = {KEY_CODE_HOME, 'g'},
     .places = IN_ALL,
     .group = "Moving",
     .help = "to the newest (follows), or the top",
     .run = do_move,
     .arg = LONG_MIN},
    {.keys = {KEY_CODE_END, 'G'},
     .places = IN_ALL,
     .group = "Moving",
     .help = "to the oldest, or the bottom",
     .run = do_move,
     .arg = LONG_MAX},

    {.keys = {KEY_CODE_ENTER},
     .places = IN_LIST,
     .group = "Looking closer",
     .help = "details; again to go into them",
     .hint = "details",
     .run = do_enter},
    {.keys = {KEY_CODE_ENTER, KEY_CODE_LEFT, KEY_CODE_RIGHT},
     .places = IN_DETAIL,
     .group = "Looking closer",
     .help = "fold or unfold JSON; open the link",
     .hint = "fold/open",
     .run = do_enter},
    {.keys = {KEY_CODE_ESCAPE},
     .places = IN_DETAIL,
     .group = "Looking closer",
     .help = "back to the list",
     .hint = "back",
     .lasting = true,
     .run = do_back},
    {.keys = {KEY_CODE_ESCAPE},
     .places = IN_LIST,
     .group = "Looking closer",
     .help = "close the details",
     .run = do_back},
    {.keys = {KEY_CODE_TAB, KEY_CODE_BACKTAB},
     .places = IN_MAIN,
     .group = "Looking closer",
     .help = "between the list and the details",
     .run = do_focus},
    {.keys = {']'},
     .places = IN_MAIN,
     .group = "Looking closer",
     .help = "next page of the details",
     .hint = "page",
     .run = do_page,
     .arg = 1},
    {.keys = {'['},
     .places = IN_MAIN,
     .group = "Looking closer",
     .help = "previous page of the details",
     .run = do_page,
     .arg = -1},

    {.keys = {'o'},
     .places = IN_MAIN,
     .group = "Links",
     .help = "open the most useful link in the browser",
     .hint = "open link",
     .run = do_open},
    {.keys = {'O'},
     .places = IN_MAIN,
     .group = "Links",
     .help = "choose a link to open",
     .run = do_menu,
     .arg = MENU_LINKS},
    {.keys = {'y'},
     .places = IN_MAIN,
     .group = "Links",
     .help = "copy the most useful link",
     .hint = "copy",
     .run = do_copy},
    {.keys = {'Y'},
     .places = IN_MAIN,
     .group = "Links",
     .help = "copy id, link, JSON or a curl line",
     .run = do_menu,
     .arg = MENU_COPY},

    {.keys = {'f'},
     .places = IN_LIST,
     .group = "Choosing",
     .help = "failures only, on and off",
     .hint = "failures",
     .run = do_failures},
    {.keys = {'T'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "the list of all types",
     .hint = "types",
     .run = do_menu,
     .arg = MENU_TYPES},
    {.keys = {'t'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "task events on and off",
     .run = do_family,
     .arg = ENTITY_TASK},
    {.keys = {'s'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "session events on and off",
     .run = do_family,
     .arg = ENTITY_SESSION},
    {.keys = {'n'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "intervention events on and off",
     .run = do_family,
     .arg = ENTITY_INTERVENTION},
    {.keys = {'b'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "batch events on and off",
     .run = do_family,
     .arg = ENTITY_BATCH},
    {.keys = {'i'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "identity events on and off",
     .run = do_family,
     .arg = ENTITY_IDENTITY},
    {.keys = {'a'},
     .places = IN_LIST,
     .group = "Choosing",
     .help = "show all",
     .hint = "all",
     .run = do_show_all},
    {.keys = {'e'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "to the next failure (older)",
     .run = do_failure,
     .arg = 1},
    {.keys = {'E'},
     .places = IN_EVENTS,
     .group = "Choosing",
     .help = "to the previous failure (newer)",
     .run = do_failure,
     .arg = -1},
    {.keys = {KEY_CODE_SPACE},
     .places = IN_MAIN,
     .group = "Choosing",
     .help = "pause the list, go on",
     .hint = "pause",
     .run = do_pause},

    {.keys = {'1'},
     .places = IN_MAIN,
     .group = "Views",
     .help = "events",
     .run = do_view,
     .arg = VIEW_EVENTS},
    {.keys = {'7'},
     .places = IN_MAIN,
     .group = "Views",
     .help = "deliveries, and why they were refused",
     .run = do_view,
     .arg = VIEW_DELIVERIES},

    {.keys = {KEY_CODE_ENTER},
     .places = IN_MENU,
     .group = "In a list of choices",
     .help = "choose",
     .hint = "choose",
     .run = do_choose},
    {.keys = {KEY_CODE_SPACE, 'x'},
     .places = IN_MENU,
     .group = "In a list of choices",
     .help = "switch on or off",
     .hint = "switch",
     .run = do_toggle},
    {.keys = {'a'},
     .places = IN_MENU,
     .group = "In a list of choices",
     .help = "all on",
     .run = do_all_items},
    {.keys = {KEY_CODE_ESCAPE, 'q'},
     .places = IN_MENU | IN_HELP,
     .group = "In a list of choices",
     .help = "back",
     .hint = "back",
     .run = do_back},

    {.keys = {'?'},
     .places = IN_MAIN | IN_HELP,
     .group = "The program",
     .help = "this help",
     .hint = "help",
     .lasting = true,
     .run = do_help},
    {.keys = {'C'},
     .places = IN_MAIN,
     .group = "The program",
     .help = "themes",
     .run = do_menu,
     .arg = MENU_THEMES},
    {.keys = {KEY_CTRL('l')},
     .places = IN_ALL,
     .group = "The program",
     .help = "draw the screen again",
     .run = do_repaint},
    {.keys = {KEY_CTRL('z')},
     .places = IN_ALL,
     .group = "The program",
     .help = "to the shell; fg comes back",
     .run = do_suspend},
    {.keys = {'q'},
     .places = IN_MAIN,
     .group = "The program",
     .help = "quit",
     .hint = "quit",
     .lasting = true,
     .run = do_quit},
    {.keys = {KEY_CTRL('c')},
     .places = IN_ALL,
     .group = "The program",
     .help = "quit from anywhere",
     .run = do_quit},
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
