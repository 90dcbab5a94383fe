/*
 * The terminal, by way of curses.
 *
 * A crash must not leave a terminal that echoes nothing. Curses may not be called from a signal
 * handler, so the strings that undo its modes are asked for when the screen opens, and the handler
 * only writes them.
 */
#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "../src/text.h"
#include "keyboard.h"

/* Last: term.h has macros for words as common as "columns" and "lines". */
#include <curses.h>
#include <term.h>

enum { MAX_PAIRS = 240, FLASH_MS = 400 };

static struct {
    bool open, color, ascii, repaint;
    SCREEN *curses;
    int cursor_row, cursor_column; /* -1: hidden */
    struct theme theme;
    struct termios modes; /* as found */
    struct pair {
        int16_t fg, bg;
    } pairs[MAX_PAIRS]; /* curses' pair number i + 1 */
    int pair_count;
    char restore[256]; /* what undoes the terminal's modes */
    size_t restore_length;
    const char *pastes, *no_pastes; /* switch bracketed paste; "" where that is not known */
    int64_t flash_until_ms;         /* of the monotonic clock; 0: no flash */
} screen;

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static const char remedy[] = "run it in a terminal; without one, \"anchortop tail\" prints events";

bool screen_usable(char *reason, size_t reason_size)
{
    const char *term = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        snprintf(reason, reason_size, "standard %s is not a terminal; %s",
                 isatty(STDIN_FILENO) ? "output" : "input", remedy);
        return false;
    }
    if (!term || !*term || strcmp(term, "dumb") == 0 || strcmp(term, "unknown") == 0) {
        snprintf(reason, reason_size,
                 "the terminal cannot be drawn on (TERM is %s%s%s); set TERM, for example to "
                 "xterm-256color, or %s",
                 term ? "\"" : "", term ? term : "not set", term ? "\"" : "", remedy);
        return false;
    }
    int error;
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK) {
        snprintf(reason, reason_size,
                 "this system does not know the terminal \"%.40s\"; set TERM, for example to "
                 "xterm-256color, or install its description (ncurses-term)",
                 term);
        return false;
    }
    bool draws = cursor_address && clear_screen;
    del_curterm(cur_term);
    if (!draws) {
        snprintf(reason, reason_size, "the terminal \"%.40s\" cannot move its cursor; %s", term,
                 remedy);
        return false;
    }
    return true;
}

int screen_release_stdin(char *reason, size_t reason_size)
{
    if (isatty(STDIN_FILENO)) {
        snprintf(reason, reason_size,
                 "standard input is the keyboard; pipe events into it, or name a file");
        return -1;
    }
    /* By its own name where it has one: not every system can wait for input of /dev/tty. */
    const char *name = ttyname(STDOUT_FILENO);
    int terminal = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    if (terminal < 0)
        terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    int released = terminal < 0 ? -1 : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (released < 0 || dup2(terminal, STDIN_FILENO) < 0)
        snprintf(reason, reason_size, "there is no terminal for the keyboard: %s; %s",
                 strerror(errno), remedy);
    if (terminal >= 0)
        close(terminal);
    return released;
}

static void on_crash(int number)
{
    ssize_t ignored = write(STDOUT_FILENO, screen.restore, screen.restore_length);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &screen.modes);
    raise(number); /* SA_RESETHAND: the default action now */
}

/* A capability's string, cleared of the delays ("$<5>") that tputs() would have waited for. */
static void keep_restore(const char *capability)
{
    if (!capability || capability == (const char *)-1)
        return;
    for (const char *c = capability; *c && screen.restore_length < sizeof screen.restore; c++) {
        const char *end = c[0] == '$' && c[1] == '<' ? strchr(c, '>') : NULL;
        if (end)
            c = end;
        else
            screen.restore[screen.restore_length++] = *c;
    }
}

static const char *find_string(const char *name)
{
    const char *value = tigetstr(name);
    return value && value != (const char *)-1 ? value : NULL;
}

/* Terminals of the kind that ignores modes which it does not know are asked for bracketed paste
 * even if their description does not tell of it, for many descriptions do not. */
static void find_paste_modes(void)
{
    bool ansi = cursor_address && strncmp(cursor_address, "\033[", 2) == 0;
    const char *on = find_string("BE"), *off = find_string("BD");
    screen.pastes = on && off ? on : ansi ? "\033[?2004h" : "";
    screen.no_pastes = on && off ? off : ansi ? "\033[?2004l" : "";
}

/* Switches a mode of the terminal past curses, while that writes nothing. */
static void send_mode(const char *sequence)
{
    size_t length = strlen(sequence);
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, sequence, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        sequence += written;
        length -= (size_t)written;
    }
}

static void prepare_restore(void)
{
    find_paste_modes();
    screen.restore_length = 0;
    keep_restore(screen.no_pastes);
    keep_restore(exit_attribute_mode);
    keep_restore(orig_pair);
    keep_restore(keypad_local);
    keep_restore(cursor_normal);
    keep_restore(exit_ca_mode);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof crash_signals / sizeof *crash_signals; i++)
        sigaction(crash_signals[i], &action, NULL);
}

static void take_modes(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    typeahead(-1); /* keyboard.c reads; curses would look for keys and wait with a frame */
    intrflush(stdscr, FALSE);
    leaveok(stdscr, FALSE);
    curs_set(0);
}

bool screen_open(const struct theme *theme, bool color, bool ascii, char *reason,
                 size_t reason_size)
{
    tcgetattr(STDIN_FILENO, &screen.modes);
    screen.ascii = ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    screen.curses = newterm(NULL, stdout, stdin);
    if (!screen.curses) {
        snprintf(reason, reason_size, "cannot open the terminal; is TERM right?");
        return false;
    }
    prepare_restore();
    take_modes();
    keyboard_open();
    send_mode(screen.pastes);
    screen.open = true;
    screen.color = color && has_colors();
    if (screen.color) {
        start_color();
        use_default_colors();
    }
    screen_set_theme(theme);
    return true;
}

void screen_close(void)
{
    if (!screen.open)
        return;
    screen.open = false;
    send_mode(screen.no_pastes);
    endwin();
    keyboard_close();
    delscreen(screen.curses);
    for (size_t i = 0; i < sizeof crash_signals / sizeof *crash_signals; i++)
        signal(crash_signals[i], SIG_DFL);
}

void screen_suspend(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    sigemptyset(&stop.sa_mask);
    send_mode(screen.no_pastes);
    endwin();
    sigaction(SIGTSTP, &stop, &before);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    send_mode(screen.pastes);
    screen.repaint = true;
    screen_resize();
}

void screen_set_theme(const struct theme *theme)
{
    screen.theme = *theme;
    screen.pair_count = 0;
    redrawwin(stdscr); /* curses sees no change in cells whose pair keeps its number */
}

bool screen_ascii(void)
{
    return screen.ascii;
}

void screen_resize(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    screen.repaint = true;
}

int screen_rows(void)
{
    return LINES;
}

int screen_columns(void)
{
    return COLS;
}

void screen_begin(void)
{
    erase();
    screen.cursor_row = -1;
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reverses each cell of the first line, for it may be drawn in reverse itself. */
static void reverse_first_line(void)
{
    for (int column = 0; column < COLS; column++) {
        cchar_t cell;
        wchar_t text[CCHARW_MAX + 1];
        attr_t attributes;
        short pair;
        if (mvin_wch(0, column, &cell) == OK &&
            getcchar(&cell, text, &attributes, &pair, NULL) == OK)
            mvchgat(0, column, 1, attributes ^ A_REVERSE, pair, NULL);
    }
}

void screen_end(bool repaint)
{
    if (screen_flash_ms() > 0)
        reverse_first_line();
    else
        screen.flash_until_ms = 0;
    if (repaint || screen.repaint)
        clearok(stdscr, TRUE);
    screen.repaint = false;
    if (screen.cursor_row >= 0)
        move(screen.cursor_row, screen.cursor_column);
    curs_set(screen.cursor_row >= 0);
    refresh();
}

/* The curses pair of two colours, made on first use. */
static short pair_of(int16_t fg, int16_t bg)
{
    if (fg == COLOR_DEFAULT && bg == COLOR_DEFAULT)
        return 0;
    for (int i = 0; i < screen.pair_count; i++)
        if (screen.pairs[i].fg == fg && screen.pairs[i].bg == bg)
            return (short)(i + 1);
    if (screen.pair_count == MAX_PAIRS || screen.pair_count + 1 >= COLOR_PAIRS)
        return 0;
    screen.pairs[screen.pair_count] = (struct pair){fg, bg};
    init_pair((short)(screen.pair_count + 1), fg, bg);
    return (short)++screen.pair_count;
}

static attr_t curses_attributes(unsigned attributes)
{
    static const struct {
        unsigned attribute;
        attr_t curses;
    } table[] = {
        {ATTRIBUTE_BOLD, A_BOLD},       {ATTRIBUTE_DIM, A_DIM},
        {ATTRIBUTE_ITALIC, A_ITALIC},   {ATTRIBUTE_UNDERLINE, A_UNDERLINE},
        {ATTRIBUTE_REVERSE, A_REVERSE},
    };
    attr_t result = A_NORMAL;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (attributes & table[i].attribute)
            result |= table[i].curses;
    return result;
}

/* Bytes of the mark that text_clean() has put at the start of a text, or 0. */
static size_t mark_length(const char *text)
{
    uint32_t code_point;
    if (strncmp(text, "<U+", 3) == 0) {
        size_t digits = strspn(text + 3, "0123456789ABCDEF");
        return digits >= 4 && digits <= 6 && text[3 + digits] == '>' ? digits + 4 : 0;
    }
    if ((unsigned char)text[0] != 0xe2)
        return 0;
    size_t length = text_decode(text, strlen(text), &code_point);
    return code_point >= 0x2400 && code_point <= 0x2426 ? length : 0;
}

static void apply(struct style style)
{
    unsigned attributes = style.extra;
    short pair = 0;
    if (screen.color) {
        struct theme_look look = theme_look(&screen.theme, style.role, style.over, COLORS >= 256);
        attributes |= look.attributes;
        pair = pair_of(look.fg, look.bg);
    } else {
        attributes |= theme_mono(style.role);
        if (style.over != ROLE_TEXT)
            attributes |= theme_mono(style.over);
    }
    attr_set(curses_attributes(attributes), pair, NULL);
}

/* Adds `bytes` of text; what the locale cannot show becomes "?". */
static void add_plain(const char *text, size_t bytes)
{
    if (!screen.ascii) {
        addnstr(text, (int)bytes);
        return;
    }
    for (size_t i = 0; i < bytes;) {
        uint32_t code_point;
        size_t length = text_decode(text + i, bytes - i, &code_point);
        if (code_point < 128)
            addch((chtype)code_point);
        else
            for (int w = text_char_width(code_point); w > 0; w--)
                addch('?');
        i += length;
    }
}

/* Adds text in a style, with the marks of what was hidden in it standing out. */
static void add(const char *text, size_t bytes, struct style style)
{
    apply(style);
    for (size_t from = 0, at = 0; at <= bytes; at++) {
        size_t mark = at < bytes ? mark_length(text + at) : 0;
        if (mark == 0 && at < bytes)
            continue;
        add_plain(text + from, at - from);
        from = at;
        if (mark > 0 && at + mark <= bytes) {
            struct style standing_out = style;
            standing_out.role = ROLE_MARK;
            apply(standing_out);
            add_plain(text + at, mark);
            apply(style);
            from = at + mark;
            at = from - 1;
        }
    }
}

int screen_put(int row, int column, int width, struct style style, const char *text)
{
    if (column < 0 || row < 0 || row >= LINES || column >= COLS || width <= 0)
        return 0;
    if (width > COLS - column)
        width = COLS - column;
    const char *ellipsis = screen.ascii ? "~" : "…";
    int used;
    size_t bytes = text_fit(text, width, &used);
    bool cut = text[bytes] != '\0';
    if (cut)
        bytes = text_fit(text, width - 1, &used);
    move(row, column);
    add(text, bytes, style);
    if (cut) {
        addstr(ellipsis);
        used++;
    }
    attr_set(A_NORMAL, 0, NULL);
    return used;
}

void screen_put_right(int row, int column, int width, struct style style, const char *text)
{
    int needed = text_width(text);
    int pad = needed < width ? width - needed : 0;
    screen_put(row, column + pad, width - pad, style, text);
}

void screen_fill(int row, int column, int width, struct style style)
{
    if (row < 0 || row >= LINES || column < 0 || column >= COLS || width <= 0)
        return;
    if (width > COLS - column)
        width = COLS - column;
    apply(style);
    mvhline(row, column, ' ', width);
    attr_set(A_NORMAL, 0, NULL);
}

void screen_hline(int row, int column, int width, struct style style)
{
    if (row < 0 || row >= LINES || column < 0 || column >= COLS || width <= 0)
        return;
    move(row, column);
    apply(style);
    for (int i = 0; i < width && column + i < COLS; i++)
        addstr(screen.ascii ? "-" : "─");
    attr_set(A_NORMAL, 0, NULL);
}

void screen_vline(int row, int column, int height, struct style style)
{
    if (column < 0 || column >= COLS)
        return;
    apply(style);
    for (int i = 0; i < height; i++)
        if (row + i >= 0 && row + i < LINES)
            mvaddstr(row + i, column, screen.ascii ? "|" : "│");
    attr_set(A_NORMAL, 0, NULL);
}

void screen_cursor(int row, int column)
{
    screen.cursor_row = row;
    screen.cursor_column = column;
}

void screen_bell(void)
{
    beep();
}

void screen_flash(void)
{
    screen.flash_until_ms = monotonic_ms() + FLASH_MS;
}

int screen_flash_ms(void)
{
    int64_t left = screen.flash_until_ms - monotonic_ms();
    return screen.flash_until_ms ? (int)(left > 0 ? left : 0) : -1;
}
