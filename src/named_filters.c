/*
 * Named filters.
 */
#include "named_filters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Whether a name is not too long, and can be shown as it is. */
static bool is_plain(const char *name)
{
    char clean[4 * NAMED_FILTERS_MAX_NAME + 1];
    size_t length = strlen(name);

    if (length == 0 || length > NAMED_FILTERS_MAX_NAME)
        return false;
    text_clean(clean, sizeof clean, name, length, 0);
    return strcmp(clean, name) == 0;
}

static bool check_name(const struct named_filters *filters, const char *name, char *reason,
                       size_t size)
{
    if (!is_plain(name)) {
        snprintf(reason, size,
                 "a filter's name has 1 to %d bytes, and no control characters, as in failures = "
                 "is:failed",
                 NAMED_FILTERS_MAX_NAME);
        return false;
    }
    for (size_t i = 0; i < filters->count; i++) {
        if (strcmp(filters->filters[i].name, name) == 0) {
            snprintf(reason, size, "there are two filters %s; rename one, or write it on one line",
                     name);
            return false;
        }
    }
    if (filters->count == NAMED_FILTERS_MAX) {
        snprintf(reason, size, "there can be %d named filters; leave some out", NAMED_FILTERS_MAX);
        return false;
    }
    return true;
}

/* Takes name and filter over. False when memory ran out. */
static bool add(struct named_filters *filters, char *name, struct filter *filter)
{
    struct named_filter *all = realloc(filters->filters, (filters->count + 1) * sizeof *all);

    if (all)
        filters->filters = all;
    if (!all || !name) {
        free(name);
        filter_free(filter);
        return false;
    }
    all[filters->count++] = (struct named_filter){.name = name, .filter = filter};
    return true;
}

bool named_filters_take(struct named_filters *filters, const char *name, const char *expression,
                        char *reason, size_t reason_size)
{
    char why[FILTER_REASON_SIZE];

    if (!check_name(filters, name, reason, reason_size))
        return false;
    if (!*expression) {
        snprintf(reason, reason_size, "filter %s: it is empty; write for example %s = is:failed",
                 name, name);
        return false;
    }
    struct filter *filter = filter_read(expression, why, sizeof why);
    if (!filter) {
        snprintf(reason, reason_size, "filter %s: %s", name, why);
        return false;
    }
    if (!add(filters, strdup(name), filter)) {
        snprintf(reason, reason_size, "there is no memory left");
        return false;
    }
    return true;
}

void named_filters_free(struct named_filters *filters)
{
    for (size_t i = 0; i < filters->count; i++) {
        free(filters->filters[i].name);
        filter_free(filters->filters[i].filter);
    }
    free(filters->filters);
    *filters = (struct named_filters){0};
}
