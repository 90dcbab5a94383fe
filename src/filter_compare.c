/*
 * Comparing what an event holds with what a filter asks for.
 */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "filter_private.h"

static bool compare_number(enum filter_op op, const struct operand *operand, double number)
{
    switch (op) {
    case OP_BEGINS:
    case OP_EQUAL: return operand->low <= number && number <= operand->high;
    case OP_LESS: return number < operand->low;
    case OP_LESS_EQUAL: return number <= operand->high;
    case OP_GREATER: return number > operand->high;
    case OP_GREATER_EQUAL: return number >= operand->low;
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

/* The number or time, whichever the operand is, that a leaf holds, in a string too. */
static bool leaf_number(const cJSON *leaf, enum operand_kind kind, double *number)
{
    const char *text = cJSON_GetStringValue(leaf);
    struct operand read;
    int64_t ms;

    if (kind == OPERAND_TIME) {
        bool good = text && event_parse_time(text, &ms);
        *number = good ? (double)ms : 0;
        return good;
    }
    if (!text) {
        *number = cJSON_GetNumberValue(leaf);
        return cJSON_IsNumber(leaf) && isfinite(*number);
    }
    bool good = operand_classes[FIELD_COUNT].read(text, &read);
    *number = good ? read.low : 0;
    return good;
}

static bool compare_leaf(enum filter_op op, const struct operand *operand, const cJSON *leaf)
{
    char buffer[64];
    double number;

    if (operand->kind != OPERAND_TEXT && leaf_number(leaf, operand->kind, &number) &&
        compare_number(op, operand, number))
        return true;
    const char *text = cJSON_GetStringValue(leaf);
    if (!text) {
        if (cJSON_IsNumber(leaf) && !isfinite(leaf->valuedouble)) /* 1e999 */
            return false;
        field_format(&(struct value){.type = FIELD_JSON, .json = leaf}, buffer, sizeof buffer);
        text = buffer;
    }
    return compare_text(op, operand, text);
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
    switch (value->type) {
    case FIELD_TEXT:
    case FIELD_ID:
    case FIELD_URL: return compare_text(op, operand, value->text);
    case FIELD_LIST:
    case FIELD_FILES: return compare_elements(op, operand, value);
    case FIELD_JSON: return compare_json(op, operand, value->json);
    case FIELD_MONEY:
        if (operand->currency[0] &&
            !(value->text && strcasecmp(value->text, operand->currency) == 0))
            return false;
        return compare_number(op, operand, value->number);
    default: return compare_number(op, operand, value->number);
    }
}

/* What is asked at the end of a path. */
struct question {
    bool (*holds)(const struct question *question, const cJSON *node);
    enum filter_op op;
    const struct operand *operand;
    const cJSON **found;
};

static bool ask(const struct question *question, const cJSON *node, const char *path);

/* The first key of a path may hold dots itself, so that the keys are held against the path and not
 * the other way round. */
static bool ask_object(const struct question *question, const cJSON *node, const char *path)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, node)
    {
        size_t length = strlen(member->string);
        if (strncmp(path, member->string, length) != 0)
            continue;
        if (path[length] == '\0' && ask(question, member, path + length))
            return true;
        if (path[length] == '.' && ask(question, member, path + length + 1))
            return true;
    }
    return false;
}

/* A number in the path is that element of an array; anything else is looked for in all. */
static bool ask_array(const struct question *question, const cJSON *node, const char *path)
{
    size_t digits = strspn(path, "0123456789");
    const cJSON *element;

    if (digits > 0 && (path[digits] == '.' || path[digits] == '\0')) {
        size_t index = 0;
        for (size_t i = 0; i < digits && index < 1000000000; i++)
            index = index * 10 + (size_t)(path[i] - '0');
        for (element = node->child; element && index > 0; index--)
            element = element->next;
        return element && ask(question, element, path + digits + (path[digits] == '.'));
    }
    cJSON_ArrayForEach(element, node)
    {
        if (ask(question, element, path))
            return true;
    }
    return false;
}

/* Comes to every node once at most; as deep as the tree. */
static bool ask(const struct question *question, const cJSON *node, const char *path)
{
    if (!*path)
        return question->holds(question, node);
    if (cJSON_IsObject(node))
        return ask_object(question, node, path);
    return cJSON_IsArray(node) && ask_array(question, node, path);
}

static bool is_what_is_asked(const struct question *question, const cJSON *node)
{
    return compare_json(question->op, question->operand, node);
}

bool filter_compare_path(enum filter_op op, const struct operand *operand, const cJSON *root,
                         const char *path)
{
    return ask(&(struct question){.holds = is_what_is_asked, .op = op, .operand = operand}, root,
               path);
}

static bool is_not_null(const struct question *question, const cJSON *node)
{
    (void)question;
    return !cJSON_IsNull(node);
}

bool filter_has_path(const cJSON *root, const char *path)
{
    return ask(&(struct question){.holds = is_not_null}, root, path);
}

static bool is_found(const struct question *question, const cJSON *node)
{
    *question->found = node;
    return true;
}

const cJSON *filter_find_path(const cJSON *root, const char *path)
{
    const cJSON *node = NULL;
    ask(&(struct question){.holds = is_found, .found = &node}, root, path);
    return node;
}
