/*
 * The simulated fleet: the same story for the same seed, and a story worth watching.
 */
#include "fleet.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"

enum { MINUTE = 60000 };

static const int64_t start_ms = 1779624485123, busy_ms = 1779624485123 + 10 * MINUTE;

/* What one telling of the story held. */
struct tally {
    unsigned deliveries, backlog, repetitions, flaws[3], overtaken, late;
    unsigned types[64];
    unsigned fullest_second, emptiest_ten;
};

static void read_event(const struct fleet_delivery *delivery, struct tally *tally,
                       int64_t *newest_ms)
{
    struct event event;
    char reason[160] = "";
    cr_assert(event_decode(&event, delivery->body, strlen(delivery->body), reason, sizeof reason),
              "%s", reason);
    cr_expect_str_eq(event.id, delivery->event_id);
    cr_expect_str_eq(event.type, delivery->type);
    cr_expect_leq(event.created_ms, delivery->due_ms, "no event is delivered before it happened");
    cr_assert(event.known, "%s", event.type);
    tally->types[event.known - catalog]++;
    tally->overtaken += event.created_ms < *newest_ms;
    tally->late += delivery->due_ms - event.created_ms > MINUTE;
    if (event.created_ms > *newest_ms)
        *newest_ms = event.created_ms;
    /* Terminals and fonts have these last of all: U+3000 to U+DFFF. */
    for (const char *c = delivery->body; *c; c++)
        cr_expect_not((unsigned char)*c >= 0xe3 && (unsigned char)*c <= 0xed, "%s", delivery->body);
    event_free(&event);
}

static struct tally tell(uint64_t seed, unsigned minutes)
{
    struct tally tally = {.emptiest_ten = 1000000};
    struct fleet *fleet = fleet_new(seed, start_ms, busy_ms);
    struct fleet_delivery delivery;
    int64_t end_ms = busy_ms + minutes * MINUTE, newest_ms = 0, last_ms = 0;
    unsigned *seconds = calloc(minutes * 60, sizeof *seconds);

    cr_assert(fleet && seconds);
    while (fleet_due(fleet) < end_ms) {
        cr_assert(fleet_next(fleet, fleet_due(fleet), &delivery));
        cr_expect_geq(delivery.due_ms, last_ms, "deliveries come in order of their due times");
        last_ms = delivery.due_ms;
        read_event(&delivery, &tally, &newest_ms);
        tally.deliveries++;
        tally.repetitions += delivery.repetition;
        tally.flaws[delivery.flaw]++;
        if (delivery.due_ms < busy_ms)
            tally.backlog++;
        else
            seconds[(delivery.due_ms - busy_ms) / 1000]++;
        free(delivery.body);
    }
    for (unsigned i = 0; i < minutes * 60; i++) {
        unsigned ten = 0;
        if (seconds[i] > tally.fullest_second)
            tally.fullest_second = seconds[i];
        for (unsigned j = i; j < i + 10 && i + 10 <= minutes * 60; j++)
            ten += seconds[j];
        if (i + 10 <= minutes * 60 && ten < tally.emptiest_ten)
            tally.emptiest_ten = ten;
    }
    free(seconds);
    fleet_free(fleet);
    return tally;
}

Test(fleet, the_same_seed_tells_the_same_story)
{
    struct fleet *a = fleet_new(42, start_ms, busy_ms), *b = fleet_new(42, start_ms, busy_ms);
    for (int i = 0; i < 2000; i++) {
        struct fleet_delivery from_a, from_b;
        cr_assert(fleet_next(a, fleet_due(a), &from_a));
        cr_assert(fleet_next(b, fleet_due(b), &from_b));
        cr_assert_str_eq(from_a.body, from_b.body);
        cr_assert_eq(from_a.flaw, from_b.flaw);
        free(from_a.body);
        free(from_b.body);
    }
    fleet_free(a);
    fleet_free(b);
}

Test(fleet, twenty_minutes_have_something_of_everything)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct tally tally = tell(seed, 20);
        double rate = tally.deliveries / (20 * 60.0);
        cr_expect(rate > 6 && rate < 10, "seed %d: %.1f a second", (int)seed, rate);
        cr_expect(tally.backlog > 150 && tally.backlog < 260, "seed %d: %u", (int)seed,
                  tally.backlog);
        cr_expect_geq(tally.emptiest_ten, 5, "seed %d: %u", (int)seed, tally.emptiest_ten);
        cr_expect_geq(tally.fullest_second, 15, "seed %d", (int)seed);
        cr_expect_leq(tally.fullest_second, 80, "seed %d", (int)seed);
        cr_expect_gt(tally.repetitions, 40, "seed %d", (int)seed);
        cr_expect_gt(tally.overtaken, 100, "seed %d", (int)seed);
        cr_expect_gt(tally.late, 3, "seed %d", (int)seed);
        cr_expect_gt(tally.flaws[FLEET_WRONG_SIGNATURE] + tally.flaws[FLEET_STALE_TIMESTAMP], 3,
                     "seed %d", (int)seed);
        for (size_t i = 0; i < catalog_size; i++) {
            if (strcmp(catalog[i].name, "batch.failed") != 0)
                cr_expect(tally.types[i], "seed %d: no %s", (int)seed, catalog[i].name);
        }
    }
}

Test(fleet, what_was_refused_comes_again_in_the_same_words)
{
    struct fleet *fleet = fleet_new(5, start_ms, busy_ms);
    struct fleet_delivery refused, again;
    do {
        cr_assert(fleet_next(fleet, fleet_due(fleet), &refused));
        if (refused.flaw == FLEET_GOOD)
            free(refused.body);
    } while (refused.flaw == FLEET_GOOD);
    for (;;) {
        cr_assert(fleet_next(fleet, fleet_due(fleet), &again));
        if (strcmp(again.event_id, refused.event_id) == 0)
            break;
        cr_assert_lt(again.due_ms, refused.due_ms + MINUTE);
        free(again.body);
    }
    cr_expect_str_eq(again.body, refused.body);
    cr_expect_eq(again.flaw, FLEET_GOOD);
    cr_expect_not(again.repetition);
    free(again.body);
    free(refused.body);
    fleet_free(fleet);
}

Test(fleet, in_time_lapse_events_are_as_old_as_the_story_has_them)
{
    const int64_t now_ms = 1800000000000;
    struct fleet *fleet = fleet_new(5, start_ms, busy_ms);
    for (int i = 0; i < 500; i++) {
        struct fleet_delivery delivery;
        struct event event;
        char reason[160];
        cr_assert(fleet_next(fleet, now_ms, &delivery));
        cr_assert(
            event_decode(&event, delivery.body, strlen(delivery.body), reason, sizeof reason));
        cr_expect_leq(event.created_ms, now_ms);
        cr_expect_gt(event.created_ms, now_ms - 10 * MINUTE);
        event_free(&event);
        free(delivery.body);
    }
    fleet_free(fleet);
}
