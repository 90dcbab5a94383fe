/*
 * What a person does at the harness's terminal: pressing keys, changing its size, stopping it.
 */
#include "harness_private.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

void program_type(struct program *program, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(program->terminal, bytes, length);
        cr_assert(written > 0 || errno == EINTR, "the terminal takes no keys: %s", strerror(errno));
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
}

/* As xterm sends them to a program that has switched its keypad on. */
static const struct key {
    const char *name, *bytes;
} key_names[] = {
    {"<Enter>", "\r"},       {"<Esc>", "\033"},         {"<Tab>", "\t"},
    {"<BackTab>", "\033[Z"}, {"<Space>", " "},          {"<Backspace>", "\177"},
    {"<Up>", "\033OA"},      {"<Down>", "\033OB"},      {"<Right>", "\033OC"},
    {"<Left>", "\033OD"},    {"<Home>", "\033OH"},      {"<End>", "\033OF"},
    {"<Insert>", "\033[2~"}, {"<Delete>", "\033[3~"},   {"<PageUp>", "\033[5~"},
    {"<F1>", "\033OP"},      {"<F2>", "\033OQ"},        {"<F3>", "\033OR"},
    {"<F4>", "\033OS"},      {"<F5>", "\033[15~"},      {"<F6>", "\033[17~"},
    {"<F7>", "\033[18~"},    {"<F8>", "\033[19~"},      {"<F9>", "\033[20~"},
    {"<F10>", "\033[21~"},   {"<F11>", "\033[23~"},     {"<F12>", "\033[24~"},
    {"<lt>", "<"},           {"<PageDown>", "\033[6~"},
};

static const struct key *find_key(const char *text)
{
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++)
        if (strncmp(text, key_names[i].name, strlen(key_names[i].name)) == 0)
            return &key_names[i];
    return NULL;
}

void program_keys(struct program *program, const char *keys)
{
    while (*keys) {
        const struct key *key = find_key(keys);
        if (key) {
            program_type(program, key->bytes, strlen(key->bytes));
            keys += strlen(key->name);
        } else if (strncmp(keys, "<C-", 3) == 0 && keys[3] && keys[4] == '>') {
            char control = (char)(keys[3] & 0x1F);
            program_type(program, &control, 1);
            keys += 5;
        } else {
            program_type(program, keys++, 1);
        }
    }
}

/* Whether nothing is left to be read at the other end. */
static bool all_taken(struct program *program, void *context)
{
    int other = *(int *)context, left = 1;
    return !program_running(program) || (ioctl(other, FIONREAD, &left) == 0 && left == 0);
}

void program_wait_taken_at(struct program *program, const char *file, int line)
{
    int other = open(ptsname(program->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(other >= 0, "%s: %s", ptsname(program->terminal), strerror(errno));
    program_wait_at(program, "what was typed to be read", all_taken, &other, file, line);
    close(other);
}

void program_resize(struct program *program, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    program_pump(program);
    screen_resize(&program->screen, rows, columns);
    cr_assert_eq(ioctl(program->terminal, TIOCSWINSZ, &size), 0, "resize: %s", strerror(errno));
}

/* Through the other end, which takes the same requests as a keyboard's Ctrl-S and Ctrl-Q make. */
static void set_flow(struct program *program, int action)
{
    int other = open(ptsname(program->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(other >= 0 && tcflow(other, action) == 0, "tcflow: %s", strerror(errno));
    close(other);
}

void program_hold_output(struct program *program)
{
    set_flow(program, TCOOFF);
}

void program_release_output(struct program *program)
{
    set_flow(program, TCOON);
}

void program_hang_up(struct program *program)
{
    close(program->terminal);
    program->terminal = -1;
}

void program_signal(struct program *program, int number)
{
    kill(program->pid, number);
}
