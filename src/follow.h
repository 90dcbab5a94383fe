/*
 * Events on standard output from a journal that this program does not keep: `tail` and `wait`
 * beside another anchortop, and a part of the journal whoever keeps it.
 *
 * Nothing listens, and the journal is only read. When the program that keeps it ends, this one
 * waits for another to go on; it never takes its place. Main thread.
 */
#ifndef ANCHORTOP_FOLLOW_H
#define ANCHORTOP_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "follower.h"
#include "printer.h"

/* Everything is borrowed for the run. */
struct follow_config {
    const char *path; /* of the journal */
    int64_t since_ms; /* see struct follower_config, for these three */
    bool ends;
    int64_t until_ms;
    struct printer_config printer; /* but for what has to do with the journal */
};

/* Prints. Returns the exit status, or -1 with a sentence when the journal cannot be read. */
int follow_journal(const struct follow_config *config, char *reason, size_t reason_size);

#endif
