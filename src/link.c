/*
 * Links: collecting them, judging them, and handing one to a browser.
 */
#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "field.h"
#include "process.h"

enum {
    MAX_URL = 8192,     /* what browsers and their wrappers take without trouble */
    MAX_ARGUMENTS = 32, /* of a command in $BROWSER */
};

/* Length of "http://" or "https://" at the start, or 0. */
static size_t scheme_length(const char *url)
{
    if (strncasecmp(url, "http://", 7) == 0)
        return 7;
    return strncasecmp(url, "https://", 8) == 0 ? 8 : 0;
}

/* What field_each() is collected into. */
struct collector {
    struct link_list *list;
    size_t capacity;
    bool out_of_memory;
    const cJSON *file; /* artifact number file_index; they come in order */
    size_t file_index;
};

static void add_link(struct collector *collector, const char *name, const char *url)
{
    struct link_list *list = collector->list;

    if (list->count == collector->capacity) {
        size_t capacity = collector->capacity ? collector->capacity * 2 : 8;
        struct link *links = realloc(list->links, capacity * sizeof *links);
        if (!links) {
            collector->out_of_memory = true;
            return;
        }
        list->links = links;
        collector->capacity = capacity;
    }
    struct link link = {.name = strdup(name), .url = strdup(url)};
    if (!link.name || !link.url) {
        collector->out_of_memory = true;
        free(link.name);
        free(link.url);
        return;
    }
    list->links[list->count++] = link;
}

bool link_list_add(struct link_list *list, const char *name, const char *url)
{
    if (scheme_length(url) == 0)
        return true;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->links[i].url, url) == 0)
            return true;
    struct link *links = realloc(list->links, (list->count + 1) * sizeof *links);
    if (!links)
        return false;
    list->links = links;
    struct link link = {.name = strdup(name), .url = strdup(url)};
    if (!link.name || !link.url) {
        free(link.name);
        free(link.url);
        return false;
    }
    list->links[list->count++] = link;
    return true;
}

/* The name of the artifact whose URL is at this path ("data.artifacts.3.url"), or NULL. */
static const char *artifact_name(struct collector *collector, const struct field_line *line)
{
    size_t prefix = line->field && line->field->type == FIELD_FILES ? strlen(line->field->path) : 0;
    char *end;

    if (prefix == 0 || line->path[prefix] != '.')
        return NULL;
    size_t index = strtoul(line->path + prefix + 1, &end, 10);
    if (strcmp(end, ".url") != 0)
        return NULL;
    for (; collector->file && collector->file_index < index; collector->file_index++)
        collector->file = collector->file->next;
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(collector->file, "name"));
    return name && *name ? name : NULL;
}

static void collect_line(void *context, const struct field_line *line)
{
    struct collector *collector = context;
    char reason[80];

    if (scheme_length(line->text) == 0)
        return;
    if (line->type != FIELD_URL && !link_check(line->text, reason, sizeof reason))
        return; /* a sentence or a list that begins with a URL */
    const char *name = artifact_name(collector, line);
    add_link(collector, name ? name : line->title, line->text);
}

bool link_collect(const struct event *event, struct link_list *list)
{
    const struct field *artifacts = field_find("artifacts");
    const cJSON *files = field_path(event->json, artifacts->path);
    struct collector collector = {.list = list, .file = files ? files->child : NULL};
    const struct field_source source = {.event = event};

    *list = (struct link_list){0};
    field_each(&source, collect_line, &collector);
    return !collector.out_of_memory;
}

void link_list_free(struct link_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->links[i].name);
        free(list->links[i].url);
    }
    free(list->links);
    *list = (struct link_list){0};
}

static bool refuse(char *reason, size_t reason_size, const char *why)
{
    snprintf(reason, reason_size, "%s", why);
    return false;
}

/* "example.com:8080" or "[::1]"; nothing that could make a host look like another one. */
static bool is_host(const char *authority, size_t length)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ".-_:[]";
    return length > 0 && authority[0] != ':' && strspn(authority, allowed) >= length;
}

bool link_check(const char *url, char *reason, size_t reason_size)
{
    size_t scheme = scheme_length(url);

    if (scheme == 0)
        return refuse(reason, reason_size, "the link is not http or https");
    if (strlen(url) > MAX_URL)
        return refuse(reason, reason_size, "the link is longer than 8 KB");
    for (const char *c = url; *c; c++) {
        if (*c == ' ')
            return refuse(reason, reason_size, "the link has a space in it");
        if (*c < ' ' || *c > '~')
            return refuse(reason, reason_size, "the link has a control or non-ASCII character");
        if (strchr("\"'`\\<>", *c))
            return refuse(reason, reason_size, "the link has a quote, bracket or backslash in it");
    }

    const char *authority = url + scheme;
    size_t length = strcspn(authority, "/?#");
    /* https://anchorbrowser.io@example.com/ goes to example.com; no link of Anchor has a user. */
    if (memchr(authority, '@', length))
        return refuse(reason, reason_size, "the link hides its host behind a user name");
    if (!is_host(authority, length))
        return refuse(reason, reason_size, "the link has no valid host");
    return true;
}

/* A program and its arguments, ready to start. */
struct command {
    char *path;
    char *arguments[MAX_ARGUMENTS + 2];
};

static void command_free(struct command *command)
{
    free(command->path);
    for (size_t i = 0; command->arguments[i]; i++)
        free(command->arguments[i]);
}

/* The argument with every "%s" replaced by the URL; owned by the caller. */
static char *expand(const char *argument, const char *url, bool *used)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    for (const char *rest = argument; *rest;) {
        const char *mark = strstr(rest, "%s");
        size_t plain = mark ? (size_t)(mark - rest) : strlen(rest);
        fwrite(rest, 1, plain, stream);
        if (mark)
            fputs(url, stream);
        *used |= mark != NULL;
        rest += plain + (mark ? 2 : 0);
    }
    bool good = !ferror(stream);
    if (fclose(stream) == 0 && good)
        return text;
    free(text);
    return NULL;
}

/* Makes a command of words between white space. False when there is no such program. */
static bool command_make(struct command *command, char *words, const char *url)
{
    char *rest = NULL;
    size_t count = 0;
    bool used = false;

    *command = (struct command){0};
    for (char *word = strtok_r(words, " \t\n", &rest); word;
         word = strtok_r(NULL, " \t\n", &rest)) {
        if (count == MAX_ARGUMENTS)
            goto fail;
        command->arguments[count] = expand(word, url, &used);
        if (!command->arguments[count++])
            goto fail;
    }
    if (count == 0)
        goto fail;
    if (!used && !(command->arguments[count] = strdup(url)))
        goto fail;
    command->path = process_find(command->arguments[0]);
    if (command->path)
        return true;
fail:
    command_free(command);
    return false;
}

/* The first command of $BROWSER that exists. */
static bool command_from_environment(struct command *command, const char *url)
{
    const char *browser = getenv("BROWSER");
    char *copy = strdup(browser ? browser : "");
    bool found = false;

    for (char *words = copy; words && !found;) {
        char *colon = strchr(words, ':');
        if (colon)
            *colon = '\0';
        found = command_make(command, words, url);
        words = colon ? colon + 1 : NULL;
    }
    free(copy);
    return found;
}

/*
 * The first opener of the system that is there. Without a display, xdg-open would look for a
 * browser in text mode, which has no terminal here: nothing would open and nobody be told.
 */
static bool command_from_system(struct command *command, const char *url, char *reason,
                                size_t reason_size)
{
#ifdef __APPLE__
    const bool open_needs_display = false;
#else
    const bool open_needs_display = true;
#endif
    const struct {
        const char *name;
        bool needs_display;
    } openers[] = {{"xdg-open", true}, {"open", open_needs_display}, {"wslview", false}};
    bool display = getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");

    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        char words[16];
        snprintf(words, sizeof words, "%s", openers[i].name);
        if ((display || !openers[i].needs_display) && command_make(command, words, url))
            return true;
    }
    return refuse(reason, reason_size,
                  display ? "no browser found: set $BROWSER, or install xdg-utils"
                          : "no display here: set $BROWSER to the command that opens a link");
}

bool link_open(const char *url, char *reason, size_t reason_size)
{
    struct command command;

    if (!link_check(url, reason, reason_size))
        return false;
    if (!command_from_environment(&command, url) &&
        !command_from_system(&command, url, reason, reason_size))
        return false;
    const struct process_setup setup = {.path = command.path,
                                        .arguments = command.arguments,
                                        .input = -1,
                                        .errors = -1,
                                        .detached = true};
    int error = process_start(&setup, NULL);
    if (error)
        snprintf(reason, reason_size, "cannot start %s: %s", command.path, strerror(error));
    command_free(&command);
    return error == 0;
}
