/*
 * A model of the entities: what README says of them ("How events become entities"), said again as
 * plainly as a program can. It keeps all events of a history and works each figure out by sorting
 * them and looking. It is slow, and shares no code with the program.
 */
#ifndef ANCHORTOP_ENTITY_MODEL_H
#define ANCHORTOP_ENTITY_MODEL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model_event.h"

/*
 * Write all figures of all entities as they are at now_ms, one a line:
 *
 *     task tsk_1 / runs 3
 *
 * A figure that the program knows less exactly is a range, "[2.5 3.5]". An unknown one is "?".
 */
void model_write(const struct model_event *events, size_t count, int64_t now_ms, FILE *file);

#endif
