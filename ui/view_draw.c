/*
 * Views: drawing their rows, in columns that are fitted into the width.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/field.h"
#include "../src/text.h"
#include "days.h"
#include "screen.h"
#include "view.h"

void cell_set(struct cell *cell, enum role role, const char *text)
{
    cell->role = role;
    text_clean(cell->text, sizeof cell->text, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
}

void cell_set_other(struct cell *cell, const char *text)
{
    size_t used = strlen(cell->text) + 1;
    if (used >= sizeof cell->text - 1)
        return;
    text_clean(cell->text + used, sizeof cell->text - used, text, strlen(text),
               screen_ascii() ? TEXT_ASCII : 0);
    cell->other = used;
}

enum role outcome_role(enum outcome outcome)
{
    static const enum role table[OUTCOMES] = {
        [OUTCOME_NEUTRAL] = ROLE_NEUTRAL, [OUTCOME_OK] = ROLE_OK,
        [OUTCOME_FAILED] = ROLE_FAILED,   [OUTCOME_CANCELLED] = ROLE_CANCELLED,
        [OUTCOME_WAITING] = ROLE_WAITING, [OUTCOME_HEALED] = ROLE_HEALED,
    };
    return table[outcome];
}

static void draw_text(int row, int column, int width, bool right, struct style style,
                      const char *text)
{
    if (right)
        screen_put_right(row, column, width, style, text);
    else
        screen_put(row, column, width, style, text);
}

enum role field_type_role(enum field_type type)
{
    static const enum role table[FIELD_TYPES] = {
        [FIELD_URL] = ROLE_LINK,     [FIELD_DURATION] = ROLE_NUMBER, [FIELD_AGE] = ROLE_NUMBER,
        [FIELD_BYTES] = ROLE_NUMBER, [FIELD_COUNT] = ROLE_NUMBER,    [FIELD_MONEY] = ROLE_NUMBER,
        [FIELD_RATIO] = ROLE_NUMBER, [FIELD_FLAG] = ROLE_NUMBER,     [FIELD_TIME] = ROLE_DIM,
    };
    return table[type];
}

bool view_when(const struct view *view, const struct view_row *row, int64_t *ms)
{
    const struct entity_field *field = view->fields[view->sort];
    struct entity_value value;
    if (!row->present || (!view->class->log && (!field || field->type != FIELD_TIME)))
        return false;
    if (view->class->log) {
        *ms = view->class->log->when(row);
        return true;
    }
    if (!entity_field_get(field, row->entity, 0, &value))
        return false;
    *ms = (int64_t)value.value.number;
    return true;
}

/* What a field of an entity says, and how good that is. A time needs no date where a line names the
 * day. */
static void show_field(const struct view *view, size_t column, const struct entity *entity,
                       int64_t now_ms, struct cell *cell)
{
    const struct entity_field *field = view->fields[column];
    struct entity_value value;
    char text[CELL_SIZE];
    if (!entity_field_get(field, entity, now_ms, &value))
        return;
    if (field->type == FIELD_TIME && column == view->sort)
        text_clock(text, sizeof text, (int64_t)value.value.number);
    else if (field->type == FIELD_TIME)
        text_time(text, sizeof text, (int64_t)value.value.number, now_ms);
    else
        field_format(&value.value, text, sizeof text);
    cell_set(cell,
             value.outcome == OUTCOME_NEUTRAL ? field_type_role(field->type)
                                              : outcome_role(value.outcome),
             text);
}

/* What stands in one column of a row. */
static void fill_cell(const struct view *view, size_t column, const struct view_row *row,
                      int64_t now_ms, struct cell *cell)
{
    cell->text[0] = '\0';
    cell->other = 0;
    cell->role = ROLE_TEXT;
    if (view->fields[column])
        show_field(view, column, row->entity, now_ms, cell);
    if (view->class->columns[column].cell)
        view->class->columns[column].cell(view, row, now_ms, cell);
}

static struct cell *cell_at(const struct view *view, size_t row, size_t column)
{
    return &view->cells[row * view->class->column_count + column];
}

/* Fills the cells of all rows; false without memory. */
static bool fill_cells(struct view *view, int64_t now_ms)
{
    const struct view_class *class = view->class;
    if (view->window_count > view->cell_capacity) {
        struct cell *cells =
            realloc(view->cells, view->window_count * class->column_count * sizeof *cells);
        if (!cells)
            return false;
        view->cells = cells;
        view->cell_capacity = view->window_count;
    }
    for (size_t row = 0; row < view->window_count; row++) {
        if (!view->window[row].present)
            continue;
        for (size_t i = 0; i < class->column_count; i++)
            fill_cell(view, i, &view->window[row], now_ms, cell_at(view, row, i));
    }
    return true;
}

/* The text of a cell with the present widths. */
static const char *shown(const struct view *view, size_t row, size_t column)
{
    const struct column *description = &view->class->columns[column];
    const struct cell *cell = cell_at(view, row, column);
    bool other = description->brief ? view->brief
                                    : description->instead && !view->widths[description->instead];
    return cell->text + (other ? cell->other : 0);
}

static int compare_widths(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

/* How wide the cells of a column are. */
static struct column_need measure(const struct view *view, size_t column)
{
    enum { MOST_ROWS = 512 };
    const struct column *description = &view->class->columns[column];
    int widths[MOST_ROWS];
    size_t count = 0;
    if (description->paint)
        return (struct column_need){description->good > description->min ? description->good
                                                                         : description->min,
                                    description->most};
    for (size_t row = 0; row < view->window_count && count < MOST_ROWS; row++) {
        int width = view->window[row].present ? text_width(shown(view, row, column)) : 0;
        if (width > 0)
            widths[count++] = width;
    }
    if (count == 0)
        return (struct column_need){0, 0};
    qsort(widths, count, sizeof *widths, compare_widths);
    return (struct column_need){widths[(count - 1) * 4 / 5], widths[count - 1]};
}

/* The same, held, and no narrower than the title. */
static struct column_need needed(struct view *view, size_t column, int64_t now_ms)
{
    const struct column *description = &view->class->columns[column];
    bool sorted = !view->class->log && column == view->sort;
    int title = text_width(description->title) + sorted;
    struct column_need need = measure(view, column);
    need.full = held_width(&view->full[column], need.full, now_ms);
    need.usual = held_width(&view->usual[column], need.usual, now_ms);
    if (need.full == 0 && (view->window_count == 0 || !description->drop || sorted))
        need.full = description->min;
    if (need.full > 0 && need.full < title)
        need.full = title;
    if (need.usual < title)
        need.usual = title;
    return need;
}

static bool fit_once(struct view *view, int width, int64_t now_ms)
{
    const struct view_class *class = view->class;
    struct column_need needs[VIEW_MAX_COLUMNS];
    for (size_t i = 0; i < class->column_count; i++)
        needs[i] = needed(view, i, now_ms);
    return view_fit(class->columns, needs, class->column_count, width, view->widths);
}

/* What is brief is narrow at once. */
static void be_brief(struct view *view, bool brief)
{
    for (size_t i = 0; i < view->class->column_count && view->brief != brief; i++)
        if (view->class->columns[i].brief)
            view->usual[i] = view->full[i] = (struct held_width){.width = 0};
    view->brief = brief;
}

/* Whether any of the long texts takes much more than the short ones. */
static bool brief_saves_room(const struct view *view)
{
    enum { LITTLE = 5 };
    bool saves = false;
    for (size_t i = 0; i < view->class->column_count; i++)
        saves |= view->class->columns[i].brief &&
                 view->full[i].width > view->class->columns[i].min + LITTLE;
    return saves;
}

/* Fits the columns into the width, for the rows that are there. What can be brief becomes so at
 * once, and long again only when there has been room for a while. */
static void fit(struct view *view, int width, int64_t now_ms)
{
    enum { LONG_AGAIN_MS = 20000 };
    struct held_width held[2][VIEW_MAX_COLUMNS];
    bool was_brief = view->brief;
    memcpy(held[0], view->usual, sizeof held[0]);
    memcpy(held[1], view->full, sizeof held[1]);
    be_brief(view, false);
    bool roomy = fit_once(view, width, now_ms) && fit_once(view, width, now_ms);
    roomy |= !brief_saves_room(view);
    if (!roomy)
        view->roomy_ms = 0;
    else if (view->roomy_ms == 0 || now_ms < view->roomy_ms)
        view->roomy_ms = now_ms;
    if (roomy && (!was_brief || now_ms - view->roomy_ms >= LONG_AGAIN_MS))
        return;
    memcpy(view->usual, held[0], sizeof held[0]);
    memcpy(view->full, held[1], sizeof held[1]);
    view->brief = was_brief;
    be_brief(view, true);
    fit_once(view, width, now_ms);
    fit_once(view, width, now_ms); /* a column that was left out changes what others show */
}

int view_natural_width(const struct view *view)
{
    int total = 0;
    for (size_t i = 0; i < view->class->column_count; i++) {
        const struct column *column = &view->class->columns[i];
        int full = view->full[i].width, title = text_width(column->title);
        full = column->most && full > column->most ? column->most : full;
        if (full > 0)
            total += (full > title ? full : title) + 1;
    }
    return total ? total + 1 : 0;
}

static void draw_row(const struct view *view, size_t index, int row, int column, enum role over)
{
    const struct view_class *class = view->class;
    for (size_t i = 0; i < class->column_count; i++) {
        int width = view->widths[i];
        if (!width)
            continue;
        if (class->columns[i].paint)
            class->columns[i].paint(&view->window[index], row, column, width, over);
        else
            draw_text(row, column, width, class->columns[i].right,
                      (struct style){.role = cell_at(view, index, i)->role, .over = over},
                      shown(view, index, i));
        column += width + 1;
    }
}

static void draw_titles(const struct view *view, const int *widths, int row, int column, int width)
{
    const struct view_class *class = view->class;
    screen_fill(row, column++, width, STYLE(COLUMN));
    for (size_t i = 0; i < class->column_count; i++) {
        char title[48];
        bool sorted = !class->log && i == view->sort;
        const char *arrow = screen_ascii()     ? (view->descending ? "v" : "^")
                            : view->descending ? "▼"
                                               : "▲";
        if (!widths[i])
            continue;
        snprintf(title, sizeof title, "%s%s", class->columns[i].title, sorted ? arrow : "");
        draw_text(row, column, widths[i], class->columns[i].right,
                  (struct style){.role = sorted ? ROLE_COLUMN_SORT : ROLE_COLUMN}, title);
        column += widths[i] + 1;
    }
}

/* Below the last row, when there is room. */
static void draw_note(const struct view *view, int row, int column, int width)
{
    char text[VIEW_NOTE], clean[VIEW_NOTE];
    view_note(view, text, sizeof text);
    text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    screen_put(row, column + 1, width - 2, STYLE(DIM), clean);
}

/* One row of the window, or why it is not there. */
static void draw_line(const struct view *view, size_t index, int row, int column, int width,
                      bool focused)
{
    const struct view_row *data = &view->window[index];
    bool selected = view->top + index == view->index;
    enum role over = !selected ? ROLE_TEXT : focused ? ROLE_SELECTION : ROLE_SELECTION_IDLE;
    if (selected)
        screen_fill(row, column, width, (struct style){.role = over, .over = ROLE_TEXT});
    if (data->present)
        draw_row(view, index, row, column + 1, over);
    else if (data->missing)
        screen_put(row, column + 1, width - 2, (struct style){.role = ROLE_DIM, .over = over},
                   "no longer in the journal");
}

void view_draw(struct view *view, int row, int column, int width, int height, bool focused,
               int64_t now_ms)
{
    int end = row + height;
    if (!fill_cells(view, now_ms))
        return;
    fit(view, width - 2, now_ms);
    draw_titles(view, view->widths, row++, column, width);
    for (size_t i = 0; i < view->window_count && row < end; i++) {
        int64_t when;
        if (view->window[i].day && row + 1 < end && view_when(view, &view->window[i], &when))
            days_draw(row++, column, width, when, now_ms);
        draw_line(view, i, row++, column, width, focused);
    }
    if (view->window_count > 0 && row < end)
        draw_note(view, row, column, width);
}
