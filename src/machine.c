/*
 * What the machine's clocks show: see machine.h.
 */
#include "machine.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#ifdef CLOCK_BOOTTIME
static const clockid_t steady = CLOCK_BOOTTIME; /* goes on while the machine sleeps */
#else
static const clockid_t steady = CLOCK_MONOTONIC;
#endif

int64_t machine_steady_ms(void)
{
    struct timespec now;
    clock_gettime(steady, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads the first line of a file. */
static bool read_line(const char *path, char *line, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, line, size - 1);
    if (file >= 0)
        close(file);
    line[length > 0 ? length : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return length > 0;
}

/* The kernel says which boot this is, and how long it has lasted. */
struct machine_time machine_time(void)
{
    struct machine_time now = {.unix_ms = clock_now_ms()};
    char uptime[64];
    double seconds;
    if (read_line("/proc/sys/kernel/random/boot_id", now.boot, sizeof now.boot) &&
        read_line("/proc/uptime", uptime, sizeof uptime) && sscanf(uptime, "%lf", &seconds) == 1)
        now.uptime_ms = (int64_t)(seconds * 1000);
    else
        now.boot[0] = '\0';
    return now;
}
