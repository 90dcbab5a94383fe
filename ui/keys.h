/*
 * Names of keys, for the help, the footer and the manual page.
 */
#ifndef ANCHORTOP_KEYS_H
#define ANCHORTOP_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum { KEY_NAME_SIZE = 16 };

/* What Ctrl and a letter send. */
#define KEY_CTRL(letter) ((letter)&31)

/* Writes the name of a key as people call it: "q", "Enter", "PgUp", "Ctrl-L", "↑" (with `ascii`
 * "Up"). Returns `name`. */
const char *key_name(int key, bool ascii, char name[KEY_NAME_SIZE]);

#endif
