/*
 * A disk that takes its time, to be preloaded into a program: what is to be durable is so only
 * after SLOW_DISK_MS milliseconds more.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void take_time(void)
{
    const char *text = getenv("SLOW_DISK_MS");
    long ms = text ? strtol(text, NULL, 10) : 0;
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

int fsync(int descriptor)
{
    take_time();
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor)
{
    take_time();
    return (int)syscall(SYS_fdatasync, descriptor);
}
