/*
 * What the two halves of the endpoint share: endpoint.c looks after the requests of a connection,
 * endpoint_accept.c after how many connections there are.
 */
#ifndef ANCHORTOP_ENDPOINT_PRIVATE_H
#define ANCHORTOP_ENDPOINT_PRIVATE_H

#include "admit.h"
#include "endpoint.h"
#include "exchange.h"
#include "listen.h"
#include "store.h"

/* Owned by libwebsockets: zeroed when a connection is made, gone after its close callback. */
struct connection {
    struct endpoint *endpoint; /* NULL until it is adopted and after it is closed */
    struct lws *wsi;
    lws_dll2_t place; /* in its queue */
    lws_dll2_t turn;  /* in the endpoint's turn, when an answer is due */
    lws_dll2_t stand; /* in one of the endpoint's standings, the oldest first */
    lws_usec_t stands_since;
    uint64_t arrived; /* in which turn */
    lws_usec_t deadline;
    lws_usec_t began; /* first byte of the request */
    bool proven;      /* has delivered an event */
    const char *lost; /* why the server gave it up; NULL: the sender did */
    struct exchange exchange;
    struct delivery row;         /* of the request whose answer is due */
    struct admission *admission; /* the same request's; NULL: it was not good */
    char peer[LISTEN_TEXT_SIZE];
};

/* Ends a connection at once; it does not exist any more afterwards. Not for its own callback,
 * which returns -1 instead. */
void connection_drop(struct connection *connection, const char *why);

/* Puts a connection last among those of a standing. */
void connection_stand(struct connection *connection, enum endpoint_standing standing);

/* Accepts some of the connections that wait; to be called when the listening socket can be read. */
void endpoint_accept(struct endpoint *endpoint);

#endif
