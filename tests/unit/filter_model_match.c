/*
 * Whether an event is wanted.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_model.h"

static bool orders(int order, enum operator op)
{
    switch (op) {
    case OP_LESS: return order < 0;
    case OP_AT_MOST: return order <= 0;
    case OP_MORE: return order > 0;
    case OP_AT_LEAST: return order >= 0;
    default: return order == 0;
    }
}

static bool text_compares(const char *text, enum operator op, const char *asked)
{
    text = model_folded(text);
    switch (op) {
    case OP_BEGINS: return strncmp(text, asked, strlen(asked)) == 0;
    case OP_CONTAINS: return strstr(text, asked) != NULL;
    case OP_EQUAL:
    case OP_NOT: return strcmp(text, asked) == 0;
    default: return false;
    }
}

/* A number as the details show it. */
static const char *shown_number(const char *text)
{
    char shown[64];
    double number = strtod(text, NULL);
    bool tiny = number == 0 && model_decimal(text, strlen(text)).count > 0;
    if (strlen(text) > 15 || isinf(number) || tiny)
        return text;
    bool whole = floor(number) == number && fabs(number) < 1e17;
    int length = snprintf(shown, sizeof shown, whole ? "%.0f" : "%.15g", number + 0.0);
    return model_copy(shown, (size_t)length);
}

static bool number_compares(const struct node *node, enum operator op, const struct decimal *asked)
{
    bool text = node->kind == NODE_TEXT;
    size_t length =
        text || node->kind == NODE_NUMBER ? model_number_length(node->text, true, true) : 0;
    if (length == 0 || node->text[length] != '\0')
        return false;
    struct decimal number = model_decimal(node->text, length);
    return orders(model_compare(&number, asked), op);
}

static bool time_compares(const struct node *node, enum operator op, const struct when *asked,
                          int64_t now_ms)
{
    struct when when;
    if (node->kind != NODE_TEXT || !model_when(node->text, &when) || when.relative)
        return false;
    struct span span = model_span(&when, now_ms), wanted = model_span(asked, now_ms);
    return model_span_compares(&span, op, &wanted);
}

static bool leaf_compares(const struct node *node, enum operator op, const struct asked *asked,
                          int64_t now_ms)
{
    static const char *const names[] = {"null", "false", "true"};
    const char *text = node->kind <= NODE_TRUE ? names[node->kind] : node->text;
    if (text_compares(node->kind == NODE_NUMBER ? shown_number(text) : text, op, asked->text))
        return true;
    if (op == OP_CONTAINS || asked->form == FORM_TEXT)
        return false;
    return asked->form == FORM_NUMBER ? number_compares(node, op, &asked->number)
                                      : time_compares(node, op, &asked->when, now_ms);
}

/* Whether anything that stands here, or below, is what is asked for. */
static bool value_compares(const struct node *node, enum operator op, const struct asked *asked,
                           int64_t now_ms)
{
    if (node->kind < NODE_ARRAY)
        return leaf_compares(node, op, asked, now_ms);
    for (const struct node *child = node->child; child != NULL; child = child->next)
        if (value_compares(child, op, asked, now_ms))
            return true;
    return false;
}

static bool list_compares(const struct model_field *field, const struct node *list,
                          enum operator op, const char *asked)
{
    for (const struct node *node = list->child; node != NULL; node = node->next) {
        const struct node *element = field->kind == KIND_LIST ? node : model_member(node, "name");
        bool text = element != NULL && element->kind == NODE_TEXT;
        if (text && text_compares(element->text, op, asked))
            return true;
    }
    return false;
}

static bool money_compares(const struct found *found, enum operator op, const struct asked *asked)
{
    bool other =
        asked->currency != NULL &&
        (found->currency == NULL || strcmp(model_folded(found->currency), asked->currency) != 0);
    return !other && orders(model_compare(&found->number, &asked->number), op);
}

static bool field_compares(const struct model_field *field, const struct found *found,
                           enum operator op, const struct asked *asked, int64_t now_ms)
{
    struct span span, wanted;
    switch (field->kind) {
    case KIND_TEXT: return text_compares(found->text, op, asked->text);
    case KIND_LIST:
    case KIND_FILES: return list_compares(field, found->node, op, asked->text);
    case KIND_VALUE: return value_compares(found->node, op, asked, now_ms);
    case KIND_FLAG: return found->yes == asked->yes;
    case KIND_MONEY: return money_compares(found, op, asked);
    case KIND_TIME:
        span = model_instant(found->ms);
        wanted = model_span(&asked->when, now_ms);
        return model_span_compares(&span, op, &wanted);
    default: return orders(model_compare(&found->number, &asked->number), op);
    }
}

typedef bool question(const struct node *node, const void *context);

static bool is_digits(const char *text)
{
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* Asks a question of everything that stands at the path. */
static bool any_at(const struct node *node, const struct key *keys, question *ask,
                   const void *context)
{
    if (keys == NULL)
        return ask(node, context);
    bool numbered = !keys->quoted && is_digits(keys->name);
    size_t index = 0;
    for (const struct node *child = node->kind == NODE_ARRAY ? node->child : NULL; child;
         child = child->next) {
        bool here = !numbered || index++ == strtoull(keys->name, NULL, 10);
        if (here && any_at(child, numbered ? keys->next : keys, ask, context))
            return true;
    }
    for (const struct node *child = node->kind == NODE_OBJECT ? node->child : NULL; child;
         child = child->next) {
        char name[8192] = "";
        for (const struct key *key = keys; key != NULL; key = key->next) {
            if (key != keys && (key->quoted || keys->quoted))
                break; /* only a dot between two keys without quotes may be a part of one */
            size_t used = strlen(name);
            snprintf(name + used, sizeof name - used, "%s%s", key == keys ? "" : ".", key->name);
            if (strcmp(name, child->key) == 0 && any_at(child, key->next, ask, context))
                return true;
        }
    }
    return false;
}

static bool is_there(const struct node *node, const void *context)
{
    (void)context;
    return node->kind != NODE_NULL;
}

struct path_question {
    const struct model_term *term;
    int64_t now_ms;
};

static bool is_wanted(const struct node *node, const void *context)
{
    const struct path_question *asks = context;
    for (size_t i = 0; i < asks->term->value_count; i++)
        if (value_compares(node, asks->term->op, &asks->term->values[i], asks->now_ms))
            return true;
    return false;
}

static bool matches_path(const struct model_term *term, const struct model_event *event,
                         const struct node *root)
{
    const struct node *data = model_member(root, "data");
    struct path_question asks = {term, event->now_ms};
    return data != NULL && any_at(data, term->keys, is_wanted, &asks);
}

static bool has(const char *name, const struct model_event *event, const struct node *root)
{
    struct found found;
    for (size_t i = 0; i < model_field_count; i++)
        if (strcmp(model_folded(name), model_fields[i].name) == 0)
            return model_find(&model_fields[i], event, root, &found);
    char *expression = model_alloc(strlen(name) + 3);
    sprintf(expression, "%s:x", name);
    const struct model_term *path = model_parse(expression);
    const struct node *data = model_member(root, "data");
    return data != NULL && any_at(data, path->keys, is_there, NULL);
}

static bool is(const char *state, const struct model_event *event, const struct node *root)
{
    const char *type = model_text(model_member(root, "type"));
    bool waits = event->waiting && model_text(model_place(root, "data.request_id")) != NULL;
    if (strcmp(state, "verified") == 0 || strcmp(state, "unverified") == 0)
        return event->verified == (*state == 'v');
    if (strcmp(state, "duplicate") == 0)
        return event->duplicates > 0;
    if (strcmp(state, "unknown") == 0)
        return model_known_outcome(type) == NULL;
    return strcmp(model_outcome(type), state) == 0 && (*state != 'w' || waits);
}

static bool matches_values(const struct model_term *term, const struct model_event *event,
                           const struct node *root)
{
    struct found found;
    bool field = term->kind == TERM_FIELD && model_find(term->field, event, root, &found);
    for (size_t i = 0; i < term->value_count; i++) {
        const struct asked *asked = &term->values[i];
        bool one = term->kind == TERM_HAS  ? has(asked->text, event, root)
                   : term->kind == TERM_IS ? is(asked->text, event, root)
                                           : field && field_compares(term->field, &found, term->op,
                                                                     asked, event->now_ms);
        if (one)
            return true;
    }
    return false;
}

static bool matches(const struct model_term *term, const struct model_event *event,
                    const struct node *root)
{
    switch (term->kind) {
    case TERM_ALL: return true;
    case TERM_AND: return matches(term->left, event, root) && matches(term->right, event, root);
    case TERM_OR: return matches(term->left, event, root) || matches(term->right, event, root);
    case TERM_NOT: return !matches(term->left, event, root);
    case TERM_TEXT: return strstr(model_folded(model_unescaped(event->raw)), term->text) != NULL;
    case TERM_PATH: return matches_path(term, event, root);
    default: return matches_values(term, event, root);
    }
}

bool model_match(const struct model_term *term, const struct model_event *event)
{
    return matches(term, event, model_json(event->raw));
}
