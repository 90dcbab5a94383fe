/*
 * Expressions that are being typed: what is in force while they are not right yet.
 */
#include <stdlib.h>
#include <string.h>

#include "filter_scan.h"

static bool is_op(char c)
{
    return c && strchr(":=~<>!", c);
}

static size_t without_blanks(const char *text, size_t length)
{
    while (length > 0 && scan_is_blank(text[length - 1]))
        length--;
    return length;
}

/* Where the last word of the text begins, with what negates it. */
static size_t last_word(const char *text, size_t length)
{
    while (length > 0 && !scan_is_end(text[length - 1]))
        length--;
    return length;
}

/* Whether the text goes on with the last word of its beginning: it is a name. */
static bool goes_on(const char *text, size_t length)
{
    size_t end = without_blanks(text, length), start = last_word(text, end);
    size_t next = length + strspn(text + length, " \t");
    bool apart = next > end;

    for (size_t i = start; i < end; i++)
        if (is_op(text[i]) || text[i] == '"')
            return false;
    return start < end && (apart ? is_op(text[next]) : !scan_is_end(text[next]));
}

/* The length without the last word, or the last parenthesis. */
static size_t drop_word(const char *text, size_t length)
{
    size_t end = without_blanks(text, length), start = last_word(text, end);
    return without_blanks(text, start < end || end == 0 ? start : end - 1);
}

static bool is_right(const char *text)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);

    filter_free(filter);
    return filter;
}

char *filter_in_force(const char *text, const char *good)
{
    size_t length = strlen(good);

    if (strncmp(text, good, length) != 0 || !goes_on(text, length))
        return strdup(good);
    length = drop_word(text, length);
    char *before = strndup(text, length);
    while (before && !is_right(before)) {
        length = drop_word(text, length);
        before[length] = '\0';
    }
    return before;
}
