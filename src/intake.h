/*
 * The decision about one request: an event, or an HTTP status and the reason for it.
 *
 * Pure: no sockets, no clock, no globals. The server asks twice: when the headers are there
 * (intake_head), so that a hopeless body is never waited for, and when the body is complete
 * (intake_body). The table of answers is in the README.
 */
#ifndef ANCHORTOP_INTAKE_H
#define ANCHORTOP_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "signature.h"

enum {
    INTAKE_MAX_BODY = 4 << 20,
    INTAKE_MAX_SKIP = 64 << 10, /* bytes that are read to keep a connection, and dropped */
    INTAKE_REASON_SIZE = 160,
};

/* What the endpoint was told to accept. Constant while a server runs, but for `secrets`. */
struct intake_rules {
    const char *path;              /* the only path that takes deliveries; NULL: any */
    const struct secrets *secrets; /* NULL or empty: accept unverified */
    bool insecure;                 /* then from anybody, web pages and tunnels included */
};

/* How the body is framed. */
enum intake_framing { INTAKE_NO_BODY, INTAKE_LENGTH, INTAKE_CHUNKED };

/*
 * A request's headers, borrowed. Header values are NULL when absent; a header that came several
 * times is given as its values joined by ", ", as HTTP says.
 */
struct intake_head {
    const char *method;
    const char *path; /* without the query */
    const char *content_length;
    const char *transfer_encoding;
    const char *expect;
    const char *signature; /* Anchor-Signature */
    const char *timestamp; /* Anchor-Timestamp */
    const char *host;
    const char *origin;
    const char *fetch_site; /* Sec-Fetch-Site */
    const char *content_type;
};

/* What to do with a request. */
struct verdict {
    unsigned status;    /* 200: go on (after intake_head) or accepted (after intake_body) */
    bool close;         /* the connection cannot be used for another request */
    bool send_continue; /* after intake_head: answer "100 Continue" first */
    bool health;        /* after intake_head: a GET /healthz */
    enum intake_framing framing;
    uint64_t content_length;         /* with INTAKE_LENGTH */
    char reason[INTAKE_REASON_SIZE]; /* of a refusal, in words; clean text */
};

/*
 * What a refusal leaves unread is either told by `close`, or a body of content_length bytes, which
 * is short and has to be skipped before the next request.
 */
struct verdict intake_head(const struct intake_rules *rules, const struct intake_head *head,
                           int64_t now_ms);

/*
 * Judges a complete body. On 200 the event is decoded and the caller's to free; otherwise nothing
 * is owned. `verified` tells whether a signature was checked (there were secrets).
 */
struct verdict intake_body(const struct intake_rules *rules, struct signer *signer,
                           const struct intake_head *head, const char *body, size_t length,
                           int64_t now_ms, struct event *event, bool *verified);

#endif
