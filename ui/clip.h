/*
 * What goes into the clipboard. Events are foreign, and what is copied gets pasted into shells: no
 * copy holds a control, a line end or a character that cannot be seen. Any thread.
 */
#ifndef ANCHORTOP_CLIP_H
#define ANCHORTOP_CLIP_H

#include <stddef.h>

/* An id or a link: text_line() of it. To be freed; NULL when memory ran out. */
char *clip_line(const char *text);

/* A JSON text on one line, with escapes for what cannot be seen: no value changes. To be freed;
 * NULL when memory ran out. */
char *clip_json(const char *text, size_t length);

/* A line for a shell that delivers a JSON text to a URL, signed when it runs: the secret is not in
 * it. Whatever the texts hold, no shell finds anything in them that it obeys. To be freed; NULL
 * when memory ran out. */
char *clip_curl(const char *text, size_t length, const char *url);

#endif
