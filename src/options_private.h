/*
 * What the files behind options.h share: options_words.c reads the command line, options.c the
 * other sources.
 */
#ifndef ANCHORTOP_OPTIONS_PRIVATE_H
#define ANCHORTOP_OPTIONS_PRIVATE_H

#include "filter.h"
#include "option_table.h"
#include "options.h"

enum { OPTIONS_REASON_SIZE = FILTER_REASON_SIZE + 120, OPTIONS_PLACE_SIZE = 4200 };

enum source { SOURCE_NONE, SOURCE_COMMAND_LINE, SOURCE_ENVIRONMENT, SOURCE_FILE };

struct section;

/* One reading of all sources. */
struct reader {
    struct options *options;
    struct options scratch; /* takes values that are checked only */
    enum source source[OPTIONS];
    const struct section *section;  /* that the configuration file has come to, or NULL */
    char place[OPTIONS_PLACE_SIZE]; /* of the line of the configuration file under way */
    FILE *out, *err;
};

/* Writes "anchortop: " and the sentence; returns the exit status of wrong use. */
int options_complain(FILE *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes one value from a source: keeps it, or only checks it when a stronger source has named the
 * option already or the command does not take it. False with a reason. */
bool options_give(struct reader *reader, const struct option *option, enum source source,
                  const char *value, char *reason, size_t size);

/*
 * Says what to do about a name that is no option. Its value is never repeated: it may be a secret
 * that somebody tried to pass. `dashes` stand before the names of options.
 */
void options_explain_unknown(const char *dashes, const char *name, size_t length, char *reason,
                             size_t size);

/* Reads the command line and finds out which command is meant. Returns -1 to go on, or the exit
 * status after a sentence, or what was asked for instead. */
int options_read_command_line(struct reader *reader, int argc, char **argv);

#endif
