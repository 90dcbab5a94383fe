/*
 * Events from a journal that another program keeps: see follow.h.
 */
#include "follow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "complain.h"
#include "history_file.h"

/* How long a program may take to begin a journal that it has locked already. */
enum { TRIES = 100, TRY_MS = 20 };

struct follow {
    const struct follow_config *config;
    struct history_keeper keeper; /* that the reader was told of */
    struct follower *follower;
    struct hindsight *hindsight;
    struct history_watch *watch;
};

/* " (process 12)", where the number is known. */
static const char *process(const struct history_keeper *keeper, char text[40])
{
    text[0] = '\0';
    if (keeper->pid > 0)
        snprintf(text, 40, " (process %ld)", (long)keeper->pid);
    return text;
}

static void announce(void *context)
{
    struct follow *follow = context;
    const char *path = follow->config->path;
    char text[40];
    if (follow->config->ends)
        return;
    if (follow->keeper.there)
        complain("following the journal %s, which another anchortop keeps%s; this one does not "
                 "listen",
                 path, process(&follow->keeper, text));
    else
        complain("following the journal %s, which no anchortop keeps now; this one does not listen",
                 path);
}

static bool is_running(pid_t pid)
{
    return kill(pid, 0) == 0 || errno == EPERM;
}

/* Says when the program that keeps the journal has ended, or another has begun to. */
static void look_for_keeper(void *context)
{
    struct follow *follow = context;
    struct history_keeper before = follow->keeper;
    char text[40];
    /* Without a number FILE.lock cannot tell of it. */
    if (follow->config->ends || (before.there && before.pid == 0))
        return;
    follow->keeper = history_file_keeper(follow->config->path, true);
    /* Its files were deleted; it makes them again. */
    if (before.there && !follow->keeper.there && is_running(before.pid))
        follow->keeper = before;
    if (before.there && !follow->keeper.there)
        complain(
            "the anchortop that kept the journal has ended%s; going on as soon as one keeps it "
            "again",
            process(&before, text));
    else if (follow->keeper.there && (!before.there || follow->keeper.pid != before.pid))
        complain("another anchortop keeps the journal now%s", process(&follow->keeper, text));
}

static bool open_journal(struct follow *follow, char *reason, size_t reason_size)
{
    const struct follow_config *config = follow->config;
    const struct follower_config journal = {.path = config->path,
                                            .since_ms = config->since_ms,
                                            .ends = config->ends,
                                            .until_ms = config->until_ms};
    follow->follower = follower_open(&journal, reason, reason_size);
    if (!follow->follower || !(filter_changes(config->printer.filter) & FILTER_CHANGES_BY_EVENTS))
        return follow->follower;
    follow->hindsight = hindsight_open(&journal, reason, reason_size);
    if (follow->hindsight)
        return true;
    follower_close(follow->follower);
    follow->follower = NULL;
    return false;
}

/* Waits for a journal that is being begun. */
static bool open_when_begun(struct follow *follow, char *reason, size_t reason_size)
{
    const struct timespec pause = {.tv_nsec = TRY_MS * 1000000L};
    for (int i = 0; i < TRIES && follow->keeper.there; i++) {
        if (open_journal(follow, reason, reason_size))
            return true;
        nanosleep(&pause, NULL);
        follow->keeper = history_file_keeper(follow->config->path, false);
    }
    return open_journal(follow, reason, reason_size);
}

static int print(struct follow *follow)
{
    struct printer_config printer = follow->config->printer;
    printer.follower = follow->follower;
    printer.hindsight = follow->hindsight;
    printer.watch = follow->watch;
    printer.ends = follow->config->ends;
    printer.ready = announce;
    printer.looking = look_for_keeper;
    printer.context = follow;
    return printer_run(&printer);
}

int follow_journal(const struct follow_config *config, char *reason, size_t reason_size)
{
    struct follow follow = {.config = config, .keeper = history_file_keeper(config->path, false)};
    int status = -1;
    /* Watched before it is read: what is written meanwhile is not missed. */
    follow.watch = history_watch_open(config->path);
    if (!follow.watch)
        snprintf(reason, reason_size, "there is no memory left");
    else if (open_when_begun(&follow, reason, reason_size))
        status = print(&follow);
    hindsight_close(follow.hindsight);
    follower_close(follow.follower);
    history_watch_close(follow.watch);
    return status;
}
