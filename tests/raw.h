/*
 * Requests as raw bytes, written as templates, and what must hold after any of them.
 */
#ifndef ANCHORTOP_RAW_H
#define ANCHORTOP_RAW_H

#include <stddef.h>

#include "watch.h"

enum {
    RAW_SIZE = 16384, /* room for an expanded request */
    /* Longer than a slow machine takes for an answer, and shorter than the endpoint's patience with
     * anything that it could wait for instead. */
    RAW_HUNG_S = 8,
};

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

/* Asserts that a fresh, good delivery is answered with 200, before RAW_HUNG_S. `after` names the
 * case. */
void raw_assert_alive(const struct watch *watch, const char *after);

/* Waits until the program uses next to no processor time, while nothing happens. */
#define raw_wait_quiet(watch, after) raw_wait_quiet_at(watch, after, __FILE__, __LINE__)
void raw_wait_quiet_at(const struct watch *watch, const char *after, const char *file, int line);

#endif
