/*
 * Days by the local calendar: the lines between them in lists that are ordered by time, so that a
 * row needs its time of day alone. Main thread.
 */
#ifndef ANCHORTOP_DAYS_H
#define ANCHORTOP_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether two moments, in Unix milliseconds, lie on the same day. */
bool days_same(int64_t a_ms, int64_t b_ms);

/* Name the day of a moment: "today", "yesterday, Mon 23 Nov", "Sun 22 Nov", with the year when it
 * is not this one. */
void days_name(char *text, size_t size, int64_t ms, int64_t now_ms);

/* Draw the line that stands above the rows of a day. */
void days_draw(int row, int column, int width, int64_t ms, int64_t now_ms);

#endif
