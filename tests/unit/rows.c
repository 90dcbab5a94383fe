/*
 * The rows of a list: against a filter applied to the whole range.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "../../ui/rows.h"

/* Wants every number that can be divided; looks at no more than a budget of them. */
struct pass {
    uint64_t divisor;
    size_t budget;
};

static size_t look(void *context, struct rows_range range, bool backwards, struct rows_found *found)
{
    struct pass *pass = context;
    size_t looked_at = 0;
    for (; looked_at < range.end - range.first && looked_at < ROWS_FOUND && pass->budget > 0;
         looked_at++, pass->budget--) {
        uint64_t number = backwards ? range.end - 1 - looked_at : range.first + looked_at;
        if (number % pass->divisor == 0)
            found->numbers[found->count++] = number;
    }
    return looked_at;
}

static bool update(struct rows *rows, struct rows_range range, uint64_t divisor, size_t budget)
{
    struct pass pass = {divisor, budget};
    return rows_update(rows, range, look, &pass);
}

/* The rows must be exactly the numbers of the range that pass, newest first. */
static void expect(const struct rows *rows, struct rows_range range, uint64_t divisor)
{
    size_t row = 0;
    for (uint64_t number = range.end; number-- > range.first;) {
        if (number % divisor)
            continue;
        cr_assert_lt(row, rows_count(rows), "%ju is missing", (uintmax_t)number);
        cr_assert_eq(rows_at(rows, row), number, "row %zu", row);
        cr_assert_eq(rows_find(rows, number), row, "finding %ju", (uintmax_t)number);
        row++;
    }
    cr_assert_eq(rows_count(rows), row);
}

Test(rows, without_a_filter_are_the_range)
{
    struct rows rows = {.filtered = false};
    uint64_t one = 1;
    update(&rows, (struct rows_range){5, 5}, one, 10);
    cr_assert_eq(rows_count(&rows), 0);
    update(&rows, (struct rows_range){5, 9}, one, 1);
    expect(&rows, (struct rows_range){5, 9}, 1);
    rows_free(&rows);
}

Test(rows, newest_matches_are_there_at_once)
{
    struct rows rows = {.filtered = false};
    uint64_t ten = 10;
    rows_reset(&rows, true);
    cr_assert_not(update(&rows, (struct rows_range){1, 1000001}, ten, 1000));
    cr_assert_eq(rows_count(&rows), 100);
    cr_assert_eq(rows_at(&rows, 0), 1000000);
    rows_free(&rows);
}

Test(rows, follow_a_moving_range_in_slices)
{
    srand(7);
    for (uint64_t divisor = 1; divisor < 12; divisor += 2) {
        struct rows rows = {.filtered = false};
        struct rows_range range = {1, 1};
        rows_reset(&rows, true);
        for (int step = 0; step < 2000; step++) {
            range.end += (uint64_t)(rand() % 50);
            if (range.end - range.first > 3000)
                range.first = range.end - 1000;
            update(&rows, range, divisor, (size_t)(rand() % 60));
        }
        while (!update(&rows, range, divisor, 500))
            ;
        expect(&rows, range, divisor);
        rows_free(&rows);
    }
}

Test(rows, finding_what_is_gone_gives_the_next_older)
{
    struct rows rows = {.filtered = false};
    uint64_t ten = 10;
    rows_reset(&rows, true);
    update(&rows, (struct rows_range){1, 101}, ten, 1000);
    cr_assert_eq(rows_at(&rows, rows_find(&rows, 57)), 50);
    cr_assert_eq(rows_find(&rows, 9), rows_count(&rows));
    rows_free(&rows);
}
