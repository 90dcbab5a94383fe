/*
 * The detail pane.
 */
#include "detail.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/field.h"
#include "../src/text.h"
#include "screen.h"
#include "view.h"

enum { LABEL_WIDTH = 20, INDENT = 2, MAX_DRAWN_STRING = 8192 };

static void drop_event(struct detail *detail)
{
    event_free(&detail->event);
    detail->event = (struct event){.json = NULL};
    link_list_free(&detail->links);
    json_layout_free(&detail->layout);
    free(detail->folded);
    detail->folded = NULL;
    detail->seq = 0;
    detail->built_width = 0;
}

void detail_free(struct detail *detail)
{
    drop_event(detail);
    store_copy_free(&detail->copy);
    lines_free(&detail->lines);
}

void detail_clear(struct detail *detail)
{
    drop_event(detail);
    detail->delivery = 0;
}

static void load_event(struct detail *detail, const struct store *store, uint64_t seq)
{
    if (seq != 0 && seq == detail->seq) {
        const struct ring_record *record = ring_at(store_ring(store), seq);
        if (record && record->duplicates != detail->copy.record.duplicates) {
            detail->copy.record.duplicates = record->duplicates;
            detail->built_width = 0;
        }
        return;
    }
    drop_event(detail);
    memset(detail->cursor, 0, sizeof detail->cursor);
    memset(detail->top, 0, sizeof detail->top);
    char reason[128];
    if (seq == 0 || !store_copy_event(store, seq, &detail->copy) ||
        !event_decode(&detail->event, detail->copy.raw, detail->copy.record.length, reason,
                      sizeof reason))
        return;
    detail->seq = seq;
    link_collect(&detail->event, &detail->links);
}

void detail_show_event(struct detail *detail, const struct store *store, uint64_t seq)
{
    detail->delivery = 0;
    load_event(detail, store, seq);
}

void detail_show_delivery(struct detail *detail, const struct store *store, uint64_t number)
{
    const struct delivery *delivery = store_delivery(store, number);
    if (!delivery || (detail->delivery == number && detail->seq == delivery->seq))
        return;
    if (delivery->seq == 0)
        drop_event(detail);
    else
        load_event(detail, store, delivery->seq);
    detail->delivery = number;
    detail->row = *delivery;
    detail->built_width = 0;
}

static void add_pair(struct lines *lines, const char *label, enum role role, const char *text,
                     int width)
{
    int label_width = width < 50 ? LABEL_WIDTH - 6 : LABEL_WIDTH;
    lines_begin(lines, 0);
    lines_add(lines, ROLE_LABEL, label);
    lines_add(lines, ROLE_TEXT, " ");
    lines_pad(lines, label_width);
    lines_wrap(lines, role, text, label_width, width);
}

static void build_delivery(struct detail *detail, int width)
{
    const struct delivery *row = &detail->row;
    struct lines *lines = &detail->lines;
    char text[64];
    if (row->reason[0])
        add_pair(lines, row->status ? "Refused because" : "Broken off because", ROLE_FAILED,
                 row->reason, width);
    if (row->status) {
        snprintf(text, sizeof text, "%u", row->status);
        add_pair(lines, "Answered", row->status < 300 ? ROLE_OK : ROLE_FAILED, text, width);
    }
    if (row->result == DELIVERY_DUPLICATE)
        add_pair(lines, "Duplicate", ROLE_TEXT, "this event was received before", width);
    if (!detail->event.json) { /* otherwise it stands among the event's fields */
        text_time_full(text, sizeof text, row->received_ms);
        add_pair(lines, "Received", ROLE_TEXT, text, width);
    }
    add_pair(lines, "From", ROLE_TEXT, row->peer, width);
    text_bytes(text, sizeof text, row->bytes);
    add_pair(lines, "Body", ROLE_NUMBER, text, width);
    snprintf(text, sizeof text, "%.2f ms", row->micros / 1000.0);
    add_pair(lines, "Took", ROLE_NUMBER, text, width);
    if (row->delivery_id[0])
        add_pair(lines, "Delivery id", ROLE_TEXT, row->delivery_id, width);
    if (row->event_id[0])
        add_pair(lines, "Event id", ROLE_TEXT, row->event_id, width);
    if (row->result == DELIVERY_ACCEPTED && !detail->event.json)
        add_pair(lines, "Event", ROLE_DIM, "no longer remembered", width);
}

struct building {
    struct detail *detail;
    int width;
};

static enum role field_role(const struct field_line *line, const struct detail *detail)
{
    static const enum role table[] = {
        [FIELD_URL] = ROLE_LINK,     [FIELD_TIME] = ROLE_TEXT,    [FIELD_DURATION] = ROLE_NUMBER,
        [FIELD_AGE] = ROLE_NUMBER,   [FIELD_BYTES] = ROLE_NUMBER, [FIELD_COUNT] = ROLE_NUMBER,
        [FIELD_MONEY] = ROLE_NUMBER, [FIELD_RATIO] = ROLE_NUMBER, [FIELD_FLAG] = ROLE_NUMBER,
        [FIELD_JSON] = ROLE_TEXT,
    };
    if (line->field && strcmp(line->field->name, "type") == 0)
        return outcome_role(detail->event.outcome);
    return (size_t)line->type < sizeof table / sizeof *table ? table[line->type] : ROLE_TEXT;
}

static void add_field(void *context, const struct field_line *line)
{
    struct building *building = context;
    add_pair(&building->detail->lines, line->title, field_role(line, building->detail), line->text,
             building->width);
}

static void build_summary(struct detail *detail, int width, int64_t now_ms)
{
    if (detail->delivery) {
        build_delivery(detail, width);
        lines_begin(&detail->lines, 0);
    }
    if (!detail->event.json)
        return;
    const struct ring_record *record = &detail->copy.record;
    struct field_source source = {
        .event = &detail->event,
        .received_ms = record->received_ms,
        .now_ms = now_ms,
        .duplicates = record->duplicates,
        .verified = record->verified,
    };
    struct building building = {detail, width};
    field_each(&source, add_field, &building);
}

static enum role json_role(enum json_kind kind)
{
    static const enum role table[] = {
        [JSON_PUNCTUATION] = ROLE_DIM,      [JSON_KEY] = ROLE_JSON_KEY,
        [JSON_STRING] = ROLE_JSON_STRING,   [JSON_NUMBER] = ROLE_JSON_NUMBER,
        [JSON_LITERAL] = ROLE_JSON_LITERAL, [JSON_ERROR] = ROLE_FAILED,
    };
    return table[kind];
}

static void add_json_line(struct detail *detail, size_t index, int width)
{
    const struct json_line *line = &detail->layout.lines[index];
    struct lines *lines = &detail->lines;
    bool fold = line->close != 0, folded = fold && detail->folded && detail->folded[index];
    lines_begin(lines, index);
    lines_add(lines, ROLE_DIM,
              !fold            ? "  "
              : screen_ascii() ? (folded ? "+ " : "- ")
              : folded         ? "▸ "
                               : "▾ ");
    int indent = 2 + line->depth * INDENT;
    if (indent > width / 2) /* deeper than the pane is wide */
        indent = width / 2;
    lines_pad(lines, indent);
    for (size_t i = 0; i < line->token_count; i++) {
        const struct json_token *token = &detail->layout.tokens[line->token + i];
        size_t length = token->length < MAX_DRAWN_STRING ? token->length : MAX_DRAWN_STRING;
        lines_wrap_bytes(lines, json_role(token->kind), detail->copy.raw + token->start, length,
                         indent + INDENT, width);
        bool colon = token->kind == JSON_PUNCTUATION && detail->copy.raw[token->start] == ':';
        if (colon)
            lines_add(lines, ROLE_DIM, " ");
    }
    if (folded) {
        char text[48];
        const struct json_token *open = &detail->layout.tokens[line->token + line->token_count - 1];
        snprintf(text, sizeof text, " %u %c", line->members,
                 detail->copy.raw[open->start] == '{' ? '}' : ']');
        lines_add(lines, ROLE_DIM, text);
    }
}

static void build_json(struct detail *detail, int width, int64_t now_ms)
{
    (void)now_ms;
    if (!detail->event.json)
        return;
    if (detail->layout.line_count == 0) {
        json_layout(&detail->layout, detail->copy.raw, detail->copy.record.length);
        detail->folded = calloc(detail->layout.line_count + 1, sizeof *detail->folded);
    }
    for (size_t i = 0; i < detail->layout.line_count; i++) {
        add_json_line(detail, i, width);
        if (detail->layout.lines[i].close && detail->folded && detail->folded[i])
            i = detail->layout.lines[i].close;
    }
}

static void build_links(struct detail *detail, int width, int64_t now_ms)
{
    (void)now_ms;
    if (!detail->event.json)
        return;
    struct lines *lines = &detail->lines;
    for (size_t i = 0; i < detail->links.count; i++) {
        /* The URL has a line to itself, so that a mouse can take it whole. */
        lines_begin(lines, i);
        lines_add(lines, ROLE_LABEL, detail->links.links[i].name);
        lines_begin(lines, i);
        lines_pad(lines, INDENT);
        lines_wrap(lines, ROLE_LINK, detail->links.links[i].url, INDENT, width);
    }
    if (detail->links.count == 0) {
        lines_begin(lines, 0);
        lines_add(lines, ROLE_DIM, "This event has no links.");
    }
}

static const struct {
    const char *title;
    void (*build)(struct detail *detail, int width, int64_t now_ms);
} pages[DETAIL_PAGES] = {
    [PAGE_SUMMARY] = {"Summary", build_summary},
    [PAGE_JSON] = {"JSON", build_json},
    [PAGE_LINKS] = {"Links", build_links},
};

/* A page is built when it is turned to, and not again until what it shows or its width changes: a
 * body of 4 MiB takes a second. */
static void build(struct detail *detail, int width, int64_t now_ms)
{
    if (detail->built_width == width)
        return;
    lines_clear(&detail->lines);
    detail->lines.ascii = screen_ascii();
    pages[detail->page].build(detail, width, now_ms);
    if (detail->lines.count == 0) {
        lines_begin(&detail->lines, 0);
        lines_add(&detail->lines, ROLE_DIM,
                  detail->delivery ? "This delivery brought no event."
                                   : "Nothing is selected, or it is no longer remembered.");
    }
    detail->built_width = width;
}

static void draw_title(const struct detail *detail, int row, int column, int width, bool focused)
{
    struct lines title = {.ascii = screen_ascii()}, tabs = {.ascii = screen_ascii()};
    enum role line = focused ? ROLE_KEY : ROLE_BORDER;
    lines_begin(&title, 0);
    lines_add(&title, ROLE_TEXT, " ");
    if (detail->event.json) {
        lines_add(&title, outcome_role(detail->event.outcome), detail->event.type);
        if (detail->event.subject) {
            lines_add(&title, ROLE_DIM, " · ");
            lines_add(&title, ROLE_TITLE, detail->event.subject);
        }
    } else {
        lines_add(&title, ROLE_TITLE, detail->delivery ? "delivery" : "event");
    }
    lines_add(&title, ROLE_TEXT, " ");

    lines_begin(&tabs, 0);
    for (int page = 0; page < DETAIL_PAGES; page++) {
        lines_add(&tabs, ROLE_BORDER, page ? (screen_ascii() ? "|" : "│") : "");
        lines_add(&tabs, ROLE_TEXT, " ");
        lines_add(&tabs, page == (int)detail->page ? ROLE_PAGE_ACTIVE : ROLE_TAB,
                  pages[page].title);
        if (page == PAGE_LINKS && detail->links.count) {
            char count[24];
            snprintf(count, sizeof count, " %zu", detail->links.count);
            lines_add(&tabs, ROLE_DIM, count);
        }
        lines_add(&tabs, ROLE_TEXT, " ");
    }
    screen_hline(row, column, width, (struct style){.role = line, .over = ROLE_TEXT});
    int tabs_width = lines_width(&tabs, 0);
    int title_room = width - tabs_width - 3;
    if (title_room > 8)
        lines_draw(&title, 0, row, column + 1, title_room, ROLE_TEXT);
    lines_draw(&tabs, 0, row, column + (width > tabs_width ? width - tabs_width - 1 : 0), width,
               ROLE_TEXT);
    lines_free(&title);
    lines_free(&tabs);
}

/* Keeps the cursor on a line and in sight. */
static void keep_cursor(struct detail *detail)
{
    size_t *cursor = &detail->cursor[detail->page], *top = &detail->top[detail->page];
    size_t last = detail->lines.count ? detail->lines.count - 1 : 0;
    size_t height = detail->height > 0 ? (size_t)detail->height : 1;
    if (*cursor > last)
        *cursor = last;
    if (*cursor < *top)
        *top = *cursor;
    else if (*cursor >= *top + height)
        *top = *cursor - height + 1;
    if (*top + height > last + 1)
        *top = last + 1 > height ? last + 1 - height : 0;
}

void detail_draw(struct detail *detail, int row, int column, int width, int height, bool focused,
                 bool beside, int64_t now_ms)
{
    draw_title(detail, row, column, width, focused);
    build(detail, width - 2, now_ms);
    detail->height = height - 1;
    keep_cursor(detail);
    size_t top = detail->top[detail->page];
    for (int i = 0; i < detail->height && top + (size_t)i < detail->lines.count; i++) {
        bool here = focused && top + (size_t)i == detail->cursor[detail->page];
        lines_draw(&detail->lines, top + (size_t)i, row + 1 + i, column + 1, width - 1,
                   here ? ROLE_SELECTION : ROLE_TEXT);
    }
    if (beside)
        screen_vline(row + 1, column - 1, height - 1, STYLE(BORDER));
}

void detail_move(struct detail *detail, long by)
{
    /* The page may not be built yet: whether there are so many lines shows when it is drawn. */
    size_t *cursor = &detail->cursor[detail->page];
    if (by < 0)
        *cursor = by == LONG_MIN || (size_t)-by > *cursor ? 0 : *cursor - (size_t)-by;
    else
        *cursor = (size_t)by > SIZE_MAX - *cursor ? SIZE_MAX : *cursor + (size_t)by;
    if (detail->built_width)
        keep_cursor(detail);
}

void detail_turn(struct detail *detail, int by)
{
    detail->page = (enum detail_page)(((int)detail->page + by + DETAIL_PAGES) % DETAIL_PAGES);
    detail->built_width = 0;
}

bool detail_fold(struct detail *detail)
{
    if (detail->page != PAGE_JSON || !detail->folded || !detail->built_width)
        return false;
    size_t line = detail->lines.lines[detail->cursor[PAGE_JSON]].tag;
    /* On a member: the object or array that it is in, the innermost one around it. */
    size_t fold = line;
    while (detail->layout.lines[fold].close == 0 || detail->layout.lines[fold].close < line) {
        if (fold == 0)
            return false;
        fold--;
    }
    detail->folded[fold] = !detail->folded[fold];
    detail->built_width = 0;
    /* The lines above the fold do not change. */
    while (detail->cursor[PAGE_JSON] > 0 &&
           detail->lines.lines[detail->cursor[PAGE_JSON]].tag != fold)
        detail->cursor[PAGE_JSON]--;
    return true;
}

const struct link *detail_link(const struct detail *detail)
{
    if (detail->page != PAGE_LINKS || detail->links.count == 0 || !detail->built_width)
        return NULL;
    return &detail->links.links[detail->lines.lines[detail->cursor[PAGE_LINKS]].tag];
}
