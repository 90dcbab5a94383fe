/*
 * How long filters take to look through a million events of 1.1 KB: to the first screenful, newest
 * first, and to the whole count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ui/look.h"
#include "bench.h"
#include "sample.h"

enum {
    EVENTS = 1000000,
    EVENT_BYTES = 1100,
    POOL = 1000, /* different events; a phrase that is in one of them is in 1,000 of all */
    SCREENFUL = 60,
};

static const int64_t now_ms = 1779625085123;

struct made {
    struct event event; /* its strings are in `raw` */
    char raw[EVENT_BYTES + 1];
};

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

/* A believable event, brought to its size by a member of words that no filter here looks for. */
static void make(struct made *made, size_t number, struct dice *dice)
{
    static const char *const words[] = {"checked", "opened", "field", "table", "after", "clicked",
                                        "button",  "page",   "value", "next",  "was",   "the"};
    static const size_t weights[] = {0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9, 11, 12};
    struct sample sample;
    char id[SAMPLE_EVENT_ID_SIZE], reason[128];

    sample_roll(&sample, &sample_tasks[number % SAMPLE_TASKS], dice);
    sample.recorded = true;
    sample_event_id(id, now_ms, dice);
    size_t type = weights[number % (sizeof weights / sizeof weights[0])];
    char *text = sample_envelope(&sample, catalog[type].name, id, now_ms);
    if (!text || strlen(text) > EVENT_BYTES - 16)
        fail("no sample event could be made");
    int used =
        snprintf(made->raw, sizeof made->raw, "%.*s,\"note\":\"", (int)strlen(text) - 2, text);
    free(text);
    if (number == POOL / 2)
        used += snprintf(made->raw + used, sizeof made->raw - (size_t)used, "Zebra crossing ");
    while (used < EVENT_BYTES - 16)
        used += snprintf(made->raw + used, sizeof made->raw - (size_t)used, "%s ",
                         words[dice_between(dice, 0, 11)]);
    memset(made->raw + used, '.', (size_t)(EVENT_BYTES - used));
    memcpy(made->raw + EVENT_BYTES - 3, "\"}}", sizeof "\"}}");
    if (!event_decode(&made->event, made->raw, EVENT_BYTES, reason, sizeof reason))
        fail(reason);
}

static struct store *fill(struct made *pool)
{
    struct store *store = store_new((size_t)EVENTS * EVENT_BYTES / 4 * 9);
    char id[32];
    uint64_t seq;

    if (!store)
        fail("out of memory");
    for (unsigned i = 0; i < EVENTS; i++) {
        struct made *made = &pool[i % POOL];
        struct event event = made->event;
        snprintf(id, sizeof id, "evt_%u", i);
        event.id = id;
        store_add(store,
                  &(struct store_arrival){.event = &event,
                                          .raw = made->raw,
                                          .length = EVENT_BYTES,
                                          .received_ms = now_ms + 850,
                                          .verified = true},
                  &seq);
    }
    return store;
}

/* A pass that ends when so many are found. */
struct pass {
    struct look look;
    struct rows rows;
    size_t enough;
};

static size_t look_on(void *context, struct rows_range range, bool backwards,
                      struct rows_found *found)
{
    struct pass *pass = context;
    return rows_count(&pass->rows) < pass->enough
               ? look_at_events(&pass->look, range, backwards, found)
               : 0;
}

/* Looks at events from the newest on, as the screen does, until so many are found; returns how many
 * were. */
static size_t scan(struct store *store, const char *text, size_t enough, double *ms)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);
    struct matcher matcher = {0};
    static struct sieve sieve;
    struct pass pass = {.look = {.sieve = &sieve, .now_ms = now_ms, .until_us = INT64_MAX},
                        .enough = enough};
    const struct rows_range range = {ring_first(store_ring(store)), ring_end(store_ring(store))};

    if (!filter)
        fail(error.message);
    double start = bench_seconds();
    matcher_set(&matcher, filter);
    sieve.store = store;
    sieve.matcher = &matcher;
    rows_reset(&pass.rows, true);
    rows_update(&pass.rows, range, look_on, &pass);
    size_t found = rows_count(&pass.rows);
    *ms = (bench_seconds() - start) * 1e3;
    rows_free(&pass.rows);
    matcher_free(&matcher);
    filter_free(filter);
    return found < enough ? found : enough;
}

/* What reading the same bytes for one letter takes, as fast as the C library can. */
static double read_all(const struct store *store)
{
    const struct ring *ring = store_ring(store);
    size_t found = 0;
    double start = bench_seconds();

    for (uint64_t seq = ring_end(ring); seq > ring_first(ring); seq--)
        found += memchr(ring_raw(ring, seq - 1), '\x01', EVENT_BYTES) != NULL;
    double ms = (bench_seconds() - start) * 1e3;
    if (found)
        fail("there is a letter that no event has");
    return ms;
}

static const struct {
    const char *name, *text;
    size_t enough, expected; /* 0: no such figure is expected */
    const char *goal;
} rows[] = {
    {"type filter, to the first screenful", "type:task.failed", SCREENFUL, SCREENFUL, "<=10"},
    {"type filter, whole count", "type:task.failed", EVENTS, 0, "<=50"},
    {"type filter of nothing, whole count", "type:nothing", EVENTS, 0, "<=10"},
    {"state filter, whole count", "is:failed -type:batch", EVENTS, 0, "<=50"},
    {"age filter, whole count", "age>1h", EVENTS, 0, ""},
    {"text filter, to the first screenful", "captcha", SCREENFUL, SCREENFUL, "<=20"},
    {"text filter, whole count", "captcha", EVENTS, 0, "<=300"},
    {"rare text, whole count", "\"zebra CROSSING\"", EVENTS, EVENTS / POOL, "<=300"},
    {"session filter, whole count", "session:ses_8d2c1fda", EVENTS, 0, ""},
    {"cost filter, to the first screenful", "cost>0.01", SCREENFUL, SCREENFUL, ""},
    {"type and cost filter, whole count", "type:task.failed cost>0.01", EVENTS, 0, ""},
};

int main(void)
{
    struct made *pool = calloc(POOL, sizeof *pool);
    struct dice dice = {.state = 6};

    if (!pool)
        fail("out of memory");
    for (size_t i = 0; i < POOL; i++)
        make(&pool[i], i, &dice);
    struct store *store = fill(pool);
    double reading = read_all(store);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double ms;
        size_t found = scan(store, rows[i].text, rows[i].enough, &ms);
        if (rows[i].expected && found != rows[i].expected)
            fprintf(stderr, "%s: found %zu\n", rows[i].name, found);
        bench_report(rows[i].name, ms, "ms", rows[i].goal);
        if (strcmp(rows[i].name, "text filter, whole count") == 0)
            bench_report("text filter against memchr()", ms / reading, "x memchr", "");
    }
    store_free(store);
    for (size_t i = 0; i < POOL; i++)
        event_free(&pool[i].event);
    free(pool);
    return EXIT_SUCCESS;
}
