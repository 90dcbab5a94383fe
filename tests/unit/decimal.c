/*
 * Decimal numbers of any length.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"

/* In ascending order; what is separated by a blank is equal. */
static const char *const ascending[] = {
    "-1e400",
    "-12345678901234567891",
    "-12345678901234567890 -1234567890123456789e1",
    "-10 -1e1 -10.0 -0.1e2",
    "-2",
    "-0.5 -.5 -5e-1",
    "-1e-400",
    "0 -0 0.000 0e5 -0e-7 00 0.",
    "1e-400 0.1e-399",
    "0.0999999999999999999999",
    "0.1 0.10 1e-1 0.01e1 00.1",
    "0.1000000000000000000001",
    "0.9",
    "1 1.0 1e0 01 1. 0.001e3",
    "9",
    "10 1e1 1E+1",
    "9007199254740992",
    "9007199254740993 9007199254740993.0 9.007199254740993e15",
    "12345678901234567889.9",
    "12345678901234567890 1234567890123456789e1 12345678901234567890.000",
    "12345678901234567891",
    "99999999999999999999",
    "100000000000000000000 1e20",
    "1e400",
    "10e400 1e401",
    "1e9999999999999999",
    "1e99999999999999999999",
};

/* The word at `index` of a row. False when there is none. */
static bool take(const char *row, size_t index, char word[64])
{
    for (; index > 0 && (row = strchr(row, ' ')); index--)
        row++;
    if (row) {
        size_t length = strcspn(row, " ");
        memcpy(word, row, length);
        word[length] = '\0';
    }
    return row;
}

static int sign_of(int order)
{
    return (order > 0) - (order < 0);
}

Test(decimal, is_compared_exactly)
{
    char a[64], b[64];
    size_t rows = sizeof ascending / sizeof ascending[0];

    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < rows; k++)
            for (size_t m = 0; take(ascending[i], m, a); m++)
                for (size_t n = 0; take(ascending[k], n, b); n++)
                    cr_expect_eq(sign_of(decimal_compare(a, b)), (i > k) - (i < k), "%s and %s", a,
                                 b);
}

Test(decimal, ends_where_it_ends)
{
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {{"", 0},      {"-", 0},    {"abc", 0},    {".5", 0},   {"12", 2},
                {"-12ms", 3}, {"0.5%", 3}, {"1.", 1},     {"1.x", 1},  {"1e3", 3},
                {"1e", 1},    {"1e+", 1},  {"1E-07s", 5}, {"1e3d", 3}, {"12 ", 2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(decimal_length(rows[i].text), rows[i].length, "%s", rows[i].text);
}

Test(decimal, tells_what_a_double_may_cut)
{
    static const struct {
        const char *text;
        bool cut;
    } rows[] = {{"0", false},
                {"0.000", false},
                {"-0e9", false},
                {"123456789012345", false},
                {"1234567890123456", true},
                {"1e308", false},
                {"1e309", true},
                {"-1e309", true},
                {"1e-400", true},
                {"0.012", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(decimal_is_cut(rows[i].text, strlen(rows[i].text), strtod(rows[i].text, NULL)),
                     rows[i].cut, "%s", rows[i].text);
}
