/*
 * What can be shown of an entity: reading it. The tables stand in entity_field_tables.c.
 */
#include "entity_field.h"

#include <stdio.h>
#include <string.h>

#include "entity_field_tables.h"
#include "spent.h"
#include "text.h"

enum { MICROS = 1000000 };

static bool give_text(struct entity_value *value, const char *text)
{
    value->value.text = text;
    return text && *text;
}

static bool give_number(struct entity_value *value, double number)
{
    value->value.number = number;
    return true;
}

static bool read_text(const void *member, struct entity_value *value)
{
    return give_text(value, *(char *const *)member);
}

static bool read_latest_text(const void *member, struct entity_value *value)
{
    const struct latest_text *latest = member;
    return give_text(value, latest->text);
}

static bool read_latest_number(const void *member, struct entity_value *value)
{
    const struct latest_number *latest = member;
    return stamp_known(&latest->at) && give_number(value, (double)latest->value);
}

static bool read_count(const void *member, struct entity_value *value)
{
    return give_number(value, (double)*(const uint64_t *)member);
}

static bool read_time(const void *member, struct entity_value *value)
{
    return give_number(value, (double)*(const int64_t *)member);
}

static bool read_stamp(const void *member, struct entity_value *value)
{
    const struct stamp *at = member;
    return stamp_known(at) && give_number(value, (double)at->created_ms);
}

static bool read_streak(const void *member, struct entity_value *value)
{
    bool more;
    uint32_t length = streak_length(member, &more);
    value->value.number = length;
    value->outcome = OUTCOME_FAILED;
    snprintf(value->buffer, sizeof value->buffer, "%u%s", length, more ? "+" : "");
    return length > 0 && give_text(value, value->buffer);
}

/* Sorted by the largest sum, because currencies cannot be added. */
static bool read_costs(const void *member, struct entity_value *value)
{
    const struct costs *costs = member;
    for (uint32_t i = 0; i < costs->count; i++) {
        double amount = (double)costs->sums[i].micros / MICROS;
        if (amount > value->value.number)
            value->value.number = amount;
    }
    costs_text(costs, FOLD_CURRENCIES, value->buffer, sizeof value->buffer);
    return give_text(value, value->buffer);
}

/* As many ids as there is room for, each whole; "…" stands for the rest. */
static bool read_refs(const void *member, struct entity_value *value)
{
    static const char more[] = "  …";
    const struct refs *refs = member;
    size_t used = 0;
    value->buffer[0] = '\0';
    for (uint32_t i = 0; i < refs->count; i++) {
        const char *id = refs->items[i].id;
        if (used + 2 + strlen(id) + sizeof more > sizeof value->buffer) {
            snprintf(value->buffer + used, sizeof value->buffer - used, "%s", more);
            break;
        }
        used += (size_t)snprintf(value->buffer + used, sizeof value->buffer - used, "%s%s",
                                 i ? "  " : "", id);
    }
    value->value.number = refs->count;
    return give_text(value, value->buffer);
}

static bool (*const readers[MEMBERS])(const void *member, struct entity_value *value) = {
    [MEMBER_TEXT] = read_text,
    [MEMBER_LATEST_TEXT] = read_latest_text,
    [MEMBER_LATEST_NUMBER] = read_latest_number,
    [MEMBER_COUNT] = read_count,
    [MEMBER_TIME] = read_time,
    [MEMBER_STAMP] = read_stamp,
    [MEMBER_STREAK] = read_streak,
    [MEMBER_COSTS] = read_costs,
    [MEMBER_REFS] = read_refs,
};

bool entity_field_sorts_by_text(const struct entity_field *field)
{
    /* These write a number in words, and have it beside them. */
    static const bool counts[MEMBERS] = {[MEMBER_STREAK] = true, [MEMBER_COSTS] = true};
    bool words = field->type == FIELD_TEXT || field->type == FIELD_ID || field->type == FIELD_URL;
    return words && !field->rank && !counts[field->member];
}

const struct entity_field *entity_fields(enum entity_kind kind, size_t *count)
{
    *count = entity_field_tables[kind].count;
    return entity_field_tables[kind].fields;
}

const struct entity_field *entity_field_find(enum entity_kind kind, const char *name)
{
    size_t count;
    const struct entity_field *fields_of = entity_fields(kind, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields_of[i].name, name) == 0)
            return &fields_of[i];
    return NULL;
}

const struct refs *entity_field_refs(const struct entity_field *field, const struct entity *entity)
{
    return field->member == MEMBER_REFS
               ? (const struct refs *)(const void *)((const char *)entity + field->offset)
               : NULL;
}

bool entity_field_get(const struct entity_field *field, const struct entity *entity, int64_t now_ms,
                      struct entity_value *value)
{
    value->value = (struct value){.type = field->type};
    value->outcome = OUTCOME_NEUTRAL;
    value->buffer[0] = '\0';
    if (field->get)
        return field->get(entity, now_ms, value);
    return readers[field->member]((const char *)entity + field->offset, value);
}
