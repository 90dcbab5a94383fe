/*
 * The files of a journal: where they are, who may read them, and which program they belong to.
 *
 * Beside FILE stand FILE-wal and FILE-shm, which are SQLite's, and FILE.lock, which is locked for
 * as long as a program keeps the journal and says which file that is. All are for their owner
 * alone. Files are looked at before anything is done to them: what is no journal stays as it is. No
 * SQLite here.
 */
#ifndef ANCHORTOP_HISTORY_FILE_H
#define ANCHORTOP_HISTORY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { HISTORY_PATH_SIZE = 4096 };

/* Which file a path led to. Zero: none. */
struct file_identity {
    dev_t device;
    ino_t inode;
};

/* Owned by one history. */
struct history_file {
    char path[HISTORY_PATH_SIZE]; /* absolute, without symbolic links */
    bool claimed;                 /* by this program; the next three mean nothing otherwise */
    int lock;                     /* descriptor of FILE.lock, or -1 */
    int guard;                    /* of FILE, which is locked as well, or -1 */
    bool made_lock;               /* FILE.lock was not there before, and FILE is not in use yet */
    struct file_identity main, wal;
};

/* "$XDG_STATE_HOME/anchortop/history.db", else below ~/.local/state. False when there is neither.
 */
bool history_default_path(char *path, size_t size);

/*
 * Makes the directories that are missing (0700) and the file (0600), and locks it against other
 * programs. False with a sentence that says what is in the way and what to do; nothing is held
 * then. history_file_release() after success.
 */
bool history_file_claim(struct history_file *file, const char *path, char *reason,
                        size_t reason_size);
void history_file_release(struct history_file *file);

/* What is in the way, by the errno of a function here that failed. */
const char *history_file_words(int error);

/* The program that keeps a journal. */
struct history_keeper {
    bool there;
    pid_t pid; /* 0: not known: it runs in a container of its own, say, or FILE.lock was removed */
};

/* Which program keeps the journal at a path now. For programs that do not keep it themselves: they
 * would lose its lock. While this one has it open, FILE is let alone for the same reason: only
 * FILE.lock tells then. */
struct history_keeper history_file_keeper(const char *path, bool is_open);

/* The same again after FILE was deleted, replaced or set aside: what SQLite kept beside the old one
 * goes. On failure errno says why. */
bool history_file_renew(struct history_file *file);

/* The same while FILE is there: the directory and the lock are made sure of, and nothing goes. */
bool history_file_touch(struct history_file *file);

/* Remembers which files the paths lead to now, for history_file_same(). */
void history_file_remember(struct history_file *file);

/* Whether they still do: false after files, FILE.lock among them, were deleted, replaced or emptied
 * by somebody. */
bool history_file_same(const struct history_file *file);

/* Whether the path still leads to FILE, be it emptied or not. */
bool history_file_is_named(const struct history_file *file);

/* Whether FILE itself, apart from the others, is the one that was remembered. */
bool history_file_is_there(const struct history_file *file);

/* Renames FILE, as it was claimed, to FILE.corrupt-YYYYMMDD-HHMMSS, and what belongs to it
 * likewise. `name` receives the new name. On failure errno says why. */
bool history_file_set_aside(const struct history_file *file, char *name, size_t size);

#endif
