/*
 * Any bytes decoded, as a whole body and as the data of one: what is accepted keeps the promises
 * of the envelope and can be shown to its end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "field.h"
#include "json.h"
#include "link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void read_line(void *context, const struct field_line *line)
{
    size_t *bytes = context;
    *bytes += strlen(line->title) + strlen(line->path) + strlen(line->text);
}

static void show(const struct event *event)
{
    struct field_source source = {.event = event, .received_ms = 1, .now_ms = 2};
    size_t bytes = 0;
    struct link_list links;
    char summary[80];

    field_each(&source, read_line, &bytes);
    check(bytes > 0);
    check(field_summary(&source, summary, sizeof summary) == strlen(summary));
    check(link_collect(event, &links));
    link_list_free(&links);
}

static void decode(const char *body, size_t length)
{
    struct json_layout layout;
    struct event event;
    char reason[64] = "";

    if (!event_decode(&event, body, length, reason, sizeof reason)) {
        check(*reason && !event.json);
        return;
    }
    check(*event.id && strlen(event.id) <= EVENT_MAX_NAME);
    check(*event.type && strlen(event.type) <= EVENT_MAX_NAME);
    check(event.entity < ENTITY_KINDS && event.outcome < OUTCOMES);
    check(event.created || event.created_ms == 0);
    if (json_layout(&layout, body, length))
        check(layout.tokens[layout.token_count - 1].kind != JSON_ERROR);
    json_layout_free(&layout);
    show(&event);
    event_free(&event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = "{\"id\":\"i\",\"type\":\"task.failed\",\"data\":";
    size_t length = strlen(head) + size + 1;
    char *body = malloc(length + 1);

    decode((const char *)data, size);
    if (!body)
        return 0;
    memcpy(body, head, sizeof head);
    memcpy(body + strlen(head), data, size);
    body[length - 1] = '}';
    decode(body, length);
    free(body);
    return 0;
}
