/*
 * What `anchortop send` was told to send: event types, and envelopes read from files.
 */
#ifndef ANCHORTOP_SEND_LIST_H
#define ANCHORTOP_SEND_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"
#include "send_field.h"

/* One event: of a type, to be made up, or given as it stands in a file. */
struct send_entry {
    const struct event_type *type; /* NULL: `body` it is */
    const char *body;              /* in one of the list's files; not terminated */
    size_t length;
    char *name, *id;           /* the envelope's type and id */
    struct send_field *fields; /* to be set in the one that is made up */
    size_t field_count;
};

/* Owned by the caller; zero-initialise, and release with send_list_free(). */
struct send_list {
    struct send_entry *entries;
    size_t count;
    char **files; /* their contents */
    size_t file_count;
};

/*
 * Adds what an operand stands for: a type of the catalogue, PATH=VALUE for a field of the event
 * of the type before it, else a file ("-" is standard input)
 * with one envelope, or with one envelope a line, each as it was received or as `tail --format
 * json` prints it. False with a sentence that names the operand, the line where there is one, and
 * the remedy.
 */
bool send_list_add(struct send_list *list, const char *operand, char *reason, size_t reason_size);

void send_list_free(struct send_list *list);

#endif
