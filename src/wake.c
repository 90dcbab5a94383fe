/*
 * What wakes a loop: see wake.h.
 */
#include "wake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int ends[2] = {-1, -1};

bool wake_open(char *reason, size_t reason_size)
{
    if (ends[0] >= 0)
        return true;
    if (pipe(ends) < 0) {
        snprintf(reason, reason_size, "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

void wake(void *unused)
{
    (void)unused;
    int before = errno;
    /* A full pipe is as good as one more byte in it. */
    ssize_t ignored = write(ends[1], "", 1);
    (void)ignored;
    errno = before;
}

int wake_descriptor(void)
{
    return ends[0];
}

void wake_clear(void)
{
    char bytes[256];
    while (read(ends[0], bytes, sizeof bytes) > 0)
        ;
}
