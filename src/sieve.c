/*
 * Looking through many events: see sieve.h.
 */
#include "sieve.h"

#include <string.h>

#include "clock.h"

enum { SKIPPED = 4096 };

void sieve_free(struct sieve *sieve)
{
    store_copy_free(&sieve->large);
}

void sieve_prepare(struct sieve *sieve, int64_t now_ms)
{
    sieve->count = sieve->used = 0;
    if (sieve->matcher)
        matcher_prepare(sieve->matcher, sieve->store, now_ms);
    for (size_t type = 0; type < store_type_count(sieve->store); type++) {
        bool shown = !sieve->shown || sieve->shown[type / 64] >> (type % 64) & 1;
        sieve->verdicts[type] = !shown           ? FILTER_NEVER
                                : sieve->matcher ? sieve->matcher->verdicts[type]
                                                 : FILTER_ALWAYS;
    }
}

bool sieve_is_full(const struct sieve *sieve)
{
    return sieve->count == SIEVE_ROWS || sieve->used + TURN_BYTES > SIEVE_BYTES;
}

void sieve_put(struct sieve *sieve, uint64_t seq, enum filter_verdict verdict)
{
    struct sieve_row *row = &sieve->rows[sieve->count++];
    row->seq = seq;
    row->verdict = verdict;
}

/* Copies what a glance has not decided, when it is short. */
static void keep(struct sieve *sieve, struct sieve_row *row)
{
    const struct ring *ring = store_ring(sieve->store);
    row->record = *ring_at(ring, row->seq);
    row->raw = SIZE_MAX;
    if (row->record.length > TURN_BYTES)
        return;
    row->raw = sieve->used;
    memcpy(sieve->bytes + sieve->used, ring_raw(ring, row->seq), row->record.length);
    sieve->used += row->record.length;
}

size_t sieve_take(struct sieve *sieve, uint64_t seq)
{
    const struct ring *ring = store_ring(sieve->store);
    if (!ring_at(ring, seq))
        return 0;
    uint8_t verdict = sieve->verdicts[ring_type(ring, seq)];
    size_t length = 0;
    if (verdict == FILTER_DEPENDS) {
        length = ring_at(ring, seq)->length;
        verdict = (uint8_t)matcher_glance(sieve->matcher, sieve->store, seq);
    }
    if (verdict == FILTER_NEVER)
        return length < TURN_BYTES ? length : 0;
    sieve_put(sieve, seq, (enum filter_verdict)verdict);
    if (verdict == FILTER_DEPENDS)
        keep(sieve, &sieve->rows[sieve->count - 1]);
    return length < TURN_BYTES ? length : 0;
}

size_t sieve_skip(const struct sieve *sieve, uint64_t first, uint64_t end, bool backwards)
{
    const struct ring *ring = store_ring(sieve->store);
    if (first < ring_first(ring) || end > ring_end(ring))
        return 0;
    size_t most = end - first < SKIPPED ? (size_t)(end - first) : SKIPPED, count = 0;
    while (count < most &&
           sieve->verdicts[ring_type(ring, backwards ? end - 1 - count : first + count)] ==
               FILTER_NEVER)
        count++;
    return count;
}

static bool is_wanted(struct sieve *sieve, const struct sieve_row *row)
{
    if (row->raw != SIZE_MAX)
        return matcher_match(sieve->matcher, sieve->store, &row->record, sieve->bytes + row->raw);
    return store_fetch(sieve->store, row->seq, &sieve->large) &&
           matcher_match(sieve->matcher, sieve->store, &sieve->large.record, sieve->large.raw);
}

size_t sieve_decide(struct sieve *sieve, int64_t until_us)
{
    bool any = false;
    for (size_t i = 0; i < sieve->count; i++) {
        struct sieve_row *row = &sieve->rows[i];
        if (row->verdict != FILTER_DEPENDS)
            continue;
        if (any && clock_steady_us() >= until_us)
            return i;
        row->verdict = is_wanted(sieve, row) ? FILTER_ALWAYS : FILTER_NEVER;
        any = true;
    }
    return sieve->count;
}
