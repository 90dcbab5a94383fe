/*
 * The state machine of a connection, and the one buffer that its head and then its body live in.
 */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CAPACITY = 4096,
    KEPT_CAPACITY = 16384, /* a larger buffer is given back after the request */
};

static void set_capacity(struct exchange *x, char *buffer, size_t capacity)
{
    *x->held = *x->held - x->capacity + capacity;
    x->buffer = buffer;
    x->capacity = capacity;
}

static bool append(struct exchange *x, const char *data, size_t length)
{
    size_t needed = x->length + length;
    if (needed > x->capacity) {
        size_t capacity = x->capacity ? x->capacity : FIRST_CAPACITY;
        while (capacity < needed)
            capacity *= 2;
        bool room = *x->held - x->capacity + capacity <= EXCHANGE_MAX_HELD;
        char *buffer = room ? realloc(x->buffer, capacity) : NULL;
        if (!buffer)
            return false;
        set_capacity(x, buffer, capacity);
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
    x->state = EXCHANGE_READY;
}

static void refuse_for_memory(struct exchange *x)
{
    exchange_refuse(x, 503, "too many large deliveries at once: send it again later");
}

static void begin_body(struct exchange *x, const struct intake_rules *rules)
{
    x->length = 0;
    x->chunks = (struct chunk_decoder){0};
    x->verdict = intake_head(rules, &x->request.head);
    x->state = EXCHANGE_READY;
    x->judged = x->verdict.status != 200 || x->verdict.health;
    if (!x->judged && (x->verdict.framing == INTAKE_CHUNKED || x->verdict.content_length > 0))
        x->state = EXCHANGE_BODY;
}

/* The three below return how many bytes they took. */

static size_t feed_head(struct exchange *x, const struct intake_rules *rules, const char *data,
                        size_t length)
{
    size_t before = x->length, end = 0;
    size_t room = REQUEST_MAX_HEAD - before;
    size_t taken = length < room ? length : room;
    const char *reason = NULL;
    if (!append(x, data, taken)) {
        refuse_for_memory(x);
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
        begin_body(x, rules);
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
        refuse_for_memory(x);
    else if (taken == left)
        x->state = EXCHANGE_READY;
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
            refuse_for_memory(x);
        break;
    case CHUNK_END: x->state = EXCHANGE_READY; break;
    case CHUNK_LARGE: exchange_refuse(x, 413, "the body is larger than 4 MiB"); break;
    case CHUNK_BAD: exchange_refuse(x, 400, problem); break;
    }
    x->received += used;
    return used;
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
    x->state = EXCHANGE_HEAD;
    x->judged = false;
    x->length = x->scanned = 0;
    x->received = 0;
    x->verdict = (struct verdict){0};
    x->request.head = (struct intake_head){.method = "", .path = ""};
    x->request.delivery_id = NULL;
    x->request.keep_alive = false;
}

void exchange_feed(struct exchange *x, const struct intake_rules *rules, const char *data,
                   size_t length)
{
    while (length > 0) {
        size_t taken = 0;
        switch (x->state) {
        case EXCHANGE_IDLE:
            taken = skip_empty_lines(data, length);
            if (taken < length)
                begin_request(x);
            break;
        case EXCHANGE_HEAD: taken = feed_head(x, rules, data, length); break;
        case EXCHANGE_BODY:
            taken = x->verdict.framing == INTAKE_CHUNKED ? feed_chunks(x, data, length)
                                                         : feed_length(x, data, length);
            break;
        case EXCHANGE_READY:
            if (skip_empty_lines(data, length) < length)
                x->pipelined = true;
            return;
        case EXCHANGE_CLOSED: return;
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
    x->pipelined = false;
    x->length = 0;
    if (x->capacity > KEPT_CAPACITY) {
        free(x->buffer);
        set_capacity(x, NULL, 0);
    }
    if (!last && !pipelined) {
        x->state = EXCHANGE_IDLE;
        return;
    }
    begin_request(x);
    if (last)
        x->state = EXCHANGE_CLOSED;
    else
        exchange_refuse(x, 400, "pipelined request: wait for an answer before sending the next");
}

void exchange_free(struct exchange *x)
{
    free(x->buffer);
    set_capacity(x, NULL, 0);
}
