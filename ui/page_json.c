/*
 * The JSON page: the bytes that were signed, coloured, folding.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../src/clock.h"
#include "pages.h"
#include "screen.h"

enum { PART = 4096 }; /* bytes of a token that are added at once */

static enum role json_role(enum json_kind kind)
{
    static const enum role table[] = {
        [JSON_PUNCTUATION] = ROLE_DIM,      [JSON_KEY] = ROLE_JSON_KEY,
        [JSON_STRING] = ROLE_JSON_STRING,   [JSON_NUMBER] = ROLE_JSON_NUMBER,
        [JSON_LITERAL] = ROLE_JSON_LITERAL, [JSON_ERROR] = ROLE_FAILED,
    };
    return table[kind];
}

static bool is_folded(const struct detail *detail, size_t index)
{
    return detail->layout.lines[index].close && detail->folded && detail->folded[index];
}

/* How deep a line's text stands. */
static int indent_of(const struct json_line *line, int width)
{
    int indent = 2 + line->depth * PAGE_INDENT;
    return indent > width / 2 ? width / 2 : indent; /* deeper than the pane is wide */
}

static void begin_line(struct detail *detail, size_t index, int width)
{
    const struct json_line *line = &detail->layout.lines[index];
    struct lines *lines = &detail->lines;
    bool folded = is_folded(detail, index);
    lines_begin(lines, index);
    lines_add(lines, ROLE_DIM,
              line->close == 0 ? "  "
              : screen_ascii() ? (folded ? "+ " : "- ")
              : folded         ? "▸ "
                               : "▾ ");
    lines_pad(lines, indent_of(line, width));
}

/* How much of a token is added at once: a part that ends with a character. */
static size_t part_of(const char *text, size_t length)
{
    if (length <= PART)
        return length;
    size_t part = PART;
    while (part > PART - 4 && ((unsigned char)text[part] & 0xC0) == 0x80)
        part--;
    return part;
}

/* Adds a part of the next token. */
static void add_part(struct detail *detail, const struct json_line *line, int width)
{
    const struct json_token *token = &detail->layout.tokens[line->token + detail->next.token];
    const char *text = detail->copy.raw + token->start + detail->next.byte;
    size_t part = part_of(text, token->length - detail->next.byte);
    lines_wrap_bytes(&detail->lines, json_role(token->kind), text, part,
                     indent_of(line, width) + PAGE_INDENT, width);
    detail->next.byte += part;
    if (detail->next.byte < token->length)
        return;
    if (token->kind == JSON_PUNCTUATION && *text == ':')
        lines_add(&detail->lines, ROLE_DIM, " ");
    detail->next.token++;
    detail->next.byte = 0;
}

static void end_line(struct detail *detail)
{
    const struct json_line *line = &detail->layout.lines[detail->next.line];
    bool folded = is_folded(detail, detail->next.line);
    if (folded) {
        char text[48];
        const struct json_token *open = &detail->layout.tokens[line->token + line->token_count - 1];
        snprintf(text, sizeof text, " %u %c", line->members,
                 detail->copy.raw[open->start] == '{' ? '}' : ']');
        lines_add(&detail->lines, ROLE_DIM, text);
    }
    detail->next.line = folded ? line->close + 1 : detail->next.line + 1;
    detail->next.token = 0;
}

/* Goes on with the next line; true when that is whole. */
static bool add_to_line(struct detail *detail, int width, int64_t until_us)
{
    const struct json_line *line = &detail->layout.lines[detail->next.line];
    if (detail->next.token == 0 && detail->next.byte == 0)
        begin_line(detail, detail->next.line, width);
    while (detail->next.token < line->token_count) {
        add_part(detail, line, width);
        if (detail->next.byte > 0 && clock_steady_us() >= until_us)
            return false;
    }
    end_line(detail);
    return true;
}

/* Where the lines of the layout are, to begin with. */
static bool lay_out(struct detail *detail, int64_t until_us)
{
    enum { TOKENS = 1000 };
    bool more = true;
    while (more && detail->scan) {
        more = json_layout_go_on(detail->scan, TOKENS);
        if (more && clock_steady_us() >= until_us)
            return false;
    }
    if (!detail->scan)
        return true;
    json_layout_end(detail->scan);
    detail->scan = NULL;
    detail->folded = calloc(detail->layout.line_count + 1, sizeof *detail->folded);
    return true;
}

void page_json_build(struct detail *detail, int width, int64_t now_ms)
{
    (void)now_ms, (void)width;
    detail->next.line = detail->next.token = detail->next.byte = 0;
    if (!detail->event.json)
        return;
    if (detail->layout.line_count == 0)
        detail->scan =
            json_layout_begin(&detail->layout, detail->copy.raw, detail->copy.record.length);
    detail->unfinished = true;
}

bool page_json_go_on(struct detail *detail, int width, int64_t until_us)
{
    if (!lay_out(detail, until_us))
        return false;
    while (detail->next.line < detail->layout.line_count)
        if (!add_to_line(detail, width, until_us) || clock_steady_us() >= until_us)
            return false;
    return true;
}

bool detail_fold(struct detail *detail)
{
    if (detail->page != PAGE_JSON || !detail->folded || !detail->built_width ||
        detail->cursor[PAGE_JSON] >= detail->lines.count)
        return false;
    size_t line = detail->lines.lines[detail->cursor[PAGE_JSON]].tag;
    /* On a member: the object or array that it is in, the innermost one around it. */
    size_t fold = line;
    while (detail->layout.lines[fold].close == 0 || detail->layout.lines[fold].close < line) {
        if (fold == 0)
            return false;
        fold--;
    }
    detail->folded[fold] = !detail->folded[fold];
    detail->built_width = 0;
    /* The lines above the fold do not change. */
    while (detail->cursor[PAGE_JSON] > 0 &&
           detail->lines.lines[detail->cursor[PAGE_JSON]].tag != fold)
        detail->cursor[PAGE_JSON]--;
    return true;
}
