#include "option.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "moment.h"
#include "text.h"

enum { MIN_MEMORY = 1 << 20, HELP_COLUMN = 22, HELP_WIDTH = 80 };

/* Where a sentence about a wrong value goes. */
struct problem {
    char *text;
    size_t size;
};

static bool wrong(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(struct problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->text, problem->size, format, arguments);
    va_end(arguments);
    return false;
}

static bool keep_text(char **field, const char *value, struct problem *problem)
{
    char *copy = strdup(value);
    if (!copy)
        return wrong(problem, "there is no memory left");
    free(*field);
    *field = copy;
    return true;
}

static bool take_flag(const struct option *option, const char *value, void *field,
                      struct problem *problem)
{
    static const struct {
        const char *word;
        bool on;
    } words[] = {{"yes", true}, {"true", true},   {"on", true},   {"1", true},
                 {"no", false}, {"false", false}, {"off", false}, {"0", false}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(value, words[i].word) == 0) {
            *(bool *)field = words[i].on;
            return true;
        }
    }
    (void)option;
    return wrong(problem, "\"%s\" is neither yes nor no", value);
}

static bool take_text(const struct option *option, const char *value, void *field,
                      struct problem *problem)
{
    if (!*value)
        return wrong(problem, "the value is empty; it should be %s", option->argument);
    return keep_text(field, value, problem);
}

static bool take_list(const struct option *option, const char *value, void *field,
                      struct problem *problem)
{
    struct option_list *list = field;
    if (list->count == OPTION_LIST_MAX)
        return wrong(problem, "it can be given %d times at most", OPTION_LIST_MAX);
    if (!take_text(option, value, &list->values[list->count], problem))
        return false;
    list->count++;
    return true;
}

static bool take_path(const struct option *option, const char *value, void *field,
                      struct problem *problem)
{
    (void)option;
    if (*value != '/' || strpbrk(value, "?# \t"))
        return wrong(problem, "\"%s\" is not the path of a URL; write for example /anchor/webhooks",
                     value);
    return keep_text(field, value, problem);
}

static bool take_choice(const struct option *option, const char *value, void *field,
                        struct problem *problem)
{
    for (size_t i = 0; option->choices[i]; i++) {
        if (strcmp(value, option->choices[i]) == 0)
            return keep_text(field, value, problem);
    }
    wrong(problem, "there is no \"%s\"; choose one of:", value);
    for (size_t i = 0; option->choices[i]; i++) {
        size_t used = strlen(problem->text);
        snprintf(problem->text + used, problem->size - used, " %s", option->choices[i]);
    }
    return false;
}

static bool take_size(const struct option *option, const char *value, void *field,
                      struct problem *problem)
{
    uint64_t bytes;
    (void)option;
    if (!text_parse_size(value, &bytes) || bytes > SIZE_MAX)
        return wrong(problem, "\"%s\" is not a size; write for example 256M or 1.5GB", value);
    if (bytes < MIN_MEMORY)
        return wrong(problem, "\"%s\" is too small; the smallest is 1M", value);
    *(uint64_t *)field = bytes;
    return true;
}

static bool take_duration(const struct option *option, const char *value, void *field,
                          struct problem *problem)
{
    (void)option;
    if (!text_parse_duration(value, field))
        return wrong(problem, "\"%s\" is not a duration; write for example 30s, 5m, 1h30m or 7d",
                     value);
    return true;
}

static bool take_moment(const struct option *option, const char *value, void *field,
                        struct problem *problem)
{
    struct option_moment *moment = field;
    struct moment_words words;
    int64_t age, now_ms = clock_now_ms();
    (void)option;
    if (text_parse_duration(value, &age)) {
        *moment = (struct option_moment){true, now_ms - age, now_ms - age};
        return true;
    }
    if (!moment_read(value, &words))
        return wrong(problem,
                     "\"%s\" is neither an age nor a moment; write for example 30m, 1d, 09:00, "
                     "\"yesterday 22:00\" or 2026-11-22T03",
                     value);
    struct moment placed = moment_place(&words, now_ms);
    *moment = (struct option_moment){true, placed.first_ms, placed.last_ms};
    return true;
}

static bool take_rate(const struct option *option, const char *value, void *field,
                      struct problem *problem)
{
    char *end;
    double rate = strtod(value, &end);
    (void)option;
    if (end == value || *end || !isfinite(rate) || rate <= 0 || rate > 1e6)
        return wrong(problem,
                     "\"%s\" is not a number of events a second; write for example 20 or 0.5",
                     value);
    *(double *)field = rate;
    return true;
}

static bool take_count(const struct option *option, const char *value, void *field,
                       struct problem *problem)
{
    char *end;
    errno = 0;
    unsigned long long count = strtoull(value, &end, 10);
    (void)option;
    if (*value < '0' || *value > '9' || *end || errno || count == 0)
        return wrong(problem, "\"%s\" is not a whole number of 1 or more", value);
    *(uint64_t *)field = count;
    return true;
}

static bool (*const takers[OPTION_KINDS])(const struct option *option, const char *value,
                                          void *field, struct problem *problem) = {
    [OPTION_FLAG] = take_flag,         [OPTION_TEXT] = take_text,     [OPTION_LIST] = take_list,
    [OPTION_PATH] = take_path,         [OPTION_CHOICE] = take_choice, [OPTION_SIZE] = take_size,
    [OPTION_DURATION] = take_duration, [OPTION_MOMENT] = take_moment, [OPTION_RATE] = take_rate,
    [OPTION_COUNT] = take_count,
};

bool option_take(const struct option *option, const char *value, void *base, char *reason,
                 size_t reason_size)
{
    struct problem problem = {reason, reason_size};
    return takers[option->kind](option, value, (char *)base + option->offset, &problem);
}

void option_release(const struct option *option, void *base)
{
    void *field = (char *)base + option->offset;
    switch (option->kind) {
    case OPTION_TEXT:
    case OPTION_PATH:
    case OPTION_CHOICE:
        free(*(char **)field);
        *(char **)field = NULL;
        break;
    case OPTION_LIST: {
        struct option_list *list = field;
        while (list->count)
            free(list->values[--list->count]);
        break;
    }
    default: break;
    }
}

/* Prints words from the help's second column on, broken into lines. */
static void print_wrapped(FILE *out, const char *text)
{
    size_t column = HELP_COLUMN;

    while (*text) {
        size_t length = strcspn(text, " ");
        if (column > HELP_COLUMN && column + 1 + length > HELP_WIDTH) {
            fprintf(out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, length, out);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void option_print_help(const struct option *option, FILE *out)
{
    char left[40], text[256], letter[] = {'-', option->letter, ',', ' ', '\0'};
    snprintf(left, sizeof left, "%s--%s%s%s", option->letter ? letter : "", option->name,
             option->argument ? " " : "", option->argument ? option->argument : "");
    snprintf(text, sizeof text, "%s%s%s%s", option->help, option->fallback ? " (default: " : "",
             option->fallback ? option->fallback : "", option->fallback ? ")" : "");
    fprintf(out, "  %-*s", HELP_COLUMN - 2, left);
    print_wrapped(out, text);
}
