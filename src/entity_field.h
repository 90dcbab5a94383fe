/*
 * What can be shown of an entity: for each kind a table of fields.
 *
 * Columns, sorting and the detail pane read these tables, as those of events read src/field.h, so
 * that a thing has one name, one title and one unit everywhere. Constant; any thread.
 */
#ifndef ANCHORTOP_ENTITY_FIELD_H
#define ANCHORTOP_ENTITY_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entity.h"
#include "field.h"

enum { ENTITY_VALUE_SIZE = 256 };

/* What a field of one entity holds. Not to be copied: `value.text` may point into `buffer`. */
struct entity_value {
    struct value value;             /* foreign text */
    enum outcome outcome;           /* how good or bad it is; OUTCOME_NEUTRAL for neither */
    char buffer[ENTITY_VALUE_SIZE]; /* of text that is put together */
};

/* How a field is read from the member of the struct that it is. */
enum entity_member {
    MEMBER_NONE, /* `get` reads it */
    MEMBER_TEXT, /* char * */
    MEMBER_LATEST_TEXT,
    MEMBER_LATEST_NUMBER,
    MEMBER_COUNT, /* uint64_t */
    MEMBER_TIME,  /* int64_t, Unix milliseconds */
    MEMBER_STAMP,
    MEMBER_STREAK,
    MEMBER_COSTS,
    MEMBER_REFS,
    MEMBERS
};

struct entity_field {
    const char *name;    /* as in a column: "streak" */
    const char *title;   /* for people */
    const char *meaning; /* one line for the help */
    enum field_type type;
    enum entity_member member;
    size_t offset; /* of the member */
    bool (*get)(const struct entity *entity, int64_t now_ms, struct entity_value *value);
    /* What it is sorted by, smallest first, when that is not its number or text; may be NULL. */
    double (*rank)(const struct entity *entity);
    bool ticks; /* may count the time that passes */
};

/* The fields of a kind, in the order of the detail pane. *count receives how many. */
const struct entity_field *entity_fields(enum entity_kind kind, size_t *count);

/* The field of that name, or NULL. */
const struct entity_field *entity_field_find(enum entity_kind kind, const char *name);

/* Reads a field; false when this entity does not have it. */
bool entity_field_get(const struct entity_field *field, const struct entity *entity, int64_t now_ms,
                      struct entity_value *value);

/* The ids of a field that is a list of them, in MEMBER_REFS; NULL for any other. */
const struct refs *entity_field_refs(const struct entity_field *field, const struct entity *entity);

/* Whether entities are sorted by the text of a field, not by its number or rank. */
bool entity_field_sorts_by_text(const struct entity_field *field);

/* How an entity stands, as an outcome: its colour and glyph. */
enum outcome entity_outcome(const struct entity *entity);

#endif
