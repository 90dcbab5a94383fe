/*
 * Names of keys.
 */
#include "keys.h"

#include <stdio.h>

#include "keyboard.h"

static const struct {
    int key;
    const char *name, *ascii;
} names[] = {
    {KEY_CODE_UP, "↑", "Up"},           {KEY_CODE_DOWN, "↓", "Down"},
    {KEY_CODE_LEFT, "←", "Left"},       {KEY_CODE_RIGHT, "→", "Right"},
    {KEY_CODE_PAGE_UP, "PgUp", "PgUp"}, {KEY_CODE_PAGE_DOWN, "PgDn", "PgDn"},
    {KEY_CODE_HOME, "Home", "Home"},    {KEY_CODE_END, "End", "End"},
    {KEY_CODE_ENTER, "Enter", "Enter"}, {KEY_CODE_ESCAPE, "Esc", "Esc"},
    {KEY_CODE_TAB, "Tab", "Tab"},       {KEY_CODE_BACKTAB, "Shift-Tab", "Shift-Tab"},
    {KEY_CODE_SPACE, "Space", "Space"}, {KEY_CODE_BACKSPACE, "Backspace", "Backspace"},
    {KEY_CODE_DELETE, "Del", "Del"},
};

const char *key_name(int key, bool ascii, char name[KEY_NAME_SIZE])
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].key == key) {
            snprintf(name, KEY_NAME_SIZE, "%s", ascii ? names[i].ascii : names[i].name);
            return name;
        }
    }
    if (key < 32)
        snprintf(name, KEY_NAME_SIZE, "Ctrl-%c", key + 64);
    else
        snprintf(name, KEY_NAME_SIZE, "%c", key);
    return name;
}
