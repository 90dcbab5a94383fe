/*
 * What goes into the clipboard: see clip.h.
 */
#include "clip.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/json_line.h"
#include "../src/text.h"

enum { ESCAPED = 12 }; /* bytes of the longest escape of one character, a surrogate pair */

char *clip_line(const char *text)
{
    size_t size = strlen(text) + 1;
    char *line = malloc(size);
    if (line)
        text_line(line, size, text, size - 1);
    return line;
}

static size_t write_escape(char *out, uint32_t code_point)
{
    if (code_point <= 0xFFFF)
        return (size_t)snprintf(out, ESCAPED + 1, "\\u%04x", (unsigned)code_point);
    return (size_t)snprintf(out, ESCAPED + 1, "\\u%04x\\u%04x",
                            (unsigned)(0xD800 + ((code_point - 0x10000) >> 10)),
                            (unsigned)(0xDC00 + ((code_point - 0x10000) & 0x3FF)));
}

/* JSON on one line, where these ASCII characters, which mean nothing outside of its strings, are
 * escaped too. */
static char *write_json(const char *text, size_t length, const char *escaped)
{
    char *line = malloc(length * JSON_LINE_GROWTH + 1);
    size_t line_length = line ? json_line(line, text, length) : 0;
    char *out = line ? malloc(line_length * ESCAPED + 1) : NULL;
    size_t used = 0;

    for (size_t at = 0; out && at < line_length;) {
        uint32_t code_point;
        size_t bytes = text_decode(line + at, line_length - at, &code_point);
        if (text_is_unseen(code_point) || (code_point < 0x80 && strchr(escaped, line[at]))) {
            used += write_escape(out + used, code_point);
        } else {
            memcpy(out + used, line + at, bytes);
            used += bytes;
        }
        at += bytes;
    }
    if (out)
        out[used] = '\0';
    free(line);
    return out;
}

char *clip_json(const char *text, size_t length)
{
    return write_json(text, length, "");
}

/* Writes a text in single quotes, where a quote closes them, stands escaped and opens them. */
static char *write_quoted(char *out, const char *text)
{
    *out++ = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            out = stpcpy(out, "'\\'");
        *out++ = *text;
    }
    *out++ = '\'';
    *out = '\0';
    return out;
}

char *clip_curl(const char *text, size_t length, const char *url)
{
    static const char head[] = "body=";
    static const char tail[] =
        "; t=$(date +%s); curl -sS -H 'Content-Type: application/json' -H \"Anchor-Timestamp: "
        "$t\" -H \"Anchor-Signature: t=$t,v1=$(printf 'v0:%s:%s' \"$t\" \"$body\" | openssl dgst "
        "-sha256 -hmac \"$ANCHOR_WEBHOOK_SECRET\" -r | cut -d' ' -f1)\" --data-binary \"$body\" ";
    /* With no single quote in it, and no "!", which some shells obey within quotes. */
    char *json = write_json(text, length, "'!");
    char *address = clip_line(url);
    size_t size = sizeof head + sizeof tail + 4;
    char *line = json && address ? malloc(size + strlen(json) + 4 * strlen(address)) : NULL;

    if (line) {
        char *end = write_quoted(stpcpy(line, head), json);
        write_quoted(stpcpy(end, tail), address);
    }
    free(json);
    free(address);
    return line;
}
