/*
 * What later events of the journal have made of earlier ones: which of the interventions that it
 * tells of still wait. So `tail --since` can judge an old request by its answer, which is printed
 * after it.
 *
 * Reads the journal once ahead of those who print it, which takes as long as reading it does.
 * Belongs to one thread.
 */
#ifndef ANCHORTOP_HINDSIGHT_H
#define ANCHORTOP_HINDSIGHT_H

#include <stddef.h>

#include "follower.h"
#include "store.h"

struct hindsight;

/* Everything in `journal` is borrowed, and has to outlive it. NULL with a reason when the journal
 * cannot be read, or there is no room. */
struct hindsight *hindsight_open(const struct follower_config *journal, char *reason,
                                 size_t reason_size);
void hindsight_close(struct hindsight *hindsight);

/* Reads some more of the journal, as follower_read() does. With FOLLOWER_UP_TO_DATE it knows all
 * that was there. */
enum follower_state hindsight_read(struct hindsight *hindsight, char trouble[HISTORY_TEXT_SIZE]);

/* Tells it of an event that may have been written since; those that it has read
 * change nothing. */
void hindsight_add(struct hindsight *hindsight, const struct recalled *event);

/* Where what it knows is folded; lives as long as it does. */
struct store *hindsight_store(const struct hindsight *hindsight);

#endif
