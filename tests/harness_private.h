/*
 * What the two halves of the harness share: harness.c runs the process, harness_screen.c keeps
 * the screen that it draws.
 */
#ifndef ANCHORTOP_HARNESS_PRIVATE_H
#define ANCHORTOP_HARNESS_PRIVATE_H

#include <limits.h>
#include <vterm.h>

#include "harness.h"

enum { OSC_NUMBERS = 1024 };

/* The operating system commands in the stream. libvterm 0.1 hands on only those it knows. */
struct osc_scanner {
    enum { OSC_OUTSIDE, OSC_ESCAPE, OSC_INSIDE, OSC_INSIDE_ESCAPE } state;
    char *text;
    size_t length, capacity;
    unsigned count[OSC_NUMBERS];
    char *last[OSC_NUMBERS];
};

struct screen {
    VTerm *vterm;
    VTermScreen *cells;
    int rows, columns;
    char **row_text; /* what program_row() has handed out, by row */
    bool *row_stale; /* whether it has changed since */
    char part[4];    /* the beginning of a character whose other bytes are still to come */
    size_t part_length;
    char *dump;
    unsigned bells;
    bool cursor_visible;
    bool full_screen;
    struct osc_scanner osc;
};

struct program {
    struct program *next; /* of all that this process has started */
    pid_t pid;
    int terminal; /* the master, or the pipe's end; -1 once it has ended */
    int status;   /* of waitpid(), once ended is set */
    bool ended;
    bool is_terminal;
    char home[PATH_MAX];
    char file[PATH_MAX + 256]; /* program_write_file()'s answer */
    char *output;
    size_t length, capacity;
    char *stderr_text;
    struct screen screen;
};

void screen_open(struct screen *screen, int rows, int columns);
void screen_close(struct screen *screen);
void screen_feed(struct screen *screen, const char *bytes, size_t length);
void screen_resize(struct screen *screen, int rows, int columns);
/* What the emulated terminal answers to queries goes to this descriptor. */
void screen_answer_to(struct screen *screen, const int *descriptor);

/* Memory that a test cannot do without. */
void *harness_alloc(void *old, size_t size);

#endif
