/*
 * Filters against a second evaluator, which was written after the grammar alone: it reads the
 * expression again for every event, walks over a tree in which numbers are texts, looks for text in
 * wide characters, and leaves out nothing that could be left out.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "filter.h"
#include "filter_random.h"

enum { POOL = 2000, EVENTS_A_FILTER = 50 };
#define NUMBER_MARK "\xEE\x80\x80" /* of the private use area */

/* A random event with all that is known of it. */
struct sample {
    char *raw;
    wchar_t *plain; /* without escapes, in lower case */
    cJSON *json;
    struct ring_record record;
    char type[64];
    int64_t created_ms; /* 0: it does not say */
};

static const int64_t now_ms = 1779711500000; /* 2026-05-25T12:18:20Z */

static wchar_t *lower(const char *text)
{
    size_t length = strlen(text);
    wchar_t *wide = malloc((length + 1) * sizeof *wide);
    cr_assert(wide && mbstowcs(wide, text, length + 1) != (size_t)-1, "%s", text);
    for (wchar_t *c = wide; *c; c++)
        *c = *c == L'\u03c2' ? L'\u03c3' : *c == L'\u017f' ? L's' : (wchar_t)towlower((wint_t)*c);
    return wide;
}

/* Reading the expression: a word or quoted string of it, without quotes. */
struct reader {
    const char *at;
    const struct sample *sample;
};

static bool take(struct reader *reader, const char *what)
{
    while (*reader->at == ' ')
        reader->at++;
    size_t length = strlen(what);
    if (strncmp(reader->at, what, length) != 0)
        return false;
    reader->at += length;
    return true;
}

static void read_word(struct reader *reader, const char *stops, char *out)
{
    bool quoted = *reader->at == '"';
    if (!quoted) {
        size_t length = strcspn(reader->at, stops);
        memcpy(out, reader->at, length);
        out[length] = '\0';
        reader->at += length;
        return;
    }
    for (reader->at++; *reader->at != '"'; reader->at++) {
        bool escaped = *reader->at == '\\';
        reader->at += escaped;
        *out++ = escaped && *reader->at == 'n' ? '\n' : *reader->at;
    }
    reader->at++;
    *out = '\0';
}

/* What a number with a unit is in base units; what else the text may be is NAN. A long double has
 * more digits than the numbers here. */
static long double units(const char *text)
{
    static const struct {
        const char *name;
        long double factor;
    } table[] = {
        {"ms", 1},   {"s", 1e3},  {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3},     {"B", 1},
        {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"KiB", 1024}, {"MiB", 1048576.0},
    };
    char *rest;
    long double total = 0, sign = *text == '-' ? -1 : 1;
    bool any = false;

    if (*text == '-')
        text++;
    while (*text >= '0' && *text <= '9') {
        long double number = strtold(text, &rest);
        size_t best = 0, length = 0;
        if (!*rest && !any)
            return sign * number;
        if (strcmp(rest, "%") == 0 && !any)
            return number / 100;
        if (strcmp(rest, "M") == 0 && !any)
            return number * 1048576;
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
            if (strncasecmp(rest, table[i].name, strlen(table[i].name)) == 0 &&
                strlen(table[i].name) > length) {
                best = i;
                length = strlen(table[i].name);
            }
        if (length == 0)
            return NAN;
        total += number * table[best].factor;
        any = true;
        text = rest + length;
    }
    return any && !*text ? sign * total : NAN;
}

/* Days of the tests' today and yesterday. */
static const char *day_words(const char *text, char *out)
{
    static const char *const days[][2] = {{"today", "2026-05-25"}, {"yesterday", "2026-05-24"}};

    for (size_t i = 0; i < 2; i++)
        if (strncasecmp(text, days[i][0], strlen(days[i][0])) == 0) {
            sprintf(out, "%s%s", days[i][1], text + strlen(days[i][0]));
            return out;
        }
    if (strlen(text) >= 4 && text[strspn(text, "0123456789")] == ':' &&
        strspn(text, "0123456789") < 3)
        sprintf(out, "2026-05-25T%s", text);
    else
        sprintf(out, "%s", text);
    return out;
}

/* The milliseconds that a time stands for; the tests run in UTC. */
static bool times(const char *text, double *first, double *last)
{
    struct tm tm = {0};
    int used = 0, ms = 0, hour = 0, minute = 0;
    char copy[64], sign = 0, *zone;
    static const double spans[] = {[3] = 86400e3, [4] = 3600e3, [5] = 60e3, [6] = 1e3, [7] = 1};

    if (strlen(text) < 10 || strlen(text) > 40 || text[4] != '-' || text[7] != '-')
        return false;
    strcpy(copy, text);
    zone = copy + 10 + strcspn(copy + 10, "Zz+-");
    if (*zone && *zone != 'Z' && *zone != 'z' &&
        sscanf(zone, "%c%2d%*[:]%2d", &sign, &hour, &minute) < 2)
        return false;
    *zone = '\0';
    copy[10] = copy[10] == ' ' ? 'T' : copy[10];
    int count =
        sscanf(copy, "%4d-%2d-%2d%nT%2d%n:%2d%n:%2d%n.%3d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
               &used, &tm.tm_hour, &used, &tm.tm_min, &used, &tm.tm_sec, &used, &ms, &used);
    if (count < 3 || copy[used])
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon--;
    *first = (double)timegm(&tm) * 1e3 + ms;
    *first -= (sign == '-' ? -1 : 1) * (hour * 60 + minute) * 60e3;
    *last = *first + spans[count] - 1;
    return true;
}

static bool in_order(const char *op, long double from, long double to, long double first,
                     long double last)
{
    if (strcmp(op, "<") == 0)
        return to < first;
    if (strcmp(op, "<=") == 0)
        return to <= last;
    if (strcmp(op, ">") == 0)
        return from > last;
    if (strcmp(op, ">=") == 0)
        return from >= first;
    return strcmp(op, "~") != 0 && from >= first && to <= last;
}

static bool text_is(const char *op, const char *text, const char *wanted)
{
    wchar_t *a = lower(text), *b = lower(wanted);
    const wchar_t *found = wcsstr(a, b);
    bool result = strcmp(op, "=") == 0   ? wcscmp(a, b) == 0
                  : strcmp(op, ":") == 0 ? found == a
                  : strcmp(op, "~") == 0 ? found != NULL
                                         : false;
    free(a);
    free(b);
    return result;
}

static bool number_is(const char *op, long double number, const char *wanted)
{
    long double limit = units(wanted);
    return !isnan(limit) && in_order(op, number, number, limit, limit);
}

static bool span_is(const char *op, double from, double to, const char *wanted)
{
    char placed[64];
    double first, last;
    return strlen(wanted) < 40 && times(day_words(wanted, placed), &first, &last) &&
           in_order(op, from, to, first, last);
}

static bool time_is(const char *op, double ms, const char *wanted)
{
    return span_is(op, ms, ms, wanted);
}

/* The digits of a number of the tree, or NULL. */
static const char *number_of(const cJSON *node)
{
    const char *text = cJSON_GetStringValue(node);
    size_t mark = strlen(NUMBER_MARK);
    return text && strncmp(text, NUMBER_MARK, mark) == 0 ? text + mark : NULL;
}

/* As the details show it: whole numbers in digits, and those of many characters as they came. */
static void show_number(const char *digits, char out[64])
{
    double number = strtod(digits, NULL);

    if (strlen(digits) > 15)
        strcpy(out, digits);
    else if (fabs(number) < 1e17 && number == trunc(number))
        sprintf(out, "%.0f", number);
    else
        sprintf(out, "%.15g", number);
}

static bool leaf_is(const char *op, const cJSON *leaf, const char *wanted)
{
    char shown[64], *end;
    double first, last;
    const char *digits = number_of(leaf);
    const char *string = cJSON_IsString(leaf) ? leaf->valuestring
                         : cJSON_IsNull(leaf) ? "null"
                         : cJSON_IsTrue(leaf) ? "true"
                                              : "false";

    if (digits) {
        show_number(digits, shown);
        return text_is(op, shown, wanted) || number_is(op, strtold(digits, NULL), wanted);
    }
    bool result = text_is(op, string, wanted);
    if (cJSON_IsString(leaf) && *string && strspn(string, "0123456789.-") == strlen(string)) {
        long double number = strtold(string, &end);
        result |= !*end && number_is(op, number, wanted);
    }
    if (cJSON_IsString(leaf) && times(string, &first, &last))
        result |= span_is(op, first, last, wanted);
    return result;
}

static bool anything_is(const char *op, const cJSON *node, const char *wanted)
{
    if (!cJSON_IsArray(node) && !cJSON_IsObject(node))
        return leaf_is(op, node, wanted);
    for (const cJSON *child = node->child; child; child = child->next)
        if (anything_is(op, child, wanted))
            return true;
    return false;
}

/* A path as a list of path_. */
struct path {
    char text[16][64];
    bool quoted[16];
    size_t count;
};

static struct path split(const char *text)
{
    struct path path = {.count = 0};

    for (text += strlen("data"); *text == '.'; path.count++) {
        char *out = path.text[path.count];
        cr_assert(path.count < 16);
        path.quoted[path.count] = *++text == '"';
        text += path.quoted[path.count];
        while (*text && *text != (path.quoted[path.count] ? '"' : '.'))
            *out++ = *text++;
        text += *text == '"';
        *out = '\0';
    }
    return path;
}

static bool somewhere(const cJSON *node, const struct path *way, size_t at, const char *op,
                      const char *wanted);

/* Tries every number of keys that, with dots between, may be the child's own. */
static bool in_member(const cJSON *child, const struct path *way, size_t at, const char *op,
                      const char *wanted)
{
    char joined[512] = "";

    if (way->quoted[at])
        return strcmp(way->text[at], child->string) == 0 &&
               somewhere(child, way, at + 1, op, wanted);
    for (; at < way->count && !way->quoted[at]; at++) {
        strcat(joined, *joined ? "." : "");
        strcat(joined, way->text[at]);
        if (strcmp(joined, child->string) == 0 && somewhere(child, way, at + 1, op, wanted))
            return true;
    }
    return false;
}

/* With an operator NULL only presence is asked for. */
static bool somewhere(const cJSON *node, const struct path *way, size_t at, const char *op,
                      const char *wanted)
{
    int index = 0;

    if (at == way->count)
        return op ? anything_is(op, node, wanted) : !cJSON_IsNull(node);
    if (!cJSON_IsArray(node) && !cJSON_IsObject(node))
        return false;
    const char *key = way->text[at];
    bool counts = !way->quoted[at] && strspn(key, "0123456789") == strlen(key);
    for (const cJSON *child = node->child; child; child = child->next, index++) {
        bool found = cJSON_IsObject(node) ? in_member(child, way, at, op, wanted)
                     : counts ? index == atoi(key) && somewhere(child, way, at + 1, op, wanted)
                              : somewhere(child, way, at, op, wanted);
        if (found)
            return true;
    }
    return false;
}

static const cJSON *member(const cJSON *node, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(node, name);
}

static bool is_text(const cJSON *node)
{
    return cJSON_IsString(node) && *node->valuestring;
}

static bool string_is(const cJSON *node, const char *op, const char *wanted)
{
    return is_text(node) && !number_of(node) && (!op || text_is(op, node->valuestring, wanted));
}

/* The fields of the random filters; with an operator NULL only presence is asked for. */
static bool each_is(const cJSON *array, const char *key, const char *op, const char *wanted)
{
    const cJSON *element;
    bool result = !op;

    if (!cJSON_IsArray(array))
        return false;
    cJSON_ArrayForEach(element, array)
    {
        if (key ? !cJSON_IsObject(element) : !cJSON_IsString(element) || number_of(element))
            return false;
    }
    cJSON_ArrayForEach(element, array)
    {
        const cJSON *item = key ? member(element, key) : element;
        result |= op && cJSON_IsString(item) && !number_of(item) &&
                  text_is(op, item->valuestring, wanted);
    }
    return result;
}

static bool money_is(const cJSON *cost, const char *op, const char *wanted)
{
    const cJSON *amount = cJSON_IsObject(cost) ? member(cost, "amount") : cost;
    const char *currency = cJSON_GetStringValue(member(cost, "currency"));
    const char *asked = "";
    char number[32];

    if (!number_of(amount))
        return false;
    if (!op)
        return true;
    if (strchr(wanted, '$') || strstr(wanted, "usd"))
        asked = "usd";
    if (strstr(wanted, "eur") || strstr(wanted, "EUR"))
        asked = "eur";
    if (*asked &&
        !(currency && !number_of(member(cost, "currency")) && text_is("=", currency, asked)))
        return false;
    wanted += strcspn(wanted, "0123456789");
    size_t length = strspn(wanted, "0123456789.");
    snprintf(number, sizeof number, "%.*s", (int)length, wanted);
    return number_is(op, strtold(number_of(amount), NULL), number);
}

static bool output_is(const cJSON *data, const char *op, const char *wanted)
{
    const cJSON *output = member(data, "output"), *value = member(output, "value");
    const cJSON *node = value ? value : output;
    bool container = cJSON_IsArray(node) || cJSON_IsObject(node);

    if (!node || cJSON_IsNull(node) || (cJSON_IsString(node) && !*node->valuestring) ||
        (container && !node->child))
        return false;
    return !op || anything_is(op, node, wanted);
}

/* A number of the record, or of the data. */
static bool figure_is(const struct sample *sample, const char *field, const char *op,
                      const char *wanted, bool *known)
{
    const struct ring_record *record = &sample->record;
    const cJSON *data = member(sample->json, "data");
    const struct {
        const char *name;
        const cJSON *node;
        bool there;
        double number;
    } figures[] = {
        {"duration", member(data, "duration_ms"), false, 0},
        {"proxy", member(data, "proxy_bytes"), false, 0},
        {"steps", member(data, "steps"), false, 0},
        {"duplicates", NULL, true, record->duplicates},
        {"age", NULL, true, (double)(now_ms - record->created_ms)},
        {"delay", NULL, sample->created_ms != 0,
         (double)(record->received_ms - sample->created_ms)},
    };

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (strcmp(field, figures[i].name) != 0)
            continue;
        *known = true;
        const char *digits = number_of(figures[i].node);
        bool there = digits || figures[i].there;
        long double number = digits ? strtold(digits, NULL) : figures[i].number;
        char asked[64] = "";
        bool lasts = i == 0 || i > 3; /* where an M is no size */
        for (size_t k = 0; wanted && wanted[k]; k++)
            asked[k] = lasts && wanted[k] == 'M' ? 'm' : wanted[k];
        return there && (!op || number_is(op, number, asked));
    }
    return false;
}

static bool field_is(const struct sample *sample, const char *field, const char *op,
                     const char *wanted)
{
    const cJSON *data = member(sample->json, "data"), *error = member(data, "error");
    const cJSON *ratio = member(data, "confidence_score"),
                *draft = member(data, "published_as_draft");
    bool known = false, result = figure_is(sample, field, op, wanted, &known);
    bool yes = wanted && strcmp(wanted, "yes") == 0;
    const cJSON *first;

    if (known)
        return result;
#define IS(name) (strcmp(field, name) == 0)
    if (IS("type"))
        return !op || text_is(op, sample->type, wanted);
    if (IS("outcome"))
        return !op || text_is(op, outcome_infos[sample->record.outcome].name, wanted);
    if (IS("entity"))
        return !op || text_is(op, entity_infos[sample->record.entity].name, wanted);
    if (IS("task") || IS("session"))
        return string_is(member(data, IS("task") ? "task_id" : "session_id"), op, wanted);
    if (IS("mode"))
        return string_is(member(data, "execution_mode"), op, wanted);
    if (IS("recording"))
        return string_is(member(data, "recording_url"), op, wanted);
    if (IS("error_type"))
        return string_is(member(error, "type"), op, wanted);
    if (IS("error")) {
        first = member(error, "message");
        return string_is(first ? first : error, op, wanted);
    }
    if (IS("domains"))
        return each_is(member(data, "domains"), NULL, op, wanted);
    if (IS("artifacts"))
        return each_is(member(data, "artifacts"), "name", op, wanted);
    if (IS("output"))
        return output_is(data, op, wanted);
    if (IS("cost"))
        return money_is(member(data, "cost"), op, wanted);
    if (IS("confidence"))
        return number_of(ratio) && strtod(number_of(ratio), NULL) >= 0 &&
               strtod(number_of(ratio), NULL) <= 1 &&
               (!op || number_is(op, strtold(number_of(ratio), NULL), wanted));
    if (IS("draft"))
        return cJSON_IsBool(draft) && (!op || cJSON_IsTrue(draft) == yes);
    if (IS("verified"))
        return !op || sample->record.verified == yes;
    if (IS("created"))
        return sample->created_ms && (!op || time_is(op, (double)sample->created_ms, wanted));
    if (IS("received"))
        return !op || time_is(op, (double)sample->record.received_ms, wanted);
#undef IS
    cr_assert_fail("the reference does not know %s", field);
    return false;
}

static bool state_is(const struct sample *sample, const char *state)
{
    const struct ring_record *record = &sample->record;

    for (int i = 0; i < OUTCOMES; i++)
        if (strcmp(outcome_infos[i].name, state) == 0)
            return record->outcome == i;
    if (strcmp(state, "unknown") == 0)
        return !catalog_find(sample->type);
    if (strcmp(state, "duplicate") == 0)
        return record->duplicates > 0;
    return record->verified == (strcmp(state, "verified") == 0);
}

static bool one_is(const struct sample *sample, const char *field, const char *op,
                   const char *wanted)
{
    if (strcmp(field, "is") == 0)
        return state_is(sample, wanted);
    bool has = strcmp(field, "has") == 0;
    const char *name = has ? wanted : field;
    if (strncasecmp(name, "data", 4) == 0) {
        struct path path = split(name);
        const cJSON *data = member(sample->json, "data");
        return data && somewhere(data, &path, 0, has ? NULL : op, wanted);
    }
    return field_is(sample, name, has ? NULL : op, wanted);
}

/* A field, or a path with its quotes. */
static void read_name(struct reader *reader, const char *stops, char *out)
{
    for (bool quoted = false; *reader->at && (quoted || !strchr(stops, *reader->at));
         reader->at++) {
        if (*reader->at == '"')
            quoted = !quoted;
        *out++ = *reader->at;
    }
    *out = '\0';
}

/* A clock belongs to the day before it, where a time can stand. */
static void read_clock(struct reader *reader, const char *name, char *day)
{
    double first, last;
    char placed[64];
    bool dated = strcmp(name, "created") == 0 || strcmp(name, "received") == 0 ||
                 strcmp(name, "output") == 0 || strncasecmp(name, "data", 4) == 0;
    const char *next = reader->at + strspn(reader->at, " ");
    size_t digits = strspn(next, "0123456789");

    if (dated && next > reader->at && digits > 0 && digits < 3 && strchr(" ,):", next[digits]) &&
        strlen(day) < 12 && times(day_words(day, placed), &first, &last) &&
        last - first > 80000e3) {
        reader->at = next;
        strcat(day, " ");
        read_word(reader, " ,)", day + strlen(day));
    }
}

static bool evaluate_term(struct reader *reader)
{
    static const char *const ops[] = {"!=", "<=", ">=", ":", "=", "~", "<", ">"};
    char name[512], value[512];
    const char *op = NULL;
    bool result = false;

    if (*reader->at == '"') {
        read_word(reader, "", value);
        wchar_t *wanted = lower(value);
        result = wcsstr(reader->sample->plain, wanted) != NULL;
        free(wanted);
        return result;
    }
    read_name(reader, ":=~<>!", name);
    for (size_t i = 0; i < sizeof ops / sizeof ops[0] && !op; i++)
        if (take(reader, ops[i]))
            op = ops[i];
    cr_assert(op, "no operator at %s", reader->at);
    bool negated = strcmp(op, "!=") == 0;
    do {
        if (strcmp(name, "has") == 0)
            read_name(reader, " ,)", value);
        else if (*reader->at == '"')
            read_word(reader, "", value);
        else
            read_word(reader, " ,)", value), read_clock(reader, name, value);
        result |= one_is(reader->sample, name, negated ? "=" : op, value);
    } while (take(reader, ","));
    return result != negated;
}

static bool evaluate_any(struct reader *reader);

static bool evaluate_factor(struct reader *reader)
{
    if (take(reader, "-") || take(reader, "not "))
        return !evaluate_factor(reader);
    if (!take(reader, "("))
        return evaluate_term(reader);
    bool result = evaluate_any(reader);
    cr_assert(take(reader, ")"), "%s", reader->at);
    return result;
}

static bool evaluate_all(struct reader *reader)
{
    bool result = evaluate_factor(reader);
    while (take(reader, " ") || *reader->at) {
        if (take(reader, "and ") || take(reader, "AND "))
            result &= evaluate_factor(reader);
        else if (*reader->at && *reader->at != ')' && strncmp(reader->at, "or ", 3) != 0)
            result &= evaluate_factor(reader);
        else
            break;
    }
    return result;
}

static bool evaluate_any(struct reader *reader)
{
    bool result = evaluate_all(reader);
    while (take(reader, "or "))
        result |= evaluate_all(reader);
    return result;
}

/* The event's tree, with every number as a text behind a mark: cJSON would make a double of it. */
static cJSON *parse_marked(const char *raw)
{
    static char marked[sizeof(struct writing)];
    char *out = marked;
    bool quoted = false;

    while (*raw) {
        size_t number = quoted ? 0 : strspn(raw, "0123456789.-");
        if (number > 0) {
            number = strspn(raw, "0123456789.-+eE");
            out += sprintf(out, "\"%s%.*s\"", NUMBER_MARK, (int)number, raw);
            raw += number;
            continue;
        }
        if (quoted && *raw == '\\')
            *out++ = *raw++;
        else if (*raw == '"')
            quoted = !quoted;
        *out++ = *raw++;
    }
    *out = '\0';
    return cJSON_Parse(marked);
}

static void make_sample(struct sample *sample, struct dice *dice)
{
    struct random_event made;
    double first, last;

    make_event(&made, dice);
    *sample = (struct sample){
        .raw = strdup(made.raw.text),
        .plain = lower(made.plain.text),
        .json = parse_marked(made.raw.text),
    };
    cr_assert(sample->raw && sample->json, "%s", made.raw.text);
    const char *created = cJSON_GetStringValue(member(sample->json, "created"));
    if (created && times(created, &first, &last))
        sample->created_ms = (int64_t)first;
    strcpy(sample->type, member(sample->json, "type")->valuestring);
    int64_t received = dice_chance(dice, 0.5) && sample->created_ms
                           ? sample->created_ms + dice_between(dice, 0, 1) * 850
                           : now_ms - dice_between(dice, 0, 100) * 1000000;
    sample->record = (struct ring_record){
        .created_ms = sample->created_ms ? sample->created_ms : received,
        .received_ms = received,
        .length = (uint32_t)strlen(sample->raw),
        .duplicates = (uint32_t)dice_between(dice, 0, 2),
        .entity = (uint8_t)catalog_entity(sample->type),
        .outcome = (uint8_t)catalog_outcome(sample->type),
        .verified = dice_chance(dice, 0.5),
    };
}

static void compare(const struct filter *filter, const struct sample *sample,
                    struct filter_scratch *scratch, bool with_type, size_t *wanted)
{
    struct filter_subject subject = {
        .raw = sample->raw,
        .record = &sample->record,
        .type = with_type ? sample->type : NULL,
        .now_ms = now_ms,
    };
    struct reader reader = {.at = filter_text(filter), .sample = sample};
    bool match = filter_match(filter, &subject, scratch), expected = evaluate_any(&reader);

    cr_assert(!*reader.at, "the reference stopped at %s", reader.at);
    cr_assert_eq(match, expected, "%s: %d of %s", filter_text(filter), match, sample->raw);
    enum filter_verdict glance = filter_glance(filter, &subject, scratch);
    cr_assert(glance == FILTER_DEPENDS || (glance == FILTER_ALWAYS) == expected,
              "%s: a glance says otherwise of %s", filter_text(filter), sample->raw);
    *wanted += match;
}

Test(filter_reference, agrees)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || !defined __OPTIMIZE__
    enum { FILTERS = 1000 };
#else
    enum { FILTERS = 20000 };
#endif
    static struct sample pool[POOL];
    struct dice dice = {.state = 8};
    struct filter_scratch scratch = {0};
    size_t wanted = 0;

    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        cr_skip("there is no locale C.UTF-8");
    setenv("TZ", "UTC", 1);
    tzset();
    for (size_t i = 0; i < POOL; i++)
        make_sample(&pool[i], &dice);
    for (size_t i = 0; i < FILTERS; i++) {
        struct writing text = {0};
        struct filter_error error;
        make_filter(&text, &dice, 2);
        struct filter *filter = filter_parse(text.text, &error);
        cr_assert(filter, "%s: %s at %zu", text.text, error.message, error.offset);
        for (size_t k = 0; k < EVENTS_A_FILTER; k++)
            compare(filter, &pool[dice_between(&dice, 0, POOL - 1)], &scratch, k % 8 > 0, &wanted);
        filter_free(filter);
    }
    /* It would prove little if hardly any event were wanted, or all. */
    cr_expect(wanted > FILTERS * EVENTS_A_FILTER / 5 && wanted < FILTERS * EVENTS_A_FILTER / 5 * 4,
              "%zu events of %d are wanted", wanted, FILTERS * EVENTS_A_FILTER);
    for (size_t i = 0; i < POOL; i++) {
        free(pool[i].raw);
        free(pool[i].plain);
        cJSON_Delete(pool[i].json);
    }
    filter_scratch_free(&scratch);
}
