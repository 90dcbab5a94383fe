/*
 * Is this delivery from Anchor? The HMAC over its timestamp and its raw body.
 *
 * Source: https://docs.anchorbrowser.io/webhooks/signature-verification. The signed bytes are
 * "v0:" + timestamp + ":" + body; the header is "t=<timestamp>,v1=<lower-case hex>[,v1=…]".
 */
#ifndef ANCHORTOP_SIGNATURE_H
#define ANCHORTOP_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIGNATURE_HEX_SIZE = 65,   /* lower-case hex of SHA-256 and its terminator */
    SIGNATURE_TOLERANCE = 120, /* seconds that the sender's clock may differ, either way */
};

/*
 * The active signing secrets. After a rotation the old one stays valid for a day, so there may be
 * several. Owned by whoever made it; not changed once a thread uses it. Its memory is wiped when
 * it is freed, and nothing ever prints it.
 */
struct secrets;

struct secrets *secrets_new(void);
void secrets_free(struct secrets *secrets);
size_t secrets_count(const struct secrets *secrets);
/* Adds one secret; surrounding white space is dropped, and a secret that is there already or empty
 * is ignored. False when memory ran out. */
bool secrets_add(struct secrets *secrets, const char *secret, size_t length);
/* Adds the comma-separated secrets of an environment variable's value. */
bool secrets_add_list(struct secrets *secrets, const char *list);
/* Adds the secrets of a file, one a line; "#" begins a comment line. False with a reason that
 * names the file but never its content; a file with no secret is an error too. */
bool secrets_add_file(struct secrets *secrets, const char *path, char *reason, size_t reason_size);

/* A reusable HMAC context: making one costs more than the HMAC. One per thread. */
struct signer;
struct signer *signer_new(void);
void signer_free(struct signer *signer);

/*
 * Signs a body as Anchor does, with the first secret: fills hex with the v1 value. False when
 * there is no secret or the crypto library fails.
 */
bool signature_make(struct signer *signer, const struct secrets *secrets, int64_t timestamp,
                    const char *body, size_t length, char hex[SIGNATURE_HEX_SIZE]);

/*
 * Checks what the two headers say before there is a body: whether they are there, well formed and
 * of the same time, and whether that is within SIGNATURE_TOLERANCE of now_s (Unix seconds).
 * Otherwise false and a sentence for the operator.
 */
bool signature_check_head(const char *signature, const char *timestamp, int64_t now_s, char *reason,
                          size_t reason_size);

/*
 * Checks a delivery: `signature` and `timestamp` are the headers' values, or NULL when absent.
 * True when any v1 of the header matches any secret, both timestamps are the same, and now_s (Unix
 * seconds) is within SIGNATURE_TOLERANCE of it; compares in constant time. Otherwise false and a
 * sentence for the operator, which says by how much a clock differs.
 */
bool signature_check(struct signer *signer, const struct secrets *secrets, const char *signature,
                     const char *timestamp, const char *body, size_t length, int64_t now_s,
                     char *reason, size_t reason_size);

#endif
