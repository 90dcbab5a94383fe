/*
 * The word that a mistyped one was probably meant as.
 *
 * Upper and lower case are alike. Any thread.
 */
#ifndef ANCHORTOP_NEAREST_H
#define ANCHORTOP_NEAREST_H

#include <stddef.h>

/* One search. Everything is borrowed. */
struct nearest {
    const char *wrong; /* `length` bytes, need not be terminated */
    size_t length;
    const char *word; /* the nearest of those considered so far, the first of several; NULL: none
                       * is near enough to be what was meant */
    size_t distance;  /* of `word` */
};

struct nearest nearest_to(const char *wrong, size_t length);

/*
 * Considers a word. One that begins with the wrong one, if that has three letters or more, is
 * nearest; others are by the number of letters that were changed, left out, added or exchanged with
 * their neighbours: one of two to four letters, two of five to seven, three of more.
 */
void nearest_consider(struct nearest *nearest, const char *word);

#endif
