/*
 * Values as text for people, and the one-line summary of an event.
 */
#include "field.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* A buffer that is being filled; what does not fit is cut off. */
struct out {
    char *buffer;
    size_t size, length;
};

static const char separator[] = " · ";

static struct out out_to(char *buffer, size_t size)
{
    if (size > 0)
        buffer[0] = '\0';
    return (struct out){.buffer = buffer, .size = size};
}

static bool is_full(const struct out *out)
{
    return out->length + 1 >= out->size;
}

static void put_bytes(struct out *out, const char *text, size_t length)
{
    if (is_full(out))
        return;
    size_t room = out->size - out->length - 1;
    if (length > room)
        length = room;
    memcpy(out->buffer + out->length, text, length);
    out->length += length;
    out->buffer[out->length] = '\0';
}

static void put(struct out *out, const char *text)
{
    put_bytes(out, text, strlen(text));
}

/* The shortest decimal that reads back as the same number; whole ones without an exponent as far
 * as a double can count. */
static void put_number(struct out *out, double number)
{
    char digits[40];

    if (number == trunc(number) && fabs(number) < 1e17) {
        snprintf(digits, sizeof digits, "%.0f", number);
    } else {
        for (int precision = 15; precision <= 17; precision++) {
            double again = 0;
            snprintf(digits, sizeof digits, "%.*g", precision, number);
            if (sscanf(digits, "%lf", &again) == 1 && again >= number && again <= number)
                break;
        }
    }
    put(out, digits);
}

static void put_string(struct out *out, const char *text)
{
    static const char escaped[] = "\"\\\n\r\t\b\f";
    static const char letters[] = "\"\\nrtbf";

    put(out, "\"");
    while (*text && !is_full(out)) {
        size_t plain = strcspn(text, escaped);
        put_bytes(out, text, plain);
        text += plain;
        if (*text) {
            put(out, "\\");
            put_bytes(out, &letters[strchr(escaped, *text) - escaped], 1);
            text++;
        }
    }
    put(out, "\"");
}

/* Compact JSON. As deep as the tree, which event_decode() limits; and no longer than the buffer. */
static void put_json(struct out *out, const cJSON *node)
{
    if (cJSON_IsString(node)) {
        put_string(out, node->valuestring);
    } else if (cJSON_IsNumber(node)) {
        put_number(out, node->valuedouble);
    } else if (cJSON_IsObject(node) || cJSON_IsArray(node)) {
        put(out, cJSON_IsObject(node) ? "{" : "[");
        for (const cJSON *child = node->child; child && !is_full(out); child = child->next) {
            if (cJSON_IsObject(node)) {
                put_string(out, child->string);
                put(out, ":");
            }
            put_json(out, child);
            if (child->next)
                put(out, ",");
        }
        put(out, cJSON_IsObject(node) ? "}" : "]");
    } else {
        put(out, cJSON_IsNull(node) ? "null" : cJSON_IsTrue(node) ? "true" : "false");
    }
}

/* The elements of a list, or a member of each, with commas between; "none" when there are none. */
static size_t format_elements(const cJSON *array, const char *key, char *buffer, size_t size)
{
    struct out out = out_to(buffer, size);
    const cJSON *element;

    cJSON_ArrayForEach(element, array)
    {
        const cJSON *item = key ? cJSON_GetObjectItemCaseSensitive(element, key) : element;
        const char *text = cJSON_GetStringValue(item);

        if (is_full(&out))
            break;
        put(&out, element == array->child ? "" : ", ");
        put(&out, text ? text : "unnamed");
    }
    if (!array->child)
        put(&out, "none");
    return out.length;
}

static size_t format_text(const struct value *value, char *buffer, size_t size)
{
    struct out out = out_to(buffer, size);
    put(&out, value->text);
    return out.length;
}

/* Milliseconds as the functions of text.h want them. Beyond this range they are nonsense anyway,
 * and the conversion would be undefined. */
static int64_t to_ms(double number)
{
    return (int64_t)fmax(-9e15, fmin(number, 9e15));
}

static size_t format_time(const struct value *value, char *buffer, size_t size)
{
    return text_time_full(buffer, size, to_ms(value->number));
}

static size_t format_duration(const struct value *value, char *buffer, size_t size)
{
    return text_duration(buffer, size, to_ms(value->number));
}

static size_t format_bytes(const struct value *value, char *buffer, size_t size)
{
    return text_bytes(buffer, size, value->number);
}

static size_t format_count(const struct value *value, char *buffer, size_t size)
{
    return text_count(buffer, size, value->number);
}

static size_t format_money(const struct value *value, char *buffer, size_t size)
{
    return text_money(buffer, size, value->number, value->text);
}

static size_t format_ratio(const struct value *value, char *buffer, size_t size)
{
    return text_percent(buffer, size, value->number);
}

static size_t format_flag(const struct value *value, char *buffer, size_t size)
{
    struct out out = out_to(buffer, size);
    put(&out, value->number > 0 ? "yes" : "no");
    return out.length;
}

static size_t format_list(const struct value *value, char *buffer, size_t size)
{
    return format_elements(value->json, NULL, buffer, size);
}

static size_t format_files(const struct value *value, char *buffer, size_t size)
{
    return format_elements(value->json, "name", buffer, size);
}

static size_t format_json(const struct value *value, char *buffer, size_t size)
{
    struct out out = out_to(buffer, size);

    if (cJSON_IsString(value->json))
        put(&out, value->json->valuestring);
    else
        put_json(&out, value->json);
    return out.length;
}

static size_t (*const formatters[FIELD_TYPES])(const struct value *value, char *buffer,
                                               size_t size) = {
    [FIELD_TEXT] = format_text,         [FIELD_ID] = format_text,      [FIELD_URL] = format_text,
    [FIELD_TIME] = format_time,         [FIELD_AGE] = format_duration, [FIELD_BYTES] = format_bytes,
    [FIELD_DURATION] = format_duration, [FIELD_COUNT] = format_count,  [FIELD_MONEY] = format_money,
    [FIELD_RATIO] = format_ratio,       [FIELD_FLAG] = format_flag,    [FIELD_LIST] = format_list,
    [FIELD_FILES] = format_files,       [FIELD_JSON] = format_json,
};

size_t field_format(const struct value *value, char *buffer, size_t size)
{
    return size > 0 ? formatters[value->type](value, buffer, size) : 0;
}

/* Writes the field that a template names. False when the event does not have it. */
static bool put_field(struct out *out, const struct field_source *source, const char *name,
                      size_t length)
{
    char copy[32], text[512];
    struct value value;

    if (length >= sizeof copy)
        return false;
    memcpy(copy, name, length);
    copy[length] = '\0';

    const struct field *field = field_find(copy);
    if (!field || !field_get(field, source, &value))
        return false;
    bool list = value.type == FIELD_LIST || value.type == FIELD_FILES;
    if (list && !value.json->child)
        return false;
    field_format(&value, text, sizeof text);
    put(out, text);
    return true;
}

/* One part of a template. False when a field of it is missing. */
static bool put_part(struct out *out, const struct field_source *source, const char *part,
                     size_t length)
{
    const char *end = part + length;

    while (part < end) {
        const char *brace = memchr(part, '{', (size_t)(end - part));
        put_bytes(out, part, (size_t)((brace ? brace : end) - part));
        if (!brace)
            break;
        size_t name = strcspn(brace + 1, "}");
        if (!put_field(out, source, brace + 1, name))
            return false;
        part = brace + 1 + name + 1;
    }
    return true;
}

static void put_template(struct out *out, const struct field_source *source, const char *template)
{
    while (template) {
        const char *next = strstr(template, separator);
        size_t length = next ? (size_t)(next - template) : strlen(template);
        size_t before = out->length;

        if (before > 0)
            put(out, separator);
        if (!put_part(out, source, template, length)) {
            out->length = before;
            out->buffer[before] = '\0';
        }
        template = next ? next + strlen(separator) : NULL;
    }
}

size_t field_summary(const struct field_source *source, char *buffer, size_t size)
{
    const struct event *event = source->event;
    struct out out = out_to(buffer, size);

    if (size == 0)
        return 0;
    if (event->known)
        put_template(&out, source, event->known->summary);
    if (out.length == 0 && event->text) {
        for (const char *c = event->text; *c; c++)
            put_bytes(&out, c, *c != '`'); /* Markdown, which is for Slack */
    }
    if (out.length == 0 && event->data)
        put_json(&out, event->data);
    return out.length;
}
