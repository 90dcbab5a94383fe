/*
 * Evaluating a filter: each question is asked of the cheapest thing that knows the answer, the
 * ring's record before the text, and the text before the tree.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter_private.h"
#include "json.h"

/* One event while it is matched. */
struct match {
    const struct filter_subject *subject;
    struct filter_scratch *scratch;
    const char *text; /* without escapes; NULL: not made yet */
    size_t length;
    const struct event *tree; /* NULL: not made yet, or it cannot be */
    bool no_tree;
    struct event own_tree;
    bool glance; /* only what costs little is looked at */
    bool unsure; /* then: more would have to be looked at for the last term */
};

void filter_scratch_free(struct filter_scratch *scratch)
{
    free(scratch->text);
    *scratch = (struct filter_scratch){0};
}

static void make_text(struct match *match)
{
    const char *raw = match->subject->raw;
    size_t length = match->subject->record->length;
    struct filter_scratch *scratch = match->scratch;

    match->text = raw;
    match->length = length;
    if (!memchr(raw, '\\', length))
        return;
    if (scratch->capacity < length) {
        char *text = realloc(scratch->text, length);
        if (!text) {
            match->length = 0;
            return;
        }
        scratch->text = text;
        scratch->capacity = length;
    }
    match->text = scratch->text;
    match->length = json_unescape(scratch->text, raw, length);
}

static bool text_has(struct match *match, const struct search *search)
{
    if (match->glance && match->subject->record->length > FILTER_GLANCE_BYTES) {
        match->unsure = true;
        return true;
    }
    if (!match->text)
        make_text(match);
    return search_in(search, match->text, match->length);
}

/* The event's tree, or NULL when memory ran out: the bytes were accepted, so they are good. */
static const struct event *tree_of(struct match *match)
{
    const struct filter_subject *subject = match->subject;
    char reason[1];

    if (subject->event)
        return subject->event;
    if (match->glance) {
        match->unsure = true;
        return NULL;
    }
    if (!match->tree && !match->no_tree) {
        match->no_tree = !event_decode(&match->own_tree, subject->raw, subject->record->length,
                                       reason, sizeof reason);
        match->tree = match->no_tree ? NULL : &match->own_tree;
    }
    return match->tree;
}

/* The fields that are known without the tree. `get` returns false when only the tree can tell. */
static bool record_type(const struct filter_subject *subject, struct value *value)
{
    value->text = subject->type;
    return subject->type != NULL;
}

static bool record_outcome(const struct filter_subject *subject, struct value *value)
{
    value->text = outcome_infos[subject->record->outcome].name;
    return true;
}

static bool record_entity(const struct filter_subject *subject, struct value *value)
{
    value->text = entity_infos[subject->record->entity].name;
    return true;
}

static bool record_received(const struct filter_subject *subject, struct value *value)
{
    value->number = (double)subject->record->received_ms;
    return subject->record->received_ms != 0;
}

static bool record_age(const struct filter_subject *subject, struct value *value)
{
    value->number = (double)(subject->now_ms - subject->record->created_ms);
    return true;
}

static bool record_verified(const struct filter_subject *subject, struct value *value)
{
    value->number = subject->record->verified;
    return true;
}

static bool record_duplicates(const struct filter_subject *subject, struct value *value)
{
    value->number = subject->record->duplicates;
    return true;
}

/* An event that does not say when it was created has the time of its arrival in the record. */
static bool has_created(const struct ring_record *record)
{
    return record->created_ms != record->received_ms;
}

static bool record_created(const struct filter_subject *subject, struct value *value)
{
    value->number = (double)subject->record->created_ms;
    return has_created(subject->record);
}

static bool record_delay(const struct filter_subject *subject, struct value *value)
{
    const struct ring_record *record = subject->record;
    value->number = (double)(record->received_ms - record->created_ms);
    return has_created(record) && record->received_ms != 0;
}

static const struct record_field record_fields[] = {
    {"type", FILTER_COST_TYPE, 0, record_type},
    {"outcome", FILTER_COST_TYPE, 0, record_outcome},
    {"entity", FILTER_COST_TYPE, 0, record_entity},
    {"received", FILTER_COST_RECORD, 0, record_received},
    {"age", FILTER_COST_RECORD, FILTER_CHANGES_IN_TIME, record_age},
    {"verified", FILTER_COST_RECORD, 0, record_verified},
    {"duplicates", FILTER_COST_RECORD, FILTER_CHANGES_BY_EVENTS, record_duplicates},
    {"created", FILTER_COST_RECORD, 0, record_created},
    {"delay", FILTER_COST_RECORD, 0, record_delay},
};

const struct record_field *filter_record_field(const struct field *field)
{
    for (size_t i = 0; i < sizeof record_fields / sizeof record_fields[0]; i++)
        if (strcmp(record_fields[i].name, field->name) == 0)
            return &record_fields[i];
    return NULL;
}

/* Reads a field. Returns false when the event does not have it. */
static bool read_field(struct match *match, const struct node *node, struct value *value)
{
    const struct filter_subject *subject = match->subject;

    *value = (struct value){.type = node->field->type};
    if (node->record && node->record->get(subject, value))
        return true;
    const struct event *tree = tree_of(match);
    return tree && field_get(node->field,
                             &(struct field_source){
                                 .event = tree,
                                 .received_ms = subject->record->received_ms,
                                 .now_ms = subject->now_ms,
                                 .duplicates = subject->record->duplicates,
                                 .verified = subject->record->verified,
                             },
                             value);
}

/* What relative words stand for on the day of the match. They are placed anew when it is over. */
static struct moment place_today(struct match *match, const struct moment_words *words)
{
    struct filter_scratch *scratch = match->scratch;
    int64_t now_ms = match->subject->now_ms;
    struct filter_placed *placed;

    for (size_t i = 0; i < FILTER_PLACED; i++) {
        placed = &scratch->placed[i];
        if (placed->from_ms <= now_ms && now_ms <= placed->until_ms &&
            placed->words.day == words->day && placed->words.from_ms == words->from_ms &&
            placed->words.length_ms == words->length_ms)
            return placed->moment;
    }
    struct moment today = moment_today(now_ms);
    placed = &scratch->placed[scratch->next_placed++ % FILTER_PLACED];
    *placed = (struct filter_placed){
        .words = *words,
        .moment = moment_place(words, now_ms),
        .from_ms = today.first_ms,
        .until_ms = today.last_ms,
    };
    return placed->moment;
}

/* The operand with its time placed: a copy of it where that is needed. */
static const struct operand *placed(struct match *match, const struct operand *operand,
                                    struct operand *copy)
{
    if (operand->kind != OPERAND_TIME || !operand->words.relative)
        return operand;
    *copy = *operand;
    copy->moment = place_today(match, &operand->words);
    return copy;
}

/* Whether the text rules the term out. Where the tree is there already, it is the faster one. */
static bool ruled_out(struct match *match, const struct node *node)
{
    if (node->hint_count == 0 || match->tree || match->subject->event)
        return false;
    for (size_t i = 0; i < node->hint_count; i++)
        if (text_has(match, &node->hints[i]))
            return false;
    return true;
}

static bool compare(struct match *match, const struct node *node)
{
    struct value value;
    struct operand copy;

    if (ruled_out(match, node))
        return false;
    const struct operand *operand = placed(match, &node->operand, &copy);
    if (node->field)
        return read_field(match, node, &value) && filter_compare_value(node->op, operand, &value);
    const struct event *tree = tree_of(match);
    return tree && filter_compare_path(node->op, operand, tree->json, &node->path);
}

static bool has(struct match *match, const struct node *node)
{
    struct value value;

    if (ruled_out(match, node))
        return false;
    if (node->field)
        return read_field(match, node, &value);
    const struct event *tree = tree_of(match);
    return tree && filter_has_path(tree->json, &node->path);
}

static enum filter_verdict verdict_of(bool wanted)
{
    return wanted ? FILTER_ALWAYS : FILTER_NEVER;
}

static enum filter_verdict matches(struct match *match, const struct node *node);

/* What all or any of some terms come to: one that is `decisive` decides. */
static enum filter_verdict match_terms(struct match *match, const struct node *node,
                                       enum filter_verdict decisive, enum filter_verdict otherwise)
{
    enum filter_verdict result = otherwise;

    for (const struct node *term = node->first; term; term = term->next) {
        enum filter_verdict verdict = matches(match, term);
        if (verdict == decisive)
            return decisive;
        if (verdict == FILTER_DEPENDS)
            result = FILTER_DEPENDS;
    }
    return result;
}

static bool holds(struct match *match, const struct node *node)
{
    switch (node->kind) {
    case NODE_TEXT: return text_has(match, &node->operand.text);
    case NODE_STATE: return node->state->holds(match, node->state);
    case NODE_HAS: return has(match, node);
    default: return compare(match, node);
    }
}

static enum filter_verdict matches(struct match *match, const struct node *node)
{
    enum filter_verdict verdict;

    switch (node->kind) {
    case NODE_ALL: return match_terms(match, node, FILTER_NEVER, FILTER_ALWAYS);
    case NODE_ANY: return match_terms(match, node, FILTER_ALWAYS, FILTER_NEVER);
    case NODE_NOT:
        verdict = matches(match, node->first);
        return verdict == FILTER_DEPENDS ? verdict : verdict_of(verdict == FILTER_NEVER);
    default: break;
    }
    match->unsure = false;
    verdict = verdict_of(holds(match, node));
    return match->unsure ? FILTER_DEPENDS : verdict;
}

bool filter_match(const struct filter *filter, const struct filter_subject *subject,
                  struct filter_scratch *scratch)
{
    struct match match = {.subject = subject, .scratch = scratch};
    bool wanted = matches(&match, filter->root) == FILTER_ALWAYS;

    if (match.tree)
        event_free(&match.own_tree);
    return wanted;
}

enum filter_verdict filter_glance(const struct filter *filter, const struct filter_subject *subject,
                                  struct filter_scratch *scratch)
{
    struct match match = {.subject = subject, .scratch = scratch, .glance = true};
    return matches(&match, filter->root);
}

static bool holds_outcome(struct match *match, const struct filter_state *state)
{
    return match->subject->record->outcome == state->outcome;
}

static enum filter_verdict judge_outcome(const struct filter_state *state,
                                         const struct filter_type *type)
{
    return type->name ? verdict_of(type->outcome == state->outcome) : FILTER_DEPENDS;
}

static bool holds_waiting(struct match *match, const struct filter_state *state)
{
    const struct filter_subject *subject = match->subject;

    if (!holds_outcome(match, state))
        return false;
    if (!subject->waiting && !match->glance)
        return true;
    const struct event *tree = tree_of(match);
    const char *request = tree ? event_data_string(tree, "request_id") : NULL;
    const char *session = tree ? event_data_string(tree, "session_id") : NULL;
    return request && subject->waiting(subject->context, session, request);
}

static enum filter_verdict judge_waiting(const struct filter_state *state,
                                         const struct filter_type *type)
{
    return type->name && type->outcome != state->outcome ? FILTER_NEVER : FILTER_DEPENDS;
}

static bool holds_unknown(struct match *match, const struct filter_state *state)
{
    (void)state;
    if (match->subject->own_type)
        return false;
    const struct event *tree = match->subject->type ? NULL : tree_of(match);
    const char *type = tree ? tree->type : match->subject->type;
    return type && !catalog_find(type);
}

/* Types share a number only when the catalogue does not have them. */
static enum filter_verdict judge_unknown(const struct filter_state *state,
                                         const struct filter_type *type)
{
    (void)state;
    return verdict_of(!type->name || !catalog_find(type->name));
}

static bool holds_verified(struct match *match, const struct filter_state *state)
{
    (void)state;
    return match->subject->record->verified;
}

static bool holds_unverified(struct match *match, const struct filter_state *state)
{
    return !holds_verified(match, state);
}

static bool holds_duplicate(struct match *match, const struct filter_state *state)
{
    (void)state;
    return match->subject->record->duplicates > 0;
}

#define BY_OUTCOME(which)                                                                          \
    .outcome = (which), .cost = FILTER_COST_TYPE, .holds = holds_outcome, .verdict = judge_outcome

const struct filter_state filter_states[] = {
    {.name = "failed", .meaning = "something failed", BY_OUTCOME(OUTCOME_FAILED)},
    {.name = "ok", .meaning = "something succeeded", BY_OUTCOME(OUTCOME_OK)},
    {.name = "cancelled", .meaning = "a run was cancelled", BY_OUTCOME(OUTCOME_CANCELLED)},
    {.name = "healed", .meaning = "self-heal made a new version", BY_OUTCOME(OUTCOME_HEALED)},
    {.name = "noted", .meaning = "neither good nor bad", BY_OUTCOME(OUTCOME_NEUTRAL)},
    {.name = "waiting",
     .meaning = "a request for a human that is still open",
     .cost = FILTER_COST_JSON,
     .changes = FILTER_CHANGES_BY_EVENTS,
     .outcome = OUTCOME_WAITING,
     .holds = holds_waiting,
     .verdict = judge_waiting},
    {.name = "unknown",
     .meaning = "of a type that this version does not know",
     .cost = FILTER_COST_TYPE,
     .holds = holds_unknown,
     .verdict = judge_unknown},
    {.name = "verified",
     .meaning = "its signature was checked",
     .cost = FILTER_COST_RECORD,
     .holds = holds_verified},
    {.name = "unverified",
     .meaning = "taken in without a signature",
     .cost = FILTER_COST_RECORD,
     .holds = holds_unverified},
    {.name = "duplicate",
     .meaning = "delivered more than once",
     .cost = FILTER_COST_RECORD,
     .changes = FILTER_CHANGES_BY_EVENTS,
     .holds = holds_duplicate},
};
const size_t filter_state_count = sizeof filter_states / sizeof filter_states[0];

/* A term about what a type's row tells. */
static enum filter_verdict judge_field(const struct node *node, const struct filter_type *type)
{
    const struct ring_record record = {
        .entity = (uint8_t)type->entity,
        .outcome = (uint8_t)type->outcome,
    };
    const struct filter_subject subject = {.record = &record, .type = type->name};
    struct value value = {.type = FIELD_TEXT};

    if (node->kind == NODE_HAS)
        return FILTER_ALWAYS;
    return type->name && node->record->get(&subject, &value)
               ? verdict_of(filter_compare_value(node->op, &node->operand, &value))
               : FILTER_DEPENDS;
}

static enum filter_verdict judge(const struct node *node, const struct filter_type *type);

/* What all or any of some terms come to: one that is `decisive` decides. */
static enum filter_verdict judge_terms(const struct node *node, const struct filter_type *type,
                                       enum filter_verdict decisive, enum filter_verdict otherwise)
{
    enum filter_verdict result = otherwise;

    for (const struct node *term = node->first; term; term = term->next) {
        enum filter_verdict verdict = judge(term, type);
        if (verdict == decisive)
            return decisive;
        if (verdict == FILTER_DEPENDS)
            result = FILTER_DEPENDS;
    }
    return result;
}

static enum filter_verdict judge(const struct node *node, const struct filter_type *type)
{
    enum filter_verdict verdict;

    switch (node->kind) {
    case NODE_ALL: return judge_terms(node, type, FILTER_NEVER, FILTER_ALWAYS);
    case NODE_ANY: return judge_terms(node, type, FILTER_ALWAYS, FILTER_NEVER);
    case NODE_NOT:
        verdict = judge(node->first, type);
        return verdict == FILTER_DEPENDS ? verdict : verdict_of(verdict == FILTER_NEVER);
    case NODE_STATE:
        return node->state->verdict ? node->state->verdict(node->state, type) : FILTER_DEPENDS;
    case NODE_HAS:
    case NODE_COMPARE:
        return node->cost == FILTER_COST_TYPE ? judge_field(node, type) : FILTER_DEPENDS;
    case NODE_TEXT: break;
    }
    return FILTER_DEPENDS;
}

enum filter_verdict filter_verdict(const struct filter *filter, const struct filter_type *type)
{
    return judge(filter->root, type);
}

enum filter_cost filter_cost(const struct filter *filter)
{
    return filter->root->cost;
}

static unsigned changes_of(const struct node *node)
{
    unsigned changes = node->state ? node->state->changes : 0;

    changes |= node->kind == NODE_COMPARE && node->record ? node->record->changes : 0;
    changes |= node->operand.words.relative ? FILTER_CHANGES_BY_DAY : 0;
    for (const struct node *term = node->first; term; term = term->next)
        changes |= changes_of(term);
    return changes;
}

unsigned filter_changes(const struct filter *filter)
{
    return changes_of(filter->root);
}
