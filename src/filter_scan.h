/*
 * What the files that parse filters share: the text, the place in it, and what is wrong with it.
 *
 * filter_scan.c takes words, quotes and operators from the text; filter_term.c makes comparisons
 * of them, and filter_parse.c the rest of the grammar. The first thing that is wrong is noted in
 * the parser, and every function that returns a node returns NULL from then on.
 */
#ifndef ANCHORTOP_FILTER_SCAN_H
#define ANCHORTOP_FILTER_SCAN_H

#include "filter_private.h"

/* A part of the expression. */
struct span {
    size_t offset, length;
};

struct parser {
    const char *text;
    size_t at;
    unsigned depth;
    struct span before; /* what wants a term or value behind it: "or", "-", "cost>", … */
    char name[FILTER_MAX_TEXT + 1], value[FILTER_MAX_TEXT + 1]; /* the last ones, without quotes */
    bool alternatives; /* "or" stood outside of all parentheses */
    bool failed;
    struct filter_error *error;
};

/* Notes what is wrong. Returns NULL, for the caller to return. */
struct node *scan_fail(struct parser *parser, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct node *scan_fail_memory(struct parser *parser);

/* How much of a text a message repeats, in whole characters: for "%.*s". */
int scan_shown(const char *text, size_t length);

/* Whether no word goes on with this. */
bool scan_is_end(char c);
bool scan_is_blank(char c);

/* The next byte; at the end, the terminator. */
char scan_peek(const struct parser *parser);
void scan_skip_blanks(struct parser *parser);

/* Goes past `length` bytes that want something behind them. */
void scan_take(struct parser *parser, size_t length);

/* The operator here, which stays, or NULL. What looks like one and is none is wrong. */
const struct op_info *scan_op(struct parser *parser);

/* Takes the name of a field, or a path, whose keys may be quoted, into parser->name, which is
 * empty when there is none. */
void scan_name(struct parser *parser);

/* Takes a word or a quoted string into parser->value; a comma ends words in a list. */
bool scan_value(struct parser *parser, bool in_list);

/* A comparison while its parts are read. */
struct comparison {
    struct span name, sign, value; /* where they stand */
    const struct field *field;     /* or NULL for a path */
    const struct op_info *op;
};

/* Say what is wrong with a word, or with the text that a comparison asks for in parser->value, when
 * it is without quotes and of another language than this. False then. In filter_foreign.c. */
bool filter_check_foreign_word(struct parser *parser, struct span where);
bool filter_check_foreign(struct parser *parser, const struct comparison *comparison);

/* Takes a comparison or text: in filter_term.c. */
struct node *filter_parse_term(struct parser *parser);

#endif
