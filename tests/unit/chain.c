/*
 * The index of events that belong together: against a search of all events in the ring.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"

enum { EVENTS = 60000, ASKED = 64 };

static const struct hash_seed seed = {{1, 2}};

/* Which id of each kind an event names; 0: none. */
struct named {
    uint32_t of[ID_KINDS];
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static struct event_ids ids_of(const struct named *named)
{
    struct event_ids ids = {0};
    for (unsigned kind = 0; kind < ID_KINDS; kind++) {
        char text[32];
        snprintf(text, sizeof text, "id_%u", named->of[kind]);
        if (named->of[kind]) {
            ids.of[kind] = id_of(&seed, (enum id_kind)kind, text);
            ids.of[kind].text = "borrowed";
        }
    }
    return ids;
}

static bool related(const struct named *a, const struct named *b)
{
    for (unsigned kind = 0; kind < ID_KINDS; kind++)
        if (a->of[kind] && a->of[kind] == b->of[kind])
            return true;
    return false;
}

static void add(struct chain *chain, struct ring *ring, const struct named *named, const char *raw,
                uint32_t length)
{
    struct event_ids ids = ids_of(named);
    cr_assert_neq(ring_push(ring, &(struct ring_record){.length = length}, raw), 0);
    chain_add(chain, ring, &ids);
}

/* Walks in slices of `slice`, and compares with what is there. */
static void expect(const struct chain *chain, const struct ring *ring, const struct named *events,
                   const struct named *asked, size_t slice)
{
    struct event_ids ids = ids_of(asked);
    struct chain_walk walk = chain_walk(chain, &ids);
    uint64_t seqs[ASKED], seq = ring_end(ring);
    size_t got;
    do {
        got = chain_next(&walk, ring, seqs, slice);
        for (size_t i = 0; i < got; i++) {
            do
                cr_assert_gt(seq, ring_first(ring), "too many, or in disorder");
            while (!related(&events[--seq], asked));
            cr_assert_eq(seqs[i], seq);
        }
    } while (got == slice);
    while (seq-- > ring_first(ring))
        cr_assert_not(related(&events[seq], asked), "%ju is missing", (uintmax_t)seq);
}

/* `spread` is of how many ids events choose. The events are large, so that the ring wraps. */
Test(chain, agrees_with_a_naive_search)
{
    static const struct {
        const char *name;
        uint32_t spread, length;
    } rows[] = {
        {"few ids", 5, 4000},
        {"many ids", 2000, 4000},
        {"ids that hardly come again", 1000000, 2000},
        {"a ring that does not wrap", 3000, 10},
    };
    char *raw = calloc(1, 4000);
    struct named *events = calloc(EVENTS + 1, sizeof *events);
    cr_assert(raw && events);
    uint64_t random = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ring *ring = ring_new(RING_MIN_BYTES);
        struct chain *chain = chain_new();
        cr_assert(ring && chain);
        for (uint64_t seq = 1; seq <= EVENTS; seq++) {
            for (unsigned kind = 0; kind < ID_KINDS; kind++) {
                uint64_t id = next_random(&random) % rows[i].spread + 1;
                events[seq].of[kind] = next_random(&random) % 3 ? (uint32_t)id : 0;
            }
            add(chain, ring, &events[seq], raw, rows[i].length);
            if (seq % 1000 != 0)
                continue;
            expect(chain, ring, events, &events[seq], 1 + seq % ASKED);
            expect(chain, ring, events, &events[seq - seq / 3], ASKED);
            struct named one = {.of[ID_SESSION] = 3};
            expect(chain, ring, events, &one, ASKED);
            expect(chain, ring, events, &(struct named){0}, ASKED);
        }
        ring_free(ring);
        chain_free(chain);
    }
    free(events);
    free(raw);
    chain_free(NULL);
}

Test(chain, memory_is_that_of_the_remembered_events)
{
    struct ring *ring = ring_new(RING_MIN_BYTES);
    struct chain *chain = chain_new();
    char *raw = calloc(1, 2000);
    cr_assert(ring && chain && raw);
    for (uint32_t i = 1; i < 1000000; i++) {
        struct named named = {.of = {[ID_SESSION] = i, [ID_EXECUTION] = i}};
        add(chain, ring, &named, raw, 2000);
        size_t ids = 2 * (size_t)(ring_end(ring) - ring_first(ring));
        cr_assert_leq(chain_memory(chain), 1024 * 32 + ids * 16 * 8, "%zu bytes for %zu ids",
                      chain_memory(chain), ids);
    }
    free(raw);
    ring_free(ring);
    chain_free(chain);
}

Test(chain, a_walk_goes_on_while_events_come_and_go)
{
    struct ring *ring = ring_new(RING_MIN_BYTES);
    struct chain *chain = chain_new();
    char *raw = calloc(1, 1 << 20);
    struct named named = {.of[ID_TASK] = 1};
    struct event_ids ids = ids_of(&named);
    uint64_t seqs[4];
    cr_assert(ring && chain && raw);
    for (int i = 0; i < 10; i++)
        add(chain, ring, &named, raw, 1 << 20);
    struct chain_walk walk = chain_walk(chain, &ids);
    cr_assert_eq(chain_next(&walk, ring, seqs, 2), 2);
    cr_expect_eq(seqs[0], 10);
    cr_expect_eq(seqs[1], 9);
    add(chain, ring, &named, raw, 1 << 20);
    cr_assert_eq(chain_next(&walk, ring, seqs, 1), 1);
    cr_expect_eq(seqs[0], 8, "what came meanwhile is newer than what was walked");
    while (ring_first(ring) < 7)
        add(chain, ring, &named, raw, 1 << 20);
    cr_assert_eq(chain_next(&walk, ring, seqs, 4), 1, "the rest is gone");
    cr_expect_eq(seqs[0], 7);
    cr_expect_eq(chain_next(&walk, ring, seqs, 4), 0);
    free(raw);
    ring_free(ring);
    chain_free(chain);
}
