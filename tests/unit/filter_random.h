/*
 * Random events and random filters about them, from few enough words that they often meet.
 */
#ifndef ANCHORTOP_FILTER_RANDOM_H
#define ANCHORTOP_FILTER_RANDOM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"

/* Text that grows; what does not fit ends the test. */
struct writing {
    char text[8192];
    size_t length;
};

static void put(struct writing *to, const char *text)
{
    size_t length = strlen(text);
    if (length >= sizeof to->text - to->length)
        abort();
    memcpy(to->text + to->length, text, length + 1);
    to->length += length;
}

#define PICK(dice, list)                                                                           \
    (list)[dice_between(dice, 0, (int64_t)(sizeof(list) / sizeof((list)[0])) - 1)]

/* Strings of events, and what filters look for. */
static const char *const words[] = {
    "alpha",
    "Beta",
    "b\xC3\xA9ta",
    "B\xC3\x89TA",
    "x\"y",
    "back\\slash",
    "new\nline",
    "",
    "8421",
    "12.50",
    "true",
    "nULL",
    "two words",
    "a,b",
    "(round)",
    "12",
    "30s",
    "9:30",
    "-dash",
    "\xCF\x83\xCE\xA3\xCF\x82",
    "task",
    "alphabet",
    "2026-05-25T00:00:00Z",
    "https://a/?b",
    "\xF0\x9F\x98\x80 smile",
    "u00e9",
    "\xD0\x9F\xD1\x80\xD0\x98",
    "failed",
    "confirm",
    "order",
    "or",
    "AND",
    "2026-05-24",
    "2026-05-25 09:30",
    "2026-05-24T12:00+02:00",
    "2026-05-24T12",
    "today",
    "12:18",
    "12345678901234567890",
    "9007199254740993",
    "Stra\xE1\xBA\x9E"
    "e",
    "stra\xC3\x9F"
    "e",
    "ta\xC5\xBF\xE2\x84\xAA",
    "\xE1\xB2\xA5\xE1\xB2\x90",
    "\xE1\x83\xA5\xE1\x83\x90",
    "*x*",
    "/re/",
};

static const char *const numbers[] = {"0",
                                      "1",
                                      "12",
                                      "12.5",
                                      "1e3",
                                      "850",
                                      "30000",
                                      "2500000",
                                      "0.012",
                                      "0.9",
                                      "0.82",
                                      "-5",
                                      "100",
                                      "12345678901234567890",
                                      "12345678901234567891",
                                      "9007199254740993",
                                      "9007199254740992",
                                      "0.9000000000000000001"};

static const char *const types[] = {
    "task.failed", "task.completed",         "session.failed",          "batch.completed",
    "task.healed", "intervention.requested", "session.recording.ready", "export.failed",
    "Task.odd"};

/* The text of an event, as it is sent and without its escapes. */
struct random_event {
    struct writing raw, plain;
};

static void put_both(struct random_event *event, const char *text)
{
    put(&event->raw, text);
    put(&event->plain, text);
}

/* A string, each character of it escaped or not, where there is a choice. */
static void put_string(struct random_event *event, struct dice *dice, const char *text)
{
    put_both(event, "\"");
    put(&event->plain, text);
    while (*text) {
        char piece[16] = {*text};
        unsigned char first = (unsigned char)*text;
        size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        if (first == '\n')
            strcpy(piece, dice_chance(dice, 0.5) ? "\\n" : "\\u000a");
        else if (first == '"' || first == '\\')
            snprintf(piece, sizeof piece, "\\%c", first);
        else if (size == 2 && dice_chance(dice, 0.3))
            snprintf(piece, sizeof piece, "\\u%04X",
                     (first & 0x1FU) << 6 | ((unsigned char)text[1] & 0x3FU));
        else if (size == 1 && dice_chance(dice, 0.02))
            snprintf(piece, sizeof piece, "\\u%04x", first);
        else
            memcpy(piece, text, size);
        put(&event->raw, piece);
        text += size;
    }
    put_both(event, "\"");
}

static void put_object(struct random_event *event, struct dice *dice, int depth);

static void put_value(struct random_event *event, struct dice *dice, int depth)
{
    static const char *const literals[] = {"true", "false", "null", "[]", "{}"};
    int64_t kind = dice_between(dice, 0, depth > 0 ? 11 : 8);

    if (kind < 5) {
        put_string(event, dice, PICK(dice, words));
    } else if (kind < 8) {
        put_both(event, PICK(dice, numbers));
    } else if (kind == 8) {
        put_both(event, PICK(dice, literals));
    } else if (kind == 9) {
        put_object(event, dice, depth - 1);
    } else {
        bool objects = dice_chance(dice, 0.5);
        put_both(event, "[");
        for (int64_t count = dice_between(dice, 0, 3); count > 0; count--) {
            if (objects)
                put_object(event, dice, depth - 1);
            else
                put_value(event, dice, depth - 1);
            put_both(event, count > 1 ? "," : "");
        }
        put_both(event, "]");
    }
}

static const char *const keys[] = {
    "a",       "b",    "a.b",    "list", "name", "value",    "odd key", "\xD0\x9A\xD0\xBB",
    "message", "type", "amount", "b.c",  "1",    "currency", "b.c",     "1"};

static void put_object(struct random_event *event, struct dice *dice, int depth)
{
    put_both(event, "{");
    for (int64_t count = dice_between(dice, 0, 3); count > 0; count--) {
        put_string(event, dice, PICK(dice, keys));
        put_both(event, ": ");
        put_value(event, dice, depth);
        put_both(event, count > 1 ? "," : "");
    }
    put_both(event, "}");
}

/* A member of the data, mostly of the type that its field has. */
static void put_member(struct random_event *event, struct dice *dice)
{
    static const char *const members[] = {
        "\"duration_ms\":30000",
        "\"duration_ms\":850.5",
        "\"cost\":{\"amount\":0.012,\"currency\":\"USD\"}",
        "\"cost\":{\"amount\":3,\"currency\":\"eur\"}",
        "\"cost\":0.9",
        "\"proxy_bytes\":2500000",
        "\"steps\":12",
        "\"steps\":12345678901234567890",
        "\"steps\":12345678901234567891",
        "\"confidence_score\":0.82",
        "\"confidence_score\":12",
        "\"published_as_draft\":true",
        "\"published_as_draft\":false",
        "\"domains\":[\"alpha\",\"two words\"]",
        "\"domains\":[]",
        "\"artifacts\":[{\"name\":\"order\",\"size\":12},{\"url\":\"alpha\"}]",
        "\"error\":{\"message\":\"alphabet\",\"type\":\"task\"}",
        "\"error\":\"12\"",
        "\"output\":{\"value\":{\"order\":\"8421\",\"list\":[1,12]}}",
        "\"recording_url\":\"https://a/?b\"",
    };
    static const char *const named[] = {"task_id",
                                        "session_id",
                                        "execution_mode",
                                        "output",
                                        "cost",
                                        "error",
                                        "duration_ms",
                                        "a",
                                        "list",
                                        "a.b",
                                        "b.c",
                                        "steps",
                                        "odd key",
                                        "b",
                                        "\xD0\x9A\xD0\xBB",
                                        "domains",
                                        "recording_url"};

    if (dice_chance(dice, 0.5)) {
        put_both(event, PICK(dice, members));
    } else {
        put_string(event, dice, PICK(dice, named));
        put_both(event, ":");
        put_value(event, dice, 2);
    }
}

static void make_event(struct random_event *event, struct dice *dice)
{
    static const char *const times[] = {"2026-05-24T12:18:05.123Z", "2026-05-24T12:18:05Z",
                                        "2026-05-23T23:59:59.999Z", "2026-05-25T00:00:00Z", "soon"};

    *event = (struct random_event){0};
    put_both(event, "{\"id\":\"evt_1\", \"type\":");
    put_string(event, dice, PICK(dice, types));
    if (dice_chance(dice, 0.8)) {
        put_both(event, ",\"created\":");
        put_string(event, dice, PICK(dice, times));
    }
    put_both(event, ",\"text\":");
    put_string(event, dice, PICK(dice, words));
    put_both(event, ",\"data\":{");
    for (int64_t count = dice_between(dice, 0, 6); count > 0; count--) {
        put_member(event, dice);
        put_both(event, count > 1 ? "," : "");
    }
    put_both(event, "}}");
}

/* A word as a filter takes it, in another case now and then. */
static void put_word(struct writing *to, struct dice *dice, const char *word, bool quoted)
{
    char piece[3] = "";
    bool plain = *word && !strpbrk(word, " \"\\\n,()!:=~<>-*/") && !quoted;

    put(to, plain ? "" : "\"");
    for (; *word; word++) {
        piece[0] = *word;
        piece[1] = '\0';
        if (*word == '"' || *word == '\\' || *word == '\n')
            snprintf(piece, sizeof piece, "\\%c", *word == '\n' ? 'n' : *word);
        else if (*word >= 'a' && *word <= 'z' && dice_chance(dice, 0.1))
            piece[0] = (char)(*word - 'a' + 'A');
        put(to, piece);
    }
    put(to, plain ? "" : "\"");
}

static const char *const text_fields[] = {"type",    "task",    "session",   "mode",
                                          "error",   "domains", "artifacts", "recording",
                                          "outcome", "entity",  "error_type"};
static const char *const paths[] = {"data.a",
                                    "data.b",
                                    "data.a.b",
                                    "data.\"a.b\"",
                                    "Data.a.\"b.c\"",
                                    "data.\"a\".b",
                                    "data.a.b.c",
                                    "DATA.list.\"1\"",
                                    "data.\"list\".0.a",
                                    "data.list",
                                    "data.list.name",
                                    "data.list.0",
                                    "data.list.1.a",
                                    "data.output",
                                    "data.output.value",
                                    "data.cost.amount",
                                    "data.error.message",
                                    "data.\"odd key\"",
                                    "data",
                                    "data.artifacts.name",
                                    "data.\xD0\x9A\xD0\xBB",
                                    "output",
                                    "data.duration_ms",
                                    "data.domains",
                                    "data.no.such"};

static void put_text_comparison(struct writing *to, struct dice *dice, const char *field)
{
    static const char *const ops[] = {":", "=", "~", "!="};
    int64_t more = dice_chance(dice, 0.2) ? dice_between(dice, 1, 2) : 0;

    put(to, field);
    put(to, PICK(dice, ops));
    for (; more >= 0; more--) {
        bool number = dice_chance(dice, 0.2);
        if (strcmp(field, "type") == 0 && dice_chance(dice, 0.8))
            put_word(to, dice, PICK(dice, types), false);
        else
            put_word(to, dice, number ? PICK(dice, numbers) : PICK(dice, words), false);
        put(to, more ? "," : "");
    }
}

static void put_number_comparison(struct writing *to, struct dice *dice)
{
    static const char *const ops[] = {"<", "<=", ">", ">=", "=", ":", "!="};
    static const struct {
        const char *field, *values[7];
    } rows[] = {
        {"duration", {"30S", "850ms", "0", "1m", "0.5M", "1s", "850.5MS"}},
        {"delay", {"0", "850ms", "1h", "1d", "-1s", "12h", "1m30s"}},
        {"age", {"1h", "1d", "2d", "0", "90s", "1m30s", "-1s"}},
        {"proxy", {"2.5mb", "2500000", "1KiB", "1GB", "0", "2MiB", "2441KB"}},
        {"steps", {"12", "0", "1e3", "12345678901234567890", "-5", "12345678901234567891", "13"}},
        {"duplicates", {"0", "1", "2", "3", "10", "-1", "0.5"}},
        {"cost", {"0.012", "$0.012", "3eur", "0.9", "$0", "1usd", "EUR3"}},
        {"confidence", {"0.82", "82%", "90%", "0", "1", "100%", "0.5"}},
        {"created",
         {"2026-05-24", "yesterday", "2026-05-24T12:18", "2026-05-24 12:18:05",
          "2026-05-24T14:18:05+02:00", "2026-05-24T12:18:05.123Z", "yesterday 12"}},
        {"created",
         {"2026-05-23+05:30", "today", "2026-05-24T12Z", "2026-05-24 12", "2026-05-24T12:18Z",
          "2026-05-25Z", "00:00"}},
        {"received",
         {"2026-05-24", "2026-05-25", "2026-05-24T12:18", "2026-05-24 12:18",
          "2026-05-24T12:18:05Z", "09:00:00", "Today 0:00"}},
    };
    size_t row = (size_t)dice_between(dice, 0, (int64_t)(sizeof rows / sizeof rows[0]) - 1);

    put(to, rows[row].field);
    put(to, PICK(dice, ops));
    put(to, PICK(dice, rows[row].values));
}

static void put_term(struct writing *to, struct dice *dice)
{
    static const char *const states[] = {
        "is:failed",   "is:ok",        "is:healed",     "is:waiting",  "is:unknown",
        "is:verified", "is:duplicate", "is:unverified", "is:noted,ok", "is!=failed",
        "draft=yes",   "draft!=yes",   "verified=no",   "has:cost",    "has:recording,steps",
        "has:created", "has:delay",    "has:domains"};
    static const char *const orders[] = {"<", "<=", ">", ">="};
    static const char *const limits[] = {"12",
                                         "0.9",
                                         "30s",
                                         "2MB",
                                         "2026-05-24",
                                         "0",
                                         "82%",
                                         "yesterday",
                                         "2026-05-24 14",
                                         "12345678901234567890",
                                         "9007199254740992"};

    switch (dice_between(dice, 0, 9)) {
    case 0:
    case 1: put_word(to, dice, PICK(dice, words), true); break;
    case 2: put_word(to, dice, PICK(dice, keys), true); break;
    case 3:
    case 4: put_text_comparison(to, dice, PICK(dice, text_fields)); break;
    case 5: put_text_comparison(to, dice, PICK(dice, paths)); break;
    case 6:
        put(to, PICK(dice, paths));
        put(to, PICK(dice, orders));
        put(to, PICK(dice, limits));
        break;
    case 7:
        put(to, "has:");
        put(to, PICK(dice, paths));
        break;
    case 8: put_number_comparison(to, dice); break;
    default: put(to, PICK(dice, states)); break;
    }
}

static void make_filter(struct writing *to, struct dice *dice, int depth)
{
    static const char *const between[] = {" ", " and ", " or ", " or ", " AND "};

    for (int64_t count = dice_between(dice, 1, depth > 1 ? 3 : 2); count > 0; count--) {
        if (dice_chance(dice, 0.2))
            put(to, dice_chance(dice, 0.5) ? "-" : "not ");
        if (depth > 0 && dice_chance(dice, 0.3)) {
            put(to, "(");
            make_filter(to, dice, depth - 1);
            put(to, ")");
        } else {
            put_term(to, dice);
        }
        if (count > 1)
            put(to, PICK(dice, between));
    }
}

#endif
