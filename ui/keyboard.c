/*
 * What is typed, by way of curses.
 */
#include "keyboard.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

void keyboard_define(void)
{
    static const struct {
        const char *sequence;
        int key;
    } strays[] = {
        {"\033[A", KEY_UP},   {"\033OA", KEY_UP},     {"\033[B", KEY_DOWN},
        {"\033OB", KEY_DOWN}, {"\033[C", KEY_RIGHT},  {"\033OC", KEY_RIGHT},
        {"\033[D", KEY_LEFT}, {"\033OD", KEY_LEFT},   {"\033[H", KEY_HOME},
        {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME},  {"\033[7~", KEY_HOME},
        {"\033[F", KEY_END},  {"\033OF", KEY_END},    {"\033[4~", KEY_END},
        {"\033[8~", KEY_END}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
        {"\033[3~", KEY_DC},  {"\033[Z", KEY_BTAB},   {"\033OM", KEY_ENTER},
    };
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++)
        if (key_defined(strays[i].sequence) == 0)
            define_key(strays[i].sequence, strays[i].key);
}

/*
 * After an Esc: a sequence that nobody knows is taken whole, because its letters are not what was
 * typed. Anything else that follows is given back.
 */
static int after_escape(void)
{
    wint_t input;
    int kind = get_wch(&input);
    if (kind == OK && (input == '[' || input == 'O')) {
        bool more = true;
        while (more && get_wch(&input) == OK)
            more = input < 0x40 || input > 0x7e;
        return KEY_CODE_UNKNOWN;
    }
    if (kind == OK)
        unget_wch((wchar_t)input);
    else if (kind == KEY_CODE_YES)
        ungetch((int)input);
    return KEY_CODE_ESCAPE;
}

int keyboard_read(void)
{
    static const struct {
        wint_t curses;
        int key;
    } table[] = {
        {KEY_UP, KEY_CODE_UP},         {KEY_DOWN, KEY_CODE_DOWN},
        {KEY_LEFT, KEY_CODE_LEFT},     {KEY_RIGHT, KEY_CODE_RIGHT},
        {KEY_PPAGE, KEY_CODE_PAGE_UP}, {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
        {KEY_HOME, KEY_CODE_HOME},     {KEY_END, KEY_CODE_END},
        {KEY_BTAB, KEY_CODE_BACKTAB},  {KEY_ENTER, KEY_CODE_ENTER},
        {KEY_DC, KEY_CODE_DELETE},     {KEY_BACKSPACE, KEY_CODE_BACKSPACE},
    };
    wint_t input;
    errno = 0;
    int kind = get_wch(&input);
    if (kind == ERR) {
        /* Nothing typed, or the other end of the terminal has gone. */
        return tcgetpgrp(STDIN_FILENO) == -1 && errno == EIO ? KEY_CODE_LOST : KEY_CODE_NONE;
    }
    if (kind == OK && input == KEY_CODE_ESCAPE)
        return after_escape();
    if (kind == OK)
        return input == '\n' ? KEY_CODE_ENTER : input == 8 ? KEY_CODE_BACKSPACE : (int)input;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].curses == input)
            return table[i].key;
    return KEY_CODE_UNKNOWN;
}
