/*
 * An HTTP client for tests that sends exactly the bytes it is told to.
 *
 * It signs for itself, with OpenSSL's one-shot HMAC, so that a mistake in src/signature.c cannot
 * hide. Everything happens on loopback, blocks, and gives up after CLIENT_TIMEOUT_S; failures to
 * connect or send are Criterion's.
 */
#ifndef ANCHORTOP_CLIENT_H
#define ANCHORTOP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLIENT_TIMEOUT_S = 20 };

/* What the server answered. */
struct http_reply {
    int status;      /* 0 when the connection ended or time ran out without an answer */
    char head[2048]; /* status line and headers, terminated, cut when longer */
    char body[6144]; /* terminated, cut when longer */
    size_t length;   /* of the body, also when it was cut */
    double seconds;  /* from the call to the last byte of the answer */
};

/* A connection to 127.0.0.1 in blocking mode; close() it. */
int http_connect(int port);
/* Sends everything. False when the server has closed the connection; never raises SIGPIPE. */
bool http_send(int connection, const char *bytes, size_t length);
bool http_send_text(int connection, const char *text);
/* The same a byte at a time, each in a segment of its own. */
bool http_send_bytewise(int connection, const char *bytes, size_t length);

/* Reads one answer, after its Content-Length or to the end; interim answers (100) are replies of
 * their own. The connection stays open for more, and nothing beyond the answer is read. */
struct http_reply http_read(int connection);
/* Whether the server closes the connection; waits for it, dropping what still comes. */
bool http_closed(int connection);
/* The value of a header of a reply, whatever its case, copied to value; false when absent. */
bool http_header(const struct http_reply *reply, const char *name, char *value, size_t size);

/* The Anchor-Signature value for a body, "t=…,v1=…", as Anchor's documentation describes it. */
void http_sign(const char *secret, int64_t timestamp, const char *body, size_t length,
               char *signature, size_t size);

/* One signed delivery of a body on a connection of its own, at the current time. Without a secret
 * it is sent unsigned. */
struct http_reply http_deliver(int port, const char *secret, const char *json);

/* The same on an open connection that is kept; `path` may be NULL for "/". */
struct http_reply http_deliver_on(int connection, const char *path, const char *secret,
                                  const char *json);

#endif
