/*
 * Memory for what is kept for long, and how much of it there is.
 *
 * As malloc() and free(), but whoever frees says how large it was: so what is held can be counted
 * at no cost in space. Counted is what an allocator takes from the system for it, more or less.
 *
 * The count is one of the thread: take it before and after, and the difference is what was done in
 * between by this thread.
 */
#ifndef ANCHORTOP_HEAP_H
#define ANCHORTOP_HEAP_H

#include <stddef.h>
#include <stdint.h>

/*
 * To be called before other threads are. Lets them share one part of the memory, where the allocator
 * would give each its own: what the loader has taken and the server frees could not be used again.
 */
void heap_share(void);

/* Bytes that this thread has taken less those that it has freed: may be negative. */
int64_t heap_held(void);

/* Zeroed. NULL when there is no memory. */
void *heap_take(size_t size);

/* Frees what was taken with that size. NULL is nothing, whatever the size. */
void heap_free(void *memory, size_t size);

/* Makes what was taken with size `from` larger, as realloc(): NULL when there is no memory, and it
 * stays as it is. What is added is not zeroed. */
void *heap_grow(void *memory, size_t from, size_t to);

/* A terminated copy of the beginning of a text; freed with heap_free_text(), while it is as long
 * as it was. NULL when there is no memory. */
char *heap_text(const char *text, size_t length);
void heap_free_text(char *text);

#endif
