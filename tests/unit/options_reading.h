/*
 * Reading options with a configuration file of a test's own, and what is printed meanwhile.
 */
#ifndef ANCHORTOP_TEST_OPTIONS_READING_H
#define ANCHORTOP_TEST_OPTIONS_READING_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"

enum { MAX_ARGS = 8 };

static char directory[] = "/tmp/anchortop-options-XXXXXX";
static char config_path[96];
static char out_text[8192], err_text[4096];

static inline void setup(void)
{
    char below[64];
    cr_assert(mkdtemp(directory));
    snprintf(below, sizeof below, "%s/anchortop", directory);
    cr_assert_eq(mkdir(below, 0700), 0);
    snprintf(config_path, sizeof config_path, "%s/config", below);
    setenv("XDG_CONFIG_HOME", directory, 1);
    unsetenv("NO_COLOR");
}

static inline void teardown(void)
{
    unlink(config_path);
    *strrchr(config_path, '/') = '\0';
    rmdir(config_path);
    rmdir(directory);
}

static inline void write_config(const char *text)
{
    unlink(config_path);
    if (!text)
        return;
    FILE *file = fopen(config_path, "w");
    cr_assert(file);
    fputs(text, file);
    fclose(file);
}

/* Runs options_read() with these words after the program's name. */
static inline int read_words(struct options *options, const char *const *words)
{
    char *argv[MAX_ARGS + 2] = {"anchortop"};
    int argc = 1;
    while (argc <= MAX_ARGS && words[argc - 1]) {
        argv[argc] = (char *)words[argc - 1];
        argc++;
    }
    memset(out_text, 0, sizeof out_text);
    memset(err_text, 0, sizeof err_text);
    FILE *out = fmemopen(out_text, sizeof out_text, "w");
    FILE *err = fmemopen(err_text, sizeof err_text, "w");
    int status = options_read(options, argc, argv, out, err);
    fclose(out);
    fclose(err);
    return status;
}

#endif
