/*
 * The words of a filter expression: see filter_scan.h.
 */
#include "filter_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"

enum { SHOWN_SIZE = 48 };

struct node *scan_fail(struct parser *parser, struct span where, const char *format, ...)
{
    va_list arguments;

    if (!parser->failed) {
        parser->failed = true;
        parser->error->offset = where.offset;
        parser->error->length = where.length;
        va_start(arguments, format);
        vsnprintf(parser->error->message, sizeof parser->error->message, format, arguments);
        va_end(arguments);
    }
    return NULL;
}

struct node *scan_fail_memory(struct parser *parser)
{
    return scan_fail(parser, (struct span){0, 0}, "out of memory");
}

int scan_shown(const char *text, size_t length)
{
    size_t at = 0;
    uint32_t code_point;

    while (at < length) {
        size_t size = text_decode(text + at, length - at, &code_point);
        if (at + size > SHOWN_SIZE)
            break;
        at += size;
    }
    return (int)at;
}

bool scan_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool scan_is_end(char c)
{
    return c == '\0' || scan_is_blank(c) || c == '(' || c == ')';
}

char scan_peek(const struct parser *parser)
{
    return parser->text[parser->at];
}

void scan_skip_blanks(struct parser *parser)
{
    while (scan_is_blank(scan_peek(parser)))
        parser->at++;
}

void scan_take(struct parser *parser, size_t length)
{
    parser->before = (struct span){parser->at, length};
    parser->at += length;
}

/* Reads the quoted string here into `out`. */
static bool take_quoted(struct parser *parser, char *out)
{
    static const char escapes[] = "\"\\/bfnrtu";
    const char *text = parser->text, *end = text + strlen(text);
    size_t start = parser->at, at = start + 1;

    for (; text[at] && text[at] != '"'; at++) {
        if (text[at] != '\\')
            continue;
        bool good = text[at + 1] && strchr(escapes, text[at + 1]) &&
                    (text[at + 1] != 'u' || json_escape_unit(text + at, end) >= 0);
        if (!good) {
            scan_fail(parser, (struct span){at, 1},
                      "this backslash begins no escape: write \\\\ for it");
            return false;
        }
        at++;
    }
    if (!text[at]) {
        scan_fail(parser, (struct span){start, at - start},
                  "this quote is open: write \" at its end");
        return false;
    }
    out[json_unescape(out, text + start + 1, at - start - 1)] = '\0';
    parser->at = at + 1;
    return true;
}

/* What follows a closing quote must not look like a part of it. */
static bool check_quote_end(struct parser *parser)
{
    char next = scan_peek(parser);
    if (scan_is_end(next) || strchr(",:=~<>!", next))
        return true;
    scan_fail(parser, (struct span){parser->at, 1},
              "this follows a quote without a blank: write \\\" for a quote inside of quotes");
    return false;
}

const struct op_info *scan_op(struct parser *parser)
{
    const char *text = parser->text + parser->at;
    size_t run = strspn(text, ":=~<>!");

    if (run == 0 || (run == 1 && text[0] == '!'))
        return NULL;
    for (size_t i = 0; i < op_info_count; i++)
        if (strlen(op_infos[i].sign) == run && strncmp(op_infos[i].sign, text, run) == 0)
            return &op_infos[i];
    scan_fail(
        parser, (struct span){parser->at, run},
        "there is no operator \"%.*s\": the operators are : = != ~ < <= > >=; what is not meant "
        "as one belongs in quotes",
        scan_shown(text, run), text);
    return NULL;
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_name_char(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

void scan_name(struct parser *parser)
{
    char *end = parser->name;

    *end = '\0';
    if (!is_name_start(scan_peek(parser)))
        return;
    while (!parser->failed) {
        if (is_name_char(scan_peek(parser))) {
            *end++ = parser->text[parser->at++];
            *end = '\0';
        } else if (scan_peek(parser) == '"' && end[-1] == '.' && filter_is_path(parser->name)) {
            if (take_quoted(parser, end) && (scan_peek(parser) == '.' || check_quote_end(parser)))
                end += strlen(end);
        } else {
            break;
        }
    }
}

bool scan_value(struct parser *parser, bool in_list)
{
    size_t length = 0;

    if (scan_peek(parser) == '"')
        return take_quoted(parser, parser->value) && check_quote_end(parser);
    while (!scan_is_end(scan_peek(parser)) && !(in_list && scan_peek(parser) == ','))
        parser->value[length++] = parser->text[parser->at++];
    parser->value[length] = '\0';
    if (length > 0 && scan_peek(parser) == '(') {
        scan_fail(
            parser, (struct span){parser->at, 1},
            "this stands inside of a word: put the word into quotes, or a blank before the (");
        return false;
    }
    return length > 0;
}
