/*
 * A lock that nobody is kept from.
 *
 * With a plain mutex, a thread that takes it again and again keeps the others waiting: they are
 * woken, but it is faster. Here those who wait stand in line, and who has long work to do goes to
 * the end of it each time. Who needs the lock for a moment only may take it as soon as it is free:
 * on a busy machine the first in line may not be running yet. But the line is passed over only so
 * often. The holder can ask whether anybody waits, and end its work early. Not recursive.
 */
#ifndef ANCHORTOP_FAIR_LOCK_H
#define ANCHORTOP_FAIR_LOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { FAIR_LOCK_PASSES = 16 }; /* how often the first in line is passed over at most */

struct fair_lock {
    pthread_mutex_t mutex; /* guards what follows; held for some instructions only */
    pthread_cond_t turn;
    bool spins; /* there is another processor, on which the holder may be about to end */
    _Atomic bool held;
    unsigned passes;          /* how often the first in line has been passed over */
    uint64_t last;            /* tickets given out so far */
    _Atomic uint64_t first;   /* the ticket whose turn it is */
    _Atomic uint64_t waiting; /* how many stand in line */
};

void fair_lock_open(struct fair_lock *lock);
void fair_lock_close(struct fair_lock *lock);

/* Takes it, for a moment. */
void fair_lock_take(struct fair_lock *lock);
/* Takes it, for longer, behind all who wait. */
void fair_lock_take_last(struct fair_lock *lock);
void fair_lock_release(struct fair_lock *lock);

/* Whether anybody waits for it. */
bool fair_lock_is_wanted(const struct fair_lock *lock);

#endif
