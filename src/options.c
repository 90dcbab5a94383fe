/*
 * Options: command line, environment, configuration file and help text, from one table.
 *
 * The sources are read from the strongest to the weakest, and an option keeps the first that named
 * it; what a weaker source says about it is still checked.
 */
#include "options_private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "complain.h"
#include "config.h"
#include "text.h"

enum {
    CONFIG_REASON_SIZE = 5000, /* with a path in it */
    MAX_SHOWN = 2048,          /* of an expression, in an error */
    SENTENCE_SIZE = 12 << 10,
};

int options_complain(FILE *err, const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    complain_to(err, "%s", sentence);
    return EXIT_USAGE;
}

bool options_give(struct reader *reader, const struct option *option, enum source source,
                  const char *value, char *reason, size_t size)
{
    enum source *from = &reader->source[option - option_table];
    bool applies = source == SOURCE_COMMAND_LINE || (option->commands & reader->options->command);
    bool keep = applies && (*from == SOURCE_NONE || *from == source);

    if (keep)
        *from = source;
    return option_take(option, value, keep ? reader->options : &reader->scratch, reason, size);
}

static void read_environment(struct reader *reader)
{
    char reason[OPTIONS_REASON_SIZE];
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *variable = option_table[i].environment;
        const char *value = variable ? getenv(variable) : NULL;
        if (value && *value)
            options_give(reader, &option_table[i], SOURCE_ENVIRONMENT, "yes", reason,
                         sizeof reason);
    }
}

/* A kind of section of the configuration file. */
struct section {
    const char *title; /* or its beginning, before a name */
    bool named;
    /* Any but `take` may be NULL. */
    bool (*begin)(struct options *options, const char *name, char *reason, size_t size);
    bool (*take)(struct options *options, const char *key, const char *value, char *reason,
                 size_t size);
    bool (*end)(struct options *options, char *reason, size_t size);
};

static bool begin_alert(struct options *options, const char *name, char *reason, size_t size)
{
    return alert_rules_begin(&options->alerts, name, reason, size);
}

static bool take_alert(struct options *options, const char *key, const char *value, char *reason,
                       size_t size)
{
    return alert_rules_take(&options->alerts, key, value, reason, size);
}

static bool end_alert(struct options *options, char *reason, size_t size)
{
    return alert_rules_end(&options->alerts, reason, size);
}

static bool take_filter(struct options *options, const char *name, const char *expression,
                        char *reason, size_t size)
{
    return named_filters_take(&options->filters, name, expression, reason, size);
}

static const struct section sections[] = {
    {"alert ", true, begin_alert, take_alert, end_alert},
    {"filters", false, NULL, take_filter, NULL},
};

static bool begin_section(void *context, const char *title, char *reason, size_t size)
{
    struct reader *reader = context;

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const struct section *section = &sections[i];
        size_t length = strlen(section->title);
        if (section->named ? strncmp(title, section->title, length) != 0
                           : strcmp(title, section->title) != 0)
            continue;
        reader->section = section;
        return !section->begin || section->begin(reader->options, title + length, reason, size);
    }
    snprintf(reason, size, "there is no section [%.40s]; there are [alert NAME] and [filters]",
             title);
    return false;
}

static bool end_section(void *context, char *reason, size_t size)
{
    struct reader *reader = context;
    const struct section *section = reader->section;
    return !section->end || section->end(reader->options, reason, size);
}

/* A theme is read later, and what is wrong with it is said then. */
static bool remember_place(struct reader *reader, const struct option *option, char *reason,
                           size_t size)
{
    struct options *options = reader->options;
    char text[OPTIONS_PLACE_SIZE + 16];
    if (strcmp(option->name, "theme") != 0 || reader->source[option - option_table] != SOURCE_FILE)
        return true;
    snprintf(text, sizeof text, "%s: theme", reader->place);
    free(options->theme_place);
    options->theme_place = strdup(text);
    if (!options->theme_place)
        snprintf(reason, size, "there is no memory left");
    return options->theme_place;
}

static bool take_key(void *context, const char *key, const char *value, char *reason, size_t size)
{
    struct reader *reader = context;
    const struct option *option = option_table_find(key, strlen(key));
    char why[OPTIONS_REASON_SIZE];

    if (reader->section)
        return reader->section->take(reader->options, key, value, reason, size);
    if (!option) {
        options_explain_unknown("", key, strlen(key), why, sizeof why);
        snprintf(reason, size, "%.40s %s", key, why);
    } else if (option->command_line_only) {
        snprintf(reason, size, "%s is for the command line only", key);
    } else if (!options_give(reader, option, SOURCE_FILE, value, why, sizeof why)) {
        snprintf(reason, size, "%s: %s", key, why);
    } else {
        return remember_place(reader, option, reason, size);
    }
    return false;
}

static int read_config(struct reader *reader)
{
    const struct config_taker taker = {.begin = begin_section,
                                       .end = end_section,
                                       .take = take_key,
                                       .context = reader,
                                       .place = reader->place,
                                       .place_size = sizeof reader->place};
    char reason[CONFIG_REASON_SIZE];

    if (config_read(reader->options->config, &taker, reason, sizeof reason))
        return -1;
    return options_complain(reader->err, "%s", reason);
}

static int apply_defaults(struct reader *reader)
{
    char reason[OPTIONS_REASON_SIZE];
    bool demo = reader->options->command == COMMAND_DEMO;

    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *option = &option_table[i];
        const char *value =
            demo && option->demo_fallback ? option->demo_fallback : option->fallback;
        if (value && !reader->source[i] &&
            !option_take(option, value, reader->options, reason, sizeof reason))
            return options_complain(reader->err, "--%s: %s", option->name, reason);
    }
    return -1;
}

/* Shows an expression with a mark under what is wrong with it. */
static void point_at(const char *text, const struct filter_error *error, FILE *err)
{
    char before[MAX_SHOWN], at[MAX_SHOWN], behind[MAX_SHOWN];
    size_t length = strlen(text), end = error->offset + error->length;
    if (length > MAX_SHOWN / 4 || end > length)
        return;
    text_clean(before, sizeof before, text, error->offset, 0);
    text_clean(at, sizeof at, text + error->offset, error->length, 0);
    text_clean(behind, sizeof behind, text + end, length - end, 0);
    fprintf(err, "  %s%s%s\n  %*s^", before, at, behind, text_width(before), "");
    for (int i = text_width(at); i > 1; i--)
        fputc('~', err);
    fputc('\n', err);
}

static int check_filter(const struct options *options, FILE *err)
{
    struct filter_error error;
    char sentence[FILTER_REASON_SIZE];
    const char *text = options->filter;
    if (!text)
        return -1;
    struct filter *filter = filter_parse(text, &error);
    if (!filter) {
        options_complain(err, "the filter: %s", error.message);
        point_at(text, &error, err);
        return EXIT_USAGE;
    }
    /* Only said: Anchor may have that type tomorrow. The screen would hide it. */
    if ((options->command & PRINTING) && filter_doubts_type(filter, sentence, sizeof sentence))
        options_complain(err, "the filter: %s", sentence);
    filter_free(filter);
    return -1;
}

static enum source source_of(const struct reader *reader, const char *name)
{
    return reader->source[option_table_find(name, strlen(name)) - option_table];
}

/* The stronger source decides whether there is a journal. */
static int settle_history(struct reader *reader)
{
    struct options *options = reader->options;
    enum source file = source_of(reader, "history"), none = source_of(reader, "no-history");
    if (!options->history || !options->no_history)
        return -1;
    if (file == none)
        return options_complain(reader->err,
                                "--history and --no-history contradict each other; leave one "
                                "out");
    options->no_history = none < file;
    return -1;
}

static bool on_command_line(const struct reader *reader, const char *name)
{
    return source_of(reader, name) == SOURCE_COMMAND_LINE;
}

static int check_watch(struct reader *reader)
{
    const struct options *options = reader->options;
    bool journal = options->since.given || options->until.given || options->no_follow;
    bool asked = on_command_line(reader, "since") || on_command_line(reader, "until") ||
                 on_command_line(reader, "no-follow");
    if (options->operand_count > 1 || (options->operand_count == 1 && asked) ||
        (options->operand_count == 0 && !journal))
        return options_complain(reader->err,
                                "watch takes one FILE with an event per line, - for standard "
                                "input, or --since TIME, --until TIME or --no-follow for the "
                                "journal");
    return -1;
}

/* Which of some options for a part of the journal comes from the strongest source; the first of
 * equals. NULL: none was given. */
static const char *strongest(const struct reader *reader, const char *const *names)
{
    const char *found = NULL;
    for (; *names; names++) {
        enum source source = source_of(reader, *names);
        bool refused = strcmp(*names, "no-follow") == 0 && !reader->options->no_follow;
        if (source && !refused && (!found || source < source_of(reader, found)))
            found = *names;
    }
    return found;
}

/* The stronger source decides whether there is a journal to read a part of. */
static int settle_part(struct reader *reader)
{
    static const char *const names[] = {"until", "no-follow", "since", NULL};
    struct options *options = reader->options;
    const char *part = strongest(reader, names);
    if (!part || !options->no_history)
        return -1;
    enum source none = source_of(reader, "no-history"), asked = source_of(reader, part);
    if (none == asked)
        return options_complain(reader->err,
                                "--%s reads the journal, and --no-history goes without one; leave "
                                "one of them out",
                                part);
    if (asked < none)
        options->no_history = false;
    else
        options->since.given = options->until.given = options->no_follow = false;
    return -1;
}

/* The same for whether there is an endpoint: one is asked for on the command line, or not. */
static int settle_endpoint(struct reader *reader)
{
    static const char *const names[] = {"until", "no-follow", NULL};
    struct options *options = reader->options;
    for (size_t i = 0; i < OPTIONS; i++)
        if (option_table[i].endpoint && reader->source[i] == SOURCE_COMMAND_LINE)
            options->endpoint_option = option_table[i].name;
    options->no_follow |= options->until.given;
    if (!options->no_follow || !options->endpoint_option)
        return -1;
    const char *part = strongest(reader, names);
    if (on_command_line(reader, part))
        return options_complain(reader->err,
                                "--%s prints what the journal has and listens nowhere; leave out "
                                "--%s",
                                part, options->endpoint_option);
    options->until.given = options->no_follow = false;
    return -1;
}

static int check_part(struct reader *reader)
{
    const struct options *options = reader->options;
    int status = settle_part(reader);
    if (status < 0)
        status = settle_endpoint(reader);
    if (status >= 0)
        return status;
    if (options->since.given && options->until.given &&
        options->since.first_ms > options->until.last_ms)
        return options_complain(reader->err, "--since is later than --until; change one of them");
    if (options->since.given && options->since.first_ms > clock_now_ms())
        return options_complain(reader->err,
                                "--since is still to come; a time of the day is today's, and "
                                "yesterday's is \"yesterday 22:00\"");
    return -1;
}

/* What no single option can tell. */
static int check_together(struct reader *reader)
{
    const struct options *options = reader->options;
    FILE *err = reader->err;
    if (!options->tls_cert != !options->tls_key)
        return options_complain(err, "--tls-cert and --tls-key go together; --%s is missing",
                                options->tls_cert ? "tls-key" : "tls-cert");
    if (options->warn_after_ms > options->alarm_after_ms)
        return options_complain(err,
                                "--warn-after is later than --alarm-after; change one of them");
    if (options->keep == 0 && (options->command & (COMMAND_TOP | PRINTING)))
        return options_complain(
            err, "--keep 0 would keep nothing; write for example --keep 7d, or --no-history");
    int status = check_filter(options, err);
    if (status < 0 && options->command == COMMAND_WATCH)
        status = check_watch(reader);
    if (status < 0)
        status = settle_history(reader);
    return status < 0 ? check_part(reader) : status;
}

int options_read(struct options *options, int argc, char **argv, FILE *out, FILE *err)
{
    memset(options, 0, sizeof *options);
    struct reader reader = {.options = options, .out = out, .err = err};
    int status = options_read_command_line(&reader, argc, argv);

    if (status < 0)
        read_environment(&reader);
    if (status < 0)
        status = read_config(&reader);
    if (status < 0)
        status = apply_defaults(&reader);
    if (status < 0)
        status = check_together(&reader);
    options_free(&reader.scratch);
    return status;
}

void options_free(struct options *options)
{
    for (size_t i = 0; i < OPTIONS; i++)
        option_release(&option_table[i], options);
    alert_rules_free(&options->alerts);
    named_filters_free(&options->filters);
    free(options->theme_place);
    free(options->words);
    memset(options, 0, sizeof *options);
}
