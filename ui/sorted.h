/*
 * The rows of a table, such as the tasks: every entity of a kind, in the order of a sort key.
 *
 * The table is gathered in slices, so that its lock is held for less than a millisecond at a time,
 * then sorted without it. What is shown meanwhile is the last complete order. Main thread.
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

/* (locked) Fills in the row of a slot; false for an empty slot, or one that is not shown. */
typedef bool sorted_gather(const void *context, uint32_t slot, struct sorted_row *row);

/* Zero-initialise; sorted_free() releases it. */
struct sorted {
    struct sorted_row *rows; /* in order */
    size_t count, capacity;
    struct sorted_row *next; /* being gathered */
    size_t next_count, next_capacity;
    uint32_t next_slot;
    bool gathering;
};

void sorted_free(struct sorted *sorted);

/* Begins to gather anew; what is shown stays until that is complete. */
void sorted_begin(struct sorted *sorted);

/*
 * (locked) Gathers up to `budget` slots of the `slots` there are. Returns true when all were seen;
 * then sorted_finish() is due, without the lock.
 */
bool sorted_gather_some(struct sorted *sorted, uint32_t slots, sorted_gather *gather,
                        const void *context, size_t budget);

/* Sorts what was gathered and shows it. */
void sorted_finish(struct sorted *sorted, bool descending, bool then_descending);

/* The row of an entity, or `count` when it is not shown. */
size_t sorted_find(const struct sorted *sorted, uint64_t serial, size_t guess);

#endif
