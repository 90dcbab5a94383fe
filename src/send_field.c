/*
 * Fields of a made-up event: see send_field.h.
 */
#include "send_field.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"

enum { MAX_ELEMENTS = 100, MAX_KEY = 256 };

static const char no_memory[] = "there is no memory left";

static const char *const envelope_members[] = {"id",         "type", "created",
                                               "project_id", "text", "data"};

bool send_field_is(const char *operand)
{
    return strchr(operand, '=') != NULL;
}

/* Says what is wrong with PATH=VALUE. */
static bool wrong(const char *operand, const char *what, char *reason, size_t size)
{
    snprintf(reason, size, "\"%.100s\": %s; write for example error.type=timeout", operand, what);
    return false;
}

static bool add_key(struct send_field *field, char *key)
{
    if (!key || field->count == SEND_FIELD_KEYS) {
        free(key);
        return false;
    }
    field->keys[field->count++] = key;
    return true;
}

/* The bytes of a quoted key, with its quotes; 0 when it has no end. */
static size_t quoted_length(const char *text)
{
    for (size_t i = 1; text[i]; i++) {
        if (text[i] == '"')
            return i + 1;
        if (text[i] == '\\' && text[i + 1])
            i++;
    }
    return 0;
}

/* What a quoted key stands for; NULL when its escapes are wrong. */
static char *unquote(const char *text, size_t length)
{
    cJSON *json = cJSON_ParseWithLength(text, length);
    const char *value = cJSON_GetStringValue(json);
    char *key = value ? strdup(value) : NULL;
    cJSON_Delete(json);
    return key;
}

/* Reads one key and moves *at behind it. NULL, or what is wrong. */
static const char *read_key(struct send_field *field, const char **at)
{
    bool quoted = **at == '"';
    size_t length = quoted ? quoted_length(*at) : strcspn(*at, ".=");
    if (field->count == SEND_FIELD_KEYS)
        return "the path has too many keys";
    if (quoted && length == 0)
        return "a quote in the path is not closed";
    if (length == 0)
        return field->count ? "a key is missing after the dot" : "the path is missing";
    if (length > MAX_KEY)
        return "a key of the path is too long";
    if (!add_key(field, quoted ? unquote(*at, length) : strndup(*at, length)))
        return quoted ? "a key in quotes has a wrong escape" : no_memory;
    *at += length;
    return **at == '.' || **at == '=' ? NULL : "a dot or = is missing after a key in quotes";
}

/* Puts "data" before a path that begins below it. */
static bool settle_root(struct send_field *field)
{
    for (size_t i = 0; i < sizeof envelope_members / sizeof *envelope_members; i++)
        if (strcmp(field->keys[0], envelope_members[i]) == 0)
            return true;
    char *data = strdup("data");
    if (!data || field->count == SEND_FIELD_KEYS) {
        free(data);
        return false;
    }
    memmove(field->keys + 1, field->keys, field->count * sizeof *field->keys);
    field->keys[0] = data;
    field->count++;
    return true;
}

/* Behind digits, of which there must be one. NULL: there is none. */
static const char *skip_digits(const char *text)
{
    size_t length = strspn(text, "0123456789");
    return length ? text + length : NULL;
}

/* Whether a text is a number exactly as JSON has it. */
static bool is_number(const char *text)
{
    const char *at = text + (*text == '-'), *digits = at;
    at = skip_digits(at);
    if (!at || (*digits == '0' && at > digits + 1))
        return false;
    if (*at == '.')
        at = skip_digits(at + 1);
    if (at && (*at == 'e' || *at == 'E'))
        at = skip_digits(at + 1 + (at[1] == '+' || at[1] == '-'));
    return at && !*at;
}

/* The JSON that a value stands for: malloc()ed, or NULL when memory ran out. Numbers keep all their
 * digits. */
static char *read_value(const char *text)
{
    cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
    if (is_number(text) || (json && !cJSON_IsNumber(json))) {
        cJSON_Delete(json);
        return strdup(text);
    }
    cJSON_Delete(json);
    json = cJSON_CreateString(text);
    char *value = json ? cJSON_PrintUnformatted(json) : NULL;
    cJSON_Delete(json);
    return value;
}

bool send_field_read(struct send_field *field, const char *operand, char *reason,
                     size_t reason_size)
{
    const char *at = operand, *problem;
    *field = (struct send_field){.count = 0};
    while (!(problem = read_key(field, &at)) && *at == '.')
        at++;
    if (!problem && !settle_root(field))
        problem = "the path has too many keys";
    if (!problem && !(field->value = read_value(at + 1)))
        problem = no_memory;
    if (!problem)
        return true;
    send_field_free(field);
    return wrong(operand, problem, reason, reason_size);
}

void send_field_free(struct send_field *field)
{
    while (field->count)
        free(field->keys[--field->count]);
    free(field->value);
    field->value = NULL;
}

/* The place of an element, or -1 when the key is none. */
static int element_of(const char *key)
{
    char *end;
    long number = *key >= '0' && *key <= '9' ? strtol(key, &end, 10) : -1;
    return number >= 0 && !*end && number < MAX_ELEMENTS ? (int)number : -1;
}

/* Puts an item under a key, in the place of what is there. Takes it over. False when the list has
 * no such element, or memory ran out. */
static bool put(cJSON *parent, const char *key, cJSON *item)
{
    bool list = cJSON_IsArray(parent), good = item != NULL;
    int element = list ? element_of(key) : 0;
    good = good && element >= 0;
    while (good && list && cJSON_GetArraySize(parent) <= element)
        good = cJSON_AddItemToArray(parent, cJSON_CreateObject());
    if (good && list)
        good = cJSON_ReplaceItemInArray(parent, element, item);
    else if (good && cJSON_GetObjectItemCaseSensitive(parent, key))
        good = cJSON_ReplaceItemInObjectCaseSensitive(parent, key, item);
    else if (good)
        good = cJSON_AddItemToObject(parent, key, item);
    if (!good)
        cJSON_Delete(item);
    return good;
}

static cJSON *member(cJSON *parent, const char *key)
{
    if (!cJSON_IsArray(parent))
        return cJSON_GetObjectItemCaseSensitive(parent, key);
    int element = element_of(key);
    return element < 0 ? NULL : cJSON_GetArrayItem(parent, element);
}

/* The object or list under a key; an object is put there when there is neither. */
static cJSON *step(cJSON *parent, const char *key)
{
    cJSON *there = member(parent, key);
    if (cJSON_IsObject(there) || cJSON_IsArray(there))
        return there;
    return put(parent, key, cJSON_CreateObject()) ? member(parent, key) : NULL;
}

/* Lets the numbers whose digits are kept be printed with them. */
static void print_digits(cJSON *node)
{
    for (cJSON *child = node->child; child; child = child->next)
        print_digits(child);
    if (cJSON_IsNumber(node) && node->valuestring)
        node->type = cJSON_Raw;
}

/* A number as it is written, or any other value so that fields can be set in it. */
static cJSON *value_of(const struct send_field *field)
{
    if (is_number(field->value))
        return cJSON_CreateRaw(field->value);
    cJSON *json = cJSON_Parse(field->value);
    if (json && digits_keep(json, field->value, strlen(field->value)))
        print_digits(json);
    return json;
}

static bool set(cJSON *envelope, const struct send_field *field, char *reason, size_t reason_size)
{
    cJSON *parent = envelope;
    size_t last = field->count - 1, i = 0;
    for (; i < last; i++) {
        cJSON *next = step(parent, field->keys[i]);
        if (!next)
            break;
        parent = next;
    }
    if (i == last && put(parent, field->keys[last], value_of(field)))
        return true;
    if (cJSON_IsArray(parent) && element_of(field->keys[i]) < 0)
        snprintf(reason, reason_size,
                 "%s is a list: write the number of an element, from 0 to %d, instead of \"%.60s\"",
                 field->keys[i - 1], MAX_ELEMENTS - 1, field->keys[i]);
    else
        snprintf(reason, reason_size, "%s", no_memory);
    return false;
}

bool send_field_set(const struct send_field *fields, size_t count, char **envelope, char *reason,
                    size_t reason_size)
{
    cJSON *json = cJSON_Parse(*envelope);
    bool good = json != NULL;
    char *text = NULL;
    snprintf(reason, reason_size, "%s", no_memory);
    for (size_t i = 0; i < count && good; i++)
        good = set(json, &fields[i], reason, reason_size);
    if (good)
        text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!text)
        return false;
    free(*envelope);
    *envelope = text;
    return true;
}
