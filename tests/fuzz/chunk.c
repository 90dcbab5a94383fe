/*
 * Any bytes as a chunked body: however they are cut, the same data comes out and the same verdict,
 * and never more than the limit.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chunk.h"

enum { LIMIT = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    enum chunk_result result;
    size_t used, length;
    char data[LIMIT];
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct outcome decode(const char *input, size_t size, size_t piece)
{
    struct chunk_decoder decoder = {0};
    struct outcome outcome = {.result = CHUNK_MORE};
    while (outcome.used < size && (outcome.result == CHUNK_MORE || outcome.result == CHUNK_DATA)) {
        size_t left = size - outcome.used, used = 0;
        size_t offered = left < piece ? left : piece;
        struct chunk_data taken = {0};
        const char *problem = NULL;
        outcome.result =
            chunk_decode(&decoder, input + outcome.used, offered, LIMIT, &used, &taken, &problem);
        check(used > 0 && used <= offered);
        check((outcome.result == CHUNK_BAD) == (problem != NULL));
        if (outcome.result == CHUNK_DATA) {
            check(taken.length > 0 && outcome.length + taken.length <= LIMIT);
            memcpy(outcome.data + outcome.length, taken.bytes, taken.length);
            outcome.length += taken.length;
        }
        outcome.used += used;
    }
    if (outcome.result == CHUNK_DATA)
        outcome.result = CHUNK_MORE;
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *input = (const char *)data + 1;
    struct outcome whole = decode(input, size - 1, size);
    struct outcome pieces = decode(input, size - 1, 1 + data[0] % 16u);
    check(whole.result == pieces.result && whole.used == pieces.used);
    check(whole.length == pieces.length && memcmp(whole.data, pieces.data, whole.length) == 0);
    return 0;
}
