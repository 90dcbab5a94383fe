/*
 * The ways in which events become entities: as they arrive, as a past that is read afterwards, in
 * the store, and by a restart from the journal.
 */
#ifndef ANCHORTOP_ENTITY_WAYS_H
#define ANCHORTOP_ENTITY_WAYS_H

#include <stddef.h>
#include <stdint.h>

#include "entity_histories.h"

/* A part of a history in some order: the numbers of its events. */
struct part {
    const struct random_history *history;
    uint64_t seed; /* for what is to be chosen */
    size_t *numbers;
    size_t count;
};

/* Each returns all figures of the entities, as entity_figures.h writes them, malloc()ed. */

char *fold_part(const struct part *part);

/* In the order of arrival, whatever the part's is. */
char *fold_part_as_it_came(const struct part *part);

/* As a start does: what is newer first, then what arrived before, and what arrives meanwhile. */
char *fold_part_with_past(const struct part *part);

/* In a store, where some events come again. */
char *store_part(const struct part *part);

/* From a journal, of which memory has room for the newest events only. */
char *load_part(const struct part *part);

/* Which few entities are remembered where there is room for no more, without requests to humans,
 * which have their own rules: a line each. As events arrive, and after a start. */
char *remember_part(const struct part *part);
char *remember_part_after_start(const struct part *part);

/* Which requests wait then, of all; and where bytes are short, too. */
char *wait_in_part(const struct part *part);
char *wait_in_part_after_start(const struct part *part);
char *wait_in_few_bytes(const struct part *part);
char *wait_in_few_bytes_after_start(const struct part *part);

#endif
