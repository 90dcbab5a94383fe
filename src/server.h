/*
 * The HTTP endpoint: libwebsockets, one thread, intake's decisions.
 *
 * It never waits for the terminal. Everything that one turn of the loop has received is written to
 * the journal in one go, added to the store, and then answered.
 */
#ifndef ANCHORTOP_SERVER_H
#define ANCHORTOP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certificate.h"
#include "signature.h"
#include "store.h"

/* Borrowed strings are copied by server_new(). */
struct server_config {
    const char *listen; /* "ADDR:PORT", "PORT" (loopback), "[::1]:PORT"; port 0 picks one */
    const char *path;   /* NULL: any */
    bool insecure;      /* without a secret: may listen beyond loopback, and believes everybody */
    const char *tls_cert, *tls_key; /* both or neither */
    struct secrets *secrets;        /* taken over, also on failure; may be empty */
    struct store *store;            /* borrowed; outlives the server */
    struct history *history;        /* likewise; NULL: nothing is kept */
    struct loader *loader;          /* likewise; NULL: nothing is being loaded */
    /* Called by the server thread after each turn that changed the store, without its mutex. */
    void (*changed)(void *context);
    void *changed_context;
};

struct server;

/*
 * Binds the address, so that a port in use is known before the screen opens. Returns NULL and a
 * sentence that says what failed and what to do.
 */
struct server *server_new(const struct server_config *config, char *reason, size_t reason_size);

/* Starts the thread. False with a reason. */
bool server_start(struct server *server, char *reason, size_t reason_size);

/* Stops the thread and waits for it. Deliveries under way are dropped unanswered, so that Anchor
 * sends them again. Safe on a server that was not started. */
void server_free(struct server *server);

/* "127.0.0.1:8484", with the port that was really bound; owned by the server. */
const char *server_address(const struct server *server);
/* "http://127.0.0.1:8484" */
const char *server_url(const struct server *server);

/* Replaces the active secrets, taking them over; from any thread. The new ones hold from the next
 * request on. */
void server_set_secrets(struct server *server, struct secrets *secrets);

/* Replaces the certificate of a server that has one, taking the new one over; from any thread. It
 * holds from the next TLS handshake on; connections that are open stay. */
void server_set_certificate(struct server *server, struct certificate *certificate);

#endif
