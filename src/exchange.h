/*
 * One connection's HTTP: bytes in, one request at a time out, ready to be judged and answered.
 *
 * It frames requests itself and asks intake whether a body is worth reading. No sockets and no
 * clock: the server owns one for each connection, in its thread, and feeds it whatever pieces
 * arrive.
 */
#ifndef ANCHORTOP_EXCHANGE_H
#define ANCHORTOP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chunk.h"
#include "intake.h"
#include "request.h"
#include "room.h"

enum exchange_state {
    EXCHANGE_IDLE, /* between requests */
    EXCHANGE_HEAD,
    EXCHANGE_BODY,
    EXCHANGE_READY,  /* a request waits for its answer; see `judged` */
    EXCHANGE_SKIP,   /* it was answered; the rest of its body is dropped */
    EXCHANGE_CLOSED, /* the last answer was given; what still comes is dropped */
};

/* Zero-initialise, with `guest` in a room; release with exchange_free(). Must not be moved. */
struct exchange {
    struct room_guest guest; /* whose memory the buffer takes */
    enum exchange_state state;
    bool judged;            /* when ready: `verdict` is the answer, there is no body to judge */
    bool pipelined;         /* more came before the answer */
    struct verdict verdict; /* from the head on */
    struct request request;
    struct chunk_decoder chunks;
    char *buffer; /* the head while it is read, then the body */
    size_t length, capacity;
    size_t scanned;    /* of the head */
    size_t skip;       /* bytes of an unwanted body that are still to come */
    uint64_t received; /* bytes of body that came, framing included */
};

/* Takes everything: reads on until a request is ready, and remembers when there was more. `now_ms`
 * (Unix time) is what a signature's age is measured by. */
void exchange_feed(struct exchange *exchange, const struct intake_rules *rules, int64_t now_ms,
                   const char *data, size_t length);

/* True once for a request whose sender waits for "100 Continue" before it sends the body. */
bool exchange_wants_continue(struct exchange *exchange);

/* Refuses the request that is being read, for a reason from outside. */
void exchange_refuse(struct exchange *exchange, unsigned status, const char *reason);

/* The same because others need the memory, which is given back. */
void exchange_refuse_for_memory(struct exchange *exchange);

/* Whether the answer to the ready request is the last one on this connection. */
bool exchange_is_last(const struct exchange *exchange);

/* To be called when the ready request was answered. It may be ready again at once, with a refusal
 * of what was pipelined. */
void exchange_next(struct exchange *exchange);

void exchange_free(struct exchange *exchange);

#endif
