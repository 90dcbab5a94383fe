/*
 * The digits of long numbers: see digits.h.
 */
#include "digits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"

enum {
    PARSED_BYTES = 63, /* of a number that cJSON reads */
    SAFE_BYTES = 15,   /* of one that a double holds, when it has no exponent */
};

const char *digits_of(const cJSON *node)
{
    return cJSON_IsNumber(node) ? node->valuestring : NULL;
}

bool digits_too_long(const struct json_survey *survey)
{
    return survey->longest_number > PARSED_BYTES;
}

bool digits_wanted(const struct json_survey *survey)
{
    return survey->longest_number > SAFE_BYTES || survey->exponents;
}

bool digits_shorten(char *text, size_t length)
{
    const char *end = text + length, *number;
    char shorter[32] = "", *rest;
    size_t bytes;

    for (const char *from = text; (number = json_number(from, end, &bytes));
         from = number + bytes) {
        if (bytes <= PARSED_BYTES)
            continue;
        char *copy = strndup(number, bytes);
        if (!copy)
            return false;
        double nearest = strtod(copy, &rest);
        /* What is no number stays wrong. */
        int used = *rest ? 0 : snprintf(shorter, sizeof shorter, "%.17g", nearest);
        if (strchr(shorter, 'n')) /* "inf" */
            used = snprintf(shorter, sizeof shorter, "%s1e999", *number == '-' ? "-" : "");
        free(copy);
        if (used > 0) {
            char *place = text + (number - text);
            memset(place, ' ', bytes);
            memcpy(place, shorter, (size_t)used);
        }
    }
    return true;
}

/* A place in the text while the tree is walked in the same order. */
struct numbers {
    const char *at, *end;
};

static bool keep(cJSON *node, struct numbers *numbers)
{
    size_t length;

    for (cJSON *child = node->child; child; child = child->next)
        if (!keep(child, numbers))
            return false;
    if (!cJSON_IsNumber(node))
        return true;
    const char *number = json_number(numbers->at, numbers->end, &length);
    if (!number)
        return true;
    numbers->at = number + length;
    if (!decimal_is_cut(number, length, node->valuedouble))
        return true;
    node->valuestring = cJSON_malloc(length + 1);
    if (!node->valuestring)
        return false;
    memcpy(node->valuestring, number, length);
    node->valuestring[length] = '\0';
    return true;
}

bool digits_keep(cJSON *tree, const char *text, size_t length)
{
    return keep(tree, &(struct numbers){text, text + length});
}
