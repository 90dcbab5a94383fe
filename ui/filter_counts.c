/*
 * Counting for the named filters.
 */
#include "filter_counts.h"

#include <stdlib.h>

#include "../src/matcher.h"
#include "clock.h"
#include "matches.h"

enum { UPDATE_US = 5000 };

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
    if (!counts->filters)
        return false;
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
    free(counts->filters);
    *counts = (struct filter_counts){.filters = NULL};
}

struct match_context {
    struct filter_count *count;
    const struct store *store;
};

static bool match(const void *context, uint64_t seq)
{
    const struct match_context *match = context;
    return matcher_match(&match->count->matcher, match->store, seq);
}

/* A slice of one filter's events. */
static void update_one(struct filter_count *count, struct store *store, int64_t now_ms)
{
    struct match_context context = {count, store};

    store_lock(store);
    const struct ring *ring = store_ring(store);
    const struct matches_pass pass = {
        .range = {ring_first(ring), ring_end(ring)},
        .generation = store_generation(store),
        .now_ms = now_ms,
        .budget = matcher_budget(count->matcher.filter),
    };
    matcher_prepare(&count->matcher, store, now_ms);
    count->whole = matches_update(&count->matches, &pass, match, &context);
    store_unlock(store);
}

void filter_counts_update(struct filter_counts *counts, struct store *store, int64_t now_ms)
{
    int64_t until_us = clock_steady_us() + UPDATE_US;
    size_t done = 0;

    store_lock(store);
    counts->total = ring_end(store_ring(store)) - ring_first(store_ring(store));
    store_unlock(store);
    /* In turns, so that a dear filter does not keep the others waiting. */
    while (done < counts->count && clock_steady_us() < until_us) {
        struct filter_count *count = &counts->filters[counts->next];
        update_one(count, store, now_ms);
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
