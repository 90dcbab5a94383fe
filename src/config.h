/*
 * The configuration file: an INI file, read line by line, with errors that name the line.
 */
#ifndef ANCHORTOP_CONFIG_H
#define ANCHORTOP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* Who takes what the file holds. Each returns false with a sentence that says what is wrong and
 * what would be right. */
struct config_taker {
    /* A line "[title]"; and the end of what stands below it. */
    bool (*begin)(void *context, const char *title, char *reason, size_t reason_size);
    bool (*end)(void *context, char *reason, size_t reason_size);
    /* A line "key = value", below the title begun last or above all of them. */
    bool (*take)(void *context, const char *key, const char *value, char *reason,
                 size_t reason_size);
    void *context;
    /* Receives where the line is that take() is called for: "FILE:LINE". May be NULL. */
    char *place;
    size_t place_size;
};

/*
 * Reads the file at `path`, or when that is NULL the one at $XDG_CONFIG_HOME/anchortop/config,
 * which need not be there. False with the first mistake: the file, the line and what to do.
 */
bool config_read(const char *path, const struct config_taker *taker, char *reason,
                 size_t reason_size);

#endif
