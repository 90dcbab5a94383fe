/*
 * Starting other programs: fork, a clean slate, exec, and the news whether that has worked.
 */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CLOSE = 65536 }; /* descriptors to close at most, where the limit is far higher */

extern char **environ;

/* The limit that this program was started with, where it was changed. */
static struct {
    bool changed;
    struct rlimit before;
} core_limit;

/* Linux never asks a collector of core dumps how large they may be, but takes this limit for a
 * word: no core dump at all. */
enum { NO_CORE_DUMP = 1 };

void process_forbid_core_dumps(void)
{
    struct rlimit limit;
    if (core_limit.changed || getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    core_limit.before = limit;
    limit.rlim_cur = limit.rlim_max < NO_CORE_DUMP ? limit.rlim_max : NO_CORE_DUMP;
    core_limit.changed = setrlimit(RLIMIT_CORE, &limit) == 0;
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *process_find(const char *name)
{
    const char *directories = getenv("PATH");

    if (strchr(name, '/'))
        return is_program(name) ? strdup(name) : NULL;
    while (directories && *directories) {
        size_t length = strcspn(directories, ":");
        size_t size = length + strlen(name) + 3;
        char *path = malloc(size);

        if (!path)
            return NULL;
        snprintf(path, size, "%.*s/%s", length ? (int)length : 1, length ? directories : ".", name);
        if (is_program(path))
            return path;
        free(path);
        directories += length + (directories[length] == ':');
    }
    return NULL;
}

/* In the child: nothing of this program stays open but `report`, and no signal stays blocked. */
static void clean_slate(const struct process_setup *setup, int report, int highest)
{
    sigset_t none;
    int null = open("/dev/null", O_RDWR);

    dup2(setup->input >= 0 ? setup->input : null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(setup->errors >= 0 ? setup->errors : null, STDERR_FILENO);
    for (int fd = STDERR_FILENO + 1; fd < highest; fd++)
        if (fd != report)
            close(fd);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    if (core_limit.changed)
        setrlimit(RLIMIT_CORE, &core_limit.before);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: becomes the program, or tells `report` why not. Only calls that are safe after
 * fork() in a program with threads. */
static void become(const struct process_setup *setup, int report, int highest)
{
    setsid();
    pid_t child = setup->detached ? fork() : 0;
    if (child > 0)
        _exit(0);
    if (child == 0) {
        clean_slate(setup, report, highest);
        execve(setup->path, setup->arguments, setup->environment ? setup->environment : environ);
    }
    int error = errno;
    ssize_t written = write(report, &error, sizeof error);
    _exit(written == sizeof error ? 1 : 2);
}

static void wait_for(pid_t child)
{
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}

int process_start(const struct process_setup *setup, pid_t *pid)
{
    int report[2], error = 0;
    long limit = sysconf(_SC_OPEN_MAX);
    int highest = limit > 0 && limit < MAX_CLOSE ? (int)limit : MAX_CLOSE;

    if (pipe(report) != 0)
        return errno;
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    fcntl(report[1], F_SETFD, FD_CLOEXEC); /* closed by a good exec */
    pid_t child = fork();
    if (child == 0)
        become(setup, report[1], highest);
    if (child < 0)
        error = errno;
    close(report[1]);
    ssize_t got;
    do {
        got = child > 0 ? read(report[0], &error, sizeof error) : 0;
    } while (got < 0 && errno == EINTR);
    close(report[0]);
    if (child > 0 && (setup->detached || error))
        wait_for(child);
    if (pid)
        *pid = child;
    return error;
}
