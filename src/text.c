/*
 * Text for people: see text.h.
 *
 * Widths come from wcwidth(), asked in a UTF-8 locale of our own. ncurses asks the same function,
 * and only with one opinion of how wide a character is do columns line up; a table here would be a
 * second one. Our own locale makes the answer the same before setlocale() and in any thread.
 */
#include "text.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum {
    REPLACEMENT = 0xFFFD,
    DOTTED_CIRCLE = 0x25CC, /* carries a combining mark that came without a character */
    MAX_MARKS = 4,          /* combining marks on one character: what a cell of ncurses holds */
};

struct range {
    uint32_t first, last;
};

/* What steers the text around it or cannot be seen, and so could hide or reorder what is read.
 * Sorted. */
static const struct range invisible[] = {
    {0x0080, 0x009F},   /* C1 controls */
    {0x00AD, 0x00AD},   /* soft hyphen */
    {0x034F, 0x034F},   /* combining grapheme joiner */
    {0x0600, 0x0605},   /* Arabic signs that enclose what follows */
    {0x061C, 0x061C},   /* Arabic letter mark */
    {0x06DD, 0x06DD},   /* Arabic end of ayah */
    {0x070F, 0x070F},   /* Syriac abbreviation mark */
    {0x0890, 0x0891},   /* Arabic pound and piastre marks */
    {0x08E2, 0x08E2},   /* Arabic disputed end of ayah */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x17B4, 0x17B5},   /* Khmer inherent vowels */
    {0x180E, 0x180E},   /* Mongolian vowel separator */
    {0x200B, 0x200B},   /* zero-width space */
    {0x200E, 0x200F},   /* left-to-right and right-to-left mark */
    {0x2028, 0x202E},   /* line and paragraph separator, embeddings, overrides */
    {0x2060, 0x206F},   /* word joiner, invisible operators, isolates */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xFEFF, 0xFEFF},   /* byte order mark */
    {0xFFA0, 0xFFA0},   /* halfwidth Hangul filler */
    {0xFFF0, 0xFFFB},   /* interlinear annotation */
    {0x110BD, 0x110BD}, /* Kaithi number sign */
    {0x110CD, 0x110CD}, /* Kaithi number sign above */
    {0x13430, 0x1345F}, /* Egyptian hieroglyph format controls */
    {0x1BCA0, 0x1BCA3}, /* shorthand format controls */
    {0x1D173, 0x1D17A}, /* musical format controls */
    {0xE0000, 0xE00FF}, /* tags */
    {0xE01F0, 0xE0FFF}, /* reserved for format controls */
};

/* What only picks between shapes of its neighbours. Sorted. */
static const struct range dropped[] = {
    {0x180B, 0x180D},   /* Mongolian variation selectors */
    {0x180F, 0x180F},   /* Mongolian variation selector */
    {0x200C, 0x200D},   /* zero-width non-joiner and joiner */
    {0xFE00, 0xFE0F},   /* variation selectors */
    {0xE0100, 0xE01EF}, /* more variation selectors */
};

/* Punctuation that is common in summaries and has an ASCII form. */
static const struct {
    uint32_t code_point;
    const char *ascii;
} transliterations[] = {
    {0x00A0, " "},  {0x00B7, "-"}, {0x00D7, "x"},   {0x2010, "-"},  {0x2011, "-"},
    {0x2013, "-"},  {0x2014, "-"}, {0x2018, "'"},   {0x2019, "'"},  {0x201C, "\""},
    {0x201D, "\""}, {0x2022, "*"}, {0x2026, "..."}, {0x2192, "->"}, {0x20AC, "EUR "},
};

static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;
static locale_t unicode;

static void open_unicode(void)
{
    static const char *const names[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names && unicode == (locale_t)0; i++)
        unicode = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
}

/* -1 for what has no agreed width: unassigned, not a character. */
static int unicode_width(uint32_t code_point)
{
    pthread_once(&unicode_once, open_unicode);
    if (unicode == (locale_t)0)
        return wcwidth((wchar_t)code_point);
    locale_t before = uselocale(unicode);
    int width = wcwidth((wchar_t)code_point);
    uselocale(before);
    return width;
}

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code_point)
{
    for (size_t i = 0; i < count && ranges[i].first <= code_point; i++)
        if (code_point <= ranges[i].last)
            return true;
    return false;
}

/* UTF-8 by number of continuation bytes: which bits of the first byte tell it, and the least code
 * point that needs so many. */
static const struct {
    unsigned char mask, lead;
    uint32_t least;
} forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

size_t text_decode(const char *text, size_t length, uint32_t *code_point)
{
    const unsigned char *bytes = (const unsigned char *)text;
    *code_point = REPLACEMENT;
    for (size_t more = 0; more < 4 && more < length; more++) {
        if ((bytes[0] & forms[more].mask) != forms[more].lead)
            continue;
        uint32_t value = bytes[0] & (unsigned char)~forms[more].mask;
        for (size_t i = 1; i <= more; i++) {
            if ((bytes[i] & 0xC0) != 0x80)
                return 1;
            value = value << 6 | (bytes[i] & 0x3F);
        }
        if (value < forms[more].least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
            return 1;
        *code_point = value;
        return more + 1;
    }
    return 1;
}

/* How many bytes at the start are ASCII, in steps. */
static size_t skip_ascii(const char *text, size_t length)
{
    uint64_t words[4];
    size_t at = 0;
    for (; length - at >= sizeof words; at += sizeof words) {
        memcpy(words, text + at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080))
            break;
    }
    return at;
}

size_t text_valid(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        at += skip_ascii(text + at, length - at);
        for (size_t end = at + 32; at < length && at < end;) {
            uint32_t code_point;
            size_t taken = 1;
            if ((unsigned char)text[at] & 0x80)
                taken = text_decode(text + at, length - at, &code_point);
            /* Whatever does not stand for itself takes two bytes and more. */
            if (taken == 1 && (unsigned char)text[at] & 0x80)
                return at;
            at += taken;
        }
    }
    return length;
}

size_t text_encode(char *out, uint32_t code_point)
{
    size_t more = 3;
    while (code_point < forms[more].least)
        more--;
    for (size_t i = more; i > 0; i--, code_point >>= 6)
        out[i] = (char)(0x80 | (code_point & 0x3F));
    out[0] = (char)(forms[more].lead | code_point);
    return more + 1;
}

/* The output of text_clean() so far. */
struct cleaner {
    char *out;
    size_t size, length;
    unsigned flags;
    int marks; /* combining marks on the last character; -1 when there is none to carry one */
};

static bool put_bytes(struct cleaner *to, const char *bytes, size_t count)
{
    if (count >= to->size - to->length)
        return false;
    memcpy(to->out + to->length, bytes, count);
    to->length += count;
    return true;
}

static bool put_char(struct cleaner *to, uint32_t c)
{
    char bytes[4];
    return put_bytes(to, bytes, text_encode(bytes, c));
}

static bool put_visible(struct cleaner *to, uint32_t c)
{
    to->marks = 0;
    if (c < 0x80 || !(to->flags & TEXT_ASCII))
        return put_char(to, c);
    for (size_t i = 0; i < sizeof transliterations / sizeof *transliterations; i++)
        if (transliterations[i].code_point == c)
            return put_bytes(to, transliterations[i].ascii, strlen(transliterations[i].ascii));
    return put_char(to, '?');
}

/* C0 and DEL: ␛ or ^[. */
static bool put_control(struct cleaner *to, uint32_t c)
{
    to->marks = 0;
    if (to->flags & TEXT_ASCII)
        return put_bytes(to, (char[]){'^', (char)(c ^ 0x40)}, 2);
    return put_char(to, c == 0x7F ? 0x2421 : 0x2400 + c);
}

static bool put_number(struct cleaner *to, uint32_t c)
{
    char name[16];
    int length = snprintf(name, sizeof name, "<U+%04X>", (unsigned)c);
    to->marks = 0;
    return put_bytes(to, name, (size_t)length);
}

static bool put_mark(struct cleaner *to, uint32_t c)
{
    if (to->flags & TEXT_ASCII || to->marks >= MAX_MARKS)
        return true;
    if (to->marks < 0 && !put_visible(to, DOTTED_CIRCLE))
        return false;
    to->marks++;
    return put_char(to, c);
}

static bool put_clean(struct cleaner *to, uint32_t c)
{
    if (c == '\n' && to->flags & TEXT_KEEP_NEWLINES) {
        to->marks = -1;
        return put_char(to, c);
    }
    if (c < 0x20 || c == 0x7F)
        return put_control(to, c);
    if (c < 0x7F)
        return put_visible(to, c);
    if (in_ranges(dropped, sizeof dropped / sizeof *dropped, c))
        return true;
    if (in_ranges(invisible, sizeof invisible / sizeof *invisible, c))
        return put_number(to, c);
    int width = unicode_width(c);
    if (width == 0)
        return put_mark(to, c);
    return put_visible(to, width < 0 ? REPLACEMENT : c);
}

size_t text_clean(char *out, size_t size, const char *text, size_t length, unsigned flags)
{
    if (size == 0)
        return 0;
    struct cleaner to = {.out = out, .size = size, .flags = flags, .marks = -1};
    for (size_t at = 0; at < length;) {
        uint32_t c;
        at += text_decode(text + at, length - at, &c);
        if (!put_clean(&to, c))
            break;
    }
    out[to.length] = '\0';
    return to.length;
}

bool text_is_unseen(uint32_t code_point)
{
    return code_point < 0x20 || code_point == 0x7F ||
           in_ranges(dropped, sizeof dropped / sizeof *dropped, code_point) ||
           in_ranges(invisible, sizeof invisible / sizeof *invisible, code_point);
}

/* Bytes of the line end or tab that a text begins with: a CR and an LF are one. */
static size_t space_length(const char *text, size_t length)
{
    if (length >= 2 && text[0] == '\r' && text[1] == '\n')
        return 2;
    return length >= 1 && strchr("\r\n\t", text[0]) && text[0] ? 1 : 0;
}

size_t text_line(char *out, size_t size, const char *text, size_t length)
{
    struct cleaner to = {.out = out, .size = size};
    bool space = false, full = size == 0;
    for (size_t at = 0; at < length && !full;) {
        size_t spaces = space_length(text + at, length - at);
        uint32_t c;
        size_t bytes = spaces ? spaces : text_decode(text + at, length - at, &c);
        bool broken = !spaces && bytes == 1 && (unsigned char)text[at] >= 0x80;
        if (spaces) {
            space = true;
        } else if (!broken && !text_is_unseen(c)) {
            full = (space && to.length > 0 && !put_bytes(&to, " ", 1)) ||
                   !put_bytes(&to, text + at, bytes);
            space = false;
        }
        at += bytes;
    }
    if (size > 0)
        out[to.length] = '\0';
    return to.length;
}

int text_char_width(uint32_t code_point)
{
    if (code_point < 0x7F)
        return 1;
    int width = unicode_width(code_point);
    return width < 0 ? 1 : width;
}

int text_width(const char *text)
{
    int width = 0;
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        uint32_t c;
        at += text_decode(text + at, length - at, &c);
        width += text_char_width(c);
    }
    return width;
}

size_t text_fit(const char *text, int columns, int *used)
{
    size_t length = strlen(text), at = 0;
    *used = 0;
    while (at < length) {
        uint32_t c;
        size_t taken = text_decode(text + at, length - at, &c);
        int width = text_char_width(c);
        if (*used + width > columns || (width == 0 && at == 0))
            break;
        *used += width;
        at += taken;
    }
    return at;
}

size_t text_cut(char *out, size_t size, const char *text)
{
    static const char mark[] = "…";
    size_t length = text ? strlen(text) : 0;
    if (size == 0)
        return 0;
    if (length < size) {
        memcpy(out, text ? text : "", length + 1);
        return length;
    }
    if (size < sizeof mark) {
        out[0] = '\0';
        return 0;
    }
    length = size - sizeof mark;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    memcpy(out, text, length);
    memcpy(out + length, mark, sizeof mark);
    return length + sizeof mark - 1;
}
