/*
 * Rows that are looked at again: when, in slices, and with what is shown meanwhile.
 */
#include <criterion/criterion.h>

#include "../../src/filter.h"
#include "../../ui/matches.h"

enum { ROWS = 1000, SLICE = 300 };

/* Wants every number but those below a limit that moves; looks at no more than a budget of them. */
struct wish {
    uint64_t limit;
    size_t budget, left;
};

static size_t look(void *context, struct rows_range range, bool backwards, struct rows_found *found)
{
    struct wish *wish = context;
    size_t looked_at = 0;
    for (; looked_at < range.end - range.first && looked_at < ROWS_FOUND && wish->left > 0;
         looked_at++, wish->left--) {
        uint64_t number = backwards ? range.end - 1 - looked_at : range.first + looked_at;
        if (number >= wish->limit)
            found->numbers[found->count++] = number;
    }
    return looked_at;
}

static struct matches_pass pass_at(int64_t now_ms, uint64_t generation)
{
    return (struct matches_pass){
        .range = {1, ROWS + 1}, .generation = generation, .now_ms = now_ms};
}

static bool look_on(struct matches *matches, const struct matches_pass *pass, struct wish *wish)
{
    wish->left = wish->budget;
    return matches_update(matches, pass, look, wish);
}

static bool update(struct matches *matches, int64_t now_ms, uint64_t generation, uint64_t limit)
{
    struct matches_pass pass = pass_at(now_ms, generation);
    return look_on(matches, &pass, &(struct wish){.limit = limit, .budget = ROWS});
}

static const struct {
    const char *name;
    unsigned change;
    int64_t now_ms; /* of the second pass; the first was at 0 */
    uint64_t generation;
    bool again;
    int wait_ms; /* after the first pass, with this generation, at `now_ms` */
} passes[] = {
    {"never", 0, 5000, 2, false, -1},
    {"nothing came", FILTER_CHANGES_BY_EVENTS, 5000, 1, false, -1},
    {"too early", FILTER_CHANGES_BY_EVENTS, 999, 2, false, 1},
    {"something came", FILTER_CHANGES_BY_EVENTS, 1000, 2, true, 0},
    {"time passes", FILTER_CHANGES_IN_TIME, 1000, 1, true, 0},
    {"little time passes", FILTER_CHANGES_IN_TIME, 400, 1, false, 600},
    {"little time passes and something came", FILTER_CHANGES_IN_TIME, 400, 2, false, 600},
    {"the clock was set back", FILTER_CHANGES_IN_TIME, -5000, 1, true, 0},
};

Test(matches, are_looked_at_again_when_the_answer_may_be_another)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        struct matches matches = {.looking_again = false};
        matches_reset(&matches, true, passes[i].change);
        cr_expect(update(&matches, 0, 1, 1), "%s", passes[i].name);
        cr_expect_eq(rows_count(&matches.rows), ROWS, "%s", passes[i].name);
        int wait_ms = matches_wait_ms(&matches, passes[i].generation, passes[i].now_ms);
        cr_expect_eq(wait_ms, passes[i].wait_ms, "%s: %d", passes[i].name, wait_ms);
        cr_expect(update(&matches, passes[i].now_ms, passes[i].generation, 901), "%s",
                  passes[i].name);
        cr_expect_eq(rows_count(&matches.rows), passes[i].again ? 100 : ROWS, "%s", passes[i].name);
        matches_free(&matches);
    }
}

Test(matches, what_was_found_stays_until_all_was_looked_at)
{
    struct matches matches = {.looking_again = false};
    struct wish wish = {.limit = 901, .budget = SLICE};
    struct matches_pass pass = pass_at(2000, 2);
    int slices = 0;

    matches_reset(&matches, true, FILTER_CHANGES_BY_EVENTS);
    update(&matches, 0, 1, 1);
    while (!look_on(&matches, &pass, &wish)) {
        cr_expect_eq(rows_count(&matches.rows), ROWS, "slice %d", slices);
        cr_expect_eq(matches_wait_ms(&matches, 3, 9000), -1); /* it is under way */
        pass.now_ms += 10;
        slices++;
    }
    cr_expect_eq(slices, ROWS / SLICE);
    cr_expect_eq(rows_count(&matches.rows), 100);
    /* The next time is as much later as this one took long: 30 ms. */
    cr_expect_eq(matches_wait_ms(&matches, 3, pass.now_ms), AGAIN_MS + 120);
    matches_free(&matches);
}

Test(matches, a_first_search_is_not_begun_again)
{
    struct matches matches = {.looking_again = false};
    struct wish wish = {.limit = 901, .budget = SLICE};
    struct matches_pass pass = pass_at(0, 1);

    matches_reset(&matches, true, FILTER_CHANGES_IN_TIME);
    for (int slice = 0; slice < ROWS / SLICE; slice++, pass.now_ms += 5000) {
        cr_expect_not(look_on(&matches, &pass, &wish));
        cr_expect_eq(rows_count(&matches.rows), 100);
        cr_expect_not(matches.looking_again);
    }
    matches_free(&matches);
}

Test(matches, a_new_filter_forgets_the_old_one)
{
    struct matches matches = {.looking_again = false};
    struct wish wish = {.limit = 901, .budget = SLICE};
    struct matches_pass pass = pass_at(2000, 2);

    matches_reset(&matches, true, FILTER_CHANGES_BY_EVENTS);
    update(&matches, 0, 1, 1);
    look_on(&matches, &pass, &wish);
    matches_reset(&matches, true, 0);
    cr_expect_eq(rows_count(&matches.rows), 0);
    cr_expect(update(&matches, 3000, 3, 501));
    cr_expect_eq(rows_count(&matches.rows), 500);
    matches_reset(&matches, false, 0);
    cr_expect(update(&matches, 3000, 3, 501));
    cr_expect_eq(rows_count(&matches.rows), ROWS);
    matches_free(&matches);
}
