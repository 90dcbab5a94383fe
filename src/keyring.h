/*
 * Where the signing secrets come from: the environment and files, or for the demo, chance.
 */
#ifndef ANCHORTOP_KEYRING_H
#define ANCHORTOP_KEYRING_H

#include <stdbool.h>
#include <stddef.h>

#include "options.h"
#include "signature.h"

/*
 * Takes the secrets out of the environment: ANCHOR_WEBHOOK_SECRET, whose value is remembered, and
 * the keys of Anchor's API, which are not. Their bytes are overwritten, so that neither a program
 * that is started nor /proc/PID/environ has them. To be called before anything else is started.
 */
void keyring_empty_environment(void);

/*
 * Collects the signing secrets: those that ANCHOR_WEBHOOK_SECRET held, and what the files of
 * --secret-file hold now. Where there are any, the program leaves no core dump from then on. NULL
 * with a sentence that names the file; never its content. Main thread.
 */
struct secrets *keyring_read(const struct options *options, char *reason, size_t reason_size);

/* Makes one random secret, and gives it to both sides. False with a reason; then both are NULL. */
bool keyring_random(struct secrets **receiver, struct secrets **sender, char *reason,
                    size_t reason_size);

#endif
