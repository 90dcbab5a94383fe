/*
 * An HTTP answer as bytes: status line, headers and a small JSON body.
 */
#ifndef ANCHORTOP_ANSWER_H
#define ANCHORTOP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANSWER_SIZE = 1536, ANSWER_BODY_SIZE = 1024 }; /* enough for any answer */

/* The interim answer to "Expect: 100-continue". */
extern const char answer_continue[];

/* Borrowed for the call. */
struct answer {
    unsigned status;
    const char *body; /* JSON */
    int64_t now_s;    /* Unix seconds, for the Date header */
    bool close;       /* the connection ends with this answer */
    bool head_only;   /* it answers a HEAD request: announce the body, do not send it */
};

/* Writes an answer into `out` (ANSWER_SIZE bytes); returns its length. */
size_t answer_format(char *out, const struct answer *answer);

/* Writes {"error":"<reason>"}, escaped and terminated, into `out` (ANSWER_BODY_SIZE bytes). A
 * reason that does not fit is cut. */
void answer_error(char *out, const char *reason);

#endif
