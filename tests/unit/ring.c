/*
 * The ring against a naive model that keeps every event: what is remembered is what was pushed,
 * byte for byte, and the cap holds.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ring.h"

/* xorshift64: the same events in every run. */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* An event can be made again from its sequence number, so the model stores no bytes. */
static struct ring_record record_of(uint64_t seq, uint32_t most)
{
    uint64_t state = seq * UINT64_C(0x9E3779B97F4A7C15) + 1;
    return (struct ring_record){
        .length = (uint32_t)(random_next(&state) % (most + 1)),
        .created_ms = (int64_t)random_next(&state),
        .received_ms = (int64_t)seq,
        .type = (uint16_t)random_next(&state),
        .entity = (uint8_t)(seq % ENTITY_KINDS),
        .outcome = (uint8_t)(seq % OUTCOMES),
        .verified = seq % 2,
    };
}

static void fill(char *raw, uint64_t seq, uint32_t length)
{
    memset(raw, (int)(seq * 31 % 251), length);
    memcpy(raw, &seq, length < sizeof seq ? length : sizeof seq);
}

static void check_event(const struct ring *ring, uint64_t seq, uint32_t most, char *expected)
{
    struct ring_record want = record_of(seq, most);
    const struct ring_record *got = ring_at(ring, seq);
    cr_assert_not_null(got, "%llu", (unsigned long long)seq);
    cr_assert(got->length == want.length && got->created_ms == want.created_ms &&
                  got->received_ms == want.received_ms && got->type == want.type &&
                  got->entity == want.entity && got->outcome == want.outcome &&
                  got->verified == want.verified && got->duplicates == 0,
              "record of %llu", (unsigned long long)seq);
    cr_assert_eq(ring_type(ring, seq), want.type, "type of %llu", (unsigned long long)seq);
    cr_assert_eq((uintptr_t)got % 8, 0, "alignment of %llu", (unsigned long long)seq);
    fill(expected, seq, want.length);
    cr_assert_eq(memcmp(ring_raw(ring, seq), expected, want.length), 0, "bytes of %llu",
                 (unsigned long long)seq);
}

static const struct {
    const char *name;
    uint32_t most; /* bytes of raw JSON */
    unsigned pushes;
} model_rows[] = {
    {"as Anchor sends them", 2200, 60000},
    {"tiny ones: the index is full before the arena", 40, 300000},
    {"huge ones", 6 << 20, 60},
    {"mixed", 300000, 600},
};

Test(ring, remembers_the_newest_events_byte_for_byte)
{
    char *raw = malloc(8 << 20);
    cr_assert_not_null(raw);
    for (size_t row = 0; row < sizeof model_rows / sizeof *model_rows; row++) {
        struct ring *ring = ring_new(RING_MIN_BYTES);
        uint32_t most = model_rows[row].most;
        cr_assert_not_null(ring);
        for (uint64_t seq = 1; seq <= model_rows[row].pushes; seq++) {
            struct ring_record record = record_of(seq, most);
            fill(raw, seq, record.length);
            cr_assert_eq(ring_push(ring, &record, raw), seq, "%s", model_rows[row].name);
            cr_assert_leq(ring_used(ring), ring_capacity(ring), "%s", model_rows[row].name);
            check_event(ring, seq, most, raw);
            check_event(ring, ring_first(ring), most, raw);
        }
        cr_assert_gt(ring_first(ring), 1, "%s: nothing was ever dropped", model_rows[row].name);
        cr_assert_eq(ring_end(ring), model_rows[row].pushes + 1);
        for (uint64_t seq = ring_first(ring); seq < ring_end(ring); seq++)
            check_event(ring, seq, most, raw);
        ring_free(ring);
    }
    free(raw);
}

Test(ring, makes_room_for_a_large_event_in_steps)
{
    enum { SMALL = 100, LARGE = 4 << 20 };
    struct ring *ring = ring_new(RING_MIN_BYTES);
    char *raw = malloc(LARGE);
    cr_assert(ring && raw);
    for (uint64_t seq = 1; ring_first(ring) == 1; seq++) {
        struct ring_record record = record_of(seq, SMALL);
        fill(raw, seq, record.length);
        ring_push(ring, &record, raw);
    }
    uint64_t first = ring_first(ring), end = ring_end(ring);
    while (!ring_make_room(ring, LARGE, 10)) {
        cr_assert_eq(ring_first(ring), first + 10);
        cr_assert_eq(ring_end(ring), end);
        first = ring_first(ring);
        check_event(ring, first, SMALL, raw);
    }
    char *slot = ring_reserve(ring, LARGE);
    cr_assert_not_null(slot);
    memset(slot, 'x', LARGE);
    for (uint64_t seq = ring_first(ring); seq < end; seq++)
        check_event(ring, seq, SMALL, raw);
    cr_assert_eq(ring_commit(ring, &(struct ring_record){.length = LARGE}), end);
    cr_expect_eq(ring_raw(ring, end)[LARGE - 1], 'x');
    for (uint64_t seq = ring_first(ring); seq < end; seq++)
        check_event(ring, seq, SMALL, raw);
    ring_free(ring);
    free(raw);
}

/* A ring that dropped more than it must would still pass for a ring. */
Test(ring, uses_its_memory)
{
    struct ring *ring = ring_new(RING_MIN_BYTES);
    char raw[2200];
    for (uint64_t seq = 1; seq <= 60000; seq++) {
        struct ring_record record = record_of(seq, sizeof raw);
        fill(raw, seq, record.length);
        ring_push(ring, &record, raw);
    }
    cr_expect_geq(ring_used(ring), ring_capacity(ring) / 100 * 95, "%zu of %zu bytes",
                  ring_used(ring), ring_capacity(ring));
    ring_free(ring);
}

Test(ring, knows_nothing_outside_of_what_it_remembers)
{
    struct ring *ring = ring_new(RING_MIN_BYTES);
    cr_expect_eq(ring_first(ring), ring_end(ring));
    cr_expect_null(ring_at(ring, 0));
    cr_expect_null(ring_at(ring, 1));
    cr_expect_eq(ring_used(ring), 0);
    cr_expect_eq(ring_push(ring, &(struct ring_record){.length = 2}, "{}"), 1);
    cr_expect_not_null(ring_at(ring, 1));
    cr_expect_null(ring_at(ring, 0));
    cr_expect_null(ring_at(ring, 2));
    cr_expect_null(ring_raw(ring, 2));
    cr_expect_null(ring_at(ring, UINT64_MAX));
    ring_free(ring);
    ring_free(NULL);
}

Test(ring, refuses_what_would_push_out_all_others)
{
    struct ring *ring = ring_new(0);
    char *raw = calloc(1, RING_MIN_BYTES);
    cr_assert_not_null(raw);
    cr_expect_eq(ring_capacity(ring), RING_MIN_BYTES, "the least cap holds");
    cr_expect_eq(ring_push(ring, &(struct ring_record){.length = RING_MIN_BYTES / 2}, raw), 0);
    cr_expect_eq(ring_push(ring, &(struct ring_record){.length = UINT32_MAX}, raw), 0);
    cr_expect_eq(ring_end(ring), 1, "a refused event takes no number");
    cr_expect_eq(ring_push(ring, &(struct ring_record){.length = 4 << 20}, raw), 1,
                 "the largest delivery fits");
    ring_free(ring);
    free(raw);
}

Test(ring, counts_duplicates_in_place)
{
    struct ring *ring = ring_new(0);
    ring_push(ring, &(struct ring_record){.length = 2}, "{}");
    ring_at(ring, 1)->duplicates++;
    ring_push(ring, &(struct ring_record){.length = 2}, "[]");
    cr_expect_eq(ring_at(ring, 1)->duplicates, 1);
    cr_expect_eq(ring_at(ring, 2)->duplicates, 0);
    ring_free(ring);
}

/* Resident bytes of this process, from /proc; 0 where there is none. */
static size_t resident(void)
{
    unsigned long total, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%lu %lu", &total, &pages) != 2)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

Test(ring, takes_memory_only_as_it_fills)
{
    size_t before = resident(), mib = 1 << 20;
    struct ring *ring = ring_new(4096 * mib);
    if (!before || !ring)
        return; /* no /proc, or no address space for it */
    ring_push(ring, &(struct ring_record){.length = 2}, "{}");
    cr_expect_lt(resident(), before + 8 * mib, "an almost empty ring of 4 GiB holds %zu KiB",
                 (resident() - before) / 1024);
    ring_free(ring);
}
