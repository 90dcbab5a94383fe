/*
 * Memory, JSON, and letters.
 */
#include <stdlib.h>
#include <string.h>

#include "filter_model.h"

static char arena[32 << 20];
static size_t used;

void *model_alloc(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (used + size > sizeof arena)
        abort();
    void *memory = arena + used;
    used += size;
    return memset(memory, 0, size);
}

char *model_copy(const char *text, size_t length)
{
    return memcpy(model_alloc(length + 1), text, length);
}

size_t model_mark(void)
{
    return used;
}

void model_forget(size_t mark)
{
    used = mark;
}

/* The length of the character at `text`, or 0. */
static size_t read_char(const char *text, uint32_t *code)
{
    const unsigned char *byte = (const unsigned char *)text;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = byte[0] < 0x80   ? 1
                    : byte[0] < 0xc0 ? 0
                    : byte[0] < 0xe0 ? 2
                    : byte[0] < 0xf0 ? 3
                    : byte[0] < 0xf8 ? 4
                                     : 0;
    *code = length <= 1 ? byte[0] : byte[0] & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (byte[i] & 0x3f);
    }
    bool wrong = *code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000);
    return wrong ? 0 : length;
}

static size_t write_char(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)((0xf00 >> length) | code);
    return length;
}

bool model_is_utf8(const char *text)
{
    uint32_t code;
    for (size_t length; *text != '\0'; text += length) {
        length = read_char(text, &code);
        if (length == 0)
            return false;
    }
    return true;
}

/* Of Unicode's table of simple case folding (C and S) what random expressions and events have. */
static const struct {
    uint32_t first, last, to;
} foldings[] = {
    {'A', 'Z', 'a'},          {0xb5, 0xb5, 0x3bc},         {0xc0, 0xd6, 0xe0},
    {0xd8, 0xde, 0xf8},       {0x100, 0x100, 0x101},       {0x178, 0x178, 0xff},
    {0x17f, 0x17f, 's'},      {0x1c4, 0x1c4, 0x1c6},       {0x1c5, 0x1c5, 0x1c6},
    {0x345, 0x345, 0x3b9},    {0x386, 0x386, 0x3ac},       {0x388, 0x38a, 0x3ad},
    {0x38c, 0x38c, 0x3cc},    {0x391, 0x3a1, 0x3b1},       {0x3a3, 0x3ab, 0x3c3},
    {0x3c2, 0x3c2, 0x3c3},    {0x3d0, 0x3d0, 0x3b2},       {0x3f4, 0x3f4, 0x3b8},
    {0x400, 0x40f, 0x450},    {0x410, 0x42f, 0x430},       {0x531, 0x556, 0x561},
    {0x1c80, 0x1c80, 0x432},  {0x10a0, 0x10a0, 0x2d00},    {0x1c90, 0x1c90, 0x10d0},
    {0x13f8, 0x13f8, 0x13f0}, {0xab70, 0xabbf, 0x13a0},    {0x1e60, 0x1e60, 0x1e61},
    {0x1e9b, 0x1e9b, 0x1e61}, {0x1e9e, 0x1e9e, 0xdf},      {0x1f88, 0x1f88, 0x1f80},
    {0x1fbe, 0x1fbe, 0x3b9},  {0x2126, 0x2126, 0x3c9},     {0x212a, 0x212a, 'k'},
    {0x212b, 0x212b, 0xe5},   {0x2160, 0x216f, 0x2170},    {0x24b6, 0x24cf, 0x24d0},
    {0xff21, 0xff3a, 0xff41}, {0x10400, 0x10427, 0x10428}, {0x1e900, 0x1e921, 0x1e922},
};

const char *model_folded(const char *text)
{
    char *folded = model_alloc(3 * strlen(text) + 1);
    char *out = folded;
    while (*text != '\0') {
        uint32_t code;
        size_t length = read_char(text, &code);
        if (length == 0) {
            *out++ = *text++;
            continue;
        }
        for (size_t i = 0; i < sizeof foldings / sizeof *foldings; i++) {
            if (code >= foldings[i].first && code <= foldings[i].last) {
                code = foldings[i].to + (code - foldings[i].first);
                break;
            }
        }
        out += write_char(out, code);
        text += length;
    }
    return folded;
}

static bool read_unit(const char *text, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef",
                   *digit = text[i] ? strchr(digits, text[i] | (text[i] > '9' ? 0x20 : 0)) : NULL;
        if (digit == NULL)
            return false;
        *unit = *unit * 16 + (uint32_t)(digit - digits);
    }
    return true;
}

/* Step over an escape, whose backslash is at *at, and write its character; 0: it is none. */
static size_t read_escape(const char **at, char *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *letter = (*at)[1] ? strchr(letters, (*at)[1]) : NULL;
    if (letter != NULL) {
        *at += 2;
        *out = meanings[letter - letters];
        return 1;
    }
    uint32_t unit, low;
    if ((*at)[1] != 'u' || !read_unit(*at + 2, &unit))
        return 0;
    *at += 6;
    if (unit == 0) {
        unit = 0x2400;
    } else if (unit >= 0xd800 && unit < 0xdc00 && (*at)[0] == '\\' && (*at)[1] == 'u' &&
               read_unit(*at + 2, &low) && low >= 0xdc00 && low < 0xe000) {
        *at += 6;
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    } else if (unit >= 0xd800 && unit < 0xe000) {
        unit = 0xfffd;
    }
    return write_char(out, unit);
}

const char *model_quoted(const char **at)
{
    if (**at != '"')
        return NULL;
    const char *text = *at + 1;
    char *quoted = model_alloc(strlen(text) + 1), *out = quoted;
    while (*text != '"') {
        if (*text == '\0')
            return NULL;
        if (*text != '\\') {
            *out++ = *text++;
            continue;
        }
        size_t length = read_escape(&text, out);
        if (length == 0)
            return NULL;
        out += length;
    }
    *at = text + 1;
    return quoted;
}

const char *model_unescaped(const char *text)
{
    char *plain = model_alloc(strlen(text) + 1), *out = plain;
    while (*text != '\0')
        if (*text == '\\')
            out += read_escape(&text, out);
        else
            *out++ = *text++;
    return plain;
}

static void skip_space(const char **at)
{
    *at += strspn(*at, " \t\r\n");
}

static struct node *read_node(const char **at);

static struct node *read_members(const char **at, bool object)
{
    struct node *first = NULL, **end = &first;
    ++*at;
    for (skip_space(at); **at != ']' && **at != '}'; skip_space(at)) {
        *at += **at == ',';
        skip_space(at);
        const char *key = object ? model_quoted(at) : NULL;
        skip_space(at);
        *at += object;
        *end = read_node(at);
        (*end)->key = key;
        end = (struct node **)&(*end)->next;
    }
    ++*at;
    return first;
}

static struct node *read_node(const char **at)
{
    struct node *node = model_alloc(sizeof *node);
    skip_space(at);
    static const char *const names[] = {"null", "false", "true"};
    for (size_t i = 0; i < 3; i++) {
        if (strncmp(*at, names[i], strlen(names[i])) == 0) {
            *at += strlen(names[i]);
            node->kind = (enum node_kind)i;
            return node;
        }
    }
    if (**at == '"') {
        node->kind = NODE_TEXT;
        node->text = model_quoted(at);
    } else if (**at == '[' || **at == '{') {
        node->kind = **at == '[' ? NODE_ARRAY : NODE_OBJECT;
        node->child = read_members(at, node->kind == NODE_OBJECT);
    } else {
        size_t length = strspn(*at, "+-.0123456789eE");
        if (length == 0)
            abort();
        node->kind = NODE_NUMBER;
        node->text = model_copy(*at, length);
        *at += length;
    }
    return node;
}

const struct node *model_json(const char *text)
{
    return read_node(&text);
}
