/*
 * What is typed. Main thread, while the screen is open.
 */
#ifndef ANCHORTOP_KEYBOARD_H
#define ANCHORTOP_KEYBOARD_H

#include <stddef.h>

/* What keyboard_read() returns besides Unicode code points. Letters with Ctrl are their control
 * codes: Ctrl-L is 12. */
enum key {
    KEY_CODE_NONE = -1,    /* nothing was typed */
    KEY_CODE_LOST = -2,    /* the terminal is gone */
    KEY_CODE_UNKNOWN = -3, /* a byte that is no character */
    KEY_CODE_TAB = 9,
    KEY_CODE_ENTER = 13,
    KEY_CODE_ESCAPE = 27,
    KEY_CODE_SPACE = 32,
    KEY_CODE_BACKSPACE = 127,
    KEY_CODE_FIRST = 0x110000, /* beyond Unicode */
    KEY_CODE_UP = KEY_CODE_FIRST,
    KEY_CODE_DOWN,
    KEY_CODE_LEFT,
    KEY_CODE_RIGHT,
    KEY_CODE_PAGE_UP,
    KEY_CODE_PAGE_DOWN,
    KEY_CODE_HOME,
    KEY_CODE_END,
    KEY_CODE_BACKTAB,
    KEY_CODE_DELETE,
    KEY_CODE_PASTE, /* a text was pasted: keyboard_pasted() */
};

/* Begins and ends reading. Called when curses has the terminal, which tells its keys. */
void keyboard_open(void);
void keyboard_close(void);

/* The next key typed, without waiting: a code point, or enum key. Sequences that are no key are
 * swallowed. */
int keyboard_read(void);

/* After so many milliseconds keyboard_read() has something to decide even if nothing more is typed,
 * as whether an Esc stands alone. -1: it has not. */
int keyboard_wait_ms(void);

/* The text of the KEY_CODE_PASTE that was read last: foreign, not terminated, good until the next
 * keyboard_read(). */
const char *keyboard_pasted(size_t *length);

/* Bytes that came together with the key that was read last: a person's come one by one. */
size_t keyboard_burst(void);

#endif
