/*
 * The state machine of a connection, and the one buffer that its head and then its body live in.
 */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CAPACITY = 4096, /* as much is kept between requests */
    LEAST_GROWTH = 4096,
};

static void enter(struct exchange *x, enum exchange_state state)
{
    x->state = state;
    x->guest.unfinished = state == EXCHANGE_HEAD || state == EXCHANGE_BODY;
}

static void release_buffer(struct exchange *x)
{
    free(x->buffer);
    x->buffer = NULL;
    x->length = x->capacity = 0;
    room_take(&x->guest, 0);
}

/* The most that the request can need of a buffer. */
static size_t most_needed(const struct exchange *x)
{
    if (x->state == EXCHANGE_HEAD)
        return REQUEST_MAX_HEAD;
    return x->verdict.framing == INTAKE_LENGTH ? (size_t)x->verdict.content_length
                                               : INTAKE_MAX_BODY;
}

/* A buffer grows by a quarter of what has come, not by what was announced, and never beyond it. */
static size_t grown(const struct exchange *x, size_t needed)
{
    size_t growth = x->capacity / 4 > LEAST_GROWTH ? x->capacity / 4 : LEAST_GROWTH;
    size_t capacity = x->capacity ? x->capacity + growth : FIRST_CAPACITY;
    size_t most = most_needed(x);
    if (capacity > most)
        capacity = most;
    return capacity > needed ? capacity : needed;
}

static bool append(struct exchange *x, const char *data, size_t length)
{
    size_t needed = x->length + length;
    if (needed > x->capacity) {
        size_t capacity = grown(x, needed);
        if (!room_take(&x->guest, capacity))
            return false;
        char *buffer = realloc(x->buffer, capacity);
        if (!buffer)
            return false;
        x->buffer = buffer;
        x->capacity = capacity;
    }
    memcpy(x->buffer + x->length, data, length);
    x->length = needed;
    return true;
}

void exchange_refuse(struct exchange *x, unsigned status, const char *reason)
{
    x->verdict.status = status;
    x->verdict.close = true;
    x->verdict.health = false;
    snprintf(x->verdict.reason, sizeof x->verdict.reason, "%s", reason);
    x->judged = true;
    enter(x, EXCHANGE_READY);
}

void exchange_refuse_for_memory(struct exchange *x)
{
    release_buffer(x);
    exchange_refuse(x, 503, "too many large deliveries at once: send it again later");
}

static void begin_body(struct exchange *x, const struct intake_rules *rules, int64_t now_ms)
{
    x->length = 0;
    x->chunks = (struct chunk_decoder){0};
    x->verdict = intake_head(rules, &x->request.head, now_ms);
    x->judged = x->verdict.status != 200 || x->verdict.health;
    if (x->judged && !x->verdict.close)
        x->skip = (size_t)x->verdict.content_length;
    bool has_body = x->verdict.framing == INTAKE_CHUNKED || x->verdict.content_length > 0;
    enter(x, !x->judged && has_body ? EXCHANGE_BODY : EXCHANGE_READY);
}

/* The three below return how many bytes they took. */

static size_t feed_head(struct exchange *x, const struct intake_rules *rules, int64_t now_ms,
                        const char *data, size_t length)
{
    size_t before = x->length, end = 0;
    size_t room = REQUEST_MAX_HEAD - before;
    size_t taken = length < room ? length : room;
    const char *reason = NULL;
    if (!append(x, data, taken)) {
        exchange_refuse_for_memory(x);
        return length;
    }
    unsigned status = request_find(x->buffer, x->length, &x->scanned, &end, &reason);
    if (status == REQUEST_INCOMPLETE)
        return taken;
    if (status == REQUEST_COMPLETE) {
        taken = end - before;
        status = request_read(&x->request, x->buffer, end, &reason);
    }
    if (status == REQUEST_COMPLETE)
        begin_body(x, rules, now_ms);
    else
        exchange_refuse(x, status, reason);
    return taken;
}

static size_t feed_length(struct exchange *x, const char *data, size_t length)
{
    size_t left = (size_t)x->verdict.content_length - x->length;
    size_t taken = length < left ? length : left;
    x->received += taken;
    if (!append(x, data, taken))
        exchange_refuse_for_memory(x);
    else if (taken == left)
        enter(x, EXCHANGE_READY);
    return taken;
}

static size_t feed_chunks(struct exchange *x, const char *data, size_t length)
{
    size_t used = 0;
    struct chunk_data piece;
    const char *problem = NULL;
    switch (chunk_decode(&x->chunks, data, length, INTAKE_MAX_BODY, &used, &piece, &problem)) {
    case CHUNK_MORE: break;
    case CHUNK_DATA:
        if (!append(x, piece.bytes, piece.length))
            exchange_refuse_for_memory(x);
        break;
    case CHUNK_END: enter(x, EXCHANGE_READY); break;
    case CHUNK_LARGE: exchange_refuse(x, 413, "the body is larger than 4 MiB"); break;
    case CHUNK_BAD: exchange_refuse(x, 400, problem); break;
    }
    x->received += used;
    return used;
}

static size_t feed_skipped(struct exchange *x, size_t length)
{
    size_t taken = length < x->skip ? length : x->skip;
    x->skip -= taken;
    x->received += taken;
    return taken;
}

/* Empty lines between requests are allowed, and come from old clients. */
static size_t skip_empty_lines(const char *data, size_t length)
{
    size_t skipped = 0;
    while (skipped < length && (data[skipped] == '\r' || data[skipped] == '\n'))
        skipped++;
    return skipped;
}

static void begin_request(struct exchange *x)
{
    enter(x, EXCHANGE_HEAD);
    x->judged = false;
    x->length = x->scanned = x->skip = 0;
    x->received = 0;
    x->verdict = (struct verdict){0};
    x->request.head = (struct intake_head){.method = "", .path = ""};
    x->request.delivery_id = NULL;
    x->request.keep_alive = false;
}

/* The four below return how many bytes they took. */

static size_t feed_idle(struct exchange *x, const char *data, size_t length)
{
    size_t taken = skip_empty_lines(data, length);
    if (taken < length)
        begin_request(x);
    return taken;
}

static size_t feed_ready(struct exchange *x, const char *data, size_t length)
{
    size_t taken = feed_skipped(x, length);
    if (taken + skip_empty_lines(data + taken, length - taken) < length)
        x->pipelined = true;
    return length;
}

static size_t feed_rest(struct exchange *x, size_t length)
{
    size_t taken = feed_skipped(x, length);
    if (x->skip == 0)
        enter(x, EXCHANGE_IDLE);
    return taken;
}

static size_t feed_body(struct exchange *x, const char *data, size_t length)
{
    return x->verdict.framing == INTAKE_CHUNKED ? feed_chunks(x, data, length)
                                                : feed_length(x, data, length);
}

void exchange_feed(struct exchange *x, const struct intake_rules *rules, int64_t now_ms,
                   const char *data, size_t length)
{
    while (length > 0) {
        size_t taken = length;
        switch (x->state) {
        case EXCHANGE_IDLE: taken = feed_idle(x, data, length); break;
        case EXCHANGE_HEAD: taken = feed_head(x, rules, now_ms, data, length); break;
        case EXCHANGE_BODY: taken = feed_body(x, data, length); break;
        case EXCHANGE_READY: taken = feed_ready(x, data, length); break;
        case EXCHANGE_SKIP: taken = feed_rest(x, length); break;
        case EXCHANGE_CLOSED: break;
        }
        data += taken;
        length -= taken;
    }
}

bool exchange_wants_continue(struct exchange *x)
{
    bool wants = x->state == EXCHANGE_BODY && x->verdict.send_continue && x->received == 0;
    x->verdict.send_continue = false;
    return wants;
}

bool exchange_is_last(const struct exchange *x)
{
    return x->verdict.close || !x->request.keep_alive;
}

void exchange_next(struct exchange *x)
{
    bool last = exchange_is_last(x), pipelined = x->pipelined;
    size_t skip = x->skip;
    x->pipelined = false;
    x->length = 0;
    if (x->capacity > FIRST_CAPACITY)
        release_buffer(x);
    if (!last && !pipelined) {
        enter(x, skip > 0 ? EXCHANGE_SKIP : EXCHANGE_IDLE);
        return;
    }
    begin_request(x);
    if (last)
        enter(x, EXCHANGE_CLOSED);
    else
        exchange_refuse(x, 400, "pipelined request: wait for an answer before sending the next");
}

void exchange_free(struct exchange *x)
{
    release_buffer(x);
    room_leave(&x->guest);
}
