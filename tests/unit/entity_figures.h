/*
 * The figures of the program's entities, one a line, in the words of entity_model.h.
 */
#ifndef ANCHORTOP_ENTITY_FIGURES_H
#define ANCHORTOP_ENTITY_FIGURES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "entity.h"

/* Write all figures of all entities as they are at now_ms. */
void figures_write(const struct entities *entities, int64_t now_ms, FILE *file);

/* Write which entities there are, or which requests wait. */
void names_write(const struct entities *entities, bool waiting, FILE *file);

#endif
