/*
 * The nodes of an expression's tree: making them, and putting the cheap ones first.
 */
#include <stdlib.h>
#include <string.h>

#include "filter_private.h"

enum { RANKS = 2 * FILTER_COST_JSON + 2 };

struct node *filter_node_new(enum node_kind kind, enum filter_cost cost)
{
    struct node *node = calloc(1, sizeof *node);
    if (node) {
        node->kind = kind;
        node->cost = cost;
        node->rank = 2 * (unsigned)cost;
    }
    return node;
}

void filter_node_free(struct node *node)
{
    while (node) {
        struct node *next = node->next;
        filter_node_free(node->first);
        for (size_t i = 0; i < node->hint_count; i++)
            search_free(&node->hints[i]);
        filter_operand_free(&node->operand);
        filter_path_free(&node->path);
        free(node);
        node = next;
    }
}

/* Sorts the terms by rank; those of one rank stay in their order. */
static struct node *sort_terms(struct node *terms)
{
    struct node *buckets[RANKS] = {NULL}, **ends[RANKS], *sorted = NULL;

    for (size_t rank = 0; rank < RANKS; rank++)
        ends[rank] = &buckets[rank];
    for (struct node *next; terms; terms = next) {
        next = terms->next;
        terms->next = NULL;
        *ends[terms->rank] = terms;
        ends[terms->rank] = &terms->next;
    }
    for (size_t rank = RANKS; rank-- > 0;) {
        *ends[rank] = sorted;
        sorted = buckets[rank];
    }
    return sorted;
}

struct node *filter_node_group(enum node_kind kind, struct node *terms)
{
    if (terms && !terms->next && kind != NODE_NOT)
        return terms;
    struct node *node = filter_node_new(kind, FILTER_COST_NONE);
    if (!node) {
        filter_node_free(terms);
        return NULL;
    }
    for (const struct node *term = terms; term; term = term->next) {
        if (term->cost > node->cost)
            node->cost = term->cost;
        if (term->rank > node->rank)
            node->rank = term->rank;
    }
    node->first = sort_terms(terms);
    return node;
}

static bool add_hint(struct node *node, const char *text, size_t length)
{
    return node->hint_count < MAX_HINTS &&
           search_prepare(&node->hints[node->hint_count++], text, length);
}

/* Whether the words of a comparison stand in the text of every event that it is true for. Numbers
 * can be written in several ways, all other values in one. */
static bool is_in_text(const struct node *node)
{
    const struct operand *operand = &node->operand;
    enum field_type type = node->field ? node->field->type : FIELD_JSON;

    if (node->kind != NODE_COMPARE || operand->kind != OPERAND_TEXT || operand->text.length == 0)
        return false;
    return type != FIELD_JSON ||
           strspn(operand->text.text, "0123456789+-.e") < operand->text.length;
}

/* The last key of each place that the field can have, with its quotes. */
static bool add_field_hints(struct node *node)
{
    const char *next;

    for (const char *path = node->field->path; path; path = next) {
        size_t length = strcspn(path, "|"), start = length;
        char key[64];
        next = path[length] ? path + length + 1 : NULL;
        while (start > 0 && path[start - 1] != '.')
            start--;
        if (length - start + 2 > sizeof key || node->hint_count == MAX_HINTS) {
            /* One place without a hint makes the others worthless. */
            while (node->hint_count > 0)
                search_free(&node->hints[--node->hint_count]);
            return true;
        }
        key[0] = key[length - start + 1] = '"';
        memcpy(key + 1, path + start, length - start);
        if (!add_hint(node, key, length - start + 2))
            return false;
    }
    return true;
}

/* A piece of a key that is surely in the text, and longer than the best so far. */
static bool is_better(const char *piece, size_t length, size_t best_length)
{
    return length > best_length && strspn(piece, "0123456789") < length;
}

/* The longest key of a path. Dots without quotes may be in keys and numbers count elements, so that
 * the quotes around a key are not to be relied on. */
static bool add_path_hint(struct node *node)
{
    const char *best = "", *next;
    size_t best_length = 0;

    for (size_t i = 0; i < node->path.count; i++) {
        const struct path_key *key = &node->path.keys[i];
        for (const char *part = key->text; part; part = next) {
            size_t length = key->quoted ? strlen(part) : strcspn(part, ".");
            next = part[length] ? part + length + 1 : NULL;
            if (is_better(part, length, best_length)) {
                best = part;
                best_length = length;
            }
        }
    }
    return best_length == 0 || add_hint(node, best, best_length);
}

bool filter_node_finish(struct node *node)
{
    bool in_text = is_in_text(node), good;

    if (node->cost < FILTER_COST_JSON)
        return true;
    if (in_text)
        good = add_hint(node, node->operand.text.text, node->operand.text.length);
    else
        good = node->field ? add_field_hints(node) : add_path_hint(node);
    node->rank += !in_text;
    return good;
}
