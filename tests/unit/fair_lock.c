/*
 * The lock that nobody is kept from: threads that stand in line, counted by their tickets.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>

#include "fair_lock.h"

struct shared {
    struct fair_lock lock;
    int takes; /* guarded by it */
    int order[8];
};

static void wait_for_tickets(struct fair_lock *lock, uint64_t tickets)
{
    while (atomic_load(&lock->tickets) < tickets)
        sched_yield();
}

static void *take_once(void *context)
{
    struct shared *shared = context;
    fair_lock_take(&shared->lock);
    shared->takes++;
    fair_lock_release(&shared->lock);
    return NULL;
}

Test(fair_lock, who_takes_it_again_and_again_lets_others_in_between)
{
    struct shared shared = {.takes = 0};
    fair_lock_open(&shared.lock);
    for (int round = 0; round < 200; round++) {
        pthread_t other;
        fair_lock_take(&shared.lock);
        cr_assert_not(fair_lock_is_wanted(&shared.lock));
        cr_assert_eq(pthread_create(&other, NULL, take_once, &shared), 0);
        while (!fair_lock_is_wanted(&shared.lock))
            sched_yield();
        fair_lock_release(&shared.lock);
        fair_lock_take(&shared.lock);
        cr_assert_eq(shared.takes, round + 1);
        fair_lock_release(&shared.lock);
        pthread_join(other, NULL);
    }
    fair_lock_close(&shared.lock);
}

struct queued {
    struct shared *shared;
    int number;
};

static void *note_turn(void *context)
{
    struct queued *queued = context;
    fair_lock_take(&queued->shared->lock);
    queued->shared->order[queued->shared->takes++] = queued->number;
    fair_lock_release(&queued->shared->lock);
    return NULL;
}

Test(fair_lock, goes_to_those_who_wait_in_the_order_in_which_they_came)
{
    enum { THREADS = 5 };
    struct shared shared = {.takes = 0};
    pthread_t threads[THREADS];
    struct queued queued[THREADS];
    fair_lock_open(&shared.lock);
    fair_lock_take(&shared.lock);
    for (int i = 0; i < THREADS; i++) {
        queued[i] = (struct queued){&shared, i};
        cr_assert_eq(pthread_create(&threads[i], NULL, note_turn, &queued[i]), 0);
        wait_for_tickets(&shared.lock, (uint64_t)i + 2);
    }
    fair_lock_release(&shared.lock);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        cr_expect_eq(shared.order[i], i);
    fair_lock_close(&shared.lock);
}
