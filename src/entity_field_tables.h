/*
 * The tables behind entity_field.h.
 */
#ifndef ANCHORTOP_ENTITY_FIELD_TABLES_H
#define ANCHORTOP_ENTITY_FIELD_TABLES_H

#include "entity_field.h"

struct entity_field_table {
    const struct entity_field *fields;
    size_t count;
};

extern const struct entity_field_table entity_field_tables[ENTITY_TABLES];

#endif
