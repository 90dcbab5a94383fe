/*
 * What the measuring programs share: see bench.h.
 */
#include "bench.h"

#include <stdio.h>
#include <time.h>

double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void bench_report(const char *figure, double value, const char *unit, const char *goal)
{
    printf("%s\t%.9g\t%s\t%s\n", figure, value, unit, goal);
}
