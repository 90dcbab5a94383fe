/*
 * What was spent.
 */
#include "spent.h"

#include <stdio.h>

#include "text.h"

enum { MICROS = 1000000 };

static int64_t minute_of(int64_t ms)
{
    return ms / 60000 - (ms % 60000 < 0);
}

void spent_add(struct spent *spent, int64_t now_ms, int64_t created_ms, double amount,
               const char *currency)
{
    int64_t now = minute_of(now_ms), number = minute_of(created_ms);
    if (number > now)
        number = now;
    if (number <= now - SPENT_MINUTES || number < 0)
        return;
    struct spent_minute *minute = &spent->minutes[number % SPENT_MINUTES];
    if (minute->number > number && minute->number <= now)
        return;
    if (minute->number != number)
        *minute = (struct spent_minute){.number = number};
    costs_add(&minute->costs, amount, currency);
}

void spent_sum(const struct spent *spent, int64_t now_ms, struct costs *sum)
{
    int64_t now = minute_of(now_ms);
    *sum = (struct costs){.count = 0};
    for (size_t i = 0; i < SPENT_MINUTES; i++) {
        const struct spent_minute *minute = &spent->minutes[i];
        if (minute->number <= now && minute->number > now - SPENT_MINUTES)
            costs_merge(sum, &minute->costs);
    }
}

/* The places of the sums, the largest first. They stand in the order of the alphabet. */
static void rank(const struct costs *costs, uint32_t places[FOLD_CURRENCIES])
{
    for (uint32_t i = 0; i < costs->count; i++) {
        uint32_t at = i;
        for (; at > 0 && costs->sums[places[at - 1]].micros < costs->sums[i].micros; at--)
            places[at] = places[at - 1];
        places[at] = i;
    }
}

/* How much snprintf() has added to a text of that length. */
static size_t added(int length, size_t used, size_t size)
{
    return length < 0 ? used : used + (size_t)length < size ? used + (size_t)length : size - 1;
}

size_t costs_text(const struct costs *costs, uint32_t most, char *text, size_t size)
{
    uint32_t places[FOLD_CURRENCIES], shown = costs->count < most ? costs->count : most;
    uint32_t rest = costs->count - shown + (costs->other > 0);
    size_t used = 0;
    if (size == 0)
        return 0;
    text[0] = '\0';
    rank(costs, places);
    for (uint32_t i = 0; i < shown; i++) {
        const struct cost *sum = &costs->sums[places[i]];
        char money[64];
        text_money(money, sizeof money, (double)sum->micros / MICROS, sum->currency);
        used = added(snprintf(text + used, size - used, "%s%s", i ? " + " : "", money), used, size);
    }
    if (rest > 0)
        used =
            added(snprintf(text + used, size - used, "%s+%u", used ? " " : "", rest), used, size);
    return used;
}
