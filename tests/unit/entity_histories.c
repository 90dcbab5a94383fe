#include "entity_histories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PICK(dice, list)                                                                           \
    (list)[dice_between(dice, 0, (int64_t)(sizeof(list) / sizeof((list)[0])) - 1)]

/* 2026-11-24T00:00:00Z: around then all histories happen. */
static const int64_t around_ms = INT64_C(1795478400000);

static const char *const known_types[] = {
    "task.completed",          "task.failed",
    "task.cancelled",          "task.healed",
    "session.completed",       "session.failed",
    "session.recording.ready", "intervention.requested",
    "intervention.requested",  "intervention.resolved",
    "batch.completed",         "batch.failed",
    "identity.authenticated",  "identity.authentication_failed",
};

static const char *const unknown_types[] = {
    "task.paused",
    "task.timeout",
    "task.failed.again",
    "task",
    "Task.failed",
    "session.cancelled",
    "session.aborted",
    "session.ended",
    "session.timed_out",
    "session.timeout",
    "session.finished",
    "session.killed",
    "session.resumed",
    "session.Closed",
    "session.",
    "session",
    "session.ended.early",
    "session.export_failed",
    "session.recording.failed",
    "intervention.completed",
    "intervention.expired",
    "intervention.cancelled",
    "intervention.rejected",
    "intervention.viewed",
    "intervention.answer.completed",
    "intervention",
    "batch.started",
    "batch.aborted",
    "batch.ended",
    "identity.locked",
    "identity.failed",
    "export.failed",
    "agent.step.completed",
    ".completed",
};

/* How a history is: what the writer of its events draws from. */
struct style {
    struct dice dice;
    int64_t ids;        /* of each kind */
    int64_t executions; /* likewise */
    int64_t span_ms;    /* within which events happen */
    double unknown, odd, fields;
    const char *one_type; /* of nearly all events, which are of one task or identity; or NULL */
    bool alike;           /* the ids of events differ behind their first 31 bytes only */
    size_t number;        /* of the event that is written */
};

/* Ids. */

static void write_long(FILE *file, const char *piece, size_t length)
{
    for (size_t written = 0; written + strlen(piece) <= length; written += strlen(piece))
        fputs(piece, file);
}

static void write_id_value(struct style *style, const char *prefix, int64_t ids, FILE *file)
{
    static const char *const odd[] = {"null", "\"\"", "7", "[]", "{}", "true", "[\"ses_1\"]"};
    if (!dice_chance(&style->dice, style->odd)) {
        fprintf(file, "\"%s_%d\"", prefix, (int)dice_between(&style->dice, 1, ids));
        return;
    }
    switch (dice_between(&style->dice, 0, 4)) {
    case 0: /* just short enough, and just too long */
        putc('"', file);
        write_long(file, "i", (size_t)dice_between(&style->dice, 256, 257));
        putc('"', file);
        break;
    case 1: /* one that other kinds have, too */
        fprintf(file, "\"%s\"", dice_chance(&style->dice, 0.5) ? "shared" : "gr\xC3\xBC\xC3\x9F");
        break;
    case 2: fprintf(file, "\"%.2s\\u%04x_1\"", prefix, prefix[2]); break;
    default: fputs(PICK(&style->dice, odd), file);
    }
}

/* Values. */

static void write_text(struct style *style, FILE *file)
{
    static const char *const odd[] = {"null", "\"\"", "3", "false", "[]", "{}", "[\"text\"]"};
    if (!dice_chance(&style->dice, style->odd)) {
        fprintf(file, "\"text %d\"", (int)dice_between(&style->dice, 0, 99));
    } else if (dice_chance(&style->dice, 0.9)) {
        fputs(PICK(&style->dice, odd), file);
    } else { /* around the longest that is kept */
        fprintf(file, "\"%s", dice_chance(&style->dice, 0.5) ? "" : "x");
        write_long(file, dice_chance(&style->dice, 0.5) ? "y" : "\xE2\x82\xAC",
                   (size_t)dice_between(&style->dice, 16375, 16392));
        putc('"', file);
    }
}

static void write_amount(struct style *style, FILE *file)
{
    static const char *const odd[] = {
        "null", "\"12\"", "0",    "-1",    "-0.5",  "-0",         "0.25",
        "1.5",  "[]",     "{}",   "true",  "1e3",   "1e15",       "9007199254740993",
        "1e18", "1e19",   "1e30", "1e300", "1e400", "4294967296", "9223372036854775807",
    };
    if (dice_chance(&style->dice, style->odd))
        fputs(PICK(&style->dice, odd), file);
    else
        fprintf(file, "%d", (int)dice_between(&style->dice, 0, 100000));
}

static void write_flag(struct style *style, FILE *file)
{
    static const char *const odd[] = {"null", "0", "1", "\"true\"", "[]"};
    if (dice_chance(&style->dice, style->odd))
        fputs(PICK(&style->dice, odd), file);
    else
        fputs(dice_chance(&style->dice, 0.5) ? "true" : "false", file);
}

static void write_share(struct style *style, FILE *file)
{
    static const char *const odd[] = {"null", "0", "1", "1.01", "-0.1", "\"0.5\"", "1e9", "true"};
    if (dice_chance(&style->dice, style->odd))
        fputs(PICK(&style->dice, odd), file);
    else
        fprintf(file, "0.%02d", (int)dice_between(&style->dice, 0, 99));
}

static void write_list(struct style *style, FILE *file)
{
    int64_t items = dice_between(&style->dice, 0, 3);
    if (dice_chance(&style->dice, style->odd)) {
        if (dice_chance(&style->dice, 0.6)) {
            write_text(style, file);
            return;
        }
        items = dice_between(&style->dice, 62, 67);
    }
    putc('[', file);
    for (int64_t i = 0; i < items; i++) {
        fputs(i > 0 ? "," : "", file);
        write_text(style, file);
    }
    putc(']', file);
}

static void write_money(struct style *style, FILE *file)
{
    static const char *const odd[] = {"null",     "0",    "-0.01",        "-0",    "0.0000004",
                                      "1e-9",     "1e12", "999999999999", "1e300", "1e400",
                                      "\"0.01\"", "{}",   "true",         "[]"};
    if (dice_chance(&style->dice, style->odd))
        fputs(PICK(&style->dice, odd), file);
    else
        fprintf(file, "%d.%06d", (int)dice_between(&style->dice, 0, 3),
                (int)dice_between(&style->dice, 0, 999999));
}

static void write_cost(struct style *style, FILE *file)
{
    static const char *const odd[] = {"\"\"",
                                      "null",
                                      "5",
                                      "\"LONGEST\"",
                                      "\"LONGEST1\"",
                                      "\"a long name\"",
                                      "\"usd\"",
                                      "\"\xE2\x82\xAC\"",
                                      "[]"};
    if (dice_chance(&style->dice, 0.2)) {
        write_money(style, file);
        return;
    }
    fputs("{\"x\":1", file);
    if (!dice_chance(&style->dice, style->odd)) {
        fputs(",\"amount\":", file);
        write_money(style, file);
    }
    if (dice_chance(&style->dice, style->odd))
        fprintf(file, ",\"currency\":%s", PICK(&style->dice, odd));
    else if (dice_chance(&style->dice, 0.9))
        fprintf(file, ",\"currency\":\"C%02d\"", (int)dice_between(&style->dice, 0, 11));
    putc('}', file);
}

static void write_error(struct style *style, FILE *file)
{
    static const char *const members[] = {"message", "type", "root_cause"};
    if (dice_chance(&style->dice, 0.3)) {
        write_text(style, file);
        return;
    }
    fputs("{\"x\":1", file);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (dice_chance(&style->dice, 0.7)) {
            fprintf(file, ",\"%s\":", members[i]);
            write_text(style, file);
        }
    }
    putc('}', file);
}

/* All members of `data` that say anything. Events have any of them, also those of others. */
static const struct {
    const char *key;
    void (*write)(struct style *style, FILE *file);
} members[] = {
    {"duration_ms", write_amount},
    {"cost", write_cost},
    {"task_version_id", write_text},
    {"execution_mode", write_text},
    {"error", write_error},
    {"error_message", write_text},
    {"failure_type", write_text},
    {"healed_task_version_id", write_text},
    {"confidence_score", write_share},
    {"published_as_draft", write_flag},
    {"error_explanation", write_text},
    {"fix_suggestion", write_text},
    {"reason", write_text},
    {"steps", write_amount},
    {"screenshots", write_amount},
    {"screenshot_count", write_amount},
    {"screenshots_count", write_amount},
    {"proxy_bytes", write_amount},
    {"network_bytes_total", write_amount},
    {"domains", write_list},
    {"size_bytes", write_amount},
    {"message", write_text},
    {"input_type", write_text},
    {"live_view_url", write_text},
    {"status", write_text},
    {"total_requests", write_amount},
    {"completed_requests", write_amount},
    {"failed_requests", write_amount},
    {"application_id", write_text},
    {"session_dashboard_url", write_text},
    {"recording_url", write_text},
};

static const struct {
    const char *key, *prefix;
    bool execution;
    double chance;
} ids[] = {
    {"task_id", "tsk", false, 0.8},
    {"session_id", "ses", false, 0.8},
    {"request_id", "req", false, 0.7},
    {"batch_id", "bat", false, 0.7},
    {"identity_id", "idn", false, 0.7},
    {"execution_id", "exr", true, 0.7},
    {"source_execution_id", "exr", true, 0.3},
};

static void write_data(struct style *style, FILE *file)
{
    static const char *const odd[] = {"null", "[]", "\"data\"", "7"};
    if (dice_chance(&style->dice, style->odd / 8)) {
        fputs(PICK(&style->dice, odd), file);
        return;
    }
    fputs("{\"x\":0", file);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (dice_chance(&style->dice, ids[i].chance)) {
            fprintf(file, ",\"%s\":", ids[i].key);
            write_id_value(style, ids[i].prefix, ids[i].execution ? style->executions : style->ids,
                           file);
        }
        /* Of two with one name the first counts. */
        if (dice_chance(&style->dice, style->odd / 8))
            fprintf(file, ",\"x\":1,\"%s\":\"second\"", ids[i].key);
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (dice_chance(&style->dice, style->fields)) {
            fprintf(file, ",\"%s\":", members[i].key);
            members[i].write(style, file);
        }
    }
    putc('}', file);
}

/* Envelopes. */

static void write_created(struct style *style, int64_t at_ms, FILE *file)
{
    static const char *const odd[] = {
        "null",
        "7",
        "\"\"",
        "\"yesterday\"",
        "\"2026-11-24T00:00:00\"",
        "\"2026-11-24\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"1969-12-31T23:59:59.999Z\"",
        "\"1970-01-01T00:00:00.001Z\"",
        "\"9999-12-31T23:59:59.999Z\"",
        "\"2026-11-24T00:00:00.0009Z\"",
        "\"2026-11-24T01:00:00+01:00\"",
        "\"2026-11-23T18:30:00.5-05:30\"",
    };
    if (dice_chance(&style->dice, style->odd / 2)) {
        fprintf(file, ",\"created\":%s", PICK(&style->dice, odd));
    } else if (!dice_chance(&style->dice, style->odd / 2)) {
        time_t second = (time_t)(at_ms / 1000);
        struct tm tm;
        char text[32];
        gmtime_r(&second, &tm);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
        fprintf(file, ",\"created\":\"%s.%03dZ\"", text, (int)(at_ms % 1000));
    }
}

/* Ids are of the event alone, and in no order. Their first 31 bytes differ, or are all alike. */
static void write_event_id(struct style *style, FILE *file)
{
    static const char *const prefixes[] = {"evt_", "EVT-", "", "\xC3\xA9vt ",
                                           "evt_0123456789_0123456"};
    fprintf(file, "%s%x_%zu",
            style->alike ? "evt_0123456789_0123456789_01234" : PICK(&style->dice, prefixes),
            (unsigned)dice_between(&style->dice, 0, 255), style->number);
    if (dice_chance(&style->dice, 0.1))
        write_long(file, "z", (size_t)dice_between(&style->dice, 1, 60));
}

/* Most of a history that is long, and all about one thing. */
static void write_one(struct style *style, FILE *file)
{
    fprintf(file,
            ",\"type\":\"%s\",\"data\":{\"task_id\":\"tsk_1\",\"identity_id\":\"idn_1\","
            "\"duration_ms\":%d,\"cost\":{\"amount\":%s,\"currency\":\"C\"}}",
            style->one_type, (int)dice_between(&style->dice, 0, 5000000),
            dice_chance(&style->dice, 0.5) ? "999999999999.5" : "0.000001");
}

static void write_any(struct style *style, FILE *file)
{
    fprintf(file, ",\"type\":\"%s\"",
            dice_chance(&style->dice, style->unknown) ? PICK(&style->dice, unknown_types)
                                                      : PICK(&style->dice, known_types));
    if (!dice_chance(&style->dice, style->odd / 16)) {
        fputs(",\"data\":", file);
        write_data(style, file);
    }
}

static char *write_event(struct style *style)
{
    char *body = NULL;
    size_t size;
    FILE *file = open_memstream(&body, &size);
    if (!file)
        abort();
    fputs("{\"id\":\"", file);
    write_event_id(style, file);
    putc('"', file);
    write_created(style, around_ms + dice_between(&style->dice, 0, style->span_ms), file);
    if (style->one_type && dice_chance(&style->dice, 0.998))
        write_one(style, file);
    else
        write_any(style, file);
    putc('}', file);
    fclose(file);
    return body;
}

/* Mostly short, for those are read by people; now and then more than any bound. */
static size_t random_length(struct dice *dice, bool one)
{
    double part = dice_fraction(dice);
    if (one)
        return (size_t)dice_between(dice, 990, 1100);
    if (part < 0.6)
        return (size_t)dice_between(dice, 1, 12);
    if (part < 0.98)
        return (size_t)dice_between(dice, 10, 60);
    return (size_t)dice_between(dice, 60, 200);
}

static struct style random_style(uint64_t seed, bool alike)
{
    static const char *const one_types[] = {"task.failed", "identity.authentication_failed"};
    static const int64_t spans[] = {0, 3, 1000, 100000, 3 * 24 * 3600 * 1000};
    static const double chances[] = {0, 0.05, 0.2, 0.5};
    struct style style = {.dice = {seed}};
    style.ids = dice_between(&style.dice, 1, 4);
    style.executions = dice_chance(&style.dice, 0.5) ? 3 : 100;
    style.span_ms = PICK(&style.dice, spans);
    style.unknown = PICK(&style.dice, chances);
    style.odd = PICK(&style.dice, chances);
    style.fields = PICK(&style.dice, chances);
    style.alike = alike;
    if (dice_chance(&style.dice, 0.002))
        style.one_type = PICK(&style.dice, one_types);
    return style;
}

struct random_history random_history(uint64_t seed, bool alike)
{
    struct style style = random_style(seed, alike);
    size_t count = random_length(&style.dice, style.one_type);
    struct random_history history = {calloc(count, sizeof *history.events), count, around_ms};
    if (!history.events)
        abort();
    for (size_t i = 0; i < count; i++) {
        style.number = i;
        history.now_ms += dice_between(&style.dice, 0, 1 + style.span_ms / 10);
        history.events[i] = (struct history_event){
            .body = write_event(&style),
            .received_ms = history.now_ms,
            .verified = dice_chance(&style.dice, 0.7),
        };
    }
    history.now_ms += dice_chance(&style.dice, 0.5) ? 1000 : 2 * 24 * 3600 * 1000;
    return history;
}

void random_history_free(struct random_history *history)
{
    for (size_t i = 0; i < history->count; i++)
        free(history->events[i].body);
    free(history->events);
}
