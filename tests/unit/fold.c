/*
 * Figures that do not depend on the order of events: each against all orders, or a naive count.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void shuffle(unsigned *order, unsigned count, uint64_t *random)
{
    for (unsigned i = 0; i < count; i++)
        order[i] = i;
    for (unsigned i = count; i > 1; i--) {
        unsigned k = (unsigned)(next_random(random) % i), held = order[i - 1];
        order[i - 1] = order[k];
        order[k] = held;
    }
}

Test(fold, stamps_are_ordered_by_time_and_then_by_id)
{
    static const struct {
        const char *name;
        int64_t a_ms;
        const char *a;
        int64_t b_ms;
        const char *b;
        int order;
    } rows[] = {
        {"the same", 5, "evt_1", 5, "evt_1", 0},      {"by time", 5, "evt_9", 6, "evt_1", -1},
        {"by id", 5, "evt_1", 5, "evt_2", -1},        {"a longer id", 5, "evt_1", 5, "evt_11", -1},
        {"before 1970", -5, "evt_1", 0, "evt_1", -1}, {"none and one", 0, "", -5, "evt_1", -1},
        {"none and none", 7, "", -5, "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stamp a = stamp_of(rows[i].a_ms, rows[i].a), b = stamp_of(rows[i].b_ms, rows[i].b);
        int order = stamp_compare(&a, &b);
        cr_expect_eq((order > 0) - (order < 0), rows[i].order, "%s: %d", rows[i].name, order);
        order = stamp_compare(&b, &a);
        cr_expect_eq((order > 0) - (order < 0), -rows[i].order, "%s, swapped", rows[i].name);
    }
}

Test(fold, long_ids_that_begin_alike_differ)
{
    struct stamp a = stamp_of(1, "evt_0123456789012345678901234567890123456789a");
    struct stamp b = stamp_of(1, "evt_0123456789012345678901234567890123456789b");
    cr_expect_eq(strcmp(a.id, b.id), 0);
    cr_expect_neq(stamp_compare(&a, &b), 0);
    cr_expect_eq(stamp_compare(&a, &b), -stamp_compare(&b, &a));
}

Test(fold, the_newest_wins)
{
    struct latest_text text = {0};
    struct latest_number number = {0};
    struct stamp old = stamp_of(1, "evt_1"), new = stamp_of(2, "evt_2");
    latest_text_fold(&text, &new, "new");
    latest_text_fold(&text, &old, "old");
    cr_expect_str_eq(text.text, "new");
    latest_number_fold(&number, &old, 1);
    latest_number_fold(&number, &new, 2);
    latest_number_fold(&number, &old, 3);
    cr_expect_eq(number.value, 2);
    free(text.text);
}

Test(fold, text_is_cut_at_a_character_and_says_so)
{
    static const char mark[] = "…";
    static const struct {
        const char *name, *tail; /* behind FOLD_TEXT_MAX - 6 letters */
        const char *kept;
    } rows[] = {
        {"fits", "abcdef", "abcdef"},
        {"fits, of three bytes", "abc\u2603", "abc\u2603"},
        {"too long", "abcdefg", "abc…"},
        {"two bytes over the end", "ab\u00e9defg", "ab…"},
        {"three bytes over the end", "a\u2603defg", "a…"},
        {"four bytes over the end", "\U0001f600defg", "…"},
        {"not UTF-8", "\x80\x80\x80\x80\x80\x80\x80\x80", "…"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char value[FOLD_TEXT_MAX + 8], *text = NULL;
        memset(value, 'x', FOLD_TEXT_MAX - 6);
        snprintf(value + FOLD_TEXT_MAX - 6, sizeof value - (FOLD_TEXT_MAX - 6), "%s", rows[i].tail);
        fold_text(&text, value);
        size_t length = strlen(text), kept = strlen(rows[i].kept);
        cr_expect(length <= FOLD_TEXT_MAX && length > kept, "%s: %zu", rows[i].name, length);
        cr_expect_str_eq(text + length - kept, rows[i].kept, "%s: %s", rows[i].name,
                         text + length - kept);
        if (strstr(rows[i].kept, mark))
            cr_expect_eq(strncmp(text, value, length - (sizeof mark - 1)), 0, "%s", rows[i].name);
        fold_text(&text, "short");
        cr_expect_str_eq(text, "short");
        fold_text(&text, NULL);
        cr_expect_null(text);
    }
}

Test(fold, a_streak_is_what_failed_since_the_last_success)
{
    static const struct {
        const char *name, *runs; /* F, S by time */
        uint32_t length;
    } rows[] = {
        {"nothing", "", 0},
        {"only failures", "FFF", 3},
        {"ended", "FFFS", 0},
        {"since a success", "FFSFF", 2},
        {"since the last success", "FSFSF", 1},
        {"long", "SFFFFFFFFFFF", 11},
    };
    uint64_t random = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned round = 0; round < 200; round++) {
            struct streak streak = {0};
            unsigned order[16], count = (unsigned)strlen(rows[i].runs);
            bool more;
            shuffle(order, count, &random);
            for (unsigned k = 0; k < count; k++) {
                struct stamp at = stamp_of(order[k], "evt");
                if (rows[i].runs[order[k]] == 'F')
                    streak_fail(&streak, &at);
                else
                    streak_succeed(&streak, &at);
            }
            cr_assert_eq(streak_length(&streak, &more), rows[i].length, "%s", rows[i].name);
            cr_assert_not(more);
            streak_free(&streak);
        }
}

/* Long ones, against a count; with a success somewhere that cuts off `old` of the failures. */
Test(fold, a_streak_counts_up_to_its_limit)
{
    static const struct {
        const char *name;
        unsigned failures, old;
        uint32_t length;
        bool more;
    } rows[] = {
        {"just as many", FOLD_STREAK_MAX, 0, FOLD_STREAK_MAX, false},
        {"one more", FOLD_STREAK_MAX + 1, 0, FOLD_STREAK_MAX, true},
        {"one more, which is old", FOLD_STREAK_MAX + 1, 1, FOLD_STREAK_MAX, false},
        {"many more", 5 * FOLD_STREAK_MAX, 0, FOLD_STREAK_MAX, true},
        {"many, all but few old", 5 * FOLD_STREAK_MAX, 5 * FOLD_STREAK_MAX - 3, 3, false},
    };
    uint64_t random = 7;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned round = 0; round < 5; round++) {
            unsigned order[5 * FOLD_STREAK_MAX + 1], count = rows[i].failures + 1;
            struct streak streak = {0}, copy;
            bool more;
            shuffle(order, count, &random);
            for (unsigned k = 0; k < count; k++) {
                struct stamp at = stamp_of(round == 0 ? k : order[k], "evt");
                if (at.created_ms == rows[i].old)
                    streak_succeed(&streak, &at);
                else
                    streak_fail(&streak, &at);
            }
            cr_expect_eq(streak_length(&streak, &more), rows[i].length, "%s", rows[i].name);
            cr_expect_eq(more, rows[i].more, "%s", rows[i].name);
            cr_assert(streak_copy(&copy, &streak));
            streak_free(&streak);
            cr_expect_eq(streak_length(&copy, &more), rows[i].length, "%s, copied", rows[i].name);
            streak_free(&copy);
        }
}

Test(fold, costs_are_summed_by_currency)
{
    static const struct {
        double amount;
        const char *currency;
    } events[] = {
        {0.012, "USD"}, {0.005, "USD"}, {1.5, "EUR"},     {2, NULL},        {0.1, "C1"},
        {0.1, "C2"},    {0.1, "C3"},    {0.1, "C4"},      {0.1, "C5"},      {0.1, "C6"},
        {0.25, "ZZZ"},  {0.2, "C1"},    {7, "BITCOINS"},  {-5, "USD"},      {1e300, "USD"},
        {3, ""},        {0.5, "USD"},   {0.000001, "C1"}, {0.5, "1234567"},
    };
    static const struct {
        const char *currency;
        int64_t micros;
    } sums[FOLD_CURRENCIES] = {
        {"", 5000000},  {"1234567", 500000}, {"C1", 300001}, {"C2", 100000},
        {"C3", 100000}, {"C4", 100000},      {"C5", 100000}, {"C6", 100000},
    };
    enum { EVENTS = sizeof events / sizeof *events };
    uint64_t random = 3;
    for (unsigned round = 0; round < 1000; round++) {
        struct costs costs = {0};
        unsigned order[EVENTS];
        shuffle(order, EVENTS, &random);
        for (unsigned i = 0; i < EVENTS; i++)
            costs_add(&costs, events[order[i]].amount, events[order[i]].currency);
        cr_assert_eq(costs.count, FOLD_CURRENCIES);
        for (unsigned i = 0; i < FOLD_CURRENCIES; i++) {
            cr_assert_str_eq(costs.sums[i].currency, sums[i].currency);
            cr_assert_eq(costs.sums[i].micros, sums[i].micros, "%s: %" PRId64, sums[i].currency,
                         costs.sums[i].micros);
        }
        cr_assert_eq(costs.other, 9267000, "EUR, USD, ZZZ and BITCOINS: %" PRId64, costs.other);
    }
}

Test(fold, costs_do_not_overflow)
{
    struct costs costs = {0};
    for (unsigned i = 0; i < 100; i++) {
        costs_add(&costs, 999999999999.0, "USD");
        costs_add(&costs, 999999999999.0, "BITCOINS");
    }
    cr_expect_eq(costs.sums[0].micros, INT64_MAX);
    cr_expect_eq(costs.other, INT64_MAX);
}

/* Things that are named several times each, against a search of all events for the newest. */
Test(fold, refs_are_the_newest_things_met)
{
    enum { THINGS = 3 * FOLD_REFS_MAX, EVENTS = 3 * THINGS };
    uint64_t random = 11;
    for (unsigned round = 0; round < 200; round++) {
        struct refs refs = {0}, copy;
        unsigned order[EVENTS], newest[THINGS] = {0};
        unsigned things = round % THINGS + 1;
        shuffle(order, EVENTS, &random);
        for (unsigned i = 0; i < EVENTS; i++) {
            unsigned thing = order[i] * 7919U % things;
            char id[16], other[16];
            snprintf(id, sizeof id, "exr_%u", thing);
            snprintf(other, sizeof other, "ses_%u", order[i]);
            if (order[i] + 1 > newest[thing])
                newest[thing] = order[i] + 1;
            refs_fold(&refs, &(struct ref){.at = stamp_of(order[i], "evt"),
                                           .hash = thing % 5,
                                           .id = id,
                                           .other = order[i] % 2 ? other : NULL,
                                           .outcome = (enum outcome)(order[i] % OUTCOMES)});
        }
        cr_assert_eq(refs.count, things < FOLD_REFS_MAX ? things : FOLD_REFS_MAX);
        cr_assert(refs_copy(&copy, &refs));
        refs_free(&refs);
        for (unsigned i = 0; i < copy.count; i++) {
            const struct ref *ref = &copy.items[i];
            unsigned best = 0;
            for (unsigned k = 1; k < things; k++)
                if (newest[k] > newest[best])
                    best = k;
            unsigned event = newest[best] - 1;
            char expected[32], found[32];
            snprintf(expected, sizeof expected, "exr_%u %u %d", best, event, event % 2);
            snprintf(found, sizeof found, "%.12s %" PRId64 " %d", ref->id, ref->at.created_ms,
                     ref->other != NULL);
            cr_assert_str_eq(found, expected, "round %u, item %u", round, i);
            cr_assert_eq(ref->outcome, (enum outcome)(event % OUTCOMES));
            newest[best] = 0;
        }
        refs_free(&copy);
    }
}
