/*
 * The escapes of JSON strings: see json.h.
 */
#include <string.h>

#include "json.h"
#include "text.h"

enum { REPLACEMENT = 0xFFFD, PICTURE_OF_NUL = 0x2400 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

long json_escape_unit(const char *text, const char *end)
{
    long unit = 0;

    if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* The character of one or two \uXXXX escapes; *text goes behind them. */
static uint32_t take_unit(const char **text, const char *end, long unit)
{
    *text += 6;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        long low = json_escape_unit(*text, end);
        if (low < 0xDC00 || low > 0xDFFF)
            return REPLACEMENT;
        *text += 6;
        return 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    }
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return REPLACEMENT;
    return unit ? (uint32_t)unit : PICTURE_OF_NUL;
}

/* Writes what the escape at *text stands for, and goes behind it. */
static size_t take_escape(char *out, const char **text, const char *end)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    long unit = json_escape_unit(*text, end);

    if (unit >= 0)
        return text_encode(out, take_unit(text, end, unit));
    const char *letter = end - *text > 1 ? memchr(letters, (*text)[1], sizeof letters - 1) : NULL;
    out[0] = letter ? meanings[letter - letters] : '\\';
    *text += letter ? 2 : 1;
    return 1;
}

size_t json_unescape(char *out, const char *text, size_t length)
{
    const char *end = text + length;
    char *start = out;

    for (;;) {
        const char *escape = memchr(text, '\\', (size_t)(end - text));
        size_t plain = (size_t)((escape ? escape : end) - text);
        memmove(out, text, plain);
        out += plain;
        if (!escape)
            return (size_t)(out - start);
        text = escape;
        out += take_escape(out, &text, end);
    }
}
