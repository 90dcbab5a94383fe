/*
 * A fair lock: see fair_lock.h.
 */
#include "fair_lock.h"

void fair_lock_open(struct fair_lock *lock)
{
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->turn, NULL);
    atomic_init(&lock->tickets, 0);
    lock->serving = 0;
}

void fair_lock_close(struct fair_lock *lock)
{
    pthread_cond_destroy(&lock->turn);
    pthread_mutex_destroy(&lock->mutex);
}

void fair_lock_take(struct fair_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
    uint64_t ticket = atomic_fetch_add(&lock->tickets, 1);
    while (lock->serving != ticket)
        pthread_cond_wait(&lock->turn, &lock->mutex);
    pthread_mutex_unlock(&lock->mutex);
}

void fair_lock_release(struct fair_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
    lock->serving++;
    bool waits = atomic_load(&lock->tickets) != lock->serving;
    pthread_mutex_unlock(&lock->mutex);
    if (waits) /* all of them: only one has the ticket, and there are few threads */
        pthread_cond_broadcast(&lock->turn);
}

/* Nobody but the holder, who asks, changes `serving`. */
bool fair_lock_is_wanted(const struct fair_lock *lock)
{
    return atomic_load(&lock->tickets) - lock->serving > 1;
}
