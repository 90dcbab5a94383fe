/*
 * Upper and lower case alike: what a search compares.
 *
 * This is the simple case folding of Unicode, in which one character stands for one other, so
 * "ß" is no "ss". It covers every alphabet and is independent of the locale.
 */
#ifndef ANCHORTOP_CASEFOLD_H
#define ANCHORTOP_CASEFOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CASEFOLD_MAX_SOURCES = 4 };

/* Return the character that stands for all cases of this one. None of them is shorter in UTF-8, and
 * mostly it is the lower one. */
uint32_t casefold_char(uint32_t code_point);

/* Write the other characters that are folded to `code_point`; return how many there are. */
size_t casefold_sources(uint32_t code_point, uint32_t sources[CASEFOLD_MAX_SOURCES]);

/* Fold UTF-8 in place and return its new length, which is at most the old one. Bytes that are not
 * UTF-8 stay. */
size_t casefold_text(char *text, size_t length);

#endif
