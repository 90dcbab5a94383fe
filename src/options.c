/*
 * Options: command line, environment, configuration file and help text, from one table.
 *
 * The sources are read from the strongest to the weakest, and an option keeps the first that named
 * it; what a weaker source says about it is still checked.
 */
#include "options.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "filter.h"
#include "nearest.h"
#include "option_table.h"
#include "text.h"

enum {
    REASON_SIZE = FILTER_REASON_SIZE + 120,
    CONFIG_REASON_SIZE = 5000, /* with a path in it */
    MAX_SHOWN = 2048,          /* of an expression, in an error */
    WORDS_SIZE = 100,          /* for the names of all commands */
    WORDS = COMMAND_TAIL | COMMAND_WAIT | COMMAND_WATCH | COMMAND_SEND,
};

enum source { SOURCE_NONE, SOURCE_COMMAND_LINE, SOURCE_ENVIRONMENT, SOURCE_FILE };

struct section;

/* One reading of all sources. */
struct reader {
    struct options *options;
    struct options scratch; /* takes values that are checked only */
    enum source source[OPTIONS];
    const struct section *section; /* that the configuration file has come to, or NULL */
    FILE *out, *err;
};

/* Writes "anchortop: " and the sentence; returns the exit status of wrong use. */
static int complain(FILE *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int complain(FILE *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("anchortop: ", err);
    vfprintf(err, format, arguments);
    fputc('\n', err);
    va_end(arguments);
    return EXIT_USAGE;
}

static const struct option *find(const char *name, size_t length)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (strlen(option_table[i].name) == length &&
            memcmp(option_table[i].name, name, length) == 0)
            return &option_table[i];
    }
    return NULL;
}

static const char *nearest_option(const char *name, size_t length)
{
    struct nearest nearest = nearest_to(name, length);
    for (size_t i = 0; i < OPTIONS; i++)
        nearest_consider(&nearest, option_table[i].name);
    return nearest.word;
}

/*
 * Says what to do about a name that is no option. Its value is never repeated: it may be a secret
 * that somebody tried to pass.
 */
static void explain_unknown(const char *dashes, const char *name, size_t length, char *reason,
                            size_t size)
{
    static const char *const secret_names[] = {"secret", "secrets", "webhook-secret",
                                               "signing-secret"};
    for (size_t i = 0; i < sizeof secret_names / sizeof *secret_names; i++) {
        if (strlen(secret_names[i]) != length || memcmp(secret_names[i], name, length) != 0)
            continue;
        snprintf(reason, size,
                 "takes no secret, because others could read it here; put it into the "
                 "environment variable ANCHOR_WEBHOOK_SECRET, or into a file and name that with "
                 "%ssecret-file",
                 dashes);
        return;
    }
    const char *near = nearest_option(name, length);
    if (near)
        snprintf(reason, size, "is no option; did you mean %s%s?", dashes, near);
    else
        snprintf(reason, size, "is no option; anchortop --help lists them");
}

/* Takes one value from a source: keeps it, or only checks it when a stronger source has named the
 * option already or the command does not take it. */
static bool give(struct reader *reader, const struct option *option, enum source source,
                 const char *value, char *reason, size_t size)
{
    enum source *from = &reader->source[option - option_table];
    bool applies = source == SOURCE_COMMAND_LINE || (option->commands & reader->options->command);
    bool keep = applies && (*from == SOURCE_NONE || *from == source);

    if (keep)
        *from = source;
    return option_take(option, value, keep ? reader->options : &reader->scratch, reason, size);
}

/* Reads argv[*at], an option, and its value, which may be the next word. */
static int read_option(struct reader *reader, int argc, char **argv, int *at)
{
    const char *word = strcmp(argv[*at], "-h") == 0 ? "--help" : argv[*at];
    char reason[REASON_SIZE];

    if (word[1] != '-')
        return complain(reader->err,
                        "%.2s is no option; anchortop --help lists them, and a filter that begins "
                        "with - comes after --",
                        word);

    const char *name = word + 2, *value = strchr(name, '=');
    size_t length = value ? (size_t)(value - name) : strlen(name);
    const struct option *option = find(name, length);

    if (!option) {
        explain_unknown("--", name, length, reason, sizeof reason);
        return complain(reader->err, "--%.*s %s", (int)length, name, reason);
    }
    if (option->kind == OPTION_FLAG) {
        if (value)
            return complain(reader->err, "--%s takes no value; leave out \"=\" and what follows",
                            option->name);
        value = "yes";
    } else if (value) {
        value++;
    } else if (*at + 1 < argc && strncmp(argv[*at + 1], "--", 2) != 0) {
        value = argv[++*at];
    } else {
        return complain(reader->err, "--%s needs a value: --%s %s", option->name, option->name,
                        option->argument);
    }
    if (!give(reader, option, SOURCE_COMMAND_LINE, value, reason, sizeof reason))
        return complain(reader->err, "--%s: %s", option->name, reason);
    return -1;
}

/* Makes the operands one filter, as the shell has cut it: a blank between two. */
static bool join_filter(struct options *options)
{
    size_t size = 1;
    for (size_t i = 0; i < options->operand_count; i++)
        size += strlen(options->operands[i]) + 1;
    char *filter = malloc(size);
    if (!filter)
        return false;
    filter[0] = '\0';
    for (size_t i = 0, used = 0; i < options->operand_count; i++)
        used += (size_t)snprintf(filter + used, size - used, "%s%s", i ? " " : "",
                                 options->operands[i]);
    free(options->filter);
    options->filter = filter;
    return true;
}

/* What stands behind the command: wrong here, whatever else is said. */
static int take_operands(struct options *options, FILE *err)
{
    if (options->command == COMMAND_WAIT && options->operand_count == 0)
        return complain(err, "wait needs a FILTER that says for what, for example "
                             "\"type:task.failed\"");
    if ((options->command & PRINTING) && !join_filter(options))
        return complain(err, "there is no memory left");
    return -1;
}

/* NULL when the word is none. */
static const struct command_row *find_command(const char *word)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (command_table[i].word && strcmp(command_table[i].word, word) == 0)
            return &command_table[i];
    return NULL;
}

/* Says what to do about a word that is no command. */
static int explain_command(const char *word, FILE *err)
{
    struct nearest nearest = nearest_to(word, strlen(word));
    char words[WORDS_SIZE];
    for (size_t i = 0; i < COMMANDS; i++)
        if (command_table[i].word)
            nearest_consider(&nearest, command_table[i].word);
    if (nearest.word)
        return complain(err, "there is no command \"%s\"; did you mean %s?", word, nearest.word);
    if (find(word, strlen(word)))
        return complain(err, "there is no command \"%s\"; did you mean --%s?", word, word);
    if (strpbrk(word, ":=<>~"))
        return complain(err,
                        "there is no command \"%s\"; a filter comes after --filter, or after tail "
                        "or wait",
                        word);
    option_table_list(WORDS, words, sizeof words);
    return complain(err, "there is no command \"%s\"; there are %s (see anchortop --help)", word,
                    words);
}

/* Says what to do about an option that the command does not take. */
static int explain_stray(const struct option *option, const struct command_row *command, FILE *err)
{
    char words[WORDS_SIZE];
    if ((command->command & PRINTING) && strcmp(option->name, "filter") == 0)
        return complain(err, "--filter has no meaning for %s; write the filter alone",
                        command->name);
    option_table_list(option->commands, words, sizeof words);
    return complain(err, "--%s has no meaning for %s; it is for %s", option->name, command->name,
                    words);
}

/* Finds out which command is meant, and whether it takes the options that were given. */
static int settle_command(struct reader *reader)
{
    struct options *options = reader->options;
    const struct command_row *command = &command_table[options->demo];

    if (options->operand_count) {
        command = find_command(options->operands[0]);
        if (!command)
            return explain_command(options->operands[0], reader->err);
        options->operands++;
        options->operand_count--;
    }
    options->command = command->command;
    for (size_t i = 0; i < OPTIONS; i++)
        if (reader->source[i] && !(option_table[i].commands & options->command))
            return explain_stray(&option_table[i], command, reader->err);
    return take_operands(options, reader->err);
}

static bool wants_help(const struct options *options)
{
    return options->help || (options->operand_count && strcmp(options->operands[0], "help") == 0);
}

/* Prints the help of what stands beside --help, or behind the word that many try first. */
static int print_help(const struct options *options, FILE *out, FILE *err)
{
    const struct command_row *command = NULL;
    size_t at = options->help ? 0 : 1;
    if (options->operand_count > at) {
        command = find_command(options->operands[at]);
        if (!command)
            return explain_command(options->operands[at], err);
    }
    option_table_print_help(command, out);
    return EXIT_SUCCESS;
}

static int read_command_line(struct reader *reader, int argc, char **argv)
{
    struct options *options = reader->options;
    bool only_operands = false;

    options->words = calloc((size_t)argc + 1, sizeof *options->words);
    if (!options->words)
        return complain(reader->err, "there is no memory left");
    options->operands = options->words;
    for (int i = 1; i < argc; i++) {
        if (only_operands || argv[i][0] != '-' || !argv[i][1]) {
            options->operands[options->operand_count++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else {
            int status = read_option(reader, argc, argv, &i);
            if (status >= 0)
                return status;
        }
    }
    if (wants_help(options))
        return print_help(options, reader->out, reader->err);
    if (options->version) {
        fputs("anchortop " ANCHORTOP_VERSION "\n", reader->out);
        return EXIT_SUCCESS;
    }
    return settle_command(reader);
}

static void read_environment(struct reader *reader)
{
    char reason[REASON_SIZE];
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *variable = option_table[i].environment;
        const char *value = variable ? getenv(variable) : NULL;
        if (value && *value)
            give(reader, &option_table[i], SOURCE_ENVIRONMENT, "yes", reason, sizeof reason);
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

static bool take_key(void *context, const char *key, const char *value, char *reason, size_t size)
{
    struct reader *reader = context;
    const struct option *option = find(key, strlen(key));
    char why[REASON_SIZE];

    if (reader->section)
        return reader->section->take(reader->options, key, value, reason, size);
    if (!option) {
        explain_unknown("", key, strlen(key), why, sizeof why);
        snprintf(reason, size, "%.40s %s", key, why);
    } else if (option->command_line_only) {
        snprintf(reason, size, "%s can be given on the command line only", key);
    } else if (!give(reader, option, SOURCE_FILE, value, why, sizeof why)) {
        snprintf(reason, size, "%s: %s", key, why);
    } else {
        return true;
    }
    return false;
}

static int read_config(struct reader *reader)
{
    const struct config_taker taker = {
        .begin = begin_section, .end = end_section, .take = take_key, .context = reader};
    char reason[CONFIG_REASON_SIZE];

    if (config_read(reader->options->config, &taker, reason, sizeof reason))
        return -1;
    return complain(reader->err, "%s", reason);
}

static int apply_defaults(struct reader *reader)
{
    char reason[REASON_SIZE];
    bool demo = reader->options->command == COMMAND_DEMO;

    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *option = &option_table[i];
        const char *value =
            demo && option->demo_fallback ? option->demo_fallback : option->fallback;
        if (value && !reader->source[i] &&
            !option_take(option, value, reader->options, reason, sizeof reason))
            return complain(reader->err, "--%s: %s", option->name, reason);
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
    char sentence[FILTER_REASON_SIZE], clean[FILTER_REASON_SIZE * 2];
    const char *text = options->filter;
    if (!text)
        return -1;
    struct filter *filter = filter_parse(text, &error);
    if (!filter) {
        text_clean(clean, sizeof clean, error.message, strlen(error.message), 0);
        complain(err, "the filter: %s", clean);
        point_at(text, &error, err);
        return EXIT_USAGE;
    }
    /* Only said: Anchor may have that type tomorrow. The screen would hide it. */
    if ((options->command & PRINTING) && filter_doubts_type(filter, sentence, sizeof sentence)) {
        text_clean(clean, sizeof clean, sentence, strlen(sentence), 0);
        complain(err, "the filter: %s", clean);
    }
    filter_free(filter);
    return -1;
}

static enum source source_of(const struct reader *reader, const char *name)
{
    return reader->source[find(name, strlen(name)) - option_table];
}

/* The stronger source decides whether there is a journal. */
static int settle_history(struct reader *reader)
{
    struct options *options = reader->options;
    enum source file = source_of(reader, "history"), none = source_of(reader, "no-history");
    if (!options->history || !options->no_history)
        return -1;
    if (file == none)
        return complain(reader->err, "--history and --no-history contradict each other; leave one "
                                     "out");
    options->no_history = none < file;
    return -1;
}

static int check_watch(struct reader *reader)
{
    const struct options *options = reader->options;
    bool past = source_of(reader, "since") == SOURCE_COMMAND_LINE;
    if (options->operand_count > 1 || (options->operand_count == 1 && past) ||
        (options->operand_count == 0 && !options->since_ms))
        return complain(reader->err, "watch takes one FILE with an event a line, - for standard "
                                     "input, or --since AGE for the journal");
    return -1;
}

/* What no single option can tell. */
static int check_together(struct reader *reader)
{
    const struct options *options = reader->options;
    FILE *err = reader->err;
    if (!options->tls_cert != !options->tls_key)
        return complain(err, "--tls-cert and --tls-key go together; --%s is missing",
                        options->tls_cert ? "tls-key" : "tls-cert");
    if (options->warn_after_ms > options->alarm_after_ms)
        return complain(err, "--warn-after is later than --alarm-after; change one of them");
    if (options->keep == 0 && (options->command & (COMMAND_TOP | PRINTING)))
        return complain(err,
                        "--keep 0 would keep nothing; give it for example 7d, or --no-history");
    int status = check_filter(options, err);
    if (status < 0 && options->command == COMMAND_WATCH)
        status = check_watch(reader);
    if (status < 0)
        status = settle_history(reader);
    if (status < 0 && options->since_ms && options->no_history)
        return complain(err, "--since reads the journal, and --no-history goes without one; leave "
                             "one of them out");
    return status;
}

int options_read(struct options *options, int argc, char **argv, FILE *out, FILE *err)
{
    memset(options, 0, sizeof *options);
    struct reader reader = {.options = options, .out = out, .err = err};
    int status = read_command_line(&reader, argc, argv);

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
    free(options->words);
    memset(options, 0, sizeof *options);
}
