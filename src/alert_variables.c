/*
 * The variables of an alert's command, most of them by way of the table of fields.
 */
#include "alert_variables.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "text.h"

enum { VALUE_SIZE = 2048, LINK_SIZE = 8193 };

extern char **environ;

static const struct {
    const char *variable, *field;
} event_variables[] = {
    {"EVENT_ID", "id"},
    {"TYPE", "type"},
    {"OUTCOME", "outcome"},
    {"SUBJECT", "subject"},
    {"TASK", "task"},
    {"EXECUTION", "execution"},
    {"SESSION", "session"},
    {"REQUEST", "request"},
    {"BATCH", "batch"},
    {"IDENTITY", "identity"},
    {"APPLICATION", "application"},
    {"MESSAGE", "message"},
    {"ERROR", "error"},
};

enum {
    EVENT_VARIABLES = sizeof event_variables / sizeof *event_variables,
    OTHER_VARIABLES = 4,
};

struct environment {
    char **entries;
    size_t count;
    bool failed;
};

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Keeps a copy of an entry, "NAME=value". */
static void add_entry(struct environment *environment, const char *entry)
{
    char *copy = strdup(entry);
    environment->failed |= !copy;
    if (copy)
        environment->entries[environment->count++] = copy;
}

static void add(struct environment *environment, const char *name, const char *value)
{
    char entry[LINK_SIZE + 64];
    snprintf(entry, sizeof entry, "ANCHORTOP_%s=%s", name, value);
    add_entry(environment, entry);
}

static void add_foreign(struct environment *environment, const char *name, const char *value)
{
    char clean[VALUE_SIZE];
    text_clean(clean, sizeof clean, value, strlen(value), 0);
    add(environment, name, clean);
}

/* The most useful link that is safe to open. */
static void add_link(struct environment *environment, const struct event *event)
{
    struct link_list list;
    const char *url = "";
    char reason[160];

    environment->failed |= !link_collect(event, &list);
    for (size_t i = 0; i < list.count && !*url; i++)
        if (link_check(list.links[i].url, reason, sizeof reason))
            url = list.links[i].url;
    add(environment, "LINK", url);
    link_list_free(&list);
}

static void add_inherited(struct environment *environment)
{
    for (char **entry = environ; *entry; entry++)
        if (!begins_with(*entry, "ANCHOR_WEBHOOK_SECRET=") && !begins_with(*entry, "ANCHORTOP_"))
            add_entry(environment, *entry);
}

static size_t count_inherited(void)
{
    size_t count = 0;
    while (environ[count])
        count++;
    return count;
}

char **alert_environment(const char *rule, uint64_t suppressed, const struct field_source *source)
{
    struct environment environment = {
        .entries = calloc(count_inherited() + EVENT_VARIABLES + OTHER_VARIABLES + 1,
                          sizeof *environment.entries)};
    char text[VALUE_SIZE];

    if (!environment.entries)
        return NULL;
    add_inherited(&environment);
    add(&environment, "ALERT", rule);
    snprintf(text, sizeof text, "%" PRIu64, suppressed);
    add(&environment, "SUPPRESSED", text);
    field_summary(source, text, sizeof text);
    add_foreign(&environment, "SUMMARY", text);
    add_link(&environment, source->event);
    for (size_t i = 0; i < EVENT_VARIABLES; i++) {
        struct value value;
        text[0] = '\0';
        if (field_get(field_find(event_variables[i].field), source, &value))
            field_format(&value, text, sizeof text);
        add_foreign(&environment, event_variables[i].variable, text);
    }
    if (!environment.failed)
        return environment.entries;
    alert_environment_free(environment.entries);
    return NULL;
}

void alert_environment_free(char **environment)
{
    for (char **entry = environment; entry && *entry; entry++)
        free(*entry);
    free(environment);
}
