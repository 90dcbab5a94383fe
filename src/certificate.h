/*
 * The files of --tls-cert and --tls-key, read and checked before they are used, so that a wrong one
 * is told with its reason and a good certificate is never given up for it.
 */
#ifndef ANCHORTOP_CERTIFICATE_H
#define ANCHORTOP_CERTIFICATE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A certificate with its chain and key. Owned by whoever read it; not changed afterwards. */
struct certificate;

/* Reads both files, which have to be PEM, belong together, and be good enough for TLS. NULL with a
 * sentence that names the option, the file and what to do. Either may be NULL, which is a reason
 * too. */
struct certificate *certificate_read(const char *cert, const char *key, char *reason,
                                     size_t reason_size);
void certificate_free(struct certificate *certificate);

/* Lets a TLS context serve it, from the next handshake on. False when it cannot: the context serves
 * what it served before. */
bool certificate_use(const struct certificate *certificate, SSL_CTX *context);

/* Until when it is valid, in Unix seconds. */
int64_t certificate_end(const struct certificate *certificate);

#endif
