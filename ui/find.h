/*
 * Finding a text inside the details. Main thread.
 */
#ifndef ANCHORTOP_FIND_H
#define ANCHORTOP_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct detail;
struct ui;

/* What is looked for in the details from now on, upper and lower case alike; "" for nothing. The
 * cursor goes to the first place from where it is. */
void find_set(struct ui *ui, const char *text);

/* To the next (1) or previous (-1) place, round the ends; false when there is none. */
bool find_next(struct ui *ui, int by);

/* The lines are others: what was found in them is forgotten. */
void find_forget(struct detail *detail);

/* Goes on looking for the next place and counting the lines, until `until_us` of clock_steady_us().
 * False when another call is wanted, or more lines are. */
bool find_go_on(struct detail *detail, int64_t until_us);
bool find_is_settled(const struct detail *detail);

/* How many lines have it, in words. */
void find_status(const struct ui *ui, char *text, size_t size);

#endif
