/*
 * What the screen remembers from one run to the next: the theme that was chosen, and what was
 * entered into the prompts. It stands in one small file, $XDG_STATE_HOME/anchortop/screen, that
 * only its owner can read. Main thread.
 *
 * The file is written anew under a lock and put in place as a whole, with what other programs have
 * added meanwhile. A file that is not ours, or is a symbolic link, is left alone.
 */
#ifndef ANCHORTOP_REMEMBERED_H
#define ANCHORTOP_REMEMBERED_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/filter.h"
#include "theme.h"

enum { REMEMBERED_PATH = 4096, REMEMBERED_LINES = 50, REMEMBERED_LINE = FILTER_MAX_TEXT + 1 };

/* What was entered, by the prompt that it was entered into. */
enum remembered_kind { REMEMBERED_FILTER, REMEMBERED_FIND, REMEMBERED_KINDS };

/* Lines, newest last. Owned by the caller: zero-initialise, remembered_lines_free() at the end. */
struct remembered_lines {
    char *lines[REMEMBERED_LINES];
    size_t count;
};

/* Adds a line at the end; an empty one, and the same as the last one, is not added. The oldest
 * makes room. When memory runs out nothing is added. */
void remembered_lines_add(struct remembered_lines *lines, const char *line);
void remembered_lines_free(struct remembered_lines *lines);

struct remembered {
    char path[REMEMBERED_PATH];  /* "": nothing is kept */
    char theme[THEME_NAME_SIZE]; /* "": none was chosen */
};

/* "$XDG_STATE_HOME/anchortop/screen", else below ~/.local/state. False when there is neither. */
bool remembered_default_path(char *path, size_t size);

/*
 * Reads the file at `path`, which need not be there; "" keeps nothing. False with a sentence when
 * it cannot be used: nothing is read then, and nothing will be written.
 */
bool remembered_open(struct remembered *remembered, const char *path,
                     struct remembered_lines lines[REMEMBERED_KINDS], char *reason,
                     size_t reason_size);

/* Keep a line, a theme. False with a sentence when it cannot be written; true also when nothing is
 * kept. */
bool remembered_keep_line(struct remembered *remembered, enum remembered_kind kind,
                          const char *line, char *reason, size_t reason_size);
bool remembered_keep_theme(struct remembered *remembered, const char *theme, char *reason,
                           size_t reason_size);

#endif
