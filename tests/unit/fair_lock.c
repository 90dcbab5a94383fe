/*
 * The lock that nobody is kept from: threads that stand in line.
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

struct waiter {
    struct shared *shared;
    int number;
    pthread_t thread;
};

static void *take_once(void *context)
{
    struct waiter *waiter = context;
    fair_lock_take(&waiter->shared->lock);
    waiter->shared->order[waiter->shared->takes++ % 8] = waiter->number;
    fair_lock_release(&waiter->shared->lock);
    return NULL;
}

/* Starts a thread that takes the lock, and waits until it stands in line. */
static void start(struct waiter *waiter, struct shared *shared, int number)
{
    uint64_t before = atomic_load(&shared->lock.waiting);
    *waiter = (struct waiter){.shared = shared, .number = number};
    cr_assert_eq(pthread_create(&waiter->thread, NULL, take_once, waiter), 0);
    while (atomic_load(&shared->lock.waiting) == before)
        sched_yield();
}

Test(fair_lock, who_has_long_work_lets_others_in_between)
{
    struct shared shared = {.takes = 0};
    struct waiter waiter;
    fair_lock_open(&shared.lock);
    for (int round = 0; round < 200; round++) {
        fair_lock_take_last(&shared.lock);
        cr_assert_not(fair_lock_is_wanted(&shared.lock));
        start(&waiter, &shared, round);
        cr_assert(fair_lock_is_wanted(&shared.lock));
        fair_lock_release(&shared.lock);
        fair_lock_take_last(&shared.lock);
        cr_assert_eq(shared.takes, round + 1);
        fair_lock_release(&shared.lock);
        pthread_join(waiter.thread, NULL);
    }
    fair_lock_close(&shared.lock);
}

Test(fair_lock, the_line_is_passed_over_only_so_often)
{
    struct shared shared = {.takes = 0};
    struct waiter waiter;
    fair_lock_open(&shared.lock);
    for (int round = 0; round < 200; round++) {
        fair_lock_take(&shared.lock);
        start(&waiter, &shared, round);
        for (int pass = 0; pass <= FAIR_LOCK_PASSES; pass++) {
            fair_lock_release(&shared.lock);
            fair_lock_take(&shared.lock);
        }
        cr_assert_eq(shared.takes, round + 1);
        fair_lock_release(&shared.lock);
        pthread_join(waiter.thread, NULL);
    }
    fair_lock_close(&shared.lock);
}

Test(fair_lock, goes_to_those_who_wait_in_the_order_in_which_they_came)
{
    enum { THREADS = 5 };
    struct shared shared = {.takes = 0};
    struct waiter waiters[THREADS];
    fair_lock_open(&shared.lock);
    fair_lock_take(&shared.lock);
    for (int i = 0; i < THREADS; i++)
        start(&waiters[i], &shared, i);
    fair_lock_release(&shared.lock);
    for (int i = 0; i < THREADS; i++)
        pthread_join(waiters[i].thread, NULL);
    for (int i = 0; i < THREADS; i++)
        cr_expect_eq(shared.order[i], i);
    fair_lock_close(&shared.lock);
}
