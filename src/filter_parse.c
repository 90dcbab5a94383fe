/*
 * From the text of an expression to its tree: recursive descent, after the grammar at the head of
 * filter.h.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_scan.h"
#include "text.h"

static bool at_keyword(const struct parser *parser, const char *keyword)
{
    size_t length = strlen(keyword);
    return strncasecmp(parser->text + parser->at, keyword, length) == 0 &&
           scan_is_end(parser->text[parser->at + length]);
}

static bool at_end_of_terms(const struct parser *parser)
{
    return scan_peek(parser) == '\0' || scan_peek(parser) == ')' || at_keyword(parser, "or");
}

static struct node *parse_any(struct parser *parser);

static struct node *parse_parentheses(struct parser *parser)
{
    struct span open = {parser->at, 1};

    scan_take(parser, 1);
    struct node *node = parse_any(parser);
    if (node && scan_peek(parser) != ')') {
        filter_node_free(node);
        return scan_fail(parser, open, "this parenthesis is open: write ) at its end");
    }
    parser->at++;
    return node;
}

static struct node *parse_negation(struct parser *parser);

static struct node *fail_missing(struct parser *parser)
{
    struct span before = parser->before;

    if (before.length > 0)
        return scan_fail(parser, before, "something to look for is missing behind \"%.*s\"",
                         (int)before.length, parser->text + before.offset);
    if (scan_peek(parser) == ')')
        return scan_fail(parser, (struct span){parser->at, 1}, "no parenthesis is open here");
    return scan_fail(
        parser, (struct span){parser->at, at_keyword(parser, "or") ? 2 : 3},
        "something to look for is missing before this; the word itself belongs in quotes");
}

/* A term, negated or not. Recursive, and therefore counted. */
static struct node *parse_factor(struct parser *parser)
{
    struct node *node;

    scan_skip_blanks(parser);
    if (at_end_of_terms(parser) || at_keyword(parser, "and"))
        return fail_missing(parser);
    bool negation = at_keyword(parser, "not") || scan_peek(parser) == '-';
    bool parenthesis = scan_peek(parser) == '(';
    if ((negation || parenthesis) && parser->depth == FILTER_MAX_DEPTH)
        return scan_fail(parser, (struct span){parser->at, 1},
                         "more than %d parentheses and negations within each other",
                         FILTER_MAX_DEPTH);
    parser->depth++;
    if (negation)
        node = parse_negation(parser);
    else if (parenthesis)
        node = parse_parentheses(parser);
    else
        node = filter_parse_term(parser);
    parser->depth--;
    return node;
}

static struct node *parse_negation(struct parser *parser)
{
    bool minus = scan_peek(parser) == '-';

    scan_take(parser, minus ? strlen("-") : strlen("not"));
    if (minus && scan_is_blank(scan_peek(parser)))
        return scan_fail(parser, parser->before,
                         "a blank follows the minus: write it directly before the term");
    struct node *node = parse_factor(parser);
    if (!node)
        return NULL;
    node = filter_node_group(NODE_NOT, node);
    return node ? node : scan_fail_memory(parser);
}

/* Terms that must all hold: as many as there are before "or", ")" and the end. */
static struct node *parse_all(struct parser *parser)
{
    struct node *terms = NULL, **end = &terms;
    bool another;

    do {
        *end = parse_factor(parser);
        if (!*end) {
            filter_node_free(terms);
            return NULL;
        }
        end = &(*end)->next;
        scan_skip_blanks(parser);
        another = at_keyword(parser, "and");
        if (another)
            scan_take(parser, strlen("and"));
    } while (another || !at_end_of_terms(parser));
    struct node *node = filter_node_group(NODE_ALL, terms);
    return node ? node : scan_fail_memory(parser);
}

static struct node *parse_any(struct parser *parser)
{
    struct node *terms = NULL, **end = &terms;

    for (;;) {
        *end = parse_all(parser);
        if (!*end) {
            filter_node_free(terms);
            return NULL;
        }
        end = &(*end)->next;
        if (!at_keyword(parser, "or"))
            break;
        scan_take(parser, strlen("or"));
        parser->alternatives |= parser->depth == 0;
    }
    struct node *node = filter_node_group(NODE_ANY, terms);
    return node ? node : scan_fail_memory(parser);
}

/* Checks what the parser relies on. */
static bool check_text(struct parser *parser)
{
    size_t length = strlen(parser->text), size;
    uint32_t code_point;

    if (length > FILTER_MAX_TEXT) {
        scan_fail(parser, (struct span){FILTER_MAX_TEXT, length - FILTER_MAX_TEXT},
                  "the filter is longer than %d bytes", FILTER_MAX_TEXT);
        return false;
    }
    for (size_t at = 0; at < length; at += size) {
        size = text_decode(parser->text + at, length - at, &code_point);
        if (code_point == 0xFFFD && size == 1) {
            scan_fail(parser, (struct span){at, 1}, "this is not UTF-8: type it again");
            return false;
        }
    }
    return true;
}

static struct node *parse(struct parser *parser)
{
    if (!check_text(parser))
        return NULL;
    scan_skip_blanks(parser);
    if (scan_peek(parser) == '\0') {
        struct node *everything = filter_node_new(NODE_ALL, FILTER_COST_NONE);
        return everything ? everything : scan_fail_memory(parser);
    }
    struct node *root = parse_any(parser);
    if (root && scan_peek(parser) != '\0') {
        filter_node_free(root);
        return scan_fail(parser, (struct span){parser->at, 1}, "no parenthesis is open here");
    }
    return root;
}

struct filter *filter_parse(const char *text, struct filter_error *error)
{
    struct parser parser = {.text = text, .error = error};
    struct filter *filter = calloc(1, sizeof *filter);

    *error = (struct filter_error){0};
    if (!filter || !(filter->text = strdup(text))) {
        free(filter);
        scan_fail_memory(&parser);
        return NULL;
    }
    filter->root = parse(&parser);
    filter->alternatives = parser.alternatives;
    if (!filter->root) {
        filter_free(filter);
        return NULL;
    }
    return filter;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    filter_node_free(filter->root);
    free(filter->text);
    free(filter);
}

const char *filter_text(const struct filter *filter)
{
    return filter->text;
}
