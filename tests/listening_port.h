/*
 * The port that a process listens on, as Linux tells it in /proc.
 */
#ifndef ANCHORTOP_LISTENING_PORT_H
#define ANCHORTOP_LISTENING_PORT_H

#include <sys/types.h>

/* Return the TCP port that the process listens on, or 0 while it listens on none. */
int listening_port(pid_t pid);

#endif
