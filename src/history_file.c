/*
 * The files of a journal: see history_file.h.
 */
#include "history_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REMEDY "name another file with --history, or keep none with --no-history"

enum { NAME_SIZE = HISTORY_PATH_SIZE + 32 }; /* a path and what is appended to it */

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

static bool identify(const char *path, const char *suffix, struct file_identity *identity,
                     off_t *size)
{
    char name[NAME_SIZE];
    struct stat status;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    *identity = (struct file_identity){0};
    if (stat(name, &status) != 0)
        return false;
    *identity = (struct file_identity){status.st_dev, status.st_ino};
    *size = status.st_size;
    return true;
}

static bool equal(const struct file_identity *a, const struct file_identity *b)
{
    return a->device == b->device && a->inode == b->inode;
}

void history_file_remember(struct history_file *file)
{
    off_t size;
    identify(file->path, "", &file->main, &size);
    identify(file->path, "-wal", &file->wal, &size);
}

bool history_file_is_there(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    return identify(file->path, "", &now, &size) && size > 0 && equal(&now, &file->main);
}

bool history_file_same(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    identify(file->path, "-wal", &now, &size);
    return history_file_is_there(file) && equal(&now, &file->wal);
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

/* SQLite gives its other files the mode of this one. Must not happen while SQLite has the file
 * open: closing a descriptor drops all locks that the process has on the file. */
static bool make_file(const char *path)
{
    struct stat status;
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (descriptor < 0)
        return false;
    bool good = fstat(descriptor, &status) == 0;
    if (good && !S_ISREG(status.st_mode)) {
        errno = EINVAL;
        good = false;
    }
    if (good && (status.st_mode & 077) != 0)
        good = fchmod(descriptor, status.st_mode & 0700) == 0;
    int error = errno;
    close(descriptor);
    if (good && status.st_size == 0)
        sync_directory(path);
    errno = error;
    return good;
}

/* The same file must not be known by two names, or two programs could have it. */
static bool resolve(struct history_file *file, const char *path)
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

/* Locks FILE.lock; `holder` receives the process that has it, when another has. The lock ends with
 * the process, however that ends. */
static bool take_lock(struct history_file *file, pid_t *holder)
{
    char name[NAME_SIZE];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    *holder = 0;
    snprintf(name, sizeof name, "%s.lock", file->path);
    file->ours = access(name, F_OK) == 0;
    file->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->lock < 0)
        return false;
    if (fcntl(file->lock, F_SETLK, &lock) == 0)
        return true;
    int error = errno;
    if ((error == EACCES || error == EAGAIN) && fcntl(file->lock, F_GETLK, &lock) == 0 &&
        lock.l_type != F_UNLCK)
        *holder = lock.l_pid;
    history_file_release(file);
    errno = error;
    return false;
}

struct history_keeper history_file_keeper(const char *path)
{
    struct history_keeper keeper = {.there = false};
    struct history_file file;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[NAME_SIZE];
    if (!resolve(&file, path))
        return keeper;
    snprintf(name, sizeof name, "%s.lock", file.path);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return keeper;
    keeper.there = fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (keeper.there && lock.l_pid > 0)
        keeper.pid = lock.l_pid;
    close(descriptor);
    return keeper;
}

/* What SQLite kept beside a file that is gone would be taken for a part of the new one; and while
 * somebody who reads still has it open, the new one could not be opened. */
static void remove_beside(const struct history_file *file)
{
    char name[NAME_SIZE];
    for (size_t i = 0; i < SUFFIXES - 1; i++) {
        snprintf(name, sizeof name, "%s%s", file->path, suffixes[i]);
        unlink(name);
    }
}

static bool claim(struct history_file *file, const char *path, pid_t *holder)
{
    *holder = 0;
    if (strlen(path) >= HISTORY_PATH_SIZE - 32) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (!make_directories(path) || !resolve(file, path) || !take_lock(file, holder))
        return false;
    if (access(file->path, F_OK) != 0 && errno == ENOENT)
        remove_beside(file);
    if (make_file(file->path))
        return true;
    int error = errno;
    history_file_release(file);
    errno = error;
    return false;
}

bool history_file_claim(struct history_file *file, const char *path, char *reason,
                        size_t reason_size)
{
    pid_t holder;
    *file = (struct history_file){.lock = -1};
    if (claim(file, path, &holder))
        return true;
    if (holder)
        snprintf(reason, reason_size,
                 "the journal %.300s is kept by another anchortop (process %ld); quit that one, "
                 "or " REMEDY,
                 path, (long)holder);
    else
        snprintf(reason, reason_size, "cannot keep the journal %.300s: %s; " REMEDY, path,
                 errno == EINVAL ? "that is not a regular file" : strerror(errno));
    return false;
}

void history_file_release(struct history_file *file)
{
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
}

bool history_file_touch(struct history_file *file)
{
    struct file_identity now, locked = {0};
    struct stat status;
    off_t size;
    pid_t holder;
    if (!make_directories(file->path))
        return false;
    if (file->lock >= 0 && fstat(file->lock, &status) == 0)
        locked = (struct file_identity){status.st_dev, status.st_ino};
    if (!identify(file->path, ".lock", &now, &size) || !equal(&now, &locked)) {
        history_file_release(file);
        if (!take_lock(file, &holder))
            return false;
    }
    file->ours = true;
    return make_file(file->path);
}

bool history_file_renew(struct history_file *file)
{
    struct file_identity now;
    off_t size;
    /* Emptied, it is still open elsewhere, and only another file can be begun at once. */
    if (identify(file->path, "", &now, &size) && equal(&now, &file->main) && size == 0)
        unlink(file->path);
    remove_beside(file);
    return history_file_touch(file);
}

bool history_file_set_aside(const struct history_file *file, char *name, size_t size)
{
    char from[NAME_SIZE], to[NAME_SIZE + 64], when[32];
    struct tm tm;
    time_t now = time(NULL);
    localtime_r(&now, &tm);
    strftime(when, sizeof when, "%Y%m%d-%H%M%S", &tm);
    snprintf(name, size, "%s.corrupt-%s", file->path, when);
    for (size_t i = 0; i < SUFFIXES; i++) {
        snprintf(from, sizeof from, "%s%s", file->path, suffixes[i]);
        snprintf(to, sizeof to, "%s.corrupt-%s%s", file->path, when, suffixes[i]);
        if (rename(from, to) != 0 && (errno != ENOENT || !*suffixes[i]))
            return false;
    }
    return true;
}
