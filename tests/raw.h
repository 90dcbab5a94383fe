/*
 * Requests as raw bytes, written as templates, and what must hold after any of them.
 */
#ifndef ANCHORTOP_RAW_H
#define ANCHORTOP_RAW_H

#include <stddef.h>

#include "watch.h"

enum { RAW_SIZE = 16384 }; /* room for an expanded request */

/*
 * Expands a template into `out` (RAW_SIZE bytes, terminated) and returns its length:
 *
 *   %S  Anchor-Timestamp and Anchor-Signature of the body, with WATCH_SECRET and the current time
 *   %P  the same, signed 300 s in the past      %F  the same, 300 s in the future
 *   %W  the same, with another secret           %T  the same, but the timestamps differ
 *   %L  Content-Length of the body              %C  the body as one chunk, and the end
 *   %B  the body                                %%  a per cent sign
 */
size_t raw_request(char *out, const char *format, const char *body);

/* A minimal event with an id that was not used before in this process; good until the next call. */
const char *raw_event(void);

/* Asserts that a fresh, good delivery is answered with 200 within 100 ms. `after` names the case.
 */
void raw_assert_alive(const struct watch *watch, const char *after);

/* Asserts that the program uses next to no processor time while nothing happens. */
void raw_assert_quiet(const struct watch *watch, const char *after);

#endif
