/*
 * The fleet behind --demo: a thread that delivers simulated events to an endpoint, signed, over
 * HTTP, as Anchor would.
 */
#ifndef ANCHORTOP_DEMO_H
#define ANCHORTOP_DEMO_H

#include <stddef.h>

#include "signature.h"

struct demo;

/* Starts delivering to `url`, signed with `secrets` (borrowed; outlives it). The last ten minutes
 * of the story are delivered within the first seconds. NULL with a reason. */
struct demo *demo_start(const char *url, const struct secrets *secrets, char *reason,
                        size_t reason_size);

/* Ends the thread and waits for it. */
void demo_stop(struct demo *demo);

#endif
