/*
 * How many of the remembered events each named filter wants, for the list that offers them.
 *
 * Every event is looked at once for each filter, in slices, and what comes is added. It stays
 * counted when the list is closed. Main thread.
 */
#ifndef ANCHORTOP_FILTER_COUNTS_H
#define ANCHORTOP_FILTER_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/named_filters.h"
#include "../src/store.h"

struct filter_count;
struct sieve;

/* Zero-initialise; filter_counts_free() releases it. */
struct filter_counts {
    struct filter_count *filters; /* NULL: nothing was counted yet */
    size_t count;
    size_t next;         /* the filter whose turn it is */
    uint64_t total;      /* events that are remembered */
    bool behind;         /* there are events that were not looked at */
    struct sieve *sieve; /* of them all, in turns */
};

/* Gets ready to count for these filters, which are borrowed. False when memory ran out. */
bool filter_counts_open(struct filter_counts *counts, const struct named_filters *filters);
void filter_counts_free(struct filter_counts *counts);

/* Looks at more events, for some milliseconds at most, in turns with the store. */
void filter_counts_update(struct filter_counts *counts, struct store *store, int64_t now_ms);

/* How many events a filter wants; false while not all have been looked at. */
bool filter_counts_get(const struct filter_counts *counts, size_t filter, uint64_t *events);

/* How many milliseconds from now a count may be another though nothing happens, or -1. */
int filter_counts_wait_ms(const struct filter_counts *counts, const struct store *store,
                          int64_t now_ms);

#endif
