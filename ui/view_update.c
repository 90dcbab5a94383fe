/*
 * Views: bringing their rows, and what the visible ones show, up to the store and the journal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/clock.h"
#include "../src/text.h"
#include "days.h"
#include "view_look.h"

enum {
    LEAST_WITH_DAYS = 4, /* lines of a list that has room for lines between days */
    LOAD_US = 8000,      /* for reading what the visible rows show */
};

/* The row of the selection, or one that stands in for it. */
static size_t find_selection(struct view *view)
{
    size_t count = view_count(view), last = count ? count - 1 : 0;
    if (view->to_end || view->follow)
        return view->to_end ? last : 0;
    size_t index = view_index(view, view->selected);
    if (index < count && view_number(view, index) == view->selected)
        return index;
    /* Not found. It may be when all has been looked at. */
    bool wait = view->selected & VIEW_PAST
                    ? older_may_find(&view->older, view->selected & ~VIEW_PAST)
                    : index >= count && view->searching;
    /* The next older row stands in for it, or the last; in a table the one that is in its place. */
    if (index >= count)
        index = view->class->log || view->index > last ? last : view->index;
    if (!wait && count)
        view->selected = view_number(view, index);
    return index;
}

/* Keeps the selection on its row while others come and go around it, and in sight. */
static void keep_selection(struct view *view)
{
    size_t count = view_count(view);
    size_t distance = view->index - view->top; /* stays where it is on the screen */
    size_t height = view->height > 0 ? (size_t)view->height : 1;
    size_t index = find_selection(view);
    if ((view->to_end || view->follow) && count)
        view->selected = view_number(view, index);
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

/* Copy an entity into its row. The copy is what the frame draws without the lock. */
static bool load_entity(const struct view *view, struct store *store, size_t index,
                        struct view_row *row)
{
    const struct sorted_row *sorted = &view->sorted.rows[index];
    entity_free(row->entity);
    store_lock(store);
    const struct entity *entity =
        entities_at(store_entities(store), view->class->kind, sorted->slot);
    row->entity = entity && entity->node.serial == sorted->serial ? entity_copy(entity) : NULL;
    row->asks[0] = '\0';
    if (row->entity && entity->kind == ENTITY_SESSION)
        text_cut(row->asks, sizeof row->asks, session_asks((const struct session *)entity));
    store_unlock(store);
    return row->entity != NULL;
}

/* What was loaded for a row of a log is used again in another place of the window. */
static void find_row(struct view *view, size_t place, uint64_t number)
{
    struct view_row *rows = view->window;
    for (size_t i = place + 1; i < view->window_capacity && rows[place].number != number; i++)
        if (rows[i].number == number) {
            struct view_row other = rows[place];
            rows[place] = rows[i];
            rows[i] = other;
        }
}

static void load_row(struct view *view, struct store *store, size_t index, struct view_row *row)
{
    uint64_t number = view_number(view, index);
    /* What a log's row shows never changes while it stays in place, but for an event's duplicates,
     * and those are not in the list. */
    if (view->class->log && row->number == number && row->present)
        return;
    row->missing &= row->number == number;
    row->number = number;
    if (view->class->release)
        view->class->release(row);
    if (!view->class->log)
        row->present = load_entity(view, store, index, row);
    else
        row->present = !(number & VIEW_PAST) && view->class->log->load(store, number, row);
    if (row->present && view->class->decode)
        view->class->decode(row);
}

/* What stands in memory; load_older_rows() does the rest. Returns false when large events need more
 * time than a frame has. */
static bool load_window(struct view *view, struct store *store)
{
    size_t count = view_count(view);
    size_t wanted = view->height > 0 ? (size_t)view->height : 0;
    int64_t until_us = clock_steady_us() + LOAD_US;
    bool whole = true;
    if (wanted > count - view->top)
        wanted = count - view->top;
    view->window_count = 0;
    if (!reserve_window(view, wanted))
        return true;
    for (size_t i = 0; i < wanted; i++) {
        struct view_row *row = &view->window[i];
        if (view->class->log)
            find_row(view, i, view_number(view, view->top + i));
        whole = i == 0 || clock_steady_us() < until_us;
        if (whole) {
            load_row(view, store, view->top + i, row);
        } else if (row->number != view_number(view, view->top + i)) {
            row->number = view_number(view, view->top + i);
            row->present = row->missing = false;
        }
    }
    view->window_count = wanted;
    return whole;
}

/* Returns false when a slow disk needs more time than a frame has. */
static bool load_older_rows(struct view *view)
{
    int64_t until_us = clock_steady_us() + LOAD_US;
    bool any = false;
    for (size_t i = 0; i < view->window_count; i++) {
        struct view_row *row = &view->window[i];
        if (!(row->number & VIEW_PAST) || row->present || row->missing)
            continue;
        if (any && clock_steady_us() >= until_us)
            return false;
        any = row->present =
            past_copy(view->older.past, (int64_t)(row->number & ~VIEW_PAST), &row->copy);
        if (past_trouble(view->older.past)[0])
            return true;
        row->missing = !row->present;
        if (view->class->release)
            view->class->release(row);
        if (row->present && view->class->decode)
            view->class->decode(row);
    }
    return true;
}

/* The row at which an event stands in the journal that memory has let go of. Events and
 * rows count up together. */
static int64_t row_of_forgotten(const struct view *view, uint64_t number, struct rows_range range,
                                int64_t first_row)
{
    int64_t behind = (int64_t)(range.first - number);
    if (view->selected_row > 0)
        return view->selected_row;
    return first_row > behind ? first_row - behind : 0;
}

/* Rows are another journal's: those that are shown mean other events there, or none. */
static void forget_journal(struct view *view, unsigned journal)
{
    view->journal = journal;
    older_reset(&view->older, view->older.rows.filtered, view_changes(view));
    for (size_t i = 0; i < view->window_capacity; i++)
        if (view->window[i].number & VIEW_PAST)
            view->window[i].present = false;
    view->selected_row = 0;
    view->follow |= (view->selected & VIEW_PAST) != 0;
}

/* Where memory ends and the journal goes on. An event that has gone from here to there keeps its
 * selection. */
static void bound_older(struct view *view, const struct log_bounds *bounds)
{
    struct rows_range range = bounds->range;
    if (view->journal != bounds->journal)
        forget_journal(view, bounds->journal);
    int64_t end = bounds->first_row;
    if (view->paused && end > view->paused_row)
        end = view->paused_row + 1;
    older_bound(&view->older, end);
    if (!view->follow || view->paused)
        older_begin(&view->older);
    else if (view->older.begun && view->top + (size_t)view->height <= view_remembered(view))
        older_reset(&view->older, view->older.rows.filtered, view_changes(view)); /* out of sight */
    if (view->selected == 0 || view->selected & VIEW_PAST || view->selected >= range.first)
        return;
    int64_t row = row_of_forgotten(view, view->selected, range, bounds->first_row);
    if (row > 0)
        view->selected = VIEW_PAST | (uint64_t)row;
}

struct recall_context {
    struct view *view;
    struct store *store;
    int64_t now_ms;
};

static bool match_recalled(void *context, const struct recalled *event)
{
    const struct recall_context *recall = context;
    return recall->view->class->log->match_recalled(recall->view, recall->store, event,
                                                    recall->now_ms);
}

/* Returns false when there is more of the journal to look at. */
static bool update_older(struct view *view, struct store *store, int64_t now_ms)
{
    struct recall_context context = {view, store, now_ms};
    const struct older_pass pass = {
        .match = match_recalled,
        .context = &context,
        .generation = store_generation(store),
        .now_ms = now_ms,
        .paused = view->paused,
    };
    const struct log_bounds bounds = view_log_bounds(view, store);
    bound_older(view, &bounds);
    view_prepare(view, store, now_ms);
    return older_update(&view->older, &pass);
}

static bool update_log(struct view *view, struct store *store, int64_t now_ms)
{
    bool whole = !view->older.past || update_older(view, store, now_ms);
    const struct log_bounds bounds = view_log_bounds(view, store);
    bool found = view_look(view, store, &bounds, now_ms);
    view->searching = !found && !view->matches.looking_again;
    if (view->older.past) {
        bound_older(view, &bounds);
        view->searching |= older_is_searching(&view->older);
    }
    return found && whole;
}

static bool update_table(struct view *view, struct store *store, int64_t now_ms)
{
    view->searching = !view_gather(view, store, now_ms);
    return !view->searching;
}

static bool passes_filter(void *context, const struct recalled *event)
{
    const struct recall_context *recall = context;
    return matcher_match_recalled(&recall->view->matcher, recall->store, event);
}

/* Asks events of the journal for a table; returns false when it is to go on, or the table is to be
 * gathered again. */
static bool update_asked(struct view *view, struct store *store, int64_t now_ms)
{
    struct recall_context context = {view, store, now_ms};
    bool gather;
    view_prepare(view, store, now_ms);
    bool whole = asked_update(&view->asked, passes_filter, &context, now_ms, &gather);
    if (gather)
        view->gathered_generation = UINT64_MAX;
    view->searching |= !whole || gather;
    return whole && !gather;
}

static bool has_note(const struct view *view)
{
    return view->class->log ? older_has_note(&view->older) : asked_has_note(&view->asked);
}

/* Marks the rows that a line with their day stands above: where it is another than that of the row
 * above, or than today. Returns how many lines that takes. */
static int mark_days(struct view *view, int height, int64_t now_ms)
{
    int lines = 0;
    int64_t before = now_ms, when;
    for (size_t i = 0; i < view->window_count; i++) {
        struct view_row *row = &view->window[i];
        row->day = false;
        if (height < LEAST_WITH_DAYS || !view_when(view, row, &when))
            continue;
        row->day = !days_same(before, when) && (int)i + lines + 1 < height;
        lines += row->day;
        before = when;
    }
    return lines;
}

/* Places the selection in a list of so many rows. When it is the last row, what is to be
 * said below that has room. */
static void place_selection(struct view *view, int height)
{
    int rows = height > view->day_lines ? height - view->day_lines : 1;
    view->room = height;
    view->height = rows;
    keep_selection(view);
    if (has_note(view) && rows > 1 && view->index + 1 >= view_count(view)) {
        view->height = rows - 1;
        keep_selection(view);
    }
}

/* Lines between days take the room of rows: loads those that have room beside them. Which days
 * there are is known only of rows that are loaded. */
static bool settle_days(struct view *view, struct store *store, int height, int64_t now_ms)
{
    enum { PASSES = 4 };
    bool whole = true;
    for (int pass = 0; pass < PASSES; pass++) {
        int lines = mark_days(view, height, now_ms);
        if (lines == view->day_lines || (pass > 0 && lines < view->day_lines))
            break;
        view->day_lines = lines;
        place_selection(view, height);
        whole = load_window(view, store);
        whole &= !view->older.past || load_older_rows(view);
    }
    return whole;
}

/* Where the selected event stands in the journal, for when memory lets go of it. */
static void note_selected_row(struct view *view, struct store *store)
{
    if (!view->older.past || view->selected & VIEW_PAST)
        return;
    store_lock(store);
    view->selected_row = view->class->log->journal_row(store, view->selected);
    store_unlock(store);
}

bool view_update(struct view *view, struct store *store, int height, int64_t now_ms)
{
    bool whole =
        view->class->log ? update_log(view, store, now_ms) : update_table(view, store, now_ms);
    place_selection(view, height);
    view->to_end &= older_is_searching(&view->older);
    whole &= load_window(view, store);
    note_selected_row(view, store);
    whole &= !view->older.past || load_older_rows(view);
    whole &= settle_days(view, store, height, now_ms);
    if (asked_left(&view->asked) > 0)
        whole &= update_asked(view, store, now_ms);
    return whole;
}

bool view_hides(struct view *view, struct store *store, uint64_t number, int64_t now_ms)
{
    struct recall_context context = {view, store, now_ms};
    if (!view->class->log)
        return view_index(view, number) == view_count(view);
    if (!(number & VIEW_PAST))
        return !view_passes(view, store, number, now_ms);
    int64_t row = (int64_t)(number & ~VIEW_PAST);
    bool passes;
    return past_ask(view->older.past, row, match_recalled, &context, &passes) && !passes;
}

void view_note(const struct view *view, char *text, size_t size)
{
    if (view->class->log)
        older_note(&view->older, text, size);
    else
        asked_note(&view->asked, text, size);
}

int view_wait_ms(const struct view *view, const struct store *store, int64_t now_ms)
{
    if (view->paused)
        return -1;
    if (view->class->log) {
        uint64_t generation = store_generation(store);
        int wait = matches_wait_ms(&view->matches, generation, now_ms);
        int older = older_wait_ms(&view->older, generation, now_ms);
        return wait < 0 || (older >= 0 && older < wait) ? older : wait;
    }
    return view_gather_wait_ms(view, store, now_ms);
}
