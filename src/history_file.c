/*
 * The files of a journal: see history_file.h.
 */
#include "history_lock.h"
#include "history_look.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REMEDY "name another file with --history, or keep none with --no-history"

/* What SQLite keeps beside the file; the last is the file itself. */
static const char *const suffixes[] = {"-wal", "-shm", ""};

enum { SUFFIXES = sizeof suffixes / sizeof *suffixes };

bool history_default_path(char *path, size_t size)
{
    const char *base = getenv("XDG_STATE_HOME"), *below = "";
    if (!base || *base != '/') {
        base = getenv("HOME");
        below = "/.local/state";
    }
    if (!base || *base != '/')
        return false;
    int length = snprintf(path, size, "%s%s/anchortop/history.db", base, below);
    return length > 0 && (size_t)length < size;
}

void history_file_remember(struct history_file *file)
{
    off_t size;
    file_identify(file, "", &file->main, &size);
    file_identify(file, "-wal", &file->wal, &size);
    file->made_lock = false;
    if (file->claimed)
        history_lock_note(file);
}

bool history_file_is_named(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    return file_identify(file, "", &now, &size) && file_equal(&now, &file->main);
}

bool history_file_is_there(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    return file_identify(file, "", &now, &size) && size > 0 && file_equal(&now, &file->main);
}

bool history_file_same(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    file_identify(file, "-wal", &now, &size);
    return history_file_is_there(file) && file_equal(&now, &file->wal) &&
           (!file->claimed || history_lock_holds(file));
}

/* Makes every directory on the way to a file. */
static bool make_directories(const char *path)
{
    char part[HISTORY_PATH_SIZE];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

/* A name in a directory is on the disk only when the directory is. */
static void sync_directory(const char *path)
{
    char copy[HISTORY_PATH_SIZE];
    snprintf(copy, sizeof copy, "%s", path);
    int directory = open(dirname(copy), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (directory < 0)
        return;
    fsync(directory);
    close(directory);
}

/* Whether the open file may be used: it is empty, says that it is a journal, or has been one; and
 * no newer program has written it. errno says why not. */
static bool examine(const struct history_file *file)
{
    struct stat status;
    if (fstat(file->guard, &status) != 0)
        return false;
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return false;
    }
    if (history_look_is_newer(file)) {
        errno = EPROTO;
        return false;
    }
    const struct file_identity identity = {status.st_dev, status.st_ino};
    if (status.st_size == 0 || file_equal(&identity, &file->main) ||
        history_look_is_journal(file) || history_lock_notes(file))
        return true;
    errno = EEXIST;
    return false;
}

/* Must not happen while SQLite has the file open, nor may the descriptor be closed then: closing
 * one drops all locks that the process has on the file. */
static void close_guard(struct history_file *file)
{
    if (file->guard >= 0)
        close(file->guard);
    file->guard = -1;
}

/* Opens FILE and looks at it, before anything is done. True without a guard when there is none. */
static bool open_guard(struct history_file *file, int how)
{
    file->guard =
        open(file->path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | how, 0600);
    if (file->guard < 0)
        return errno == ENOENT && !(how & O_CREAT);
    if (examine(file))
        return true;
    int error = errno;
    close_guard(file);
    errno = error;
    return false;
}

static bool restrict_mode(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
           ((status.st_mode & 077) == 0 || fchmod(descriptor, status.st_mode & 0700) == 0);
}

/* SQLite gives its other files the mode of this one; those that are there may have another. What
 * FILE-shm says was written by others and is not believed: without its header SQLite builds it from
 * FILE-wal. */
static bool tidy_beside(const struct history_file *file)
{
    enum { INDEX_HEADER = 96 };
    static const char nothing[INDEX_HEADER] = {0};
    char name[FILE_NAME_SIZE];
    for (size_t i = 0; i < SUFFIXES - 1; i++) {
        bool is_index = strcmp(suffixes[i], "-shm") == 0;
        snprintf(name, sizeof name, "%s%s", file->path, suffixes[i]);
        int beside = open(name, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
        bool good = beside < 0 || !restrict_mode(beside) || !is_index ||
                    lseek(beside, 0, SEEK_END) < INDEX_HEADER ||
                    pwrite(beside, nothing, sizeof nothing, 0) == INDEX_HEADER;
        if (beside >= 0)
            close(beside);
        if (!good)
            return false;
    }
    return restrict_mode(file->guard);
}

/* The same file must not be known by two names, or two programs could have it. */
bool file_resolve(struct history_file *file, const char *path)
{
    char copy[HISTORY_PATH_SIZE], *whole = realpath(path, NULL);
    int length = -1;
    if (whole) {
        length = snprintf(file->path, sizeof file->path, "%s", whole);
    } else if (errno == ENOENT) {
        snprintf(copy, sizeof copy, "%s", path);
        whole = realpath(dirname(copy), NULL);
        snprintf(copy, sizeof copy, "%s", path);
        if (whole)
            length = snprintf(file->path, sizeof file->path, "%s/%s",
                              strcmp(whole, "/") == 0 ? "" : whole, basename(copy));
    }
    free(whole);
    if (length >= 0 && length < HISTORY_PATH_SIZE)
        return true;
    if (length >= 0)
        errno = ENAMETOOLONG;
    return false;
}

/* What SQLite kept beside a file that is gone would be taken for a part of the new one; and while
 * somebody who reads still has it open, the new one could not be opened. */
static void remove_beside(const struct history_file *file)
{
    char name[FILE_NAME_SIZE];
    for (size_t i = 0; i < SUFFIXES - 1; i++) {
        snprintf(name, sizeof name, "%s%s", file->path, suffixes[i]);
        unlink(name);
    }
}

/* Makes sure of FILE and of the locks: looks first, and touches afterwards. */
static bool take(struct history_file *file, pid_t *holder)
{
    close_guard(file);
    if (!open_guard(file, 0))
        return false;
    if (!history_lock_holds(file)) {
        history_lock_release(file);
        if (!history_lock_take(file, holder))
            return false;
    }
    if (file->guard < 0) {
        remove_beside(file);
        if (!open_guard(file, O_CREAT))
            return false;
        sync_directory(file->path);
    }
    return history_lock_guard(file) && tidy_beside(file);
}

static bool claim(struct history_file *file, const char *path, pid_t *holder)
{
    if (strlen(path) >= HISTORY_PATH_SIZE - 32) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (make_directories(path) && file_resolve(file, path) && take(file, holder))
        return true;
    int error = errno;
    history_file_release(file);
    errno = error;
    return false;
}

const char *history_file_words(int error)
{
    static const struct {
        int error;
        const char *words;
    } reasons[] = {
        {EINVAL, "that is not a regular file"},
        {EPROTO, "a newer anchortop has written it; use that one"},
        {EEXIST, "the file is not a journal of anchortop's; move it away"},
        {ELOOP, "a symbolic link stands in its place, which is not followed; remove it"},
        {EAGAIN, "another anchortop keeps it"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].error == error)
            return reasons[i].words;
    return strerror(error);
}

bool history_file_claim(struct history_file *file, const char *path, char *reason,
                        size_t reason_size)
{
    pid_t holder = 0;
    *file = (struct history_file){.lock = -1, .guard = -1, .claimed = true};
    if (claim(file, path, &holder))
        return true;
    if (holder)
        snprintf(reason, reason_size,
                 "the journal %.280s is kept by another anchortop (process %ld); look at it with "
                 "\"anchortop watch --since 1h\", quit that one, or " REMEDY,
                 path, (long)holder);
    else
        snprintf(reason, reason_size, "cannot keep the journal %.300s: %s; " REMEDY, path,
                 history_file_words(errno));
    return false;
}

void history_file_release(struct history_file *file)
{
    char name[FILE_NAME_SIZE];
    snprintf(name, sizeof name, "%s.lock", file->path);
    if (file->lock >= 0 && file->made_lock && history_lock_holds(file))
        unlink(name);
    close_guard(file);
    history_lock_release(file);
}

bool history_file_touch(struct history_file *file)
{
    pid_t holder;
    return make_directories(file->path) && take(file, &holder);
}

bool history_file_renew(struct history_file *file)
{
    struct file_identity now;
    off_t size;
    /* Emptied, it is still open elsewhere, and only another file can be begun at once. */
    if (file_identify(file, "", &now, &size) && file_equal(&now, &file->main) && size == 0)
        unlink(file->path);
    remove_beside(file);
    return history_file_touch(file);
}

/* Whether any of the files is there under another name. */
static bool is_taken(const struct history_file *file, const char *mark)
{
    char name[FILE_NAME_SIZE + 64];
    struct stat status;
    for (size_t i = 0; i < SUFFIXES; i++) {
        snprintf(name, sizeof name, "%s.corrupt-%s%s", file->path, mark, suffixes[i]);
        if (lstat(name, &status) == 0)
            return true;
    }
    return false;
}

/* A mark for the names that no file has yet: the time, and a number where that is not enough. */
static void find_mark(const struct history_file *file, char *mark, size_t size)
{
    struct tm tm;
    time_t now = time(NULL);
    localtime_r(&now, &tm);
    size_t length = strftime(mark, size, "%Y%m%d-%H%M%S", &tm);
    for (int number = 2; is_taken(file, mark) && number < 1000; number++)
        snprintf(mark + length, size - length, "-%d", number);
}

bool history_file_set_aside(const struct history_file *file, char *name, size_t size)
{
    char from[FILE_NAME_SIZE], to[FILE_NAME_SIZE + 64], mark[32];
    struct file_identity now, opened = file_identity_of(file->guard);
    off_t bytes;
    if (!file_identify(file, "", &now, &bytes) || !file_equal(&now, &opened)) {
        errno = ENOENT;
        return false;
    }
    find_mark(file, mark, sizeof mark);
    snprintf(name, size, "%s.corrupt-%s", file->path, mark);
    for (size_t i = 0; i < SUFFIXES; i++) {
        snprintf(from, sizeof from, "%s%s", file->path, suffixes[i]);
        snprintf(to, sizeof to, "%s.corrupt-%s%s", file->path, mark, suffixes[i]);
        if (rename(from, to) != 0 && (errno != ENOENT || !*suffixes[i]))
            return false;
    }
    return true;
}
