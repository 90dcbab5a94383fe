/*
 * A list of choices in a box.
 */
#include "menu.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "box.h"
#include "screen.h"
#include "state.h"

void menu_open(struct ui *ui, const struct menu_class *class)
{
    menu_close(&ui->menu);
    ui->menu.class = class;
    class->fill(ui);
}

void menu_close(struct menu *menu)
{
    menu_clear(menu);
    free(menu->items);
    *menu = (struct menu){.class = NULL};
}

void menu_clear(struct menu *menu)
{
    for (size_t i = 0; i < menu->count; i++) {
        free(menu->items[i].label);
        free(menu->items[i].note);
        free(menu->items[i].detail);
    }
    menu->count = 0;
}

/* A clean copy of foreign text, cut to what a menu can show; NULL when memory ran out. */
static char *clean_copy(const char *text)
{
    char safe[512];
    text_clean(safe, sizeof safe, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    return strdup(safe);
}

void menu_add(struct menu *menu, uint64_t id, enum role role, enum menu_check check,
              const char *label, const char *detail)
{
    if (menu->count == menu->capacity) {
        size_t capacity = menu->capacity ? menu->capacity * 2 : 16;
        struct menu_item *items = realloc(menu->items, capacity * sizeof *items);
        if (!items)
            return;
        menu->items = items;
        menu->capacity = capacity;
    }
    struct menu_item item = {.role = role, .check = check, .id = id};
    item.label = clean_copy(label);
    item.detail = detail ? clean_copy(detail) : NULL;
    if (item.label)
        menu->items[menu->count++] = item;
    else
        free(item.detail);
}

void menu_note(struct menu *menu, const char *note)
{
    if (menu->count > 0)
        menu->items[menu->count - 1].note = clean_copy(note);
}

const struct menu_item *menu_item(const struct menu *menu)
{
    return menu->cursor < menu->count ? &menu->items[menu->cursor] : NULL;
}

void menu_move(struct ui *ui, long by)
{
    struct menu *menu = &ui->menu;
    if (menu->count == 0)
        return;
    size_t last = menu->count - 1, cursor = menu->cursor;
    if (by < 0)
        cursor = by == LONG_MIN || (size_t)-by > cursor ? 0 : cursor - (size_t)-by;
    else
        cursor = (size_t)by > last - cursor ? last : cursor + (size_t)by;
    menu->cursor = cursor;
    if (menu->class->moved)
        menu->class->moved(ui, &menu->items[cursor]);
}

/* How wide the parts of the items are. */
struct widths {
    int label, note, detail; /* of the widest; 0: there are none */
};

static int wider(int width, const char *text)
{
    int other = text ? text_width(text) : 0;
    return other > width ? other : width;
}

static struct widths measure(const struct menu *menu)
{
    struct widths widths = {0};
    for (size_t i = 0; i < menu->count; i++) {
        const struct menu_item *item = &menu->items[i];
        widths.label = wider(widths.label, item->label);
        widths.note = wider(widths.note, item->note);
        widths.detail = wider(widths.detail, item->detail);
    }
    return widths;
}

static void draw_item(const struct menu_item *item, const struct widths *widths, bool here, int row,
                      int column, int width)
{
    static const char *const boxes[] = {
        [MENU_NO_BOX] = "", [MENU_OFF] = "[ ] ", [MENU_ON] = "[x] "};
    enum role over = here ? ROLE_MENU_CURSOR : ROLE_MENU;
    struct style style = {.role = here ? ROLE_MENU_CURSOR : item->role, .over = over};
    if (here)
        screen_fill(row, column - 1, width + 2, (struct style){.role = over, .over = ROLE_TEXT});
    int detail_width = item->detail ? text_width(item->detail) : 0;
    int left = width - widths->label - 2 - text_width(boxes[item->check]);
    if (detail_width > left && detail_width > width / 2)
        detail_width = left > width / 2 ? left : width / 2;
    int used = screen_put(row, column, width, style, boxes[item->check]);
    int room = width - detail_width - (detail_width ? 2 : 0);
    screen_put(row, column + used, room - used, style, item->label);
    style.role = here ? ROLE_MENU_CURSOR : ROLE_DIM;
    used += widths->label + 2;
    if (item->note && used < room)
        screen_put(row, column + used, room - used, style, item->note);
    if (item->detail)
        screen_put_right(row, column + width - detail_width, detail_width, style, item->detail);
}

/* The next line of a text, which goes on behind it; false at the end. */
static bool next_line(const char **text, char *line, size_t size)
{
    if (!*text)
        return false;
    size_t length = strcspn(*text, "\n");
    snprintf(line, size, "%.*s", (int)length, *text);
    *text = (*text)[length] ? *text + length + 1 : NULL;
    return true;
}

/* How large the inside of the box is to be. */
enum { FOOT = 14 }; /* blanks around the hint, and the position behind it */

static void wanted_size(const struct menu *menu, int *width, int *height)
{
    const struct menu_class *class = menu->class;
    const char *text = class->empty;
    char line[128];

    *width = wider(wider(0, class->hint) + FOOT, class->title);
    *height = (int)menu->count;
    if (menu->count > 0) {
        const struct widths widths = measure(menu);
        int all = widths.label + (widths.note ? widths.note + 2 : 0) +
                  (widths.detail ? widths.detail + 2 : 0) +
                  (menu->items[0].check == MENU_NO_BOX ? 0 : 4);
        *width = all > *width ? all : *width;
    } else {
        while (next_line(&text, line, sizeof line)) {
            *width = wider(*width, line);
            ++*height;
        }
    }
}

static void draw_empty(const struct menu *menu, int row, int column, int width, int height)
{
    const char *text = menu->class->empty;
    char line[128];

    for (int i = 0; i < height && next_line(&text, line, sizeof line); i++)
        screen_put(row + i, column, width, (struct style){.role = ROLE_DIM, .over = ROLE_MENU},
                   line);
}

void menu_draw(struct ui *ui)
{
    struct menu *menu = &ui->menu;
    int width, height;

    if (menu->class->live)
        menu->class->fill(ui);
    if (menu->cursor >= menu->count)
        menu->cursor = menu->count ? menu->count - 1 : 0;
    wanted_size(menu, &width, &height);
    struct box box = box_draw(menu->class->title, width, height ? height : 1);
    if (menu->count == 0)
        draw_empty(menu, box.row, box.column, box.width, box.height);
    menu->height = box.height > 0 ? box.height : 1;
    if (menu->cursor < menu->top)
        menu->top = menu->cursor;
    if (menu->cursor >= menu->top + (size_t)menu->height)
        menu->top = menu->cursor - (size_t)menu->height + 1;
    const struct widths widths = measure(menu);
    for (int i = 0; i < box.height && menu->top + (size_t)i < menu->count; i++)
        draw_item(&menu->items[menu->top + (size_t)i], &widths,
                  menu->top + (size_t)i == menu->cursor, box.row + i, box.column, box.width);
    box_foot(&box, menu->class->hint, menu->cursor, menu->count, menu->top);
}
