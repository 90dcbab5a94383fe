/*
 * What Tab offers in the prompt: words above its line, a page at a time. Main thread.
 */
#ifndef ANCHORTOP_OFFERS_H
#define ANCHORTOP_OFFERS_H

#include <stddef.h>

#include "../src/filter.h"
#include "lines.h"

/* Owned by the prompt: zero-initialise, offers_clear() at the end. */
struct offers {
    char **words;
    size_t count;
    size_t top;     /* the first word that is shown */
    char note[256]; /* what is said where there are no words; "" for nothing */
};

void offers_clear(struct offers *offers);

/* Offers what a completion has found: its words, or else its hint. Words that no memory is left
 * for are not offered. */
void offers_set(struct offers *offers, const struct filter_completion *completion);

/* Turns to the next page (1) or the one before (-1) of what fits into so many columns and lines,
 * and from the last one to the first. */
void offers_turn(struct offers *offers, int by, int width, int height);

/* Adds the page as lines, at most `height`: words are never cut apart, and the last line tells
 * where the page stands when there are more. */
void offers_lines(const struct offers *offers, struct lines *lines, int width, int height);

#endif
