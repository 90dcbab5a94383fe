/*
 * Searching text for a phrase, upper and lower case alike, at the speed of memory.
 *
 * A filter for a phrase looks through a gigabyte of events while the operator types. So the phrase
 * is prepared once, and most text is ruled out by comparing only two of its bytes, the rarest ones,
 * at many places at a time. A prepared phrase is constant: any thread may use it.
 */
#ifndef ANCHORTOP_SEARCH_H
#define ANCHORTOP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* How many first bytes there can be of cases that are longer than their character. */
enum { SEARCH_LONGER_CASES = 4 };

/* A prepared phrase. Owned by the caller; search_free() releases it. */
struct search {
    char *text; /* folded, terminated */
    size_t length;
    size_t at[2];                     /* where its two rarest bytes are */
    unsigned char mask[2];            /* bits in which the cases of such a byte differ */
    unsigned char byte[2];            /* such a byte with these bits set */
    char longer[SEARCH_LONGER_CASES]; /* first bytes of its characters' longer cases */
    size_t longer_count;
};

/* Prepares a phrase of `length` bytes of UTF-8. False when memory ran out. */
bool search_prepare(struct search *search, const char *text, size_t length);
void search_free(struct search *search);

/* Whether UTF-8 text is equal to the phrase, begins with it, contains it. Any bytes are safe. The
 * empty phrase is everywhere. */
bool search_equals(const struct search *search, const char *text, size_t length);
bool search_begins(const struct search *search, const char *text, size_t length);
bool search_in(const struct search *search, const char *text, size_t length);

/* Return the first place of the phrase in the text and write how many bytes it has there, or return
 * NULL. */
const char *search_find(const struct search *search, const char *text, size_t length,
                        size_t *found_length);

#endif
