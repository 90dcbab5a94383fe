/*
 * The rows of a table: gathered in slices, in order, with what has no value last.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../ui/sorted.h"

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
        while (!sorted_gather_some(&sorted, (uint32_t)cases[i].count, gather, cases[i].entries, 2))
            ;
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
    cr_assert(sorted_gather_some(&sorted, 5, gather, numbers, 100));
    sorted_finish(&sorted, false, false);
    sorted_begin(&sorted);
    cr_assert_not(sorted_gather_some(&sorted, 5, gather, numbers, 2));
    cr_assert_eq(sorted.count, 4);
    cr_assert_eq(sorted.rows[0].serial, 1);
    sorted_free(&sorted);
}
