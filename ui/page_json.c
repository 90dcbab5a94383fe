/*
 * The JSON page: the bytes that were signed, coloured, folding.
 */
#include <stdio.h>
#include <stdlib.h>

#include "pages.h"
#include "screen.h"

enum { MAX_DRAWN_STRING = 8192 };

static enum role json_role(enum json_kind kind)
{
    static const enum role table[] = {
        [JSON_PUNCTUATION] = ROLE_DIM,      [JSON_KEY] = ROLE_JSON_KEY,
        [JSON_STRING] = ROLE_JSON_STRING,   [JSON_NUMBER] = ROLE_JSON_NUMBER,
        [JSON_LITERAL] = ROLE_JSON_LITERAL, [JSON_ERROR] = ROLE_FAILED,
    };
    return table[kind];
}

static void add_json_line(struct detail *detail, size_t index, int width)
{
    const struct json_line *line = &detail->layout.lines[index];
    struct lines *lines = &detail->lines;
    bool fold = line->close != 0, folded = fold && detail->folded && detail->folded[index];
    lines_begin(lines, index);
    lines_add(lines, ROLE_DIM,
              !fold            ? "  "
              : screen_ascii() ? (folded ? "+ " : "- ")
              : folded         ? "▸ "
                               : "▾ ");
    int indent = 2 + line->depth * PAGE_INDENT;
    if (indent > width / 2) /* deeper than the pane is wide */
        indent = width / 2;
    lines_pad(lines, indent);
    for (size_t i = 0; i < line->token_count; i++) {
        const struct json_token *token = &detail->layout.tokens[line->token + i];
        size_t length = token->length < MAX_DRAWN_STRING ? token->length : MAX_DRAWN_STRING;
        lines_wrap_bytes(lines, json_role(token->kind), detail->copy.raw + token->start, length,
                         indent + PAGE_INDENT, width);
        bool colon = token->kind == JSON_PUNCTUATION && detail->copy.raw[token->start] == ':';
        if (colon)
            lines_add(lines, ROLE_DIM, " ");
    }
    if (folded) {
        char text[48];
        const struct json_token *open = &detail->layout.tokens[line->token + line->token_count - 1];
        snprintf(text, sizeof text, " %u %c", line->members,
                 detail->copy.raw[open->start] == '{' ? '}' : ']');
        lines_add(lines, ROLE_DIM, text);
    }
}

void page_json_build(struct detail *detail, int width, int64_t now_ms)
{
    (void)now_ms;
    if (!detail->event.json)
        return;
    if (detail->layout.line_count == 0) {
        json_layout(&detail->layout, detail->copy.raw, detail->copy.record.length);
        detail->folded = calloc(detail->layout.line_count + 1, sizeof *detail->folded);
    }
    for (size_t i = 0; i < detail->layout.line_count; i++) {
        add_json_line(detail, i, width);
        if (detail->layout.lines[i].close && detail->folded && detail->folded[i])
            i = detail->layout.lines[i].close;
    }
}

bool detail_fold(struct detail *detail)
{
    if (detail->page != PAGE_JSON || !detail->folded || !detail->built_width)
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
