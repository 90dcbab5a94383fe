/*
 * Named filters, as the section [filters] of the configuration file gives them: NAME = EXPRESSION.
 */
#ifndef ANCHORTOP_NAMED_FILTERS_H
#define ANCHORTOP_NAMED_FILTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "filter.h"

enum {
    NAMED_FILTERS_MAX = 64,
    NAMED_FILTERS_MAX_NAME = 40, /* bytes, without the terminator */
};

struct named_filter {
    char *name;
    struct filter *filter;
};

/* Zero-initialise; named_filters_free() releases it. Constant once it is read. */
struct named_filters {
    struct named_filter *filters; /* in the order of the file */
    size_t count;
};

/* Adds one. False with a sentence that says what is wrong and what would be right. */
bool named_filters_take(struct named_filters *filters, const char *name, const char *expression,
                        char *reason, size_t reason_size);
void named_filters_free(struct named_filters *filters);

#endif
