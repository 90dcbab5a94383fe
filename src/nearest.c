/*
 * The word that a mistyped one was probably meant as: see nearest.h.
 */
#include "nearest.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { MAX_WORD = 48, MAX_MISTAKES = 3, MIN_BEGINNING = 3 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(const char *a, const char *b)
{
    return strncasecmp(a, b, 1) == 0;
}

/* How many mistakes make the one word out of the other (optimal string alignment). Row i of the
 * matrix is about the first i letters of `a`; three rows are enough. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][MAX_WORD + 1];

    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = above[j - 1] + !same(&a[i - 1], &b[j - 1]);
            row[j] = smaller(row[j], smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(&a[i - 1], &b[j - 2]) && same(&a[i - 2], &b[j - 1]))
                row[j] = smaller(row[j], second[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

struct nearest nearest_to(const char *wrong, size_t length)
{
    return (struct nearest){
        .wrong = wrong,
        .length = length,
        .distance = smaller((length + 1) / 3, MAX_MISTAKES) + 1,
    };
}

void nearest_consider(struct nearest *nearest, const char *word)
{
    size_t length = strlen(word);
    if (nearest->length > MAX_WORD || length > MAX_WORD)
        return;
    bool begins =
        nearest->length >= MIN_BEGINNING && strncasecmp(word, nearest->wrong, nearest->length) == 0;
    size_t far = begins ? 0 : distance(nearest->wrong, nearest->length, word, length);
    if (far < nearest->distance) {
        nearest->distance = far;
        nearest->word = word;
    }
}
