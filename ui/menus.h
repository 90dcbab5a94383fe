/*
 * The menus there are, and the actions on links and the clipboard that they share with the keys.
 */
#ifndef ANCHORTOP_MENUS_H
#define ANCHORTOP_MENUS_H

#include "../src/link.h"
#include "menu.h"

enum menu_id { MENU_TYPES, MENU_LINKS, MENU_COPY, MENU_THEMES, MENU_FILTERS, MENUS };

extern const struct menu_class *const menu_classes[MENUS];
extern const struct menu_class menu_filters;

/* The most useful link of the selected row, or NULL. Good until the selection moves. */
const struct link *best_link(struct ui *ui);

/* Opens a link in the browser, or copies it when there is none, and says what was done. */
void open_link(struct ui *ui, const struct link *link);

/* Copies a foreign text into the terminal's clipboard, as clip_line() makes it, and says so. */
void copy_text(struct ui *ui, const char *text);

#endif
