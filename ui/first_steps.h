/*
 * What stands on the screen before the first event: three steps that lead to it. Main thread.
 */
#ifndef ANCHORTOP_FIRST_STEPS_H
#define ANCHORTOP_FIRST_STEPS_H

#include <stddef.h>

#include "lines.h"

struct ui_config;

/* Add the steps, and why the last delivery was refused ("" when none was), in `width` columns. */
void first_steps_build(struct lines *lines, const struct ui_config *config, const char *refusal,
                       int width);

/* Write the command that starts a program: its name alone where `path` finds it, the path below
 * `home` as "~/…", and quoted when a shell would read it otherwise. Both may be NULL. */
void first_steps_command(char *text, size_t size, const char *program, const char *path,
                         const char *home);

#endif
