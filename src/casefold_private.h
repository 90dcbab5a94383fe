/*
 * The table behind casefold.h.
 */
#ifndef ANCHORTOP_CASEFOLD_PRIVATE_H
#define ANCHORTOP_CASEFOLD_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

/* Characters that are folded by the same distance. */
struct casefold_range {
    uint32_t first, last;
    uint8_t step; /* 1: every character; 2: every second one, from the first on */
    int32_t delta;
};

/* In ascending order, without overlaps. */
extern const struct casefold_range casefold_ranges[];
extern const size_t casefold_range_count;

#endif
