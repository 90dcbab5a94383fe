/*
 * Everything that an event holds, line by line, for the detail pane.
 *
 * First the fields of the table. The nodes of the tree that they have shown are remembered, by
 * address and not by name, so that the walk over the tree that follows shows the rest: what the
 * table does not know, what is of another type than it says, and the second of two equal keys.
 */
#include "field.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "digits.h"
#include "field_read.h"
#include "text.h"

enum {
    MAX_SHOWN = 128,  /* a field shows two nodes at most */
    TEXT_SIZE = 1024, /* what is longer is not joined into one line, but shown one by one */
};

struct walk {
    void (*visit)(void *context, const struct field_line *line);
    void *context;
    const cJSON *shown[MAX_SHOWN];
    size_t shown_count;
    /* Where the walk is. Cut when longer, for keys may be as long as the body. */
    char path[TEXT_SIZE];
    size_t path_length;
    /* What heads the lines below a field of the table, and how much of the path it stands for. */
    const struct field *field;
    const char *title;
    size_t title_path;
};

static void mark(struct walk *walk, const cJSON *node)
{
    if (node && walk->shown_count < MAX_SHOWN)
        walk->shown[walk->shown_count++] = node;
}

static bool is_shown(const struct walk *walk, const cJSON *node)
{
    for (size_t i = 0; i < walk->shown_count; i++)
        if (walk->shown[i] == node)
            return true;
    return false;
}

static void set_path(struct walk *walk, const char *path, size_t length)
{
    walk->path_length = length < sizeof walk->path ? length : sizeof walk->path - 1;
    memcpy(walk->path, path, walk->path_length);
    walk->path[walk->path_length] = '\0';
}

static void add_byte(struct walk *walk, char c)
{
    if (walk->path_length + 1 < sizeof walk->path)
        walk->path[walk->path_length++] = c;
}

/* A key as it stands, or where that would be read otherwise, in quotes. */
static void add_key(struct walk *walk, const char *key)
{
    bool quoted = !*key || strpbrk(key, ".\"\\");

    if (quoted)
        add_byte(walk, '"');
    for (; *key; key++) {
        if (quoted && (*key == '"' || *key == '\\'))
            add_byte(walk, '\\');
        add_byte(walk, *key);
    }
    if (quoted)
        add_byte(walk, '"');
    walk->path[walk->path_length] = '\0';
}

/* Goes one step down; the caller goes back with set_path() or by the length it had before. */
static void add_path(struct walk *walk, const char *key, size_t index)
{
    char number[32];

    if (walk->path_length > 0)
        add_byte(walk, '.');
    if (!key)
        snprintf(number, sizeof number, "%zu", index);
    add_key(walk, key ? key : number);
}

static void cut_path(struct walk *walk, size_t length)
{
    walk->path_length = length;
    walk->path[length] = '\0';
}

static void show(struct walk *walk, const char *title, const char *text, enum field_type type)
{
    const struct field_line line = {
        .field = walk->field,
        .title = title,
        .path = walk->path,
        .text = text,
        .type = type,
    };
    walk->visit(walk->context, &line);
}

static bool looks_like_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* A value on its own: a scalar, or an empty object or array. */
static void show_leaf(struct walk *walk, const cJSON *node)
{
    struct value value = {.type = FIELD_JSON, .json = node};
    char title[2 * TEXT_SIZE], text[64];
    const char *string = cJSON_GetStringValue(node);

    if (walk->title && walk->path_length > walk->title_path)
        snprintf(title, sizeof title, "%s %s", walk->title, walk->path + walk->title_path);
    else if (walk->title)
        snprintf(title, sizeof title, "%s", walk->title);
    else
        snprintf(title, sizeof title, "%s",
                 walk->path + (strncmp(walk->path, "data.", 5) == 0 ? 5 : 0));
    if (string && *string) {
        show(walk, title, string, looks_like_url(string) ? FIELD_URL : FIELD_TEXT);
    } else if (string) {
        show(walk, title, "\"\"", FIELD_JSON);
    } else {
        const char *digits = digits_of(node);
        field_format(&value, text, sizeof text);
        show(walk, title, digits ? digits : text, FIELD_JSON);
    }
}

/* Every leaf at or below a node that was not shown yet. As deep as the tree, which event_decode()
 * limits. */
static void show_rest(struct walk *walk, const cJSON *node)
{
    size_t length = walk->path_length, index = 0;
    bool container = cJSON_IsObject(node) || cJSON_IsArray(node);

    if (is_shown(walk, node))
        return;
    if (!container || !node->child) {
        show_leaf(walk, node);
        return;
    }
    for (const cJSON *child = node->child; child; child = child->next) {
        add_path(walk, child->string, index++);
        show_rest(walk, child);
        cut_path(walk, length);
    }
}

/* The leaves of a node under a title of their own; it then counts as shown. */
static void show_under(struct walk *walk, const cJSON *node, const char *title)
{
    walk->title = title;
    walk->title_path = walk->path_length + 1; /* the dot that follows */
    show_rest(walk, node);
    walk->title = NULL;
    mark(walk, node);
}

/* "order.pdf · 38.4 KB · application/pdf". False when there is nothing, or it does not fit. */
static bool describe_file(struct walk *walk, const cJSON *file, char *text, size_t size)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(file, "name");
    const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(file, "size");
    const cJSON *content = cJSON_GetObjectItemCaseSensitive(file, "content_type");
    char number[32] = "";

    const char *parts[] = {
        cJSON_GetStringValue(name),
        cJSON_IsNumber(bytes) ? number : NULL,
        cJSON_GetStringValue(content),
    };
    if (cJSON_IsNumber(bytes))
        text_bytes(number, sizeof number, bytes->valuedouble);

    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i] || !*parts[i])
            continue;
        int added = snprintf(text + length, size - length, "%s%s", length ? " · " : "", parts[i]);
        if (added < 0 || (size_t)added >= size - length)
            return false;
        length += (size_t)added;
    }
    mark(walk, parts[0] ? name : NULL);
    mark(walk, parts[1] ? bytes : NULL);
    mark(walk, parts[2] ? content : NULL);
    return length > 0;
}

static void show_file(struct walk *walk, const cJSON *file, size_t index)
{
    size_t length = walk->path_length, shown_before = walk->shown_count;
    const cJSON *url = cJSON_GetObjectItemCaseSensitive(file, "url");
    const char *address = cJSON_GetStringValue(url);
    char title[64], text[TEXT_SIZE];

    snprintf(title, sizeof title, "Artifact %zu", index + 1);
    add_path(walk, NULL, index);
    if (describe_file(walk, file, text, sizeof text))
        show(walk, title, text, FIELD_TEXT);
    if (address && *address) {
        size_t file_length = walk->path_length;
        snprintf(title, sizeof title, "Artifact %zu link", index + 1);
        add_path(walk, "url", 0);
        show(walk, title, address, FIELD_URL);
        cut_path(walk, file_length);
        mark(walk, url);
    }
    snprintf(title, sizeof title, "Artifact %zu", index + 1);
    show_under(walk, file, title);
    walk->shown_count = shown_before; /* its whole array is marked when all are shown */
    cut_path(walk, length);
}

static void show_files(struct walk *walk, const cJSON *files)
{
    const cJSON *file;
    size_t index = 0;

    cJSON_ArrayForEach(file, files)
    {
        show_file(walk, file, index++);
    }
}

static void show_field(struct walk *walk, const struct field *field,
                       const struct field_source *source)
{
    struct field_place place = field_place(field, source->event);
    char text[TEXT_SIZE];
    struct value value;

    if (field->derived || is_shown(walk, place.node) || !field_get(field, source, &value))
        return;
    walk->field = field;
    set_path(walk, place.path, place.path_length);

    if (field->type == FIELD_JSON) {
        show_under(walk, place.node, field->title);
    } else if (field->type == FIELD_FILES && value.json->child) {
        show_files(walk, value.json);
        mark(walk, place.node);
    } else if (field->type == FIELD_MONEY) {
        field_format(&value, text, sizeof text);
        show(walk, field->title, text, field->type);
        mark(walk, cJSON_GetObjectItemCaseSensitive(place.node, "amount"));
        mark(walk, value.text ? cJSON_GetObjectItemCaseSensitive(place.node, "currency") : NULL);
        mark(walk, cJSON_IsNumber(place.node) ? place.node : NULL);
    } else if (value.text) {
        show(walk, field->title, value.text, field->type);
        mark(walk, place.node);
    } else if (field_format(&value, text, sizeof text) + 1 < sizeof text) {
        show(walk, field->title, text, field->type);
        mark(walk, place.node);
    } else {
        show_under(walk, place.node, field->title);
    }
}

void field_each(const struct field_source *source,
                void (*visit)(void *context, const struct field_line *line), void *context)
{
    struct walk walk = {.visit = visit, .context = context};

    for (size_t i = 0; i < field_count; i++)
        show_field(&walk, &fields[i], source);
    walk.field = NULL;
    set_path(&walk, "", 0);
    show_rest(&walk, source->event->json);
}
