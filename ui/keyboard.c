/*
 * What is typed: bytes from the terminal, past curses, which would take the rest of a sequence that
 * it does not know for keys.
 */
#include "keyboard.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "../src/clock.h"
#include "decoder.h"

/* Last: term.h has macros for words as common as "columns" and "lines". */
#include <curses.h>
#include <term.h>

static struct {
    struct decoder decoder;
    char bytes[1024]; /* of the last read */
    size_t length, at;
    int64_t since_ms; /* decoder_limit_ms() counts from here, by the steady clock */
    bool lost;
} input;

/* Keys that terminals send whatever TERM says, as CSI and as SS3. */
static const struct {
    const char *sequence;
    int key;
} common[] = {
    {"\033[A", KEY_CODE_UP},      {"\033OA", KEY_CODE_UP},       {"\033[B", KEY_CODE_DOWN},
    {"\033OB", KEY_CODE_DOWN},    {"\033[C", KEY_CODE_RIGHT},    {"\033OC", KEY_CODE_RIGHT},
    {"\033[D", KEY_CODE_LEFT},    {"\033OD", KEY_CODE_LEFT},     {"\033[H", KEY_CODE_HOME},
    {"\033OH", KEY_CODE_HOME},    {"\033[1~", KEY_CODE_HOME},    {"\033[7~", KEY_CODE_HOME},
    {"\033[F", KEY_CODE_END},     {"\033OF", KEY_CODE_END},      {"\033[4~", KEY_CODE_END},
    {"\033[8~", KEY_CODE_END},    {"\033[5~", KEY_CODE_PAGE_UP}, {"\033[6~", KEY_CODE_PAGE_DOWN},
    {"\033[3~", KEY_CODE_DELETE}, {"\033[Z", KEY_CODE_BACKTAB},  {"\033OM", KEY_CODE_ENTER},
    {"\177", KEY_CODE_BACKSPACE},
};

static void know(const char *sequence, int key)
{
    if (sequence && sequence != (const char *)-1)
        decoder_know(&input.decoder, sequence, key);
}

void keyboard_open(void)
{
    decoder_free(&input.decoder);
    input.length = input.at = 0;
    input.lost = false;
    know(key_up, KEY_CODE_UP);
    know(key_down, KEY_CODE_DOWN);
    know(key_left, KEY_CODE_LEFT);
    know(key_right, KEY_CODE_RIGHT);
    know(key_ppage, KEY_CODE_PAGE_UP);
    know(key_npage, KEY_CODE_PAGE_DOWN);
    know(key_home, KEY_CODE_HOME);
    know(key_end, KEY_CODE_END);
    know(key_btab, KEY_CODE_BACKTAB);
    know(key_dc, KEY_CODE_DELETE);
    know(key_enter, KEY_CODE_ENTER);
    know(key_backspace, KEY_CODE_BACKSPACE);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        know(common[i].sequence, common[i].key);
}

void keyboard_close(void)
{
    decoder_free(&input.decoder);
}

static int64_t now_ms(void)
{
    return clock_steady_us() / 1000;
}

/* Reads what there is, without waiting. False when there is nothing. */
static bool fill(void)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    if (input.lost || poll(&ready, 1, 0) <= 0)
        return false;
    ssize_t length = read(STDIN_FILENO, input.bytes, sizeof input.bytes);
    if (length <= 0) {
        input.lost = length == 0 || errno == EIO;
        return false;
    }
    input.length = (size_t)length;
    input.at = 0;
    return true;
}

static void feed(void)
{
    unsigned begun = input.decoder.begun;
    int limit = decoder_limit_ms(&input.decoder);
    input.at += decoder_feed(&input.decoder, input.bytes + input.at, input.length - input.at);
    if (input.decoder.begun != begun || input.decoder.state == DECODER_PASTE ||
        decoder_limit_ms(&input.decoder) != limit)
        input.since_ms = now_ms();
}

int keyboard_read(void)
{
    for (;;) {
        int key = decoder_take(&input.decoder);
        if (key != KEY_CODE_NONE)
            return key == '\n' ? KEY_CODE_ENTER : key == 8 ? KEY_CODE_BACKSPACE : key;
        if (input.at < input.length || fill()) {
            feed();
        } else if (input.lost) {
            return KEY_CODE_LOST;
        } else if (keyboard_wait_ms() == 0) {
            decoder_expire(&input.decoder);
            input.since_ms = now_ms();
        } else {
            return KEY_CODE_NONE;
        }
    }
}

int keyboard_wait_ms(void)
{
    int limit = decoder_limit_ms(&input.decoder);
    int64_t left = input.since_ms + limit - now_ms();
    return limit < 0 ? -1 : left > 0 ? (int)left : 0;
}

const char *keyboard_pasted(size_t *length)
{
    return decoder_pasted(&input.decoder, length);
}

size_t keyboard_burst(void)
{
    return input.length;
}
