/*
 * What entities cost: a million events of 10,000 sessions and 500 tasks. The time to fold one and
 * to tie it to others, beside that of decoding it; memory; and how long a view takes to be sorted.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "dice.h"
#include "sample.h"
#include "store.h"

enum { EVENTS = 1000000, SESSIONS = 10000, TASKS = 500, PART = 20 };

static const size_t memory = (size_t)2 << 30;

/* Events that are decoded, and waiting to be folded. */
struct part {
    char *bodies[PART];
    struct event events[PART];
    struct entity_facts facts[PART];
};

struct bench {
    struct dice dice;
    char task_ids[TASKS][16];
    struct sample_task tasks[TASKS];
    struct sample sample; /* the session whose events are being told */
    unsigned told;
    struct part *part;
    double bytes;
    double reading, folding, linking, decoding;
};

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

static void bench_start(struct bench *bench)
{
    bench->dice.state = 1;
    for (unsigned i = 0; i < TASKS; i++) {
        bench->tasks[i] = sample_tasks[i % SAMPLE_TASKS];
        snprintf(bench->task_ids[i], sizeof bench->task_ids[i], "tsk_%08u", i);
        bench->tasks[i].id = bench->task_ids[i];
    }
    bench->part = calloc(1, sizeof *bench->part);
    if (!bench->part)
        fail("no memory");
}

/* One event of each type after the other, from sessions that each come back many times. */
static char *next_body(struct bench *bench)
{
    unsigned story = bench->told / (unsigned)catalog_size, number = bench->told++;
    const char *type = catalog[number % catalog_size].name;
    int64_t created_ms = INT64_C(1779625085000) + number;
    char id[SAMPLE_EVENT_ID_SIZE];

    if (number % catalog_size == 0) {
        sample_roll(&bench->sample, &bench->tasks[story % TASKS], &bench->dice);
        snprintf(bench->sample.session_id, sizeof bench->sample.session_id, "ses_%08u",
                 story % SESSIONS);
    }
    sample_event_id(id, created_ms, &bench->dice);
    return sample_envelope(&bench->sample, type, id, created_ms);
}

static void make_part(struct bench *bench)
{
    struct part *part = bench->part;
    char reason[256];
    for (unsigned i = 0; i < PART; i++) {
        part->bodies[i] = next_body(bench);
        if (!part->bodies[i])
            fail("no memory");
        bench->bytes += (double)strlen(part->bodies[i]);
    }
    double start = bench_seconds();
    for (unsigned i = 0; i < PART; i++)
        if (!event_decode(&part->events[i], part->bodies[i], strlen(part->bodies[i]), reason,
                          sizeof reason))
            fail(reason);
    bench->decoding += bench_seconds() - start;
}

static void free_part(struct part *part)
{
    for (unsigned i = 0; i < PART; i++) {
        event_free(&part->events[i]);
        free(part->bodies[i]);
    }
}

static void measure_folding(struct bench *bench, struct entities *entities)
{
    struct part *part = bench->part;
    double start = bench_seconds();
    for (unsigned i = 0; i < PART; i++)
        entities_read(entities, &part->events[i], part->events[i].created_ms, &part->facts[i]);
    double read = bench_seconds();
    for (unsigned i = 0; i < PART; i++)
        entities_fold(entities, &part->facts[i], 1, 0);
    bench->reading += read - start;
    bench->folding += bench_seconds() - read;
}

/* Into a ring that has long been full, where everything about linking is as slow as it gets. */
static void measure_linking(struct bench *bench, struct chain *chain, struct ring *ring)
{
    const struct part *part = bench->part;
    uint64_t first = 0;
    for (unsigned i = 0; i < PART; i++) {
        struct ring_record record = {.length = (uint32_t)strlen(part->bodies[i])};
        first = ring_push(ring, &record, part->bodies[i]);
        double start = bench_seconds();
        chain_add(chain, ring, &part->facts[i].ids);
        bench->linking += bench_seconds() - start;
    }
    if (!first)
        fail("an event did not fit");
}

static void measure_parts(struct bench *bench)
{
    struct hash_seed seed;
    if (!hash_seed_random(&seed))
        fail("no randomness");
    struct entities *entities = entities_new(STORE_ENTITIES, &seed);
    struct chain *chain = chain_new();
    struct ring *ring = ring_new(memory / 8);
    if (!entities || !chain || !ring)
        fail("no memory");
    bench->told = 0;
    bench->decoding = 0;
    for (unsigned i = 0; i < EVENTS / PART; i++) {
        make_part(bench);
        measure_folding(bench, entities);
        measure_linking(bench, chain, ring);
        free_part(bench->part);
    }
    double each = 1e6 / EVENTS;
    bench_report("decoding an event", bench->decoding * each, "us", "");
    bench_report("reading what it says of entities", bench->reading * each, "us", "");
    bench_report("folding it", bench->folding * each, "us", "");
    bench_report("both, against decoding it", (bench->reading + bench->folding) / bench->decoding,
                 "x", "<=0.75");
    bench_report("linking it to others", bench->linking * each, "us", "");
    entities_free(entities);
    chain_free(chain);
    ring_free(ring);
}

static void add_part(struct bench *bench, struct store *store)
{
    make_part(bench);
    for (unsigned i = 0; i < PART; i++) {
        const char *body = bench->part->bodies[i];
        uint64_t seq;
        store_add(store,
                  &(struct store_arrival){.event = &bench->part->events[i],
                                          .raw = body,
                                          .length = strlen(body),
                                          .received_ms = bench->part->events[i].created_ms},
                  &seq);
    }
    free_part(bench->part);
}

/* What a view sorts by, with what finds the row again. */
struct row {
    int64_t key;
    uint64_t serial;
    uint32_t slot;
};

static int by_key(const void *a, const void *b)
{
    const struct row *one = a, *other = b;
    if (one->key != other->key)
        return one->key > other->key ? -1 : 1;
    return (one->serial > other->serial) - (one->serial < other->serial);
}

static void measure_view(const struct store *store, enum entity_kind kind)
{
    char figure[64];
    const struct entities *entities = store_entities(store);
    struct row *rows = calloc(entities_slots(entities, kind) + 1, sizeof *rows);
    size_t count = 0;
    if (!rows)
        fail("no memory");
    double start = bench_seconds();
    for (uint32_t slot = 0; slot < entities_slots(entities, kind); slot++) {
        const struct entity *entity = entities_at(entities, kind, slot);
        if (entity)
            rows[count++] =
                (struct row){entity->newest.created_ms * 7919 % 100003, entity->node.serial, slot};
    }
    double walked = bench_seconds();
    qsort(rows, count, sizeof *rows, by_key);
    double sorted = bench_seconds();
    snprintf(figure, sizeof figure, "walk of %zu %s", count, entity_infos[kind].plural);
    bench_report(figure, (walked - start) * 1e3, "ms", "");
    snprintf(figure, sizeof figure, "sort of %zu %s", count, entity_infos[kind].plural);
    bench_report(figure, (sorted - walked) * 1e3, "ms", "<=50");
    free(rows);
}

static void measure_timeline(const struct store *store)
{
    static uint64_t seqs[EVENTS];
    struct event_ids ids = {0};
    ids.of[ID_TASK] = store_id(store, ID_TASK, "tsk_00000007");
    double start = bench_seconds();
    struct chain_walk walk = store_walk(store, &ids);
    size_t count = store_walk_next(store, &walk, seqs, EVENTS);
    double taken = bench_seconds() - start;
    if (count < EVENTS / catalog_size / TASKS * 4)
        fail("the timeline is too short");
    bench_report("timeline of a task, an event", taken / (double)count * 1e6, "us", "<=1");
}

static void measure_store(struct bench *bench)
{
    double before = bench_resident();
    struct store *store = store_new(memory);
    if (!store)
        fail("no memory");
    for (unsigned i = 0; i < EVENTS / PART; i++)
        add_part(bench, store);
    double after = bench_resident();
    /* An event of 1.1 KB may take 1.25 times as much: so much is left for all but its JSON. */
    if (before > 0 && after > 0)
        bench_report("memory beside an event's JSON", (after - before - bench->bytes) / EVENTS,
                     "bytes", "<=275");
    store_lock(store);
    if (store_counts(store)->forgotten)
        fail("the ring was too small");
    for (int kind = 0; kind < ENTITY_TABLES; kind++)
        measure_view(store, (enum entity_kind)kind);
    measure_timeline(store);
    store_unlock(store);
    store_free(store);
}

int main(void)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        fail("no memory");
    bench_start(bench);
    measure_store(bench); /* first: what others leave in the heap would not be counted */
    measure_parts(bench);
    free(bench->part);
    free(bench);
    return EXIT_SUCCESS;
}
