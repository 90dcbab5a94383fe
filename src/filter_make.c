/*
 * Writing filter expressions: "filter by this", and one more term.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "field_read.h"
#include "filter_private.h"
#include "text.h"

void filter_put_quoted(FILE *out, const char *value)
{
    fputc('"', out);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            fprintf(out, "\\%c", *value);
        else if ((unsigned char)*value < ' ' || *value == 0x7F)
            fprintf(out, "\\u%04x", (unsigned)*value);
        else
            fputc(*value, out);
    }
    fputc('"', out);
}

static bool has_control(const char *text)
{
    while (*text && !iscntrl((unsigned char)*text))
        text++;
    return *text;
}

void filter_put_value(FILE *out, const char *value)
{
    bool expression = *value == '/' && strchr(value + 1, '/');

    if (*value && !strchr("\":=~<>!", *value) && !strpbrk(value, " (),*") && !expression &&
        !has_control(value))
        fputs(value, out);
    else
        filter_put_quoted(out, value);
}

/* The shortest decimal that reads back as the same number, or its digits. */
static bool put_number(FILE *out, double number, const char *digits, const char *unit)
{
    char text[64];

    if (!digits && !isfinite(number))
        return false;
    text_number(text, sizeof text, number);
    fprintf(out, "%s%s", digits ? digits : text, unit);
    return true;
}

static bool put_time(FILE *out, double ms)
{
    char time[40];

    if (!(fabs(ms) < 9e15))
        return false;
    text_time_iso(time, sizeof time, (int64_t)ms);
    fputs(time, out);
    return true;
}

static bool put_money(FILE *out, const struct value *value)
{
    bool code = value->text && strlen(value->text) == 3 && isalpha((unsigned char)value->text[0]) &&
                isalpha((unsigned char)value->text[1]) && isalpha((unsigned char)value->text[2]);
    return put_number(out, value->number, value->digits, code ? value->text : "");
}

/* The elements of a list, or the names of files, any of which will do. */
static bool put_elements(FILE *out, const struct value *value)
{
    const cJSON *element;
    bool any = false;

    cJSON_ArrayForEach(element, value->json)
    {
        const cJSON *item = value->type == FIELD_FILES
                                ? cJSON_GetObjectItemCaseSensitive(element, "name")
                                : element;
        const char *text = cJSON_GetStringValue(item);
        if (!text)
            continue;
        fputs(any ? "," : "", out);
        filter_put_value(out, text);
        any = true;
    }
    return any;
}

static bool put_leaf(FILE *out, const cJSON *leaf)
{
    const char *text = cJSON_GetStringValue(leaf);

    if (cJSON_IsNumber(leaf))
        return put_number(out, leaf->valuedouble, digits_of(leaf), "");
    if (cJSON_IsArray(leaf) || cJSON_IsObject(leaf))
        return false;
    filter_put_value(out, text                 ? text
                          : cJSON_IsNull(leaf) ? "null"
                          : cJSON_IsTrue(leaf) ? "true"
                                               : "false");
    return true;
}

static bool put_field_value(FILE *out, const struct value *value)
{
    switch (value->type) {
    case FIELD_TEXT:
    case FIELD_ID:
    case FIELD_URL: filter_put_value(out, value->text); return true;
    case FIELD_TIME: return put_time(out, value->number);
    case FIELD_DURATION: return put_number(out, value->number, value->digits, "ms");
    case FIELD_BYTES:
    case FIELD_COUNT:
    case FIELD_RATIO: return put_number(out, value->number, value->digits, "");
    case FIELD_MONEY: return put_money(out, value);
    case FIELD_FLAG: fputs(value->number > 0 ? "yes" : "no", out); return true;
    case FIELD_LIST:
    case FIELD_FILES: return put_elements(out, value);
    case FIELD_JSON: return put_leaf(out, value->json);
    case FIELD_AGE: /* will be another one in a moment */
    case FIELD_TYPES: break;
    }
    return false;
}

/* Whether the line is about the whole of the field, and not about something in it. */
static bool is_whole_field(const struct field *field, const struct event *event, const char *path)
{
    struct field_place place = field_place(field, event);
    return !*path ||
           (strlen(path) == place.path_length && strncmp(path, place.path, place.path_length) == 0);
}

/* What a line of field_each() is about. */
static const cJSON *find_line(const struct event *event, const char *path)
{
    return filter_is_path(path) ? filter_find(event->json, path) : field_path(event->json, path);
}

static bool put_term(FILE *out, const struct field_source *source, const struct field *field,
                     const char *path)
{
    const cJSON *node = *path ? find_line(source->event, path) : NULL;
    struct value value;

    if (field && is_whole_field(field, source->event, path)) {
        fprintf(out, "%s=", field->name);
        return field_get(field, source, &value) && put_field_value(out, &value);
    }
    if (field && field->type == FIELD_FILES && cJSON_IsObject(node)) {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "name"));
        fprintf(out, "%s=", field->name);
        filter_put_value(out, name ? name : "");
        return name;
    }
    if (filter_is_path(path)) {
        if (!filter_put_path(out, path))
            return false;
        fputc('=', out);
        return node && put_leaf(out, node);
    }
    /* There are no paths beside the data, but its text can be looked for. */
    const char *text = cJSON_GetStringValue(node);
    if (text)
        filter_put_quoted(out, text);
    return text;
}

/* The text when it is an expression, else NULL: it may hold bytes that no expression can. */
static char *checked(char *text)
{
    struct filter_error error;
    struct filter *filter = text ? filter_parse(text, &error) : NULL;

    if (filter) {
        filter_free(filter);
        return text;
    }
    free(text);
    return NULL;
}

char *filter_term(const struct field_source *source, const struct field *field, const char *path,
                  bool exclude)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    fputs(exclude ? "-" : "", out);
    bool good = put_term(out, source, field, path ? path : "");
    if (fclose(out) != 0 || !good) {
        free(text);
        return NULL;
    }
    return checked(text);
}

static bool ends_with(const char *text, size_t length, const char *term)
{
    size_t term_length = strlen(term);
    return length >= term_length && strncmp(text + length - term_length, term, term_length) == 0 &&
           (length == term_length || text[length - term_length - 1] == ' ');
}

char *filter_combine(const char *text, const char *term)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);
    bool alone = !filter || (filter->root->kind == NODE_ALL && !filter->root->first);
    bool any = filter && filter->alternatives;
    size_t length = strlen(text);
    char *combined = NULL;
    size_t size;

    filter_free(filter);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    FILE *out = open_memstream(&combined, &size);
    if (!out)
        return NULL;
    if (alone)
        fputs(term, out);
    else if (!any && ends_with(text, length, term))
        fprintf(out, "%.*s", (int)length, text);
    else
        fprintf(out, any ? "(%.*s) %s" : "%.*s %s", (int)length, text, term);
    if (fclose(out) != 0) {
        free(combined);
        return NULL;
    }
    return checked(combined);
}
