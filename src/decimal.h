/*
 * Decimal numbers as text, of any length: what a double does not hold exactly.
 *
 * A number is written as in JSON: "-12", "0.5", "1e3". More is forgiven, as cJSON does: zeros in
 * front, a point without digits behind it.
 */
#ifndef ANCHORTOP_DECIMAL_H
#define ANCHORTOP_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* Return the length of the number that the terminated text begins with, or 0. */
size_t decimal_length(const char *text);

/* Say whether `number`, which strtod() made of `length` bytes, may be another one: more digits
 * than every double keeps, or beyond its range. */
bool decimal_is_cut(const char *text, size_t length, double number);

/* Compare two terminated numbers exactly: negative, 0 or positive. */
int decimal_compare(const char *a, const char *b);

#endif
