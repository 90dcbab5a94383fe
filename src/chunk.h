/*
 * A chunked request body (RFC 9112, section 7.1), decoded as its bytes arrive.
 *
 * Strict: what another reader could understand differently is refused. Chunk extensions and
 * trailers are checked for form and dropped. Works for any split of the input, down to one byte at
 * a time, and keeps nothing but its place.
 */
#ifndef ANCHORTOP_CHUNK_H
#define ANCHORTOP_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHUNK_MAX_LINE = 256,     /* bytes of a size line, with its extensions */
    CHUNK_MAX_TRAILER = 4096, /* bytes of all trailers */
};

/* Zero-initialise for a new body. */
struct chunk_decoder {
    unsigned state;  /* where in the grammar the next byte stands */
    uint64_t remain; /* of the current chunk's data */
    uint32_t line;   /* bytes of the current size line or of the trailers */
    uint64_t decoded;
};

enum chunk_result {
    CHUNK_MORE, /* everything was taken, the body goes on */
    CHUNK_DATA, /* `data` was decoded: call again with what is left */
    CHUNK_END,  /* the body is complete; what is left is not its */
    CHUNK_BAD,  /* not a chunked body */
    CHUNK_LARGE /* a chunk would make the data longer than the limit */
};

/* A piece of decoded data, inside the input. */
struct chunk_data {
    const char *bytes;
    size_t length;
};

/*
 * Decodes from `input` until there is something to tell. *used receives how many bytes were taken.
 * `limit` (below 2^59) is the largest number of data bytes in the whole body; a chunk that would
 * exceed it is refused when its size is read. For CHUNK_BAD *problem receives what is wrong. After
 * CHUNK_END, CHUNK_BAD and CHUNK_LARGE the decoder is done.
 */
enum chunk_result chunk_decode(struct chunk_decoder *decoder, const char *input, size_t length,
                               uint64_t limit, size_t *used, struct chunk_data *data,
                               const char **problem);

#endif
