/* Random events and expressions for the model of filters. */
#ifndef ANCHORTOP_TESTS_FILTER_MODEL_RANDOM_H
#define ANCHORTOP_TESTS_FILTER_MODEL_RANDOM_H

#include "filter_model.h"

/* The same seed gives the same events and expressions. */
void random_begin(uint64_t seed);
unsigned random_below(unsigned limit);
int64_t random_moment(void);
void random_event(char *text, size_t size);
void random_expression(char *text, size_t size);

#endif
