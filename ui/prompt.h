/*
 * The prompt in the last line: an expression that filters while it is typed, or a text to find in
 * the details or in the help. Main thread.
 */
#ifndef ANCHORTOP_PROMPT_H
#define ANCHORTOP_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "../src/filter.h"
#include "offers.h"
#include "remembered.h"

struct ui;

enum prompt_mode { PROMPT_CLOSED, PROMPT_FILTER, PROMPT_FIND, PROMPT_HELP, PROMPT_MODES };

enum { PROMPT_SIZE = FILTER_MAX_TEXT + 1 };

struct prompt {
    enum prompt_mode mode;
    char text[PROMPT_SIZE];                        /* UTF-8 */
    size_t length, cursor;                         /* bytes */
    char before[PROMPT_SIZE];                      /* what held when it was opened, for Esc */
    struct remembered_lines history[PROMPT_MODES]; /* what was entered before */
    size_t recalled;         /* steps back in the history; 0: the line that is being typed */
    char typed[PROMPT_SIZE]; /* that line, while others are recalled */
    bool wrong;
    struct filter_error error;      /* when wrong */
    char doubt[FILTER_REASON_SIZE]; /* what may not be what was meant; "" for nothing */
    struct offers offers;           /* what Tab offers */
};

/* Editing, as in a shell: arguments of do_edit(). */
enum prompt_edit {
    EDIT_LEFT,
    EDIT_RIGHT,
    EDIT_START,
    EDIT_END,
    EDIT_BACKSPACE,
    EDIT_DELETE,
    EDIT_ERASE_WORD,
    EDIT_ERASE_START,
    EDIT_ERASE_END,
    EDIT_OLDER,
    EDIT_NEWER,
    EDIT_COMPLETE,
    EDIT_COMPLETE_BACK,
};

void prompt_free(struct prompt *prompt);

/* Opens the prompt with what holds now. */
void prompt_open(struct ui *ui, enum prompt_mode mode, const char *text);
/* Closes it, keeping what was typed, or with what held before. */
void prompt_accept(struct ui *ui);
void prompt_cancel(struct ui *ui);

/* Inserts a character; edits. Both put the result into force at once. */
void prompt_insert(struct ui *ui, int code_point);
void prompt_edit(struct ui *ui, enum prompt_edit edit);
/* Inserts a pasted text as one line: its line ends and tabs are blanks, controls are left out, and
 * so is what no longer fits. */
void prompt_paste(struct ui *ui, const char *text, size_t length);

/* Replaces a part of the text, with the cursor behind it afterwards. */
void prompt_replace(struct ui *ui, size_t from, size_t to, const char *text, size_t length);

void prompt_draw(struct ui *ui, int row);

/* The room for what Tab offers. */
int prompt_offers_width(void);
int prompt_offers_height(void);

#endif
