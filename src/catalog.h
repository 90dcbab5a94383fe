/*
 * The event types that Anchor documents, as one table.
 *
 * What the rest of the program knows about a type (which entity it is about, how it went, how it
 * is drawn and summed up in a line) it reads here: a new type is one new row in catalog.c.
 * Source: https://docs.anchorbrowser.io/webhooks/events. Everything here is constant and may be
 * used from any thread.
 */
#ifndef ANCHORTOP_CATALOG_H
#define ANCHORTOP_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

/* What an event is about: the part of its type before the first dot. */
enum entity_kind {
    ENTITY_TASK,
    ENTITY_SESSION,
    ENTITY_INTERVENTION,
    ENTITY_BATCH,
    ENTITY_IDENTITY,
    ENTITY_OTHER, /* a family that the catalogue does not have yet */
    ENTITY_KINDS
};

/* How the thing that the event reports went. Decides its colour, glyph and `is:` state. */
enum outcome {
    OUTCOME_NEUTRAL,
    OUTCOME_OK,
    OUTCOME_FAILED,
    OUTCOME_CANCELLED,
    OUTCOME_WAITING, /* a human has to act */
    OUTCOME_HEALED,
    OUTCOMES
};

struct entity_info {
    const char *name;   /* the family: "task" */
    const char *plural; /* "tasks" */
    const char *id_key; /* member of `data` that names the entity: "task_id" */
};

struct outcome_info {
    const char *name;        /* the word beside the glyph: "failed" */
    const char *glyph;       /* one column wide, UTF-8 */
    const char *glyph_ascii; /* one column wide, for --ascii */
};

struct event_type {
    const char *name; /* "task.failed" */
    enum entity_kind entity;
    enum outcome outcome;
    const char *meaning; /* one sentence for people */
    /* What happened, for narrow screens: the family is told by the subject's id beside it. At most
     * CATALOG_LABEL columns of ASCII. */
    const char *label;
    /*
     * How the event is summed up in one line. Parts are separated by " · "; {name} is a field of
     * src/field.h, formatted with its unit; a part whose field is absent is left out whole. A
     * duration that no part names is added at the end. When nothing is left, the envelope's `text`
     * is shown instead.
     */
    const char *summary;
};

enum { CATALOG_LABEL = 12 };

extern const struct event_type catalog[];
extern const size_t catalog_size;
extern const struct entity_info entity_infos[ENTITY_KINDS];
extern const struct outcome_info outcome_infos[OUTCOMES];

/* The row of a type, or NULL when the catalogue does not have it. */
const struct event_type *catalog_find(const char *type);

/* The label of any type. For one that the catalogue does not have, its name without a family that
 * the catalogue knows; it points into `type`. */
const char *catalog_label(const char *type);

/* The family of any type, known or not: "task.paused" is ENTITY_TASK. Never ENTITY_KINDS. */
enum entity_kind catalog_entity(const char *type);

/*
 * The outcome of any type. For one that the catalogue does not have, its last word is taken
 * ("failed", "completed", …), so that a new "export.failed" is red on the first day.
 */
enum outcome catalog_outcome(const char *type);

/*
 * Whether an event of this type tells that what it is about has come to an end, in whatever way.
 * For types that the catalogue does not have, when the one word behind the family says so:
 * "session.cancelled" does, "session.login.failed" and "session.export_failed" do not.
 */
bool catalog_is_end(const char *type);

#endif
