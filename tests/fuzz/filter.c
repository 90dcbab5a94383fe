/*
 * Any text as a filter, up to its first zero byte, and what follows that as the data of an event.
 * What is wrong is pointed at inside of the text; what is right gives one answer, however much is
 * known beforehand, the opposite one when it is negated, and can be narrowed down.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* An event, and as much of it as filters may be told. */
struct subject {
    char *raw;
    struct event event;
    struct ring_record record;
};

static bool subject_make(struct subject *subject, const char *data, size_t size)
{
    static const char head[] = "{\"id\":\"i\",\"type\":\"task.failed\",\"text\":\"caf\\u00e9\","
                               "\"created\":\"2026-05-24T12:18:05Z\",\"data\":";
    static const char sample[] = "{\"a\":[{\"b\":1},\"x\"],\"cost\":{\"amount\":1,\"currency\":"
                                 "\"USD\"},\"duration_ms\":30000,\"a.b\":\"c\\\"d\"}";
    size_t length = strlen(head);
    char reason[128];

    if (size == 0) {
        data = sample;
        size = strlen(sample);
    }
    subject->raw = malloc(length + size + 1);
    if (!subject->raw)
        return false;
    memcpy(subject->raw, head, length);
    memcpy(subject->raw + length, data, size);
    length += size;
    subject->raw[length++] = '}';
    if (!event_decode(&subject->event, subject->raw, length, reason, sizeof reason)) {
        free(subject->raw);
        return false;
    }
    subject->record = (struct ring_record){
        .created_ms = subject->event.created_ms ? subject->event.created_ms : 5,
        .received_ms = 5,
        .length = (uint32_t)length,
        .duplicates = (uint32_t)(size % 3),
        .entity = (uint8_t)subject->event.entity,
        .outcome = (uint8_t)subject->event.outcome,
        .verified = size % 2,
    };
    return true;
}

static bool match(const struct filter *filter, const struct subject *subject, bool typed,
                  bool decoded)
{
    struct filter_scratch scratch = {0};
    struct filter_subject about = {
        .raw = subject->raw,
        .record = &subject->record,
        .type = typed ? subject->event.type : NULL,
        .event = decoded ? &subject->event : NULL,
        .now_ms = 10000,
    };
    bool wanted = filter_match(filter, &about, &scratch);
    filter_scratch_free(&scratch);
    return wanted;
}

static void check_match(const struct filter *filter, const struct subject *subject)
{
    const struct filter_type type = {
        .name = subject->event.type,
        .entity = subject->event.entity,
        .outcome = subject->event.outcome,
    };
    enum filter_verdict verdict = filter_verdict(filter, &type);
    bool wanted = match(filter, subject, true, false);
    size_t size = strlen(filter_text(filter)) + 8;
    char *negated = malloc(size);
    struct filter_error error;

    check(wanted == match(filter, subject, false, false));
    check(wanted == match(filter, subject, true, true));
    check(verdict == FILTER_DEPENDS || wanted == (verdict == FILTER_ALWAYS));
    check(filter_cost(filter) > FILTER_COST_TYPE || verdict != FILTER_DEPENDS);
    check(filter_cost(filter) > FILTER_COST_NONE || wanted);
    if (!negated)
        return;
    snprintf(negated, size, "not (%s)", filter_text(filter));
    struct filter *opposite = filter_parse(negated, &error);
    if (opposite)
        check(wanted != match(opposite, subject, true, false));
    filter_free(opposite);
    free(negated);
}

static void check_text(const char *text)
{
    struct filter_completion completion;
    size_t length = strlen(text), cursor = length ? (unsigned char)text[0] % (length + 1) : 0;
    char *combined = filter_combine(text, "-is:ok");

    check(!combined || strlen(combined) <= FILTER_MAX_TEXT);
    free(combined);
    for (; cursor <= length; cursor = cursor < length ? length : length + 1) {
        check(filter_complete(&completion, text, cursor, NULL));
        check(completion.start + completion.length == cursor);
        filter_completion_free(&completion);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = strnlen((const char *)data, size);
    size_t rest = length < size ? length + 1 : size;
    char *text = strndup((const char *)data, length);
    struct filter_error error;
    struct subject subject;

    if (!text)
        return 0;
    struct filter *filter = filter_parse(text, &error);
    check_text(text);
    if (!filter) {
        check(*error.message && error.offset <= length && error.length <= length - error.offset);
    } else if (subject_make(&subject, (const char *)data + rest, size - rest)) {
        check(strcmp(filter_text(filter), text) == 0);
        check_match(filter, &subject);
        event_free(&subject.event);
        free(subject.raw);
    }
    filter_free(filter);
    free(text);
    return 0;
}
