/*
 * The head of an HTTP/1.1 request (RFC 9112): found among the bytes received, and read strictly.
 *
 * Strict, because a request that two readers understand differently is how one hides behind
 * another: a line ends in CR LF, names are tokens, nothing is folded, nothing is guessed.
 */
#ifndef ANCHORTOP_REQUEST_H
#define ANCHORTOP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "intake.h"

enum {
    REQUEST_MAX_HEAD = 16384, /* bytes of request line and headers */
    REQUEST_MAX_FIELDS = 100, /* header lines */
    REQUEST_TEXT_SIZE = 4096, /* bytes of the path and of the headers that are of interest */
};

/* Self-contained, but must not be moved: its strings are in `text`. */
struct request {
    struct intake_head head;
    const char *delivery_id; /* Anchor-Delivery-Id, or NULL */
    const char *connection;  /* Connection, or NULL */
    bool keep_alive;         /* the sender wants to send more requests */
    size_t text_length;
    char text[REQUEST_TEXT_SIZE];
};

/* Statuses for what could not be read are HTTP's; these two are not. */
enum { REQUEST_INCOMPLETE = 0, REQUEST_COMPLETE = 200 };

/*
 * Looks for the end of a head that begins at `data`. *scanned tells how many bytes were looked at
 * before (0 for a new head) and is updated. Returns REQUEST_INCOMPLETE; or REQUEST_COMPLETE and
 * in *end the length of the head with its empty line; or the status to refuse it with, and in
 * *reason a sentence.
 */
unsigned request_find(const char *data, size_t length, size_t *scanned, size_t *end,
                      const char **reason);

/*
 * Reads a complete head. Returns REQUEST_COMPLETE, or the status to refuse it with and a sentence;
 * then only head.method and head.path are set, to what is known of them or "".
 */
unsigned request_read(struct request *request, const char *data, size_t length,
                      const char **reason);

#endif
