/*
 * Checks --tls-cert and --tls-key before they are used, so that a wrong file is told with its
 * reason.
 */
#ifndef ANCHORTOP_CERTIFICATE_H
#define ANCHORTOP_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether both files can be read, are PEM, and belong together. False with a sentence that names
 * the option, the file and what to do. Either may be NULL, which is a reason too. */
bool certificate_check(const char *cert, const char *key, char *reason, size_t reason_size);

#endif
