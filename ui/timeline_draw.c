/*
 * A timeline of events: drawing it.
 */
#include <stdio.h>
#include <string.h>

#include "../src/field.h"
#include "../src/text.h"
#include "days.h"
#include "screen.h"
#include "timeline_private.h"
#include "view.h"

enum {
    TIME_WIDTH = 8,
    GAP_WIDTH = 8,
    SUBJECT_WIDTH = 14,
    WIDE = 90,
    NARROW = 60,
};

/* The longest names of types that are shown, of others the label is: "session.completed" always
 * is, for tasks and batches complete as well. */
enum { WIDE_NAME = 30, NAME = 23, NARROW_NAME = 17 };

/* The room for a row. */
struct extent {
    int width, end;
    int type_width; /* of the names that are shown, but for those that are too long */
};

static struct extent extent_of(const struct timeline *timeline, int column, int width)
{
    struct extent extent = {.width = width, .end = column + width, .type_width = CATALOG_LABEL};
    int most = width >= WIDE ? WIDE_NAME : width >= NARROW ? NAME : NARROW_NAME;
    for (size_t i = 0; i < timeline->copy_count; i++) {
        const struct event *event = &timeline->copies[i].event;
        int wide = event->json ? text_width(event->type) : 0;
        if (wide <= most && wide > extent.type_width)
            extent.type_width = wide;
    }
    return extent;
}

/* The time since the event before: what took so long. */
static void gap_text(const struct timeline *timeline, size_t index, char *text, size_t size)
{
    char gap[32];
    text[0] = '\0';
    if (index == 0)
        return;
    text_duration(gap, sizeof gap,
                  timeline->items[index].created_ms - timeline->items[index - 1].created_ms);
    snprintf(text, size, "+%s", gap);
}

static void put_clean(int row, int *column, int width, struct style style, const char *text)
{
    char clean[CELL_SIZE];
    text_clean(clean, sizeof clean, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    screen_put(row, *column, width, style, clean);
    *column += width + 1;
}

/* What happened, its subject and its summary, as far as there is room. */
static void draw_event(const struct timeline_copy *copy, int row, int column,
                       const struct extent *extent, enum role over, int64_t now_ms)
{
    char text[CELL_SIZE];
    const struct event *event = &copy->event;
    const struct ring_record *record = &copy->copy.record;
    const struct outcome_info *outcome = &outcome_infos[record->outcome];
    struct style style = {.role = outcome_role(record->outcome), .over = over};
    int type_width = extent->type_width;
    if (!event->json)
        return;
    put_clean(row, &column, 1, style, screen_ascii() ? outcome->glyph_ascii : outcome->glyph);
    put_clean(row, &column, type_width, style,
              text_width(event->type) <= type_width ? event->type : catalog_label(event->type));
    style.role = ROLE_TEXT;
    if (extent->width >= WIDE)
        put_clean(row, &column, SUBJECT_WIDTH, style, event->subject ? event->subject : "");
    struct field_source source = {.event = event,
                                  .received_ms = record->received_ms,
                                  .now_ms = now_ms,
                                  .duplicates = record->duplicates,
                                  .verified = record->verified};
    field_summary(&source, text, sizeof text);
    if (extent->end > column)
        put_clean(row, &column, extent->end - column, style, text);
}

static void draw_item(const struct timeline *timeline, size_t i, int row, int column,
                      const struct extent *extent, enum role over, uint64_t origin, int64_t now_ms)
{
    size_t index = timeline->top + i;
    bool marked = timeline->items[index].seq == origin;
    int x = column;
    char text[48];
    screen_put(row, x, 1, (struct style){.role = ROLE_KEY, .over = over},
               !marked          ? " "
               : screen_ascii() ? ">"
                                : "▸");
    text_clock(text, sizeof text, timeline->items[index].created_ms);
    screen_put(row, x + 2, TIME_WIDTH, (struct style){.role = ROLE_DIM, .over = over}, text);
    gap_text(timeline, index, text, sizeof text);
    x += 3 + TIME_WIDTH;
    screen_put_right(row, x, GAP_WIDTH, (struct style){.role = ROLE_NUMBER, .over = over}, text);
    x += GAP_WIDTH + 1;
    if (timeline->copies[i].copy.seq != timeline->items[index].seq)
        return;
    if (timeline->copies[i].copy.record.length == 0)
        screen_put(row, x, extent->end - x, (struct style){.role = ROLE_DIM, .over = over},
                   "no longer in the journal");
    else
        draw_event(&timeline->copies[i], row, x, extent, over, now_ms);
}

void timeline_draw(struct timeline *timeline, int row, int column, int width, bool focused,
                   uint64_t origin, int64_t now_ms)
{
    char text[VIEW_NOTE];
    timeline_note(timeline, text, sizeof text);
    if (text[0] && timeline->height > 0)
        screen_put(row++, column + 1, width - 1, STYLE(DIM), text);
    /* The pane may have become smaller since they were copied. */
    int end = row + (int)timeline_lines(timeline);
    struct extent extent = extent_of(timeline, column, width);
    for (size_t i = 0; i < timeline->copy_count && row < end; i++) {
        size_t index = timeline->top + i;
        bool here = focused && index == timeline->cursor;
        enum role over = here ? ROLE_SELECTION : ROLE_TEXT;
        if (timeline_has_day(timeline, index, i == 0, now_ms) && row + 1 < end)
            days_draw(row++, column, width, timeline->items[index].created_ms, now_ms);
        if (here)
            screen_fill(row, column, width, (struct style){.role = over, .over = ROLE_TEXT});
        draw_item(timeline, i, row++, column, &extent, over, origin, now_ms);
    }
    if (timeline->count == 0 && !text[0])
        screen_put(
            row, column, width, STYLE(DIM),
            timeline->nameless ? "It names no session, task or other thing that events could share."
            : timeline->trace.older.past ? "Neither memory nor the journal has any of its events."
                                         : "None of its events is remembered any more.");
}
