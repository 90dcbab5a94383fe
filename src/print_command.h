/*
 * What `tail` and `wait` make of their options. Main thread.
 */
#ifndef ANCHORTOP_PRINT_COMMAND_H
#define ANCHORTOP_PRINT_COMMAND_H

#include <stdint.h>

#include "options.h"
#include "printer.h"

/* Return how to print, wherever the events come from. Borrows both. */
struct printer_config print_config(const struct options *options, const struct filter *filter);

/* Return where --since begins in the journal, as Unix time: at the very beginning without it. */
int64_t print_since(const struct options *options);

/* Print what a journal has that this program does not keep. Returns the exit status, after a
 * sentence on standard error where there is one to say. */
int print_journal(const struct options *options, const struct filter *filter, const char *path);

#endif
