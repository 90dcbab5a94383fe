/*
 * What Tab offers in a filter expression.
 *
 * While it is typed an expression is mostly wrong, so this does not parse it: it walks over the
 * words up to the cursor and finds out whether the last one is a name or a value.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_private.h"
#include "filter_scan.h"

enum { MAX_CANDIDATES = 500, NAME_SIZE = 256 };

/* Where the cursor is. */
struct place {
    size_t start;         /* of the word that is completed */
    char name[NAME_SIZE]; /* before the operator; "" where a name is wanted */
    enum filter_op op;
    bool nothing; /* inside of a phrase, or of a word that is no name */
};

static bool is_op(char c)
{
    return c && strchr(":=~<>!", c);
}

/* Behind the quoted string at `at`, or at the cursor when that is inside of it. */
static size_t skip_quoted(const char *text, size_t at, size_t cursor)
{
    for (at++; at < cursor; at++) {
        if (text[at] == '\\')
            at++;
        else if (text[at] == '"')
            return at + 1;
    }
    return cursor + 1;
}

static size_t skip_blanks(const char *text, size_t at, size_t cursor)
{
    while (at < cursor && scan_is_blank(text[at]))
        at++;
    return at;
}

/* Behind a word, or a name when operators end it too. Beyond the cursor when it is in quotes. */
static size_t skip_word(const char *text, size_t at, size_t cursor, const char *stops)
{
    bool path = strncasecmp(text + at, "data.", strlen("data.")) == 0;

    if (at < cursor && text[at] == '"')
        return skip_quoted(text, at, cursor);
    while (at < cursor && !scan_is_end(text[at]) && !strchr(stops, text[at]))
        at = path && text[at] == '"' ? skip_quoted(text, at, cursor) : at + 1;
    return at;
}

static enum filter_op op_at(const char *text, size_t at)
{
    for (size_t length = 2; length > 0; length--)
        for (size_t i = 0; i < op_info_count; i++)
            if (strlen(op_infos[i].sign) == length &&
                strncmp(op_infos[i].sign, text + at, length) == 0)
                return op_infos[i].op;
    return OP_BEGINS;
}

/* Walks over the values of a comparison. True when the cursor is in one of them. */
static bool find_value(const char *text, size_t *at, size_t cursor, struct place *place)
{
    for (;;) {
        size_t start = skip_blanks(text, *at, cursor);
        *at = skip_word(text, start, cursor, ",");
        if (*at >= cursor) {
            place->start = start;
            return true;
        }
        if (text[*at] != ',')
            return false;
        ++*at;
    }
}

static struct place find_place(const char *text, size_t cursor)
{
    struct place place = {.start = cursor};

    for (size_t at = 0; at < cursor;) {
        if (scan_is_end(text[at]) || text[at] == '-') {
            at++;
            continue;
        }
        size_t start = at;
        at = skip_word(text, start, cursor, ":=~<>!");
        size_t op = skip_blanks(text, at, cursor);
        if (at >= cursor) {
            bool phrase = at > cursor || text[start] == '"';
            return (struct place){.start = phrase ? cursor : start, .nothing = phrase};
        }
        if (op == cursor || !is_op(text[op]))
            continue;
        place.op = op_at(text, op);
        snprintf(place.name, sizeof place.name, "%.*s", (int)(at - start), text + start);
        for (at = op; at < cursor && is_op(text[at]);)
            at++;
        if (find_value(text, &at, cursor, &place))
            return place;
        place = (struct place){.start = cursor};
    }
    return place;
}

/* Candidates while they are gathered. */
struct gathering {
    struct filter_completion *completion;
    struct search typed; /* what stands between start and cursor */
    bool contains;       /* the operator looks inside of values */
    bool failed;
};

static void add(struct gathering *to, const char *text, const char *title, bool value)
{
    struct filter_completion *completion = to->completion;
    struct filter_candidate candidate = {.text = NULL};
    size_t size;

    if (to->failed || completion->count == MAX_CANDIDATES)
        return;
    for (size_t i = 0; i < completion->count; i++)
        if (strcmp(completion->candidates[i].text, text) == 0)
            return;
    struct filter_candidate *candidates =
        realloc(completion->candidates, (completion->count + 1) * sizeof *candidates);
    if (candidates)
        completion->candidates = candidates;
    FILE *out = candidates ? open_memstream(&candidate.text, &size) : NULL;
    if (out) {
        if (value)
            filter_put_value(out, text);
        else
            fputs(text, out);
        to->failed = fclose(out) != 0;
    }
    candidate.title = strdup(title);
    to->failed |= !out || !candidate.title;
    if (to->failed) {
        free(candidate.text);
        free(candidate.title);
        return;
    }
    completion->candidates[completion->count++] = candidate;
}

static bool is_typed(const struct gathering *to, const char *text)
{
    return to->contains ? search_in(&to->typed, text, strlen(text))
                        : search_begins(&to->typed, text, strlen(text));
}

static void offer_value(struct gathering *to, const char *value, const char *title)
{
    if (is_typed(to, value))
        add(to, value, title, true);
}

static void offer_seen(void *list, const char *value)
{
    offer_value(list, value, "");
}

/* Keys may have been typed without the quotes that they need. */
static bool is_typed_path(const struct gathering *to, const char *path)
{
    char bare[NAME_SIZE];
    size_t used = 0;

    for (; *path && used + 1 < sizeof bare; path++)
        if (*path != '"')
            bare[used++] = *path;
    bare[used] = '\0';
    return is_typed(to, bare);
}

static void offer_path(void *list, const char *path)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return;
    bool good = filter_put_path(out, path);
    if (fclose(out) == 0 && good && (is_typed(list, text) || is_typed_path(list, text)))
        add(list, text, "", false);
    free(text);
}

static void offer_paths(struct gathering *to, const struct filter_values *values)
{
    if (values)
        values->each(values->context, NULL, offer_path, to);
}

/* The operators that go with a field whose name is complete. */
static void offer_ops(struct gathering *to, const struct field *field)
{
    static const struct {
        const char *sign, *title;
    } titles[] = {{":", "begins with"}, {"=", "is"},       {"!=", "is not"},   {"~", "contains"},
                  {"<", "less than"},   {"<=", "at most"}, {">", "more than"}, {">=", "at least"}};
    const struct operand_class *class = &operand_classes[field->type];
    bool text = class->ops >> OP_CONTAINS & 1;

    for (size_t i = 0; i < op_info_count; i++) {
        char term[NAME_SIZE];
        if (!(class->ops >> op_infos[i].op & 1) || (op_infos[i].op == OP_BEGINS && !text))
            continue;
        snprintf(term, sizeof term, "%s%s", field->name, op_infos[i].sign);
        for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++)
            if (strcmp(titles[k].sign, op_infos[i].sign) == 0)
                add(to, term, titles[k].title, false);
    }
}

/* The operator that a field is most often asked with. */
static const char *usual_op(const struct field *field)
{
    unsigned ops = operand_classes[field->type].ops;
    return ops >> OP_CONTAINS & 1 ? ":" : ops >> OP_LESS & 1 ? "" : "=";
}

static void offer_names(struct gathering *to, const struct filter_values *values)
{
    static const struct {
        const char *name, *title;
    } others[] = {{"is:", "A state"}, {"has:", "A field that is there"}, {"data.", "The payload"}};
    const struct field *complete = filter_field(to->typed.text);

    if (complete)
        offer_ops(to, complete);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is_typed(to, others[i].name))
            add(to, others[i].name, others[i].title, false);
    for (size_t i = 0; i < field_count; i++) {
        char term[NAME_SIZE];
        if (&fields[i] == complete || !is_typed(to, fields[i].name))
            continue;
        snprintf(term, sizeof term, "%s%s", fields[i].name, usual_op(&fields[i]));
        add(to, term, fields[i].title, false);
    }
    if (strncmp(to->typed.text, "data.", to->typed.length < 5 ? to->typed.length : 5) == 0)
        offer_paths(to, values);
}

static void offer_states(struct gathering *to)
{
    for (size_t i = 0; i < filter_state_count; i++)
        offer_value(to, filter_states[i].name, filter_states[i].meaning);
}

static void offer_fields(struct gathering *to, const struct filter_values *values)
{
    for (size_t i = 0; i < field_count; i++)
        offer_value(to, fields[i].name, fields[i].title);
    offer_paths(to, values);
}

/* Values that are known beforehand. */
static void offer_known(struct gathering *to, const struct field *field)
{
    if (strcmp(field->name, "type") == 0)
        for (size_t i = 0; i < catalog_size; i++)
            offer_value(to, catalog[i].name, catalog[i].meaning);
    if (strcmp(field->name, "outcome") == 0)
        for (size_t i = 0; i < OUTCOMES; i++)
            offer_value(to, outcome_infos[i].name, "");
    if (strcmp(field->name, "entity") == 0)
        for (size_t i = 0; i < ENTITY_KINDS; i++)
            offer_value(to, entity_infos[i].name, "");
    if (field->type == FIELD_FLAG) {
        offer_value(to, "yes", "");
        offer_value(to, "no", "");
    }
}

static void offer_values(struct gathering *to, const char *name, const struct filter_values *values)
{
    const struct field *field = filter_field(name);

    if (strcasecmp(name, "is") == 0) {
        offer_states(to);
    } else if (strcasecmp(name, "has") == 0) {
        offer_fields(to, values);
    } else if (field || filter_is_path(name)) {
        if (field) {
            offer_known(to, field);
            to->completion->hint = operand_classes[field->type].remedy;
        }
        if (values)
            values->each(values->context, field ? field->name : name, offer_seen, to);
    }
}

bool filter_complete(struct filter_completion *completion, const char *text, size_t cursor,
                     const struct filter_values *values)
{
    struct place place = find_place(text, cursor);
    struct gathering to = {.completion = completion, .contains = place.op == OP_CONTAINS};
    size_t start = place.start;

    *completion = (struct filter_completion){.start = start, .length = cursor - start};
    if (place.nothing)
        return true;
    /* What is typed of a quoted value is compared as it stands, without its first quote. */
    start += *place.name && start < cursor && text[start] == '"';
    if (!search_prepare(&to.typed, text + start, cursor - start))
        return false;
    if (*place.name)
        offer_values(&to, place.name, values);
    else
        offer_names(&to, values);
    search_free(&to.typed);
    if (to.failed)
        filter_completion_free(completion);
    return !to.failed;
}

void filter_completion_free(struct filter_completion *completion)
{
    for (size_t i = 0; i < completion->count; i++) {
        free(completion->candidates[i].text);
        free(completion->candidates[i].title);
    }
    free(completion->candidates);
    *completion = (struct filter_completion){0};
}
