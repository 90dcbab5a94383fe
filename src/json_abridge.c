/*
 * A JSON text made short: see json_abridge.h.
 */
#include "json_abridge.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

enum { MOST_DEPTH = 64, SCALAR = 400 };

struct abridger {
    const char *at, *end;
    char *out;
    size_t used, capacity;
    size_t budget; /* what `used` is not to exceed much within the value that is copied */
    bool failed;   /* memory ran out, or it is no JSON */
};

static void put(struct abridger *a, const char *text, size_t length)
{
    if (length == 0)
        return;
    if (a->used + length > a->capacity) {
        size_t capacity = (a->used + length) * 2 + 4096;
        char *grown = realloc(a->out, capacity);
        a->failed |= !grown;
        if (!grown)
            return;
        a->out = grown;
        a->capacity = capacity;
    }
    memcpy(a->out + a->used, text, length);
    a->used += length;
}

static void put_text(struct abridger *a, const char *text)
{
    put(a, text, strlen(text));
}

static char peek(struct abridger *a)
{
    while (a->at < a->end && (unsigned char)*a->at <= ' ')
        a->at++;
    return a->at < a->end ? *a->at : '\0';
}

/* Goes behind the string that begins here. */
static void skip_string(struct abridger *a)
{
    const char *first = a->at + 1;
    for (const char *quote = first; (quote = memchr(quote, '"', (size_t)(a->end - quote)));
         quote++) {
        const char *slash = quote;
        while (slash > first && slash[-1] == '\\')
            slash--;
        if ((quote - slash) % 2 == 0) {
            a->at = quote + 1;
            return;
        }
    }
    a->at = a->end;
    a->failed = true;
}

static bool ends_scalar(char c)
{
    return c == ',' || c == ']' || c == '}' || (unsigned char)c <= ' ';
}

static void skip_scalar(struct abridger *a)
{
    while (a->at < a->end && !ends_scalar(*a->at))
        a->at++;
}

/* Goes on to the end of the array or object that is open, whose members begin here; returns how
 * many they are. */
static size_t skip_members(struct abridger *a)
{
    size_t depth = 0, count = 1;
    while (a->at < a->end) {
        char c = *a->at;
        if (c == '"') {
            skip_string(a);
            continue;
        }
        if ((c == '}' || c == ']') && depth-- == 0)
            return count;
        depth += c == '{' || c == '[';
        count += c == ',' && depth == 0;
        a->at++;
    }
    a->failed = true;
    return count;
}

static void skip_value(struct abridger *a)
{
    char c = peek(a);
    if (c == '"') {
        skip_string(a);
    } else if (c == '{' || c == '[') {
        a->at++;
        skip_members(a);
        a->at += a->at < a->end;
    } else {
        skip_scalar(a);
    }
}

/* The bytes of the escape that begins here: two escapes when they are a pair of surrogates, which
 * is one character. What does not end within `most` bytes may be said to be shorter. */
static size_t escape_length(const char *text, size_t most)
{
    if (text[1] != 'u')
        return 2;
    return most > 6 && strncasecmp(text + 2, "d8", 2) >= 0 && strncasecmp(text + 2, "db", 2) <= 0 &&
                   text[6] == '\\' && text[7] == 'u'
               ? 12
               : 6;
}

/* How much of a string's inside may be copied without cutting a character or an escape in two. */
static size_t whole_part(const char *text, size_t most)
{
    size_t at = 0;
    for (;;) {
        uint32_t ignored;
        size_t length = text[at] == '\\' ? escape_length(text + at, most - at)
                                         : text_decode(text + at, most - at, &ignored);
        if (at + length >= most)
            return at;
        at += length;
    }
}

static void copy_string(struct abridger *a)
{
    const char *start = a->at;
    skip_string(a);
    size_t length = (size_t)(a->at - start);
    if (length <= ABRIDGE_STRING) {
        put(a, start, length);
        return;
    }
    put(a, start, 1 + whole_part(start + 1, ABRIDGE_STRING));
    put_text(a, "…\"");
}

/* A number of a million digits is shown as a text. */
static void copy_scalar(struct abridger *a)
{
    const char *start = a->at;
    skip_scalar(a);
    size_t length = (size_t)(a->at - start);
    a->failed |= length == 0;
    if (length <= SCALAR) {
        put(a, start, length);
        return;
    }
    put_text(a, "\"");
    put(a, start, SCALAR);
    put_text(a, "…\"");
}

static bool is_of_envelope(const char *key, size_t length)
{
    static const char *const keys[] = {"\"id\"",         "\"type\"", "\"created\"",
                                       "\"project_id\"", "\"text\"", "\"data\""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i]) == length && memcmp(keys[i], key, length) == 0)
            return true;
    return false;
}

/* An array or object while it is copied. */
struct container {
    bool object, of_objects; /* the array's first element is one */
    unsigned depth;
    size_t copied, left_out;
};

static bool is_full(const struct abridger *a, const struct container *c)
{
    return c->depth <= 1 ? c->copied >= ABRIDGE_TOP || a->used >= ABRIDGE_TOTAL
                         : c->copied >= ABRIDGE_MEMBERS || a->used >= a->budget;
}

static void abridge_value(struct abridger *a, unsigned depth);

/* Copies a member, or passes over it. */
static void take_member(struct abridger *a, struct container *c)
{
    const char *key = a->at;
    bool full = is_full(a, c);
    size_t before = a->used;
    if (c->object) {
        if (*key != '"') {
            a->failed = true;
            return;
        }
        skip_string(a);
        full &= c->depth > 0 || !is_of_envelope(key, (size_t)(a->at - key));
        const char *behind = a->at;
        a->at = key;
        if (!full) {
            if (c->copied > 0)
                put_text(a, ",");
            copy_string(a);
        }
        a->at = behind;
        a->failed |= peek(a) != ':';
        a->at += !a->failed;
        if (!full)
            put_text(a, ":");
    } else if (!full && c->copied > 0) {
        put_text(a, ",");
    }
    c->copied += !full;
    c->left_out += full;
    if (c->depth <= 1)
        a->budget = before + ABRIDGE_VALUE;
    if (full)
        skip_value(a);
    else
        abridge_value(a, c->depth + 1);
}

/* The last member says how many are missing. An array of objects remains one. */
static void put_left_out(struct abridger *a, const struct container *c)
{
    char count[32], text[96];
    if (c->left_out == 0)
        return;
    text_count(count, sizeof count, (double)c->left_out);
    snprintf(text, sizeof text,
             c->object       ? "%s\"…\":\"%s more: see the JSON page\""
             : c->of_objects ? "%s{\"…\":\"%s more: see the JSON page\"}"
                             : "%s\"… %s more: see the JSON page\"",
             c->copied ? "," : "", count);
    put_text(a, text);
}

static void abridge_container(struct abridger *a, unsigned depth)
{
    struct container c = {.object = *a->at == '{', .depth = depth};
    char close = c.object ? '}' : ']';
    put(a, a->at++, 1);
    c.of_objects = peek(a) == '{';
    while (!a->failed && peek(a) != close) {
        a->failed |= a->at >= a->end || depth >= MOST_DEPTH;
        if (a->failed)
            return;
        if (depth > 0 && is_full(a, &c)) {
            c.left_out = skip_members(a);
            break;
        }
        take_member(a, &c);
        if (peek(a) == ',')
            a->at++;
        else
            a->failed |= peek(a) != close;
    }
    put_left_out(a, &c);
    a->at += a->at < a->end;
    put(a, &close, 1);
}

static void abridge_value(struct abridger *a, unsigned depth)
{
    switch (peek(a)) {
    case '"': copy_string(a); break;
    case '{':
    case '[': abridge_container(a, depth); break;
    default: copy_scalar(a);
    }
}

/* The number in a text that begins as put_left_out() writes it, or 0. */
static double number_left_out(const cJSON *last)
{
    const char *text = cJSON_GetStringValue(last);
    if (cJSON_IsObject(last) && last->child && strcmp(last->child->string, "…") == 0)
        text = cJSON_GetStringValue(last->child);
    else if (!last->string && text && strncmp(text, "… ", strlen("… ")) == 0)
        text += strlen("… ");
    else if (!last->string || strcmp(last->string, "…") != 0)
        return 0;
    double number = 0;
    for (; text && (*text == ',' || (*text >= '0' && *text <= '9')); text++)
        number = *text == ',' ? number : number * 10 + (*text - '0');
    return text && strncmp(text, " more", 5) == 0 ? number : 0;
}

void json_abridged_count(cJSON *json)
{
    if (!json->child)
        return;
    cJSON *last = NULL;
    for (cJSON *child = json->child; child; child = child->next) {
        json_abridged_count(child);
        last = child;
    }
    json->valuedouble = number_left_out(last);
}

/* The last one stands for those that are left out. */
size_t json_members(const cJSON *json)
{
    size_t count = (size_t)cJSON_GetArraySize(json);
    return json->valuedouble > 0 ? count - 1 + (size_t)json->valuedouble : count;
}

char *json_abridge(const char *text, size_t length, size_t *abridged)
{
    struct abridger a = {.at = text, .end = text + length};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        a.at += 3;
    abridge_value(&a, 0);
    put(&a, "", 1);
    *abridged = a.used > 0 ? a.used - 1 : 0;
    return a.out;
}
