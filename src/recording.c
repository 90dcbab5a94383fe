/*
 * A recording that is read into the store: see recording.h.
 */
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "intake.h"
#include "record.h"
#include "text.h"
#include "thread.h"

enum {
    READ_SIZE = 64 << 10,
    MAX_LINE = INTAKE_MAX_BODY * 2, /* room for what wraps the largest event */
    MAX_NAME = 256,
    NEWS_SIZE = STORE_REASON_SIZE + 128,
};

struct recording {
    struct recording_config config;
    char name[MAX_NAME];
    int descriptor;
    bool is_file;     /* it has an end, and nobody waits for it */
    int stop_pipe[2]; /* readable when the thread has to end */
    pthread_t thread;
    bool started;

    /* The thread's own. */
    char *line; /* the beginning of a line whose end has not been read */
    size_t length, capacity;
    uint64_t number; /* of the line under way, from 1 */
    bool too_long;   /* its beginning was dropped */

    pthread_mutex_t mutex;                /* guards the rest */
    uint64_t skipped;                     /* lines that nobody was told of */
    char problem[STORE_REASON_SIZE + 64]; /* the last of them */
    bool any, ended, end_told;            /* an event was read; the end was; that was told */
    char news[NEWS_SIZE];                 /* main thread */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void add_row(struct recording *recording, struct delivery *row, size_t bytes)
{
    snprintf(row->peer, sizeof row->peer, "line %" PRIu64, recording->number);
    row->bytes = (uint32_t)bytes;
    store_add_delivery(recording->config.store, row);
}

/* Leaves the line under way out; `more` says what else. */
static void skip(struct recording *recording, const char *more, const char *reason, size_t bytes)
{
    struct delivery row = {.received_ms = now_ms(), .result = DELIVERY_SKIPPED};
    text_clean(row.reason, sizeof row.reason, reason, strlen(reason), 0);
    pthread_mutex_lock(&recording->mutex);
    recording->skipped++;
    snprintf(recording->problem, sizeof recording->problem, "line %" PRIu64 "%s: %s",
             recording->number, more, row.reason);
    pthread_mutex_unlock(&recording->mutex);
    add_row(recording, &row, bytes);
}

static void skip_line(struct recording *recording, const char *reason, size_t bytes)
{
    skip(recording, "", reason, bytes);
}

/* Told so long after the event arrived, a line is of the past. */
enum { NEWS_MS = 60 * 1000 };

static void take_event(struct recording *recording, const struct record *record, size_t bytes)
{
    const struct event *event = &record->event;
    int64_t now = now_ms(), received = record->received_ms ? record->received_ms : now;
    struct store_arrival arrival = {.event = event,
                                    .raw = record->raw,
                                    .length = record->length,
                                    .received_ms = received,
                                    .now_ms = now,
                                    .verified = record->verified,
                                    .recalled = now - received > NEWS_MS};
    struct delivery row = {.received_ms = arrival.received_ms, .verified = arrival.verified};
    row.result = (uint8_t)store_add(recording->config.store, &arrival, &row.seq);
    text_clean(row.event_id, sizeof row.event_id, event->id, strlen(event->id), 0);
    pthread_mutex_lock(&recording->mutex);
    recording->any = true;
    pthread_mutex_unlock(&recording->mutex);
    add_row(recording, &row, bytes);
}

static void take_line(struct recording *recording, const char *line, size_t length)
{
    struct record record;
    char reason[STORE_REASON_SIZE];
    size_t bytes = length;
    while (length && strchr(" \t\r", line[length - 1]))
        length--;
    if (length == 0)
        return;
    if (!record_read(&record, line, length, reason, sizeof reason)) {
        skip_line(recording, reason, bytes);
        return;
    }
    snprintf(reason, sizeof reason, "the event is larger than %d MiB", INTAKE_MAX_BODY >> 20);
    if (record.length > INTAKE_MAX_BODY)
        skip_line(recording, reason, bytes);
    else
        take_event(recording, &record, bytes);
    event_free(&record.event);
}

/* Keeps the beginning of a line for what is read next. A line without end is let go. */
static void keep(struct recording *recording, const char *bytes, size_t count)
{
    size_t needed = recording->length + count;
    if (recording->too_long || count == 0)
        return;
    if (needed > MAX_LINE) {
        recording->too_long = true;
        return;
    }
    if (needed > recording->capacity) {
        size_t capacity = needed * 2 < READ_SIZE ? READ_SIZE : needed * 2;
        char *line = realloc(recording->line, capacity);
        if (!line) {
            recording->too_long = true;
            return;
        }
        recording->line = line;
        recording->capacity = capacity;
    }
    memcpy(recording->line + recording->length, bytes, count);
    recording->length = needed;
}

static void end_line(struct recording *recording, const char *bytes, size_t count)
{
    char reason[80];
    recording->number++;
    if (recording->length > 0 || recording->too_long) {
        keep(recording, bytes, count);
        bytes = recording->line;
        count = recording->length;
    }
    snprintf(reason, sizeof reason, "it is longer than %d MiB", MAX_LINE >> 20);
    if (recording->too_long)
        skip_line(recording, reason, count);
    else
        take_line(recording, bytes, count);
    recording->length = 0;
    recording->too_long = false;
}

static void take_bytes(struct recording *recording, const char *bytes, size_t count)
{
    const char *newline;
    while (count > 0 && (newline = memchr(bytes, '\n', count))) {
        size_t length = (size_t)(newline - bytes);
        end_line(recording, bytes, length);
        bytes += length + 1;
        count -= length + 1;
    }
    keep(recording, bytes, count);
}

static void end(struct recording *recording, int failure)
{
    if (recording->length > 0 || recording->too_long)
        end_line(recording, NULL, 0);
    if (failure) {
        char reason[STORE_REASON_SIZE];
        recording->number++;
        snprintf(reason, sizeof reason, "it cannot be read: %s", strerror(failure));
        skip(recording, " and what follows", reason, 0);
    }
    pthread_mutex_lock(&recording->mutex);
    recording->ended = true;
    pthread_mutex_unlock(&recording->mutex);
    recording->config.changed(recording->config.changed_context);
}

static void *run(void *context)
{
    struct recording *recording = context;
    static const short any = POLLIN | POLLHUP | POLLERR | POLLNVAL;
    struct pollfd polled[] = {{.fd = recording->descriptor, .events = POLLIN},
                              {.fd = recording->stop_pipe[0], .events = POLLIN}};
    char *bytes = malloc(READ_SIZE);
    ssize_t count = bytes ? 1 : -1;
    int failure = bytes ? 0 : ENOMEM;
    while (count > 0) {
        if (poll(polled, 2, -1) > 0 && polled[1].revents) {
            free(bytes);
            return NULL;
        }
        if (!(polled[0].revents & any))
            continue;
        count = read(recording->descriptor, bytes, READ_SIZE);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
            count = 1;
            continue;
        }
        failure = count < 0 ? errno : 0;
        if (count > 0) {
            take_bytes(recording, bytes, (size_t)count);
            recording->config.changed(recording->config.changed_context);
        }
    }
    free(bytes);
    end(recording, failure);
    return NULL;
}

/* Opens what is to be read. False with errno set. */
static bool open_source(struct recording *recording, const struct recording_config *config)
{
    struct stat status;
    recording->descriptor =
        config->descriptor >= 0 ? config->descriptor : open(config->path, O_RDONLY | O_CLOEXEC);
    if (recording->descriptor < 0 || fstat(recording->descriptor, &status) < 0)
        return false;
    recording->is_file = S_ISREG(status.st_mode);
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (pipe(recording->stop_pipe) < 0)
        return false;
    for (int i = 0; i < 2; i++)
        fcntl(recording->stop_pipe[i], F_SETFD, FD_CLOEXEC);
    return true;
}

struct recording *recording_open(const struct recording_config *config, char *reason,
                                 size_t reason_size)
{
    struct recording *recording = calloc(1, sizeof *recording);
    if (!recording) {
        snprintf(reason, reason_size, "there is no memory left");
        return NULL;
    }
    recording->config = *config;
    recording->config.path = recording->config.name = NULL;
    recording->stop_pipe[0] = recording->stop_pipe[1] = -1;
    pthread_mutex_init(&recording->mutex, NULL);
    text_clean(recording->name, sizeof recording->name, config->name, strlen(config->name), 0);
    if (!open_source(recording, config)) {
        snprintf(reason, reason_size, "cannot read %s: %s", recording->name, strerror(errno));
        recording_free(recording);
        return NULL;
    }
    return recording;
}

bool recording_start(struct recording *recording, char *reason, size_t reason_size)
{
    int failure = thread_start(&recording->thread, run, recording);
    recording->started = failure == 0;
    if (failure)
        snprintf(reason, reason_size, "cannot start the reading thread: %s", strerror(failure));
    return recording->started;
}

void recording_free(struct recording *recording)
{
    if (!recording)
        return;
    if (recording->started) {
        close(recording->stop_pipe[1]);
        recording->stop_pipe[1] = -1;
        pthread_join(recording->thread, NULL);
    }
    int descriptors[] = {recording->descriptor, recording->stop_pipe[0], recording->stop_pipe[1]};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    pthread_mutex_destroy(&recording->mutex);
    free(recording->line);
    free(recording);
}

const char *recording_name(const struct recording *recording)
{
    return recording->name;
}

const char *recording_news(struct recording *recording)
{
    char *news = recording->news;
    news[0] = '\0';
    pthread_mutex_lock(&recording->mutex);
    if (recording->skipped == 1)
        snprintf(news, NEWS_SIZE, "skipped %s", recording->problem);
    else if (recording->skipped > 1)
        snprintf(news, NEWS_SIZE, "skipped %" PRIu64 " lines (7 lists them), the last: %s",
                 recording->skipped, recording->problem);
    else if (recording->ended && !recording->end_told && !(recording->is_file && recording->any))
        snprintf(news, NEWS_SIZE, "%s %s", recording->name,
                 recording->any ? "has ended" : "holds no events");
    recording->end_told |= recording->ended && recording->skipped == 0;
    recording->skipped = 0;
    pthread_mutex_unlock(&recording->mutex);
    return news[0] ? news : NULL;
}
