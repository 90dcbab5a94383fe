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
 * Reads ANCHOR_WEBHOOK_SECRET and the files of --secret-file. The first call takes the variable
 * out of the environment, so that a browser that is started does not inherit it, and remembers
 * it for later calls. NULL with a sentence that names the file; never its content. Main thread.
 */
struct secrets *keyring_read(const struct options *options, char *reason, size_t reason_size);

/* Makes one random secret, and gives it to both sides. False with a reason; then both are NULL. */
bool keyring_random(struct secrets **receiver, struct secrets **sender, char *reason,
                    size_t reason_size);

#endif
