/*
 * What the files behind filter.h share: the tree of an expression.
 *
 * filter_parse.c makes it of filter_tree.c's nodes, with filter_scan.c for words, filter_term.c for
 * comparisons and filter_value.c for what stands behind an operator; filter_match.c evaluates it,
 * with filter_compare.c for values and filter_path.c for where they stand.
 */
#ifndef ANCHORTOP_FILTER_PRIVATE_H
#define ANCHORTOP_FILTER_PRIVATE_H

#include <stdio.h>

#include "filter.h"
#include "moment.h"
#include "search.h"

enum filter_op {
    OP_BEGINS, /* the same as OP_EQUAL for what is not text */
    OP_EQUAL,
    OP_CONTAINS,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OPS
};

/* What an operator compares with. */
enum operand_kind {
    OPERAND_TEXT,
    OPERAND_NUMBER, /* in the field's base unit: ms, bytes, 0 to 1 */
    OPERAND_TIME,
};

struct operand {
    enum operand_kind kind;
    double number;
    char *digits;              /* the number itself where `number` may be another one, or NULL */
    struct moment_words words; /* of a time */
    struct moment moment;      /* what they stand for, when they are not relative */
    char currency[4];          /* of money, when one was given */
    struct search text;        /* the value as it was written */
    bool out_of_memory;
};
void filter_operand_free(struct operand *operand);

/* What can be compared with the values of a field type, and how. */
struct operand_class {
    const char *name;   /* for people, with its article: "a duration" */
    const char *remedy; /* how to write one */
    unsigned ops;       /* bits 1 << enum filter_op */
    /* Reads the words; false when they are none of these. */
    bool (*read)(const char *text, struct operand *operand);
};
extern const struct operand_class operand_classes[FIELD_TYPES];

/* Whether all of the text is a number, and which. */
bool filter_is_number(const char *text, double *number);

/* A path into the payload, behind "data": its keys from the outermost on. */
struct path_key {
    char *text;
    bool quoted; /* one key exactly; otherwise the dots in it may end keys or be a part of them */
};
struct filter_path {
    struct path_key *keys;
    size_t count;
};

/* Read a path as expressions and struct field_line have it. False when it is none, or when memory
 * ran out; there is nothing to free then. */
bool filter_path_read(struct filter_path *path, const char *text, size_t length);
void filter_path_free(struct filter_path *path);

/* Say whether a name is a path: "data", or begins with "data.". */
bool filter_is_path(const char *name);

/* How operators are spelled; "!=" is a negated OP_EQUAL. */
struct op_info {
    const char *sign;
    enum filter_op op;
    bool negated;
};
extern const struct op_info op_infos[];
extern const size_t op_info_count;

struct match;

/* What is:NAME asks. */
struct filter_state {
    const char *name, *meaning;
    enum filter_cost cost;
    unsigned changes; /* enum filter_change */
    bool (*holds)(struct match *match, const struct filter_state *state);
    enum filter_verdict (*verdict)(const struct filter_state *state,
                                   const struct filter_type *type); /* or NULL: it depends */
    enum outcome outcome;
};
extern const struct filter_state filter_states[];
extern const size_t filter_state_count;

/* A field that is known without the tree. */
struct record_field {
    const char *name;
    enum filter_cost cost;
    unsigned changes; /* enum filter_change */
    /* Returns false when only the tree can tell. */
    bool (*get)(const struct filter_subject *subject, struct value *value);
};
const struct record_field *filter_record_field(const struct field *field);

/* The field of that name in any case, or NULL. */
const struct field *filter_field(const char *name);

enum node_kind { NODE_ALL, NODE_ANY, NODE_NOT, NODE_TEXT, NODE_STATE, NODE_HAS, NODE_COMPARE };

enum { MAX_HINTS = 4 };

struct node {
    enum node_kind kind;
    enum filter_cost cost; /* the highest in it */
    unsigned rank;         /* terms of low rank are evaluated first */
    struct node *first;    /* ALL, ANY, NOT: its terms, by rank */
    struct node *next;     /* in the node that it is a term of */

    const struct filter_state *state;  /* STATE */
    const struct field *field;         /* HAS, COMPARE; NULL: `path` */
    const struct record_field *record; /* of `field`, or NULL */
    struct filter_path path;
    enum filter_op op;
    struct operand operand;   /* COMPARE; TEXT has its `text` only */
    size_t word, word_length; /* TEXT without quotes: where it stands in the expression */
    /* Phrases of which at least one is in the text of every event that the term is true for: what
     * saves making a tree of the others. */
    struct search hints[MAX_HINTS];
    size_t hint_count;
};

/* What the head of filter.h says, and who frees what, goes for this. */
struct filter {
    char *text;
    struct node *root;
    bool alternatives; /* "or" stands outside of all parentheses */
};

/* A node, or NULL when memory ran out. */
struct node *filter_node_new(enum node_kind kind, enum filter_cost cost);
/* Frees a node, what is in it, and all that follow it. */
void filter_node_free(struct node *node);
/* A node of these terms, which it owns from now on; of one term, the term itself. */
struct node *filter_node_group(enum node_kind kind, struct node *terms);
/* Completes a HAS or COMPARE that has all but its hints. False when memory ran out. */
bool filter_node_finish(struct node *node);

/* Whether a value of an event is what the operator asks for. */
bool filter_compare_value(enum filter_op op, const struct operand *operand,
                          const struct value *value);

/* The same for what stands at a path of an event's tree, in any of the arrays on the way; and
 * whether anything but null stands there. */
bool filter_compare_path(enum filter_op op, const struct operand *operand, const cJSON *root,
                         const struct filter_path *path);
bool filter_has_path(const cJSON *root, const struct filter_path *path);

/* Calls holds() for what stands there, once for each node at most, until it returns true. */
struct path_question {
    bool (*holds)(const struct path_question *question, const cJSON *node);
    enum filter_op op;
    const struct operand *operand;
    const cJSON **found;
};
bool filter_path_ask(const struct path_question *question, const cJSON *root,
                     const struct filter_path *path);

/* Say whether a word, or a list of words with asterisks at their ends, was probably meant as types,
 * and write the term for that. */
bool filter_meant_type(const char *word, size_t length, char *term, size_t size);

/* Writes a value or a key as an expression has it, in quotes where it must be. */
void filter_put_value(FILE *out, const char *value);
void filter_put_quoted(FILE *out, const char *value);
/* Writes a path of struct field_line as an expression has it. False when it is none. */
bool filter_put_path(FILE *out, const char *path);

#endif
