/*
 * The inside of the server: its connections, what they wait for, and their answers.
 *
 * For server.c alone, and for its thread alone. libwebsockets gives it sockets, TLS, timers and a
 * way to be woken; HTTP is exchange's. The library's own HTTP server cannot be made to give the
 * answers that the endpoint promises: it hangs on pipelined requests and on CONNECT, does not
 * decode chunked bodies, and closes silently when a header is too long.
 */
#ifndef ANCHORTOP_ENDPOINT_H
#define ANCHORTOP_ENDPOINT_H

#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

#include "admit.h"
#include "answer.h"
#include "intake.h"
#include "room.h"

/* What a connection may take its time for. */
enum endpoint_wait { WAIT_REQUEST, WAIT_DELIVERY, WAIT_GOODBYE, WAITS };

/* Connections that wait equally long stand in the order in which their time runs out, so that one
 * timer does for all of them and moving one costs nothing. */
struct endpoint_queue {
    struct endpoint *endpoint;
    lws_usec_t patience;
    lws_dll2_owner_t connections;
    lws_sorted_usec_list_t timer;
    bool armed;
};

/* How a connection has proven itself so far, which decides who goes first when there are too
 * many. */
enum endpoint_standing {
    STANDING_NEW,     /* has sent no head of a request that is good */
    STANDING_BODY,    /* a body is under way */
    STANDING_PROVEN,  /* has delivered */
    STANDING_LEAVING, /* has had its last answer */
    STANDINGS
};

struct endpoint {
    /* Set by the server before endpoint_open(). */
    struct intake_rules rules;
    struct signer *signer;
    struct admissions admissions; /* with the store, the journal and the loader */
    void (*changed)(void *context);
    void *changed_context;
    struct lws_context *context;
    struct lws_vhost *vhost;
    SSL_CTX *tls;            /* the vhost's, from its making on; NULL: plain HTTP */
    size_t most_connections; /* descriptors that are free for them */

    struct lws *listener;
    lws_sorted_usec_list_t resume; /* accepting, after the system had no room */
    lws_sorted_usec_list_t tend;   /* the journal */
    struct endpoint_queue queues[WAITS];
    size_t connections, max_connections; /* fewer than most_connections for a while after all */
    int spare;                           /* a descriptor to be given away in need, or -1 */
    struct room *room;                   /* for unfinished requests */
    lws_dll2_owner_t standings[STANDINGS];
    uint64_t turns;                  /* of the loop, so far */
    lws_dll2_owner_t turn;           /* connections whose answer is due */
    lws_usec_t looked;               /* when it was last known whether the journal can be written */
    char unwell[INTAKE_REASON_SIZE]; /* why deliveries would be refused then; empty: they are not */
    bool stirred;                    /* the store was changed in this turn */
    bool closing;                    /* the server ends: nothing is recorded any more */
    unsigned char out[LWS_PRE + ANSWER_SIZE];
};

/* The context's protocols; its user pointer is the endpoint. */
extern const struct lws_protocols endpoint_protocols[];

/* Begins to accept connections from a listening socket, which it takes over, also on failure. */
bool endpoint_open(struct endpoint *endpoint, int socket);

/* Gives back what endpoint_open() took, after the context was destroyed. */
void endpoint_close(struct endpoint *endpoint);

/* To be called after each lws_service(): judges and answers everything that one turn of the loop
 * has completed. */
void endpoint_finish_turn(struct endpoint *endpoint);

#endif
