/*
 * The members of an entity's struct, as tables: how each is freed, copied and written.
 */
#ifndef ANCHORTOP_MEMBER_H
#define ANCHORTOP_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum member_type {
    MEMBER_COUNT,  /* uint64_t */
    MEMBER_NUMBER, /* int64_t; negative: unknown */
    MEMBER_FLAG,   /* bool */
    MEMBER_TOLD,   /* enum told */
    MEMBER_RATIO,  /* double; negative: unknown */
    MEMBER_OUTCOME,
    MEMBER_STAMP,
    MEMBER_TEXT, /* char *, owned */
    MEMBER_LATEST_TEXT,
    MEMBER_LATEST_NUMBER,
    MEMBER_LIST,
    MEMBER_REFS,
    MEMBER_STREAK,
    MEMBER_COSTS,
    MEMBER_HISTOGRAM, /* struct histogram *, owned */
    MEMBER_TYPES
};

struct member {
    const char *name;
    size_t offset;
    enum member_type type;
};

/* Frees what the members of a struct own, not the struct. */
void members_release(const struct member *members, size_t count, void *object);

/* Makes the members of `to`, which is a plain copy of `from`, own what they have. False when
 * memory ran out: those that got nothing are empty then, and members_release() is due. */
bool members_own(const struct member *members, size_t count, void *to, const void *from);

/* Writes what is known, a line each. */
void members_write(const struct member *members, size_t count, const void *object, FILE *file);

#endif
