/*
 * What `anchortop send` was told to send: event types, and envelopes read from files.
 */
#include "send_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nearest.h"
#include "record.h"

enum { FIRST_READ = 1 << 16, REASON_SIZE = 256 };

static const char no_memory[] = "there is no memory left";

static bool add_entry(struct send_list *list, const struct send_entry *entry)
{
    struct send_entry *entries = realloc(list->entries, (list->count + 1) * sizeof *list->entries);
    if (!entries)
        return false;
    list->entries = entries;
    list->entries[list->count++] = *entry;
    return true;
}

/* Adds an envelope, or the one in what `tail` has printed, when it is either. */
static bool add_body(struct send_list *list, const char *body, size_t length, char *reason,
                     size_t reason_size)
{
    struct record record;
    if (!record_read(&record, body, length, reason, reason_size))
        return false;

    struct send_entry entry = {.body = record.raw,
                               .length = record.length,
                               .name = strdup(record.event.type),
                               .id = strdup(record.event.id)};
    event_free(&record.event);
    if (!entry.name || !entry.id || !add_entry(list, &entry)) {
        free(entry.name);
        free(entry.id);
        snprintf(reason, reason_size, "%s", no_memory);
        return false;
    }
    return true;
}

/* Moves both ends inwards over white space. */
static void trim(const char **text, size_t *length)
{
    static const char blank[] = " \t\r\n";
    while (*length && strchr(blank, **text)) {
        ++*text;
        --*length;
    }
    while (*length && strchr(blank, (*text)[*length - 1]))
        --*length;
}

static bool add_lines(struct send_list *list, const char *name, const char *text, size_t length,
                      char *reason, size_t reason_size)
{
    char why[REASON_SIZE];
    for (size_t number = 1; length; number++) {
        const char *end = memchr(text, '\n', length);
        size_t taken = end ? (size_t)(end - text) : length, line_length = taken;
        const char *line = text;

        trim(&line, &line_length);
        if (line_length && !add_body(list, line, line_length, why, sizeof why)) {
            snprintf(reason, reason_size, "%s:%zu: not an event: %s", name, number, why);
            return false;
        }
        taken += end != NULL;
        text += taken;
        length -= taken;
    }
    return true;
}

static bool is_event(const char *text, size_t length)
{
    struct record record;
    char ignored[REASON_SIZE];
    bool is = record_read(&record, text, length, ignored, sizeof ignored);
    if (is)
        event_free(&record.event);
    return is;
}

/* One envelope over several lines, or one a line? What decides is whether the first line is one. */
static bool add_text(struct send_list *list, const char *name, const char *text, size_t length,
                     char *reason, size_t reason_size)
{
    char why[REASON_SIZE];
    const char *whole = text;
    size_t whole_length = length;

    trim(&whole, &whole_length);
    if (!whole_length) {
        snprintf(reason, reason_size, "%s is empty; it should hold events as JSON", name);
        return false;
    }
    const char *end = memchr(whole, '\n', whole_length);
    if (end && is_event(whole, (size_t)(end - whole)))
        return add_lines(list, name, text, length, reason, reason_size);
    if (add_body(list, whole, whole_length, why, sizeof why))
        return true;
    snprintf(reason, reason_size, "%s: not an event: %s", name, why);
    return false;
}

/* Reads a stream to its end. NULL with errno set. */
static char *read_all(FILE *file, size_t *length)
{
    size_t capacity = FIRST_READ;
    char *text = malloc(capacity);

    *length = 0;
    while (text) {
        *length += fread(text + *length, 1, capacity - *length, file);
        if (ferror(file)) {
            free(text);
            return NULL;
        }
        if (*length < capacity)
            return text;
        char *larger = realloc(text, capacity *= 2);
        if (!larger)
            free(text);
        text = larger;
    }
    errno = ENOMEM;
    return NULL;
}

/* Whether it was meant as a file: no type looks so. */
static bool looks_like_file(const char *operand)
{
    return strchr(operand, '/') || strstr(operand, ".json");
}

static void explain_unreadable(const char *operand, int failure, char *reason, size_t size)
{
    struct nearest nearest = nearest_to(operand, strlen(operand));
    if (failure != ENOENT || looks_like_file(operand)) {
        snprintf(reason, size, "cannot read %s: %s", operand, strerror(failure));
        return;
    }
    for (size_t i = 0; i < catalog_size; i++)
        nearest_consider(&nearest, catalog[i].name);
    size_t used =
        (size_t)snprintf(reason, size, "\"%.100s\" is neither a file nor an event type; ", operand);
    if (nearest.word) {
        snprintf(reason + used, size - used, "did you mean %s?", nearest.word);
        return;
    }
    used += (size_t)snprintf(reason + used, size - used,
                             "write events of other types into a file; the types are");
    for (size_t i = 0; i < catalog_size && used < size; i++)
        used +=
            (size_t)snprintf(reason + used, size - used, "%s %s", i ? "," : "", catalog[i].name);
}

static bool add_file(struct send_list *list, const char *operand, char *reason, size_t reason_size)
{
    bool is_stdin = strcmp(operand, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(operand, "r");
    size_t length = 0;
    char *text = file ? read_all(file, &length) : NULL;
    int failure = errno;

    if (file && !is_stdin)
        fclose(file);
    if (!text) {
        explain_unreadable(operand, failure, reason, reason_size);
        return false;
    }
    char **files = realloc(list->files, (list->file_count + 1) * sizeof *files);
    if (!files) {
        free(text);
        snprintf(reason, reason_size, "%s", no_memory);
        return false;
    }
    list->files = files;
    list->files[list->file_count++] = text;
    return add_text(list, is_stdin ? "standard input" : operand, text, length, reason, reason_size);
}

/* PATH=VALUE, and no file that happens to have such a name. */
static bool is_field(const char *operand)
{
    const char *slash = strchr(operand, '/'), *equals = strchr(operand, '=');
    return send_field_is(operand) && (!slash || slash > equals) && access(operand, F_OK) != 0;
}

static bool add_field(struct send_list *list, const char *operand, char *reason, size_t reason_size)
{
    struct send_entry *entry = list->count ? &list->entries[list->count - 1] : NULL;
    if (!entry || !entry->type) {
        snprintf(reason, reason_size,
                 "\"%.100s\" sets a field of an event that is made up: write it behind the event's "
                 "type, as in send task.failed error.type=timeout",
                 operand);
        return false;
    }
    struct send_field *fields =
        realloc(entry->fields, (entry->field_count + 1) * sizeof *entry->fields);
    if (!fields) {
        snprintf(reason, reason_size, "%s", no_memory);
        return false;
    }
    entry->fields = fields;
    if (!send_field_read(&fields[entry->field_count], operand, reason, reason_size))
        return false;
    entry->field_count++;
    return true;
}

bool send_list_add(struct send_list *list, const char *operand, char *reason, size_t reason_size)
{
    struct send_entry entry = {.type = catalog_find(operand)};
    if (!entry.type && is_field(operand))
        return add_field(list, operand, reason, reason_size);
    if (!entry.type)
        return add_file(list, operand, reason, reason_size);
    if (add_entry(list, &entry))
        return true;
    snprintf(reason, reason_size, "%s", no_memory);
    return false;
}

void send_list_free(struct send_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct send_entry *entry = &list->entries[i];
        while (entry->field_count)
            send_field_free(&entry->fields[--entry->field_count]);
        free(entry->fields);
        free(entry->name);
        free(entry->id);
    }
    for (size_t i = 0; i < list->file_count; i++)
        free(list->files[i]);
    free(list->entries);
    free(list->files);
    memset(list, 0, sizeof *list);
}
