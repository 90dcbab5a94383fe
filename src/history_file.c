/*
 * The files of a journal: see history_file.h.
 */
#if defined(__linux__)
#define _GNU_SOURCE /* F_OFD_SETLK */
#endif
#include "history_file.h"

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

/* Who keeps a journal knows it by its own name, and follows no link that is put there. */
static bool identify(const struct history_file *file, const char *suffix,
                     struct file_identity *identity, off_t *size)
{
    char name[NAME_SIZE];
    struct stat status;
    snprintf(name, sizeof name, "%s%s", file->path, suffix);
    *identity = (struct file_identity){0};
    if ((file->claimed ? lstat : stat)(name, &status) != 0)
        return false;
    *identity = (struct file_identity){status.st_dev, status.st_ino};
    *size = status.st_size;
    return true;
}

static bool equal(const struct file_identity *a, const struct file_identity *b)
{
    return a->device == b->device && a->inode == b->inode;
}

static struct file_identity identity_of(int descriptor)
{
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        return (struct file_identity){0};
    return (struct file_identity){status.st_dev, status.st_ino};
}

/* FILE.lock says which file has been a journal. */
#define LOCK_TEXT "anchortop keeps the journal beside this file: device %llu, file %llu\n"
enum { LOCK_TEXT_SIZE = 128 };

static bool read_lock_text(int descriptor, struct file_identity *journal)
{
    char text[LOCK_TEXT_SIZE] = "";
    unsigned long long device = 0, inode = 0;
    ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
    bool good = length == 0 || (length > 0 && sscanf(text, LOCK_TEXT, &device, &inode) == 2);
    *journal = (struct file_identity){(dev_t)device, (ino_t)inode};
    return good;
}

/* Somebody else's file is not written to. */
static void write_lock_text(const struct history_file *file)
{
    char text[LOCK_TEXT_SIZE];
    struct file_identity before;
    if (!read_lock_text(file->lock, &before) || equal(&before, &file->main))
        return;
    int length = snprintf(text, sizeof text, LOCK_TEXT, (unsigned long long)file->main.device,
                          (unsigned long long)file->main.inode);
    /* Without it a journal whose first page is damaged is not known again: no reason to stop. */
    if (ftruncate(file->lock, 0) == 0 && pwrite(file->lock, text, (size_t)length, 0) < 0)
        return;
}

void history_file_remember(struct history_file *file)
{
    off_t size;
    identify(file, "", &file->main, &size);
    identify(file, "-wal", &file->wal, &size);
    file->made_lock = false;
    if (file->claimed)
        write_lock_text(file);
}

bool history_file_is_named(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    return identify(file, "", &now, &size) && equal(&now, &file->main);
}

bool history_file_is_there(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    return identify(file, "", &now, &size) && size > 0 && equal(&now, &file->main);
}

static bool holds_lock(const struct history_file *file)
{
    struct file_identity now, locked = identity_of(file->lock);
    off_t size;
    return file->lock >= 0 && identify(file, ".lock", &now, &size) && equal(&now, &locked);
}

bool history_file_same(const struct history_file *file)
{
    struct file_identity now;
    off_t size;
    identify(file, "-wal", &now, &size);
    return history_file_is_there(file) && equal(&now, &file->wal) &&
           (!file->claimed || holds_lock(file));
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

static uint32_t read_big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

enum {
    SQLITE_HEADER = 100,      /* bytes at the beginning of a database */
    SQLITE_APPLICATION = 68,  /* where its application's number stands */
    APPLICATION = 0x416e6354, /* "AncT" */
};

static bool is_ours(const unsigned char *header)
{
    return memcmp(header, "SQLite format 3", 16) == 0 &&
           read_big_endian(header + SQLITE_APPLICATION) == APPLICATION;
}

/* Whether FILE-wal holds a journal's first page: all of a journal that was just begun, and killed.
 */
static bool log_is_ours(const struct history_file *file)
{
    enum { LOG_HEADER = 32, FRAME_HEADER = 24, FRAMES = 1000 };
    char name[NAME_SIZE];
    unsigned char log[LOG_HEADER], frame[FRAME_HEADER + SQLITE_HEADER];
    snprintf(name, sizeof name, "%s-wal", file->path);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    bool found = false;
    if (descriptor >= 0 && pread(descriptor, log, sizeof log, 0) == (ssize_t)sizeof log &&
        (read_big_endian(log) | 1) == 0x377f0683) {
        off_t step = (off_t)read_big_endian(log + 8) + FRAME_HEADER;
        for (off_t i = 0; i < FRAMES && !found; i++) {
            if (pread(descriptor, frame, sizeof frame, LOG_HEADER + i * step) !=
                (ssize_t)sizeof frame)
                break;
            found = read_big_endian(frame) == 1 && is_ours(frame + FRAME_HEADER);
        }
    }
    if (descriptor >= 0)
        close(descriptor);
    return found;
}

/* Whether FILE.lock says that this very file was a journal. Not while this program holds that lock:
 * it would lose it. */
static bool was_journal(const struct history_file *file, const struct file_identity *identity)
{
    char name[NAME_SIZE];
    struct file_identity known = {0};
    if (file->lock >= 0)
        return false;
    snprintf(name, sizeof name, "%s.lock", file->path);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    bool good = descriptor >= 0 && read_lock_text(descriptor, &known) && equal(&known, identity);
    if (descriptor >= 0)
        close(descriptor);
    return good;
}

/* Whether the open file may be used: it is empty, it says that it is a journal, or it has been one.
 * errno says why not. */
static bool examine(const struct history_file *file)
{
    struct stat status;
    unsigned char header[SQLITE_HEADER];
    if (fstat(file->guard, &status) != 0)
        return false;
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return false;
    }
    const struct file_identity identity = {status.st_dev, status.st_ino};
    bool whole = pread(file->guard, header, sizeof header, 0) == (ssize_t)sizeof header;
    if (status.st_size == 0 || (whole && is_ours(header)) || equal(&identity, &file->main) ||
        was_journal(file, &identity) || log_is_ours(file))
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

#define GUARD (INT64_C(1) << 62)

/* Locks a byte of FILE that SQLite does not: FILE.lock may be removed, this goes with the file. */
static bool lock_guard(const struct history_file *file)
{
#ifdef F_OFD_SETLK
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = GUARD, .l_len = 1};
    if (fcntl(file->guard, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES)) {
        errno = EAGAIN;
        return false;
    }
#else
    (void)file;
#endif
    return true;
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
    char name[NAME_SIZE];
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

static void close_lock(struct history_file *file)
{
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
}

/* Opens FILE.lock, and makes it where it is missing. */
static bool open_lock(struct history_file *file)
{
    const int how = O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    char name[NAME_SIZE];
    struct stat status;
    snprintf(name, sizeof name, "%s.lock", file->path);
    file->lock = open(name, how | O_CREAT | O_EXCL, 0600);
    file->made_lock = file->lock >= 0;
    if (file->lock < 0 && errno == EEXIST)
        file->lock = open(name, how);
    if (file->lock < 0)
        return false;
    if (fstat(file->lock, &status) == 0 && S_ISREG(status.st_mode))
        return true;
    close_lock(file);
    errno = EINVAL;
    return false;
}

/* Locks FILE.lock; `holder` receives the process that has it, when another has. The lock ends with
 * the process, however that ends. */
static bool take_lock(struct history_file *file, pid_t *holder)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int error = EAGAIN;
    for (int attempt = 0; attempt < 3; attempt++) {
        if (!open_lock(file))
            return false;
        if (fcntl(file->lock, F_SETLK, &lock) != 0) {
            error = errno == EACCES ? EAGAIN : errno;
            if (error == EAGAIN && fcntl(file->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
                *holder = lock.l_pid;
            file->made_lock = false;
            close_lock(file);
            break;
        }
        /* Whoever had it may have removed it meanwhile. */
        if (holds_lock(file))
            return true;
        close_lock(file);
    }
    errno = error;
    return false;
}

/* Whether another program has the byte of FILE that a keeper locks. */
static bool is_guarded(const struct history_file *file)
{
    bool guarded = false;
#ifdef F_OFD_GETLK
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = GUARD, .l_len = 1};
    int descriptor = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    if (descriptor < 0)
        return false;
    guarded = fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(descriptor);
#else
    (void)file;
#endif
    return guarded;
}

struct history_keeper history_file_keeper(const char *path, bool is_open)
{
    struct history_keeper keeper = {.there = false};
    struct history_file file;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char name[NAME_SIZE];
    if (!resolve(&file, path))
        return keeper;
    snprintf(name, sizeof name, "%s.lock", file.path);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    if (descriptor >= 0) {
        keeper.there = fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
        if (keeper.there && lock.l_pid > 0)
            keeper.pid = lock.l_pid;
        close(descriptor);
    }
    keeper.there = keeper.there || (!is_open && is_guarded(&file));
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

/* Makes sure of FILE and of the locks: looks first, and touches afterwards. */
static bool take(struct history_file *file, pid_t *holder)
{
    close_guard(file);
    if (!open_guard(file, 0))
        return false;
    if (!holds_lock(file)) {
        close_lock(file);
        if (!take_lock(file, holder))
            return false;
    }
    if (file->guard < 0) {
        remove_beside(file);
        if (!open_guard(file, O_CREAT))
            return false;
        sync_directory(file->path);
    }
    return lock_guard(file) && tidy_beside(file);
}

static bool claim(struct history_file *file, const char *path, pid_t *holder)
{
    if (strlen(path) >= HISTORY_PATH_SIZE - 32) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (make_directories(path) && resolve(file, path) && take(file, holder))
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
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s.lock", file->path);
    if (file->lock >= 0 && file->made_lock && holds_lock(file))
        unlink(name);
    close_guard(file);
    close_lock(file);
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
    if (identify(file, "", &now, &size) && equal(&now, &file->main) && size == 0)
        unlink(file->path);
    remove_beside(file);
    return history_file_touch(file);
}

/* Whether any of the files is there under another name. */
static bool is_taken(const struct history_file *file, const char *mark)
{
    char name[NAME_SIZE + 64];
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
    char from[NAME_SIZE], to[NAME_SIZE + 64], mark[32];
    struct file_identity now, opened = identity_of(file->guard);
    off_t bytes;
    if (!identify(file, "", &now, &bytes) || !equal(&now, &opened)) {
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
