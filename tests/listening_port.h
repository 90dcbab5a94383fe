/*
 * The port that a program on a terminal of its own listens on, as Linux tells it in /proc.
 */
#ifndef ANCHORTOP_LISTENING_PORT_H
#define ANCHORTOP_LISTENING_PORT_H

#include <sys/types.h>

/* Return the TCP port that a process of the session listens on, or 0 while none listens. */
int listening_port(pid_t session);

#endif
