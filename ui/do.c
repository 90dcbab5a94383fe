/*
 * What the actions do.
 */
#include "do.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/clock.h"
#include "../src/link.h"
#include "find.h"
#include "menus.h"
#include "related.h"
#include "screen.h"
#include "state.h"

static long page_rows(const struct ui *ui)
{
    int height = ui->menu.class              ? ui->menu.height
                 : ui->help_open             ? ui->help_height
                 : ui->focus == FOCUS_DETAIL ? ui->detail.height
                                             : ui->views[ui->current].height;
    return height > 1 ? height - 1 : 1;
}

void do_move(struct ui *ui, long by)
{
    if (by == PAGE_BACK || by == PAGE_ON)
        by = by < 0 ? -page_rows(ui) : page_rows(ui);
    else if (by == HALF_BACK || by == HALF_ON)
        by = (by < 0 ? -page_rows(ui) - 1 : page_rows(ui) + 1) / 2;
    if (ui->menu.class)
        menu_move(ui, by);
    else if (ui->help_open)
        help_move(ui, by);
    else if (ui->focus == FOCUS_LIST)
        view_move(ui_view(ui), by);
    else {
        ui_ready_detail(ui);
        detail_move(&ui->detail, by);
    }
}

/* Brings a view's rows up to date: the next key may come before the next frame. A table whole, for
 * its order shows only then, unless its filter has large events to decode; of a log the newest, for
 * a search of the past may take seconds. */
static void settle(struct ui *ui)
{
    enum { TIME_US = 50000 };
    int64_t until_us = clock_steady_us() + TIME_US;
    struct view *view = ui_view(ui);
    while (!view_update(view, ui->config->store, view->room, ui->now_ms) &&
           view->sorted.gathering && clock_steady_us() < until_us)
        ;
}

void do_view(struct ui *ui, long view)
{
    /* Chosen by hand: there is nowhere to come back from. */
    if (ui->views[VIEW_EVENTS].scope.id)
        view_set_scope(&ui->views[VIEW_EVENTS], ENTITY_TASK, NULL);
    ui_forget_places(ui);
    ui_show_view(ui, (enum view_id)view);
    settle(ui);
}

/* Selects a row of the view that is shown, and whatever kept it from being seen gives way. */
static void reveal(struct ui *ui, uint64_t number, const char *what)
{
    struct view *view = ui_view(ui);
    struct store *store = ui->config->store;
    view_select(view, number);
    settle(ui);
    if (!view_hides(view, store, number, ui->now_ms))
        return;
    store_lock(store);
    view_pause(view, store, false);
    store_unlock(store);
    if (view_is_filtered(view)) {
        ui_lift_filter(ui);
        ui_say(ui, ROLE_MESSAGE, "the filter here hides that %s: lifted for this visit", what);
    }
    view_select(view, number);
    settle(ui);
}

/* Shows an entity in the view of its kind, with its details. */
static void show_entity(struct ui *ui, enum entity_kind kind, uint64_t serial)
{
    ui_remember(ui);
    ui_show_view(ui, view_of_entity(kind));
    ui_view(ui)->paused = false;
    reveal(ui, serial, entity_infos[kind].name);
    ui->detail_open = true;
    ui->back[ui->back_count - 1].arrived_open = true;
}

void do_sort(struct ui *ui, long by)
{
    view_sort(ui_view(ui), (int)by);
}

void do_reverse(struct ui *ui, long unused)
{
    (void)unused;
    view_reverse(ui_view(ui));
}

void do_waiting(struct ui *ui, long unused)
{
    (void)unused;
    uint64_t serial = 0;
    store_lock(ui->config->store);
    const struct entities *entities = store_entities(ui->config->store);
    if (entities_waiting(entities) > 0)
        serial = entities_waiting_at(entities, 0)->entity.node.serial;
    store_unlock(ui->config->store);
    if (serial)
        show_entity(ui, ENTITY_INTERVENTION, serial);
    else
        ui_say(ui, ROLE_MESSAGE, "no agent is waiting for a human");
}

void do_related(struct ui *ui, long kind)
{
    uint64_t serial = 0;
    ui_load_detail(ui);
    store_lock(ui->config->store);
    const struct entity *entity =
        related_entity(ui->config->store, &ui->detail, (enum entity_kind)kind);
    if (entity)
        serial = entity->node.serial;
    store_unlock(ui->config->store);
    if (serial)
        show_entity(ui, (enum entity_kind)kind, serial);
    else
        ui_say(ui, ROLE_MESSAGE, "this has no %s, or it is no longer remembered",
               entity_infos[kind].name);
}

void do_mute(struct ui *ui, long unused)
{
    (void)unused;
    ui->muted = !ui->muted;
    ui_say(ui, ROLE_MESSAGE, ui->muted ? "muted: the bell is off" : "the bell is on");
}

void do_pause(struct ui *ui, long unused)
{
    (void)unused;
    struct view *view = ui_view(ui);
    store_lock(ui->config->store);
    view_pause(view, ui->config->store, !view->paused);
    store_unlock(ui->config->store);
}

void do_filter(struct ui *ui, long unused)
{
    (void)unused;
    prompt_open(ui, PROMPT_FILTER, view_expression(ui_view(ui)));
}

void do_find(struct ui *ui, long unused)
{
    (void)unused;
    prompt_open(ui, PROMPT_FIND, ui->detail.sought);
}

void do_find_next(struct ui *ui, long by)
{
    if (!find_next(ui, (int)by))
        ui_say(ui, ROLE_MESSAGE,
               ui->detail.sought[0] ? "\"%s\" is not on this page"
                                    : "nothing to find yet; / asks for it",
               ui->detail.sought);
}

void do_by_value(struct ui *ui, long exclude)
{
    struct view *view = ui_view(ui);
    struct filter_error error;
    ui_load_detail(ui);
    char *term = detail_term(&ui->detail, exclude);
    char *text = term ? filter_combine(view_expression(view), term) : NULL;
    struct filter *filter = text ? filter_parse(text, &error) : NULL;
    if (filter) {
        view_set_filter(view, filter);
        ui_say(ui, ROLE_MESSAGE, "filter: %s (a lifts it)", text);
    } else {
        ui_say(ui, ROLE_MESSAGE,
               "move to a value in an event's Summary first (Tab, then the arrows)");
    }
    free(text);
    free(term);
}

void do_accept(struct ui *ui, long unused)
{
    (void)unused;
    prompt_accept(ui);
}

void do_cancel(struct ui *ui, long unused)
{
    (void)unused;
    prompt_cancel(ui);
}

void do_edit(struct ui *ui, long edit)
{
    prompt_edit(ui, (enum prompt_edit)edit);
}

void do_failures(struct ui *ui, long unused)
{
    (void)unused;
    struct view *view = ui_view(ui);
    view->types.failures_only = !view->types.failures_only;
    view_filter_changed(view);
}

void do_family(struct ui *ui, long family)
{
    struct view *view = ui_view(ui);
    view->types.hide_family[family] = !view->types.hide_family[family];
    view_filter_changed(view);
}

void do_show_all(struct ui *ui, long unused)
{
    (void)unused;
    struct view *view = ui_view(ui);
    view->types = (struct type_filter){.failures_only = false};
    view_set_filter(view, NULL);
    view_set_scope(view, ENTITY_TASK, NULL);
}

/* Goes on through the first `count` rows, those that are in memory, for a failure, as far as a turn
 * with the store goes; true when there is one at *at. */
static bool seek_failure(const struct view *view, struct store *store, size_t count, size_t *at,
                         long direction)
{
    const struct ring *ring = store_ring(store);
    bool found = false;
    struct turn turn;
    turn_begin(&turn, store);
    do {
        *at = direction > 0 ? *at + 1 : *at - 1;
        uint64_t seq = view_number(view, *at);
        found = seq >= ring_first(ring) &&
                store_type(store, ring_type(ring, seq))->outcome == OUTCOME_FAILED;
    } while (!found && (direction > 0 ? *at + 1 < count : *at > 0) && turn_goes_on(&turn, 0));
    turn_end(&turn);
    return found;
}

static bool has_failed(struct past *past, uint64_t number, struct store_copy *copy)
{
    return past_copy(past, (int64_t)(number & ~VIEW_PAST), copy) &&
           copy->record.outcome == OUTCOME_FAILED;
}

/* Goes on through rows of the journal for a failure, until `end` or until it has taken long enough;
 * true when there is one at *at. */
static bool seek_older_failure(const struct ui *ui, const struct view *view, size_t *at,
                               long direction, size_t end)
{
    enum { TIME_US = 50000 };
    int64_t until_us = clock_steady_us() + TIME_US;
    struct store_copy copy = {0};
    bool found = false;
    size_t remembered = view_remembered(view);
    while (!found && *at != end && clock_steady_us() < until_us) {
        size_t next = direction > 0 ? *at + 1 : *at - 1;
        if (next < remembered)
            break;
        found = has_failed(ui->config->past, view_number(view, next), &copy);
        *at = next;
    }
    store_copy_free(&copy);
    return found;
}

/* To the next (older) or previous (newer) event that failed, whether or not others are shown. */
void do_failure(struct ui *ui, long direction)
{
    struct view *view = ui_view(ui);
    struct store *store = ui->config->store;
    size_t count = view_count(view), remembered = view_remembered(view);
    size_t last = count ? count - 1 : 0, end = direction > 0 ? last : 0;
    size_t at = view->index < last ? view->index : last, from = at;
    bool found = false;
    if (direction < 0 && at >= remembered)
        found = seek_older_failure(ui, view, &at, direction, end);
    bool in_memory = direction > 0 || at <= remembered;
    while (!found && in_memory && at != end && (direction < 0 || at + 1 < remembered))
        found = seek_failure(view, store, remembered, &at, direction);
    if (direction > 0 && !found)
        found = seek_older_failure(ui, view, &at, direction, end);
    bool unfinished = !found && at != end;
    if (found || unfinished)
        view_move(view, (long)at - (long)view->index);
    if (unfinished)
        ui_say(ui, ROLE_MESSAGE, "no failure in %zu events; press the key again to search on",
               at > from ? at - from : from - at);
    else if (!found && direction > 0 && older_has_more(&view->older))
        ui_say(ui, ROLE_MESSAGE, "no older failure so far; Down looks further in the journal");
    else if (!found)
        ui_say(ui, ROLE_MESSAGE, "no %s failure", direction > 0 ? "older" : "newer");
}

/* Into the events of the entity that is selected. */
static void enter_entity(struct ui *ui)
{
    ui_load_detail(ui);
    const struct entity *entity = ui->detail.entity;
    if (!entity)
        return;
    ui_remember(ui);
    view_set_scope(&ui->views[VIEW_EVENTS], entity->kind, entity_id(entity));
    ui_show_view(ui, VIEW_EVENTS);
    ui->detail_open = false;
}

/* To an event of the timeline, in the list of events. */
static void enter_event(struct ui *ui, uint64_t seq)
{
    ui_remember(ui);
    struct view *view = &ui->views[VIEW_EVENTS];
    if (view->scope.id)
        view_set_scope(view, ENTITY_TASK, NULL);
    ui_show_view(ui, VIEW_EVENTS);
    ui->pages[VIEW_EVENTS] = PAGE_SUMMARY;
    detail_turn(&ui->detail, (int)PAGE_SUMMARY - (int)ui->detail.page);
    settle(ui);
    reveal(ui, seq, "event");
    ui->back[ui->back_count - 1].arrived_open = true;
}

void do_enter(struct ui *ui, long unused)
{
    (void)unused;
    if (ui->focus == FOCUS_LIST) {
        if (!ui->detail_open)
            ui->detail_open = true;
        else if (ui_view(ui)->class->log)
            ui->focus = FOCUS_DETAIL;
        else
            enter_entity(ui);
        return;
    }
    ui_ready_detail(ui);
    uint64_t seq = detail_event(&ui->detail);
    if (seq) {
        enter_event(ui, seq);
        return;
    }
    const struct link *link = detail_link(&ui->detail);
    if (link)
        open_link(ui, link);
    else
        detail_fold(&ui->detail);
}

void do_focus(struct ui *ui, long unused)
{
    (void)unused;
    ui->focus = ui->detail_open && ui->focus == FOCUS_DETAIL ? FOCUS_LIST : FOCUS_DETAIL;
    ui->detail_open = true;
}

void do_page(struct ui *ui, long by)
{
    ui->detail_open = true;
    detail_turn(&ui->detail, (int)by);
}

void do_back(struct ui *ui, long unused)
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
    } else if (ui->detail_open && !(ui->back_count && ui->back[ui->back_count - 1].arrived_open)) {
        ui->detail_open = false;
    } else if (!ui_go_back(ui)) {
        ui->detail_open = false;
    }
}

void do_choose(struct ui *ui, long unused)
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
    chosen.label = chosen.note = chosen.detail = NULL;
    menu_close(&ui->menu);
    class->choose(ui, &chosen);
}

void do_toggle(struct ui *ui, long unused)
{
    (void)unused;
    const struct menu_item *item = menu_item(&ui->menu);
    if (item && ui->menu.class->toggle)
        ui->menu.class->toggle(ui, item);
}

void do_all_items(struct ui *ui, long unused)
{
    (void)unused;
    if (ui->menu.class->all)
        ui->menu.class->all(ui);
}

/* That which the cursor of the details stands on, or NULL. */
static const struct link *selected_link(struct ui *ui)
{
    if (ui->focus != FOCUS_DETAIL)
        return NULL;
    ui_ready_detail(ui);
    return detail_link(&ui->detail);
}

void do_open(struct ui *ui, long unused)
{
    (void)unused;
    const struct link *link = selected_link(ui);
    if (!link)
        link = best_link(ui);
    if (link)
        open_link(ui, link);
    else
        ui_say(ui, ROLE_MESSAGE, "this event has no links");
}

void do_copy(struct ui *ui, long unused)
{
    (void)unused;
    const struct link *link = selected_link(ui);
    if (!link)
        link = best_link(ui);
    if (link)
        copy_text(ui, link->url);
    else
        ui_say(ui, ROLE_MESSAGE, "this event has no links to copy; Y offers its id and JSON");
}

void do_menu(struct ui *ui, long which)
{
    menu_open(ui, menu_classes[which]);
}

void do_help(struct ui *ui, long unused)
{
    (void)unused;
    ui->help_open = !ui->help_open;
    ui->help_top = 0;
    ui->help_sought[0] = '\0';
}

void do_find_key(struct ui *ui, long unused)
{
    (void)unused;
    prompt_open(ui, PROMPT_HELP, ui->help_sought);
}

void do_repaint(struct ui *ui, long unused)
{
    (void)unused;
    ui->repaint = true;
}

void do_suspend(struct ui *ui, long unused)
{
    (void)unused;
    screen_suspend();
    ui->repaint = true;
}

/* What receives nothing but its own simulation, or a recording, is quickly started again. */
static bool receives(const struct ui *ui)
{
    return ui->config->address && !ui->config->demo;
}

void do_ask_to_quit(struct ui *ui, long unused)
{
    ui->quit_asked = receives(ui);
    if (!ui->quit_asked)
        do_quit(ui, unused);
}

void do_quit(struct ui *ui, long unused)
{
    (void)unused;
    ui->quit = true;
}
