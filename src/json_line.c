/*
 * JSON on one line: see json_line.h.
 */
#include "json_line.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"

/* Writes \uXXXX, or two of them for what is beyond 16 bits. */
static size_t escape(char *out, uint32_t code_point)
{
    char text[16];
    int length;
    if (code_point > 0xFFFF)
        length = snprintf(text, sizeof text, "\\u%04x\\u%04x",
                          (unsigned)(0xD800 + ((code_point - 0x10000) >> 10)),
                          (unsigned)(0xDC00 + ((code_point - 0x10000) & 0x3FF)));
    else
        length = snprintf(text, sizeof text, "\\u%04x", (unsigned)code_point);
    memcpy(out, text, (size_t)length);
    return (size_t)length;
}

/* Whether a character is one that text_clean() names because it cannot be seen. */
static bool is_hidden(const char *character, size_t bytes)
{
    char shown[24];
    text_clean(shown, sizeof shown, character, bytes, 0);
    return strncmp(shown, "<U+", 3) == 0;
}

/* Writes the character of a string that begins here. Returns the bytes read. */
static size_t copy_character(char *out, size_t *used, const char *text, size_t length)
{
    unsigned char first = (unsigned char)*text;
    if (first >= ' ' && first < 0x7F) {
        out[(*used)++] = *text;
        return 1;
    }
    uint32_t code_point;
    size_t bytes = text_decode(text, length, &code_point);
    bool broken = bytes == 1 && first >= 0x80;
    if (first < ' ' || first == 0x7F || broken || is_hidden(text, bytes)) {
        *used += escape(out + *used, code_point);
    } else {
        memcpy(out + *used, text, bytes);
        *used += bytes;
    }
    return bytes;
}

/* Writes the string that begins with the quote here. Returns the bytes read. */
static size_t copy_string(char *out, size_t *used, const char *text, size_t length)
{
    size_t at = 0;
    do {
        bool escaped = text[at] == '\\' && at + 1 < length;
        at += copy_character(out, used, text + at, length - at);
        if (escaped)
            at += copy_character(out, used, text + at, length - at);
    } while (at < length && text[at] != '"');
    if (at < length)
        out[(*used)++] = text[at++];
    return at;
}

size_t json_line(char *out, const char *text, size_t length)
{
    size_t used = 0;
    /* A byte order mark may stand before JSON, but not within a line. */
    size_t at = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < length) {
        if (text[at] == '"')
            at += copy_string(out, &used, text + at, length - at);
        else if ((unsigned char)text[at] <= ' ')
            at++;
        else
            at += copy_character(out, &used, text + at, length - at);
    }
    return used;
}

/* The last byte of the member's value is that of its line's last token, or of the line that closes
 * what it opens; a comma behind it does not count. */
static const struct json_token *last_token(const struct json_layout *layout, const char *text,
                                           const struct json_line *line)
{
    if (line->close)
        return &layout->tokens[layout->lines[line->close].token];
    const struct json_token *last = &layout->tokens[line->token + line->token_count - 1u];
    return text[last->start] == ',' && last->kind == JSON_PUNCTUATION ? last - 1 : last;
}

bool json_line_member(const char *text, size_t length, const char *name, const char **value,
                      size_t *value_length)
{
    struct json_layout layout;
    size_t name_length = strlen(name);
    bool found = false;

    if (!json_layout(&layout, text, length))
        return false;
    bool whole = layout.token_count > 0 && layout.tokens[layout.token_count - 1].kind != JSON_ERROR;
    for (size_t i = 1; whole && !found && i < layout.line_count; i++) {
        const struct json_line *line = &layout.lines[i];
        const struct json_token *key = &layout.tokens[line->token];
        if (line->depth != 1 || line->token_count < 3 || key->kind != JSON_KEY ||
            key->length != name_length + 2 || memcmp(text + key->start + 1, name, name_length) != 0)
            continue;
        const struct json_token *last = last_token(&layout, text, line);
        *value = text + key[2].start;
        *value_length = last->start + last->length - key[2].start;
        found = true;
    }
    json_layout_free(&layout);
    return found;
}
