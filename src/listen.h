/*
 * Where to listen: reading --listen, opening the socket, and addresses as text.
 */
#ifndef ANCHORTOP_LISTEN_H
#define ANCHORTOP_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum {
    LISTEN_DEFAULT_PORT = 8484,
    LISTEN_TEXT_SIZE = 56, /* "[IPv6]:port" and its terminator */
};

struct listen_address {
    struct sockaddr_storage address;
    socklen_t length;
    bool loopback; /* reachable from this machine only */
};

/* Reads "ADDR:PORT", "PORT" (loopback) or "[IPv6]:PORT"; "localhost" is an address too, and port 0
 * lets the system choose. False with a sentence that names --listen. */
bool listen_parse(struct listen_address *address, const char *text, char *reason,
                  size_t reason_size);

/* Opens a listening socket; the caller closes it. -1 with a sentence that names the address and
 * what to do. */
int listen_open(const struct listen_address *address, char *reason, size_t reason_size);

/* Writes the address that a socket is bound to, or that its other end has: "127.0.0.1:8484",
 * "[::1]:8484"; "?" when it has none. */
void listen_local_text(int socket, char text[LISTEN_TEXT_SIZE]);
void listen_peer_text(int socket, char text[LISTEN_TEXT_SIZE]);

/* Writes what stands for the sender at the other end: its address without the port, and of an IPv6
 * address only the network (/64), for one machine has all of that. */
void listen_peer_address(int socket, char text[LISTEN_TEXT_SIZE]);

/* Writes how a program on this machine reaches the socket: the same, with the loopback address
 * instead of "all addresses". */
void listen_reach_text(int socket, char text[LISTEN_TEXT_SIZE]);

#endif
