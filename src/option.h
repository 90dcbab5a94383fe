/*
 * One option: what kind of value it takes, and reading that value from a word.
 */
#ifndef ANCHORTOP_OPTION_H
#define ANCHORTOP_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* char *, not empty */
    OPTION_LIST,     /* struct option_list; may be repeated */
    OPTION_PATH,     /* char *, the path of a URL */
    OPTION_CHOICE,   /* char *, one of `choices` */
    OPTION_SIZE,     /* uint64_t, bytes */
    OPTION_DURATION, /* int64_t, milliseconds */
    OPTION_MOMENT,   /* struct option_moment */
    OPTION_RATE,     /* double, a second */
    OPTION_COUNT,    /* uint64_t, 1 or more */
    OPTION_KINDS
};

struct option {
    const char *name;     /* without the dashes; also the key in the configuration file */
    const char *argument; /* what the help calls its value; NULL for a flag */
    const char *help;
    const char *fallback;      /* the default, written as a value */
    const char *demo_fallback; /* the default with --demo, where that differs */
    const char *environment;   /* a variable that switches the flag on when it is not empty */
    const char *const *choices;
    enum option_kind kind;
    unsigned commands; /* enum command: those that take it */
    unsigned group;    /* section of the help */
    char letter;       /* short for its name, as in -h; 0: none */
    bool command_line_only;
    bool endpoint; /* has no meaning where nothing listens */
    size_t offset; /* of its field, whose type follows from the kind */
};

/* A time that was given as an age, or as one that lasts, such as a day. */
struct option_moment {
    bool given;
    int64_t first_ms, last_ms; /* Unix time */
};

enum { OPTION_LIST_MAX = 16 };

/* The values of an option that may be repeated, in the order given. */
struct option_list {
    char *values[OPTION_LIST_MAX];
    size_t count;
};

/*
 * Reads `value` into the option's field of `base`, which owns what is kept there. False with a
 * sentence that says what is wrong with the value and what would be right.
 */
bool option_take(const struct option *option, const char *value, void *base, char *reason,
                 size_t reason_size);

/* Frees what option_take() has kept. */
void option_release(const struct option *option, void *base);

/* Prints the option's entry of the help: name, argument, what it does, default. */
void option_print_help(const struct option *option, FILE *out);

#endif
