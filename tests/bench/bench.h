/*
 * What the measuring programs share: a clock, a gauge of memory, and the line that
 * tests/bench/run reads.
 */
#ifndef ANCHORTOP_BENCH_H
#define ANCHORTOP_BENCH_H

/* Seconds on a clock that only goes forward. */
double bench_seconds(void);

/* Resident bytes of this process, or 0 where /proc does not tell. */
double bench_resident(void);

/*
 * Reports one figure of one round. `goal` is "<=1.25", ">=10", or "" when there is none; it is held
 * against the median of all rounds.
 */
void bench_report(const char *figure, double value, const char *unit, const char *goal);

#endif
