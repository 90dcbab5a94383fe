/*
 * Reading a field: finding its place in the tree, and taking only what is of its type.
 */
#include "field_read.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "decimal.h"
#include "digits.h"
#include "json_abridge.h"

static const cJSON *find_member(const cJSON *object, const char *key, size_t length)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, object)
    {
        const char *name = member->string;

        if (*name == *key && strncmp(name, key, length) == 0 && name[length] == '\0')
            return member;
    }
    return NULL;
}

static const cJSON *find_element(const cJSON *array, const char *digits, size_t length)
{
    const cJSON *element = array->child;
    size_t index = 0;

    if (length == 0 || length > 9) /* no body has room for more elements */
        return NULL;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)digits[i]))
            return NULL;
        index = index * 10 + (size_t)(digits[i] - '0');
    }
    while (element && index-- > 0)
        element = element->next;
    return element;
}

static const cJSON *find_path(const cJSON *node, const char *path, size_t length)
{
    const char *end = path + length;
    bool more = length > 0;

    while (node && more) {
        const char *dot = memchr(path, '.', (size_t)(end - path));
        size_t part = (size_t)((dot ? dot : end) - path);

        if (cJSON_IsObject(node))
            node = find_member(node, path, part);
        else
            node = cJSON_IsArray(node) ? find_element(node, path, part) : NULL;
        path += part + 1;
        more = dot != NULL;
    }
    return node;
}

const cJSON *field_path(const cJSON *root, const char *path)
{
    return find_path(root, path, strlen(path));
}

/* Nearly all paths lead into the event's data, which need not be searched for again. */
static const cJSON *find_in_event(const struct event *event, const char *path, size_t length)
{
    static const char data[] = "data.";
    const size_t skip = sizeof data - 1;

    if (event->data && length > skip && memcmp(path, data, skip) == 0)
        return find_path(event->data, path + skip, length - skip);
    return find_path(event->json, path, length);
}

struct field_place field_place(const struct field *field, const struct event *event)
{
    for (const char *path = field->path; path && *path;) {
        size_t length = strcspn(path, "|");
        const cJSON *node = find_in_event(event, path, length);

        if (node)
            return (struct field_place){.node = node, .path = path, .path_length = length};
        path += length + (path[length] == '|');
    }
    return (struct field_place){.path = ""};
}

static bool read_text(const cJSON *node, struct value *value)
{
    value->text = cJSON_GetStringValue(node);
    return value->text && *value->text;
}

static bool read_number(const cJSON *node, struct value *value)
{
    value->number = cJSON_GetNumberValue(node);
    value->digits = digits_of(node);
    return cJSON_IsNumber(node) && isfinite(value->number);
}

static bool read_ratio(const cJSON *node, struct value *value)
{
    if (!read_number(node, value))
        return false;
    if (value->digits)
        return decimal_compare(value->digits, "0") >= 0 && decimal_compare(value->digits, "1") <= 0;
    return value->number >= 0 && value->number <= 1;
}

static bool read_time(const cJSON *node, struct value *value)
{
    const char *text = cJSON_GetStringValue(node);
    int64_t ms = 0;

    if (!text || !event_parse_time(text, &ms))
        return false;
    value->number = (double)ms;
    return true;
}

/* {"amount": 0.012, "currency": "USD"}, or the amount alone. */
static bool read_money(const cJSON *node, struct value *value)
{
    if (!cJSON_IsObject(node))
        return read_number(node, value);
    value->text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(node, "currency"));
    return read_number(cJSON_GetObjectItemCaseSensitive(node, "amount"), value);
}

static bool read_flag(const cJSON *node, struct value *value)
{
    value->number = cJSON_IsTrue(node);
    return cJSON_IsBool(node);
}

static bool read_array(const cJSON *node, struct value *value,
                       cJSON_bool (*is_element)(const cJSON *element))
{
    const cJSON *element;

    if (!cJSON_IsArray(node))
        return false;
    cJSON_ArrayForEach(element, node)
    {
        if (!is_element(element))
            return false;
    }
    value->number = (double)json_members(node);
    value->json = node;
    return true;
}

static bool read_list(const cJSON *node, struct value *value)
{
    return read_array(node, value, cJSON_IsString);
}

static bool read_files(const cJSON *node, struct value *value)
{
    return read_array(node, value, cJSON_IsObject);
}

static bool read_json(const cJSON *node, struct value *value)
{
    const char *text = cJSON_GetStringValue(node);
    bool container = cJSON_IsObject(node) || cJSON_IsArray(node);

    value->json = node;
    return !cJSON_IsNull(node) && !(text && !*text) && !(container && !node->child);
}

static bool (*const readers[FIELD_TYPES])(const cJSON *node, struct value *value) = {
    [FIELD_TEXT] = read_text,       [FIELD_ID] = read_text,      [FIELD_URL] = read_text,
    [FIELD_TIME] = read_time,       [FIELD_AGE] = read_number,   [FIELD_BYTES] = read_number,
    [FIELD_DURATION] = read_number, [FIELD_COUNT] = read_number, [FIELD_MONEY] = read_money,
    [FIELD_RATIO] = read_ratio,     [FIELD_FLAG] = read_flag,    [FIELD_LIST] = read_list,
    [FIELD_FILES] = read_files,     [FIELD_JSON] = read_json,
};

bool field_get(const struct field *field, const struct field_source *source, struct value *value)
{
    *value = (struct value){.type = field->type};
    if (field->extract)
        return field->extract(source, value);

    const cJSON *node = field_place(field, source->event).node;
    return node && readers[field->type](node, value);
}
