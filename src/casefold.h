/*
 * Upper and lower case alike: what a search compares.
 *
 * One character stands for one other, and takes as many bytes of UTF-8 as that: so text can be
 * folded in place, and a place in it stays the same place. Covers the alphabets that have two
 * cases and are in daily use (Latin, Greek, Cyrillic, Armenian); independent of the locale.
 */
#ifndef ANCHORTOP_CASEFOLD_H
#define ANCHORTOP_CASEFOLD_H

#include <stddef.h>
#include <stdint.h>

enum { CASEFOLD_MAX_SOURCES = 4 };

/* The character that stands for all cases of this one, mostly the lower one. */
uint32_t casefold_char(uint32_t code_point);

/* The other characters that are folded to `code_point`; returns how many. */
size_t casefold_sources(uint32_t code_point, uint32_t sources[CASEFOLD_MAX_SOURCES]);

/* Folds UTF-8 in place. Bytes that are not UTF-8 stay. */
void casefold_text(char *text, size_t length);

#endif
