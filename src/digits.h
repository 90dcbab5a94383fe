/*
 * Numbers of an event's tree whose digits a double does not hold: 12345678901234567890.
 *
 * cJSON keeps a double alone, and refuses numbers of more than 63 bytes. Where a double may not be
 * the number, its digits are kept beside it, in the tree.
 */
#ifndef ANCHORTOP_DIGITS_H
#define ANCHORTOP_DIGITS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "json.h"

/* Return a number as it was received where a double may be another one, else NULL. It lives as long
 * as the tree. */
const char *digits_of(const cJSON *node);

/* Say whether digits_shorten(), digits_keep() have anything to do. */
bool digits_too_long(const struct json_survey *survey);
bool digits_wanted(const struct json_survey *survey);

/* Replace every number of a text that is too long for cJSON by the double nearest to it and blanks.
 * False when memory ran out. */
bool digits_shorten(char *text, size_t length);

/* Add the digits to a tree that cJSON made of this text, or of what digits_shorten() made of it.
 * False when memory ran out. */
bool digits_keep(cJSON *tree, const char *text, size_t length);

#endif
