/*
 * A box over the screen: see box.h.
 */
#include "box.h"

#include <stdio.h>

#include "../src/text.h"
#include "screen.h"

enum { MARGIN = 2, BORDERS = 2 }; /* columns at either side, with the border; its two rows */

static const struct style line = {.role = ROLE_BORDER, .over = ROLE_MENU};

static void draw_corners(int row, int left, int right, const char *first, const char *last)
{
    screen_put(row, left, 1, line, screen_ascii() ? "+" : first);
    screen_put(row, right, 1, line, screen_ascii() ? "+" : last);
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

struct box box_draw(const char *title, int width, int height)
{
    int rows = screen_rows(), columns = screen_columns();
    int wide = smaller(width + 2 * MARGIN, columns), high = smaller(height + BORDERS, rows - 1);
    int top = (rows - high) / 2, left = (columns - wide) / 2;
    for (int i = 0; i < high; i++)
        screen_fill(top + i, left, wide, STYLE(MENU));
    screen_hline(top, left, wide, line);
    screen_hline(top + high - 1, left, wide, line);
    screen_vline(top, left, high, line);
    screen_vline(top, left + wide - 1, high, line);
    draw_corners(top, left, left + wide - 1, "┌", "┐");
    draw_corners(top + high - 1, left, left + wide - 1, "└", "┘");
    screen_put(top, left + MARGIN, wide - 2 * MARGIN,
               (struct style){.role = ROLE_TITLE, .over = ROLE_MENU, .extra = ATTRIBUTE_BOLD},
               title);
    return (struct box){top + 1, left + MARGIN, wide - 2 * MARGIN, high - BORDERS};
}

/* " 12/1,000 ↓ " */
static void position_text(char *text, size_t size, size_t at, size_t count, bool above, bool below)
{
    char number[32], all[32];
    text_count(number, sizeof number, (double)at + 1);
    text_count(all, sizeof all, (double)count);
    snprintf(text, size, " %s/%s %s%s%s", number, all,
             !above           ? ""
             : screen_ascii() ? "^"
                              : "↑",
             !below           ? ""
             : screen_ascii() ? "v"
                              : "↓",
             above || below ? " " : "");
}

void box_foot(const struct box *box, const char *hint, size_t at, size_t count, size_t top)
{
    char keys[128], position[96] = "";
    int row = box->row + box->height, room = box->width;
    if (count > 1) {
        position_text(position, sizeof position, at, count, top > 0,
                      top + (size_t)(box->height > 0 ? box->height : 0) < count);
        screen_put_right(row, box->column, room,
                         (struct style){.role = ROLE_TEXT, .over = ROLE_MENU}, position);
        room -= text_width(position) + 1;
    }
    snprintf(keys, sizeof keys, " %s ", hint);
    if (room >= text_width(keys))
        screen_put(row, box->column, room, (struct style){.role = ROLE_HINT, .over = ROLE_MENU},
                   keys);
}
