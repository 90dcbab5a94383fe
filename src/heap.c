/*
 * Memory for what is kept for long: see heap.h.
 */
#include "heap.h"

#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { HEADER = 8, ALIGN = 16, LEAST = 32 }; /* of an allocation, in common allocators */

static _Thread_local int64_t held;

static int64_t cost_of(size_t size)
{
    size_t cost = (size + HEADER + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    return (int64_t)(cost > LEAST ? cost : LEAST);
}

void heap_share(void)
{
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 2); /* the first thread's, and one for all others */
#endif
}

int64_t heap_held(void)
{
    return held;
}

void *heap_take(size_t size)
{
    void *memory = calloc(1, size);
    if (memory)
        held += cost_of(size);
    return memory;
}

void heap_free(void *memory, size_t size)
{
    if (!memory)
        return;
    held -= cost_of(size);
    free(memory);
}

void *heap_grow(void *memory, size_t from, size_t to)
{
    void *grown = realloc(memory, to);
    if (grown)
        held += cost_of(to) - (memory ? cost_of(from) : 0);
    return grown;
}

char *heap_text(const char *text, size_t length)
{
    char *copy = strndup(text, length);
    if (copy)
        held += cost_of(strlen(copy) + 1);
    return copy;
}

void heap_free_text(char *text)
{
    if (text)
        heap_free(text, strlen(text) + 1);
}
