/*
 * Any bytes as what a connection receives: however they are cut, the first request gets the same
 * verdict and has the same body; and nothing that follows does harm.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (1716544084 * INT64_C(1000))

static struct exchange whole, pieces;
static struct room *room;

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void evict(struct room_guest *guest)
{
    (void)guest;
    abort(); /* there is room enough for two */
}

static void finish(struct exchange *x)
{
    exchange_free(x);
    memset(x, 0, sizeof *x);
}

/* Judges and answers what is ready, as the server does. */
static void settle(struct exchange *x, const struct intake_rules *rules, struct signer *signer)
{
    while (x->state == EXCHANGE_READY) {
        struct event event;
        bool verified;
        char body[ANSWER_BODY_SIZE], out[ANSWER_SIZE];
        if (!x->judged) {
            check(x->length <= INTAKE_MAX_BODY);
            x->verdict = intake_body(rules, signer, &x->request.head, x->buffer, x->length, NOW,
                                     &event, &verified);
            if (x->verdict.status == 200)
                event_free(&event);
        }
        check(x->verdict.status == 200 || x->verdict.reason[0]);
        answer_error(body, x->verdict.reason);
        const struct answer answer = {.status = x->verdict.status, .body = body};
        check(answer_format(out, &answer) < ANSWER_SIZE - 1);
        check((unsigned)atoi(out + 9) == x->verdict.status);
        exchange_next(x);
    }
}

static void compare(const struct exchange *a, const struct exchange *b)
{
    check(a->state == b->state);
    if (a->state != EXCHANGE_READY)
        return;
    check(a->judged == b->judged && a->verdict.status == b->verdict.status);
    check(strcmp(a->verdict.reason, b->verdict.reason) == 0);
    if (!a->judged)
        check(a->length == b->length &&
              (a->length == 0 || memcmp(a->buffer, b->buffer, a->length) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct signer *signer;
    static struct secrets *secrets;
    if (!signer) {
        signer = signer_new();
        secrets = secrets_new();
        room = room_new(evict);
        check(room && signer && secrets && secrets_add(secrets, "secret", 6));
    }
    if (size < 1)
        return 0;
    const struct intake_rules rules = {.path = data[0] & 32 ? "/a" : NULL,
                                       .secrets = data[0] & 64 ? secrets : NULL,
                                       .insecure = data[0] & 128};
    const char *input = (const char *)data + 1;
    size_t piece = 1 + data[0] % 32u;
    size--;

    check(room_enter(room, &whole.guest, "a") && room_enter(room, &pieces.guest, "b"));
    exchange_feed(&whole, &rules, NOW, input, size);
    size_t at = 0;
    for (; at < size && pieces.state != EXCHANGE_READY; at += piece)
        exchange_feed(&pieces, &rules, NOW, input + at, size - at < piece ? size - at : piece);
    compare(&whole, &pieces);

    settle(&whole, &rules, signer);
    for (; at < size; at += piece) {
        settle(&pieces, &rules, signer);
        exchange_feed(&pieces, &rules, NOW, input + at, size - at < piece ? size - at : piece);
    }
    settle(&pieces, &rules, signer);
    finish(&whole);
    finish(&pieces);
    check(room_held(room) == 0);
    return 0;
}
