/*
 * What the measuring programs share: see bench.h.
 */
#include "bench.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_resident(void)
{
    unsigned long total, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%lu %lu", &total, &pages) != 2)
        pages = 0;
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

void bench_report(const char *figure, double value, const char *unit, const char *goal)
{
    printf("%s\t%.9g\t%s\t%s\n", figure, value, unit, goal);
}
