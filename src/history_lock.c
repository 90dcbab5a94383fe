/*
 * The locks of a journal: see history_lock.h.
 */
#if defined(__linux__)
#define _GNU_SOURCE /* F_OFD_SETLK */
#endif
#include "history_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history_look.h"

#define GUARD (INT64_C(1) << 62)

/* FILE.lock says which file has been a journal. Numbers of files are given again, but not at the
 * same time. */
#define LOCK_TEXT                                                                                  \
    "anchortop keeps the journal beside this file: device %llu, file %llu, made at %llu ns\n"
enum { LOCK_TEXT_SIZE = 160 };

/* What stands in FILE.lock. False when somebody else has written it. */
static bool read_lock_text(int descriptor, char text[LOCK_TEXT_SIZE])
{
    unsigned long long device, inode, made;
    ssize_t length = pread(descriptor, text, LOCK_TEXT_SIZE - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    return length == 0 || (length > 0 && sscanf(text, LOCK_TEXT, &device, &inode, &made) == 3);
}

static int write_lock_text(const struct history_file *file, char text[LOCK_TEXT_SIZE])
{
    struct file_identity identity = file_identity_of(file->guard);
    return snprintf(text, LOCK_TEXT_SIZE, LOCK_TEXT, (unsigned long long)identity.device,
                    (unsigned long long)identity.inode,
                    (unsigned long long)history_look_birth_ns(file));
}

void history_lock_note(const struct history_file *file)
{
    char text[LOCK_TEXT_SIZE], before[LOCK_TEXT_SIZE];
    int length = write_lock_text(file, text);
    if (!read_lock_text(file->lock, before) || strcmp(text, before) == 0)
        return;
    /* Without it a journal whose first page is damaged is not known again: no reason to stop. */
    if (ftruncate(file->lock, 0) == 0 && pwrite(file->lock, text, (size_t)length, 0) < 0)
        return;
}

bool history_lock_notes(const struct history_file *file)
{
    char name[FILE_NAME_SIZE], text[LOCK_TEXT_SIZE], found[LOCK_TEXT_SIZE];
    if (file->lock >= 0)
        return false;
    snprintf(name, sizeof name, "%s.lock", file->path);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    write_lock_text(file, text);
    bool good = descriptor >= 0 && read_lock_text(descriptor, found) && strcmp(text, found) == 0;
    if (descriptor >= 0)
        close(descriptor);
    return good;
}

bool history_lock_holds(const struct history_file *file)
{
    struct file_identity now, locked = file_identity_of(file->lock);
    off_t size;
    return file->lock >= 0 && file_identify(file, ".lock", &now, &size) &&
           file_equal(&now, &locked);
}

void history_lock_release(struct history_file *file)
{
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
}

/* Opens FILE.lock, and makes it where it is missing. */
static bool open_lock(struct history_file *file)
{
    const int how = O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    char name[FILE_NAME_SIZE];
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
    history_lock_release(file);
    errno = EINVAL;
    return false;
}

/* Locks FILE.lock; `holder` receives the process that has it, when another has. The lock ends with
 * the process, however that ends. */
bool history_lock_take(struct history_file *file, pid_t *holder)
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
            history_lock_release(file);
            break;
        }
        /* Whoever had it may have removed it meanwhile. */
        if (history_lock_holds(file))
            return true;
        history_lock_release(file);
    }
    errno = error;
    return false;
}

/* Locks a byte of FILE that SQLite does not: FILE.lock may be removed, this goes with the file. */
bool history_lock_guard(const struct history_file *file)
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
    char name[FILE_NAME_SIZE];
    if (!file_resolve(&file, path))
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
