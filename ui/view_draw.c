/*
 * Views: drawing their rows, in columns that are fitted into the width.
 */
#include <stdio.h>
#include <string.h>

#include "../src/field.h"
#include "../src/text.h"
#include "screen.h"
#include "view.h"

void view_fit(const struct column *columns, size_t count, int width, int *widths)
{
    int total = -1;
    for (size_t i = 0; i < count; i++) {
        widths[i] = columns[i].min;
        total += columns[i].min + 1;
    }
    while (total > width) {
        size_t victim = count;
        for (size_t i = 0; i < count; i++)
            if (widths[i] && columns[i].drop &&
                (victim == count || columns[i].drop > columns[victim].drop))
                victim = i;
        if (victim == count)
            break;
        total -= widths[victim] + 1;
        widths[victim] = 0;
    }
    for (bool grown = true; grown && total < width;) {
        grown = false;
        for (size_t i = 0; i < count && total < width; i++) {
            if (widths[i] && widths[i] < columns[i].ideal) {
                widths[i]++;
                total++;
                grown = true;
            }
        }
    }
    int shares = 0;
    for (size_t i = 0; i < count; i++)
        shares += widths[i] ? columns[i].grow : 0;
    for (size_t i = 0; i < count && shares > 0 && total < width; i++) {
        if (!widths[i] || !columns[i].grow)
            continue;
        int more = (width - total) * columns[i].grow / shares;
        widths[i] += more;
        total += more;
        shares -= columns[i].grow;
    }
}

void cell_set(struct cell *cell, enum role role, const char *text)
{
    cell->role = role;
    text_clean(cell->text, sizeof cell->text, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
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

/* What a field of an entity says, and how good that is. */
static void show_field(const struct entity_field *field, const struct entity *entity,
                       int64_t now_ms, struct cell *cell)
{
    struct entity_value value;
    char text[CELL_SIZE];
    if (!entity_field_get(field, entity, now_ms, &value))
        return;
    if (field->type == FIELD_TIME)
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
    cell->role = ROLE_TEXT;
    if (view->fields[column])
        show_field(view->fields[column], row->entity, now_ms, cell);
    if (view->class->columns[column].cell)
        view->class->columns[column].cell(view, row, now_ms, cell);
}

/* Fits the columns into the width, for the rows that are there. */
static void fit(struct view *view, int width, int64_t now_ms)
{
    const struct view_class *class = view->class;
    struct column columns[VIEW_MAX_COLUMNS];
    struct cell cell;
    memcpy(columns, class->columns, class->column_count * sizeof *columns);
    for (size_t i = 0; i < class->column_count; i++) {
        for (size_t row = 0; columns[i].whole && row < view->window_count; row++) {
            if (!view->window[row].present)
                continue;
            fill_cell(view, i, &view->window[row], now_ms, &cell);
            int wide = text_width(cell.text);
            columns[i].min = wide > columns[i].min ? wide : columns[i].min;
            columns[i].ideal = wide > columns[i].ideal ? wide : columns[i].ideal;
        }
    }
    view_fit(columns, class->column_count, width, view->widths);
}

static void draw_row(struct view *view, struct view_row *data, const int *widths, int row,
                     int column, enum role over, int64_t now_ms)
{
    const struct view_class *class = view->class;
    struct cell cell;
    if (class->decode)
        class->decode(data);
    for (size_t i = 0; i < class->column_count; i++) {
        if (!widths[i])
            continue;
        fill_cell(view, i, data, now_ms, &cell);
        draw_text(row, column, widths[i], class->columns[i].right,
                  (struct style){.role = cell.role, .over = over}, cell.text);
        column += widths[i] + 1;
    }
    if (class->release)
        class->release(data);
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
static void draw_note(const struct view *view, int row, int column, int width, int height)
{
    char text[VIEW_NOTE], clean[VIEW_NOTE];
    if (view->window_count == 0 || (int)view->window_count >= height)
        return;
    view_note(view, text, sizeof text);
    text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    screen_put(row + (int)view->window_count, column + 1, width - 2, STYLE(DIM), clean);
}

void view_draw(struct view *view, int row, int column, int width, int height, bool focused,
               int64_t now_ms)
{
    const int *widths = view->widths;
    fit(view, width - 2, now_ms);

    draw_titles(view, widths, row, column, width);
    for (size_t i = 0; i < view->window_count && (int)i < height - 1; i++) {
        struct view_row *data = &view->window[i];
        bool selected = view->top + i == view->index;
        enum role over = !selected ? ROLE_TEXT : focused ? ROLE_SELECTION : ROLE_SELECTION_IDLE;
        int y = row + 1 + (int)i;
        if (selected)
            screen_fill(y, column, width, (struct style){.role = over, .over = ROLE_TEXT});
        if (data->present)
            draw_row(view, data, widths, y, column + 1, over, now_ms);
        else if (data->missing)
            screen_put(y, column + 1, width - 2, (struct style){.role = ROLE_DIM, .over = over},
                       "no longer in the journal");
    }
    draw_note(view, row + 1, column, width, height - 1);
}
