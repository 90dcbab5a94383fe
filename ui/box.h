/*
 * A box over the screen, with a border all around: for menus and the help. Main thread.
 */
#ifndef ANCHORTOP_BOX_H
#define ANCHORTOP_BOX_H

#include <stddef.h>

/* The inside of a box. */
struct box {
    int row, column, width, height;
};

/* Draws an empty box in the middle of the screen, with an inside of at most that size. */
struct box box_draw(const char *title, int width, int height);

/*
 * Writes into the lower border: what the keys do, and where one is in a list of `count`, whose
 * items from `top` on are in sight. `at` is the item, counted from 0. Nothing of the list is said
 * when there are fewer than two.
 */
void box_foot(const struct box *box, const char *hint, size_t at, size_t count, size_t top);

#endif
