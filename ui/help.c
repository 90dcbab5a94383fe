/*
 * The help, made from the table of actions.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../src/text.h"
#include "actions.h"
#include "keys.h"
#include "screen.h"
#include "state.h"

enum { KEYS_WIDTH = 20, GAP = 3, BOX_ROWS = 3 };

static void build(struct lines *lines)
{
    lines_clear(lines);
    lines->ascii = screen_ascii();
    const char *group = "";
    for (size_t i = 0; i < action_count; i++) {
        const struct action *action = &actions[i];
        if (strcmp(action->group, group) != 0) {
            if (lines->count)
                lines_begin(lines, 0);
            lines_begin(lines, 0);
            lines_add(lines, ROLE_TITLE, action->group);
            group = action->group;
        }
        lines_begin(lines, 0);
        lines_pad(lines, 2);
        for (size_t k = 0; k < ACTION_KEYS && action->keys[k]; k++) {
            char name[KEY_NAME_SIZE];
            if (k)
                lines_add(lines, ROLE_TEXT, " ");
            lines_add(lines, ROLE_KEY, key_name(action->keys[k], screen_ascii(), name));
        }
        lines_add(lines, ROLE_TEXT, " ");
        lines_pad(lines, KEYS_WIDTH);
        lines_add(lines, ROLE_TEXT, action->help);
    }
}

/* In as many columns as it takes to show all at once, where the screen is wide enough. */
void help_draw(struct ui *ui)
{
    build(&ui->help);
    int row, column, width, height, widest = 0;
    for (size_t i = 0; i < ui->help.count; i++) {
        int line = lines_width(&ui->help, i);
        widest = line > widest ? line : widest;
    }
    int count = (int)ui->help.count, columns = 1;
    while (count / columns > screen_rows() - BOX_ROWS &&
           (columns + 1) * (widest + GAP) + GAP <= screen_columns())
        columns++;
    int rows = (count + columns - 1) / columns;
    box_draw(" Keys ", NULL, columns * (widest + GAP) + GAP, rows + BOX_ROWS, &row, &column, &width,
             &height);
    height--;
    ui->help_height = height > 0 ? height : 1;
    ui->help_rows = rows;
    help_move(ui, 0);
    for (int i = 0; i < columns * rows; i++) {
        int line = i % rows - (int)ui->help_top;
        if (i < count && line >= 0 && line < height)
            lines_draw(&ui->help, (size_t)i, row + line, column + i / rows * (widest + GAP),
                       columns > 1 ? widest : width, ROLE_MENU);
    }
    char hint[96];
    int below = rows - (int)ui->help_top - ui->help_height;
    snprintf(hint, sizeof hint, below > 0 ? "%d more below   Esc back" : "Esc back", below);
    screen_put(row + height, column, width, (struct style){.role = ROLE_HINT, .over = ROLE_MENU},
               hint);
}

void help_move(struct ui *ui, long by)
{
    size_t height = ui->help_height > 0 ? (size_t)ui->help_height : 1;
    size_t rows = (size_t)ui->help_rows, last = rows > height ? rows - height : 0;
    size_t *top = &ui->help_top;
    if (by < 0)
        *top = by == LONG_MIN || (size_t)-by > *top ? 0 : *top - (size_t)-by;
    else
        *top = *top > last || (size_t)by > last - *top ? last : *top + (size_t)by;
}
