/*
 * JSON text as it was received: a scanner with a small stack of its own, so that no input can use
 * up the thread's.
 */
#include "json.h"

#include <stdlib.h>
#include <string.h>

/* What the grammar allows next. */
enum want {
    WANT_VALUE,  /* at the start and after a colon */
    WANT_FIRST,  /* a member, or the end of an empty object or array */
    WANT_MEMBER, /* after a comma */
    WANT_COLON,
    WANT_NEXT, /* a comma, or the end of the object or array */
    WANT_END,  /* nothing but white space */
};

/* An object or array that is open. */
struct level {
    uint32_t line; /* that opened it */
    uint32_t members;
    bool object;
};

struct json_scan {
    const char *text;
    size_t length, position;
    enum want want;
    unsigned depth;
    bool out_of_memory;
    size_t token_capacity, line_capacity;
    struct json_layout *layout;
    struct level levels[JSON_MAX_LEVELS];
};

/* The quote that ends the string whose first byte is at `text`, or `end`. Most of a body is in
 * strings, so they are searched and not walked. */
static const char *skip_string(const char *text, const char *end)
{
    for (const char *quote = text; (quote = memchr(quote, '"', (size_t)(end - quote))); quote++) {
        const char *first = quote; /* of the backslashes before the quote */
        while (first > text && first[-1] == '\\')
            first--;
        if ((quote - first) % 2 == 0)
            return quote;
    }
    return end;
}

static bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '+' || c == 'e' || c == 'E';
}

static bool is_number_start(char c)
{
    return (c >= '0' && c <= '9') || c == '-';
}

static const char *skip_number(const char *text, const char *end)
{
    while (text < end && is_number_byte(*text))
        text++;
    return text;
}

const char *json_number(const char *text, const char *end, size_t *length)
{
    for (; text < end; text++) {
        if (*text == '"') {
            text = skip_string(text + 1, end);
            if (text == end)
                break;
        } else if (is_number_start(*text)) {
            *length = (size_t)(skip_number(text, end) - text);
            return text;
        }
    }
    return NULL;
}

struct json_survey json_survey(const char *text, size_t length, unsigned limit)
{
    const char *end = text + length;
    struct json_survey survey = {.depth = 0};
    unsigned depth = 0;

    for (; text < end && survey.depth <= limit; text++) {
        if (*text == '"') {
            text = skip_string(text + 1, end);
            if (text == end)
                break;
        } else if (*text == '{' || *text == '[') {
            if (++depth > survey.depth)
                survey.depth = depth;
        } else if (*text == '}' || *text == ']') {
            depth -= depth > 0;
        } else if (is_number_start(*text)) {
            const char *last = skip_number(text, end) - 1;
            size_t number = (size_t)(last - text) + 1;
            if (number > survey.longest_number)
                survey.longest_number = number;
            survey.exponents |= memchr(text, 'e', number) || memchr(text, 'E', number);
            text = last;
        }
    }
    return survey;
}

/* Makes room for one more element. Returns the array, or NULL and leaves it as it is. */
static void *grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    size_t more = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(array, more * size);
    if (grown)
        *capacity = more;
    return grown;
}

static void add_line(struct json_scan *scanner, unsigned depth)
{
    struct json_layout *layout = scanner->layout;
    struct json_line *lines =
        grow(layout->lines, layout->line_count, &scanner->line_capacity, sizeof *lines);

    if (!lines) {
        scanner->out_of_memory = true;
        return;
    }
    layout->lines = lines;
    lines[layout->line_count++] = (struct json_line){
        .token = (uint32_t)layout->token_count,
        .depth = (uint16_t)depth,
    };
}

/* Puts the next `length` bytes of the text on the last line, and goes past them. */
static void add_token(struct json_scan *scanner, enum json_kind kind, size_t length)
{
    struct json_layout *layout = scanner->layout;
    struct json_token *tokens =
        grow(layout->tokens, layout->token_count, &scanner->token_capacity, sizeof *tokens);

    if (!tokens || scanner->out_of_memory) {
        scanner->out_of_memory = true;
        return;
    }
    layout->tokens = tokens;
    tokens[layout->token_count++] = (struct json_token){
        .start = (uint32_t)scanner->position,
        .length = (uint32_t)length,
        .kind = kind,
    };
    layout->lines[layout->line_count - 1].token_count++;
    scanner->position += length;
}

/* Length of the string that begins here, with its quotes; 0 when it has no end. */
static size_t string_length(const struct json_scan *scanner)
{
    for (size_t i = scanner->position + 1; i < scanner->length; i++) {
        if (scanner->text[i] == '\\')
            i++;
        else if (scanner->text[i] == '"')
            return i + 1 - scanner->position;
    }
    return 0;
}

static size_t number_length(const struct json_scan *scanner)
{
    size_t end = scanner->position;
    while (end < scanner->length && scanner->text[end] &&
           strchr("0123456789+-.eE", scanner->text[end]))
        end++;
    return end - scanner->position;
}

static size_t literal_length(const struct json_scan *scanner)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        size_t length = strlen(literals[i]);
        if (scanner->length - scanner->position >= length &&
            memcmp(scanner->text + scanner->position, literals[i], length) == 0)
            return length;
    }
    return 0;
}

static bool scan_open(struct json_scan *scanner)
{
    if (scanner->depth == JSON_MAX_LEVELS)
        return false;
    scanner->levels[scanner->depth++] = (struct level){
        .line = (uint32_t)scanner->layout->line_count - 1,
        .object = scanner->text[scanner->position] == '{',
    };
    add_token(scanner, JSON_PUNCTUATION, 1);
    scanner->want = WANT_FIRST;
    return true;
}

static bool scan_close(struct json_scan *scanner)
{
    const struct level *level = &scanner->levels[scanner->depth - 1];

    if (scanner->text[scanner->position] != (level->object ? '}' : ']'))
        return false;
    scanner->depth--;
    if (level->members > 0) {
        struct json_line *opener = &scanner->layout->lines[level->line];
        opener->close = (uint32_t)scanner->layout->line_count;
        opener->members = level->members;
        add_line(scanner, scanner->depth);
    }
    add_token(scanner, JSON_PUNCTUATION, 1);
    scanner->want = scanner->depth ? WANT_NEXT : WANT_END;
    return true;
}

static bool scan_scalar(struct json_scan *scanner, enum json_kind kind, size_t length,
                        enum want next)
{
    if (length == 0)
        return false;
    add_token(scanner, kind, length);
    scanner->want = next;
    return true;
}

static bool scan_value(struct json_scan *scanner)
{
    enum want next = scanner->depth ? WANT_NEXT : WANT_END;

    switch (scanner->text[scanner->position]) {
    case '{':
    case '[': return scan_open(scanner);
    case '"': return scan_scalar(scanner, JSON_STRING, string_length(scanner), next);
    case 't':
    case 'f':
    case 'n': return scan_scalar(scanner, JSON_LITERAL, literal_length(scanner), next);
    default: return scan_scalar(scanner, JSON_NUMBER, number_length(scanner), next);
    }
}

/* A member begins a line of its own. */
static bool scan_member(struct json_scan *scanner)
{
    struct level *level = &scanner->levels[scanner->depth - 1];

    add_line(scanner, scanner->depth);
    level->members++;
    if (!level->object)
        return scan_value(scanner);
    return scanner->text[scanner->position] == '"' &&
           scan_scalar(scanner, JSON_KEY, string_length(scanner), WANT_COLON);
}

/* Takes one token, at a byte that is not white space. False when it is not JSON from here on. */
static bool scan_token(struct json_scan *scanner)
{
    char next = scanner->text[scanner->position];

    switch (scanner->want) {
    case WANT_VALUE: return scan_value(scanner);
    case WANT_FIRST: return next == '}' || next == ']' ? scan_close(scanner) : scan_member(scanner);
    case WANT_MEMBER: return scan_member(scanner);
    case WANT_COLON: return next == ':' && scan_scalar(scanner, JSON_PUNCTUATION, 1, WANT_VALUE);
    case WANT_NEXT:
        return next == ',' ? scan_scalar(scanner, JSON_PUNCTUATION, 1, WANT_MEMBER)
                           : scan_close(scanner);
    case WANT_END: break;
    }
    return false;
}

static void scan_begin(struct json_scan *scanner)
{
    if (scanner->length >= 3 && memcmp(scanner->text, "\xEF\xBB\xBF", 3) == 0)
        scanner->position = 3; /* a byte order mark, which parsers may ignore */
    add_line(scanner, 0);
}

/* From here on it is not JSON. */
static void scan_error(struct json_scan *scanner)
{
    if (scanner->out_of_memory)
        return;
    if (scanner->layout->lines[scanner->layout->line_count - 1].token_count > 0)
        add_line(scanner, scanner->depth);
    add_token(scanner, JSON_ERROR, scanner->length - scanner->position);
}

bool json_layout_go_on(struct json_scan *scanner, size_t tokens)
{
    for (; tokens > 0 && !scanner->out_of_memory; tokens--) {
        while (scanner->position < scanner->length &&
               (unsigned char)scanner->text[scanner->position] <= ' ')
            scanner->position++;
        if (scanner->position == scanner->length && scanner->want == WANT_END)
            return false;
        if (scanner->position == scanner->length || !scan_token(scanner)) {
            scan_error(scanner);
            return false;
        }
    }
    return !scanner->out_of_memory;
}

struct json_scan *json_layout_begin(struct json_layout *layout, const char *text, size_t length)
{
    *layout = (struct json_layout){0};
    if (length >= UINT32_MAX)
        return NULL;
    struct json_scan *scanner = calloc(1, sizeof *scanner);
    if (!scanner)
        return NULL;
    scanner->text = text;
    scanner->length = length;
    scanner->layout = layout;
    scan_begin(scanner);
    return scanner;
}

bool json_layout_end(struct json_scan *scanner)
{
    bool good = !scanner->out_of_memory;
    if (!good)
        json_layout_free(scanner->layout);
    free(scanner);
    return good;
}

bool json_layout(struct json_layout *layout, const char *text, size_t length)
{
    struct json_scan *scanner = json_layout_begin(layout, text, length);
    if (!scanner)
        return false;
    json_layout_go_on(scanner, SIZE_MAX);
    return json_layout_end(scanner);
}

void json_layout_free(struct json_layout *layout)
{
    free(layout->tokens);
    free(layout->lines);
    *layout = (struct json_layout){0};
}
