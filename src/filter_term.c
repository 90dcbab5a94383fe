/*
 * The terms of a filter expression: comparisons, states and text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_scan.h"
#include "nearest.h"

/* Whether the word is the last key of a place that the field can have, as "task_id" is of task. */
static bool is_key_of(const char *word, const struct field *field)
{
    size_t length = strlen(word);

    for (const char *found = field->path; found && (found = strstr(found, word)); found++)
        if (length > 0 && found > field->path && found[-1] == '.' &&
            (found[length] == '\0' || found[length] == '|'))
            return true;
    return false;
}

static const char *nearest_field(const char *word)
{
    struct nearest nearest = nearest_to(word, strlen(word));

    for (size_t i = 0; i < field_count; i++)
        if (is_key_of(word, &fields[i]))
            return fields[i].name;
    for (size_t i = 0; i < field_count; i++)
        nearest_consider(&nearest, fields[i].name);
    nearest_consider(&nearest, "is");
    nearest_consider(&nearest, "has");
    nearest_consider(&nearest, "data");
    return nearest.word;
}

static struct node *fail_field(struct parser *parser, struct span where)
{
    int length = scan_shown(parser->name, strlen(parser->name));
    const char *meant = nearest_field(parser->name);

    if (meant)
        return scan_fail(parser, where,
                         "there is no field \"%.*s\": did you mean \"%s\"? To look for the text, "
                         "put it into quotes",
                         length, parser->name, meant);
    return scan_fail(
        parser, where,
        "there is no field \"%.*s\": to look for the text, put it into quotes; members of "
        "the payload begin with \"data.\"",
        length, parser->name);
}

static struct node *fail_state(struct parser *parser, struct span where)
{
    struct nearest nearest = nearest_to(parser->value, strlen(parser->value));
    int length = scan_shown(parser->value, strlen(parser->value));
    char list[128];
    size_t used = 0;

    for (size_t i = 0; i < filter_state_count; i++) {
        nearest_consider(&nearest, filter_states[i].name);
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "",
                                 filter_states[i].name);
    }
    if (nearest.word)
        return scan_fail(parser, where, "there is no state \"%.*s\": did you mean \"%s\"?", length,
                         parser->value, nearest.word);
    return scan_fail(parser, where, "there is no state \"%.*s\": the states are %s", length,
                     parser->value, list);
}

static struct node *make_state(struct parser *parser, const struct comparison *comparison)
{
    for (size_t i = 0; i < filter_state_count; i++) {
        if (strcasecmp(filter_states[i].name, parser->value) != 0)
            continue;
        struct node *node = filter_node_new(NODE_STATE, filter_states[i].cost);
        if (!node)
            return scan_fail_memory(parser);
        node->state = &filter_states[i];
        return node;
    }
    return fail_state(parser, comparison->value);
}

/* A node about a field, or the path that stands at `where`. */
static struct node *make_about(struct parser *parser, enum node_kind kind,
                               const struct field *field, struct span where)
{
    const struct record_field *record = field ? filter_record_field(field) : NULL;
    struct node *node = filter_node_new(kind, record ? record->cost : FILTER_COST_JSON);

    if (!node)
        return scan_fail_memory(parser);
    node->field = field;
    node->record = record;
    if (!field && !filter_path_read(&node->path, parser->text + where.offset, where.length)) {
        filter_node_free(node);
        return scan_fail_memory(parser);
    }
    return node;
}

static struct node *finish(struct parser *parser, struct node *node)
{
    if (node && !filter_node_finish(node)) {
        filter_node_free(node);
        return scan_fail_memory(parser);
    }
    return node;
}

const struct field *filter_field(const char *name)
{
    for (size_t i = 0; i < field_count; i++)
        if (strcasecmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

/* The field that parser->name names; NULL for a path. False when it is neither. */
static bool find_field(struct parser *parser, struct span where, const struct field **field)
{
    struct filter_path path;

    *field = NULL;
    if (filter_is_path(parser->name)) {
        bool good = filter_path_read(&path, parser->text + where.offset, where.length);
        if (!good)
            scan_fail(parser, where, "a key is missing behind a dot, as in data.output.status");
        else
            filter_path_free(&path);
        return good;
    }
    *field = filter_field(parser->name);
    if (!*field)
        fail_field(parser, where);
    return *field != NULL;
}

static struct node *make_has(struct parser *parser, const struct comparison *comparison)
{
    const struct field *field;

    if (!find_field(parser, comparison->value, &field))
        return NULL;
    return finish(parser, make_about(parser, NODE_HAS, field, comparison->value));
}

static struct node *make_compare(struct parser *parser, const struct comparison *comparison)
{
    enum field_type type = comparison->field ? comparison->field->type : FIELD_JSON;
    const struct operand_class *class = &operand_classes[type];
    enum filter_op op = comparison->op->op;
    struct operand operand = {.kind = OPERAND_TEXT};

    /* In a payload text is a value too, but none that has an order. */
    bool good =
        class->read(parser->value, &operand) && (operand.kind != OPERAND_TEXT || op < OP_LESS);
    if (!good) {
        filter_operand_free(&operand);
        return scan_fail(parser, comparison->value, "\"%.*s\" is not %s: %s",
                         scan_shown(parser->value, strlen(parser->value)), parser->value,
                         class->name, class->remedy);
    }
    if (operand.kind == OPERAND_TEXT && !filter_check_foreign(parser, comparison))
        return NULL;
    struct node *node = make_about(parser, NODE_COMPARE, comparison->field, comparison->name);
    if (!node) {
        filter_operand_free(&operand);
        return NULL;
    }
    node->op = op;
    node->operand = operand;
    if (operand.out_of_memory ||
        !search_prepare(&node->operand.text, parser->value, strlen(parser->value))) {
        filter_node_free(node);
        return scan_fail_memory(parser);
    }
    return finish(parser, node);
}

static bool has_op(unsigned ops, enum filter_op op)
{
    return ops >> op & 1;
}

static bool check_op(struct parser *parser, const struct comparison *comparison, unsigned ops,
                     const char *what)
{
    char list[64];
    size_t used = 0;

    if (has_op(ops, comparison->op->op))
        return true;
    for (size_t i = 0; i < op_info_count; i++)
        if (has_op(ops, op_infos[i].op))
            used += (size_t)snprintf(list + used, sizeof list - used, " %s", op_infos[i].sign);
    scan_fail(parser, comparison->sign,
              "\"%s\" does not go with \"%.*s\", which is %s: write one of%s", comparison->op->sign,
              (int)comparison->name.length, parser->text + comparison->name.offset, what, list);
    return false;
}

typedef struct node *make_function(struct parser *parser, const struct comparison *comparison);

/* Finds out what stands before the operator, and returns what makes a node of a value, or NULL. */
static make_function *choose_maker(struct parser *parser, struct comparison *comparison)
{
    static const unsigned equal = 1 << OP_BEGINS | 1 << OP_EQUAL;

    if (strcasecmp(parser->name, "is") == 0)
        return check_op(parser, comparison, equal, "for states") ? make_state : NULL;
    if (strcasecmp(parser->name, "has") == 0)
        return check_op(parser, comparison, equal, "for fields") ? make_has : NULL;
    if (!find_field(parser, comparison->name, &comparison->field))
        return NULL;
    const struct operand_class *class =
        &operand_classes[comparison->field ? comparison->field->type : FIELD_JSON];
    return check_op(parser, comparison, class->ops, class->name) ? make_compare : NULL;
}

/* Whether a clock, or the beginning of one, stands here: one or two digits, alone or before a
 * colon. */
static bool at_clock(const struct parser *parser)
{
    const char *text = parser->text + parser->at;
    size_t digits = strspn(text, "0123456789");
    return (digits == 1 || digits == 2) &&
           (text[digits] == ':' || text[digits] == ',' || scan_is_end(text[digits]));
}

/* Takes the clock behind a day without quotes, where a time can stand, into the same value: people
 * write "2026-05-24 10:00". */
static bool take_clock(struct parser *parser, const struct comparison *comparison)
{
    enum field_type type = comparison->field ? comparison->field->type : FIELD_JSON;
    size_t length = strlen(parser->value), day_end = parser->at;

    if ((type != FIELD_TIME && type != FIELD_JSON) ||
        parser->text[comparison->value.offset] == '"' || !moment_is_day(parser->value))
        return true;
    scan_skip_blanks(parser);
    if (parser->at == day_end || !at_clock(parser)) {
        parser->at = day_end;
        return true;
    }
    char day[sizeof "2026-05-24"]; /* the longest */
    memcpy(day, parser->value, length + 1);
    bool good = scan_value(parser, true);
    memmove(parser->value + length + 1, parser->value, strlen(parser->value) + 1);
    memcpy(parser->value, day, length);
    parser->value[length] = ' ';
    return good;
}

/* Reads one value of a comparison. */
static struct node *parse_value(struct parser *parser, struct comparison *comparison,
                                make_function *make)
{
    bool good;

    scan_skip_blanks(parser);
    comparison->value.offset = parser->at;
    if (make == make_has) {
        scan_name(parser);
        good = *parser->name && !parser->failed;
    } else {
        good = scan_value(parser, true) && (make != make_compare || take_clock(parser, comparison));
    }
    comparison->value.length = parser->at - comparison->value.offset;
    if (!good)
        return scan_fail(parser, parser->before, "a value is missing behind \"%.*s\"",
                         scan_shown(parser->text + parser->before.offset, parser->before.length),
                         parser->text + parser->before.offset);
    if (!scan_is_end(scan_peek(parser)) && scan_peek(parser) != ',')
        return scan_fail(parser, (struct span){parser->at, 1},
                         "this follows a value without a blank");
    return make(parser, comparison);
}

/* `parser->name` was read, and an operator is next. */
static struct node *parse_comparison(struct parser *parser, struct span name,
                                     const struct op_info *op)
{
    struct comparison comparison = {
        .name = name,
        .sign = {parser->at, strlen(op->sign)},
        .op = op,
    };
    struct node *values = NULL, **end = &values;

    parser->at += comparison.sign.length;
    parser->before = (struct span){name.offset, parser->at - name.offset};
    make_function *make = choose_maker(parser, &comparison);
    while (make && !parser->failed) {
        *end = parse_value(parser, &comparison, make);
        if (!*end || scan_peek(parser) != ',')
            break;
        if (op->op >= OP_LESS)
            scan_fail(parser, (struct span){parser->at, 1},
                      "\"%s\" takes one value: write \"or\" between two comparisons", op->sign);
        end = &(*end)->next;
        scan_take(parser, 1);
    }
    if (parser->failed) {
        filter_node_free(values);
        return NULL;
    }
    struct node *node = filter_node_group(NODE_ANY, values);
    if (node && op->negated)
        node = filter_node_group(NODE_NOT, node);
    return node ? node : scan_fail_memory(parser);
}

static struct node *make_text(struct parser *parser)
{
    struct node *node = filter_node_new(NODE_TEXT, FILTER_COST_TEXT);

    if (!node || !search_prepare(&node->operand.text, parser->value, strlen(parser->value))) {
        filter_node_free(node);
        return scan_fail_memory(parser);
    }
    return node;
}

static struct node *parse_text(struct parser *parser)
{
    struct span where = {parser->at, 1};

    if (scan_op(parser))
        return scan_fail(parser, where, "a field is missing before this operator, as in cost>0.01");
    if (parser->failed || !scan_value(parser, false))
        return scan_fail(parser, where, "something to look for is missing here");
    where.length = parser->at - where.offset;
    if (scan_peek(parser) == ',') /* behind a quote */
        return scan_fail(parser, (struct span){parser->at, 1},
                         "a comma stands between values of a field only: write a blank, or \"or\"");
    if (parser->text[where.offset] != '"' && !filter_check_foreign_word(parser, where))
        return NULL;
    struct node *node = make_text(parser);
    if (node && parser->text[where.offset] != '"') {
        node->word = where.offset;
        node->word_length = where.length;
    }
    return node;
}

struct node *filter_parse_term(struct parser *parser)
{
    struct span name = {parser->at, 0};

    scan_name(parser);
    if (parser->failed)
        return NULL;
    name.length = parser->at - name.offset;
    bool quoted = memchr(parser->text + name.offset, '"', name.length) != NULL;
    if (name.length > 0) {
        scan_skip_blanks(parser);
        const struct op_info *op = scan_op(parser);
        if (op)
            return parse_comparison(parser, name, op);
        if (quoted && !parser->failed)
            return scan_fail(parser, name, "an operator is missing behind this path, as in %s",
                             "data.\"a key\"=value");
    }
    parser->at = name.offset;
    return parser->failed ? NULL : parse_text(parser);
}
