/*
 * An event as one line of output: see line.h.
 */
#include "line.h"

#include <stdio.h>
#include <string.h>

#include "field.h"
#include "json_line.h"
#include "text.h"

enum {
    CELL_SIZE = 1024,
    CELLS = 7,
    /* Each cell, blanks before it, its colour and the end of that. */
    TEXT_ROOM = CELLS * (CELL_SIZE + 64),
    WRAPPING_ROOM = 96, /* of a JSON line around its event */
};

/* Colours of the first eight, which every theme of a terminal has. Dim is no colour at all where
 * it is not known. */
static const char *const outcome_colors[OUTCOMES] = {
    [OUTCOME_NEUTRAL] = "",          [OUTCOME_OK] = "\033[32m",      [OUTCOME_FAILED] = "\033[31m",
    [OUTCOME_CANCELLED] = "\033[2m", [OUTCOME_WAITING] = "\033[33m", [OUTCOME_HEALED] = "\033[36m",
};
static const char dim[] = "\033[2m", plain[] = "\033[0m";

/* How wide each cell of a line is at least, so that they stand below each other. */
struct widths {
    int least_columns; /* of the line */
    int type, subject, number;
    int longest_id; /* what is longer is cut, so that the summary has room; 0: none is */
};

static const struct widths wide = {120, 30, 16, 8, 0}, narrow = {0, 18, 12, 6, 13};

/* A line under way. Blanks that align a cell are written with the cell behind it, so that none
 * stand at the end of the line. */
struct row {
    char *out;
    size_t used;
    int column;
    int gap; /* blanks that are owed */
    const struct line_style *style;
    const struct widths *widths;
};

static void put(struct row *row, const char *text, int width, const char *color)
{
    bool colored = row->style->color && *color;
    row->used += (size_t)snprintf(row->out + row->used, TEXT_ROOM - row->used, "%*s%s%s%s",
                                  row->gap, "", colored ? color : "", text, colored ? plain : "");
    row->column += row->gap + width;
}

/* Cuts a clean text so that it ends in "…" within so many columns; at least that mark is left, and
 * nothing but it when `all` of the text is to go. */
static int cut(char clean[CELL_SIZE], int columns, bool all, bool ascii)
{
    const char *mark = ascii ? columns >= 3 ? "..." : "." : "…";
    int mark_width = text_width(mark), used = 0;
    size_t length = all ? 0 : text_fit(clean, columns - mark_width, &used);
    if (length + strlen(mark) >= CELL_SIZE)
        length = 0;
    memcpy(clean + length, mark, strlen(mark) + 1);
    return (length ? used : 0) + mark_width;
}

/* How a cell stands in its columns. */
enum { CELL_LEFT = 0, CELL_RIGHT = 1, CELL_ID = 2 };

/* Adds a cell of so many columns, or more when it is wider: only the end of the line cuts what
 * somebody may search for. */
static void add_cell(struct row *row, const char *text, int columns, int how, const char *color)
{
    char clean[CELL_SIZE];
    text_clean(clean, sizeof clean, text, strlen(text), row->style->ascii ? TEXT_ASCII : 0);
    int width = text_width(clean), longest = row->widths->longest_id;
    if (how == CELL_ID && longest && width > longest)
        width = cut(clean, longest, false, row->style->ascii);
    int pad = width < columns ? columns - width : 0;
    if (how == CELL_RIGHT || !*clean)
        row->gap += pad;
    int room = row->style->columns ? row->style->columns - row->column - row->gap : width;
    if (*clean && room > 0) {
        if (width > room)
            width = cut(clean, room, how == CELL_ID, row->style->ascii);
        put(row, clean, width, color);
        row->gap = how == CELL_RIGHT ? 0 : pad;
    }
    row->gap++;
}

static void add_field(struct row *row, const char *name, const struct field_source *source)
{
    char text[CELL_SIZE] = "";
    struct value value;
    if (field_get(field_find(name), source, &value))
        field_format(&value, text, sizeof text);
    add_cell(row, text, row->widths->number, CELL_RIGHT, "");
}

static void add_time(struct row *row, int64_t ms, int64_t now_ms)
{
    enum { DATE = 5, DATE_LENGTH = 14 }; /* of "2026-05-24 14:18:05.123 +0200" */
    char text[64];
    if (!row->style->dates || text_time_full(text, sizeof text, ms) < DATE + DATE_LENGTH) {
        text_time(text, sizeof text, ms, now_ms);
    } else {
        memmove(text, text + DATE, DATE_LENGTH);
        text[DATE_LENGTH] = '\0';
    }
    add_cell(row, text, row->style->dates ? DATE_LENGTH : 8, CELL_LEFT, dim);
}

static size_t write_text(char *out, const struct line_style *style, const struct line_event *line)
{
    const struct ring_record *record = line->record;
    const struct event *event = line->event;
    const struct outcome_info *outcome = &outcome_infos[record->outcome];
    const char *color = outcome_colors[record->outcome];
    struct field_source source = {.event = event,
                                  .received_ms = record->received_ms,
                                  .now_ms = line->now_ms,
                                  .duplicates = record->duplicates,
                                  .verified = record->verified};
    bool is_narrow = style->columns && style->columns < wide.least_columns;
    struct row row = {.out = out, .style = style, .widths = is_narrow ? &narrow : &wide};
    char text[CELL_SIZE];

    add_time(&row, record->created_ms, line->now_ms);
    add_cell(&row, style->ascii ? outcome->glyph_ascii : outcome->glyph, 1, CELL_LEFT, color);
    add_cell(&row, event->type, row.widths->type, CELL_LEFT, color);
    add_cell(&row, event->subject ? event->subject : "", row.widths->subject, CELL_ID, "");
    add_field(&row, "duration", &source);
    add_field(&row, "cost", &source);
    field_summary_beside(&source, "duration", text, sizeof text);
    row.gap += !is_narrow;
    add_cell(&row, text, 0, CELL_LEFT, "");
    out[row.used++] = '\n';
    return row.used;
}

static size_t write_json(char *out, const struct line_event *line)
{
    char received[40];
    text_time_iso(received, sizeof received, line->record->received_ms);
    size_t used = (size_t)snprintf(out, WRAPPING_ROOM,
                                   "{\"received\":\"%s\",\"verified\":%s,"
                                   "\"event\":",
                                   received, line->record->verified ? "true" : "false");
    used += json_line(out + used, line->raw, line->record->length);
    memcpy(out + used, "}\n", 2);
    return used + 2;
}

size_t line_room(enum line_format format, size_t length)
{
    return format == LINE_JSON ? WRAPPING_ROOM + JSON_LINE_GROWTH * length : TEXT_ROOM;
}

size_t line_write(char *out, const struct line_style *style, const struct line_event *event)
{
    return style->format == LINE_JSON ? write_json(out, event) : write_text(out, style, event);
}
