/*
 * Money: what was spent in the last hour, and which sums are told first.
 */
#include <criterion/criterion.h>

#include "spent.h"

enum { MINUTE = 60000, NOW = 500 * MINUTE };

Test(spent, the_largest_sum_is_told_first_and_the_rest_is_counted)
{
    static const struct {
        struct {
            double amount;
            const char *currency;
        } costs[10];
        uint32_t most;
        const char *text;
    } rows[] = {
        {{{0, NULL}}, 2, ""},
        {{{41.2, "USD"}}, 1, "$41.20"},
        {{{3.4, "EUR"}, {41.2, "USD"}, {7, "CHF"}}, 1, "$41.20 +2"},
        {{{3.4, "EUR"}, {41.2, "USD"}, {7, "CHF"}}, 2, "$41.20 + 7.00 CHF +1"},
        {{{3.4, "EUR"}, {41.2, "USD"}, {7, "CHF"}}, 8, "$41.20 + 7.00 CHF + €3.40"},
        {{{5, "USD"}, {5, "EUR"}}, 2, "€5.00 + $5.00"},
        {{{1, "USD"}, {1, "BITCOINS"}}, 2, "$1.00 +1"},
        {{{1, "AUD"},
          {1, "BRL"},
          {1, "CAD"},
          {1, "CHF"},
          {1, "EUR"},
          {1, "GBP"},
          {1, "JPY"},
          {9, "NOK"},
          {9, "USD"}},
         1,
         "9.00 NOK +8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct costs costs = {.count = 0};
        char text[128];
        for (size_t c = 0; c < 10 && rows[i].costs[c].currency; c++)
            costs_add(&costs, rows[i].costs[c].amount, rows[i].costs[c].currency);
        costs_text(&costs, rows[i].most, text, sizeof text);
        cr_expect_str_eq(text, rows[i].text, "%s: %s", rows[i].text, text);
    }
}

Test(spent, only_the_last_hour_counts_and_late_deliveries_count_where_they_belong)
{
    struct spent spent = {.minutes = {{.number = 0}}};
    struct costs sum;
    char text[64];
    spent_add(&spent, NOW, NOW, 1, "USD");
    spent_add(&spent, NOW, NOW - 59 * MINUTE, 2, "USD");
    spent_add(&spent, NOW, NOW - 60 * MINUTE, 4, "USD"); /* in the slot of now */
    spent_add(&spent, NOW, NOW + 5 * MINUTE, 8, "USD");  /* by a wrong clock */
    spent_add(&spent, NOW, NOW - 10 * MINUTE, 16, NULL);
    spent_sum(&spent, NOW, &sum);
    costs_text(&sum, 4, text, sizeof text);
    cr_expect_str_eq(text, "16.00 + $11.00");
    spent_sum(&spent, NOW + MINUTE, &sum);
    costs_text(&sum, 4, text, sizeof text);
    cr_expect_str_eq(text, "16.00 + $9.00");
    spent_sum(&spent, NOW + 61 * MINUTE, &sum);
    cr_expect_eq(costs_text(&sum, 4, text, sizeof text), 0);
}
