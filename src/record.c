/*
 * A line of a recording: see record.h.
 */
#include "record.h"

#include <stdio.h>
#include <string.h>

#include "json_line.h"

/* Reads the time that a member of the wrapping holds. */
static bool read_received(const char *line, size_t length, int64_t *ms)
{
    const char *value;
    size_t value_length;
    char text[64];
    if (!json_line_member(line, length, "received", &value, &value_length) || value_length < 2 ||
        value_length - 2 >= sizeof text)
        return false;
    memcpy(text, value + 1, value_length - 2);
    text[value_length - 2] = '\0';
    return event_parse_time(text, ms);
}

static bool read_verified(const char *line, size_t length)
{
    const char *value;
    size_t value_length;
    return json_line_member(line, length, "verified", &value, &value_length) && value_length == 4 &&
           memcmp(value, "true", 4) == 0;
}

bool record_read(struct record *record, const char *line, size_t length, char *reason,
                 size_t reason_size)
{
    char inner_reason[128];
    *record = (struct record){.raw = line, .length = length};
    bool wrapped = false;
    if (!event_accept(&record->event, line, length, reason, reason_size)) {
        wrapped = json_line_member(line, length, "event", &record->raw, &record->length);
        if (!wrapped)
            return false;
        if (!event_accept(&record->event, record->raw, record->length, inner_reason,
                          sizeof inner_reason)) {
            snprintf(reason, reason_size, "in \"event\": %s", inner_reason);
            return false;
        }
    }
    record->received_ms = record->event.created_ms;
    if (wrapped) {
        read_received(line, length, &record->received_ms);
        record->verified = read_verified(line, length);
    }
    return true;
}
