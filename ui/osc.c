/*
 * Operating system commands: see osc.h.
 */
#include "osc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/text.h"
#include "screen.h"

enum { NOTICE_SIZE = 512 };

/* Between frames, so that it cannot stand inside a sequence of curses'. */
static void send(const char *bytes, size_t length)
{
    fflush(stdout);
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        length -= (size_t)written;
    }
}

void osc_title(const char *text)
{
    char sequence[256];
    int length = snprintf(sequence, sizeof sequence, "\033]2;%.200s\033\\", text);
    send(sequence, (size_t)length);
}

/* Those that know both sequences would show two notifications. */
static const struct {
    const char *term; /* begins so */
    bool osc_9, osc_777;
} notifiers[] = {
    {"foot", false, true},    {"xterm-kitty", true, false}, {"xterm-ghostty", true, false},
    {"wezterm", true, false}, {"rxvt", false, true},        {"", true, true},
};

/* Cleans a text for a sequence whose parts are separated by semicolons. */
static void clean_notice(char *out, size_t size, const char *text)
{
    text_clean(out, size, text, strlen(text), screen_ascii() ? TEXT_ASCII : 0);
    for (char *c = out; *c; c++)
        if (*c == ';')
            *c = ',';
}

void osc_notify(const char *title, const char *body)
{
    char head[NOTICE_SIZE / 2], text[NOTICE_SIZE], sequence[2 * NOTICE_SIZE];
    const char *term = getenv("TERM");
    size_t i = 0;
    int length;

    clean_notice(head, sizeof head, title);
    clean_notice(text, sizeof text, body);
    while (strncmp(term ? term : "", notifiers[i].term, strlen(notifiers[i].term)) != 0)
        i++;
    if (notifiers[i].osc_9) {
        length = snprintf(sequence, sizeof sequence, "\033]9;%s: %s\033\\", head, text);
        send(sequence, (size_t)length);
    }
    if (notifiers[i].osc_777) {
        length = snprintf(sequence, sizeof sequence, "\033]777;notify;%s;%s\033\\", head, text);
        send(sequence, (size_t)length);
    }
}

void osc_clipboard(const char *text, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)text;
    char *sequence = malloc(16 + (length + 2) / 3 * 4);
    if (!sequence)
        return;
    size_t used = (size_t)snprintf(sequence, 16, "\033]52;c;");
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned long group = (unsigned long)bytes[i] << 16 |
                              (left > 1 ? (unsigned long)bytes[i + 1] << 8 : 0) |
                              (left > 2 ? bytes[i + 2] : 0);
        sequence[used++] = digits[group >> 18 & 63];
        sequence[used++] = digits[group >> 12 & 63];
        sequence[used++] = left > 1 ? digits[group >> 6 & 63] : '=';
        sequence[used++] = left > 2 ? digits[group & 63] : '=';
    }
    sequence[used++] = '\a';
    send(sequence, used);
    free(sequence);
}
