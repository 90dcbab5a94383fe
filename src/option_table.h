/*
 * What the command line consists of: the options, the commands, and the help that lists them.
 * Everything here is constant and may be used from any thread.
 */
#ifndef ANCHORTOP_OPTION_TABLE_H
#define ANCHORTOP_OPTION_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "option.h"
#include "options.h"

/* The commands without a screen. */
enum { PRINTING = COMMAND_TAIL | COMMAND_WAIT };

enum { OPTIONS = 30, COMMANDS = 6, COMMAND_EXAMPLES = 4 };

struct command_row {
    enum command command;
    const char *word; /* NULL for what is no word */
    const char *usage, *help;
    const char *name;                       /* in errors */
    const char *note;                       /* more for its own help, in lines; or NULL */
    const char *examples[COMMAND_EXAMPLES]; /* lines for a shell; the first is the usual one */
};

/* Each option's field is one of struct options. */
extern const struct option option_table[];
/* Without a command comes first, then --demo. */
extern const struct command_row command_table[];

/* The option of that name, `length` bytes without dashes, or NULL. */
const struct option *option_table_find(const char *name, size_t length);

/* Writes the names of some commands, given as bits, for people: "tail, wait and watch". That --demo
 * is one of them is left out: it takes what is taken without a command. */
void option_table_list(unsigned commands, char *text, size_t size);

/* Prints the help of everything, or of one command: its row, or NULL. */
void option_table_print_help(const struct command_row *command, FILE *out);

#endif
