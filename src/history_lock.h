/*
 * The locks of a journal: FILE.lock, which tells who keeps it and which file that is, and a byte of
 * FILE itself, for FILE.lock may be removed.
 */
#ifndef ANCHORTOP_HISTORY_LOCK_H
#define ANCHORTOP_HISTORY_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "history_file.h"

/* Locks FILE.lock; `holder` receives the process that has it, when another has. The lock ends with
 * the process, however that ends. On failure errno says why: EAGAIN when another has it. */
bool history_lock_take(struct history_file *file, pid_t *holder);
void history_lock_release(struct history_file *file);

/* Whether FILE.lock is still the one that was locked. */
bool history_lock_holds(const struct history_file *file);

/* Locks FILE by its guard: false with EAGAIN when another program has. */
bool history_lock_guard(const struct history_file *file);

/* Notes in FILE.lock which file has been a journal. Somebody else's file is not written to. */
void history_lock_note(const struct history_file *file);

/* Whether FILE.lock notes the file behind the guard. Not while this program holds that lock, which
 * it would lose. */
bool history_lock_notes(const struct history_file *file);

/* The absolute path without symbolic links: the same file must not be known by two names, or two
 * programs could have it. */
bool file_resolve(struct history_file *file, const char *path);

#endif
