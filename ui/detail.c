/*
 * The detail pane: what it holds, and its frame. The pages stand in files of their own.
 */
#include "detail.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/clock.h"
#include "../src/entity_field.h"
#include "find.h"
#include "pages.h"
#include "screen.h"
#include "view.h"

static void drop_event(struct detail *detail)
{
    event_free(&detail->event);
    detail->event = (struct event){.json = NULL};
    if (detail->scan)
        json_layout_end(detail->scan);
    detail->scan = NULL;
    json_layout_free(&detail->layout);
    free(detail->folded);
    detail->folded = NULL;
    detail->seq = detail->asked = 0;
    detail->undecoded = true;
    detail->built_width = 0;
}

static void drop_entity(struct detail *detail)
{
    entity_free(detail->entity);
    free(detail->live_view);
    free(detail->dashboard);
    detail->entity = NULL;
    detail->live_view = detail->dashboard = NULL;
    /* The JSON is the event's alone: deliveries that change the entity leave it as it is. */
    if (detail->page != PAGE_JSON)
        detail->built_width = 0;
}

void detail_free(struct detail *detail)
{
    drop_event(detail);
    drop_entity(detail);
    link_list_free(&detail->links);
    store_copy_free(&detail->copy);
    timeline_free(&detail->timeline);
    lines_free(&detail->lines);
    search_free(&detail->search);
}

static uint32_t duplicates_of(const struct detail *detail, struct store *store)
{
    store_lock(store);
    const struct ring_record *record = ring_at(store_ring(store), detail->seq);
    uint32_t duplicates = record ? record->duplicates : detail->copy.record.duplicates;
    store_unlock(store);
    return duplicates;
}

static void load_event(struct detail *detail, struct store *store, uint64_t seq)
{
    if (seq == detail->asked) {
        uint32_t duplicates = duplicates_of(detail, store);
        if (duplicates != detail->copy.record.duplicates)
            detail->built_width = 0;
        detail->copy.record.duplicates = duplicates;
        return;
    }
    drop_event(detail);
    detail->asked = seq;
    if (store_fetch(store, seq, &detail->copy))
        detail->seq = seq;
}

static const struct session *find_session(const struct store *store, const char *id)
{
    return id ? (const struct session *)entities_find(store_entities(store), ENTITY_SESSION, id)
              : NULL;
}

static void keep_text(char **kept, const char *text)
{
    if (!*kept && text && *text)
        *kept = strdup(text);
}

/* (locked) Where a human would go: the live view of the session's request that waits, and the
 * session's dashboard. */
static void keep_session_links(struct detail *detail, const struct store *store,
                               const struct session *session)
{
    if (!session)
        return;
    keep_text(&detail->dashboard, session->dashboard.text);
    for (uint32_t i = 0; i < session->interventions.count; i++) {
        const struct intervention *intervention = entities_find_request(
            store_entities(store), entity_id(&session->entity), session->interventions.items[i].id);
        if (intervention && intervention_state(intervention) == INTERVENTION_WAITING)
            keep_text(&detail->live_view, intervention->request.live_view);
    }
}

/* (locked) The session that an operator would look at for an entity. */
static const struct session *session_of(const struct store *store, const struct entity *entity)
{
    switch (entity->kind) {
    case ENTITY_SESSION: return (const struct session *)entity;
    case ENTITY_TASK: return find_session(store, ((const struct task *)entity)->failure.session);
    case ENTITY_INTERVENTION:
        return find_session(store, ((const struct intervention *)entity)->session);
    case ENTITY_IDENTITY:
        return find_session(store, ((const struct identity *)entity)->session.text);
    default: return NULL;
    }
}

/* (locked) Returns whether there is another copy than before. */
static bool copy_entity(struct detail *detail, const struct store *store, struct subject subject,
                        uint32_t slot)
{
    uint64_t generation = store_generation(store);
    if (detail->entity && generation == detail->generation)
        return false;
    const struct entity *entity = entities_at(store_entities(store), subject.entity, slot);
    if (!entity || entity->node.serial != subject.number)
        return false; /* forgotten: the copy is all there is */
    drop_entity(detail);
    detail->generation = generation;
    detail->entity = entity_copy(entity);
    keep_session_links(detail, store, session_of(store, entity));
    return detail->entity;
}

static void load_entity(struct detail *detail, struct store *store, struct subject subject,
                        uint32_t slot)
{
    store_lock(store);
    bool fresh = copy_entity(detail, store, subject, slot);
    store_unlock(store);
    if (!fresh)
        return;
    if (detail->seq & VIEW_PAST &&
        detail->seq != (VIEW_PAST | (uint64_t)detail->entity->newest_row))
        drop_event(detail);
    load_event(detail, store, detail->entity->newest_seq);
    detail->undecoded = true;
}

static void load_delivery(struct detail *detail, struct store *store, uint64_t number)
{
    store_lock(store);
    const struct delivery *delivery = store_delivery(store, number);
    if (delivery)
        detail->delivery = *delivery;
    uint64_t seq = store_delivered(store, &detail->delivery);
    store_unlock(store);
    load_event(detail, store, seq);
}

static bool same_subject(const struct subject *a, const struct subject *b)
{
    return a->kind == b->kind && a->entity == b->entity && a->number == b->number;
}

/* Whether the event that is shown has left memory: it has another number, and is the same. */
static bool has_moved(const struct detail *detail, const struct subject *subject)
{
    return detail->subject.kind == SUBJECT_EVENT && subject->kind == SUBJECT_EVENT && detail->seq &&
           detail->copy.record.row > 0 &&
           subject->number == (VIEW_PAST | (uint64_t)detail->copy.record.row);
}

/* Begins with another subject; false when it is the same. */
static bool begin(struct detail *detail, struct subject subject)
{
    if (same_subject(&detail->subject, &subject))
        return false;
    if (has_moved(detail, &subject)) {
        timeline_renumber(&detail->timeline, detail->subject.number, subject.number);
        detail->subject = subject;
        detail->seq = detail->asked = subject.number;
        return false;
    }
    drop_event(detail);
    drop_entity(detail);
    detail->subject = subject;
    memset(detail->cursor, 0, sizeof detail->cursor);
    memset(detail->top, 0, sizeof detail->top);
    timeline_reset(&detail->timeline, subject.kind == SUBJECT_EVENT ? subject.number : 0);
    return true;
}

void detail_recall(struct detail *detail, struct past *past, struct subject subject)
{
    if (!begin(detail, subject) && detail->seq)
        return;
    detail->asked = subject.number;
    if (!past_copy(past, (int64_t)(subject.number & ~VIEW_PAST), &detail->copy))
        return;
    detail->seq = detail->copy.seq = subject.number;
    detail->undecoded = true;
}

void detail_recall_newest(struct detail *detail, struct past *past)
{
    int64_t row = detail->subject.kind == SUBJECT_DELIVERY ? detail->delivery.row
                  : detail->entity                         ? detail->entity->newest_row
                                                           : 0;
    if (!past || row == 0 || detail->seq || !past_copy(past, row, &detail->copy))
        return;
    detail->seq = detail->copy.seq = VIEW_PAST | (uint64_t)row;
    detail->undecoded = true;
}

void detail_load(struct detail *detail, struct store *store, struct subject subject, uint32_t slot)
{
    store_lock(store);
    unsigned journal = store_journal(store);
    store_unlock(store);
    if (detail->journal != journal)
        detail->copy.record.row = 0; /* which was another journal's */
    detail->journal = journal;
    begin(detail, subject);
    switch (subject.kind) {
    case SUBJECT_EVENT: load_event(detail, store, subject.number); break;
    case SUBJECT_ENTITY: load_entity(detail, store, subject, slot); break;
    case SUBJECT_DELIVERY: load_delivery(detail, store, subject.number); break;
    case SUBJECT_NONE: break;
    }
}

/* What the events of the timeline have in common with what is shown. */
static void find_ids(struct detail *detail, const struct store *store)
{
    detail->ids = (struct event_ids){.of = {{.text = NULL}}};
    if (detail->entity) {
        enum id_kind kind = (enum id_kind)detail->entity->kind;
        detail->ids.of[kind] = store_id(store, kind, entity_id(detail->entity));
    } else if (detail->event.json) {
        store_ids(store, &detail->event, &detail->ids);
    }
}

void detail_prepare(struct detail *detail, const struct store *store)
{
    char reason[128];
    if (!detail->undecoded)
        return;
    detail->undecoded = false;
    if (detail->seq && !detail->event.json &&
        !event_skim(&detail->event, detail->copy.raw, detail->copy.record.length, reason,
                    sizeof reason))
        detail->event = (struct event){.json = NULL};
    page_links_collect(detail);
    find_ids(detail, store);
    if (detail->page != PAGE_JSON)
        detail->built_width = 0;
}

bool detail_trace(struct detail *detail, struct store *store, int64_t now_ms)
{
    return detail->page != PAGE_TIMELINE ||
           timeline_update(&detail->timeline, store, &detail->ids, now_ms);
}

enum { BUILD_US = 6000 }; /* how long lines are built at a time */

static const struct {
    const char *title;
    void (*build)(struct detail *detail, int width, int64_t now_ms); /* NULL: draws itself */
} pages[DETAIL_PAGES] = {
    [PAGE_SUMMARY] = {"Summary", page_summary_build},
    [PAGE_TIMELINE] = {"Timeline", NULL},
    [PAGE_JSON] = {"JSON", page_json_build},
    [PAGE_LINKS] = {"Links", page_links_build},
};

bool detail_ticks(const struct detail *detail)
{
    return detail->page == PAGE_SUMMARY && page_summary_ticks(detail);
}

/* What a page of nothing says. */
static void add_nothing(struct detail *detail)
{
    lines_begin(&detail->lines, 0);
    lines_add(&detail->lines, ROLE_DIM,
              detail->subject.kind == SUBJECT_DELIVERY
                  ? "This delivery brought no event."
                  : "Nothing is selected, or it is no longer remembered.");
}

static void go_on_building(struct detail *detail, int64_t until_us)
{
    if (detail->unfinished)
        detail->unfinished = !page_json_go_on(detail, detail->built_width, until_us);
    if (!detail->unfinished && detail->lines.count == 0)
        add_nothing(detail);
}

/* A page is built when it is turned to, and not again until what it shows or its width changes; and
 * no longer than a frame may take: the rest of a long one follows. */
static void build(struct detail *detail, int width, int64_t now_ms)
{
    bool ticked = detail_ticks(detail) && detail->built_ms / 1000 != now_ms / 1000;
    if (detail->built_width == width && !ticked)
        return;
    size_t *cursor = &detail->cursor[detail->page];
    bool keep = detail->built_width && *cursor < detail->lines.count;
    uint64_t tag = keep ? detail->lines.lines[*cursor].tag : 0;
    lines_clear(&detail->lines);
    detail->lines.ascii = screen_ascii();
    detail->unfinished = false;
    detail->built_width = width;
    detail->built_ms = now_ms;
    pages[detail->page].build(detail, width, now_ms);
    go_on_building(detail, clock_steady_us() + BUILD_US);
    find_forget(detail);
    find_go_on(detail, clock_steady_us() + BUILD_US);
    /* Other widths break lines elsewhere. */
    for (size_t i = 0; tag && i < detail->lines.count; i++) {
        if (detail->lines.lines[i].tag == tag && !detail->lines.lines[i].continued)
            *cursor = i;
    }
}

/* What is shown, for the border: its type or kind, and its id. */
static void title_line(const struct detail *detail, struct lines *lines)
{
    lines_begin(lines, 0);
    lines_add(lines, ROLE_TEXT, " ");
    if (detail->entity) {
        lines_add(lines, outcome_role(entity_outcome(detail->entity)),
                  entity_infos[detail->entity->kind].name);
        lines_add(lines, ROLE_DIM, " · ");
        lines_add(lines, ROLE_TITLE, entity_id(detail->entity));
    } else if (detail->event.json) {
        lines_add(lines, outcome_role(detail->event.outcome), detail->event.type);
        if (detail->event.subject) {
            lines_add(lines, ROLE_DIM, " · ");
            lines_add(lines, ROLE_TITLE, detail->event.subject);
        }
    } else {
        lines_add(lines, ROLE_TITLE,
                  detail->subject.kind == SUBJECT_DELIVERY ? "delivery" : "nothing selected");
    }
    lines_add(lines, ROLE_TEXT, " ");
}

/* The pages; with `brief`, those that are not open by their first letter. */
static void tabs_line(const struct detail *detail, struct lines *lines, bool brief)
{
    lines_clear(lines);
    lines_begin(lines, 0);
    for (int page = 0; page < DETAIL_PAGES; page++) {
        bool open = page == (int)detail->page;
        lines_add(lines, ROLE_BORDER, !page ? "" : screen_ascii() ? "|" : "│");
        lines_add(lines, ROLE_TEXT, " ");
        lines_add_bytes(lines, open ? ROLE_PAGE_ACTIVE : ROLE_TAB, pages[page].title,
                        brief && !open ? 1 : strlen(pages[page].title));
        if (page == PAGE_LINKS && detail->links.count) {
            char count[24];
            snprintf(count, sizeof count, " %zu", detail->links.count);
            lines_add(lines, ROLE_DIM, count);
        }
        lines_add(lines, ROLE_TEXT, " ");
    }
}

static void draw_title(const struct detail *detail, int row, int column, int width, bool focused)
{
    struct lines title = {.ascii = screen_ascii()}, tabs = {.ascii = screen_ascii()};
    title_line(detail, &title);
    tabs_line(detail, &tabs, false);
    if (lines_width(&title, 0) + lines_width(&tabs, 0) + 3 > width)
        tabs_line(detail, &tabs, true);
    int tabs_width = lines_width(&tabs, 0), room = width - tabs_width - 3;
    screen_hline(row, column, width,
                 (struct style){.role = focused ? ROLE_KEY : ROLE_BORDER, .over = ROLE_TEXT});
    if (room > 8)
        lines_draw(&title, 0, row, column + 1, room, ROLE_TEXT);
    lines_draw(&tabs, 0, row, column + (width > tabs_width ? width - tabs_width - 1 : 0), width,
               ROLE_TEXT);
    lines_free(&title);
    lines_free(&tabs);
}

/* Keeps the cursor on a line and in sight. On a page that is still being built it may be on one
 * that is to come. */
static void keep_cursor(struct detail *detail)
{
    size_t *cursor = &detail->cursor[detail->page], *top = &detail->top[detail->page];
    size_t last = detail->lines.count ? detail->lines.count - 1 : 0;
    size_t height = detail->height > 0 ? (size_t)detail->height : 1;
    size_t line = *cursor < last ? *cursor : last;
    if (!detail->unfinished)
        *cursor = line;
    if (line < *top)
        *top = line;
    else if (line >= *top + height)
        *top = line - height + 1;
    if (*top + height > last + 1)
        *top = last + 1 > height ? last + 1 - height : 0;
}

bool detail_is_settled(const struct detail *detail)
{
    return !pages[detail->page].build || detail->built_width == 0 ||
           (!detail->unfinished && find_is_settled(detail));
}

bool detail_go_on(struct detail *detail)
{
    int64_t until_us = clock_steady_us() + BUILD_US;
    if (!pages[detail->page].build || detail->built_width == 0)
        return true;
    go_on_building(detail, until_us);
    return find_go_on(detail, until_us) && !detail->unfinished;
}

static void draw_lines(struct detail *detail, int row, int column, int width, bool focused,
                       int64_t now_ms)
{
    detail->width = width - 2;
    build(detail, detail->width, now_ms);
    keep_cursor(detail);
    size_t top = detail->top[detail->page];
    for (int i = 0; i < detail->height && top + (size_t)i < detail->lines.count; i++) {
        bool here = focused && top + (size_t)i == detail->cursor[detail->page];
        lines_draw(&detail->lines, top + (size_t)i, row + i, column + 1, width - 1,
                   here ? ROLE_SELECTION : ROLE_TEXT);
        lines_mark(&detail->lines, top + (size_t)i, row + i, column + 1, width - 1,
                   &detail->search);
    }
}

void detail_fit(struct detail *detail, int height)
{
    detail->height = detail->timeline.height = height > 0 ? height - 1 : 0;
}

void detail_draw(struct detail *detail, int row, int column, int width, int height, bool focused,
                 bool beside, int64_t now_ms)
{
    draw_title(detail, row, column, width, focused);
    detail_fit(detail, height);
    if (pages[detail->page].build)
        draw_lines(detail, row + 1, column, width, focused, now_ms);
    else
        timeline_draw(&detail->timeline, row + 1, column, width, focused,
                      detail->subject.kind == SUBJECT_EVENT ? detail->seq : 0, now_ms);
    if (beside)
        screen_vline(row + 1, column - 1, height - 1, STYLE(BORDER));
}

void detail_move(struct detail *detail, long by)
{
    if (detail->page == PAGE_TIMELINE) {
        timeline_move(&detail->timeline, by);
        return;
    }
    size_t *cursor = &detail->cursor[detail->page];
    if (*cursor >= detail->lines.count && detail->lines.count > 0)
        *cursor = detail->lines.count - 1;
    detail->seek.on = false;
    if (by < 0)
        *cursor = by == LONG_MIN || (size_t)-by > *cursor ? 0 : *cursor - (size_t)-by;
    else
        *cursor = (size_t)by > SIZE_MAX - *cursor ? SIZE_MAX : *cursor + (size_t)by;
    keep_cursor(detail);
}

void detail_turn(struct detail *detail, int by)
{
    if (by == 0)
        return;
    detail->page = (enum detail_page)(((int)detail->page + by + DETAIL_PAGES) % DETAIL_PAGES);
    detail->built_width = 0;
}

const struct link *detail_link(const struct detail *detail)
{
    if (detail->page != PAGE_LINKS || detail->links.count == 0 || !detail->built_width)
        return NULL;
    return &detail->links.links[detail->lines.lines[detail->cursor[PAGE_LINKS]].tag];
}

uint64_t detail_event(const struct detail *detail)
{
    return detail->page == PAGE_TIMELINE ? timeline_selected(&detail->timeline) : 0;
}

void detail_ready(struct detail *detail)
{
    enum { ANY_WIDTH = 80 };
    if (detail->built_width || !pages[detail->page].build)
        return;
    build(detail, detail->width > 0 ? detail->width : ANY_WIDTH, detail->built_ms);
    keep_cursor(detail);
}

char *detail_term(struct detail *detail, bool exclude)
{
    if (detail->page != PAGE_SUMMARY || !detail->event.json || detail->entity)
        return NULL;
    detail_ready(detail);
    if (detail->cursor[PAGE_SUMMARY] >= detail->lines.count)
        return NULL;
    return page_summary_term(detail, detail->lines.lines[detail->cursor[PAGE_SUMMARY]].tag,
                             exclude);
}
