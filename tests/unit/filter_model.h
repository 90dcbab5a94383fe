/*
 * A second reading of the filter language, for comparison: written from the section "Filters" of
 * the README and from nothing else. It is slow and simple, shares no code with the program, and
 * knows no shortcuts: it reads the whole of an expression and of an event each time.
 *
 * All memory comes from one arena, which model_forget() empties. One thread.
 */
#ifndef ANCHORTOP_TESTS_FILTER_MODEL_H
#define ANCHORTOP_TESTS_FILTER_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory; a copy of a text; the amount in use, and going back to such an amount. */
void *model_alloc(size_t size);
char *model_copy(const char *text, size_t length);
size_t model_mark(void);
void model_forget(size_t mark);

/* JSON. */
enum node_kind {
    NODE_NULL,
    NODE_FALSE,
    NODE_TRUE,
    NODE_NUMBER,
    NODE_TEXT,
    NODE_ARRAY,
    NODE_OBJECT
};
struct node {
    enum node_kind kind;
    const char *key;  /* of a member */
    const char *text; /* what a text stands for, or a number as it was received */
    const struct node *child, *next;
};

/* Return the tree of a terminated text that is JSON. */
const struct node *model_json(const char *text);
/* Read a quoted text at *at and step behind it; NULL when it is none. */
const char *model_quoted(const char **at);
/* Replace the escapes of a JSON text. */
const char *model_unescaped(const char *text);

bool model_is_utf8(const char *text);
const char *model_folded(const char *text);

/* Numbers: 0.DIGITS times 10 to the power of the exponent, the first digit not 0. */
struct decimal {
    bool negative;
    const char *digits;
    size_t count; /* 0: the number is 0 */
    long long exponent;
};
/* Return how many bytes at the beginning are a number: [-] digits [. digits] [e digits]. */
size_t model_number_length(const char *text, bool sign, bool exponent);
struct decimal model_decimal(const char *text, size_t length);
int model_compare(const struct decimal *a, const struct decimal *b);

/* Times: which milliseconds they are, at the most two stretches of them. */
struct stretch {
    int64_t from, until; /* without the last */
};
struct span {
    struct stretch parts[4];
    size_t count;
    int64_t first, end; /* of all; without parts both are where the clock jumps */
};
struct when {
    bool relative;                     /* to the day of today */
    bool placed;                       /* has an offset */
    int64_t day, from, length, offset; /* days, then milliseconds */
};
bool model_when(const char *text, struct when *when);
bool model_is_day(const char *text);
struct span model_span(const struct when *when, int64_t now_ms);
struct span model_instant(int64_t ms);

enum operator{
    OP_BEGINS,
    OP_EQUAL,
    OP_NOT,
    OP_CONTAINS,
    OP_LESS,
    OP_AT_MOST,
    OP_MORE,
    OP_AT_LEAST
};
bool model_span_compares(const struct span *span, enum operator op, const struct span *asked);

/* What a value of an expression is. */
enum form { FORM_TEXT, FORM_NUMBER, FORM_TIME, FORM_FLAG };
struct asked {
    const char *text; /* folded */
    enum form form;   /* what it is beside a text */
    struct decimal number;
    const char *currency; /* folded, or NULL */
    struct when when;
    bool yes;
};
bool model_duration(const char *text, struct decimal *number);
bool model_size(const char *text, struct decimal *number);
bool model_share(const char *text, struct decimal *number);
bool model_money(const char *text, struct asked *asked);
bool model_flag(const char *text, bool *yes);
/* Whatever form the text has, as at a path. */
void model_any_form(const char *text, struct asked *asked);

/* Fields. */
enum kind {
    KIND_TEXT,
    KIND_NUMBER,
    KIND_DURATION,
    KIND_SIZE,
    KIND_MONEY,
    KIND_SHARE,
    KIND_FLAG,
    KIND_TIME,
    KIND_LIST,
    KIND_FILES,
    KIND_VALUE,
};
struct model_field {
    const char *name;
    enum kind kind;
    const char *places; /* separated by "|", or NULL */
};
extern const struct model_field model_fields[];
extern const size_t model_field_count;

/* Expressions. */
enum term_kind {
    TERM_ALL,
    TERM_AND,
    TERM_OR,
    TERM_NOT,
    TERM_TEXT,
    TERM_FIELD,
    TERM_PATH,
    TERM_IS,
    TERM_HAS
};
struct key {
    const char *name;
    bool quoted;
    const struct key *next;
};
struct model_term {
    enum term_kind kind;
    const struct model_term *left, *right;
    const char *text; /* folded */
    const struct model_field *field;
    const struct key *keys;
    enum operator op;
    const struct asked *values; /* of a field or a path; states by their names */
    size_t value_count;
};

/* NULL when it is no expression of the language. */
const struct model_term *model_parse(const char *expression);

struct model_event {
    const char *raw;
    int64_t received_ms, now_ms;
    uint32_t duplicates;
    bool verified;
    bool waiting; /* nobody has answered, if it is a request */
};
/* What an event has in a field. */
struct found {
    const char *text;
    struct decimal number;
    const char *currency;
    bool yes;
    int64_t ms;
    const struct node *node;
};

/* Whether the event has the field, and what. */
bool model_find(const struct model_field *field, const struct model_event *event,
                const struct node *root, struct found *found);
/* The first member with a key, and what stands at the first of some places: NULL when there is
 * none; the text of a node that is one, and not empty; how an event of a type went. */
const struct node *model_member(const struct node *object, const char *key);
const struct node *model_place(const struct node *root, const char *places);
const char *model_text(const struct node *node);
const char *model_outcome(const char *type);
const char *model_known_outcome(const char *type); /* NULL: the catalogue does not have it */

bool model_match(const struct model_term *term, const struct model_event *event);

#endif
