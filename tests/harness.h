/*
 * The real program on a pseudo-terminal, for tests: what a person would see and press.
 *
 * A test starts a program, presses keys, waits for what the screen should show and looks at its
 * cells. Nothing here waits for time to pass: every wait is for a condition, and one that does not
 * come true ends the test with a picture of the screen. The terminal is read only while a function
 * of this header runs.
 *
 * A wait looks at the screen after every few bytes. So it misses nothing, however briefly it is
 * shown; and when it ends, the rest of the frame has not been read, on a quick machine as on a slow
 * one. What stands further down is to be waited for as well.
 *
 * Give programs_stop() as `.fini` of the suite: it ends and removes whatever a test has left. All
 * of it is for the test's own thread. Failures are Criterion's.
 */
#ifndef ANCHORTOP_HARNESS_H
#define ANCHORTOP_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How to start a program. Zero or NULL members take the default that stands beside them. */
struct program_setup {
    const char *path;               /* of the program; $ANCHORTOP */
    const char *const *arguments;   /* after the program's name, ended by NULL; none */
    const char *const *environment; /* more "NAME=value", ended by NULL; a bare "NAME" unsets */
    const char *secret;             /* ANCHOR_WEBHOOK_SECRET; not set */
    const char *file, *content;     /* a file of its home that is there before it starts; none */
    const char *term;               /* TERM; xterm-256color */
    int rows, columns;              /* 24 and 80 */
    bool no_terminal;               /* standard output is a pipe, standard input /dev/null */
    bool keep_stderr;               /* standard error goes to program_stderr(), not the terminal */
};

struct program;

/*
 * Starts a program in an empty home of its own (also the XDG directories, the working directory
 * and TMPDIR), with an otherwise clean environment: PATH, LANG=C.UTF-8, TZ=UTC and sanitizer
 * options.
 */
struct program *program_start(const struct program_setup *setup);

/* Kills what still runs and removes its home. The program cannot be used afterwards. */
void program_stop(struct program *program);
/* The same for every program that this process has started; for `.fini`. */
void programs_stop(void);

/* Its home directory, for files that a test hands over or looks at; and its process. */
const char *program_home(const struct program *program);
pid_t program_pid(const struct program *program);

/* Writes an executable file into the home, which is also the program's working directory. Returns
 * its full path, good until the next call. */
const char *program_write_file(struct program *program, const char *name, const char *content);

/*
 * Presses keys: characters stand for themselves, names in brackets for keys: "j<Enter>",
 * "<Esc> <Tab> <BackTab> <Space> <Backspace> <Up> <Down> <Left> <Right> <Home> <End> <PageUp>
 * <PageDown> <Insert> <Delete> <F1> … <F12>", "<C-z>" for Ctrl-Z, "<lt>" for "<". A "<" that does
 * not begin a name is itself. After <Esc>, wait for its effect before pressing another key: the
 * two together are Alt and that key.
 */
void program_keys(struct program *program, const char *keys);
/* Types bytes as they are. */
void program_type(struct program *program, const char *bytes, size_t length);

/* Waits until the program has read all that was typed: what is typed then comes in another read. */
#define program_wait_taken(program) program_wait_taken_at(program, __FILE__, __LINE__)
void program_wait_taken_at(struct program *program, const char *file, int line);

void program_resize(struct program *program, int rows, int columns);

/* Stops the terminal's output as Ctrl-S does: from now on the program's writes block. And lets it
 * go on. */
void program_hold_output(struct program *program);
void program_release_output(struct program *program);
/* Takes the terminal away, as a closed window or a lost connection does. */
void program_hang_up(struct program *program);

void program_signal(struct program *program, int number);

/* Waits until ready() is true of the screen. `what` says what is waited for. */
#define program_wait(program, what, ready, context)                                                \
    program_wait_at(program, what, ready, context, __FILE__, __LINE__)
/* Waits until a text stands anywhere, nowhere, or in one row. */
#define program_wait_text(program, text) program_wait_text_at(program, text, __FILE__, __LINE__)
#define program_wait_gone(program, text) program_wait_gone_at(program, text, __FILE__, __LINE__)
#define program_wait_row(program, row, text)                                                       \
    program_wait_row_at(program, row, text, __FILE__, __LINE__)
/* Waits for the end; the exit status, or 128 + the signal's number as a shell says it. */
#define program_wait_exit(program) program_wait_exit_at(program, __FILE__, __LINE__)
/* Return the port that the endpoint listens on, once it does and the screen has been drawn. */
#define program_port(program) program_port_at(program, __FILE__, __LINE__)

typedef bool program_ready(struct program *program, void *context);
void program_wait_at(struct program *program, const char *what, program_ready *ready, void *context,
                     const char *file, int line);
void program_wait_text_at(struct program *program, const char *text, const char *file, int line);
void program_wait_gone_at(struct program *program, const char *text, const char *file, int line);
void program_wait_row_at(struct program *program, int row, const char *text, const char *file,
                         int line);
int program_wait_exit_at(struct program *program, const char *file, int line);
int program_port_at(struct program *program, const char *file, int line);

/* Reads all that the program has written so far, without waiting. */
void program_pump(struct program *program);

/* Whether the program still runs. */
bool program_running(struct program *program);

/* How many rows the terminal has. */
int program_rows(const struct program *program);
/* One row of the screen as UTF-8 without trailing spaces; good until that row is asked again. */
const char *program_row(struct program *program, int row);
/* Where a text stands first, from the top left; false when nowhere. row and column may be NULL. */
bool program_find(struct program *program, const char *text, int *row, int *column);
/* The number of the first row that holds a text, or -1. */
int program_find_row(struct program *program, const char *text);
/* The whole screen with row numbers, for messages; good until the next call. */
const char *program_dump(struct program *program);

/* Colours: COLOUR_DEFAULT, an index of the palette (0 to 255), or COLOUR_RGB(…). */
enum { COLOUR_DEFAULT = -1 };
#define COLOUR_RGB(red, green, blue) (1 << 24 | (red) << 16 | (green) << 8 | (blue))

struct program_cell {
    char text[32]; /* UTF-8 with combining marks; empty when nothing was written there */
    int width;     /* 1 or 2 columns; 0 for the right half of a wide character */
    int foreground, background;
    bool bold, italic, underline, reverse, blink;
};

struct program_cell program_cell(struct program *program, int row, int column);

bool program_cursor_visible(const struct program *program);
/* Where the cursor is. */
void program_cursor(const struct program *program, int *row, int *column);
/* Whether the program has switched to the alternate screen, and not back. */
bool program_full_screen(const struct program *program);
const char *program_title(const struct program *program); /* last one set, or "" */
unsigned program_bells(const struct program *program);

/* What the operating system commands of one number carried (52: "c;BASE64", 9 and 777:
 * notifications): how many came, and the last one's text or "". Numbers below 1024. */
unsigned program_osc_count(const struct program *program, int number);
const char *program_osc(const struct program *program, int number);

/* Every byte written to the terminal (or the pipe) since the start; terminated. */
const char *program_output(const struct program *program, size_t *length);
/* With keep_stderr: what was written there so far; good until the next call. */
const char *program_stderr(struct program *program);

#endif
