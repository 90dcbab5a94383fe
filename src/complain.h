/*
 * Sentences for the person at the terminal: on standard error, behind the program's name.
 */
#ifndef ANCHORTOP_COMPLAIN_H
#define ANCHORTOP_COMPLAIN_H

#include <stdio.h>

/*
 * Writes "anchortop: ", the sentence and a newline. What the sentence repeats may be foreign, such
 * as an argument, the name of a file or a line of the configuration: control characters are shown
 * as marks. Any thread.
 */
void complain_to(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same on standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
