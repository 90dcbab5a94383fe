/*
 * A JSON text made short: what there is to see of it at first.
 *
 * An event may have 4 MiB, of which a row of a list shows a line and the details some screenfuls.
 * To decode all of it takes a tenth of a second or more, so that for showing it is made short
 * first, at the speed of a scan. Long strings are cut and end in "…"; of long arrays and objects
 * the first members remain, and one says how many more there are.
 */
#ifndef ANCHORTOP_JSON_ABRIDGE_H
#define ANCHORTOP_JSON_ABRIDGE_H

#include <cjson/cJSON.h>
#include <stddef.h>

enum {
    ABRIDGE_STRING = 4096,  /* bytes that remain of a string */
    ABRIDGE_MEMBERS = 100,  /* that remain of an array or object */
    ABRIDGE_TOP = 500,      /* and of the outermost object and those in it */
    ABRIDGE_VALUE = 16384,  /* bytes, more or less, that remain of a member of those */
    ABRIDGE_TOTAL = 262144, /* and of everything */
};

/* Abridges `length` bytes of JSON. The members of the outermost object whose keys are those of an
 * event's envelope remain in any case. malloc()ed, the caller's; NULL when memory ran out. What is
 * no JSON is cut off where that shows; any bytes are safe. */
char *json_abridge(const char *text, size_t length, size_t *abridged);

/* Notes in the tree of an abridged text how many members each array and object lacks: as its
 * `valuedouble`. */
void json_abridged_count(cJSON *json);
/* How many members an array or object of any tree has, those that it lacks included. */
size_t json_members(const cJSON *json);

#endif
