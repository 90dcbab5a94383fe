/*
 * The loader's thread: see loader.h.
 */
#include "loader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history_reader.h"
#include "recalled.h"
#include "thread.h"

enum { BATCH = 1000 }; /* rows read in one go */

struct loader {
    struct loader_config config;
    pthread_t thread;
    atomic_bool stop;
    _Atomic enum loader_phase phase;
    atomic_uint_fast64_t done, total;
    pthread_mutex_t handover; /* guards `live`: held while the journal is written */
    bool live;                /* the ring has caught up: new events go straight to the store */
    /* The thread's own. */
    struct history_reader *reader;
    int64_t row;   /* the last that was read */
    int64_t last;  /* the last that was there at the start */
    int64_t older; /* rows up to this one did not fit into the ring */
    bool at_end;   /* all of a phase were read */
};

static bool add(void *context, const struct recalled *event)
{
    struct loader *l = context;
    struct store_arrival arrival = recalled_arrival(event);
    uint64_t seq;
    arrival.recalled = arrival.row <= history_old_row(l->config.history);
    store_add(l->config.store, &arrival, &seq);
    return true;
}

static bool add_up(void *context, const struct recalled *event)
{
    struct loader *l = context;
    const struct store_arrival arrival = recalled_arrival(event);
    store_fold(l->config.store, &arrival);
    return true;
}

static bool take(struct loader *l, const struct history_row *row, recalled_visit *visit)
{
    l->row = row->row;
    atomic_fetch_add(&l->done, 1);
    recall_row(row, visit, l);
    return !atomic_load(&l->stop);
}

static bool remember(void *context, const struct history_row *row)
{
    return take(context, row, add);
}

static bool fold(void *context, const struct history_row *row)
{
    struct loader *l = context;
    l->at_end = row->row > l->older;
    return !l->at_end && take(l, row, add_up);
}

static void tell(const struct loader *l)
{
    if (l->config.changed)
        l->config.changed(l->config.changed_context);
}

static void begin_phase(struct loader *l, enum loader_phase phase, uint64_t total)
{
    atomic_store(&l->done, 0);
    atomic_store(&l->total, total);
    atomic_store(&l->phase, phase);
    tell(l);
}

/* Reads to the end of what there is. False when it cannot be read, or is not wanted any more. */
static bool read_on(struct loader *l, bool (*visit)(void *context, const struct history_row *row))
{
    int64_t got;
    l->at_end = false;
    do {
        const struct history_range range = {.row = l->row, .limit = BATCH};
        got = history_read(l->reader, &range, visit, l);
        tell(l);
    } while (got > 0 && !l->at_end && !atomic_load(&l->stop));
    return got >= 0 && !atomic_load(&l->stop);
}

static bool open_reader(struct loader *l)
{
    char reason[512];
    history_reader_close(l->reader);
    l->reader = history_reader_open(history_path(l->config.history), reason, sizeof reason);
    return l->reader;
}

/* Reads to the end, also when another journal was begun meanwhile. */
static bool catch_up(struct loader *l)
{
    if (!l->reader && !open_reader(l))
        return false;
    /* It goes on at its row: the writer never gives one twice. */
    while (read_on(l, remember)) {
        if (!history_reader_is_gone(l->reader))
            return true;
        if (!open_reader(l))
            return false;
    }
    return false;
}

static size_t ring_room(const struct loader *l)
{
    store_lock(l->config.store);
    size_t room = ring_capacity(store_ring(l->config.store));
    store_unlock(l->config.store);
    return room;
}

static bool remember_newest(struct loader *l)
{
    uint64_t count = 0;
    if (!open_reader(l))
        return false;
    l->last = history_last_row(l->reader);
    l->row = history_row_for(l->reader, ring_room(l), sizeof(struct ring_record), &count);
    if (l->row < 0)
        return false;
    l->older = l->row;
    begin_phase(l, LOADER_REMEMBERING, count);
    return catch_up(l);
}

static bool fold_older(struct loader *l)
{
    int64_t count = l->older ? history_count(l->reader, l->older) : 0;
    begin_phase(l, LOADER_FOLDING, count > 0 ? (uint64_t)count : 0);
    l->row = 0;
    return count >= 0 && (count == 0 || read_on(l, fold));
}

/* Where old events cannot be read, new ones still may be. */
static void pass_over(struct loader *l)
{
    bool damage = history_reader_found_damage(l->reader);
    if (l->row < l->last)
        l->row = l->last;
    catch_up(l);
    if (damage)
        history_found_damage(l->config.history);
}

static void *run(void *context)
{
    struct loader *l = context;
    store_expect_past(l->config.store);
    bool good = remember_newest(l);
    /* What was written since the last look is little, and read while nothing more is written. Where
     * there was no file at all, there is one by now if anything was written. */
    pthread_mutex_lock(&l->handover);
    if (good || !l->reader)
        good = catch_up(l);
    else
        pass_over(l);
    l->live = true;
    pthread_mutex_unlock(&l->handover);
    good = good && fold_older(l);
    if (!good && l->reader && history_reader_found_damage(l->reader))
        history_found_damage(l->config.history);
    history_reader_close(l->reader);
    store_end_past(l->config.store);
    atomic_store(&l->phase, good ? LOADER_DONE : LOADER_FAILED);
    tell(l);
    return NULL;
}

struct loader *loader_start(const struct loader_config *config, char *reason, size_t reason_size)
{
    struct loader *l = calloc(1, sizeof *l);
    int error = 0;
    if (l) {
        l->config = *config;
        pthread_mutex_init(&l->handover, NULL);
        error = thread_start(&l->thread, run, l);
    }
    if (l && error == 0)
        return l;
    snprintf(reason, reason_size, "cannot start reading the journal: %s",
             l ? strerror(error) : "not enough memory");
    if (l)
        pthread_mutex_destroy(&l->handover);
    free(l);
    return NULL;
}

void loader_stop(struct loader *l)
{
    if (!l)
        return;
    atomic_store(&l->stop, true);
    pthread_join(l->thread, NULL);
    pthread_mutex_destroy(&l->handover);
    free(l);
}

bool loader_enter(struct loader *l)
{
    if (!l)
        return true;
    pthread_mutex_lock(&l->handover);
    return l->live;
}

void loader_leave(struct loader *l)
{
    if (l)
        pthread_mutex_unlock(&l->handover);
}

struct loader_progress loader_progress(const struct loader *l)
{
    return (struct loader_progress){
        .phase = atomic_load(&l->phase),
        .done = atomic_load(&l->done),
        .total = atomic_load(&l->total),
    };
}
