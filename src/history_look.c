/*
 * Looking at the files of a journal: see history_look.h.
 */
#if defined(__linux__)
#define _GNU_SOURCE /* statx() */
#endif
#include "history_look.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history_schema.h"

/* Who keeps a journal knows it by its own name, and follows no link that is put there. */
bool file_identify(const struct history_file *file, const char *suffix,
                   struct file_identity *identity, off_t *size)
{
    char name[FILE_NAME_SIZE];
    struct stat status;
    snprintf(name, sizeof name, "%s%s", file->path, suffix);
    *identity = (struct file_identity){0};
    if ((file->claimed ? lstat : stat)(name, &status) != 0)
        return false;
    *identity = (struct file_identity){status.st_dev, status.st_ino};
    *size = status.st_size;
    return true;
}

bool file_equal(const struct file_identity *a, const struct file_identity *b)
{
    return a->device == b->device && a->inode == b->inode;
}

struct file_identity file_identity_of(int descriptor)
{
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0)
        return (struct file_identity){0};
    return (struct file_identity){status.st_dev, status.st_ino};
}

uint64_t history_look_birth_ns(const struct history_file *file)
{
#ifdef STATX_BTIME
    struct statx status;
    if (statx(file->guard, "", AT_EMPTY_PATH, STATX_BTIME, &status) == 0 &&
        (status.stx_mask & STATX_BTIME))
        return (uint64_t)status.stx_btime.tv_sec * 1000000000 + status.stx_btime.tv_nsec;
#else
    (void)file;
#endif
    return 0;
}

static uint32_t read_big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

enum {
    SQLITE_HEADER = 100,      /* bytes at the beginning of a database */
    SQLITE_USER = 60,         /* where the version of its tables stands */
    SQLITE_APPLICATION = 68,  /* where its application's number stands */
    APPLICATION = 0x416e6354, /* "AncT" */
};

static bool is_database(const unsigned char *header)
{
    return memcmp(header, "SQLite format 3", 16) == 0;
}

static bool is_ours(const unsigned char *header)
{
    return is_database(header) && read_big_endian(header + SQLITE_APPLICATION) == APPLICATION;
}

/* Whether FILE-wal holds a journal's first page. The first version of the program began one there,
 * and may have been killed before it stood in FILE.
 */
static bool log_is_ours(const struct history_file *file)
{
    enum { LOG_HEADER = 32, FRAME_HEADER = 24, FRAMES = 1000 };
    char name[FILE_NAME_SIZE];
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

bool history_look_is_newer(const struct history_file *file)
{
    unsigned char header[SQLITE_HEADER];
    return pread(file->guard, header, sizeof header, 0) == (ssize_t)sizeof header &&
           is_ours(header) &&
           (int32_t)read_big_endian(header + SQLITE_USER) > history_schema.version;
}

bool history_look_is_journal(const struct history_file *file)
{
    enum { MAX_PAGE = 65536 };
    unsigned char header[SQLITE_HEADER];
    struct stat status;
    if (pread(file->guard, header, sizeof header, 0) != (ssize_t)sizeof header ||
        !is_database(header))
        return false;
    return is_ours(header) ||
           (fstat(file->guard, &status) == 0 && status.st_size <= MAX_PAGE && log_is_ours(file));
}
