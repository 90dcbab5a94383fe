/*
 * Dice: pseudo-random numbers that are the same everywhere for the same seed.
 *
 * For simulation only, never for secrets. A die belongs to one thread.
 */
#ifndef ANCHORTOP_DICE_H
#define ANCHORTOP_DICE_H

#include <stdbool.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014). Any state is a good one. */
struct dice {
    uint64_t state;
};

uint64_t dice_roll(struct dice *dice);

/* 0 <= result < 1. */
double dice_fraction(struct dice *dice);

/* first <= result <= last. */
int64_t dice_between(struct dice *dice, int64_t first, int64_t last);

bool dice_chance(struct dice *dice, double probability);

/* Around `median`, never negative, now and then much larger: how long things take. A `spread` of
 * 0.5 puts two thirds of the results between 0.6 and 1.6 times the median. */
double dice_lognormal(struct dice *dice, double median, double spread);

/* The time until the next of things that come at random, `mean` apart on average. */
double dice_exponential(struct dice *dice, double mean);

/* Writes `digits` lower-case hexadecimal digits and a terminator. */
void dice_hex(struct dice *dice, char *text, unsigned digits);

#endif
