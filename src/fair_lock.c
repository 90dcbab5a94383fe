/*
 * A fair lock: see fair_lock.h.
 */
#include "fair_lock.h"

#include <unistd.h>

#include "clock.h"

void fair_lock_open(struct fair_lock *lock)
{
    *lock = (struct fair_lock){.spins = sysconf(_SC_NPROCESSORS_ONLN) > 1};
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->turn, NULL);
}

void fair_lock_close(struct fair_lock *lock)
{
    pthread_cond_destroy(&lock->turn);
    pthread_mutex_destroy(&lock->mutex);
}

static bool is_turn(const struct fair_lock *lock, uint64_t ticket)
{
    return !atomic_load(&lock->held) && atomic_load(&lock->first) == ticket;
}

/* Looks for a while whether the turn comes: a holder who is asked for the lock gives it soon, and
 * to be woken on a busy machine takes much longer than that. */
static void spin(const struct fair_lock *lock, uint64_t ticket)
{
    enum { SPIN_US = 100, LOOKS = 64 /* between two looks at the clock */ };
    int64_t until_us = clock_steady_us() + SPIN_US;
    do
        for (int i = 0; i < LOOKS; i++)
            if (is_turn(lock, ticket))
                return;
    while (clock_steady_us() < until_us);
}

/* (mutex) Waits at the end of the line. */
static void stand_in_line(struct fair_lock *lock, bool spins)
{
    uint64_t ticket = lock->last++;
    atomic_fetch_add(&lock->waiting, 1);
    if (spins) {
        pthread_mutex_unlock(&lock->mutex);
        spin(lock, ticket);
        pthread_mutex_lock(&lock->mutex);
    }
    while (!is_turn(lock, ticket))
        pthread_cond_wait(&lock->turn, &lock->mutex);
    atomic_fetch_add(&lock->first, 1);
    lock->passes = 0;
    atomic_fetch_sub(&lock->waiting, 1);
}

static void take(struct fair_lock *lock, unsigned passes)
{
    pthread_mutex_lock(&lock->mutex);
    bool line = lock->first != lock->last;
    if (lock->held || (line && lock->passes >= passes))
        stand_in_line(lock, lock->spins && passes > 0);
    else
        lock->passes += line;
    lock->held = true;
    pthread_mutex_unlock(&lock->mutex);
}

void fair_lock_take(struct fair_lock *lock)
{
    take(lock, FAIR_LOCK_PASSES);
}

void fair_lock_take_last(struct fair_lock *lock)
{
    take(lock, 0);
}

void fair_lock_release(struct fair_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
    lock->held = false;
    bool line = lock->first != lock->last;
    pthread_mutex_unlock(&lock->mutex);
    if (line) /* all of them: only one is the first, and there are few threads */
        pthread_cond_broadcast(&lock->turn);
}

bool fair_lock_is_wanted(const struct fair_lock *lock)
{
    return atomic_load(&lock->waiting) > 0;
}
