/*
 * JSON on one line: what recordings and `tail --format json` consist of.
 *
 * The text is worked on as it was received, so that 12345678901234567890 stays what it is. Input is
 * what event_decode() has accepted; any other bytes are safe and come out as some line.
 */
#ifndef ANCHORTOP_JSON_LINE_H
#define ANCHORTOP_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { JSON_LINE_GROWTH = 6 }; /* bytes of a line for one byte of text, at most */

/*
 * Writes a JSON text on one line: without the white space between its tokens, and with escapes for
 * what a terminal would obey or hide instead of showing it (control characters, bidirectional
 * overrides). No value changes. A byte that is not UTF-8 becomes U+FFFD, as every reader of JSON
 * would take it. `out` has room for JSON_LINE_GROWTH * `length` bytes; returns those written, not
 * terminated.
 */
size_t json_line(char *out, const char *text, size_t length);

/*
 * Where the value of a member of the outermost object stands. `name` is written as in the text,
 * without quotes. False when there is no such member, or the text is not JSON.
 */
bool json_line_member(const char *text, size_t length, const char *name, const char **value,
                      size_t *value_length);

#endif
