/*
 * Where keys lead from what is selected, for the footer: a key that leads nowhere is not offered.
 * Main thread.
 */
#ifndef ANCHORTOP_TARGETS_H
#define ANCHORTOP_TARGETS_H

#include <stdbool.h>

#include "../src/entity.h"

struct ui;

struct targets {
    bool entities[ENTITY_TABLES]; /* what is selected has one of that kind, and is not it */
    bool link;
};

/* Finds them for the selection of this frame. What would take a while to look into, a large event
 * or one in the journal whose details are closed, counts as leading everywhere. */
void targets_find(struct ui *ui);

/* Predicates of the table of actions, with the action's argument. */
bool leads_to_entity(const struct ui *ui, long kind);
bool leads_to_link(const struct ui *ui, long unused);
bool leads_back(const struct ui *ui, long unused);
bool leads_to_all(const struct ui *ui, long unused);     /* something is hidden here */
bool leads_to_rows(const struct ui *ui, long unused);    /* there are rows */
bool leads_to_pages(const struct ui *ui, long unused);   /* the details are open */
bool leads_to_filters(const struct ui *ui, long unused); /* the configuration names some */
bool leads_to_value(const struct ui *ui, long unused);   /* the summary, where one can be chosen */
bool leads_to_choice(const struct ui *ui, long unused);  /* an item of the menu can be chosen */
bool leads_to_switch(const struct ui *ui, long unused);  /* one can be switched on and off */
bool leads_into(const struct ui *ui, long unused);       /* the page has something to enter */

#endif
