/*
 * Options: command line, environment, configuration file and help text, from one table.
 */
#ifndef ANCHORTOP_OPTIONS_H
#define ANCHORTOP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The commands, as bits: which options each of them takes. */
enum command {
    COMMAND_TOP = 1 << 0, /* no command word: receive and show */
    COMMAND_SEND = 1 << 1,
};

enum { OPTIONS_MAX_SECRET_FILES = 16 };

/* Every setting after all sources were read. Strings are owned by it. */
struct options {
    enum command command;
    bool help, version, demo;
    char *config;
    char *listen, *path;
    char *secret_files[OPTIONS_MAX_SECRET_FILES];
    size_t secret_file_count;
    bool insecure;
    char *tls_cert, *tls_key;
    uint64_t memory; /* bytes */
    char *view, *filter, *theme;
    bool no_color, ascii, mouse;
    char *url;
    double rate;    /* events a second; 0: as fast as answers come */
    uint64_t count; /* 0: not given */
    bool simulate;
    char **operands; /* what is left of the command line; not owned */
    int operand_count;
};

enum { EXIT_USAGE = 2 };

/*
 * Reads the command line, then the environment, then the configuration file; the first that names
 * an option wins. Returns -1 to go on, or the exit status after a sentence on `err` that names the
 * option and the remedy (or after --help or --version on `out`).
 */
int options_read(struct options *options, int argc, char **argv, FILE *out, FILE *err);
void options_free(struct options *options);

#endif
