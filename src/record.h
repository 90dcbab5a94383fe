/*
 * A line of a recording: one envelope, or one that `anchortop tail --format json` has wrapped.
 */
#ifndef ANCHORTOP_RECORD_H
#define ANCHORTOP_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"

/* What a line holds. */
struct record {
    struct event event; /* give it to event_free() */
    const char *raw;    /* the envelope, in the line; not terminated */
    size_t length;
    int64_t
        received_ms; /* as the wrapping says it, else when it was created; 0: neither is there */
    bool verified;   /* the wrapping says so */
};

/* Reads a line, however large its event. False, owning nothing, with a sentence that says what is
 * wrong with it. */
bool record_read(struct record *record, const char *line, size_t length, char *reason,
                 size_t reason_size);

#endif
