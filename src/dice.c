/*
 * Dice: pseudo-random numbers that are the same everywhere for the same seed.
 */
#include "dice.h"

#include <math.h>

uint64_t dice_roll(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

double dice_fraction(struct dice *dice)
{
    return (double)(dice_roll(dice) >> 11) * 0x1p-53;
}

int64_t dice_between(struct dice *dice, int64_t first, int64_t last)
{
    return first + (int64_t)(dice_fraction(dice) * (double)(last - first + 1));
}

bool dice_chance(struct dice *dice, double probability)
{
    return dice_fraction(dice) < probability;
}

double dice_lognormal(struct dice *dice, double median, double spread)
{
    const double full_turn = 6.283185307179586;
    double radius = sqrt(-2 * log(1 - dice_fraction(dice)));
    double normal = radius * cos(full_turn * dice_fraction(dice));
    return median * exp(spread * normal);
}

double dice_exponential(struct dice *dice, double mean)
{
    return -mean * log(1 - dice_fraction(dice));
}

void dice_hex(struct dice *dice, char *text, unsigned digits)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (i % 16 == 0)
            bits = dice_roll(dice);
        text[i] = "0123456789abcdef"[bits & 15];
        bits >>= 4;
    }
    text[digits] = '\0';
}
