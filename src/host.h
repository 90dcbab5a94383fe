/*
 * The value of a Host header (RFC 9110, section 7.2): "name", "name:port", "127.0.0.1:8484",
 * "[::1]:8484".
 */
#ifndef ANCHORTOP_HOST_H
#define ANCHORTOP_HOST_H

#include <stdbool.h>

/* Whether it can be one. An empty one can: it says that the target has no host. */
bool host_is_valid(const char *host);

/* Whether a valid one names this machine to itself: "localhost" and names below it, 127.0.0.0/8 in
 * four numbers, ::1. Nobody else can make a browser take one of these for a host of theirs. */
bool host_is_loopback(const char *host);

#endif
