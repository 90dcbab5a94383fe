/*
 * A state machine over single bytes, but for data, which it hands on in pieces as large as the
 * input allows.
 */
#include "chunk.h"

#include <string.h>

enum state {
    SIZE_START, /* before the first hexadecimal digit */
    SIZE,
    SIZE_SPACE, /* white space before an extension */
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START, /* at the beginning of a line after the last chunk */
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    DONE,
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_token(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_text(char c)
{
    return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7f);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The three below take one byte of the framing each, and return NULL or what is wrong with it. */

/* A size line: hexadecimal digits, perhaps extensions, CR LF. */
static const char *take_size(struct chunk_decoder *d, char c, uint64_t limit, bool *large)
{
    int digit = d->state <= SIZE ? hex_digit(c) : -1;
    if (digit >= 0) {
        /* `remain` was within the limit until now, so this cannot overflow. */
        d->remain = d->remain * 16 + (unsigned)digit;
        d->state = SIZE;
        *large = d->remain > limit - d->decoded;
    } else if (d->state == SIZE_LF) {
        if (c != '\n')
            return "a chunk's size line does not end in CR LF";
        d->state = d->remain > 0 ? DATA : TRAILER_START;
        d->line = 0;
    } else if (d->state == SIZE_START) {
        return "a chunk's size is not a hexadecimal number";
    } else if (c == '\r') {
        d->state = SIZE_LF;
    } else if (d->state == EXTENSION) {
        return is_text(c) ? NULL : "a chunk's extension has a control character";
    } else if (c == ';') {
        d->state = EXTENSION;
    } else if (is_space(c)) {
        d->state = SIZE_SPACE;
    } else {
        return "a chunk's size is not a hexadecimal number";
    }
    return NULL;
}

/* The CR LF behind the data. */
static const char *take_chunk_end(struct chunk_decoder *d, char c)
{
    if (c != (d->state == DATA_CR ? '\r' : '\n'))
        return "a chunk does not end where its size says";
    d->state = d->state == DATA_CR ? DATA_LF : SIZE_START;
    d->line = 0;
    return NULL;
}

/* Fields behind the last chunk, and the empty line that ends the body. */
static const char *take_trailer(struct chunk_decoder *d, char c)
{
    static const struct {
        char on;            /* the byte that ends the state */
        unsigned char to;   /* the state that follows */
        bool (*stay)(char); /* bytes that stay in it; NULL: none */
    } next[] = {
        [TRAILER_NAME - TRAILER_START] = {':', TRAILER_VALUE, is_token},
        [TRAILER_VALUE - TRAILER_START] = {'\r', TRAILER_LF, is_text},
        [TRAILER_LF - TRAILER_START] = {'\n', TRAILER_START, NULL},
        [END_LF - TRAILER_START] = {'\n', DONE, NULL},
        [TRAILER_START - TRAILER_START] = {'\r', END_LF, NULL},
    };
    if (c == next[d->state - TRAILER_START].on)
        d->state = next[d->state - TRAILER_START].to;
    else if (d->state == TRAILER_START && is_token(c))
        d->state = TRAILER_NAME;
    else if (!next[d->state - TRAILER_START].stay || !next[d->state - TRAILER_START].stay(c))
        return "a trailer of the chunked body is malformed";
    return NULL;
}

/* A size line or trailers without end would be read for as long as their sender likes. */
static const char *check_bounds(struct chunk_decoder *d)
{
    bool trailer = d->state >= TRAILER_START;
    if (++d->line <= (trailer ? CHUNK_MAX_TRAILER : CHUNK_MAX_LINE))
        return NULL;
    return trailer ? "the trailers of the chunked body are too long"
                   : "a chunk's size line is too long";
}

static const char *take_framing(struct chunk_decoder *d, char c, uint64_t limit, bool *large)
{
    const char *problem = d->state < DATA            ? take_size(d, c, limit, large)
                          : d->state < TRAILER_START ? take_chunk_end(d, c)
                                                     : take_trailer(d, c);
    return problem ? problem : check_bounds(d);
}

/* As much data as the input has of the current chunk. */
static size_t take_data(struct chunk_decoder *d, const char *input, size_t length,
                        struct chunk_data *data)
{
    size_t taken = d->remain < length ? (size_t)d->remain : length;
    *data = (struct chunk_data){.bytes = input, .length = taken};
    d->remain -= taken;
    d->decoded += taken;
    if (d->remain == 0)
        d->state = DATA_CR;
    return taken;
}

enum chunk_result chunk_decode(struct chunk_decoder *d, const char *input, size_t length,
                               uint64_t limit, size_t *used, struct chunk_data *data,
                               const char **problem)
{
    for (size_t i = 0; i < length; i++) {
        if (d->state == DATA) {
            *used = i + take_data(d, input + i, length - i, data);
            return CHUNK_DATA;
        }
        bool large = false;
        *used = i + 1;
        *problem = take_framing(d, input[i], limit, &large);
        if (*problem || large)
            return large ? CHUNK_LARGE : CHUNK_BAD;
        if (d->state == DONE)
            return CHUNK_END;
    }
    *used = length;
    return CHUNK_MORE;
}
