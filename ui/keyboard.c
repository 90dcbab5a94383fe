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
    int input = getch();
    if (input == '[' || input == 'O') {
        do
            input = getch();
        while (input != ERR && (input < 0x40 || input > 0x7e));
        return KEY_CODE_UNKNOWN;
    }
    if (input != ERR)
        ungetch(input);
    return KEY_CODE_ESCAPE;
}

/* A character of several bytes, which may come one by one: then get_wch() would lose the first.
 * KEY_CODE_NONE when there are more to come. */
static int gather(int byte)
{
    static mbstate_t gathered;
    char c = (char)byte;
    wchar_t character;
    size_t length = mbrtowc(&character, &c, 1, &gathered);
    if (length == (size_t)-2)
        return KEY_CODE_NONE;
    if (length == (size_t)-1) {
        gathered = (mbstate_t){0};
        return byte < 0x80 ? byte : KEY_CODE_UNKNOWN;
    }
    return (int)character;
}

/* What a key of curses is called here. */
static int translate(int key)
{
    static const struct {
        int curses;
        int key;
    } table[] = {
        {KEY_UP, KEY_CODE_UP},         {KEY_DOWN, KEY_CODE_DOWN},
        {KEY_LEFT, KEY_CODE_LEFT},     {KEY_RIGHT, KEY_CODE_RIGHT},
        {KEY_PPAGE, KEY_CODE_PAGE_UP}, {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
        {KEY_HOME, KEY_CODE_HOME},     {KEY_END, KEY_CODE_END},
        {KEY_BTAB, KEY_CODE_BACKTAB},  {KEY_ENTER, KEY_CODE_ENTER},
        {KEY_DC, KEY_CODE_DELETE},     {KEY_BACKSPACE, KEY_CODE_BACKSPACE},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].curses == key)
            return table[i].key;
    return KEY_CODE_UNKNOWN;
}

int keyboard_read(void)
{
    int key = KEY_CODE_NONE;
    while (key == KEY_CODE_NONE) {
        errno = 0;
        int input = getch();
        if (input == ERR) /* nothing typed, or the other end of the terminal has gone */
            return tcgetpgrp(STDIN_FILENO) == -1 && errno == EIO ? KEY_CODE_LOST : KEY_CODE_NONE;
        if (input == KEY_CODE_ESCAPE)
            key = after_escape();
        else if (input >= KEY_MIN)
            key = translate(input);
        else
            key = gather(input);
    }
    return key == '\n' ? KEY_CODE_ENTER : key == 8 ? KEY_CODE_BACKSPACE : key;
}
