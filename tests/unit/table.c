/*
 * The table: against a list that is searched from end to end.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

enum { KEYS = 200 };

/* A thing with a key; `changed` and `serial` are what the table is expected to know of it. */
struct thing {
    struct table_node node;
    char key[16];
    uint64_t changed, serial;
    bool there, pinned, past;
};

struct model {
    struct thing things[KEYS];
    struct table *table;
    uint64_t now, serials;
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void model_start(struct model *model, size_t expected)
{
    model->table = table_new(expected);
    cr_assert_not_null(model->table);
    for (size_t i = 0; i < KEYS; i++) {
        struct thing *thing = &model->things[i];
        snprintf(thing->key, sizeof thing->key, "key_%zu", i);
        thing->node.key = thing->key;
        thing->node.hash = i % 7; /* so that most keys share a bucket, and some a hash */
    }
}

static struct thing *model_oldest(struct model *model)
{
    struct thing *oldest = NULL;
    for (size_t i = 0; i < KEYS; i++) {
        struct thing *thing = &model->things[i];
        if (!thing->there || thing->pinned)
            continue;
        if (!oldest || thing->past > oldest->past ||
            (thing->past == oldest->past && thing->changed < oldest->changed))
            oldest = thing;
    }
    return oldest;
}

static void model_step(struct model *model, uint64_t choice, struct thing *thing)
{
    bool past = choice % 2 == 0;
    if (!thing->there) {
        cr_assert(table_add(model->table, &thing->node, past));
        thing->there = true;
        thing->past = past;
        thing->pinned = false;
        thing->serial = ++model->serials;
        thing->changed = ++model->now;
    } else if (choice < 3) {
        table_remove(model->table, &thing->node);
        thing->there = false;
    } else if (choice < 5) {
        bool pinned = choice == 3;
        table_pin(model->table, &thing->node, pinned);
        if (thing->pinned != pinned)
            thing->changed = ++model->now;
        thing->pinned = pinned;
    } else {
        table_touch(model->table, &thing->node, past);
        if (!past || thing->past)
            thing->changed = ++model->now;
        thing->past &= past;
    }
}

static void model_check(struct model *model)
{
    size_t count = 0, in_slots = 0;
    for (size_t i = 0; i < KEYS; i++) {
        struct thing *thing = &model->things[i];
        struct table_node *found = table_find(model->table, thing->key, thing->node.hash);
        cr_assert_eq(found, thing->there ? &thing->node : NULL, "%s", thing->key);
        if (!thing->there)
            continue;
        count++;
        cr_assert_eq(table_at(model->table, thing->node.slot), &thing->node);
        cr_assert_eq(thing->node.serial, thing->serial, "a serial is never used again");
    }
    for (uint32_t slot = 0; slot < table_slots(model->table); slot++)
        in_slots += table_at(model->table, slot) != NULL;
    cr_assert_eq(table_count(model->table), count);
    cr_assert_eq(in_slots, count);
    struct thing *oldest = model_oldest(model);
    cr_assert_eq(table_oldest(model->table), oldest ? &oldest->node : NULL);
}

/* Lets all go, each in its turn. */
static void model_drain(struct model *model)
{
    for (size_t i = 0; i < KEYS; i++)
        if (model->things[i].there)
            table_pin(model->table, &model->things[i].node, false);
        else
            model->things[i].pinned = false;
    for (size_t i = 0; i < KEYS; i++) /* unpinned in this order */
        if (model->things[i].there && model->things[i].pinned) {
            model->things[i].pinned = false;
            model->things[i].changed = ++model->now;
        }
    for (struct thing *oldest; (oldest = model_oldest(model)); oldest->there = false) {
        cr_assert_eq(table_oldest(model->table), &oldest->node, "%s", oldest->key);
        table_remove(model->table, &oldest->node);
    }
    cr_assert_eq(table_count(model->table), 0);
}

Test(table, agrees_with_a_naive_one)
{
    static const size_t expected[] = {0, 64, KEYS};
    for (size_t e = 0; e < sizeof expected / sizeof *expected; e++) {
        struct model *model = calloc(1, sizeof *model);
        cr_assert_not_null(model);
        model_start(model, expected[e]);
        uint64_t random = e;
        for (unsigned step = 0; step < 5000; step++) {
            struct thing *thing = &model->things[next_random(&random) % KEYS];
            model_step(model, next_random(&random) % 10, thing);
            model_check(model);
        }
        model_drain(model);
        table_free(model->table, NULL);
        free(model);
    }
}

Test(table, slots_are_used_again)
{
    struct table *table = table_new(4);
    struct thing one = {.key = "one"}, other = {.key = "other"};
    one.node.key = one.key;
    other.node.key = other.key;
    cr_assert(table_add(table, &one.node, false));
    uint32_t slot = one.node.slot;
    table_remove(table, &one.node);
    cr_expect_null(table_at(table, slot));
    cr_assert(table_add(table, &other.node, false));
    cr_expect_eq(other.node.slot, slot);
    cr_expect_neq(other.node.serial, one.node.serial);
    cr_expect_null(table_at(table, 1000));
    table_free(table, NULL);
    table_free(NULL, NULL);
}

static size_t released;

static void release(struct table_node *node)
{
    released++;
    free(node);
}

Test(table, releases_its_nodes)
{
    struct table *table = table_new(0);
    for (unsigned i = 0; i < 50; i++) {
        struct table_node *node = calloc(1, sizeof *node);
        cr_assert_not_null(node);
        node->key = "";
        node->hash = i;
        cr_assert(table_add(table, node, false));
        table_pin(table, node, i % 2 == 0);
    }
    table_free(table, release);
    cr_expect_eq(released, 50);
}

Test(table, things_with_one_key_and_many_hashes_are_many)
{
    enum { THINGS = 300 };
    static const size_t sizes[] = {4, 200, 5000};
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        struct table *table = table_new(sizes[size]);
        struct table_node things[THINGS], other = {.key = "other", .hash = 7 << 10};
        bool found[THINGS] = {false};
        uint64_t random = size;
        cr_assert(table_add(table, &other, false));
        for (size_t i = 0; i < THINGS; i++) {
            uint64_t spread = (next_random(&random) << 33 | next_random(&random)) & ~TABLE_ALIKE;
            things[i] = (struct table_node){.key = "req", .hash = (7 << 10) ^ spread};
            cr_assert(table_add(table, &things[i], false));
        }
        for (size_t i = 0; i < THINGS; i++)
            cr_assert_eq(table_find(table, "req", things[i].hash), &things[i]);
        cr_expect_null(table_find(table, "req", (7 << 10) ^ (UINT64_C(1) << 63)));
        const struct table_node *node = NULL;
        size_t count = 0;
        while ((node = table_alike(table, "req", things[0].hash, node))) {
            cr_assert_not(found[node - things], "twice");
            found[node - things] = true;
            count++;
        }
        cr_expect_eq(count, THINGS);
        table_free(table, NULL);
    }
}
