/*
 * Counts of named filters: in slices, of what comes and goes, and of what changes.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../ui/filter_counts.h"

static const char *const expressions[] = {"is:failed", "data.number=7", "captcha", "is:waiting"};
enum { FAILED, SEVEN, CAPTCHA, WAITING, FILTERS };

static struct named_filters named(void)
{
    struct named_filters filters = {0};
    for (size_t i = 0; i < FILTERS; i++) {
        char name[8], reason[200];
        snprintf(name, sizeof name, "f%zu", i);
        cr_assert(named_filters_take(&filters, name, expressions[i], reason, sizeof reason), "%s",
                  reason);
    }
    return filters;
}

static void add(struct store *store, int number, const char *type, const char *data)
{
    char raw[512], reason[128];
    struct event event;
    uint64_t seq;
    int length = snprintf(raw, sizeof raw, "{\"id\":\"evt_%d\",\"type\":\"%s\",\"data\":{%s}}",
                          number, type, data);
    cr_assert(event_decode(&event, raw, (size_t)length, reason, sizeof reason), "%s", reason);
    store_add(store,
              &(struct store_arrival){
                  .event = &event, .raw = raw, .length = (size_t)length, .received_ms = 1},
              &seq);
    event_free(&event);
}

static void count(struct filter_counts *counts, struct store *store, int64_t now_ms)
{
    do
        filter_counts_update(counts, store, now_ms);
    while (counts->behind);
}

static void expect(const struct filter_counts *counts, const uint64_t *expected, const char *when)
{
    for (size_t i = 0; i < FILTERS; i++) {
        uint64_t events;
        cr_expect(filter_counts_get(counts, i, &events), "%s: %s", when, expressions[i]);
        cr_expect_eq(events, expected[i], "%s: %s: %d", when, expressions[i], (int)events);
    }
}

Test(filter_counts, follow_the_events)
{
    enum { EVENTS = 3000 };
    struct store *store = store_new(RING_MIN_BYTES);
    struct named_filters filters = named();
    struct filter_counts counts = {.filters = NULL};
    char data[64];

    cr_assert(store);
    cr_assert(filter_counts_open(&counts, &filters));
    for (int i = 0; i < EVENTS; i++) {
        snprintf(data, sizeof data, "\"number\":%d", i % 10);
        add(store, i, i % 3 ? "task.completed" : "task.failed", data);
    }
    add(store, EVENTS, "intervention.requested",
        "\"request_id\":\"req_1\",\"message\":\"a captcha\"");
    count(&counts, store, 1000);
    cr_expect_eq(counts.total, EVENTS + 1);
    expect(&counts, (uint64_t[]){EVENTS / 3, EVENTS / 10, 1, 1}, "all");

    /* What comes is added, and what was counted may change, but not at once. */
    add(store, EVENTS + 1, "intervention.resolved", "\"request_id\":\"req_1\"");
    add(store, EVENTS + 2, "task.failed", "\"number\":7,\"note\":\"Captcha\"");
    count(&counts, store, 1500);
    expect(&counts, (uint64_t[]){EVENTS / 3 + 1, EVENTS / 10 + 1, 2, 1}, "more");
    cr_expect_eq(filter_counts_wait_ms(&counts, store, 1500), 500);
    count(&counts, store, 2000);
    expect(&counts, (uint64_t[]){EVENTS / 3 + 1, EVENTS / 10 + 1, 2, 0}, "changed");
    cr_expect_eq(filter_counts_wait_ms(&counts, store, 2000), -1);
    filter_counts_free(&counts);
    named_filters_free(&filters);
    store_free(store);
}

Test(filter_counts, forget_what_is_let_go)
{
    static char data[300];
    struct store *store = store_new(RING_MIN_BYTES);
    struct named_filters filters = named();
    struct filter_counts counts = {.filters = NULL};
    int number = 0;

    cr_assert(store);
    cr_assert(filter_counts_open(&counts, &filters));
    snprintf(data, sizeof data, "\"pad\":\"%0250d\"", 0);
    for (; number < 10; number++)
        add(store, number, "task.failed", "");
    count(&counts, store, 0);
    expect(&counts, (uint64_t[]){10, 0, 0, 0}, "first");
    for (; store_counts(store)->forgotten < 10; number++)
        add(store, number, "task.completed", data);
    count(&counts, store, 0);
    expect(&counts, (uint64_t[]){0, 0, 0, 0}, "let go");
    filter_counts_free(&counts);
    named_filters_free(&filters);
    store_free(store);
}

Test(filter_counts, of_no_filters)
{
    struct store *store = store_new(RING_MIN_BYTES);
    struct named_filters filters = {0};
    struct filter_counts counts = {.filters = NULL};
    cr_assert(store);
    cr_expect(filter_counts_open(&counts, &filters));
    filter_counts_update(&counts, store, 0);
    cr_expect_not(counts.behind);
    cr_expect_eq(filter_counts_wait_ms(&counts, store, 0), -1);
    filter_counts_free(&counts);
    store_free(store);
}
