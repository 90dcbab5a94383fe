/*
 * Where the operator is: the view, what is selected in it, and the way back.
 */
#include <stdlib.h>
#include <string.h>

#include "state.h"

void ui_show_view(struct ui *ui, enum view_id view)
{
    ui->pages[ui->current] = ui->detail.page;
    ui->current = view;
    ui->focus = FOCUS_LIST;
    if (ui->detail.page != ui->pages[view])
        detail_turn(&ui->detail, (int)ui->pages[view] - (int)ui->detail.page);
}

static void free_place(struct place *place)
{
    free(place->scope);
    free(place->filter);
}

void ui_remember(struct ui *ui)
{
    if (ui->back_count == MAX_BACK) {
        free_place(&ui->back[0]);
        memmove(ui->back, ui->back + 1, (MAX_BACK - 1) * sizeof *ui->back);
        ui->back_count--;
    }
    const struct view *view = ui_view(ui);
    const struct scope *scope = &ui->views[VIEW_EVENTS].scope;
    ui->back[ui->back_count++] = (struct place){
        .view = ui->current,
        .selected = view->selected,
        .selected_row = view->selected_row,
        .follow = view->follow,
        .detail_open = ui->detail_open,
        .focus = ui->focus,
        .page = ui->detail.page,
        .scope_kind = scope->kind,
        .scope = scope->id ? strdup(scope->id) : NULL,
    };
}

void ui_lift_filter(struct ui *ui)
{
    struct place *place = &ui->back[ui->back_count - 1];
    struct view *view = ui_view(ui);
    place->lifted = true;
    place->lifted_view = ui->current;
    place->filter = strdup(view_expression(view));
    place->types = view->types;
    view->types = (struct type_filter){.failures_only = false};
    view_set_filter(view, NULL);
}

/* Unless the operator has filtered in another way since. */
static void put_filter_back(struct ui *ui, const struct place *place)
{
    struct view *view = &ui->views[place->lifted_view];
    struct filter_error error;
    if (!place->lifted || view_is_filtered(view))
        return;
    view->types = place->types;
    view_set_filter(view, place->filter ? filter_parse(place->filter, &error) : NULL);
}

void ui_forget_places(struct ui *ui)
{
    while (ui->back_count > 0) {
        struct place *place = &ui->back[--ui->back_count];
        put_filter_back(ui, place);
        free_place(place);
    }
}

bool ui_go_back(struct ui *ui)
{
    if (ui->back_count == 0)
        return false;
    struct place place = ui->back[--ui->back_count];
    const struct scope *scope = &ui->views[VIEW_EVENTS].scope;
    put_filter_back(ui, &place);
    bool same =
        place.scope && scope->id ? strcmp(place.scope, scope->id) == 0 : place.scope == scope->id;
    if (!same)
        view_set_scope(&ui->views[VIEW_EVENTS], place.scope_kind, place.scope);
    ui_show_view(ui, place.view);
    if (!place.follow) {
        view_select(ui_view(ui), place.selected);
        ui_view(ui)->selected_row = place.selected_row;
    }
    ui_view(ui)->follow = place.follow;
    ui->detail_open = place.detail_open;
    ui->focus = place.focus;
    detail_turn(&ui->detail, (int)place.page - (int)ui->detail.page);
    free_place(&place);
    return true;
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
    if (subject.kind == SUBJECT_EVENT && subject.number & VIEW_PAST)
        detail_recall(&ui->detail, ui->config->past, subject);
    detail_load(&ui->detail, store, subject, slot);
    detail_recall_newest(&ui->detail, ui->config->past);
    detail_prepare(&ui->detail, store);
    ui->tracing = !detail_trace(&ui->detail, store, ui->now_ms);
}

void ui_ready_detail(struct ui *ui)
{
    ui_load_detail(ui);
    detail_ready(&ui->detail);
}
