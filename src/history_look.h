/*
 * Looking at the files of a journal, without touching them.
 */
#ifndef ANCHORTOP_HISTORY_LOOK_H
#define ANCHORTOP_HISTORY_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "history_file.h"

enum { FILE_NAME_SIZE = HISTORY_PATH_SIZE + 32 }; /* a path and what is appended to it */

/* Which file a name leads to, and its size; false when none. Who keeps a journal knows it by its
 * own name, and follows no link that is put there. */
bool file_identify(const struct history_file *file, const char *suffix,
                   struct file_identity *identity, off_t *size);

bool file_equal(const struct file_identity *a, const struct file_identity *b);

/* The same of an open file; zero when it is not open. */
struct file_identity file_identity_of(int descriptor);

/* When the file behind the guard was made; 0 where there is no telling. */
uint64_t history_look_birth_ns(const struct history_file *file);

/* Whether the file behind the guard says that a newer anchortop has written it. */
bool history_look_is_newer(const struct history_file *file);

/* Whether the file behind the guard, or the log beside it, says that it is a journal. */
bool history_look_is_journal(const struct history_file *file);

#endif
