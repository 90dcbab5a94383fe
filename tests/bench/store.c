/*
 * What an event costs the store: memory, and time beside that of copying its bytes; and how long a
 * scan for a type takes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "store.h"

enum {
    EVENTS = 1000000,
    EVENT_BYTES = 1100, /* a task.completed with its links */
    SMALL = 64 << 20,   /* a ring that has long been full */
    SMALL_EVENTS = 300000,
};

/* An event's bytes and id: made once, then only numbered, so that making one costs next to nothing
 * beside adding it. */
struct sample {
    char id[32], raw[EVENT_BYTES + 1];
};

static void sample_make(struct sample *sample)
{
    snprintf(sample->id, sizeof sample->id, "evt_%08u-45e7-89ab", 0U);
    int head = snprintf(sample->raw, sizeof sample->raw,
                        "{\"id\":\"%s\",\"type\":\"task.completed\",\"data\":\"", sample->id);
    snprintf(sample->raw + head, sizeof sample->raw - (size_t)head, "%0*d\"}",
             EVENT_BYTES - head - 2, 0);
}

static void sample_number(struct sample *sample, unsigned number)
{
    enum { DIGITS = 8, IN_ID = 4, IN_RAW = 11 };
    for (int i = DIGITS - 1; i >= 0; i--, number /= 10)
        sample->id[IN_ID + i] = sample->raw[IN_RAW + i] = (char)('0' + number % 10);
}

static void add(struct store *store, struct sample *sample, unsigned number)
{
    sample_number(sample, number);
    const struct event_type *type = &catalog[number % catalog_size];
    struct event event = {.id = sample->id,
                          .type = type->name,
                          .known = type,
                          .entity = type->entity,
                          .outcome = type->outcome};
    uint64_t seq;
    store_add(
        store,
        &(struct store_arrival){
            .event = &event, .raw = sample->raw, .length = EVENT_BYTES, .received_ms = number},
        &seq);
}

static void measure_memory(struct store *store, double before)
{
    double after = bench_resident();
    if (before > 0 && after > 0)
        bench_report("memory per event of 1.1 KB", (after - before) / EVENTS / EVENT_BYTES,
                     "x its JSON", "<=1.25");
    store_lock(store);
    if (store_counts(store)->forgotten)
        fprintf(stderr, "the ring was too small for %d events\n", EVENTS);
    store_unlock(store);
}

static void measure_scan(struct store *store)
{
    store_lock(store);
    const struct ring *ring = store_ring(store);
    size_t matches = 0;
    double start = bench_seconds();
    for (uint64_t seq = ring_first(ring); seq < ring_end(ring); seq++)
        matches += ring_type(ring, seq) == 0;
    double taken = bench_seconds() - start;
    store_unlock(store);
    bench_report("scan of 1,000,000 events for a type", taken * 1e3, "ms", "<=10");
    if (matches != (EVENTS + catalog_size - 1) / catalog_size)
        fprintf(stderr, "the scan found %zu events\n", matches);
}

/* Both write the same bytes round and round through as much memory. */
static void measure_add(struct sample *sample)
{
    struct store *store = store_new(SMALL);
    char *arena = malloc(SMALL);
    if (!store || !arena)
        exit(EXIT_FAILURE);
    memset(arena, 1, SMALL);
    unsigned number = 0;
    while (number < SMALL / EVENT_BYTES)
        add(store, sample, number++);

    double start = bench_seconds();
    for (unsigned i = 0; i < SMALL_EVENTS; i++)
        add(store, sample, number++);
    double adding = bench_seconds() - start;

    start = bench_seconds();
    for (size_t i = 0, at = 0; i < SMALL_EVENTS; i++, at += EVENT_BYTES) {
        if (at > SMALL - EVENT_BYTES)
            at = 0;
        sample_number(sample, (unsigned)i);
        memcpy(arena + at, sample->raw, EVENT_BYTES);
    }
    double copying = bench_seconds() - start;

    bench_report("events added to the store", SMALL_EVENTS / adding, "/s", "");
    bench_report("adding an event against copying it", adding / copying, "x memcpy", "");
    free(arena);
    store_free(store);
}

int main(void)
{
    struct sample sample;
    sample_make(&sample);
    double before = bench_resident();
    struct store *store = store_new((size_t)EVENTS * EVENT_BYTES / 4 * 9);
    if (!store)
        return EXIT_FAILURE;
    for (unsigned number = 0; number < EVENTS; number++)
        add(store, &sample, number);
    measure_memory(store, before);
    measure_scan(store);
    store_free(store);
    measure_add(&sample);
    return EXIT_SUCCESS;
}
