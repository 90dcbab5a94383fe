/*
 * The configuration file, by way of inih, which knows neither line numbers nor empty sections.
 */
#include "config.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_SIZE = 512, MAX_PATH = 4096, MAX_TITLE = 128 };

/* The file while it is read. */
struct config {
    const struct config_taker *taker;
    const char *path;
    FILE *file;
    int line;         /* that inih was given last */
    int section_line; /* where the section that is open begins, or 0 */
    int bad_line;     /* the first that is wrong, or 0 */
    char bad[REASON_SIZE];
};

static void note_bad_line(struct config *config, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void note_bad_line(struct config *config, int line, const char *format, ...)
{
    if (config->bad_line)
        return;
    config->bad_line = line;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(config->bad, sizeof config->bad, format, arguments);
    va_end(arguments);
}

static void end_section(struct config *config)
{
    const struct config_taker *taker = config->taker;
    char reason[REASON_SIZE];

    if (config->section_line && !taker->end(taker->context, reason, sizeof reason))
        note_bad_line(config, config->section_line, "%s", reason);
    config->section_line = 0;
}

/* A line that begins a section. What stands below one that is wrong is of no interest. */
static void begin_section(struct config *config, const char *line)
{
    const struct config_taker *taker = config->taker;
    char title[MAX_TITLE], reason[REASON_SIZE];
    size_t length = strcspn(line + 1, "]\r\n");

    end_section(config);
    snprintf(title, sizeof title, "%.*s", (int)length, line + 1);
    if (line[1 + length] != ']' || length >= sizeof title)
        note_bad_line(config, config->line, "a section is \"[alert NAME]\" or \"[filters]\"");
    else if (!taker->begin(taker->context, title, reason, sizeof reason))
        note_bad_line(config, config->line, "%s", reason);
    else
        config->section_line = config->line;
}

/* inih's fgets(): counts the lines, sees the sections, and stops at a line that inih would read as
 * two. */
static char *next_line(char *line, int size, void *stream)
{
    struct config *config = stream;
    if (!fgets(line, size, config->file))
        return NULL;
    config->line++;
    size_t length = strlen(line);
    if (length + 1 == (size_t)size && line[length - 1] != '\n') {
        note_bad_line(config, config->line, "the line is too long; %d characters fit", size - 2);
        return NULL;
    }
    if (*line == '[')
        begin_section(config, line);
    else if (line[strspn(line, " \t")] == '[')
        note_bad_line(config, config->line, "leave out the blanks before \"[\"");
    return line;
}

static int take_key(void *context, const char *section, const char *key, const char *value)
{
    struct config *config = context;
    const struct config_taker *taker = config->taker;
    char reason[REASON_SIZE];

    (void)section; /* which inih cuts */
    if (taker->place)
        snprintf(taker->place, taker->place_size, "%s:%d", config->path, config->line);
    if (!config->bad_line && !taker->take(taker->context, key, value, reason, sizeof reason))
        note_bad_line(config, config->line, "%s", reason);
    return 1;
}

/* The file that is read when none is named. False when there is no such place. */
static bool default_path(char *path, size_t size)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *below = "";
    if (!base || *base != '/') {
        base = getenv("HOME");
        below = "/.config";
    }
    if (!base || *base != '/')
        return false;
    int length = snprintf(path, size, "%s%s/anchortop/config", base, below);
    return length > 0 && (size_t)length < size;
}

/* Reads the open file and closes it. */
static bool read_file(struct config *config, const char *path, char *reason, size_t reason_size)
{
    int syntax_line = ini_parse_stream(next_line, config, take_key, config);
    int failure = ferror(config->file) ? errno : 0;
    fclose(config->file);
    end_section(config);
    if (failure)
        snprintf(reason, reason_size, "cannot read the configuration file %s: %s", path,
                 strerror(failure));
    else if (syntax_line > 0 && (!config->bad_line || syntax_line < config->bad_line))
        snprintf(reason, reason_size,
                 "%s:%d: a line is \"option = value\", [alert NAME], [filters], or begins with #",
                 path, syntax_line);
    else if (config->bad_line)
        snprintf(reason, reason_size, "%s:%d: %s", path, config->bad_line, config->bad);
    return !failure && syntax_line <= 0 && !config->bad_line;
}

bool config_read(const char *path, const struct config_taker *taker, char *reason,
                 size_t reason_size)
{
    struct config config = {.taker = taker};
    char place[MAX_PATH];
    bool named = path != NULL;

    if (!path && default_path(place, sizeof place))
        path = place;
    if (!path)
        return true;
    config.path = path;
    config.file = fopen(path, "r");
    if (config.file)
        return read_file(&config, path, reason, reason_size);
    if (!named && (errno == ENOENT || errno == ENOTDIR))
        return true;
    snprintf(reason, reason_size,
             "cannot read the configuration file %s: %s; mend it, or name another with --config",
             path, strerror(errno));
    return false;
}
