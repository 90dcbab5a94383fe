/*
 * What the files behind field.h share.
 */
#ifndef ANCHORTOP_FIELD_READ_H
#define ANCHORTOP_FIELD_READ_H

#include "field.h"

/* Where an event has a field. */
struct field_place {
    const cJSON *node; /* NULL: nowhere, or the field is computed */
    const char *path;  /* a part of field->path; not terminated */
    size_t path_length;
};

struct field_place field_place(const struct field *field, const struct event *event);

#endif
