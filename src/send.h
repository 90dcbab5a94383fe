/*
 * The signed sender behind `anchortop send` and `--demo`: an HTTP client that delivers events as
 * Anchor does.
 */
#ifndef ANCHORTOP_SEND_H
#define ANCHORTOP_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"
#include "signature.h"

/* `anchortop send`: sends what the operands and options say, reports on standard output and error.
 * Returns the exit status. `secrets` may be empty: then nothing is signed, and it says so. */
int send_command(const struct options *options, const struct secrets *secrets);

/* The simulated fleet, delivered from a thread of its own for --demo. */
struct demo;

/* Starts sending the fleet's events, signed with `secrets` (borrowed, outlives it), to `url`.
 * NULL with a reason. */
struct demo *demo_start(const char *url, const struct secrets *secrets, char *reason,
                        size_t reason_size);
void demo_stop(struct demo *demo);

#endif
