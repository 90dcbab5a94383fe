/*
 * The signed sender behind `anchortop send` and `--demo`: an HTTP client that delivers events as
 * Anchor does.
 *
 * What is sent and when is up to a source, which is asked for the next event whenever there is a
 * free connection. Each delivery has a connection of its own.
 */
#ifndef ANCHORTOP_SEND_H
#define ANCHORTOP_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signature.h"

enum {
    SEND_MAX_PARALLEL = 16,
    SEND_TIMEOUT_S = 10, /* for a whole delivery, as Anchor has it */
    SEND_NAME_SIZE = 64,
    SEND_ANSWER_SIZE = 512,
};

/* What is wrong with a delivery, on purpose. */
enum send_flaw { SEND_GOOD, SEND_WRONG_SIGNATURE, SEND_STALE_TIMESTAMP };

/* One event to be delivered. */
struct send_item {
    char *body; /* malloc()ed; the sender takes it over */
    size_t length;
    char type[SEND_NAME_SIZE], id[SEND_NAME_SIZE]; /* for headers and reports; may be cut */
    enum send_flaw flaw;
};

/* What became of it. Borrowed for the call. Only an answer that has come whole has a status. */
struct send_result {
    const char *type, *id;
    unsigned status;    /* HTTP status, or 0 when no answer came */
    const char *answer; /* the answer's body (its start), or why it does not count; foreign text */
    int64_t micros;     /* from the connection's begin to the answer's end */
};

/* The answer of a source that is asked for the next event. */
enum send_next {
    SEND_ITEM, /* here it is */
    SEND_WAIT, /* ask again after *wait_us */
    SEND_END,  /* there is no more */
};

struct send_config {
    const char *url;               /* http or https */
    const struct secrets *secrets; /* borrowed; none: nothing is signed */
    unsigned parallel;             /* connections at a time, up to SEND_MAX_PARALLEL */
    enum send_next (*next)(void *context, struct send_item *item, int64_t *wait_us);
    void (*answered)(void *context, const struct send_result *result);
    void *context; /* both are called by the thread that is in sender_run() */
};

/* Used by one thread, but for sender_stop(). */
struct sender;

/* NULL with a sentence that says what is wrong with the URL, or what failed. */
struct sender *sender_new(const struct send_config *config, char *reason, size_t reason_size);
void sender_free(struct sender *sender);

/* Delivers until the source has no more and everything is answered, or until it is stopped. False
 * when it was stopped. */
bool sender_run(struct sender *sender);

/* Ends sender_run() soon; deliveries under way are dropped. From any thread or signal handler, at
 * any time before sender_free(). */
void sender_stop(struct sender *sender);

#endif
