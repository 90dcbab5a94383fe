/*
 * A disk that stands still when told to, to be preloaded into a program: while the file that
 * SLOW_DISK_GATE names exists, nothing becomes durable. Who waits for that says so by the file's
 * name with ".waits" behind it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void stand_still(void)
{
    const char *gate = getenv("SLOW_DISK_GATE");
    char waits[4200];
    if (!gate || access(gate, F_OK) != 0)
        return;
    snprintf(waits, sizeof waits, "%s.waits", gate);
    close(open(waits, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    while (access(gate, F_OK) == 0)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

int fsync(int descriptor)
{
    stand_still();
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor)
{
    stand_still();
    return (int)syscall(SYS_fdatasync, descriptor);
}
