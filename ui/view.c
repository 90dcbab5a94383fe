/*
 * Views: what is the same for all of them.
 */
#include "view.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "screen.h"

/* Rows looked at in one pass, under the store's lock: well under a millisecond. */
enum { PASS_BUDGET = 100000 };

static const struct view_class *const classes[VIEWS] = {
    [VIEW_EVENTS] = &view_events,
    [VIEW_DELIVERIES] = &view_deliveries,
};

const struct view_class *view_class(enum view_id id)
{
    return classes[id];
}

enum view_id view_find(const char *name)
{
    int id = 0;
    while (id < VIEWS && strcmp(classes[id]->name, name) != 0)
        id++;
    return (enum view_id)id;
}

void view_init(struct view *view, enum view_id id)
{
    *view = (struct view){.class = classes[id], .follow = true};
    view_filter_changed(view);
}

void view_free(struct view *view)
{
    rows_free(&view->rows);
    for (size_t i = 0; i < view->window_capacity; i++)
        store_copy_free(&view->window[i].copy);
    free(view->window);
    view->window = NULL;
    view->window_count = view->window_capacity = 0;
}

static bool has_filter(const struct view *view)
{
    const struct type_filter *types = &view->types;
    bool any = types->failures_only;
    for (size_t i = 0; i < ENTITY_KINDS; i++)
        any |= types->hide_family[i];
    for (size_t i = 0; i < TYPE_WORDS; i++)
        any |= types->hidden[i] != 0;
    return any;
}

void view_filter_changed(struct view *view)
{
    rows_reset(&view->rows, has_filter(view));
}

struct match_context {
    const struct view *view;
    const struct store *store;
};

static bool match_row(const void *context, uint64_t number)
{
    const struct match_context *match = context;
    return match->view->class->match(match->view, match->store, number);
}

/* The rows that the view may show: all, or those there were when it was paused. */
static struct rows_range visible_range(const struct view *view, const struct store *store)
{
    struct rows_range range = view->class->range(store);
    if (view->paused) {
        range.end = view->paused_end;
        if (range.first > range.end)
            range.first = range.end;
    }
    return range;
}

/* Keeps the selection on its row while others come and go around it, and in sight. */
static void keep_selection(struct view *view)
{
    size_t count = rows_count(&view->rows);
    size_t distance = view->index - view->top; /* stays where it is on the screen */
    size_t height = view->height > 0 ? (size_t)view->height : 1;
    size_t index = view->follow ? 0 : rows_find(&view->rows, view->selected);
    if (index >= count) {
        /* Not found. It may be when more of the past has been searched; until then the number is
         * kept and the oldest row stands in for it. */
        index = count ? count - 1 : 0;
        if (!view->searching && count)
            view->selected = rows_at(&view->rows, index);
    } else {
        view->selected = rows_at(&view->rows, index);
    }
    if (distance >= height)
        distance = height - 1;
    view->index = index;
    view->top = index > distance ? index - distance : 0;
    if (view->top + height > count)
        view->top = count > height ? count - height : 0;
}

static bool reserve_window(struct view *view, size_t wanted)
{
    if (wanted <= view->window_capacity)
        return true;
    struct view_row *window = realloc(view->window, wanted * sizeof *window);
    if (!window)
        return false;
    memset(window + view->window_capacity, 0, (wanted - view->window_capacity) * sizeof *window);
    view->window = window;
    view->window_capacity = wanted;
    return true;
}

static void load_window(struct view *view, const struct store *store)
{
    size_t count = rows_count(&view->rows);
    size_t wanted = view->height > 0 ? (size_t)view->height : 0;
    if (wanted > count - view->top)
        wanted = count - view->top;
    view->window_count = 0;
    if (!reserve_window(view, wanted))
        return;
    for (size_t i = 0; i < wanted; i++) {
        struct view_row *row = &view->window[i];
        uint64_t number = rows_at(&view->rows, view->top + i);
        /* What a row shows never changes while it stays in place, but for an event's duplicates,
         * and those are not in the list. */
        if (row->number == number && row->present)
            continue;
        row->number = number;
        row->present = view->class->load(store, number, row);
    }
    view->window_count = wanted;
}

bool view_update(struct view *view, const struct store *store, int height)
{
    view->height = height;
    view->class->prepare(view, store);
    struct match_context context = {view, store};
    bool done =
        rows_update(&view->rows, visible_range(view, store), match_row, &context, PASS_BUDGET);
    view->searching = !done;
    keep_selection(view);
    load_window(view, store);
    return done;
}

uint64_t view_waiting(const struct view *view, const struct store *store, uint64_t limit)
{
    if (!view->paused)
        return 0;
    struct rows_range range = view->class->range(store);
    uint64_t from = view->paused_end > range.first ? view->paused_end : range.first;
    if (!view->rows.filtered)
        return range.end - from;
    uint64_t count = 0;
    struct match_context context = {view, store};
    for (uint64_t number = from; number < range.end && limit > 0; number++, limit--)
        count += match_row(&context, number);
    return count;
}

void view_move(struct view *view, long rows)
{
    size_t count = rows_count(&view->rows);
    if (count == 0)
        return;
    size_t last = count - 1, index = view->index > last ? last : view->index;
    if (rows < 0)
        index = rows == LONG_MIN || (size_t)-rows > index ? 0 : index - (size_t)-rows;
    else
        index = (size_t)rows > last - index ? last : index + (size_t)rows;
    view->index = index;
    view->follow = index == 0;
    view->selected = rows_at(&view->rows, index);
    size_t height = view->height > 0 ? (size_t)view->height : 1;
    if (index < view->top)
        view->top = index;
    else if (index >= view->top + height)
        view->top = index - height + 1;
}

bool view_select(struct view *view, uint64_t number)
{
    size_t index = rows_find(&view->rows, number);
    if (index >= rows_count(&view->rows) || rows_at(&view->rows, index) != number)
        return false;
    view_move(view, (long)index - (long)view->index);
    return true;
}

void view_pause(struct view *view, const struct store *store, bool paused)
{
    view->paused = paused;
    view->paused_end = view->class->range(store).end;
}

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
        cell.text[0] = '\0';
        cell.role = ROLE_TEXT;
        class->columns[i].cell(view, data, now_ms, &cell);
        draw_text(row, column, widths[i], class->columns[i].right,
                  (struct style){.role = cell.role, .over = over}, cell.text);
        column += widths[i] + 1;
    }
    if (class->release)
        class->release(data);
}

void view_draw(struct view *view, int row, int column, int width, int height, bool focused,
               int64_t now_ms)
{
    const struct view_class *class = view->class;
    int widths[VIEW_MAX_COLUMNS];
    view_fit(class->columns, class->column_count, width - 2, widths);

    screen_fill(row, column, width, STYLE(COLUMN));
    for (size_t i = 0, x = (size_t)column + 1; i < class->column_count; i++) {
        if (!widths[i])
            continue;
        draw_text(row, (int)x, widths[i], class->columns[i].right, STYLE(COLUMN),
                  class->columns[i].title);
        x += (size_t)widths[i] + 1;
    }
    for (size_t i = 0; i < view->window_count && (int)i < height - 1; i++) {
        struct view_row *data = &view->window[i];
        bool selected = view->top + i == view->index;
        enum role over = !selected ? ROLE_TEXT : focused ? ROLE_SELECTION : ROLE_SELECTION_IDLE;
        int y = row + 1 + (int)i;
        if (selected)
            screen_fill(y, column, width, (struct style){.role = over, .over = ROLE_TEXT});
        if (data->present)
            draw_row(view, data, widths, y, column + 1, over, now_ms);
    }
}
