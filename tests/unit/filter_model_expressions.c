/*
 * Random expressions, right and wrong ones.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter_model_random.h"
#include "filter_model_words.h"

struct wish wishes[WISHES];
size_t wish_count;

static void put_word_value(struct out *out, const char *text)
{
    bool quotes = strpbrk(text, " ,()*\"\t\n") != NULL || *text == '\0';
    bool quoted = quotes ? !once_in(10) : once_in(6);
    quoted ? put_quoted(out, text, true) : put(out, text);
}

static void put_path(struct out *out, struct wish *wish)
{
    wish->keys[wish->count++] = "data";
    put(out, once_in(20) ? "DaTa" : "data");
    for (unsigned i = random_below(4); i > 0; i--) {
        const char *key = once_in(4) ? PICK(data_keys) : PICK(keys);
        bool plain = *key != '\0' && strpbrk(key, " \"\\\t") == NULL;
        put(out, ".");
        if (wish->count < WISH_KEYS)
            wish->keys[wish->count++] = key;
        plain && !once_in(6) ? put(out, key) : put_quoted(out, key, true);
    }
}

static void put_form(struct out *out, enum kind kind, struct wish *wish)
{
    static const char *const flags[] = {"yes", "no",  "true", "false", "1",
                                        "0",   "YES", "y",    "Tru",   "on"};
    char text[128] = "";
    struct out inner = {text, 0, sizeof text};
    static const enum kind kinds[] = {KIND_TEXT,   KIND_TEXT,     KIND_TEXT, KIND_NUMBER,
                                      KIND_NUMBER, KIND_DURATION, KIND_SIZE, KIND_SHARE,
                                      KIND_FLAG,   KIND_TIME,     KIND_TIME, KIND_MONEY};
    if (kind == KIND_VALUE || once_in(12))
        kind = PICK(kinds);
    switch (kind) {
    case KIND_NUMBER: put(&inner, PICK(numbers)); break;
    case KIND_DURATION: put(&inner, PICK(durations)); break;
    case KIND_SIZE: put(&inner, PICK(sizes)); break;
    case KIND_MONEY: put(&inner, PICK(moneys)); break;
    case KIND_SHARE: put(&inner, PICK(shares)); break;
    case KIND_FLAG: put(&inner, PICK(flags)); break;
    case KIND_TIME: put_time(&inner); break;
    default: put_text(&inner); break;
    }
    snprintf(wish->value, sizeof wish->value, "%s", text);
    if (kind == KIND_TIME && !once_in(4))
        put(out, text);
    else
        put_word_value(out, text);
}

static void put_blank(struct out *out)
{
    static const char *const blanks[] = {" ", "  ", "\t", "\n", " "};
    if (once_in(12))
        put(out, PICK(blanks));
}

/* One of the places of a field. */
static void wish_places(struct wish *wish, const char *places)
{
    static char copies[WISHES + 1][128];
    char *place = copies[wish_count % (WISHES + 1)];
    while (once_in(2) && strchr(places, '|') != NULL)
        places = strchr(places, '|') + 1;
    snprintf(place, sizeof copies[0], "%.*s", (int)strcspn(places, "|"), places);
    for (char *key; (key = strsep(&place, ".")) != NULL;)
        wish->keys[wish->count++] = key;
}

static void put_comparison(struct out *out)
{
    static const char *const operators[] = {":", "=", "!=", "~", "<", "<=", ">", ">="};
    static const char *const states[] = {
        "failed",   "ok",        "cancelled", "healed", "noted", "waiting", "unverified",
        "verified", "duplicate", "unknown",   "FAILED", "was",   "fail",    "waſ"};
    static const char *const outcomes[] = {"failed",  "ok",   "cancelled", "healed", "noted",
                                           "waiting", "task", "session",   "other",  "o"};
    unsigned what = random_below(12);
    const struct model_field *field = &model_fields[random_below((unsigned)model_field_count)];
    for (bool time = once_in(8); time && field->kind != KIND_TIME;) /* they have most corners */
        field = &model_fields[random_below((unsigned)model_field_count)];
    enum kind kind = what < 5 ? KIND_VALUE : field->kind;
    struct wish spare = {0}, *wish = wish_count < WISHES ? &wishes[wish_count++] : &spare;
    *wish = (struct wish){.kind = kind};
    if (what > 6 && field->places != NULL)
        wish_places(wish, field->places);
    what < 5 ? put_path(out, wish) : put(out, what == 5 ? "is" : what == 6 ? "has" : field->name);
    put_blank(out);
    bool order = kind != KIND_TEXT && kind != KIND_LIST && kind != KIND_FILES && kind != KIND_FLAG;
    const char *op = operators[what == 5 || what == 6 ? random_below(3)
                                                      : random_below(order || once_in(20) ? 8 : 4)];
    put(out, op);
    put_blank(out);
    unsigned count = once_in(5) && (*op != '<' && *op != '>') ? 1 + random_below(3) : 1;
    for (unsigned i = 0; i < count; i++) {
        put(out, i > 0 ? "," : "");
        i > 0 ? put_blank(out) : (void)0;
        if (what == 5) {
            put(out, PICK(states));
        } else if (what == 6) {
            *wish = (struct wish){.kind = KIND_VALUE, .value = "a"};
            once_in(2) ? put_path(out, wish)
                       : put(out, model_fields[random_below((unsigned)model_field_count)].name);
        } else if (field->places == NULL && field->kind == KIND_TEXT && what >= 5 && once_in(2)) {
            put(out, PICK(outcomes));
        } else {
            put_form(out, kind, wish);
        }
    }
}

static void put_term(struct out *out, unsigned depth)
{
    static const char *const joints[] = {" ", " and ", " or ", " AND ", "  ", " Or "};
    switch (random_below(depth < 3 ? 12 : 8)) {
    case 0:
    case 1: put_word_value(out, PICK(words)); break;
    case 8:
        put(out, "-");
        put_term(out, depth + 1);
        break;
    case 9:
        put(out, once_in(4) ? "NOT " : "not ");
        put_term(out, depth + 1);
        break;
    case 10:
        put(out, "(");
        put_blank(out);
        put_term(out, depth + 1);
        put(out, PICK(joints));
        put_term(out, depth + 1);
        put_blank(out);
        put(out, ")");
        break;
    case 11:
        put_term(out, depth + 1);
        put(out, PICK(joints));
        put_term(out, depth + 1);
        break;
    default: put_comparison(out); break;
    }
}

static void mutate(char *text, size_t size)
{
    static const char *const pieces[] = {
        "\"",  "\\",    " ",    ":",     "=",   "!",      "~",    "<",   ">",    ",",       "(",
        ")",   "-",     ".",    "*",     "/",   "not",    " and", "or ", "data", "data.",   "0",
        "9",   "é",     "\x80", "\t",    "K",   "e",      "M",    "%",   "m",    "\\u0000", "\\",
        "is:", "\"a\"", "$",    "today", " 10", " 10:00", "!=",   "'",   "'x'",  "_",       "ſ"};
    size_t length = strlen(text), at = random_below((unsigned)length + 1);
    const char *piece = PICK(pieces);
    unsigned how = random_below(4);
    if (how < 2 && length > 0) { /* take some away */
        size_t gone = 1 + random_below(how == 0 ? 1 : 4);
        gone = at + gone > length ? length - at : gone;
        memmove(text + at, text + at + gone, length - at - gone + 1);
    } else if (length + strlen(piece) < size) {
        memmove(text + at + strlen(piece), text + at, length - at + 1);
        memcpy(text + at, piece, strlen(piece));
    }
}

void random_expression(char *text, size_t size)
{
    struct out out = {text, 0, size};
    *text = '\0';
    wish_count = 0;
    put_term(&out, once_in(3) ? 0 : 3);
    bool flips = once_in(8);
    for (char *at = text; flips && *at != '\0'; at++)
        if (isalpha((unsigned char)*at) && once_in(4))
            *at ^= 0x20; /* the other case */
    for (unsigned i = once_in(5) ? 1 + random_below(2) : 0; i > 0; i--)
        mutate(text, size);
}
