/*
 * Fields that `anchortop send TYPE PATH=VALUE` sets in an event that it makes up.
 */
#ifndef ANCHORTOP_SEND_FIELD_H
#define ANCHORTOP_SEND_FIELD_H

#include <stdbool.h>
#include <stddef.h>

enum { SEND_FIELD_KEYS = 16 };

/* Owned by the caller; release with send_field_free(). */
struct send_field {
    char *keys[SEND_FIELD_KEYS]; /* from the envelope down */
    size_t count;
    char *value; /* JSON */
};

/* Whether an operand has the form PATH=VALUE. */
bool send_field_is(const char *operand);

/*
 * Reads PATH=VALUE. Keys are separated by dots and may stand in quotes, as in data."odd key"; a
 * path that does not begin with a member of the envelope is one below data. The value is JSON when
 * it can be read as such, else text. False with a sentence that repeats the operand.
 */
bool send_field_read(struct send_field *field, const char *operand, char *reason,
                     size_t reason_size);
void send_field_free(struct send_field *field);

/*
 * Sets fields in an envelope, in their order: replaces *envelope, which is malloc()ed JSON, by
 * another. What is missing on the way is added, and text or a number in the way is replaced. False
 * with a sentence, and *envelope as it was, when a list has no such element, or memory ran out.
 */
bool send_field_set(const struct send_field *fields, size_t count, char **envelope, char *reason,
                    size_t reason_size);

#endif
