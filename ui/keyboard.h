/*
 * What is typed. Main thread, while the screen is open.
 */
#ifndef ANCHORTOP_KEYBOARD_H
#define ANCHORTOP_KEYBOARD_H

/* What keyboard_read() returns besides Unicode code points. Letters with Ctrl are their control
 * codes: Ctrl-L is 12. */
enum key {
    KEY_CODE_NONE = -1,    /* nothing was typed */
    KEY_CODE_LOST = -2,    /* the terminal is gone */
    KEY_CODE_UNKNOWN = -3, /* a key that is not in this list */
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
};

/* Tells curses the keys that terminals send whatever TERM says. Called when the screen opens. */
void keyboard_define(void);

/* The next key typed, without waiting: a code point, or enum key. */
int keyboard_read(void);

#endif
