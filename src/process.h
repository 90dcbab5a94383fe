/*
 * Starting other programs: the operator's browser, the commands of alerts. Never through a shell.
 */
#ifndef ANCHORTOP_PROCESS_H
#define ANCHORTOP_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* What to start, and what it begins with. Everything is borrowed for the call. */
struct process_setup {
    const char *path;         /* of the program; process_find() tells it */
    char *const *arguments;   /* with its name first, ended by NULL */
    char *const *environment; /* "NAME=value", ended by NULL; NULL: as this program's */
    int input, errors;        /* descriptors for its standard input and error; -1: /dev/null */
    bool detached;            /* nobody's child: there is no pid to wait for, and no zombie */
};

/* Where a program is, as the shell would look for it. Owned by the caller; NULL: nowhere. */
char *process_find(const char *name);

/* Leave no core dump of this program, nor hand one to a program that collects them. Those that are
 * started may. Before there are threads. */
void process_forbid_core_dumps(void);

/*
 * Starts a program in a session and process group of its own: without the terminal, without any
 * other descriptor of this program, with no signal blocked or ignored, and with /dev/null for
 * standard output. Returns 0 once it runs, and its pid where one is asked for; else an errno.
 */
int process_start(const struct process_setup *setup, pid_t *pid);

#endif
