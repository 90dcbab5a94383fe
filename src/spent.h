/*
 * What was spent: the sums of the last hour, and sums in words.
 *
 * Pure: time is passed in, as Unix milliseconds. Not locked.
 */
#ifndef ANCHORTOP_SPENT_H
#define ANCHORTOP_SPENT_H

#include <stddef.h>
#include <stdint.h>

#include "fold.h"

enum { SPENT_MINUTES = 60 };

/* Money of the minute under way and the 59 before it. Zero-initialise. */
struct spent {
    struct spent_minute {
        int64_t number; /* Unix minute */
        struct costs costs;
    } minutes[SPENT_MINUTES]; /* by their number modulo that */
};

/* Add what was spent at created_ms. It counts in its own minute; from the future as of now, and
 * from before the hour not at all. `currency` may be NULL. */
void spent_add(struct spent *spent, int64_t now_ms, int64_t created_ms, double amount,
               const char *currency);

/* Sum up the hour. */
void spent_sum(const struct spent *spent, int64_t now_ms, struct costs *sum);

/*
 * Write sums for people, the largest number first whatever its currency is worth, and at equal
 * numbers by the alphabet: "$41.20 + €3.40". Those beyond `most` are counted: "$41.20 +2". "" for
 * no sums. Returns the length written.
 */
size_t costs_text(const struct costs *costs, uint32_t most, char *text, size_t size);

#endif
