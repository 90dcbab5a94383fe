/*
 * Paths into the payload: data.output.order_id, data.rows.0."odd key".
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_private.h"
#include "json.h"

static const char root_key[] = "data";

bool filter_is_path(const char *name)
{
    size_t length = strlen(root_key);
    return strncasecmp(name, root_key, length) == 0 &&
           (name[length] == '\0' || name[length] == '.');
}

void filter_path_free(struct filter_path *path)
{
    for (size_t i = 0; i < path->count; i++)
        free(path->keys[i].text);
    free(path->keys);
    *path = (struct filter_path){.keys = NULL};
}

static struct path_key *add_key(struct filter_path *path, bool quoted)
{
    struct path_key *keys = realloc(path->keys, (path->count + 1) * sizeof *keys);

    if (!keys)
        return NULL;
    path->keys = keys;
    keys[path->count] = (struct path_key){.quoted = quoted};
    return &keys[path->count++];
}

/* The length of the quoted string that the text begins with, or 0 when it has no end. */
static size_t quoted_length(const char *text, size_t length)
{
    for (size_t at = 1; at < length; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == '"')
            return at + 1;
    }
    return 0;
}

/* The length of keys without quotes, up to one with quotes. */
static size_t plain_length(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && !(text[at] == '.' && at + 1 < length && text[at + 1] == '"'))
        at++;
    return at;
}

static bool has_empty_key(const char *text, size_t length)
{
    for (size_t at = 0; at < length; at++)
        if (text[at] == '.' && (at == 0 || at + 1 == length || text[at + 1] == '.'))
            return true;
    return false;
}

static bool take_key(struct filter_path *path, const char *text, size_t length, size_t *used)
{
    bool quoted = *text == '"';

    *used = quoted ? quoted_length(text, length) : plain_length(text, length);
    if (*used == 0 || (!quoted && has_empty_key(text, *used)))
        return false;
    struct path_key *key = add_key(path, quoted);
    if (key && quoted && (key->text = malloc(*used)))
        key->text[json_unescape(key->text, text + 1, *used - 2)] = '\0';
    else if (key)
        key->text = strndup(text, *used);
    return key && key->text;
}

bool filter_path_read(struct filter_path *path, const char *text, size_t length)
{
    size_t at = strlen(root_key), used;

    *path = (struct filter_path){.keys = NULL};
    if (length < at || strncasecmp(text, root_key, at) != 0)
        return false;
    for (; at < length; at += used) {
        if (text[at] != '.' || at + 1 == length ||
            !take_key(path, text + at + 1, length - at - 1, &used)) {
            filter_path_free(path);
            return false;
        }
        used++;
    }
    return true;
}

/* Where a walk over a tree has come: `rest` is what is left of the key. */
struct step {
    const struct path_key *key, *end;
    const char *rest;
};

static struct step step_to(const struct path_key *key, const struct path_key *end)
{
    return (struct step){key, end, key < end ? key->text : NULL};
}

static bool ask(const struct path_question *question, const cJSON *node, struct step step);

static bool ask_quoted(const struct path_question *question, const cJSON *node, struct step step)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, node)
    {
        if (strcmp(step.key->text, member->string) == 0 &&
            ask(question, member, step_to(step.key + 1, step.end)))
            return true;
    }
    return false;
}

/* A key of the tree may hold dots itself, so the keys are held against the path and not the other
 * way round. */
static bool ask_plain(const struct path_question *question, const cJSON *node, struct step step)
{
    const cJSON *member;

    cJSON_ArrayForEach(member, node)
    {
        size_t length = strlen(member->string);
        if (strncmp(step.rest, member->string, length) != 0)
            continue;
        if (step.rest[length] == '\0' && ask(question, member, step_to(step.key + 1, step.end)))
            return true;
        if (step.rest[length] == '.' &&
            ask(question, member, (struct step){step.key, step.end, step.rest + length + 1}))
            return true;
    }
    return false;
}

/* The element that a number counts. */
static bool ask_element(const struct path_question *question, const cJSON *array, struct step step,
                        size_t digits)
{
    const cJSON *element = array->child;
    size_t index = 0;

    for (size_t i = 0; i < digits && index < 1000000000; i++)
        index = index * 10 + (size_t)(step.rest[i] - '0');
    for (; element && index > 0; index--)
        element = element->next;
    step = step.rest[digits] ? (struct step){step.key, step.end, step.rest + digits + 1}
                             : step_to(step.key + 1, step.end);
    return element && ask(question, element, step);
}

/* A number in the path is that element of an array; anything else is looked for in all. */
static bool ask_array(const struct path_question *question, const cJSON *node, struct step step)
{
    size_t digits = step.key->quoted ? 0 : strspn(step.rest, "0123456789");
    const cJSON *element;

    if (digits > 0 && (step.rest[digits] == '.' || step.rest[digits] == '\0'))
        return ask_element(question, node, step, digits);
    cJSON_ArrayForEach(element, node)
    {
        if (ask(question, element, step))
            return true;
    }
    return false;
}

/* Comes to every node once at most; as deep as the tree. */
static bool ask(const struct path_question *question, const cJSON *node, struct step step)
{
    if (step.key == step.end)
        return question->holds(question, node);
    if (cJSON_IsArray(node))
        return ask_array(question, node, step);
    if (!cJSON_IsObject(node))
        return false;
    return step.key->quoted ? ask_quoted(question, node, step) : ask_plain(question, node, step);
}

bool filter_path_ask(const struct path_question *question, const cJSON *root,
                     const struct filter_path *path)
{
    const struct path_key *end = path->count ? path->keys + path->count : NULL;
    const cJSON *member;

    cJSON_ArrayForEach(member, root)
    {
        if (strcmp(member->string, root_key) == 0 &&
            ask(question, member, step_to(path->keys, end)))
            return true;
    }
    return false;
}

static bool is_not_null(const struct path_question *question, const cJSON *node)
{
    (void)question;
    return !cJSON_IsNull(node);
}

bool filter_has_path(const cJSON *root, const struct filter_path *path)
{
    return filter_path_ask(&(struct path_question){.holds = is_not_null}, root, path);
}

static bool is_found(const struct path_question *question, const cJSON *node)
{
    *question->found = node;
    return true;
}

const cJSON *filter_find(const cJSON *root, const char *text)
{
    struct filter_path path;
    const cJSON *node = NULL;

    if (!filter_path_read(&path, text, strlen(text)))
        return NULL;
    filter_path_ask(&(struct path_question){.holds = is_found, .found = &node}, root, &path);
    filter_path_free(&path);
    return node;
}

static bool is_plain_key(const char *key, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)key[i]) && !strchr("_-", key[i]) &&
            (unsigned char)key[i] < 0x80)
            return false;
    return length > 0;
}

static void put_key(FILE *out, const char *key, size_t length)
{
    fputc('.', out);
    if (is_plain_key(key, length)) {
        fprintf(out, "%.*s", (int)length, key);
        return;
    }
    char *copy = strndup(key, length);
    filter_put_quoted(out, copy ? copy : "");
    free(copy);
}

bool filter_put_path(FILE *out, const char *text)
{
    struct filter_path path;

    if (!filter_path_read(&path, text, strlen(text)))
        return false;
    fputs(root_key, out);
    for (size_t i = 0; i < path.count; i++) {
        const char *key = path.keys[i].text;
        size_t length = path.keys[i].quoted ? strlen(key) : strcspn(key, ".");
        put_key(out, key, length);
        for (; key[length]; put_key(out, key, length)) {
            key += length + 1;
            length = strcspn(key, ".");
        }
    }
    filter_path_free(&path);
    return true;
}
