/*
 * Comparing what an event holds with what a filter asks for.
 */
#include <string.h>
#include <strings.h>

#include "decimal.h"
#include "digits.h"
#include "filter_private.h"
#include "text.h"

/* A number of an event, or of an operand. */
struct figure {
    double number;
    const char *digits; /* NULL: the double is the number */
};

static int compare_figures(const struct figure *a, const struct figure *b)
{
    char left[64], right[64];

    if (!a->digits && !b->digits)
        return (a->number > b->number) - (a->number < b->number);
    text_number(left, sizeof left, a->number);
    text_number(right, sizeof right, b->number);
    return decimal_compare(a->digits ? a->digits : left, b->digits ? b->digits : right);
}

static bool is_number(enum filter_op op, const struct operand *operand, const struct figure *figure)
{
    const struct figure limit = {operand->number, operand->digits};
    int order = compare_figures(figure, &limit);

    switch (op) {
    case OP_BEGINS:
    case OP_EQUAL: return order == 0;
    case OP_LESS: return order < 0;
    case OP_LESS_EQUAL: return order <= 0;
    case OP_GREATER: return order > 0;
    case OP_GREATER_EQUAL: return order >= 0;
    case OP_CONTAINS:
    case OPS: break;
    }
    return false;
}

/* What lasts has to be all on the side that is asked for. */
static bool is_in_time(enum filter_op op, const struct moment *moment, int64_t first_ms,
                       int64_t last_ms)
{
    switch (op) {
    case OP_BEGINS:
    case OP_EQUAL: return moment_holds(moment, first_ms, last_ms);
    case OP_LESS: return last_ms < moment->first_ms;
    case OP_LESS_EQUAL: return last_ms <= moment->last_ms;
    case OP_GREATER: return first_ms > moment->last_ms;
    case OP_GREATER_EQUAL: return first_ms >= moment->first_ms;
    case OP_CONTAINS:
    case OPS: break;
    }
    return false;
}

/* What clocks leave out has no length: it is behind all that they read before they jump, and before
 * all that they read then. */
static bool is_left_out_in_time(enum filter_op op, const struct moment *moment, int64_t jump_ms)
{
    bool both = moment->last_ms < moment->first_ms;
    bool before = both ? jump_ms < moment->first_ms : jump_ms <= moment->first_ms;
    bool behind = both ? jump_ms > moment->first_ms : jump_ms > moment->last_ms;

    switch (op) {
    case OP_BEGINS:
    case OP_EQUAL: return !before && !behind;
    case OP_LESS: return before;
    case OP_LESS_EQUAL: return !behind;
    case OP_GREATER: return behind;
    case OP_GREATER_EQUAL: return !before;
    case OP_CONTAINS:
    case OPS: break;
    }
    return false;
}

static bool compare_text(enum filter_op op, const struct operand *operand, const char *text)
{
    size_t length = strlen(text);

    switch (op) {
    case OP_BEGINS: return search_begins(&operand->text, text, length);
    case OP_EQUAL: return search_equals(&operand->text, text, length);
    case OP_CONTAINS: return search_in(&operand->text, text, length);
    default: return false;
    }
}

/* A text of the payload that is a day or a time. */
static bool text_is_in_time(enum filter_op op, const struct moment *moment, const char *text)
{
    struct moment_words words;

    if (*text < '0' || *text > '9' || !moment_read(text, &words) || words.relative)
        return false;
    struct moment held = moment_place(&words, 0);
    if (held.last_ms < held.first_ms)
        return is_left_out_in_time(op, moment, held.first_ms);
    return is_in_time(op, moment, held.first_ms, held.last_ms);
}

/* A number, in a string too. */
static bool leaf_is_number(enum filter_op op, const struct operand *operand, const cJSON *leaf)
{
    const char *text = cJSON_GetStringValue(leaf);
    struct figure figure = {cJSON_GetNumberValue(leaf), digits_of(leaf)};

    if (text) {
        if (!filter_is_number(text, &figure.number))
            return false;
        figure.digits = decimal_is_cut(text, strlen(text), figure.number) ? text : NULL;
    } else if (!cJSON_IsNumber(leaf)) {
        return false;
    }
    return is_number(op, operand, &figure);
}

static bool leaf_is_text(enum filter_op op, const struct operand *operand, const cJSON *leaf)
{
    char buffer[64];
    const char *text = cJSON_GetStringValue(leaf);

    if (op >= OP_LESS)
        return false;
    if (!text)
        text = digits_of(leaf);
    if (!text) {
        field_format(&(struct value){.type = FIELD_JSON, .json = leaf}, buffer, sizeof buffer);
        text = buffer;
    }
    return compare_text(op, operand, text);
}

static bool compare_leaf(enum filter_op op, const struct operand *operand, const cJSON *leaf)
{
    const char *text = cJSON_GetStringValue(leaf);

    if (operand->kind == OPERAND_NUMBER && leaf_is_number(op, operand, leaf))
        return true;
    if (operand->kind == OPERAND_TIME && text && text_is_in_time(op, &operand->moment, text))
        return true;
    return leaf_is_text(op, operand, leaf);
}

/* Whether a leaf at or below the node is what is asked for. As deep as the tree, which
 * event_decode() limits. */
static bool compare_json(enum filter_op op, const struct operand *operand, const cJSON *node)
{
    if (!cJSON_IsArray(node) && !cJSON_IsObject(node))
        return compare_leaf(op, operand, node);
    for (const cJSON *child = node->child; child; child = child->next)
        if (compare_json(op, operand, child))
            return true;
    return false;
}

/* The elements of a list, or the names of files. */
static bool compare_elements(enum filter_op op, const struct operand *operand,
                             const struct value *value)
{
    const cJSON *element;

    cJSON_ArrayForEach(element, value->json)
    {
        const cJSON *item = value->type == FIELD_FILES
                                ? cJSON_GetObjectItemCaseSensitive(element, "name")
                                : element;
        const char *text = cJSON_GetStringValue(item);
        if (text && compare_text(op, operand, text))
            return true;
    }
    return false;
}

bool filter_compare_value(enum filter_op op, const struct operand *operand,
                          const struct value *value)
{
    const struct figure figure = {value->number, value->digits};

    switch (value->type) {
    case FIELD_TEXT:
    case FIELD_ID:
    case FIELD_URL: return compare_text(op, operand, value->text);
    case FIELD_LIST:
    case FIELD_FILES: return compare_elements(op, operand, value);
    case FIELD_JSON: return compare_json(op, operand, value->json);
    case FIELD_TIME:
        return is_in_time(op, &operand->moment, (int64_t)value->number, (int64_t)value->number);
    case FIELD_MONEY:
        if (operand->currency[0] &&
            !(value->text && strcasecmp(value->text, operand->currency) == 0))
            return false;
        return is_number(op, operand, &figure);
    default: return is_number(op, operand, &figure);
    }
}

static bool is_what_is_asked(const struct path_question *question, const cJSON *node)
{
    return compare_json(question->op, question->operand, node);
}

bool filter_compare_path(enum filter_op op, const struct operand *operand, const cJSON *root,
                         const struct filter_path *path)
{
    return filter_path_ask(
        &(struct path_question){.holds = is_what_is_asked, .op = op, .operand = operand}, root,
        path);
}
