/*
 * Lines of a recording: envelopes, wrapped ones, and what is neither.
 */
#include "record.h"

#include <criterion/criterion.h>
#include <string.h>

#define EVENT      "{\"id\":\"evt_1\",\"type\":\"task.failed\",\"created\":\"2026-05-24T12:18:05Z\"}"
#define CREATED_MS INT64_C(1779625085000)

static const struct {
    const char *name, *line, *raw;
    int64_t received_ms;
    bool verified;
} good[] = {
    {"an envelope", EVENT, EVENT, CREATED_MS, false},
    {"without a time", "{\"id\":\"a\",\"type\":\"b\"}", "{\"id\":\"a\",\"type\":\"b\"}", 0, false},
    {"wrapped", "{\"received\":\"2026-05-24T12:18:06.250Z\",\"verified\":true,\"event\":" EVENT "}",
     EVENT, CREATED_MS + 1250, true},
    {"wrapped, unverified", "{\"verified\":false,\"event\":" EVENT "}", EVENT, CREATED_MS, false},
    {"wrapped, with more around it",
     "{ \"event\" : " EVENT " , \"duplicates\" : 2, \"verified\" : true }", EVENT, CREATED_MS,
     true},
    {"a time that is none", "{\"received\":\"today\",\"event\":" EVENT "}", EVENT, CREATED_MS,
     false},
    {"an envelope with an event in it", "{\"id\":\"a\",\"type\":\"b\",\"event\":" EVENT "}",
     "{\"id\":\"a\",\"type\":\"b\",\"event\":" EVENT "}", 0, false},
};

Test(record, is_the_envelope_as_it_was_received)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct record record;
        char reason[160] = "";
        bool read = record_read(&record, good[i].line, strlen(good[i].line), reason, sizeof reason);
        cr_expect(read, "%s: %s", good[i].name, reason);
        if (!read)
            continue;
        cr_expect(record.length == strlen(good[i].raw) &&
                      memcmp(record.raw, good[i].raw, record.length) == 0,
                  "%s: %.*s", good[i].name, (int)record.length, record.raw);
        cr_expect_eq(record.received_ms, good[i].received_ms, "%s: %lld", good[i].name,
                     (long long)record.received_ms);
        cr_expect_eq(record.verified, good[i].verified, "%s", good[i].name);
        event_free(&record.event);
    }
}

static const struct {
    const char *name, *line, *reason;
} bad[] = {
    {"no JSON", "hello", "not valid JSON near byte 1"},
    {"cut off", "{\"id\":\"evt_1\",\"ty", "not valid JSON"},
    {"not UTF-8", "{\"id\":\"e\xff\",\"type\":\"b\"}", "byte 9 is not UTF-8"},
    {"wrapped, not UTF-8", "{\"event\":{\"id\":\"e\xff\",\"type\":\"b\"}}", "is not UTF-8"},
    {"half a surrogate pair in the id", "{\"id\":\"e\\udc00\",\"type\":\"b\"}", "surrogate"},
    {"no id", "{\"type\":\"b\"}", "\"id\" is missing"},
    {"no event in the wrapping", "{\"received\":\"2026-05-24T12:18:06Z\"}", "\"id\" is missing"},
    {"wrapped, without a type", "{\"event\":{\"id\":\"a\"}}", "in \"event\": \"type\" is missing"},
    {"wrapped, not an object", "{\"event\":[]}", "in \"event\": the JSON is not an object"},
};

Test(record, says_what_is_wrong_with_a_line)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct record record;
        char reason[160] = "";
        cr_expect_not(record_read(&record, bad[i].line, strlen(bad[i].line), reason, sizeof reason),
                      "%s", bad[i].name);
        cr_expect(strstr(reason, bad[i].reason), "%s: %s", bad[i].name, reason);
    }
}
