/*
 * The summary page: fields with their units.
 */
#include <stdio.h>
#include <string.h>

#include "../src/entity_field.h"
#include "../src/field.h"
#include "../src/filter.h"
#include "../src/text.h"
#include "pages.h"
#include "view.h"

enum { LABEL_WIDTH = 20, NARROW_LABEL_WIDTH = 14, NARROW = 50 };

static void add_tagged(struct lines *lines, uint64_t tag, const char *label, enum role role,
                       const char *text, int width)
{
    int label_width = width < NARROW ? NARROW_LABEL_WIDTH : LABEL_WIDTH;
    lines_begin(lines, tag);
    lines_add(lines, ROLE_LABEL, label);
    lines_add(lines, ROLE_TEXT, " ");
    lines_pad(lines, label_width);
    lines_wrap(lines, role, text, label_width, width);
}

static void add_pair(struct lines *lines, const char *label, enum role role, const char *text,
                     int width)
{
    add_tagged(lines, 0, label, role, text, width);
}

static void build_delivery(struct detail *detail, int width)
{
    const struct delivery *row = &detail->delivery;
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
    uint64_t lines; /* fields so far: the tag of a line is its number, from 1 */
};

static void add_field(void *context, const struct field_line *line)
{
    struct building *building = context;
    struct detail *detail = building->detail;
    bool type = line->field && strcmp(line->field->name, "type") == 0;
    enum role role = type                       ? outcome_role(detail->event.outcome)
                     : line->type == FIELD_TIME ? ROLE_TEXT
                                                : field_type_role(line->type);
    add_tagged(&detail->lines, ++building->lines, line->title, role, line->text, building->width);
}

static struct field_source source_of(const struct detail *detail, int64_t now_ms)
{
    const struct ring_record *record = &detail->copy.record;
    return (struct field_source){
        .event = &detail->event,
        .received_ms = record->received_ms,
        .now_ms = now_ms,
        .duplicates = record->duplicates,
        .verified = record->verified,
    };
}

static void build_event(struct detail *detail, int width, int64_t now_ms)
{
    struct field_source source = source_of(detail, now_ms);
    struct building building = {.detail = detail, .width = width};
    field_each(&source, add_field, &building);
}

/* Looks for the field that made a line. */
struct term_search {
    const struct field_source *source;
    uint64_t wanted, lines;
    bool exclude;
    char *term;
};

static void find_term(void *context, const struct field_line *line)
{
    struct term_search *search = context;
    if (++search->lines == search->wanted)
        search->term = filter_term(search->source, line->field, line->path, search->exclude);
}

char *page_summary_term(const struct detail *detail, uint64_t tag, bool exclude)
{
    struct field_source source = source_of(detail, detail->built_ms);
    struct term_search search = {.source = &source, .wanted = tag, .exclude = exclude};
    field_each(&source, find_term, &search);
    return search.term;
}

/* Whether all ids, and the glyphs before them, have room beside their title. */
static bool fit_beside(const struct refs *refs, int room)
{
    bool fit = true;
    for (uint32_t i = 0; i < refs->count; i++)
        fit &= (int)strlen(refs->items[i].id) + 2 <= room;
    return fit;
}

/* Things that an entity has met, a line each: ids are not to be split, and outcomes tell them
 * apart. */
static void add_refs(struct detail *detail, const char *title, const struct refs *refs, int width)
{
    struct lines *lines = &detail->lines;
    int indent = width < NARROW ? NARROW_LABEL_WIDTH : LABEL_WIDTH;
    bool beside = fit_beside(refs, width - indent);
    if (!beside) {
        lines_begin(lines, 0);
        lines_add(lines, ROLE_LABEL, title);
        indent = PAGE_INDENT;
    }
    for (uint32_t i = 0; i < refs->count; i++) {
        const struct ref *ref = &refs->items[i];
        const struct outcome_info *info = &outcome_infos[ref->outcome];
        lines_begin(lines, 0);
        lines_add(lines, ROLE_LABEL, beside && i == 0 ? title : "");
        lines_pad(lines, indent);
        lines_add(lines, outcome_role(ref->outcome),
                  lines->ascii ? info->glyph_ascii : info->glyph);
        lines_add(lines, ROLE_TEXT, " ");
        lines_wrap(lines, ROLE_TEXT, ref->id, indent, width);
    }
}

/* Domains that a session has visited, all that are kept. */
static void add_domains(struct detail *detail, const char *title, int width)
{
    const struct text_list *list = &((const struct session *)detail->entity)->domains.list;
    char more[48];
    for (uint32_t i = 0; i < list->count; i++)
        add_pair(&detail->lines, i ? "" : title, ROLE_TEXT, list->texts[i], width);
    snprintf(more, sizeof more, "and %u more", list->total - list->count);
    if (list->total > list->count)
        add_pair(&detail->lines, list->count ? "" : title, ROLE_DIM, more, width);
}

/* The whole of a text that the entity has the beginning of, when the event that is at hand says it;
 * otherwise what the entity has. */
static const char *whole_text(const struct detail *detail, const struct entity_field *field,
                              const char *text, int64_t now_ms)
{
    static const char mark[] = "…";
    size_t length = strlen(text), kept = length - (sizeof mark - 1);
    const struct field *same = field_find(field->name);
    struct value value;
    if (length < FOLD_TEXT_MAX - sizeof mark || strcmp(text + kept, mark) != 0 || !same ||
        !detail->event.json)
        return text;
    struct field_source source = source_of(detail, now_ms);
    bool known = field_get(same, &source, &value) && value.text;
    return known && strncmp(value.text, text, kept) == 0 ? value.text : text;
}

static void build_entity(struct detail *detail, int width, int64_t now_ms)
{
    size_t count;
    const struct entity_field *fields_of = entity_fields(detail->entity->kind, &count);
    for (size_t i = 0; i < count; i++) {
        struct entity_value value;
        char text[ENTITY_VALUE_SIZE];
        const struct refs *refs = entity_field_refs(&fields_of[i], detail->entity);
        if (!entity_field_get(&fields_of[i], detail->entity, now_ms, &value))
            continue;
        if (refs) {
            add_refs(detail, fields_of[i].title, refs, width);
            continue;
        }
        if (detail->entity->kind == ENTITY_SESSION && strcmp(fields_of[i].name, "domains") == 0) {
            add_domains(detail, fields_of[i].title, width);
            continue;
        }
        const char *shown = text;
        if (value.value.type == FIELD_TIME)
            text_time_full(text, sizeof text, (int64_t)value.value.number);
        else if (value.value.text && value.value.type != FIELD_MONEY)
            shown = whole_text(detail, &fields_of[i], value.value.text, now_ms);
        else
            field_format(&value.value, text, sizeof text);
        enum role role = value.outcome != OUTCOME_NEUTRAL ? outcome_role(value.outcome)
                         : value.value.type == FIELD_TIME ? ROLE_TEXT
                                                          : field_type_role(value.value.type);
        add_pair(&detail->lines, fields_of[i].title, role, shown, width);
    }
}

void page_summary_build(struct detail *detail, int width, int64_t now_ms)
{
    if (detail->entity) {
        build_entity(detail, width, now_ms);
        return;
    }
    if (detail->subject.kind == SUBJECT_DELIVERY) {
        build_delivery(detail, width);
        lines_begin(&detail->lines, 0);
    }
    if (detail->event.json)
        build_event(detail, width, now_ms);
}

bool page_summary_ticks(const struct detail *detail)
{
    if (detail->entity && detail->entity->kind == ENTITY_SESSION)
        return session_state((const struct session *)detail->entity) == SESSION_SEEN ||
               session_state((const struct session *)detail->entity) == SESSION_WAITING;
    return detail->entity && detail->entity->kind == ENTITY_INTERVENTION &&
           intervention_state((const struct intervention *)detail->entity) == INTERVENTION_WAITING;
}
