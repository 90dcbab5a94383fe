/*
 * Views: bringing their rows, and what the visible ones show, up to the store and the journal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "clock.h"
#include "days.h"
#include "view.h"

enum {
    BARE_BUDGET = 100000, /* rows of a log to look at under one lock, without an expression */
    TABLE_BUDGET = 4000,  /* entities, whose sort keys cost more */
    LARGE_TABLE = 5000,   /* one that is sorted again only now and then */
    LARGE_TABLE_MS = 300,
    AGED_TABLE_MS = 1000, /* how often one is gathered again because time passes */
    LEAST_WITH_DAYS = 4,  /* lines of a list that has room for lines between days */
    LOAD_US = 8000,       /* for reading what the visible rows show from the journal */
};

struct match_context {
    struct view *view;
    const struct store *store;
    int64_t now_ms;
};

static bool match_row(const void *context, uint64_t number)
{
    const struct match_context *match = context;
    return match->view->class->log->match(match->view, match->store, number, match->now_ms);
}

/* (locked) Prepares a pass over rows. */
static void prepare(struct view *view, const struct store *store, int64_t now_ms)
{
    if (view->filter)
        matcher_prepare(&view->matcher, store, now_ms);
    if (view->class->log)
        view->class->log->prepare(view, store);
}

bool view_wants_event(struct view *view, const struct store *store, uint64_t seq)
{
    if (!view->filter)
        return true;
    return seq >= ring_first(store_ring(store)) && matcher_match(&view->matcher, store, seq);
}

/* The rows that the view may show: all, or those there were when it was paused. */
static struct rows_range visible_range(const struct view *view, const struct store *store)
{
    struct rows_range range = view->class->log->range(store);
    if (view->paused) {
        range.end = view->paused_end;
        if (range.first > range.end)
            range.first = range.end;
    }
    return range;
}

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

/* (locked) Copies an entity, reusing the copy that the row has when nothing has changed. */
static bool load_entity(const struct view *view, const struct store *store, size_t index,
                        struct view_row *row)
{
    const struct sorted_row *sorted = &view->sorted.rows[index];
    const struct entity *entity =
        entities_at(store_entities(store), view->class->kind, sorted->slot);
    entity_free(row->entity);
    row->entity = entity && entity->node.serial == sorted->serial ? entity_copy(entity) : NULL;
    row->asks[0] = '\0';
    if (row->entity && entity->kind == ENTITY_SESSION)
        text_cut(row->asks, sizeof row->asks, session_asks((const struct session *)entity));
    return row->entity != NULL;
}

/* (locked) What stands in memory; load_older_rows() does the rest. */
static void load_window(struct view *view, const struct store *store)
{
    size_t count = view_count(view);
    size_t wanted = view->height > 0 ? (size_t)view->height : 0;
    if (wanted > count - view->top)
        wanted = count - view->top;
    view->window_count = 0;
    if (!reserve_window(view, wanted))
        return;
    for (size_t i = 0; i < wanted; i++) {
        struct view_row *row = &view->window[i];
        uint64_t number = view_number(view, view->top + i);
        /* What a log's row shows never changes while it stays in place, but for an event's
         * duplicates, and those are not in the list. */
        if (view->class->log && row->number == number && row->present)
            continue;
        row->missing &= row->number == number;
        row->number = number;
        if (!view->class->log)
            row->present = load_entity(view, store, view->top + i, row);
        else
            row->present = !(number & VIEW_PAST) && view->class->log->load(store, number, row);
    }
    view->window_count = wanted;
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
    }
    return true;
}

/* (locked) The row at which an event stands in the journal that memory has let go of. Events and
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

/* (locked) Where memory ends and the journal goes on. An event that has gone from here to there
 * keeps its selection. */
static void bound_older(struct view *view, const struct store *store)
{
    const struct log_ops *log = view->class->log;
    struct rows_range range = log->range(store);
    if (view->journal != store_journal(store))
        forget_journal(view, store_journal(store));
    int64_t first_row = log->journal_row(store, range.first), end = first_row;
    if (view->paused && end > view->paused_row)
        end = view->paused_row + 1;
    older_bound(&view->older, end);
    if (!view->follow || view->paused)
        older_begin(&view->older);
    else if (view->older.begun && view->top + (size_t)view->height <= view_remembered(view))
        older_reset(&view->older, view->older.rows.filtered, view_changes(view)); /* out of sight */
    if (view->selected == 0 || view->selected & VIEW_PAST || view->selected >= range.first)
        return;
    int64_t row = row_of_forgotten(view, view->selected, range, first_row);
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
    store_lock(store);
    bound_older(view, store);
    prepare(view, store, now_ms);
    store_unlock(store);
    return older_update(&view->older, &pass);
}

/* (locked) */
static bool update_log(struct view *view, const struct store *store, int64_t now_ms)
{
    struct match_context context = {view, store, now_ms};
    const struct matches_pass pass = {
        .range = visible_range(view, store),
        .generation = store_generation(store),
        .now_ms = now_ms,
        .budget = view->filter ? matcher_budget(view->filter) : BARE_BUDGET,
    };
    prepare(view, store, now_ms);
    if (view->scope.id) {
        /* One entity's events are so few that they are there again in the same frame. */
        if (!view->paused && matches_due(&view->matches, pass.generation, now_ms))
            scope_restart(&view->scope);
        return scope_update(&view->scope, store, &view->matches.rows, pass.range, match_row,
                            &context);
    }
    if (view->paused)
        return rows_update(&view->matches.rows, pass.range, match_row, &context, pass.budget);
    return matches_update(&view->matches, &pass, match_row, &context);
}

/* (locked) An entity is shown for its newest event, wherever that is. */
static bool wants_entity(struct view *view, const struct store *store, const struct entity *entity,
                         uint32_t slot)
{
    if (!view->filter)
        return true;
    if (entity->newest_seq < ring_first(store_ring(store))) {
        /* Where no journal can be asked, what is known of it has to do. */
        if (view->asked.past && entity->newest_row > 0)
            return asked_look_up(&view->asked, slot, entity->newest_row);
        return matcher_match_entity(&view->matcher, store, entity);
    }
    bool wanted = view_wants_event(view, store, entity->newest_seq);
    asked_tell(&view->asked, slot, entity->newest_row, wanted);
    return wanted;
}

static bool gather_row(const void *context, uint32_t slot, struct sorted_row *row)
{
    const struct match_context *gather = context;
    const struct view_class *class = gather->view->class;
    const struct entity *entity = entities_at(store_entities(gather->store), class->kind, slot);
    if (!entity || !wants_entity(gather->view, gather->store, entity, slot))
        return false;
    *row = (struct sorted_row){.serial = entity->node.serial};
    sort_key_read(&row->key, gather->view->fields[gather->view->sort], entity, gather->now_ms);
    sort_key_read(&row->then, gather->view->fields[class->then], entity, gather->now_ms);
    return true;
}

/* How many milliseconds from now a table is gathered again because time passes, or -1. */
static int aged_wait_ms(const struct view *view, int64_t now_ms)
{
    unsigned changes = view_changes(view);
    int64_t left_ms, passed_ms = now_ms - view->gathered_ms;
    if (changes & FILTER_CHANGES_IN_TIME)
        left_ms = AGED_TABLE_MS - passed_ms;
    else if (changes & FILTER_CHANGES_BY_DAY)
        left_ms = moment_today(view->gathered_ms).last_ms + 1 - now_ms;
    else
        return -1;
    return left_ms < 0 || passed_ms < 0 ? 0 : (int)left_ms; /* the clock may be set back */
}

/* (locked) Returns whether the table was gathered whole and is to be sorted. */
static bool gather_table(struct view *view, const struct store *store, int64_t now_ms)
{
    struct sorted *sorted = &view->sorted;
    uint64_t generation = store_generation(store);
    bool large = sorted->count > LARGE_TABLE;
    if (!sorted->gathering) {
        int64_t passed_ms = now_ms - view->gathered_ms; /* below 0 when the clock was set back */
        bool early = large && passed_ms < LARGE_TABLE_MS && passed_ms >= 0 &&
                     view->gathered_generation != UINT64_MAX;
        bool aged = aged_wait_ms(view, now_ms) == 0;
        aged |=
            asked_left(&view->asked) == 0 && asked_wait_ms(&view->asked, generation, now_ms) == 0;
        if (view->paused || (generation == view->gathered_generation && !aged) || early)
            return false;
        view->gathered_generation = generation;
        view->gathered_ms = now_ms;
        sorted_begin(sorted);
        asked_begin(&view->asked, generation, store_journal(store), now_ms);
    }
    struct match_context context = {view, store, now_ms};
    prepare(view, store, now_ms);
    return sorted_gather_some(sorted, entities_slots(store_entities(store), view->class->kind),
                              gather_row, &context, TABLE_BUDGET);
}

/* (locked) */
static bool update_rows(struct view *view, struct store *store, int64_t now_ms)
{
    if (view->class->log) {
        bool whole = update_log(view, store, now_ms);
        view->searching = !whole && !view->matches.looking_again;
        return whole;
    }
    if (gather_table(view, store, now_ms)) {
        store_unlock(store);
        sorted_finish(&view->sorted, view->descending,
                      view->class->columns[view->class->then].descending);
        store_lock(store);
    }
    view->searching = view->sorted.gathering || asked_is_busy(&view->asked);
    return !view->searching;
}

static bool passes_filter(void *context, const struct recalled *event)
{
    const struct recall_context *recall = context;
    store_lock(recall->store);
    bool passes = matcher_match_recalled(&recall->view->matcher, recall->store, event);
    store_unlock(recall->store);
    return passes;
}

/* Asks events of the journal for a table; returns false when it is to go on, or the table is to be
 * gathered again. */
static bool update_asked(struct view *view, struct store *store, int64_t now_ms)
{
    struct recall_context context = {view, store, now_ms};
    bool gather;
    store_lock(store);
    prepare(view, store, now_ms);
    store_unlock(store);
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

/* (locked) Places the selection in a list of so many rows. When it is the last row, what is to be
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
        store_lock(store);
        place_selection(view, height);
        load_window(view, store);
        store_unlock(store);
        whole = !view->older.past || load_older_rows(view);
    }
    return whole;
}

bool view_update(struct view *view, struct store *store, int height, int64_t now_ms)
{
    bool older = view->older.past;
    bool whole = !older || update_older(view, store, now_ms);
    store_lock(store);
    whole &= update_rows(view, store, now_ms);
    if (older) {
        bound_older(view, store);
        view->searching |= older_is_searching(&view->older);
    }
    place_selection(view, height);
    view->to_end &= older_is_searching(&view->older);
    load_window(view, store);
    if (older && !(view->selected & VIEW_PAST))
        view->selected_row = view->class->log->journal_row(store, view->selected);
    store_unlock(store);
    whole &= !older || load_older_rows(view);
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
    if (number & VIEW_PAST) {
        int64_t row = (int64_t)(number & ~VIEW_PAST);
        bool passes;
        return past_ask(view->older.past, row, match_recalled, &context, &passes) && !passes;
    }
    store_lock(store);
    prepare(view, store, now_ms);
    struct rows_range range = visible_range(view, store);
    bool hides = number >= range.end ||
                 (number >= range.first && !view->class->log->match(view, store, number, now_ms));
    store_unlock(store);
    return hides;
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
    int aged = aged_wait_ms(view, now_ms);
    int asked = asked_wait_ms(&view->asked, store_generation(store), now_ms);
    return aged < 0 || (asked >= 0 && asked < aged) ? asked : aged;
}

uint64_t view_waiting(struct view *view, const struct store *store, uint64_t limit, int64_t now_ms)
{
    if (!view->paused || !view->class->log)
        return 0;
    struct rows_range range = view->class->log->range(store);
    uint64_t from = view->paused_end > range.first ? view->paused_end : range.first;
    if (!view->matches.rows.filtered)
        return range.end - from;
    uint64_t count = 0;
    prepare(view, store, now_ms);
    struct match_context context = {view, store, now_ms};
    for (uint64_t number = from; number < range.end && limit > 0; number++, limit--)
        count += match_row(&context, number);
    return count;
}
