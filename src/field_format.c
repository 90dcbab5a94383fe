/*
 * Values as text for people, and the one-line summary of an event.
 */
#include "field.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"
#include "json_abridge.h"
#include "text.h"

/* A buffer that is being filled; what does not fit is cut off. */
struct out {
    char *buffer;
    size_t size, length;
    bool cut;
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
    out->cut |= length > 0 && is_full(out);
    if (is_full(out))
        return;
    size_t room = out->size - out->length - 1;
    out->cut |= length > room;
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

static void put_number(struct out *out, const cJSON *node)
{
    char number[40];
    const char *digits = digits_of(node);

    text_number(number, sizeof number, node->valuedouble);
    put(out, digits ? digits : number);
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
        put_number(out, node);
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
    return value->digits ? text_digits(buffer, size, value->digits)
                         : text_count(buffer, size, value->number);
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

/* Members whose value speaks for itself. */
static bool speaks_for_itself(const char *key)
{
    static const char *const keys[] = {"status",  "state", "result", "value", "output",
                                       "message", "text",  "name",   "title", "summary"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* "order_id" as "order": blanks for underscores, and no "id", which the value is anyway. */
static void put_words(struct out *out, const char *key)
{
    size_t length = strlen(key);
    if (length > 3 && strcmp(key + length - 3, "_id") == 0)
        length -= 3;
    for (size_t i = 0; i < length; i++)
        put_bytes(out, key[i] == '_' ? " " : &key[i], 1);
}

static bool is_nested(const cJSON *node)
{
    return cJSON_IsObject(node) || cJSON_IsArray(node);
}

static void put_scalar(struct out *out, const cJSON *node)
{
    if (cJSON_IsString(node))
        put(out, node->valuestring);
    else if (cJSON_IsNumber(node))
        put_number(out, node);
    else
        put(out, cJSON_IsNull(node) ? "none" : cJSON_IsTrue(node) ? "yes" : "no");
}

/* The elements of a list with commas between, or how many there are of what is nested itself. */
static void put_elements(struct out *out, const cJSON *array, const char *key)
{
    char count[32];
    bool nested = false;
    for (const cJSON *child = array->child; child; child = child->next)
        nested |= is_nested(child);
    if (nested) {
        snprintf(count, sizeof count, "%zu ", json_members(array));
        put(out, count);
        put_words(out, key);
        return;
    }
    put_words(out, key);
    for (const cJSON *child = array->child; child && !is_full(out); child = child->next) {
        put(out, child == array->child ? " " : ", ");
        put_scalar(out, child);
    }
}

static void put_members(struct out *out, const cJSON *object, const char *between, int depth);

/* A member of an object in words: "parcel 95274", "no tenders", "3 invoices". */
static void put_member(struct out *out, const cJSON *node, int depth)
{
    enum { MAX_PROSE_DEPTH = 3 };
    const char *key = node->string ? node->string : "";
    if (!is_nested(node)) {
        if (!speaks_for_itself(key)) {
            put_words(out, key);
            put(out, " ");
        }
        put_scalar(out, node);
    } else if (!node->child) {
        put(out, "no ");
        put_words(out, key);
    } else if (cJSON_IsArray(node)) {
        put_elements(out, node, key);
    } else {
        put_words(out, key);
        put(out, " (");
        if (depth < MAX_PROSE_DEPTH)
            put_members(out, node, ", ", depth + 1);
        else
            put(out, "…");
        put(out, ")");
    }
}

static void put_members(struct out *out, const cJSON *object, const char *between, int depth)
{
    for (const cJSON *child = object->child; child && !is_full(out); child = child->next) {
        put(out, child == object->child ? "" : between);
        put_member(out, child, depth);
    }
}

/* JSON as prose. */
static void put_prose(struct out *out, const cJSON *node)
{
    if (cJSON_IsObject(node))
        put_members(out, node, separator, 0);
    else if (cJSON_IsArray(node))
        put_elements(out, node, "items");
    else
        put_scalar(out, node);
}

/* Says of a list its first element, and how many more there are. */
static void put_first(struct out *out, const cJSON *array)
{
    char more[32];
    size_t count = json_members(array);
    const char *first = cJSON_GetStringValue(array->child);
    put(out, first ? first : "unnamed");
    snprintf(more, sizeof more, " +%zu", count - 1);
    if (count > 1)
        put(out, more);
}

/* A summary in the making. */
struct summary {
    struct out out;
    const struct field_source *source;
    const char *beside; /* the field that is left out, or NULL */
};

static void put_value(struct out *out, const struct value *value)
{
    char text[128];
    if (value->type == FIELD_LIST)
        put_first(out, value->json);
    else if (value->type == FIELD_JSON)
        put_prose(out, value->json);
    else if (value->text && value->type != FIELD_MONEY)
        put(out, value->text);
    else if (field_format(value, text, sizeof text) > 0)
        put(out, text);
}

/* Writes the field that a template names. False when the event does not have it. */
static bool put_field(struct summary *summary, const char *name, size_t length)
{
    char copy[32];
    struct value value;

    if (length >= sizeof copy)
        return false;
    memcpy(copy, name, length);
    copy[length] = '\0';
    if (summary->beside && strcmp(copy, summary->beside) == 0)
        return false;

    const struct field *field = field_find(copy);
    if (!field || !field_get(field, summary->source, &value))
        return false;
    bool empty = value.type == FIELD_LIST || value.type == FIELD_FILES ||
                 (value.type == FIELD_JSON && is_nested(value.json));
    if (empty && !value.json->child)
        return false;
    put_value(&summary->out, &value);
    return true;
}

/* One part of a template. False when a field of it is missing. */
static bool put_part(struct summary *summary, const char *part, size_t length)
{
    const char *end = part + length;

    while (part < end) {
        const char *brace = memchr(part, '{', (size_t)(end - part));
        put_bytes(&summary->out, part, (size_t)((brace ? brace : end) - part));
        if (!brace)
            break;
        size_t name = strcspn(brace + 1, "}");
        if (!put_field(summary, brace + 1, name))
            return false;
        part = brace + 1 + name + 1;
    }
    return true;
}

static void put_template(struct summary *summary, const char *template)
{
    struct out *out = &summary->out;
    while (template) {
        const char *next = strstr(template, separator);
        size_t length = next ? (size_t)(next - template) : strlen(template);
        struct out before = *out;

        if (before.length > 0)
            put(out, separator);
        if (!put_part(summary, template, length)) {
            *out = before;
            out->buffer[out->length] = '\0';
        }
        template = next ? next + strlen(separator) : NULL;
    }
}

/* Ends a text that was cut with a mark. */
static void mark_cut(struct out *out)
{
    static const char mark[] = "…";
    if (!out->cut || out->size < sizeof mark)
        return;
    size_t length = out->size - sizeof mark;
    if (length > out->length)
        length = out->length;
    while (length > 0 && ((unsigned char)out->buffer[length] & 0xc0) == 0x80)
        length--;
    memcpy(out->buffer + length, mark, sizeof mark);
    out->length = length + sizeof mark - 1;
}

/* The payload, without the id of what it is about, which stands beside every summary. */
static void put_data(struct out *out, const struct event *event)
{
    const char *id_key = entity_infos[event->entity].id_key;
    for (const cJSON *child = event->data->child; child && !is_full(out); child = child->next) {
        if (id_key && strcmp(child->string, id_key) == 0)
            continue;
        put(out, out->length ? separator : "");
        put_member(out, child, 0);
    }
}

size_t field_summary_beside(const struct field_source *source, const char *beside, char *buffer,
                            size_t size)
{
    const struct event *event = source->event;
    struct summary summary = {.out = out_to(buffer, size), .source = source, .beside = beside};
    struct out *out = &summary.out;

    if (size == 0)
        return 0;
    if (event->known) {
        put_template(&summary, event->known->summary);
        if (out->length > 0 && !strstr(event->known->summary, "{duration}"))
            put_template(&summary, "{duration}");
    }
    if (out->length == 0 && event->text) {
        for (const char *c = event->text; *c; c++)
            put_bytes(out, c, *c != '`'); /* Markdown, which is for Slack */
    }
    if (out->length == 0 && event->data)
        put_data(out, event);
    mark_cut(out);
    return out->length;
}

size_t field_summary(const struct field_source *source, char *buffer, size_t size)
{
    return field_summary_beside(source, NULL, buffer, size);
}
