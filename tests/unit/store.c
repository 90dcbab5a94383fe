/*
 * The store: what was added is there once, counted once, and copied out whole.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

static const int64_t now = INT64_C(1779625085123);

/* Adds an event as the endpoint does after decoding it. */
static enum delivery_result add(struct store *store, const char *id, const char *type,
                                const char *raw, uint64_t *seq)
{
    struct event event = {
        .id = id,
        .type = type,
        .known = catalog_find(type),
        .entity = catalog_entity(type),
        .outcome = catalog_outcome(type),
    };
    return store_add(store,
                     &(struct store_arrival){.event = &event,
                                             .raw = raw,
                                             .length = strlen(raw),
                                             .received_ms = now,
                                             .verified = true},
                     seq);
}

static struct store *new_store(void)
{
    struct store *store = store_new(RING_MIN_BYTES);
    cr_assert_not_null(store);
    return store;
}

Test(store, remembers_events_once)
{
    static const struct {
        const char *id, *raw;
        enum delivery_result result;
        uint64_t seq;
    } rows[] = {
        {"evt_1", "{\"id\":\"evt_1\"}", DELIVERY_ACCEPTED, 1},
        {"evt_2", "{\"id\":\"evt_2\"}", DELIVERY_ACCEPTED, 2},
        {"evt_1", "{\"id\":\"evt_1\"}", DELIVERY_DUPLICATE, 1},
        {"evt_1", "{\"id\":\"evt_1\",\"changed\":true}", DELIVERY_DUPLICATE, 1},
        {"EVT_1", "{\"id\":\"EVT_1\"}", DELIVERY_ACCEPTED, 3},
        {"evt_2", "{\"id\":\"evt_2\"}", DELIVERY_DUPLICATE, 2},
    };
    struct store *store = new_store();
    struct store_copy copy = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t seq;
        enum delivery_result result = add(store, rows[i].id, "task.failed", rows[i].raw, &seq);
        cr_expect_eq(result, rows[i].result, "row %zu", i);
        cr_expect_eq(seq, rows[i].seq, "row %zu: %" PRIu64, i, seq);
    }
    store_lock(store);
    cr_expect_eq(ring_end(store_ring(store)), 4);
    cr_assert(store_copy_event(store, 1, &copy));
    cr_expect_str_eq(copy.raw, "{\"id\":\"evt_1\"}", "the first one stays");
    cr_expect_eq(copy.record.duplicates, 2);
    cr_assert(store_copy_event(store, 2, &copy));
    cr_expect_eq(copy.record.duplicates, 1);
    cr_expect_not(store_copy_event(store, 4, &copy));
    store_unlock(store);
    store_copy_free(&copy);
    store_free(store);
    store_free(NULL);
}

Test(store, a_large_event_is_kept_and_fetched_whole)
{
    enum { LARGE = 4 << 20 };
    struct store *store = new_store();
    struct store_copy copy = {0};
    char *raw = malloc(LARGE + 1), id[16];
    uint64_t seq;
    cr_assert_not_null(raw);
    raw[LARGE] = '\0';
    for (int i = 1; i <= 5; i++) {
        for (size_t at = 0; at < LARGE; at++)
            raw[at] = (char)('a' + (at / 1000 + (size_t)i) % 26);
        snprintf(id, sizeof id, "evt_%d", i);
        cr_expect_eq(add(store, id, "task.failed", raw, &seq), DELIVERY_ACCEPTED);
        cr_expect_eq(seq, (uint64_t)i);
        cr_expect_eq(add(store, id, "task.failed", raw, &seq), DELIVERY_DUPLICATE);
        cr_assert(store_fetch(store, (uint64_t)i, &copy));
        cr_expect_eq(copy.seq, (uint64_t)i);
        cr_expect_eq(copy.record.duplicates, 1);
        cr_expect_eq(strcmp(copy.raw, raw), 0);
    }
    cr_expect_not(store_fetch(store, 1, &copy), "it has left memory");
    cr_expect(store_fetch(store, 5, &copy));
    add(store, "evt_small", "task.failed", "{}", &seq);
    cr_expect(store_fetch(store, seq, &copy));
    cr_expect_str_eq(copy.raw, "{}");
    store_copy_free(&copy);
    free(raw);
    store_free(store);
}

Test(store, counts_repeats_of_what_only_the_journal_knows)
{
    struct store *store = new_store();
    struct store_copy copy = {0};
    uint64_t seq;
    add(store, "evt_1", "task.failed", "{}", &seq);
    cr_expect_eq(store_repeat(store, "evt_1"), 1);
    cr_expect_eq(store_repeat(store, "evt_old"), 0, "not remembered");
    store_lock(store);
    cr_expect_eq(ring_end(store_ring(store)), 2);
    cr_assert(store_copy_event(store, 1, &copy));
    cr_expect_eq(copy.record.duplicates, 1);
    store_unlock(store);
    store_copy_free(&copy);
    store_free(store);
}

Test(store, recalled_events_are_no_arrivals)
{
    struct store *store = new_store();
    struct event event = {.id = "evt_1", .type = "task.failed"};
    struct store_arrival arrival = {
        .event = &event, .raw = "{}", .length = 2, .received_ms = now, .recalled = true};
    uint64_t seq;
    cr_expect_eq(store_add(store, &arrival, &seq), DELIVERY_ACCEPTED);
    cr_expect_eq(seq, 1);
    store_lock(store);
    cr_expect_not(rate_active(store_rate(store), now, 1));
    store_unlock(store);
    store_free(store);
}

Test(store, copies_what_the_envelope_and_the_arrival_say)
{
    struct store *store = new_store();
    struct store_copy copy = {0};
    struct event event = {.id = "evt_1",
                          .type = "session.failed",
                          .created_ms = now - 5000,
                          .known = catalog_find("session.failed"),
                          .entity = ENTITY_SESSION,
                          .outcome = OUTCOME_FAILED};
    struct store_arrival arrival = {
        .event = &event, .raw = "{}", .length = 2, .received_ms = now, .verified = false};
    uint64_t seq;
    store_add(store, &arrival, &seq);
    event.id = "evt_2";
    event.created_ms = 0;
    arrival.verified = true;
    store_add(store, &arrival, &seq);

    store_lock(store);
    cr_assert(store_copy_event(store, 1, &copy));
    cr_expect_eq(copy.record.created_ms, now - 5000);
    cr_expect_eq(copy.record.received_ms, now);
    cr_expect_eq(copy.record.entity, ENTITY_SESSION);
    cr_expect_eq(copy.record.outcome, OUTCOME_FAILED);
    cr_expect_not(copy.record.verified);
    cr_expect_str_eq(store_type(store, copy.record.type)->name, "session.failed");
    cr_assert(store_copy_event(store, 2, &copy));
    cr_expect_eq(copy.record.created_ms, now, "no `created`: the time of arrival");
    cr_expect(copy.record.verified);
    cr_expect_eq(store_counts(store)->unverified, 1);
    store_unlock(store);
    store_copy_free(&copy);
    store_free(store);
}

Test(store, counts)
{
    static const char *const types[] = {"task.failed",    "task.completed", "task.completed",
                                        "session.failed", "export.failed",  "export.failed"};
    struct store *store = new_store();
    char id[32];
    uint64_t seq;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        snprintf(id, sizeof id, "evt_%zu", i);
        add(store, id, types[i], "{}", &seq);
    }
    add(store, "evt_0", "task.failed", "{}", &seq);

    store_lock(store);
    const struct store_counts *counts = store_counts(store);
    cr_expect_eq(counts->outcomes[OUTCOME_FAILED], 4);
    cr_expect_eq(counts->outcomes[OUTCOME_OK], 2);
    cr_expect_eq(counts->entities[ENTITY_TASK], 3);
    cr_expect_eq(counts->entities[ENTITY_SESSION], 1);
    cr_expect_eq(counts->entities[ENTITY_OTHER], 2);
    cr_expect_eq(counts->forgotten, 0);
    cr_expect_eq(rate_average(store_rate(store), now + 1000, 1), 6, "duplicates do not count");
    cr_assert_eq(store_type_count(store), catalog_size + 1);
    const struct store_type *export = store_type(store, catalog_size);
    cr_expect_str_eq(export->name, "export.failed");
    cr_expect_eq(export->outcome, OUTCOME_FAILED);
    cr_expect_eq(export->count, 2);
    cr_expect_eq(store_type(store, (size_t)(catalog_find("task.completed") - catalog))->count, 2);
    cr_expect_null(store_type(store, catalog_size + 1));
    store_unlock(store);
    store_free(store);
}

/* Decodes a body and adds it, `times` times. */
static void deliver(struct store *store, const char *body, int times)
{
    struct event event;
    char reason[256];
    uint64_t seq;
    cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s", reason);
    struct store_arrival arrival = {
        .event = &event, .raw = body, .length = strlen(body), .received_ms = now};
    while (times-- > 0)
        store_add(store, &arrival, &seq);
    event_free(&event);
}

Test(store, duplicates_are_folded_once)
{
    struct store *store = new_store();
    deliver(store, "{\"id\":\"a\",\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_1\"}}", 3);
    deliver(store, "{\"id\":\"b\",\"type\":\"task.failed\",\"data\":{\"task_id\":\"tsk_1\"}}", 2);
    store_lock(store);
    const struct task *task =
        (const struct task *)entities_find(store_entities(store), ENTITY_TASK, "tsk_1");
    cr_assert_not_null(task);
    cr_expect_eq(task->failed, 2);
    cr_expect_eq(task->entity.newest.created_ms, now, "no `created`: the time of arrival");
    cr_expect_eq(task->entity.last_seq, 2);
    store_unlock(store);
    store_free(store);
}

Test(store, walks_through_related_events)
{
    static const struct {
        const char *name;
        enum id_kind kind;
        const char *id;
        uint64_t seqs[4]; /* newest first */
    } rows[] = {
        {"a task", ID_TASK, "tsk_1", {5, 4, 1}},
        {"a session", ID_SESSION, "ses_1", {4, 2}},
        {"an execution, and what healed it", ID_EXECUTION, "exr_1", {5, 1}},
        {"a request", ID_REQUEST, "req_1", {2}},
        {"an id of another kind", ID_TASK, "ses_1", {0}},
        {"an unknown id", ID_TASK, "tsk_2", {0}},
        {"no id", ID_TASK, NULL, {0}},
        {"an empty id", ID_TASK, "", {0}},
    };
    struct store *store = new_store();
#define DELIVER(id, data)                                                                          \
    deliver(store, "{\"id\":\"" id "\",\"type\":\"task.healed\",\"data\":{" data "}}", 2)
    DELIVER("a", "\"task_id\":\"tsk_1\",\"execution_id\":\"exr_1\"");
    DELIVER("b", "\"session_id\":\"ses_1\",\"request_id\":\"req_1\"");
    DELIVER("c", "\"task_id\":7");
    DELIVER("d", "\"session_id\":\"ses_1\",\"task_id\":\"tsk_1\"");
    DELIVER("e", "\"source_execution_id\":\"exr_1\",\"task_id\":\"tsk_1\"");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct event_ids ids = {0};
        uint64_t seqs[8] = {0};
        ids.of[rows[i].kind] = store_id(store, rows[i].kind, rows[i].id);
        store_lock(store);
        struct chain_walk walk = store_walk(store, &ids);
        store_walk_next(store, &walk, seqs, 8);
        store_unlock(store);
        cr_expect_arr_eq(seqs, rows[i].seqs, sizeof rows[i].seqs, "%s", rows[i].name);
    }

    /* All that is related to one event. */
    struct event event;
    struct event_ids ids;
    uint64_t seqs[8];
    char reason[256];
    static const char body[] = "{\"id\":\"d\",\"type\":\"task.failed\",\"data\":{"
                               "\"session_id\":\"ses_1\",\"task_id\":\"tsk_1\"}}";
    cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason));
    store_ids(store, &event, &ids);
    store_lock(store);
    struct chain_walk walk = store_walk(store, &ids);
    cr_assert_eq(store_walk_next(store, &walk, seqs, 8), 4);
    cr_expect(seqs[0] == 5 && seqs[1] == 4 && seqs[2] == 2 && seqs[3] == 1);
    store_unlock(store);
    event_free(&event);
    store_free(store);
}

Test(store, types_without_end_share_the_last_row)
{
    struct store *store = new_store();
    uint64_t seq;
    for (unsigned i = 0; i < 3 * STORE_MAX_TYPES; i++) {
        char id[32], type[32];
        snprintf(id, sizeof id, "evt_%u", i);
        snprintf(type, sizeof type, "new.type_%u", i);
        cr_assert_eq(add(store, id, type, "{}", &seq), DELIVERY_ACCEPTED);
    }
    store_lock(store);
    cr_expect_eq(store_type_count(store), STORE_MAX_TYPES);
    cr_expect_str_eq(store_type(store, STORE_MAX_TYPES - 1)->name, "(other types)");
    cr_expect_eq(ring_type(store_ring(store), seq), STORE_MAX_TYPES - 1);
    uint64_t sum = 0;
    for (size_t i = 0; i < STORE_MAX_TYPES; i++)
        sum += store_type(store, i)->count;
    cr_expect_eq(sum, 3 * STORE_MAX_TYPES);
    store_unlock(store);
    add(store, "evt_last", "new.type_3", "{}", &seq);
    store_lock(store);
    cr_expect_eq(ring_type(store_ring(store), seq), catalog_size + 3, "those met keep their row");
    store_unlock(store);
    store_free(store);
}

Test(store, forgets_the_oldest_events_but_not_their_ids)
{
    struct store *store = new_store();
    struct store_copy copy = {0};
    enum { EVENTS = 40, SIZE = 1 << 20 };
    char *raw = malloc(SIZE + 1);
    cr_assert_not_null(raw);
    memset(raw, 'x', SIZE);
    raw[SIZE] = '\0';
    uint64_t seq;
    for (unsigned i = 1; i <= EVENTS; i++) {
        char id[32];
        snprintf(id, sizeof id, "evt_%u", i);
        add(store, id, "task.failed", raw, &seq);
        cr_assert_eq(seq, i);
    }
    store_lock(store);
    uint64_t first = ring_first(store_ring(store));
    cr_expect_gt(first, 1);
    cr_expect_eq(store_counts(store)->forgotten, first - 1);
    cr_expect_not(store_copy_event(store, first - 1, &copy));
    cr_expect(store_copy_event(store, first, &copy));
    cr_expect_eq(strlen(copy.raw), SIZE);
    store_unlock(store);

    cr_expect_eq(add(store, "evt_1", "task.failed", raw, &seq), DELIVERY_DUPLICATE);
    cr_expect_eq(seq, 0, "its event is gone");
    cr_expect_eq(add(store, "evt_40", "task.failed", raw, &seq), DELIVERY_DUPLICATE);
    cr_expect_eq(seq, 40);
    store_copy_free(&copy);
    store_free(store);
    free(raw);
}

Test(store, deliveries_are_a_bounded_list)
{
    enum { LIMIT = 500, ROWS = LIMIT + 5 };
    struct store_limits limits = store_share(STORE_MIN_MEMORY);
    limits.deliveries = LIMIT;
    struct store *store = store_new_limited(&limits);
    cr_assert(store);
    cr_expect_eq(store_delivery_first(store), store_delivery_end(store));
    cr_expect_null(store_delivery(store, 0));
    cr_expect_null(store_delivery(store, 1));

    for (unsigned i = 1; i <= ROWS; i++) {
        struct delivery delivery = {.status = 401, .bytes = i, .result = DELIVERY_REFUSED};
        snprintf(delivery.reason, sizeof delivery.reason, "reason %u", i);
        store_add_delivery(store, &delivery);
    }
    store_lock(store);
    cr_expect_eq(store_delivery_first(store), 6);
    cr_expect_eq(store_delivery_end(store), ROWS + 1);
    cr_expect_null(store_delivery(store, 5));
    cr_expect_null(store_delivery(store, ROWS + 1));
    cr_expect_eq(store_delivery(store, 6)->bytes, 6);
    cr_expect_eq(store_delivery(store, ROWS)->number, ROWS);
    cr_expect_str_eq(store_delivery(store, 6)->reason, "reason 6");
    cr_expect_eq(store_counts(store)->results[DELIVERY_REFUSED], ROWS);
    cr_expect_eq(store_counts(store)->results[DELIVERY_ACCEPTED], 0);
    store_unlock(store);
    store_free(store);
}

/* Of each type of event in turn, each time about something new; requests are answered. */
static void write_new(char *raw, size_t size, unsigned number, size_t padding)
{
    const char *type = catalog[number % catalog_size].name;
    unsigned story = number / (unsigned)catalog_size;
    snprintf(raw, size,
             "{\"id\":\"evt_%u\",\"type\":\"%s\",\"data\":{\"task_id\":\"tsk_%u\","
             "\"session_id\":\"ses_%u\",\"request_id\":\"req_%u\",\"batch_id\":\"bat_%u\","
             "\"identity_id\":\"idn_%u\",\"execution_id\":\"exr_%u\",\"duration_ms\":5,"
             "\"recording_url\":\"%0*d\"}}",
             number, type, number, story, story, number, number, number, (int)padding, 0);
}

Test(store, takes_no_more_memory_than_it_may)
{
    static const struct {
        const char *name;
        size_t padding;
        unsigned events;
    } rows[] = {
        {"events that name many ids", 1, 40000},
        {"long links", 3000, 12000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct store *store = store_new(STORE_MIN_MEMORY);
        size_t most = 0;
        cr_assert(store);
        for (unsigned number = 1; number <= rows[i].events; number++) {
            char raw[4000], reason[128];
            struct event event;
            uint64_t seq;
            write_new(raw, sizeof raw, number, rows[i].padding);
            cr_assert(event_decode(&event, raw, strlen(raw), reason, sizeof reason), "%s", reason);
            store_add(store,
                      &(struct store_arrival){
                          .event = &event, .raw = raw, .length = strlen(raw), .received_ms = 1},
                      &seq);
            store_add_delivery(store, &(struct delivery){.status = 200});
            event_free(&event);
            store_lock(store);
            most = store_memory(store) > most ? store_memory(store) : most;
            store_unlock(store);
        }
        cr_expect_leq(most, STORE_MIN_MEMORY, "%s: %zu", rows[i].name, most);
        cr_expect_gt(most, STORE_MIN_MEMORY / 10 * 8, "%s: %zu", rows[i].name, most);
        store_lock(store);
        cr_expect_gt(ring_end(store_ring(store)) - ring_first(store_ring(store)), 4000, "%s: %ju",
                     rows[i].name,
                     (uintmax_t)(ring_end(store_ring(store)) - ring_first(store_ring(store))));
        store_unlock(store);
        store_free(store);
    }
}

Test(store, generation_tells_what_is_new)
{
    struct store *store = new_store();
    uint64_t seq, before = store_generation(store);
    add(store, "evt_1", "task.failed", "{}", &seq);
    uint64_t added = store_generation(store);
    cr_expect_neq(added, before);
    add(store, "evt_1", "task.failed", "{}", &seq);
    uint64_t repeated = store_generation(store);
    cr_expect_neq(repeated, added, "a duplicate changes its event's row");
    store_add_delivery(store, &(struct delivery){.status = 200});
    cr_expect_neq(store_generation(store), repeated);
    store_free(store);
}

Test(store, rows_of_a_journal_that_is_gone_are_forgotten)
{
    static const char raw[] = "{\"id\":\"evt_1\",\"type\":\"task.failed\"}";
    struct event event;
    char reason[128];
    uint64_t seq;
    struct store *store = store_new(RING_MIN_BYTES);
    cr_assert(event_decode(&event, raw, sizeof raw - 1, reason, sizeof reason));
    const struct store_arrival arrival = {
        .event = &event, .raw = raw, .length = sizeof raw - 1, .row = 7};
    store_add(store, &arrival, &seq);
    event_free(&event);
    store_lock(store);
    cr_expect_eq(ring_at(store_ring(store), seq)->row, 7);
    store_unlock(store);
    store_forget_rows(store);
    store_lock(store);
    cr_expect_eq(ring_at(store_ring(store), seq)->row, 0);
    store_unlock(store);
    store_free(store);
}
