/*
 * When to look at a journal again: see history_watch.h.
 */
#include "history_watch.h"

#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/inotify.h>
#endif

#include "history_file.h"

enum {
    FIRST_MS = 1,       /* between two looks after a change; each time twice as long, … */
    LAST_MS = 16 << 10, /* … until this: so long a write to the disk may take */
    POLL_MS = 500,      /* between two looks where nobody tells of changes */
    NAME_SIZE = HISTORY_PATH_SIZE + 32,
};

struct history_watch {
    char path[HISTORY_PATH_SIZE];
    char directory[HISTORY_PATH_SIZE];
    int descriptor; /* of inotify, or -1 */
    int directory_watch;
    bool told; /* changes are told of */
    bool all;  /* those of every file */
    int pause_ms;
    int64_t due_ms; /* on the clock that never jumps; -1: not before a change */
};

#if defined(__linux__)

/* What happens to each file that matters. The lock is closed when the program that keeps the
 * journal ends. */
static const struct {
    const char *suffix;
    uint32_t events;
    bool always_there;
} files[] = {
    {"", IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF, true},
    {"-wal", IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF, true},
    {".lock", IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF, false},
};

/* Watches the files under their names; false when one is missing. Does nothing to a file that is
 * watched already. */
static bool watch_files(struct history_watch *watch)
{
    char name[NAME_SIZE];
    bool complete = true;
    watch->all = true;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(name, sizeof name, "%s%s", watch->path, files[i].suffix);
        if (inotify_add_watch(watch->descriptor, name, files[i].events) >= 0)
            continue;
        watch->all = false;
        complete &= !files[i].always_there;
    }
    return complete;
}

/* The directory is watched only while a file is missing: others may be busy there. */
static void watch_directory(struct history_watch *watch, bool wanted)
{
    if (wanted)
        watch->directory_watch =
            inotify_add_watch(watch->descriptor, watch->directory, IN_CREATE | IN_MOVED_TO);
    else if (watch->directory_watch >= 0)
        inotify_rm_watch(watch->descriptor, watch->directory_watch);
    if (!wanted)
        watch->directory_watch = -1;
}

static void watch_again(struct history_watch *watch)
{
    bool complete = watch_files(watch);
    watch_directory(watch, !complete);
    /* A file may have come just before its directory was watched. */
    if (!complete)
        complete = watch_files(watch);
    watch->told = complete || watch->directory_watch >= 0;
}

/* Takes in what has happened; false: nothing. */
static bool take_changes(struct history_watch *watch)
{
    _Alignas(struct inotify_event) char bytes[4096];
    bool any = false, other_files = !watch->told;
    ssize_t length;
    while ((length = read(watch->descriptor, bytes, sizeof bytes)) > 0) {
        any = true;
        for (char *at = bytes; at < bytes + length;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)at;
            other_files |= event->mask != IN_MODIFY;
            at += sizeof *event + event->len;
        }
    }
    if (other_files || (any && !watch->all))
        watch_again(watch);
    return any;
}

static void begin(struct history_watch *watch)
{
    watch->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch->descriptor >= 0)
        watch_again(watch);
}

#else

static void begin(struct history_watch *watch)
{
    (void)watch;
}

static bool take_changes(struct history_watch *watch)
{
    (void)watch;
    return false;
}

#endif

struct history_watch *history_watch_open(const char *path)
{
    char copy[HISTORY_PATH_SIZE];
    struct history_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return NULL;
    watch->descriptor = watch->directory_watch = -1;
    watch->pause_ms = FIRST_MS;
    /* SQLite's files stand beside the one that a symbolic link leads to. */
    char *whole = realpath(path, NULL);
    snprintf(watch->path, sizeof watch->path, "%s", whole ? whole : path);
    free(whole);
    snprintf(copy, sizeof copy, "%s", watch->path);
    snprintf(watch->directory, sizeof watch->directory, "%s", dirname(copy));
    begin(watch);
    return watch;
}

void history_watch_close(struct history_watch *watch)
{
    if (!watch)
        return;
    if (watch->descriptor >= 0)
        close(watch->descriptor);
    free(watch);
}

int history_watch_descriptor(const struct history_watch *watch)
{
    return watch->descriptor;
}

bool history_watch_due(struct history_watch *watch, int64_t now_ms)
{
    if (watch->descriptor >= 0 && take_changes(watch))
        watch->pause_ms = FIRST_MS;
    else if (watch->due_ms < 0 || now_ms < watch->due_ms)
        return false;
    if (!watch->told) {
        watch->due_ms = now_ms + POLL_MS;
    } else {
        watch->due_ms = watch->pause_ms > LAST_MS ? -1 : now_ms + watch->pause_ms;
        watch->pause_ms *= 2;
    }
    return true;
}

void history_watch_found(struct history_watch *watch, int64_t now_ms)
{
    watch->pause_ms = FIRST_MS;
    if (watch->due_ms < 0 || watch->due_ms > now_ms + FIRST_MS)
        watch->due_ms = now_ms + (watch->told ? FIRST_MS : POLL_MS);
}

int history_watch_timeout(const struct history_watch *watch, int64_t now_ms)
{
    if (watch->due_ms < 0)
        return -1;
    int64_t left = watch->due_ms - now_ms;
    return left < 0 ? 0 : (int)left;
}
