/*
 * The journal read into the store: see replay.h.
 */
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "follower.h"
#include "history_watch.h"
#include "text.h"
#include "thread.h"

enum { RETRY_MS = 1000 }; /* until reading that has failed is tried again */

struct replay {
    struct replay_config config;
    struct follower *follower;
    struct history_watch *watch;
    int stop_pipe[2]; /* readable when the thread has to end */
    atomic_bool stop;
    pthread_t thread;
    bool started;
    bool live; /* the thread's own: the past has been read */

    pthread_mutex_t mutex; /* guards the rest */
    char trouble[HISTORY_TEXT_SIZE];
    char news[HISTORY_TEXT_SIZE]; /* main thread */
};

static bool take(void *context, const struct recalled *event)
{
    struct replay *replay = context;
    const char *id = event->event->id;
    struct delivery row = {.received_ms = event->record.received_ms,
                           .bytes = event->record.length,
                           .verified = event->record.verified,
                           .peer = "journal"};
    struct store_arrival arrival = recalled_arrival(event);
    arrival.recalled = !replay->live;
    row.result = (uint8_t)store_add(replay->config.store, &arrival, &row.seq);
    text_clean(row.event_id, sizeof row.event_id, id, strlen(id), 0);
    store_add_delivery(replay->config.store, &row);
    return !atomic_load(&replay->stop);
}

static void note_trouble(struct replay *replay, const char *trouble)
{
    pthread_mutex_lock(&replay->mutex);
    snprintf(replay->trouble, sizeof replay->trouble, "%s", trouble);
    pthread_mutex_unlock(&replay->mutex);
}

/* Waits until it is worth looking again, or the thread has to end. */
static void wait_for_more(struct replay *replay, enum follower_state state)
{
    struct pollfd polled[] = {
        {.fd = replay->stop_pipe[0], .events = POLLIN},
        {.fd = history_watch_descriptor(replay->watch), .events = POLLIN},
    };
    do {
        int pause = state == FOLLOWER_LATER ? RETRY_MS
                    : state == FOLLOWER_AT_END
                        ? -1
                        : history_watch_timeout(replay->watch, clock_steady_us() / 1000);
        poll(polled, state == FOLLOWER_UP_TO_DATE ? 2 : 1, pause);
    } while (!atomic_load(&replay->stop) &&
             !history_watch_due(replay->watch, clock_steady_us() / 1000) &&
             state != FOLLOWER_LATER);
}

static void *run(void *context)
{
    struct replay *replay = context;
    char trouble[HISTORY_TEXT_SIZE];
    while (!atomic_load(&replay->stop)) {
        uint64_t before = store_generation(replay->config.store);
        unsigned journals = follower_journals(replay->follower);
        enum follower_state state = follower_read(replay->follower, take, replay, trouble);
        if (journals != follower_journals(replay->follower))
            store_forget_rows(replay->config.store);
        if (trouble[0])
            note_trouble(replay, trouble);
        if (trouble[0] || before != store_generation(replay->config.store))
            replay->config.changed(replay->config.changed_context);
        if (state == FOLLOWER_MORE) {
            history_watch_found(replay->watch, clock_steady_us() / 1000);
            continue;
        }
        replay->live |= state == FOLLOWER_UP_TO_DATE;
        wait_for_more(replay, state);
    }
    return NULL;
}

struct replay *replay_open(const struct replay_config *config, char *reason, size_t reason_size)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (!replay) {
        snprintf(reason, reason_size, "there is no memory left");
        return NULL;
    }
    replay->config = *config;
    replay->stop_pipe[0] = replay->stop_pipe[1] = -1;
    pthread_mutex_init(&replay->mutex, NULL);
    const struct follower_config follower = {.path = config->path,
                                             .since_ms = config->since_ms,
                                             .ends = config->ends,
                                             .until_ms = config->until_ms};
    replay->watch = history_watch_open(config->path);
    if (!replay->watch)
        snprintf(reason, reason_size, "there is no memory left");
    else
        replay->follower = follower_open(&follower, reason, reason_size);
    if (replay->follower)
        return replay;
    replay_free(replay);
    return NULL;
}

bool replay_start(struct replay *replay, char *reason, size_t reason_size)
{
    int failure = pipe(replay->stop_pipe) < 0 ? errno : 0;
    if (failure == 0) {
        for (int i = 0; i < 2; i++)
            fcntl(replay->stop_pipe[i], F_SETFD, FD_CLOEXEC);
        failure = thread_start(&replay->thread, run, replay);
    }
    replay->started = failure == 0;
    if (failure)
        snprintf(reason, reason_size, "cannot start reading the journal: %s", strerror(failure));
    return replay->started;
}

void replay_free(struct replay *replay)
{
    if (!replay)
        return;
    atomic_store(&replay->stop, true);
    if (replay->stop_pipe[1] >= 0)
        close(replay->stop_pipe[1]);
    if (replay->started)
        pthread_join(replay->thread, NULL);
    if (replay->stop_pipe[0] >= 0)
        close(replay->stop_pipe[0]);
    follower_close(replay->follower);
    history_watch_close(replay->watch);
    pthread_mutex_destroy(&replay->mutex);
    free(replay);
}

const char *replay_news(struct replay *replay)
{
    pthread_mutex_lock(&replay->mutex);
    memcpy(replay->news, replay->trouble, sizeof replay->news);
    replay->trouble[0] = '\0';
    pthread_mutex_unlock(&replay->mutex);
    return replay->news[0] ? replay->news : NULL;
}
