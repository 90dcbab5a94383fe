/*
 * The command line: options, commands, and what is wrong with either.
 */
#include "options_private.h"

#include <stdlib.h>
#include <string.h>

#include "nearest.h"

enum {
    WORDS_SIZE = 100, /* for the names of all commands */
    WORDS = COMMAND_TAIL | COMMAND_WAIT | COMMAND_WATCH | COMMAND_SEND,
};

static const char *nearest_option(const char *name, size_t length)
{
    struct nearest nearest = nearest_to(name, length);
    for (size_t i = 0; i < OPTIONS; i++)
        nearest_consider(&nearest, option_table[i].name);
    return nearest.word;
}

void options_explain_unknown(const char *dashes, const char *name, size_t length, char *reason,
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
        snprintf(reason, size, "is not an option; did you mean %s%s?", dashes, near);
    else
        snprintf(reason, size, "is not an option; anchortop --help lists them");
}

/* The long form of an option of one letter; any other word as it is. */
static const char *spell_out(const char *word, char *whole, size_t size)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!option_table[i].letter || word[1] != option_table[i].letter || word[2])
            continue;
        snprintf(whole, size, "--%s", option_table[i].name);
        return whole;
    }
    return word;
}

/* Reads argv[*at], an option, and its value, which may be the next word. */
static int read_option(struct reader *reader, int argc, char **argv, int *at)
{
    char whole[40];
    const char *word = spell_out(argv[*at], whole, sizeof whole);
    char reason[OPTIONS_REASON_SIZE];

    if (word[1] != '-')
        return options_complain(
            reader->err,
            "%.2s is not an option; anchortop --help lists them, and a filter that "
            "begins with - comes after --",
            word);

    const char *name = word + 2, *value = strchr(name, '=');
    size_t length = value ? (size_t)(value - name) : strlen(name);
    const struct option *option = option_table_find(name, length);

    if (!option) {
        options_explain_unknown("--", name, length, reason, sizeof reason);
        return options_complain(reader->err, "--%.*s %s", (int)length, name, reason);
    }
    if (option->kind == OPTION_FLAG) {
        if (value)
            return options_complain(
                reader->err, "--%s takes no value; leave out \"=\" and what follows", option->name);
        value = "yes";
    } else if (value) {
        value++;
    } else if (*at + 1 < argc && strncmp(argv[*at + 1], "--", 2) != 0) {
        value = argv[++*at];
    } else {
        return options_complain(reader->err, "--%s needs a value: --%s %s", option->name,
                                option->name, option->argument);
    }
    if (!options_give(reader, option, SOURCE_COMMAND_LINE, value, reason, sizeof reason))
        return options_complain(reader->err, "--%s: %s", option->name, reason);
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
        return options_complain(err, "wait needs a FILTER that says what to wait for, for "
                                     "example \"type:task.failed\"");
    if ((options->command & PRINTING) && !join_filter(options))
        return options_complain(err, "there is no memory left");
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
        return options_complain(err, "there is no command \"%s\"; did you mean %s?", word,
                                nearest.word);
    if (option_table_find(word, strlen(word)))
        return options_complain(err, "there is no command \"%s\"; did you mean --%s?", word, word);
    if (strpbrk(word, ":=<>~"))
        return options_complain(
            err,
            "there is no command \"%s\"; a filter comes after --filter, or after tail "
            "or wait",
            word);
    option_table_list(WORDS, words, sizeof words);
    return options_complain(err, "there is no command \"%s\"; there are %s (see anchortop --help)",
                            word, words);
}

/* Says what to do about an option that the command does not take. */
static int explain_stray(const struct option *option, const struct command_row *command, FILE *err)
{
    char words[WORDS_SIZE];
    if ((command->command & PRINTING) && strcmp(option->name, "filter") == 0)
        return options_complain(err, "%s takes its filter without --filter: write the filter alone",
                                command->name);
    option_table_list(option->commands, words, sizeof words);
    return options_complain(err, "%s does not take --%s; that is for %s", command->name,
                            option->name, words);
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

/* The word that many try first. */
static bool begins_with_help(const struct options *options)
{
    return options->operand_count && strcmp(options->operands[0], "help") == 0;
}

/* Prints the help of the command that stands beside --help or behind that word. */
static int print_help(const struct options *options, FILE *out, FILE *err)
{
    const struct command_row *command = NULL;
    size_t at = begins_with_help(options);
    if (options->operand_count > at) {
        command = find_command(options->operands[at]);
        if (!command)
            return explain_command(options->operands[at], err);
    }
    option_table_print_help(command, out);
    return EXIT_SUCCESS;
}

int options_read_command_line(struct reader *reader, int argc, char **argv)
{
    struct options *options = reader->options;
    bool only_operands = false;

    options->words = calloc((size_t)argc + 1, sizeof *options->words);
    if (!options->words)
        return options_complain(reader->err, "there is no memory left");
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
    if (options->help || begins_with_help(options))
        return print_help(options, reader->out, reader->err);
    if (options->version) {
        fputs("anchortop " ANCHORTOP_VERSION "\n", reader->out);
        return EXIT_SUCCESS;
    }
    return settle_command(reader);
}
