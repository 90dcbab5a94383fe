/*
 * One thread adds, another copies: every copy is of one whole event. A program of its own, because
 * Criterion's sandbox and ThreadSanitizer want the same addresses.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            exit(EXIT_FAILURE);                                                                    \
        }                                                                                          \
    } while (0)

enum { EVENTS = 40000, PADDING = 700, LARGE_EVERY = 500, LARGE = 200 << 10 };

/* The event of a sequence number: its bytes, and a time and type that must go with them. A large one
 * is copied in while others read. */
static int event_text(char *raw, size_t size, uint64_t seq)
{
    return snprintf(raw, size, "{\"id\":\"evt_%" PRIu64 "\",\"pad\":\"%0*d\"}", seq,
                    seq % LARGE_EVERY ? (int)(seq * 37 % PADDING) + 1 : LARGE, 0);
}

static void *write_events(void *context)
{
    struct store *store = context;
    static char raw[LARGE + 64];
    char id[32];
    for (uint64_t number = 1; number <= EVENTS; number++) {
        uint64_t seq;
        snprintf(id, sizeof id, "evt_%" PRIu64, number);
        struct event event = {.id = id,
                              .type = catalog[number % catalog_size].name,
                              .known = &catalog[number % catalog_size]};
        struct store_arrival arrival = {.event = &event,
                                        .raw = raw,
                                        .length = (size_t)event_text(raw, sizeof raw, number),
                                        .received_ms = (int64_t)number};
        store_add(store, &arrival, &seq);
        if (number % 3 == 0)
            store_add(store, &arrival, &seq);
        store_add_delivery(store, &(struct delivery){.seq = seq, .bytes = (uint32_t)seq});
    }
    return NULL;
}

static void check_copy(const struct store_copy *copy)
{
    static char expected[LARGE + 64];
    int length = event_text(expected, sizeof expected, copy->seq);
    REQUIRE(copy->record.length == (uint32_t)length);
    REQUIRE(strcmp(copy->raw, expected) == 0);
    REQUIRE(copy->record.received_ms == (int64_t)copy->seq);
    REQUIRE(copy->record.type == copy->seq % catalog_size);
}

/* Copies the newest, the oldest and a middle event; returns how many deliveries there were. */
static uint64_t read_frame(struct store *store, struct store_copy *copy)
{
    store_lock(store);
    uint64_t first = ring_first(store_ring(store)), end = ring_end(store_ring(store));
    uint64_t deliveries = store_delivery_end(store) - 1;
    const struct delivery *delivery = store_delivery(store, deliveries);
    REQUIRE(!delivery || delivery->seq == deliveries);
    store_unlock(store);

    uint64_t wanted[] = {first, first + (end - first) / 2, end - 1};
    for (size_t i = 0; i < 3; i++) {
        if (store_fetch(store, wanted[i], copy))
            check_copy(copy);
    }
    return deliveries;
}

int main(void)
{
    struct store *store = store_new(RING_MIN_BYTES);
    struct store_copy copy = {0};
    pthread_t writer;
    REQUIRE(store);
    REQUIRE(pthread_create(&writer, NULL, write_events, store) == 0);

    uint64_t deliveries = 0, generation = 0;
    while (deliveries < EVENTS) {
        uint64_t next = store_generation(store);
        REQUIRE(next >= generation);
        generation = next;
        deliveries = read_frame(store, &copy);
    }
    pthread_join(writer, NULL);

    store_lock(store);
    REQUIRE(ring_end(store_ring(store)) == EVENTS + 1);
    REQUIRE(store_counts(store)->forgotten == ring_first(store_ring(store)) - 1);
    for (uint64_t seq = ring_first(store_ring(store)); seq <= EVENTS; seq++) {
        REQUIRE(store_copy_event(store, seq, &copy));
        check_copy(&copy);
        REQUIRE(copy.record.duplicates == (seq % 3 == 0));
    }
    store_unlock(store);
    store_copy_free(&copy);
    store_free(store);
    return EXIT_SUCCESS;
}
