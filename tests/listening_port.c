#include "listening_port.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_SOCKETS = 512, STATE_LISTEN = 0x0a };

struct sockets {
    unsigned long inodes[MAX_SOCKETS];
    size_t count;
};

/* The links in /proc/PID/fd of sockets read "socket:[INODE]". */
static void list_sockets(const char *process, struct sockets *sockets)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/%s/fd", process);
    DIR *directory = opendir(path);
    sockets->count = 0;
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) && sockets->count < MAX_SOCKETS;) {
        char link[64];
        ssize_t length = readlinkat(dirfd(directory), entry->d_name, link, sizeof link - 1);
        link[length > 0 ? length : 0] = '\0';
        if (sscanf(link, "socket:[%lu]", &sockets->inodes[sockets->count]) == 1)
            sockets->count++;
    }
    closedir(directory);
}

static bool holds(const struct sockets *sockets, unsigned long inode)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (sockets->inodes[i] == inode)
            return true;
    return false;
}

static int find_listening(const char *table, const struct sockets *sockets)
{
    FILE *file = fopen(table, "r");
    char line[512];
    int found = 0;
    while (file && !found && fgets(line, sizeof line, file)) {
        unsigned port, state;
        unsigned long inode;
        if (sscanf(line,
                   " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*x:%*x %*x:%*x %*x %*u %*u %lu",
                   &port, &state, &inode) == 3 &&
            state == STATE_LISTEN && holds(sockets, inode))
            found = (int)port;
    }
    if (file)
        fclose(file);
    return found;
}

/* Return the session of a process, from its /proc/PID/stat: the name before it may hold blanks and brackets. */
static pid_t session_of(const char *process)
{
    char path[300], line[512] = "";
    snprintf(path, sizeof path, "/proc/%s/stat", process);
    FILE *file = fopen(path, "r");
    int session = 0;
    if (!file)
        return 0;
    const char *end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    if (!end || sscanf(end, ") %*c %*d %*d %d", &session) != 1)
        session = 0;
    fclose(file);
    return session;
}

int listening_port(pid_t session)
{
    DIR *directory = opendir("/proc");
    int port = 0;
    if (!directory)
        return 0;
    for (struct dirent *entry; !port && (entry = readdir(directory));) {
        struct sockets sockets;
        if (!isdigit((unsigned char)entry->d_name[0]) || session_of(entry->d_name) != session)
            continue;
        list_sockets(entry->d_name, &sockets);
        port = find_listening("/proc/net/tcp", &sockets);
        port = port ? port : find_listening("/proc/net/tcp6", &sockets);
    }
    closedir(directory);
    return port;
}
