/*
 * Where keys lead from what is selected: see targets.h.
 */
#include "targets.h"

#include "related.h"
#include "state.h"

enum { LOOKED_INTO = 64 * 1024 }; /* bytes of an event whose details are closed */

/* (locked) The event that stands for what is selected, or 0. */
static uint64_t event_of(const struct store *store, struct subject subject, uint32_t slot)
{
    const struct entity *entity;
    const struct delivery *delivery;
    switch (subject.kind) {
    case SUBJECT_EVENT: return subject.number;
    case SUBJECT_DELIVERY:
        delivery = store_delivery(store, subject.number);
        return delivery ? delivery->seq : 0;
    case SUBJECT_ENTITY:
        entity = entities_at(store_entities(store), subject.entity, slot);
        return entity ? entity->last_seq : 0;
    default: return 0;
    }
}

/* Loads what is selected when that is quickly done; false when it is not. */
static bool look(struct ui *ui, struct subject subject, uint32_t slot)
{
    struct store *store = ui->config->store;
    store_lock(store);
    const struct ring_record *record = ring_at(store_ring(store), event_of(store, subject, slot));
    bool quick = subject.kind != SUBJECT_EVENT || record;
    quick &= !record || record->length <= LOOKED_INTO;
    store_unlock(store);
    if (!quick)
        return false;
    detail_load(&ui->detail, store, subject, slot);
    detail_prepare(&ui->detail, store);
    return true;
}

void targets_find(struct ui *ui)
{
    struct store *store = ui->config->store;
    uint32_t slot;
    struct subject subject = ui_subject(ui, &slot);
    ui->targets = (struct targets){.link = false};
    if (subject.kind == SUBJECT_NONE)
        return;
    bool known = ui->detail_open || look(ui, subject, slot);
    ui->targets.link = !known || ui->detail.links.count > 0;
    store_lock(store);
    for (int kind = 0; kind < ENTITY_TABLES; kind++) {
        bool itself = subject.kind == SUBJECT_ENTITY && (int)subject.entity == kind;
        ui->targets.entities[kind] =
            !itself &&
            (!known || related_entity(store, &ui->detail, (enum entity_kind)kind) != NULL);
    }
    store_unlock(store);
}

bool leads_to_entity(const struct ui *ui, long kind)
{
    return ui->targets.entities[kind];
}

bool leads_to_link(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->targets.link;
}

bool leads_back(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->detail_open || ui->back_count > 0;
}

bool leads_to_all(const struct ui *ui, long unused)
{
    (void)unused;
    return view_is_filtered(&ui->views[ui->current]);
}

bool leads_to_rows(const struct ui *ui, long unused)
{
    (void)unused;
    return view_count(&ui->views[ui->current]) > 0;
}

bool leads_to_pages(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->detail_open;
}

bool leads_to_filters(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->config->options->filters.count > 0;
}

bool leads_to_value(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->detail.page == PAGE_SUMMARY && ui->detail.event.json != NULL;
}

bool leads_to_choice(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->menu.class && ui->menu.class->choose && ui->menu.count > 0;
}

bool leads_to_switch(const struct ui *ui, long unused)
{
    (void)unused;
    return ui->menu.class && ui->menu.class->toggle && ui->menu.count > 0;
}

bool leads_into(const struct ui *ui, long unused)
{
    (void)unused;
    const struct detail *detail = &ui->detail;
    switch (detail->page) {
    case PAGE_TIMELINE: return detail->timeline.count > 0;
    case PAGE_JSON: return detail->event.json != NULL;
    case PAGE_LINKS: return detail->links.count > 0;
    default: return false;
    }
}
