/*
 * The help, made from the table of actions.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../src/text.h"
#include "actions.h"
#include "box.h"
#include "keys.h"
#include "screen.h"
#include "state.h"

enum { KEYS_WIDTH = 20, GAP = 3, INDENT = 2 };

/* The names of an action's keys, with a blank between them. */
static void key_names(const struct action *action, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t k = 0; k < ACTION_KEYS && action->keys[k] && used < size; k++) {
        char name[KEY_NAME_SIZE];
        used += (size_t)snprintf(text + used, size - used, "%s%s", k ? " " : "",
                                 key_name(action->keys[k], screen_ascii(), name));
    }
}

static bool has_key(const struct action *action, const char *name)
{
    bool found = false;
    for (size_t k = 0; k < ACTION_KEYS && action->keys[k]; k++) {
        char other[KEY_NAME_SIZE];
        found |= strcmp(name, key_name(action->keys[k], screen_ascii(), other)) == 0;
    }
    return found;
}

/* Whether an action has to do with what is sought: one character is a key; more of them stand in
 * its text, its group or the names of its keys. */
static bool is_told(const struct action *action, const char *keys, const char *text,
                    const struct search *sought)
{
    if (!action->help)
        return false;
    if (strlen(text) == 1)
        return has_key(action, text);
    return search_in(sought, action->help, strlen(action->help)) ||
           search_in(sought, action->group, strlen(action->group)) ||
           search_in(sought, keys, strlen(keys));
}

static void add_action(struct lines *lines, const struct action *action, const char *keys)
{
    lines_begin(lines, 0);
    lines_pad(lines, INDENT);
    lines_add(lines, ROLE_KEY, keys);
    lines_add(lines, ROLE_TEXT, " ");
    lines_pad(lines, KEYS_WIDTH);
    lines_add(lines, ROLE_TEXT, action->help);
}

static void build(struct ui *ui)
{
    struct lines *lines = &ui->help;
    struct search sought;
    const char *group = "";
    char keys[ACTION_KEYS * KEY_NAME_SIZE];
    lines_clear(lines);
    lines->ascii = screen_ascii();
    ui->help_found = 0;
    if (!search_prepare(&sought, ui->help_sought, strlen(ui->help_sought)))
        return;
    for (size_t i = 0; i < action_count; i++) {
        const struct action *action = &actions[i];
        key_names(action, keys, sizeof keys);
        if (!is_told(action, keys, ui->help_sought, &sought))
            continue;
        if (strcmp(action->group, group) != 0) {
            if (lines->count)
                lines_begin(lines, 0);
            lines_begin(lines, 0);
            lines_add(lines, ROLE_TITLE, action->group);
            group = action->group;
        }
        add_action(lines, action, keys);
        ui->help_found++;
    }
    search_free(&sought);
    if (ui->help_found == 0) {
        lines_begin(lines, 0);
        lines_add(lines, ROLE_DIM, "No key matches.");
    }
}

/* In as many columns as it takes to show all at once, where the screen is wide enough. */
void help_draw(struct ui *ui)
{
    enum { LEAST = 40, BORDERS = 3 };
    build(ui);
    int widest = LEAST - 2 * GAP;
    for (size_t i = 0; i < ui->help.count; i++) {
        int line = lines_width(&ui->help, i);
        widest = line > widest ? line : widest;
    }
    int count = (int)ui->help.count, columns = 1;
    while (count / columns > screen_rows() - BORDERS &&
           (columns + 1) * (widest + GAP) + GAP <= screen_columns())
        columns++;
    int rows = (count + columns - 1) / columns;
    struct box box = box_draw(" Keys ", columns * (widest + GAP) - GAP, rows);
    ui->help_height = box.height > 0 ? box.height : 1;
    ui->help_rows = rows;
    help_move(ui, 0);
    for (int i = 0; i < columns * rows; i++) {
        int line = i % rows - (int)ui->help_top;
        if (i < count && line >= 0 && line < box.height)
            lines_draw(&ui->help, (size_t)i, box.row + line, box.column + i / rows * (widest + GAP),
                       columns > 1 ? widest : box.width, ROLE_MENU);
    }
    char hint[96], more[32] = "";
    int below = rows - (int)ui->help_top - ui->help_height;
    if (below > 0)
        snprintf(more, sizeof more, "   %d more below", below);
    snprintf(hint, sizeof hint, "Esc back   / find%s", more);
    box_foot(&box, hint, 0, 0, 0);
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

void help_find(struct ui *ui, const char *text)
{
    snprintf(ui->help_sought, sizeof ui->help_sought, "%s", text);
    ui->help_top = 0;
    build(ui); /* the prompt tells how many there are before the help is drawn */
}
