/*
 * Options: command line, environment, configuration file and help text, from one table.
 */
#ifndef ANCHORTOP_OPTIONS_H
#define ANCHORTOP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "alert_rule.h"
#include "named_filters.h"
#include "option.h"

/* What the program was asked to do, as bits: an option names those that take it. */
enum command {
    COMMAND_TOP = 1 << 0,  /* no command word: receive and show */
    COMMAND_DEMO = 1 << 1, /* --demo: the same, fed by the simulated fleet */
    COMMAND_SEND = 1 << 2,
    COMMAND_TAIL = 1 << 3,
    COMMAND_WAIT = 1 << 4,
    COMMAND_WATCH = 1 << 5, /* has one operand, the recording; or none: the journal */
};

/* Every setting after all sources were read. Strings are owned by it; those that have no default
 * are NULL when not given. What the command does not take is left at its default. */
struct options {
    enum command command;
    bool help, version, demo;
    char *config;
    char *listen, *path;
    struct option_list secret_files;
    bool insecure;
    char *tls_cert, *tls_key; /* both or neither */
    char *history;            /* NULL: the default place */
    bool no_history;
    int64_t keep;    /* milliseconds */
    uint64_t memory; /* bytes */
    char *view, *theme;
    char *theme_place; /* "FILE:LINE: theme", where the configuration file names it; else NULL */
    int64_t warn_after_ms, alarm_after_ms; /* the second is not less than the first */
    char *filter; /* an expression of filter.h; of tail and wait, their operands */
    bool no_color, ascii;
    struct alert_rules alerts;         /* from the configuration file only */
    struct named_filters filters;      /* the same */
    char *format;                      /* "text" or "json" */
    int64_t timeout_ms;                /* 0: not given */
    struct option_moment since, until; /* of tail and watch, and only with a journal */
    bool no_follow;                    /* likewise; --until implies it */
    const char *endpoint_option; /* an option of the command line that asks for an endpoint; NULL */
    char *url;
    double rate;    /* events a second; 0: as fast as answers come */
    uint64_t count; /* 0: not given */
    bool simulate;
    char **operands; /* what is left of the command line, in `words` */
    size_t operand_count;
    char **words; /* owned, but not the words in it */
};

enum { EXIT_USAGE = 2 };

/*
 * Reads the command line, then the environment, then the configuration file; the first that names
 * an option wins. Returns -1 to go on, or the exit status after a sentence on `err` that names the
 * option and the remedy (or after --help or --version on `out`). Call options_free() either way.
 */
int options_read(struct options *options, int argc, char **argv, FILE *out, FILE *err);
void options_free(struct options *options);

#endif
