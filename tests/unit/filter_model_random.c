/*
 * Random events and random expressions, drawn from the same words so that they meet.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter_model_random.h"
#include "filter_model_words.h"

static uint64_t state;

void random_begin(uint64_t seed)
{
    state = seed;
    uint64_t high = random_below(UINT32_MAX), low = random_below(UINT32_MAX);
    state = high << 32 | low;
}

unsigned random_below(unsigned limit)
{
    state += 0x9e3779b97f4a7c15U;
    uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return (unsigned)((mixed ^ (mixed >> 31)) % limit);
}

static bool once_in(unsigned times)
{
    return random_below(times) == 0;
}

/* A growing text; what does not fit is left out whole. */
struct out {
    char *text;
    size_t length, size;
};

static void put_bytes(struct out *out, const char *text, size_t length)
{
    if (out->length + length < out->size) {
        memcpy(out->text + out->length, text, length);
        out->length += length;
        out->text[out->length] = '\0';
    }
}

static void put(struct out *out, const char *text)
{
    put_bytes(out, text, strlen(text));
}

#define PICK(list) (list)[random_below(sizeof(list) / sizeof *(list))]

/* Moments worth a look: around midnight, and where clocks are set. */
int64_t random_moment(void)
{
    static const int64_t seconds[] = {
        1792893600,             /* 2026-10-25T00:00+02:00? near the end of summer time in Europe */
        1774746000,             /* the beginning */
        1793512800,             /* the end in America */
        1772953200,             /* the beginning */
        1790956800, 1775318400, /* on Lord Howe Island */
        1779624000, 1795478400, 1798675200, 1767225600, 1709164800};
    int64_t ms = PICK(seconds) * 1000;
    ms += ((int64_t)random_below(97) - 48) * 1800000;
    return ms + (once_in(3) ? 0 : (int64_t)random_below(3600000) - 1800000);
}

/* A time, in which Y, m, d, H, M and S stand for its parts. */
static void put_shape(struct out *out, const char *shape, const struct tm *tm)
{
    static const char letters[] = "YmdHMS";
    const int parts[] = {tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday,
                         tm->tm_hour,        tm->tm_min,     tm->tm_sec};
    for (; *shape != '\0'; shape++) {
        const char *letter = strchr(letters, *shape);
        char text[16];
        int digits = *shape == 'Y' ? 4 : 2;
        if (letter != NULL)
            snprintf(text, sizeof text, "%0*d", digits, parts[letter - letters]);
        else
            snprintf(text, sizeof text, "%c", *shape);
        put(out, text);
    }
}

static void put_moment(struct out *out)
{
    static const char *const shapes[] = {"Y-m-d",
                                         "Y-m-dTH",
                                         "Y-m-dTH:M",
                                         "Y-m-dTH:M:S",
                                         "Y-m-d H:M",
                                         "Y-m-d H",
                                         "Y-m-dTH:M:SZ",
                                         "Y-m-dTH:M:S.123Z",
                                         "Y-m-dTH:M+02:00",
                                         "Y-m-dtH:M:S.5",
                                         "Y-m-dZ",
                                         "Y-m-d+05:30",
                                         "Y-m-dTH-0330",
                                         "Y-m-d  H:M:SZ",
                                         "Y-m-dTH:M:S.000+0000",
                                         "Y-m-dTH:M:S+01",
                                         "H:M",
                                         "H:M:S",
                                         "Y-m-dH:M",
                                         "Ymd",
                                         "Y-m-dTTH:M",
                                         "Y-m-d\tH:M"};
    struct tm tm;
    time_t moment = (time_t)(random_moment() / 1000);
    if (once_in(2))
        gmtime_r(&moment, &tm);
    else
        localtime_r(&moment, &tm);
    put_shape(out, PICK(shapes), &tm);
}

static void put_time(struct out *out)
{
    static const char *const days[] = {"today",      "yesterday",  "TODAY",      "Yesterday",
                                       "2026-02-29", "2024-02-29", "2026-13-01", "0000-01-01",
                                       "2026-1-01",  "9999-12-31", "0001-01-01"};
    if (!once_in(4)) {
        put_moment(out);
        return;
    }
    if (once_in(3)) {
        put(out, PICK(clocks));
        return;
    }
    put(out, PICK(days));
    if (once_in(2)) {
        static const char *const between[] = {" ", "T", "  ", "\t", "t", ""};
        put(out, PICK(between));
        put(out, PICK(clocks));
    }
    if (once_in(3))
        put(out, PICK(offsets));
}

static void put_text(struct out *out)
{
    switch (random_below(8)) {
    case 0: put(out, PICK(numbers)); break;
    case 1:
    case 2: put_time(out); break;
    case 3: put(out, PICK(durations)); break;
    case 4: put(out, PICK(types)); break;
    default: put(out, PICK(words)); break;
    }
}

static void put_unit(struct out *out, uint32_t unit)
{
    char escape[16];
    once_in(2) ? snprintf(escape, sizeof escape, "\\u%04x", unit)
               : snprintf(escape, sizeof escape, "\\u%04X", unit);
    put(out, escape);
}

/* One character as JSON, escaped in one of the ways there are. */
static size_t put_char(struct out *out, const char *text, bool controls)
{
    unsigned char byte = (unsigned char)*text;
    size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    uint32_t code = length == 1 ? byte : byte & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    static const char meanings[] = "\"\\/\b\f\n\r\t", letters[] = "\"\\/bfnrt";
    const char *letter = byte < 0x80 ? strchr(meanings, byte) : NULL;
    bool must = byte == '"' || byte == '\\' || (byte < 0x20 && !controls);
    char escape[16];
    if (letter != NULL && byte != '\0' && (must ? !once_in(3) : once_in(6))) {
        snprintf(escape, sizeof escape, "\\%c", letters[letter - meanings]);
        put(out, escape);
    } else if (must || once_in(12)) {
        if (code >= 0x10000) {
            put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        put_unit(out, code);
    } else {
        put_bytes(out, text, length);
    }
    return length;
}

static void put_quoted(struct out *out, const char *text, bool controls)
{
    put(out, "\"");
    while (*text != '\0')
        text += put_char(out, text, controls);
    static const char *const halves[] = {"\\u0000", "\\ud800", "\\uDC00x", "\\ud83d\\u0041"};
    if (once_in(40))
        put(out, PICK(halves));
    put(out, "\"");
}

static void put_space(struct out *out)
{
    static const char *const spaces[] = {" ", "\n", "\t", "  ", "\r\n"};
    if (once_in(6))
        put(out, PICK(spaces));
}

static void put_text_value(struct out *out)
{
    char text[256] = "";
    struct out inner = {text, 0, sizeof text};
    put_text(&inner);
    if (once_in(5)) {
        put(&inner, " ");
        put_text(&inner);
    }
    put_quoted(out, text, false);
}

static void put_value(struct out *out, unsigned depth);

static void put_members(struct out *out, unsigned depth, bool object)
{
    unsigned count = random_below(4);
    put(out, object ? "{" : "[");
    for (unsigned i = 0; i < count; i++) {
        put(out, i > 0 ? "," : "");
        put_space(out);
        if (object) {
            put_quoted(out, PICK(keys), false);
            put_space(out);
            put(out, ":");
            put_space(out);
        }
        put_value(out, depth + 1);
        put_space(out);
    }
    put(out, object ? "}" : "]");
}

static void put_value(struct out *out, unsigned depth)
{
    static const char *const names[] = {"null", "true", "false"};
    unsigned kind = random_below(depth < 4 ? 10 : 5);
    if (kind < 2)
        put(out, PICK(numbers));
    else if (kind < 4)
        put_text_value(out);
    else if (kind == 4)
        put(out, PICK(names));
    else
        put_members(out, depth, kind < 8);
}

/* What usually stands at a key of the catalogue. */
static void put_usual(struct out *out, const char *key)
{
    static const char *const costs[][2] = {
        {"{\"amount\":", ",\"currency\":\"USD\"}"},
        {"{\"currency\": \"eur\", \"amount\": ", "}"},
        {"{\"amount\":", "}"},
        {"", ""},
        {"{\"amount\":", ",\"currency\":null}"},
        {"{\"currency\":\"\",\"amount\":", "}"},
    };
    static const char *const errors[] = {"type", "message", "root_cause"};
    char text[128];
    if (strcmp(key, "cost") == 0) {
        const char *const *cost = PICK(costs);
        put(out, cost[0]);
        put(out, PICK(numbers));
        put(out, cost[1]);
    } else if (strcmp(key, "error") == 0 && once_in(2)) {
        put(out, "{");
        for (size_t i = 0; i < 3; i++) {
            snprintf(text, sizeof text, "%s\"%s\":", i > 0 ? "," : "", errors[i]);
            put(out, text);
            once_in(6) ? put_value(out, 3) : put_text_value(out);
        }
        put(out, "}");
    } else if (strcmp(key, "output") == 0 && once_in(2)) {
        put(out, "{\"value\":");
        put_value(out, 2);
        put(out, "}");
    } else if (strcmp(key, "artifacts") == 0 || strcmp(key, "domains") == 0) {
        unsigned count = random_below(3);
        put(out, "[");
        for (unsigned i = 0; i < count; i++) {
            put(out, i > 0 ? "," : "");
            put(out, *key == 'a' ? "{\"name\":" : "");
            once_in(8) ? put_value(out, 3) : put_text_value(out);
            put(out, *key == 'a' ? ",\"size\":5}" : "");
        }
        put(out, "]");
    } else if (strcmp(key, "published_as_draft") == 0) {
        put(out, once_in(2) ? "true" : "false");
    } else if (strstr(key, "_ms") || strstr(key, "bytes") || strstr(key, "steps") ||
               strstr(key, "count") || strstr(key, "requests") || strstr(key, "score") ||
               strstr(key, "shots")) {
        put(out, PICK(numbers));
    } else {
        put_text_value(out);
    }
}

static void put_data(struct out *out)
{
    unsigned count = random_below(9);
    put(out, "{");
    for (unsigned i = 0; i < count; i++) {
        bool usual = once_in(2);
        const char *key = usual ? PICK(data_keys) : PICK(keys);
        put(out, i > 0 ? "," : "");
        put_space(out);
        put_quoted(out, key, false);
        put(out, ":");
        usual && !once_in(7) ? put_usual(out, key) : put_value(out, 1);
    }
    put(out, "}");
}

static void put_optional(struct out *out, const char *key, bool time)
{
    char text[96] = "";
    struct out inner = {text, 0, sizeof text};
    if (once_in(5))
        return;
    put(out, ",");
    put_space(out);
    put_quoted(out, key, false);
    put(out, ":");
    if (once_in(12)) {
        put_value(out, 2);
    } else if (time && !once_in(6)) {
        time_t moment = (time_t)(random_moment() / 1000);
        struct tm tm;
        gmtime_r(&moment, &tm);
        static const char *const ends[] = {"Z", ".123Z", "+02:00", ".5-0330", ".123456789Z"};
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
        strcat(text, PICK(ends));
        put_quoted(out, text, false);
    } else if (time) {
        put_time(&inner);
        put_quoted(out, text, false);
    } else {
        put_text_value(out);
    }
}

void random_event(char *text, size_t size)
{
    struct out out = {text, 0, size};
    put(&out, "{\"id\":");
    put_quoted(&out, once_in(2) ? "evt_1" : "EVT_é", false);
    put(&out, ",\"type\":");
    put_quoted(&out, PICK(types), false);
    put_optional(&out, "created", true);
    put_optional(&out, "project_id", false);
    put_optional(&out, "text", false);
    if (!once_in(12)) {
        put(&out, ",\"data\":");
        once_in(15) ? put_value(&out, 0) : put_data(&out);
    }
    put_optional(&out, PICK(keys), false);
    put_space(&out);
    for (unsigned i = once_in(100) ? 2500 : 0; i > 0; i--)
        put(&out, "       \n"); /* longer than what is decided at a glance */
    put(&out, "}");
}

static void put_word_value(struct out *out, const char *text)
{
    bool quotes = strpbrk(text, " ,()*\"\t\n") != NULL || *text == '\0';
    bool quoted = quotes ? !once_in(10) : once_in(6);
    quoted ? put_quoted(out, text, true) : put(out, text);
}

static void put_path(struct out *out)
{
    put(out, once_in(20) ? "DaTa" : "data");
    for (unsigned i = random_below(4); i > 0; i--) {
        const char *key = once_in(4) ? PICK(data_keys) : PICK(keys);
        bool plain = *key != '\0' && strpbrk(key, " \"\\\t") == NULL;
        put(out, ".");
        plain && !once_in(6) ? put(out, key) : put_quoted(out, key, true);
    }
}

static void put_form(struct out *out, enum kind kind)
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
    enum kind kind = what < 5 ? KIND_VALUE : field->kind;
    what < 5 ? put_path(out) : put(out, what == 5 ? "is" : what == 6 ? "has" : field->name);
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
            once_in(2) ? put_path(out)
                       : put(out, model_fields[random_below((unsigned)model_field_count)].name);
        } else if (field->places == NULL && field->kind == KIND_TEXT && what >= 5 && once_in(2)) {
            put(out, PICK(outcomes));
        } else {
            put_form(out, kind);
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
    put_term(&out, once_in(3) ? 0 : 3);
    bool flips = once_in(8);
    for (char *at = text; flips && *at != '\0'; at++)
        if (isalpha((unsigned char)*at) && once_in(4))
            *at ^= 0x20; /* the other case */
    for (unsigned i = once_in(5) ? 1 + random_below(2) : 0; i > 0; i--)
        mutate(text, size);
}
