/*
 * Expressions: what is one, and what it says.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "filter_model.h"

struct reader {
    const char *start, *at;
    int depth;
    bool wrong;
};

enum { FILTER_MODEL_VALUES = 2100 };

static const char blanks[] = " \t\r\n", signs[] = ":=!~<>";
static const char *const operators[] = {":", "=", "!=", "~", "<", "<=", ">", ">="};

static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, blanks);
}

static const struct model_term *refuse(struct reader *reader)
{
    reader->wrong = true;
    return NULL;
}

static struct model_term *new_term(enum term_kind kind)
{
    struct model_term *term = model_alloc(sizeof *term);
    term->kind = kind;
    return term;
}

static struct model_term *join(enum term_kind kind, const struct model_term *left,
                               const struct model_term *right)
{
    struct model_term *term = new_term(kind);
    term->left = left;
    term->right = right;
    return term;
}

static bool is_in(char byte, const char *set)
{
    return byte == '\0' || strchr(set, byte) != NULL;
}

static bool is_name_byte(char byte, bool first)
{
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
                  (unsigned char)byte >= 0x80;
    return letter || (!first && ((byte >= '0' && byte <= '9') || byte == '-' || byte == '.'));
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* What stands in quotes only. */
static bool needs_quotes(const char *word)
{
    size_t length = strlen(word);
    bool slashes = length >= 3 && word[0] == '/' && word[length - 1] == '/';
    bool flagged = length >= 4 && word[0] == '/' && strcmp(word + length - 2, "/i") == 0;
    return strchr(word, '*') != NULL || slashes || flagged;
}

/* What looks like an operator: -1 when there is nothing of that kind, 8 when it is none. */
static int read_operator(struct reader *reader)
{
    size_t run = strspn(reader->at, signs);
    if (run == 0 || (run == 1 && *reader->at == '!'))
        return -1;
    int i = 0;
    while (i < 8 && (strlen(operators[i]) != run || strncmp(reader->at, operators[i], run) != 0))
        i++;
    reader->at += run;
    return i;
}

/* The length of a name that may be a path with quotes; *wrong: one of its quotes does not end. */
static size_t name_length(const char *text, bool *quotes, bool *wrong)
{
    const char *at = text;
    bool path = is_word(text, strlen(text) < 5 ? strlen(text) : 5, "data.");
    *quotes = *wrong = false;
    if (!is_name_byte(*at, true))
        return 0;
    for (;;) {
        if (is_name_byte(*at, false)) {
            at++;
        } else if (path && *at == '"' && at[-1] == '.') {
            *quotes = true;
            if (model_quoted(&at) == NULL || !is_in(*at, "., \t\r\n:=!~<>()")) {
                *wrong = true;
                return 0;
            }
            if (*at != '.')
                return (size_t)(at - text);
        } else {
            return (size_t)(at - text);
        }
    }
}

/* The keys behind "data"; false when the name is no path. */
static bool read_keys(const char *name, const struct key **keys)
{
    *keys = NULL;
    if (!is_word(name, strlen(name) < 4 ? strlen(name) : 4, "data"))
        return false;
    const struct key **end = keys;
    for (const char *at = name + 4; *at != '\0';) {
        if (*at++ != '.')
            return false;
        struct key *key = model_alloc(sizeof *key);
        key->quoted = *at == '"';
        if (key->quoted) {
            key->name = model_quoted(&at);
        } else {
            size_t length = 0;
            while (at[length] != '.' && is_name_byte(at[length], false))
                length++;
            key->name = length > 0 ? model_copy(at, length) : NULL;
            at += length;
        }
        if (key->name == NULL)
            return false;
        *end = key;
        end = &key->next;
    }
    return true;
}

static const struct model_field *find_field(const char *name)
{
    for (size_t i = 0; i < model_field_count; i++)
        if (is_word(name, strlen(name), model_fields[i].name))
            return &model_fields[i];
    return NULL;
}

static bool has_order(enum kind kind)
{
    return kind != KIND_TEXT && kind != KIND_LIST && kind != KIND_FILES && kind != KIND_FLAG;
}

static bool is_text(enum kind kind)
{
    return kind == KIND_TEXT || kind == KIND_LIST || kind == KIND_FILES || kind == KIND_VALUE;
}

static bool read_form(enum kind kind, enum operator op, const char *text, struct asked *asked)
{
    asked->text = model_folded(text);
    asked->form = FORM_NUMBER;
    size_t number = model_number_length(text, true, true);
    switch (kind) {
    case KIND_NUMBER:
        asked->number = model_decimal(text, number);
        return number > 0 && text[number] == '\0';
    case KIND_DURATION: return model_duration(text, &asked->number);
    case KIND_SIZE: return model_size(text, &asked->number);
    case KIND_MONEY: return model_money(text, asked);
    case KIND_SHARE: return model_share(text, &asked->number);
    case KIND_FLAG: asked->form = FORM_FLAG; return model_flag(text, &asked->yes);
    case KIND_TIME: asked->form = FORM_TIME; return model_when(text, &asked->when);
    case KIND_VALUE: model_any_form(text, asked); return asked->form != FORM_TEXT || op < OP_LESS;
    default: asked->form = FORM_TEXT; return true;
    }
}

static bool is_state(const char *text)
{
    static const char *const states[] = {"failed",    "ok",      "cancelled",  "healed",
                                         "noted",     "waiting", "unverified", "verified",
                                         "duplicate", "unknown"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (is_word(text, strlen(text), states[i]))
            return true;
    return false;
}

/* How many bytes of a clock belong to the day before them. */
static size_t clock_behind(const char *text)
{
    size_t blank = strspn(text, blanks), digits = strspn(text + blank, "0123456789");
    bool clock =
        blank > 0 && digits >= 1 && digits <= 2 && is_in(text[blank + digits], ":,) \t\r\n");
    return clock ? blank + strcspn(text + blank, " \t\r\n(),") : 0;
}

/* A value of "has" that is a path as it stands in front of operators. */
static const char *read_path(struct reader *reader)
{
    bool quotes, wrong;
    size_t length = name_length(reader->at, &quotes, &wrong);
    const char *text = model_copy(reader->at, length);
    if (!quotes || wrong || !is_in(reader->at[length], ", \t\r\n()"))
        return NULL;
    reader->at += length;
    return text;
}

static const char *read_value(struct reader *reader, bool times)
{
    if (*reader->at == '"') {
        const char *text = model_quoted(&reader->at);
        reader->wrong |= text == NULL || !is_in(*reader->at, ", \t\r\n()");
        return text;
    }
    size_t length = strcspn(reader->at, " \t\r\n(),");
    const char *text = model_copy(reader->at, length);
    reader->wrong |= length == 0 || needs_quotes(text) || reader->at[length] == '(';
    size_t clock = times && model_is_day(text) ? clock_behind(reader->at + length) : 0;
    if (clock > 0) {
        const char *behind = reader->at + length;
        size_t blank = strspn(behind, blanks);
        char *joined = model_alloc(length + clock + 2);
        snprintf(joined, length + clock + 2, "%s %.*s", text, (int)(clock - blank), behind + blank);
        text = joined;
        length += clock;
    }
    reader->at += length;
    return text;
}

static bool accept_value(struct reader *reader, struct model_term *term, struct asked *asked,
                         const char *text)
{
    enum kind kind = term->kind == TERM_PATH ? KIND_VALUE
                     : term->field           ? term->field->kind
                                             : KIND_TEXT;
    (void)reader;
    if (term->kind == TERM_IS) {
        asked->text = model_folded(text);
        return is_state(text);
    }
    if (term->kind == TERM_HAS) {
        const struct key *keys;
        asked->text = text;
        return find_field(text) != NULL || read_keys(text, &keys);
    }
    return read_form(kind, term->op, text, asked);
}

static bool accept_operator(const struct model_term *term)
{
    if (term->kind == TERM_IS || term->kind == TERM_HAS)
        return term->op <= OP_NOT;
    enum kind kind = term->field != NULL ? term->field->kind : KIND_VALUE;
    return term->op >= OP_LESS ? has_order(kind) : term->op != OP_CONTAINS || is_text(kind);
}

static const struct model_term *read_values(struct reader *reader, struct model_term *term)
{
    struct asked values[FILTER_MODEL_VALUES];
    enum kind kind = term->field != NULL ? term->field->kind : KIND_VALUE;
    bool times = (term->kind == TERM_FIELD || term->kind == TERM_PATH) &&
                 (kind == KIND_TIME || kind == KIND_VALUE);
    bool more;
    do {
        skip_blanks(reader);
        const char *text = term->kind == TERM_HAS ? read_path(reader) : NULL;
        text = text != NULL ? text : read_value(reader, times);
        struct asked *asked = &values[term->value_count];
        *asked = (struct asked){0};
        if (reader->wrong || term->value_count + 1 == FILTER_MODEL_VALUES ||
            !accept_value(reader, term, asked, text))
            return refuse(reader);
        term->value_count++;
        more = *reader->at == ',';
        reader->at += more;
    } while (more);
    if (term->op >= OP_LESS && term->value_count > 1)
        return refuse(reader);
    struct asked *copy = model_alloc(term->value_count * sizeof *copy);
    term->values = memcpy(copy, values, term->value_count * sizeof *copy);
    return term->op == OP_NOT ? join(TERM_NOT, term, NULL) : term;
}

static const struct model_term *read_comparison(struct reader *reader, const char *name)
{
    struct model_term *term = new_term(TERM_FIELD);
    int op = read_operator(reader);
    if (op == 8)
        return refuse(reader);
    term->op = (enum operator)op;
    if (is_word(name, strlen(name), "is")) {
        term->kind = TERM_IS;
    } else if (is_word(name, strlen(name), "has")) {
        term->kind = TERM_HAS;
    } else if (read_keys(name, &term->keys)) {
        term->kind = TERM_PATH;
    } else {
        term->field = find_field(name);
        if (term->field == NULL)
            return refuse(reader);
    }
    return accept_operator(term) ? read_values(reader, term) : refuse(reader);
}

static const struct model_term *read_any(struct reader *reader);
static const struct model_term *read_term(struct reader *reader);

static const struct model_term *read_inner(struct reader *reader, bool negation)
{
    if (++reader->depth > 64)
        return refuse(reader);
    const struct model_term *inner = negation ? read_term(reader) : read_any(reader);
    reader->depth--;
    return inner;
}

static const struct model_term *read_text(struct reader *reader)
{
    struct model_term *term = new_term(TERM_TEXT);
    if (*reader->at == '"') {
        const char *text = model_quoted(&reader->at);
        if (text == NULL || !is_in(*reader->at, " \t\r\n()"))
            return refuse(reader);
        term->text = model_folded(text);
        return term;
    }
    size_t length = strcspn(reader->at, " \t\r\n()");
    const char *word = model_copy(reader->at, length);
    if (is_word(word, length, "not")) {
        reader->at += length;
        skip_blanks(reader);
        const struct model_term *inner = read_inner(reader, true);
        return join(TERM_NOT, inner, NULL);
    }
    if (length == 0 || is_word(word, length, "and") || is_word(word, length, "or") ||
        strchr(signs, *word) != NULL || needs_quotes(word) || reader->at[length] == '(')
        return refuse(reader);
    reader->at += length;
    term->text = model_folded(word);
    return term;
}

static const struct model_term *read_term(struct reader *reader)
{
    if (*reader->at == '(') {
        reader->at++;
        const struct model_term *inner = read_inner(reader, false);
        skip_blanks(reader);
        if (reader->wrong || *reader->at != ')')
            return refuse(reader);
        reader->at++;
        return inner;
    }
    if (*reader->at == '-') {
        reader->at++;
        return join(TERM_NOT, read_inner(reader, true), NULL);
    }
    bool quotes, wrong;
    size_t length = name_length(reader->at, &quotes, &wrong);
    const char *behind = reader->at + length + strspn(reader->at + length, blanks);
    struct reader look = {.at = behind};
    if (length > 0 && read_operator(&look) >= 0) {
        const char *name = model_copy(reader->at, length);
        reader->at = behind;
        return read_comparison(reader, name);
    }
    return quotes || wrong ? refuse(reader) : read_text(reader);
}

static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strcspn(reader->at, " \t\r\n()");
    bool taken = is_word(reader->at, length, word);
    reader->at += taken ? length : 0;
    return taken;
}

static const struct model_term *read_all(struct reader *reader)
{
    const struct model_term *all = NULL;
    for (;;) {
        skip_blanks(reader);
        const struct model_term *term = read_term(reader);
        all = all == NULL ? term : join(TERM_AND, all, term);
        skip_blanks(reader);
        const char *here = reader->at;
        if (reader->wrong || is_in(*here, ")") || take_word(reader, "or")) {
            reader->at = here;
            return all;
        }
        take_word(reader, "and");
    }
}

static const struct model_term *read_any(struct reader *reader)
{
    const struct model_term *any = NULL;
    do {
        const struct model_term *all = read_all(reader);
        any = any == NULL ? all : join(TERM_OR, any, all);
    } while (!reader->wrong && take_word(reader, "or"));
    return any;
}

const struct model_term *model_parse(const char *expression)
{
    struct reader reader = {.start = expression, .at = expression};
    skip_blanks(&reader);
    if (strlen(expression) > 4096 || !model_is_utf8(expression))
        return NULL;
    if (*reader.at == '\0')
        return new_term(TERM_ALL);
    const struct model_term *term = read_any(&reader);
    return reader.wrong || *reader.at != '\0' ? NULL : term;
}
