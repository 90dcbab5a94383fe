/*
 * Any bytes made clean: printing them can do nothing but show them, they fit where it is said that
 * they fit, and cleaning them once more changes nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MARK_SIZE = 9 }; /* bytes of the longest mark: "<U+E0041>" */

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_printable(const char *text, size_t length, unsigned flags)
{
    for (size_t at = 0; at < length;) {
        uint32_t c;
        size_t taken = text_decode(text + at, length - at, &c);
        check(c != 0xFFFD || taken == 3);
        check(c >= 0x20 || (c == '\n' && flags & TEXT_KEEP_NEWLINES));
        check(c < 0x7F || (c >= 0xA0 && !(flags & TEXT_ASCII)));
        check(c < 0x202A || c > 0x202E);
        at += taken;
    }
}

static void check_fit(const char *clean, int columns)
{
    int used;
    int width = text_width(clean);
    size_t bytes = text_fit(clean, columns, &used);
    check(used >= 0 && used <= columns && bytes <= strlen(clean));
    check(width > columns ? used >= columns - 1 : used == width && clean[bytes] == '\0');
}

static void clean(const char *text, size_t length, unsigned flags)
{
    size_t room = length * MARK_SIZE + 1;
    char *whole = malloc(room), *part = malloc(room);
    if (!whole || !part)
        abort();

    size_t got = text_clean(whole, room, text, length, flags);
    check(got < room && strlen(whole) == got);
    check_printable(whole, got, flags);
    for (int columns = 0; columns < 12; columns++)
        check_fit(whole, columns);

    check(text_clean(part, room, whole, got, flags) == got && memcmp(part, whole, got) == 0);
    for (size_t small = 1; small < 24 && small < room; small++) {
        size_t fitted = text_clean(part, small, text, length, flags);
        check(fitted < small && part[fitted] == '\0' && memcmp(part, whole, fitted) == 0);
        check_printable(part, fitted, flags);
    }
    free(whole);
    free(part);
}

/* What a person may have typed. */
static void parse(const uint8_t *data, size_t size)
{
    char text[64];
    int64_t ms;
    uint64_t bytes;
    if (size >= sizeof text)
        return;
    memcpy(text, data, size);
    text[size] = '\0';
    check(!text_parse_duration(text, &ms) || ms >= 0);
    text_parse_size(text, &bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (unsigned flags = 0; flags <= (TEXT_ASCII | TEXT_KEEP_NEWLINES); flags++)
        clean((const char *)data, size, flags);
    parse(data, size);
    return 0;
}
