/*
 * The hash: what differs, differs in it; and nobody can foresee it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

static const struct hash_seed seed = {{1, 2}};

Test(hash, tells_apart_what_differs)
{
    static const struct {
        const char *name;
        struct hash_seed seed;
        uint64_t tweak;
        const char *text;
    } rows[] = {
        {"a text", {{1, 2}}, 0, "ses_8d2c1fda"},
        {"another text", {{1, 2}}, 0, "ses_8d2c1fdb"},
        {"a longer one", {{1, 2}}, 0, "ses_8d2c1fdaa"},
        {"a shorter one", {{1, 2}}, 0, "ses_8d2c"},
        {"another kind", {{1, 2}}, 1, "ses_8d2c1fda"},
        {"another seed", {{1, 3}}, 0, "ses_8d2c1fda"},
        {"nothing", {{1, 2}}, 0, ""},
        {"nothing of another kind", {{1, 2}}, 1, ""},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t hash = hash_text(&rows[i].seed, rows[i].tweak, rows[i].text);
        cr_expect_eq(hash, hash_text(&rows[i].seed, rows[i].tweak, rows[i].text), "%s",
                     rows[i].name);
        for (size_t k = 0; k < i; k++)
            cr_expect_neq(hash, hash_text(&rows[k].seed, rows[k].tweak, rows[k].text), "%s and %s",
                          rows[i].name, rows[k].name);
    }
}

/* Ids that count up are the usual ones: their low bits must spread over a table's buckets. */
Test(hash, spreads_over_buckets)
{
    enum { KEYS = 1 << 16, BUCKETS = 1 << 8 };
    static unsigned buckets[BUCKETS];
    for (unsigned i = 0; i < KEYS; i++) {
        char text[32];
        snprintf(text, sizeof text, "ses_%08u", i);
        buckets[hash_text(&seed, 0, text) % BUCKETS]++;
    }
    for (size_t i = 0; i < BUCKETS; i++)
        cr_expect(buckets[i] > KEYS / BUCKETS / 2 && buckets[i] < KEYS / BUCKETS * 2,
                  "bucket %zu has %u", i, buckets[i]);
}

Test(hash, seeds_are_random)
{
    struct hash_seed one, other;
    cr_assert(hash_seed_random(&one) && hash_seed_random(&other));
    cr_expect_neq(memcmp(&one, &other, sizeof one), 0);
}
