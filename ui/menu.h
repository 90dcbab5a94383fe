/*
 * A list of choices in a box over the screen: types, links, what to copy, themes, filters. Main
 * thread.
 */
#ifndef ANCHORTOP_MENU_H
#define ANCHORTOP_MENU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "theme.h"

struct ui;

enum menu_check { MENU_NO_BOX, MENU_OFF, MENU_ON };

struct menu_item {
    char *label;  /* clean; owned by the menu */
    char *note;   /* behind the label, dim; like the detail */
    char *detail; /* at the right; clean; owned by the menu; may be NULL */
    enum role role;
    enum menu_check check;
    uint64_t id;
};

/* What is special about a menu. Every function may be NULL. */
struct menu_class {
    const char *title;
    const char *hint;  /* at the bottom of the box */
    const char *empty; /* lines that are shown when there are no items */
    /* Fills the menu; also called again in every frame of a menu that is `live`. */
    void (*fill)(struct ui *ui);
    bool live;
    void (*moved)(struct ui *ui, const struct menu_item *item); /* the cursor is on another item */
    /* Enter; the menu is closed before. */
    void (*choose)(struct ui *ui, const struct menu_item *item);
    void (*toggle)(struct ui *ui, const struct menu_item *item); /* Space */
    void (*all)(struct ui *ui);                                  /* a */
    void (*cancel)(struct ui *ui);                               /* Esc; the menu is closed */
};

struct menu {
    const struct menu_class *class; /* NULL: closed */
    struct menu_item *items;
    size_t count, capacity;
    size_t cursor, top;
    int height;
};

/* Opens a menu and fills it. */
void menu_open(struct ui *ui, const struct menu_class *class);
void menu_close(struct menu *menu);

/* For fill(): drops all items; adds one, copying and cleaning the text. */
void menu_clear(struct menu *menu);
void menu_add(struct menu *menu, uint64_t id, enum role role, enum menu_check check,
              const char *label, const char *detail);

/* Gives the item that was added last a note. */
void menu_note(struct menu *menu, const char *note);

/* Moves the cursor; LONG_MIN and LONG_MAX go to the ends. */
void menu_move(struct ui *ui, long by);
/* The item under the cursor, or NULL. */
const struct menu_item *menu_item(const struct menu *menu);

void menu_draw(struct ui *ui);

#endif
