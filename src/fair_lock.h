/*
 * A lock that goes to those who wait for it in the order in which they came.
 *
 * With a plain mutex, a thread that takes it again and again keeps the others waiting: they are
 * woken, but it is faster. Here it queues up behind them. The holder can ask whether anybody waits,
 * and end its work early. Not recursive.
 */
#ifndef ANCHORTOP_FAIR_LOCK_H
#define ANCHORTOP_FAIR_LOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct fair_lock {
    pthread_mutex_t mutex; /* guards `serving`; held for some instructions only */
    pthread_cond_t turn;
    _Atomic uint64_t tickets; /* given out so far */
    uint64_t serving;         /* the ticket whose turn it is */
};

void fair_lock_open(struct fair_lock *lock);
void fair_lock_close(struct fair_lock *lock);

void fair_lock_take(struct fair_lock *lock);
void fair_lock_release(struct fair_lock *lock);

/* For the holder: whether anybody waits for it. */
bool fair_lock_is_wanted(const struct fair_lock *lock);

#endif
