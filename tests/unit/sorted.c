/*
 * The rows of a table: gathered in slices, in order, with what has no value last.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../ui/sorted.h"
#include "dice.h"
#include "store.h"

static struct dice dice = {.state = 5};

struct entry {
    uint64_t serial; /* 0: an empty slot */
    bool present;
    double number;
    const char *text;
    double then;
};

static bool gather(const void *context, uint32_t slot, struct sorted_row *row)
{
    const struct entry *entry = (const struct entry *)context + slot;
    if (entry->serial == 0)
        return false;
    *row = (struct sorted_row){.serial = entry->serial};
    row->key.present = entry->present;
    row->key.number = entry->number;
    row->key.textual = entry->text != NULL;
    if (entry->text)
        snprintf(row->key.text, sizeof row->key.text, "%s", entry->text);
    row->then = (struct sort_key){.present = true, .number = entry->then};
    return true;
}

static const struct entry numbers[] = {
    {.serial = 1, .present = true, .number = 5, .then = 1},
    {.serial = 0},
    {.serial = 2, .present = false, .then = 9},
    {.serial = 3, .present = true, .number = 7, .then = 2},
    {.serial = 4, .present = true, .number = 5, .then = 3},
};
static const struct entry words[] = {
    {.serial = 1, .present = true, .text = "pear"},
    {.serial = 2, .present = true, .text = "apple"},
    {.serial = 3, .present = false},
};

#define ENTRIES(table) table, sizeof(table) / sizeof *(table)

static void gather_slots(struct sorted *sorted, uint32_t slots,
                         bool (*read)(const void *context, uint32_t slot, struct sorted_row *row),
                         const void *context)
{
    for (uint32_t slot = 0; slot < slots; slot++) {
        struct sorted_row row;
        if (!read(context, slot, &row))
            continue;
        row.slot = slot;
        cr_assert(sorted_add(sorted, &row));
    }
}

Test(sorted, orders)
{
    static const struct {
        const char *name;
        const struct entry *entries;
        size_t count;
        bool descending, then_descending;
        uint64_t serials[4];
    } cases[] = {
        {"smallest first", ENTRIES(numbers), false, false, {1, 4, 3, 2}},
        {"largest first", ENTRIES(numbers), true, false, {3, 1, 4, 2}},
        {"equal ones by the second key", ENTRIES(numbers), false, true, {4, 1, 3, 2}},
        {"words", ENTRIES(words), false, false, {2, 1, 3}},
        {"words the other way round", ENTRIES(words), true, false, {1, 2, 3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sorted sorted = {.rows = NULL};
        sorted_begin(&sorted);
        gather_slots(&sorted, (uint32_t)cases[i].count, gather, cases[i].entries);
        sorted_finish(&sorted, cases[i].descending, cases[i].then_descending);
        for (size_t row = 0; row < sorted.count; row++) {
            cr_expect_eq(sorted.rows[row].serial, cases[i].serials[row], "%s: row %zu",
                         cases[i].name, row);
            cr_expect_eq(sorted_find(&sorted, cases[i].serials[row], 0), row, "%s: finding %zu",
                         cases[i].name, row);
        }
        cr_expect_eq(sorted_find(&sorted, 99, 0), sorted.count);
        sorted_free(&sorted);
    }
}

Test(sorted, the_last_order_stays_while_the_next_is_gathered)
{
    struct sorted sorted = {.rows = NULL};
    sorted_begin(&sorted);
    gather_slots(&sorted, 5, gather, numbers);
    sorted_finish(&sorted, false, false);
    sorted_begin(&sorted);
    gather_slots(&sorted, 2, gather, numbers);
    cr_assert_eq(sorted.count, 4);
    cr_assert_eq(sorted.rows[0].serial, 1);
    sorted_free(&sorted);
}

static unsigned below(unsigned end)
{
    return (unsigned)dice_between(&dice, 0, (int64_t)end - 1);
}

static void store_body(struct store *store, const char *body)
{
    char reason[200];
    struct event event;
    uint64_t seq;
    cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s", reason);
    store_add(store,
              &(struct store_arrival){
                  .event = &event, .raw = body, .length = strlen(body), .received_ms = 1},
              &seq);
    event_free(&event);
}

/* Entities with all sorts of figures, of which many are zero and some are missing. */
static void add_random_events(struct store *store, unsigned count)
{
    static const char *const types[] = {
        "task.completed",
        "task.failed",
        "task.healed",
        "session.completed",
        "session.failed",
        "session.recording.ready",
        "intervention.requested",
        "intervention.resolved",
        "batch.completed",
        "batch.failed",
        "identity.authenticated",
        "identity.authentication_failed",
    };
    static const char *const words_of[] = {"USD", "EUR", "", "0", "12"};
    for (unsigned i = 0; i < count; i++) {
        char body[1024];
        const char *word = words_of[below(5)];
        unsigned figure = below(3);
        snprintf(body, sizeof body,
                 "{\"id\":\"e%u\",\"type\":\"%s\",\"created\":\"2026-05-24T12:00:%02uZ\","
                 "\"data\":{\"task_id\":\"t%u\",\"session_id\":\"s%u\",\"request_id\":\"r%u\","
                 "\"batch_id\":\"b%u\",\"identity_id\":\"i%u\",\"execution_id\":\"x%u\","
                 "\"cost\":{\"amount\":%u,\"currency\":\"%s\"},\"duration_ms\":%u,"
                 "\"steps\":%u,\"proxy_bytes\":%u,\"reason\":\"%s\",\"message\":\"%s\","
                 "\"error\":\"%s\",\"status\":\"%s\",\"confidence_score\":%u,"
                 "\"total_requests\":%u,\"completed_requests\":%u,\"failed_requests\":%u}}",
                 i, types[below(sizeof types / sizeof *types)], below(60), below(40), below(40),
                 below(40), below(40), below(40), below(9), below(3), word, figure, figure, figure,
                 word, word, word, word, below(2), below(3), below(2), below(2));
        store_body(store, body);
    }
}

/* The entities of a kind, by a place that is drawn for each. */
struct shuffled {
    const struct entities *entities;
    enum entity_kind kind;
    const struct entity_field *field;
    uint32_t order[400], count;
};

static bool gather_shuffled(const void *context, uint32_t place, struct sorted_row *row)
{
    const struct shuffled *table = context;
    const struct entity *entity = entities_at(table->entities, table->kind, table->order[place]);
    if (!entity)
        return false;
    *row = (struct sorted_row){.serial = entity->node.serial};
    sort_key_read(&row->key, table->field, entity, 1779624060000);
    return true;
}

static void shuffle(struct shuffled *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        uint32_t at = below(i + 1);
        table->order[i] = table->order[at];
        table->order[at] = i;
    }
}

static void sort(struct sorted *sorted, const struct shuffled *table, bool descending)
{
    sorted_begin(sorted);
    gather_slots(sorted, table->count, gather_shuffled, table);
    sorted_finish(sorted, descending, false);
}

/* By what people see: not only neighbours are in order, but any two rows. */
static void expect_order(const struct sorted *sorted, const char *name, bool descending)
{
    for (size_t i = 0; i < sorted->count; i++)
        for (size_t k = i + 1; k < sorted->count; k++) {
            const struct sort_key *a = &sorted->rows[i].key, *b = &sorted->rows[k].key;
            cr_assert(a->present || !b->present, "%s: what has no value is last", name);
            if (!b->present)
                continue;
            cr_assert_eq(a->textual, b->textual, "%s: words among numbers", name);
            double order = a->textual ? strcmp(a->text, b->text) : a->number - b->number;
            cr_assert(descending ? order >= 0 : order <= 0, "%s: rows %zu and %zu", name, i, k);
        }
}

Test(sorted, every_column_has_one_order_whatever_the_values_are)
{
    struct store *store = store_new(RING_MIN_BYTES);
    cr_assert(store);
    add_random_events(store, 400);
    struct shuffled table = {.entities = store_entities(store)};
    for (unsigned kind = 0; kind < ENTITY_TABLES; kind++) {
        size_t left;
        table.kind = (enum entity_kind)kind;
        table.field = entity_fields(table.kind, &left);
        table.count = entities_slots(table.entities, table.kind);
        cr_assert(table.count > 10 && table.count <= 400, "%u: %u", kind, table.count);
        for (; left > 0; left--, table.field++)
            for (int descending = 0; descending <= 1; descending++) {
                struct sorted first = {.rows = NULL}, again = {.rows = NULL};
                shuffle(&table);
                sort(&first, &table, descending);
                expect_order(&first, table.field->name, descending);
                shuffle(&table);
                sort(&again, &table, descending);
                for (size_t i = 0; i < first.count; i++)
                    cr_assert_eq(first.rows[i].serial, again.rows[i].serial, "%s: row %zu",
                                 table.field->name, i);
                sorted_free(&first);
                sorted_free(&again);
            }
    }
    store_free(store);
}

Test(sorted, a_cost_of_nothing_is_less_than_any_other)
{
    static const char *const costs[] = {"0.5", "0", "12", "0", "3"};
    static const char *const expected[] = {"t1", "t3", "t0", "t4", "t2"};
    struct store *store = store_new(RING_MIN_BYTES);
    for (size_t i = 0; i < 5; i++) {
        char body[256];
        snprintf(body, sizeof body,
                 "{\"id\":\"e%zu\",\"type\":\"task.completed\",\"data\":{\"task_id\":\"t%zu\","
                 "\"cost\":{\"amount\":%s,\"currency\":\"USD\"}}}",
                 i, i, costs[i]);
        store_body(store, body);
    }
    struct shuffled table = {.entities = store_entities(store),
                             .kind = ENTITY_TASK,
                             .field = entity_field_find(ENTITY_TASK, "cost"),
                             .order = {0, 1, 2, 3, 4},
                             .count = 5};
    struct sorted sorted = {.rows = NULL};
    sort(&sorted, &table, false);
    for (size_t i = 0; i < 5; i++)
        cr_expect_str_eq(entity_id(entities_at(table.entities, ENTITY_TASK, sorted.rows[i].slot)),
                         expected[i], "row %zu", i);
    sorted_free(&sorted);
    store_free(store);
}
