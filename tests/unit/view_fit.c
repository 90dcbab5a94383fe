/*
 * Columns: room goes where it is needed, and widths keep still.
 */
#include <criterion/criterion.h>

#include "view.h"

enum { TIME, KIND, ID, TEXT, TOOK, COST, COLUMNS };

static const struct column columns[COLUMNS] = {
    [TIME] = {.title = "TIME", .min = 8, .whole = true},
    [KIND] = {.title = "KIND", .min = 12},
    [ID] = {.title = "ID", .min = 13, .id = true, .drop = 2},
    [TEXT] = {.title = "TEXT", .min = 12, .good = 32, .grow = 1, .drop = 1},
    [TOOK] = {.title = "TOOK", .min = 8, .drop = 5},
    [COST] = {.title = "COST", .min = 7, .drop = 4},
};

static const struct column_need short_ids[COLUMNS] = {{8, 8},   {14, 14}, {12, 12},
                                                      {20, 60}, {5, 8},   {7, 7}};
static const struct column_need long_ids[COLUMNS] = {{8, 8},   {14, 14}, {40, 40},
                                                     {20, 60}, {5, 8},   {7, 7}};
static const struct column_need nothing_costs[COLUMNS] = {{8, 8},   {14, 14}, {12, 12},
                                                          {20, 60}, {0, 0},   {0, 0}};
static const struct column_need long_time[COLUMNS] = {{11, 11}, {14, 14}, {12, 12},
                                                      {20, 60}, {5, 8},   {7, 7}};

Test(view_fit, room_goes_where_it_is_needed)
{
    static const struct {
        const char *name;
        const struct column_need *needs;
        int width;
        int widths[COLUMNS];
        bool enough;
    } rows[] = {
        {"everything fits, the text gets the rest", short_ids, 200, {8, 14, 12, 146, 8, 7}, true},
        {"what is short is whole before the text is", short_ids, 78, {8, 14, 12, 33, 0, 7}, true},
        {"an id is whole where the text has what it usually needs",
         long_ids,
         120,
         {8, 14, 40, 38, 8, 7},
         true},
        {"otherwise its beginning is enough", long_ids, 100, {8, 14, 13, 45, 8, 7}, false},
        {"a column with nothing in it takes no room",
         nothing_costs,
         78,
         {8, 14, 12, 41, 0, 0},
         true},
        {"a time is never cut", long_time, 78, {11, 14, 12, 38, 0, 0}, true},
        {"first those go that can be spared", short_ids, 60, {8, 14, 12, 23, 0, 0}, true},
        {"then ids", short_ids, 38, {8, 14, 0, 14, 0, 0}, false},
        {"then the text", short_ids, 24, {8, 14, 0, 0, 0, 0}, true},
        {"the rest is there whatever the width", short_ids, 5, {8, 12, 0, 0, 0, 0}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int widths[COLUMNS];
        bool enough = view_fit(columns, rows[i].needs, COLUMNS, rows[i].width, widths);
        for (int c = 0; c < COLUMNS; c++)
            cr_expect_eq(widths[c], rows[i].widths[c], "%s: column %d is %d wide", rows[i].name, c,
                         widths[c]);
        cr_expect_eq(enough, rows[i].enough, "%s", rows[i].name);
    }
}

Test(view_fit, no_width_is_exceeded)
{
    static const struct column_need *const needs[] = {short_ids, long_ids, nothing_costs,
                                                      long_time};
    for (size_t n = 0; n < sizeof needs / sizeof *needs; n++) {
        for (int width = 26; width < 220; width++) {
            int widths[COLUMNS], total = -1;
            view_fit(columns, needs[n], COLUMNS, width, widths);
            for (int c = 0; c < COLUMNS; c++)
                total += widths[c] ? widths[c] + 1 : 0;
            cr_expect_leq(total, width, "%zu", n);
        }
    }
}

Test(view_fit, a_width_grows_at_once_and_shrinks_late)
{
    static const struct {
        int64_t ms;
        int needed, held;
    } steps[] = {
        {0, 10, 10},    {1000, 14, 14}, {2000, 9, 14},   {12000, 11, 14}, {21500, 8, 11},
        {22000, 8, 11}, {41600, 8, 8},  {41700, 30, 30}, {41800, 5, 30},  {50000, 30, 30},
        {61900, 5, 30}, {70100, 5, 5},  {70000, 3, 3},   {69000, 3, 3}, /* the clock was set back */
    };
    struct held_width held = {.width = 0};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int width = held_width(&held, steps[i].needed, steps[i].ms);
        cr_expect_eq(width, steps[i].held, "step %zu: %d", i, width);
    }
}
