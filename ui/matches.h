/*
 * The rows of a list that pass a filter, when the answer for a row may become another one: what
 * waited for a human has been answered, what was young is old.
 *
 * All of them are then looked at again, at most once a second and in slices. What was found before
 * stays until that is complete, so that nothing flickers. Main thread, not with the store's lock.
 */
#ifndef ANCHORTOP_MATCHES_H
#define ANCHORTOP_MATCHES_H

#include "again.h"
#include "rows.h"

/* When a list is brought up to date, and what it is brought up to. */
struct matches_pass {
    struct rows_range range;
    uint64_t generation; /* another one when any answer may have changed */
    int64_t now_ms;
};

/* Zero-initialise; matches_free() releases it. */
struct matches {
    struct rows rows; /* that are shown */
    struct rows again;
    bool looking_again;
    struct again when;
};

void matches_free(struct matches *matches);

/* Forgets what was found: another filter holds, or (filtered false) none. */
void matches_reset(struct matches *matches, bool filtered, unsigned change);

/* Whether all rows are to be looked at again now. When they are, some time will pass before the
 * next. */
bool matches_due(struct matches *matches, uint64_t generation, int64_t now_ms);

/* As rows_update(). False also while rows are looked at again. */
bool matches_update(struct matches *matches, const struct matches_pass *pass, rows_look *look,
                    void *context);

/* How many milliseconds from now matches_due() will be true if nothing happens, or -1. */
int matches_wait_ms(const struct matches *matches, uint64_t generation, int64_t now_ms);

#endif
