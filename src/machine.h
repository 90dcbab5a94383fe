/*
 * What the machine's clocks show. Any thread.
 */
#ifndef ANCHORTOP_MACHINE_H
#define ANCHORTOP_MACHINE_H

#include <stdint.h>

enum { BOOT_NAME_SIZE = 40 };

/* All of them at one moment. Every program on the machine is told the same. */
struct machine_time {
    int64_t unix_ms;
    int64_t uptime_ms;         /* since the boot, also while the machine slept */
    char boot[BOOT_NAME_SIZE]; /* names the boot; empty where there is no telling */
};

struct machine_time machine_time(void);

/* Milliseconds since some moment, also while the machine slept, whatever the clock is set to. */
int64_t machine_steady_ms(void);

#endif
