/*
 * The rows of a table, such as the tasks: every entity of a kind, in the order of a sort key.
 *
 * The table is gathered in turns with the store, then sorted without its lock. What is shown
 * meanwhile is the last complete order. Main thread.
 */
#ifndef ANCHORTOP_SORTED_H
#define ANCHORTOP_SORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/entity_field.h"

enum { SORT_TEXT_SIZE = 32 };

/* What a row is sorted by. Rows without a value come last in either direction. All keys of one
 * column have the same `textual`: words and numbers have no order among each other. */
struct sort_key {
    bool present;
    bool textual;
    double number;
    char text[SORT_TEXT_SIZE]; /* its beginning */
};

struct sorted_row {
    uint64_t serial;           /* which entity: never used again */
    uint32_t slot;             /* where the store has it */
    struct sort_key key, then; /* `then` decides between equal keys */
};

/* Reads what an entity is sorted by in the column of a field: the field's rank, else its number,
 * else the beginning of its text. Which of them depends on the field alone. */
void sort_key_read(struct sort_key *key, const struct entity_field *field,
                   const struct entity *entity, int64_t now_ms);

/* Zero-initialise; sorted_free() releases it. */
struct sorted {
    struct sorted_row *rows; /* in order */
    size_t count, capacity;
    struct sorted_row *next; /* being gathered */
    size_t next_count, next_capacity;
    uint32_t next_slot; /* all below were looked at */
    bool gathering;
};

void sorted_free(struct sorted *sorted);

/* Begins to gather anew; what is shown stays until that is complete. */
void sorted_begin(struct sorted *sorted);

/* Adds a row to those that are gathered. False when memory ran out. */
bool sorted_add(struct sorted *sorted, const struct sorted_row *row);

/* Sorts what was gathered and shows it. */
void sorted_finish(struct sorted *sorted, bool descending, bool then_descending);

/* The row of an entity, or `count` when it is not shown. */
size_t sorted_find(const struct sorted *sorted, uint64_t serial, size_t guess);

#endif
