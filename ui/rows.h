/*
 * The rows of a list that grows at its top, such as events and deliveries: which numbers of a
 * range pass a filter, newest first.
 *
 * The rows are found once and then kept: what arrives is looked at once, and the past is searched
 * backwards in slices, so that the first screenful is there at once however much is remembered.
 * Without a filter nothing is kept but the range. Main thread, not with the store's lock.
 */
#ifndef ANCHORTOP_ROWS_H
#define ANCHORTOP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* first <= number < end */
struct rows_range {
    uint64_t first, end;
};

enum { ROWS_FOUND = 256 };

/* Numbers that pass, in the order in which they were looked at. */
struct rows_found {
    uint64_t numbers[ROWS_FOUND];
    size_t count;
};

/* Looks at some numbers of a range, from its first one on or backwards from its last one, and adds
 * those that pass to `found`, which is empty. Returns how many it has looked at; 0: no more now. */
typedef size_t rows_look(void *context, struct rows_range range, bool backwards,
                         struct rows_found *found);

/* Zero-initialise; rows_free() releases it. */
struct rows {
    struct rows_range looked_at; /* what the kept rows were chosen from */
    bool filtered;
    uint64_t *numbers; /* circular, oldest first, beginning at `head` */
    size_t head, count, capacity;
};

void rows_free(struct rows *rows);

/* Forgets what was found: another filter holds, or (filtered false) none. */
void rows_reset(struct rows *rows, bool filtered);

/*
 * Brings the rows up to a range, which never moves back: adds what is new, drops what has left it,
 * and searches the past, until look() returns 0. Returns true when the whole range was looked at,
 * false when another call is wanted.
 */
bool rows_update(struct rows *rows, struct rows_range range, rows_look *look, void *context);

/* For rows that are found in another way: adds a number above, or below, all that are there; drops
 * those that have left the range. False when memory ran out. */
bool rows_add_newest(struct rows *rows, uint64_t number);
bool rows_add_oldest(struct rows *rows, uint64_t number);
void rows_trim(struct rows *rows, struct rows_range range);

size_t rows_count(const struct rows *rows);
/* The number of a row, 0 <= index < rows_count(); row 0 is the newest. */
uint64_t rows_at(const struct rows *rows, size_t index);
/* The row of a number, or of the next older one that is there, or rows_count() when there is
 * none. */
size_t rows_find(const struct rows *rows, uint64_t number);

#endif
