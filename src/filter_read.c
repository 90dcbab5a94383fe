/*
 * Filter expressions that nobody watches being written: what is wrong in one sentence, and what was
 * probably not meant so.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "catalog.h"
#include "filter_private.h"
#include "nearest.h"
#include "text.h"

/* A word as long as it may be shown, and its remedy, fit into the message of an error. */
enum { WORD_SIZE = 64 };

void filter_explain(const struct filter_error *error, const char *text, char *sentence, size_t size)
{
    size_t characters = 0, length = strlen(text);
    uint32_t ignored;

    for (size_t at = 0; at < error->offset && at < length; characters++)
        at += text_decode(text + at, length - at, &ignored);
    snprintf(sentence, size, "%s (at character %zu)", error->message, characters + 1);
}

/* Whether a word, up to an asterisk at its end, is a type or the beginning of one. */
static bool is_type(const char *word)
{
    size_t length = strlen(word);

    if (length == 0 || word[length - 1] != '*')
        return catalog_find(word);
    for (size_t i = 0; i < catalog_size; i++)
        if (length > 1 && strncasecmp(catalog[i].name, word, length - 1) == 0)
            return true;
    return false;
}

bool filter_meant_type(const char *word, size_t length, char *term, size_t size)
{
    char first[WORD_SIZE];
    size_t first_length = 0, used;

    if (length >= sizeof first)
        return false;
    while (first_length < length && word[first_length] != ',')
        first_length++;
    snprintf(first, sizeof first, "%.*s", (int)first_length, word);
    if (!is_type(first))
        return false;
    used = (size_t)snprintf(term, size, "type:");
    for (size_t i = 0; i < length && used + 1 < size; i++)
        if (word[i] != '*')
            term[used++] = word[i];
    term[used] = '\0';
    return true;
}

/* Finds the first word that looks like something else. */
static bool find_doubt(const struct node *node, const char *text, struct filter_error *error)
{
    char term[WORD_SIZE + sizeof "type:"];

    if (node->kind == NODE_TEXT && node->word_length > 0) {
        const char *word = text + node->word;
        if (filter_meant_type(word, node->word_length, term, sizeof term)) {
            error->offset = node->word;
            error->length = node->word_length;
            snprintf(error->message, sizeof error->message,
                     "\"%.*s\" would be looked for in the text: did you mean %s? If not, put it "
                     "into quotes",
                     (int)node->word_length, word, term);
            return true;
        }
    }
    for (const struct node *term_node = node->first; term_node; term_node = term_node->next)
        if (find_doubt(term_node, text, error))
            return true;
    return false;
}

/* Whether a comparison of the type is true for one of the catalogue's. */
static bool is_known_type(const struct node *node)
{
    for (size_t i = 0; i < catalog_size; i++) {
        const struct value name = {.type = FIELD_TEXT, .text = catalog[i].name};
        if (filter_compare_value(node->op, &node->operand, &name))
            return true;
    }
    return false;
}

static const char *nearest_type(const struct search *text)
{
    struct nearest nearest = nearest_to(text->text, text->length);
    for (size_t i = 0; i < catalog_size; i++)
        nearest_consider(&nearest, catalog[i].name);
    for (size_t i = 0; i < ENTITY_OTHER; i++)
        nearest_consider(&nearest, entity_infos[i].name);
    return nearest.word;
}

static bool doubts_type(const struct node *node, char *sentence, size_t size)
{
    if (node->kind == NODE_COMPARE && node->field && strcmp(node->field->name, "type") == 0 &&
        !is_known_type(node)) {
        const char *near = nearest_type(&node->operand.text);
        if (near) {
            snprintf(sentence, size, "anchortop knows no type \"%s\"; did you mean %s?",
                     node->operand.text.text, near);
            return true;
        }
    }
    for (const struct node *term = node->first; term; term = term->next)
        if (doubts_type(term, sentence, size))
            return true;
    return false;
}

bool filter_doubts_type(const struct filter *filter, char *sentence, size_t size)
{
    return doubts_type(filter->root, sentence, size);
}

struct filter *filter_read(const char *text, char *reason, size_t reason_size)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);

    if (filter && !find_doubt(filter->root, text, &error))
        return filter;
    filter_free(filter);
    filter_explain(&error, text, reason, reason_size);
    return NULL;
}
