/*
 * Threads beside the main one.
 */
#ifndef ANCHORTOP_THREAD_H
#define ANCHORTOP_THREAD_H

#include <pthread.h>

/* Starts a thread that no signal interrupts: those are for the main thread. Returns 0, or what
 * pthread_create() says. */
int thread_start(pthread_t *thread, void *(*run)(void *context), void *context);

#endif
