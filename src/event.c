/*
 * From a delivery's bytes to an event: guards, cJSON, and the envelope.
 */
#include "event.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "json.h"
#include "json_abridge.h"
#include "text.h"

static bool is_high_surrogate(long unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(long unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/*
 * cJSON ends a string at \u0000 and refuses half a surrogate pair, but both are JSON, and the
 * second is what a sender in JavaScript makes of an emoji that it cut in two. They are replaced in
 * place: NUL by its picture, U+2400, and the half by U+FFFD.
 */
static void replace_escapes(char *text, size_t length)
{
    const char *end = text + length;

    while ((text = memchr(text, '\\', (size_t)(end - text)))) {
        long unit = json_escape_unit(text, end);
        if (unit < 0) {
            if (end - text < 2)
                return;
            text += 2;
            continue;
        }
        if (is_high_surrogate(unit) && is_low_surrogate(json_escape_unit(text + 6, end)))
            text += 6;
        else if (is_high_surrogate(unit) || is_low_surrogate(unit))
            memcpy(text + 2, "fffd", 4);
        else if (unit == 0)
            memcpy(text + 2, "2400", 4);
        text += 6;
    }
}

/* Parses one JSON text, with nothing but white space behind it. */
static cJSON *parse(const char *body, size_t length, char *reason, size_t reason_size)
{
    const char *end = body;
    cJSON *json = cJSON_ParseWithLengthOpts(body, length, &end, 0);
    size_t offset = (size_t)(end - body);

    if (!json) {
        snprintf(reason, reason_size, "not valid JSON near byte %zu of %zu", offset + 1, length);
        return NULL;
    }
    while (offset < length && strchr(" \t\r\n", body[offset]))
        offset++;
    if (offset < length) {
        snprintf(reason, reason_size, "something follows the JSON object at byte %zu", offset + 1);
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

static cJSON *fail_memory(char *reason, size_t reason_size)
{
    snprintf(reason, reason_size, "out of memory");
    return NULL;
}

/* Parses a copy, in which is replaced what cJSON does not read. */
static cJSON *parse_mended(const char *body, size_t length, bool shorten, char *reason,
                           size_t reason_size)
{
    char *copy = malloc(length);

    if (!copy)
        return fail_memory(reason, reason_size);
    memcpy(copy, body, length);
    replace_escapes(copy, length);
    if (shorten && !digits_shorten(copy, length)) {
        free(copy);
        return fail_memory(reason, reason_size);
    }
    cJSON *json = parse(copy, length, reason, reason_size);
    free(copy);
    return json;
}

static cJSON *parse_guarded(const char *body, size_t length, char *reason, size_t reason_size)
{
    if (length == 0) {
        snprintf(reason, reason_size, "the body is empty");
        return NULL;
    }
    const char *nul = memchr(body, '\0', length);
    if (nul) {
        snprintf(reason, reason_size, "not valid JSON: a zero byte at byte %zu",
                 (size_t)(nul - body) + 1);
        return NULL;
    }
    struct json_survey survey = json_survey(body, length, EVENT_MAX_DEPTH);
    if (survey.depth > EVENT_MAX_DEPTH) {
        snprintf(reason, reason_size, "the JSON is nested deeper than %d levels", EVENT_MAX_DEPTH);
        return NULL;
    }
    bool shorten = digits_too_long(&survey);
    cJSON *json = shorten || memchr(body, '\\', length)
                      ? parse_mended(body, length, shorten, reason, reason_size)
                      : parse(body, length, reason, reason_size);
    if (json && digits_wanted(&survey) && !digits_keep(json, body, length)) {
        cJSON_Delete(json);
        return fail_memory(reason, reason_size);
    }
    return json;
}

/* A string member, or NULL when it is absent, empty or of another type. */
static const char *member_string(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text && *text ? text : NULL;
}

/* A member that every event must have. NULL with a reason. */
static const char *required(const cJSON *json, const char *key, char *reason, size_t reason_size)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(json, key);
    const char *text = cJSON_GetStringValue(member);

    if (!member)
        snprintf(reason, reason_size, "\"%s\" is missing", key);
    else if (!text)
        snprintf(reason, reason_size, "\"%s\" is not a string", key);
    else if (!*text)
        snprintf(reason, reason_size, "\"%s\" is empty", key);
    else if (strlen(text) > EVENT_MAX_NAME)
        snprintf(reason, reason_size, "\"%s\" is longer than %d bytes", key, EVENT_MAX_NAME);
    else
        return text;
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* What the event is about. A family that is not in the catalogue is taken to name its entity with
 * the first "…_id" of its data, as all of today's do. */
static const char *find_subject(const struct event *event)
{
    const char *key = entity_infos[event->entity].id_key;
    const cJSON *member;

    if (key)
        return event_data_string(event, key);
    cJSON_ArrayForEach(member, event->data)
    {
        const char *text = cJSON_GetStringValue(member);
        if (text && *text && ends_with(member->string, "_id"))
            return text;
    }
    return NULL;
}

static bool read_envelope(struct event *event, char *reason, size_t reason_size)
{
    const cJSON *json = event->json;

    if (!cJSON_IsObject(json)) {
        snprintf(reason, reason_size, "the JSON is not an object");
        return false;
    }
    event->id = required(json, "id", reason, reason_size);
    if (!event->id)
        return false;
    event->type = required(json, "type", reason, reason_size);
    if (!event->type)
        return false;

    const cJSON *data = cJSON_GetObjectItemCaseSensitive(json, "data");
    event->data = cJSON_IsObject(data) ? data : NULL;
    event->created = member_string(json, "created");
    event->project = member_string(json, "project_id");
    event->text = member_string(json, "text");
    if (!event->created || !event_parse_time(event->created, &event->created_ms))
        event->created_ms = 0;
    event->known = catalog_find(event->type);
    event->entity = catalog_entity(event->type);
    event->outcome = catalog_outcome(event->type);
    event->subject = find_subject(event);
    return true;
}

bool event_decode(struct event *event, const char *body, size_t length, char *reason,
                  size_t reason_size)
{
    *event = (struct event){.json = parse_guarded(body, length, reason, reason_size)};
    if (event->json && read_envelope(event, reason, reason_size))
        return true;
    event_free(event);
    return false;
}

bool event_accept(struct event *event, const char *body, size_t length, char *reason,
                  size_t reason_size)
{
    static const char half_pair[] = "\uFFFD", zero[] = "\u2400";
    size_t valid = text_valid(body, length);
    if (valid < length) {
        snprintf(reason, reason_size, "not valid JSON: byte %zu is not UTF-8", valid + 1);
        return false;
    }
    if (!event_decode(event, body, length, reason, reason_size))
        return false;
    if (!strstr(event->id, half_pair) && !strstr(event->id, zero))
        return true;
    snprintf(reason, reason_size,
             "\"id\" has half of a surrogate pair, U+FFFD or a zero character");
    event_free(event);
    return false;
}

bool event_skim(struct event *event, const char *body, size_t length, char *reason,
                size_t reason_size)
{
    if (length <= EVENT_SKIMMED)
        return event_decode(event, body, length, reason, reason_size);
    size_t short_length;
    char *text = json_abridge(body, length, &short_length);
    *event = (struct event){.json = NULL};
    if (!text) {
        snprintf(reason, reason_size, "out of memory");
        return false;
    }
    bool good = event_decode(event, text, short_length, reason, reason_size);
    if (good)
        json_abridged_count(event->json);
    free(text);
    return good;
}

void event_free(struct event *event)
{
    cJSON_Delete(event->json);
    *event = (struct event){0};
}

const char *event_data_string(const struct event *event, const char *key)
{
    return member_string(event->data, key);
}

/* Takes exactly `digits` decimal digits. */
static bool take_number(const char **text, int digits, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++, ++*text) {
        if (!isdigit((unsigned char)**text))
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return true;
}

static bool take(const char **text, const char *any_of)
{
    if (!**text || !strchr(any_of, **text))
        return false;
    ++*text;
    return true;
}

bool event_days(int year, int month, int day, int64_t *days)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (year < 1 || month < 1 || month > 12 || day < 1 ||
        day > before[month] - before[month - 1] + (leap && month == 2))
        return false;
    int past = year - 1;
    *days = (int64_t)past * 365 + past / 4 - past / 100 + past / 400 - 719162 + before[month - 1] +
            (leap && month > 2) + day - 1;
    return true;
}

/* "12:18:05" with an optional fraction, in milliseconds. A leap second counts as the next one. */
static bool take_time_of_day(const char **text, int64_t *ms)
{
    int hour, minute, second, thousandths = 0;

    if (!take_number(text, 2, &hour) || !take(text, ":") || !take_number(text, 2, &minute) ||
        !take(text, ":") || !take_number(text, 2, &second) || hour > 23 || minute > 59 ||
        second > 60)
        return false;
    if (take(text, ".,")) {
        if (!isdigit((unsigned char)**text))
            return false;
        for (int weight = 100; isdigit((unsigned char)**text); weight /= 10)
            thousandths += weight * (*(*text)++ - '0');
    }
    *ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + thousandths;
    return true;
}

/* "Z", "+02:00", "-0930" or "+01", in minutes east. A time without one could be anywhere. */
static bool take_offset(const char **text, int *minutes)
{
    int hour, minute = 0;

    *minutes = 0;
    if (take(text, "Zz"))
        return true;
    int sign = **text == '-' ? -1 : 1;
    if (!take(text, "+-") || !take_number(text, 2, &hour))
        return false;
    bool colon = take(text, ":");
    if ((colon || **text) && !take_number(text, 2, &minute))
        return false;
    if (hour > 23 || minute > 59)
        return false;
    *minutes = sign * (hour * 60 + minute);
    return true;
}

bool event_parse_time(const char *text, int64_t *ms)
{
    int year, month, day, offset;
    int64_t days, time;

    if (!take_number(&text, 4, &year) || !take(&text, "-") || !take_number(&text, 2, &month) ||
        !take(&text, "-") || !take_number(&text, 2, &day) || !take(&text, "Tt ") ||
        !event_days(year, month, day, &days) || !take_time_of_day(&text, &time) ||
        !take_offset(&text, &offset) || *text)
        return false;
    *ms = days * INT64_C(86400000) + time - offset * INT64_C(60000);
    return true;
}
