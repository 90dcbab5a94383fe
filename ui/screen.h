/*
 * The terminal: with keyboard.h, the only place that knows curses.
 *
 * Text given to the drawing functions must be clean (text_clean() of src/text.h); they clip it to
 * the room it has. Main thread only, and only between screen_open() and screen_close(), where not
 * said otherwise.
 */
#ifndef ANCHORTOP_SCREEN_H
#define ANCHORTOP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "theme.h"

/* Whether standard input and output can be drawn on; else a sentence that says why not and what to
 * do. Callable before screen_open(). */
bool screen_usable(char *reason, size_t reason_size);

/* Moves what standard input is to the descriptor returned, and puts the terminal that output goes
 * to in its place. -1 with a sentence. Before screen_usable(). */
int screen_release_stdin(char *reason, size_t reason_size);

/* Takes the terminal over. False with a reason. */
bool screen_open(const struct theme *theme, bool color, bool ascii, char *reason,
                 size_t reason_size);
/* Gives the terminal back as it was. Does nothing when it is not open. */
void screen_close(void);

/* Leaves the terminal to the shell until the program is continued (Ctrl-Z). */
void screen_suspend(void);

/* Draws with another theme from now on. The theme is copied. */
void screen_set_theme(const struct theme *theme);
/* Whether only ASCII may be drawn: asked for, or the locale has no UTF-8. */
bool screen_ascii(void);

/* Asks the system for the terminal's size, after SIGWINCH. */
void screen_resize(void);
int screen_rows(void);
int screen_columns(void);

/* A frame: clear, draw, show. With `repaint` every cell is sent again (Ctrl-L). */
void screen_begin(void);
void screen_end(bool repaint);

/* How a piece of text is drawn. */
struct style {
    enum role role;
    enum role over; /* a role whose background lies under it; ROLE_TEXT for none */
    unsigned extra; /* further attributes */
};
#define STYLE(r) ((struct style){.role = ROLE_##r, .over = ROLE_TEXT})

/* Draws text at a cell into at most `width` columns and returns the columns used. Text that does
 * not fit ends in "…". Anything outside the screen is not drawn. */
int screen_put(int row, int column, int width, struct style style, const char *text);
/* The same, right-aligned in `width` columns. */
void screen_put_right(int row, int column, int width, struct style style, const char *text);
/* Fills cells with blanks of a style. */
void screen_fill(int row, int column, int width, struct style style);
/* Lines of a border. */
void screen_hline(int row, int column, int width, struct style style);
void screen_vline(int row, int column, int height, struct style style);
/* Shows the cursor there in this frame; without a call it is hidden. */
void screen_cursor(int row, int column);

/* Rings the bell. */
void screen_bell(void);

/* Draws the first line in reverse for a moment, from the next frame on. */
void screen_flash(void);
/* How many milliseconds that still lasts: a frame is wanted then. -1: it does not. */
int screen_flash_ms(void);

#endif
