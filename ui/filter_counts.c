/*
 * Counting for the named filters.
 */
#include "filter_counts.h"

#include <stdlib.h>

#include "../src/clock.h"
#include "../src/matcher.h"
#include "look.h"
#include "matches.h"

enum { UPDATE_US = 5000, TURN_OF_ONE_US = 1000 };

struct filter_count {
    struct matcher matcher;
    struct matches matches;
    bool whole;
};

bool filter_counts_open(struct filter_counts *counts, const struct named_filters *filters)
{
    if (counts->filters || filters->count == 0)
        return true;
    counts->filters = calloc(filters->count, sizeof *counts->filters);
    counts->sieve = calloc(1, sizeof *counts->sieve);
    if (!counts->filters || !counts->sieve) {
        filter_counts_free(counts);
        return false;
    }
    counts->count = filters->count;
    for (size_t i = 0; i < counts->count; i++) {
        const struct filter *filter = filters->filters[i].filter;
        matcher_set(&counts->filters[i].matcher, filter);
        matches_reset(&counts->filters[i].matches, true, filter_changes(filter));
    }
    return true;
}

void filter_counts_free(struct filter_counts *counts)
{
    for (size_t i = 0; i < counts->count; i++) {
        matcher_free(&counts->filters[i].matcher);
        matches_free(&counts->filters[i].matches);
    }
    if (counts->sieve)
        sieve_free(counts->sieve);
    free(counts->sieve);
    free(counts->filters);
    *counts = (struct filter_counts){.filters = NULL};
}

static size_t look_at_rows(void *context, struct rows_range range, bool backwards,
                           struct rows_found *found)
{
    struct look *look = context;
    return look_has_time(look) ? look_at_events(look, range, backwards, found) : 0;
}

/* A slice of one filter's events. */
static void update_one(struct filter_count *count, struct sieve *sieve, int64_t now_ms)
{
    struct store *store = sieve->store;
    struct look look = {
        .sieve = sieve, .now_ms = now_ms, .until_us = clock_steady_us() + TURN_OF_ONE_US};
    struct matches_pass pass = {.generation = store_generation(store), .now_ms = now_ms};
    store_lock(store);
    pass.range = (struct rows_range){ring_first(store_ring(store)), ring_end(store_ring(store))};
    store_unlock(store);
    sieve->matcher = &count->matcher;
    count->whole = matches_update(&count->matches, &pass, look_at_rows, &look);
}

void filter_counts_update(struct filter_counts *counts, struct store *store, int64_t now_ms)
{
    int64_t until_us = clock_steady_us() + UPDATE_US;
    size_t done = 0;

    store_lock(store);
    counts->total = ring_end(store_ring(store)) - ring_first(store_ring(store));
    store_unlock(store);
    if (counts->sieve)
        counts->sieve->store = store;
    /* In turns, so that a dear filter does not keep the others waiting. */
    while (done < counts->count && clock_steady_us() < until_us) {
        struct filter_count *count = &counts->filters[counts->next];
        update_one(count, counts->sieve, now_ms);
        counts->next = (counts->next + 1) % counts->count;
        done = count->whole ? done + 1 : 0;
    }
    counts->behind = done < counts->count;
}

bool filter_counts_get(const struct filter_counts *counts, size_t filter, uint64_t *events)
{
    const struct filter_count *count = &counts->filters[filter];
    *events = rows_count(&count->matches.rows);
    return count->whole || count->matches.looking_again;
}

int filter_counts_wait_ms(const struct filter_counts *counts, const struct store *store,
                          int64_t now_ms)
{
    int least = -1;
    for (size_t i = 0; i < counts->count; i++) {
        int wait = matches_wait_ms(&counts->filters[i].matches, store_generation(store), now_ms);
        if (wait >= 0 && (least < 0 || wait < least))
            least = wait;
    }
    return least;
}
