/*
 * Filter expressions: which events are wanted.
 *
 * One grammar, read by the screen's prompt and by every command and option that takes a filter:
 *
 *     expression = term { ["and"] term } { "or" term { ["and"] term } }
 *     term       = "not" term | "-" term | "(" expression ")" | text | comparison
 *     text       = word | quoted                      anywhere in the event's JSON text
 *     comparison = field operator value { "," value } any of the values; one for < <= > >=
 *     field      = name of src/field.h | "data" { "." key } | "is" | "has"
 *     operator   = ":" begins with | "=" | "!=" | "~" contains | "<" | "<=" | ">" | ">="
 *     value      = word | quoted | time
 *     time       = see src/moment.h; with a blank between day and clock, without quotes too
 *     key        = letters, digits, "_", "-" | quoted
 *     quoted     = a JSON string
 *
 * "not" binds closer than "and", "and" closer than "or". Upper and lower case are alike, but in the
 * keys of a path. An empty expression wants every event. The README has all of the language.
 *
 * Words that are relative to a day, such as "yesterday", mean the day on which an event is matched.
 *
 * The JSON text that words are looked for in is the event as it was received, with its escapes
 * replaced by what they stand for: "caf\u00e9" is found by café.
 *
 * A comparison with a field that the event does not have is false; `a!=b` is `not a=b`, and true
 * then. A value that is an array or object matches when anything in it does.
 */
#ifndef ANCHORTOP_FILTER_H
#define ANCHORTOP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field.h"
#include "moment.h"
#include "ring.h"

enum {
    FILTER_MAX_TEXT = 4096,   /* bytes of an expression */
    FILTER_MAX_DEPTH = 64,    /* parentheses and negations within each other */
    FILTER_REASON_SIZE = 320, /* for a whole sentence about what is wrong */
    FILTER_GLANCE_BYTES = 16 << 10,
};

/* What is wrong with an expression, where, and what to do about it. */
struct filter_error {
    size_t offset, length; /* bytes of the expression; the length may be 0 */
    char message[256];     /* may repeat a part of the expression, so it is foreign */
};

/* A parsed expression: constant, so that any thread may use it. */
struct filter;

/* Parses a terminated expression. NULL with *error filled when it is wrong or memory ran out. The
 * filter is the caller's, who gives it to filter_free(). */
struct filter *filter_parse(const char *text, struct filter_error *error);
void filter_free(struct filter *filter);

/* The expression as it was given; lives as long as the filter. */
const char *filter_text(const struct filter *filter);

/* What is wrong with an expression as one sentence, its place in characters. Foreign text. */
void filter_explain(const struct filter_error *error, const char *text, char *sentence,
                    size_t size);

/*
 * filter_parse() for an expression that nobody watches at work while it is written. NULL with a
 * sentence also when a word in it, which is looked for anywhere in the text, looks like a type or a
 * pattern of types (task.failed, session.*): it was probably meant as one.
 */
struct filter *filter_read(const char *text, char *reason, size_t reason_size);

/*
 * Whether an expression that is right asks for a type that is none of the catalogue's, but is near
 * one: then a sentence says so. It may have been meant, because Anchor may have new types. The
 * sentence may repeat a part of the expression, so it is foreign.
 */
bool filter_doubts_type(const struct filter *filter, char *sentence, size_t size);

/* What an event may have to be asked for, each several times dearer than the one before: for
 * choosing how many events to look at in one slice. */
enum filter_cost {
    FILTER_COST_NONE,   /* every event is wanted */
    FILTER_COST_TYPE,   /* its type's row */
    FILTER_COST_RECORD, /* what the ring keeps beside it */
    FILTER_COST_TEXT,   /* its text */
    FILTER_COST_JSON,   /* its tree; terms that can be ruled out by the text are, first */
};
enum filter_cost filter_cost(const struct filter *filter);

/* What can change the answer about an event that is remembered: bits of filter_changes(), for those
 * who keep the answers. */
enum filter_change {
    FILTER_CHANGES_IN_TIME = 1 << 0,   /* it asks for the age */
    FILTER_CHANGES_BY_EVENTS = 1 << 1, /* it asks for what later deliveries bring about */
    FILTER_CHANGES_BY_DAY = 1 << 2,    /* it asks for what was today, or yesterday */
};
unsigned filter_changes(const struct filter *filter);

/* What is known of all events of a type. */
struct filter_type {
    const char *name; /* NULL for many types under one number: nothing follows from it then */
    enum entity_kind entity;
    enum outcome outcome;
};

enum filter_verdict { FILTER_DEPENDS, FILTER_NEVER, FILTER_ALWAYS };

/* Whether events of a type are wanted, as far as the type alone can tell. */
enum filter_verdict filter_verdict(const struct filter *filter, const struct filter_type *type);

/* An event to be matched. Everything is borrowed for the call. */
struct filter_subject {
    const char *raw; /* record->length bytes that were accepted; need not be terminated */
    const struct ring_record *record;
    const char *type;          /* its name, or NULL to read it from the JSON */
    const struct event *event; /* `raw` decoded, or NULL to do that when it is needed */
    bool own_type;             /* the type is anchortop's, and not one that Anchor sent */
    int64_t now_ms;
    /* Whether a request of a session, or of none (NULL), still waits for a human; NULL: all do. */
    bool (*waiting)(const void *context, const char *session_id, const char *request_id);
    const void *context;
};

/* Memory that is used again from match to match. Zero-initialise; one for each thread. */
enum { FILTER_PLACED = 4 };
struct filter_scratch {
    char *text;
    size_t capacity;
    struct filter_placed { /* what "yesterday" and the like stand for */
        struct moment_words words;
        struct moment moment;
        int64_t from_ms, until_ms; /* on the day from and until then */
    } placed[FILTER_PLACED];
    size_t next_placed;
};
void filter_scratch_free(struct filter_scratch *scratch);

/* What can be told of an event without decoding it, and within some ten microseconds:
 * FILTER_DEPENDS when its tree is needed, or it is longer than FILTER_GLANCE_BYTES. */
enum filter_verdict filter_glance(const struct filter *filter, const struct filter_subject *subject,
                                  struct filter_scratch *scratch);

/* Whether the event is wanted. When memory runs out, terms that need it are false. */
bool filter_match(const struct filter *filter, const struct filter_subject *subject,
                  struct filter_scratch *scratch);

/* One thing that could stand at the cursor. Both are the list's. */
struct filter_candidate {
    char *text;  /* to be inserted, quoted where it must be; foreign when it was seen in events */
    char *title; /* for people; "" for none */
};

/* What Tab offers. Owned by the caller; filter_completion_free() releases it. */
struct filter_completion {
    size_t start, length; /* bytes of the expression that a candidate replaces */
    struct filter_candidate *candidates;
    size_t count;
    const char
        *hint; /* how to write a value that is not listed, "write a number with …"; or NULL */
};

/* Where values that events had come from: calls `add` for some of those of a field, the most
 * useful first. `field` is a name of the table, or a path as it is
 * written. */
struct filter_values {
    void (*each)(const void *context, const char *field, void (*add)(void *list, const char *value),
                 void *list);
    const void *context;
};

/* Finds what could stand at the cursor, a byte offset of a terminated expression. `values` may be
 * NULL. False when memory ran out; *completion is empty then. */
bool filter_complete(struct filter_completion *completion, const char *text, size_t cursor,
                     const struct filter_values *values);
void filter_completion_free(struct filter_completion *completion);

/*
 * "Filter by this": the term that wants only (or, with `exclude`, no) events that have what this
 * one has in a line of field_each(), whose field and path are given. A field may be asked for
 * without a path (""), a path without a field (NULL). malloc()ed, the caller's. NULL when there is
 * nothing to filter by, such as an object, or memory ran out.
 */
char *filter_term(const struct field_source *source, const struct field *field, const char *path,
                  bool exclude);

/*
 * What stays in force while an expression is typed and not right yet: `good`, the last one that was
 * right. But where `text` goes on with its last word, as "cost>" does with "cost", that was the
 * beginning of a term and no word to look for: then it is what stands before that, as far as it is
 * right. malloc()ed, the caller's; NULL when memory ran out.
 */
char *filter_in_force(const char *text, const char *good);

/* Return the first node at a path as expressions and struct field_line have it, or NULL. */
const cJSON *filter_find(const cJSON *root, const char *path);

/* An expression and one more term, both of which must hold. `text` may be empty or wrong: then it
 * is the term alone. malloc()ed, the caller's; NULL when it would be too long or memory ran out. */
char *filter_combine(const char *text, const char *term);

#endif
