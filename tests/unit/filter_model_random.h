/*
 * Random events and random expressions for the model of filters, drawn from the same words. Most
 * members of an event are what the last expression asks for, or nearly so.
 */
#ifndef ANCHORTOP_TESTS_FILTER_MODEL_RANDOM_H
#define ANCHORTOP_TESTS_FILTER_MODEL_RANDOM_H

#include "filter_model.h"

/* The same seed gives the same expression and the same events for it. */
void random_begin(uint64_t seed);
void random_expression(char *text, size_t size);
void random_event(char *text, size_t size);

unsigned random_below(unsigned limit);
bool once_in(unsigned times);
int64_t random_moment(void); /* Unix milliseconds */

#define PICK(list) (list)[random_below(sizeof(list) / sizeof *(list))]

/* A growing text; what does not fit is left out whole. */
struct out {
    char *text;
    size_t length, size;
};

void put(struct out *out, const char *text);
/* A time as people write it; any text; a JSON string, with control characters if they may be. */
void put_time(struct out *out);
void put_text(struct out *out);
void put_quoted(struct out *out, const char *text, bool controls);

/* What an expression asks for: the keys that lead there from the envelope, and a value. */
enum { WISH_KEYS = 6, WISHES = 8 };
struct wish {
    const char *keys[WISH_KEYS];
    size_t count;
    enum kind kind;
    char value[128];
};
extern struct wish wishes[WISHES];
extern size_t wish_count;

#endif
