/*
 * The set of ids seen: it knows the newest ones and no others, also when ids collide in its table.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "seen.h"

static bool knows(const struct seen *seen, uint64_t number, uint64_t *seq)
{
    char id[32];
    struct seen_key key;
    snprintf(id, sizeof id, "evt_%llu", (unsigned long long)number);
    cr_assert(seen_digest(seen, id, &key));
    return seen_find(seen, &key, seq);
}

static void add(struct seen *seen, uint64_t number)
{
    char id[32];
    struct seen_key key;
    snprintf(id, sizeof id, "evt_%llu", (unsigned long long)number);
    cr_assert(seen_digest(seen, id, &key));
    seen_add(seen, &key, number);
}

Test(seen, knows_exactly_the_newest)
{
    static const size_t capacities[] = {1, 2, 3, 7, 64, 1000};
    for (size_t c = 0; c < sizeof capacities / sizeof *capacities; c++) {
        size_t capacity = capacities[c];
        struct seen *seen = seen_new(capacity);
        cr_assert_not_null(seen);
        for (uint64_t number = 1; number <= 5 * capacity + 3; number++) {
            uint64_t seq = 0, first = number > capacity ? number - capacity + 1 : 1;
            cr_assert_not(knows(seen, number, &seq), "capacity %zu", capacity);
            add(seen, number);
            cr_assert(knows(seen, number, &seq) && seq == number, "capacity %zu", capacity);
            cr_assert(knows(seen, first, &seq) && seq == first, "capacity %zu", capacity);
            cr_assert_not(knows(seen, first - 1, &seq), "capacity %zu: forgot too late", capacity);
            cr_assert_eq(seen_count(seen), number - first + 1);
        }
        seen_free(seen);
    }
}

/* Keys made by hand so that all of them want the same few slots, across the table's end too. */
Test(seen, survives_collisions)
{
    enum { CAPACITY = 32, KEYS = 5000 };
    struct seen *seen = seen_new(CAPACITY);
    cr_assert_not_null(seen);
    for (uint64_t i = 0; i < KEYS; i++) {
        seen_add(seen, &(struct seen_key){{62 + i * i % 5, i}}, i);
        for (uint64_t k = i > 40 ? i - 40 : 0; k <= i; k++) {
            uint64_t seq;
            bool known = seen_find(seen, &(struct seen_key){{62 + k * k % 5, k}}, &seq);
            cr_assert_eq(known, k + CAPACITY > i, "key %d after %d", (int)k, (int)i);
            cr_assert(!known || seq == k);
        }
    }
    seen_free(seen);
}

/* A sender that knows the keys of one run could make ids that collide in the next. */
Test(seen, keys_are_salted)
{
    struct seen *one = seen_new(1), *other = seen_new(1);
    struct seen_key a, b;
    cr_assert(one && other);
    cr_assert(seen_digest(one, "evt_1", &a) && seen_digest(other, "evt_1", &b));
    cr_expect_neq(memcmp(&a, &b, sizeof a), 0);
    cr_assert(seen_digest(one, "evt_1", &b));
    cr_expect_eq(memcmp(&a, &b, sizeof a), 0);
    seen_free(one);
    seen_free(other);
    seen_free(NULL);
}
