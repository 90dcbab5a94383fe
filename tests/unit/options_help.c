/*
 * Options: what the program says of them, as help and in its messages.
 */
#include "options_reading.h"

TestSuite(options_help, .init = setup, .fini = teardown);

static const struct {
    const char *name;
    const char *words[MAX_ARGS];
    const char *config;
} hostile[] = {
    {"argument", {"\033]0;title\007\rtail"}, NULL},
    {"value", {"--theme=x", "--view", "\033[2Jx"}, NULL},
    {"unknown option", {"--\033[2J"}, NULL},
    {"short option", {"-\033"}, NULL},
    {"filter", {"tail", "is:\033[2J\303"}, NULL},
    {"file name", {"--config", "/nowhere/\033[2J\rx"}, NULL},
    {"key", {NULL}, "li\033[31mst\302\2331men = 1\n"},
    {"value in the file", {NULL}, "memory = \033]52;c;AAAA\007\n"},
    {"section", {NULL}, "[al\033[5mert]\n"},
    {"alert", {NULL}, "[alert a\033[5m]\nbell = maybe\033[2J\n"},
    {"key of an alert", {NULL}, "[alert a]\nbe\033[2Jll = yes\n"},
    {"named filter", {NULL}, "[filters]\na\033[2J = is:ok\nb = is:\033[2J\n"},
};

/* What a message repeats may come from anywhere. */
Test(options_help, messages_show_control_characters_as_marks)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct options options;
        write_config(hostile[i].config);
        read_words(&options, hostile[i].words);
        cr_expect_eq(strncmp(err_text, "anchortop: ", 11), 0, "%s: %s", hostile[i].name, err_text);
        for (const char *at = err_text; *at; at++)
            cr_expect(*at == '\n' || (unsigned char)*at >= 0x20, "%s: byte %02x in: %s",
                      hostile[i].name, (unsigned char)*at, err_text);
        cr_expect_not(strstr(err_text, "\302\233"), "%s", hostile[i].name);
        options_free(&options);
    }
}

Test(options_help, help_fits_80_columns_and_names_every_command)
{
    static const char *const words[] = {"--help", NULL};
    static const char *const parts[] = {
        "anchortop send", "anchortop tail",     "anchortop wait",        "anchortop watch",
        "--demo",         "--secret-file FILE", "ANCHOR_WEBHOOK_SECRET", "(default: 256M)"};
    struct options options;
    cr_expect_eq(read_words(&options, words), 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect(strstr(out_text, parts[i]), "\"%s\" is missing", parts[i]);
    for (char *line = strtok(out_text, "\n"); line; line = strtok(NULL, "\n"))
        cr_expect_leq(strlen(line), 80, "%s", line);
    options_free(&options);
}

static const struct {
    const char *words[MAX_ARGS];
    const char *expected[5], *missing[4]; /* parts of what is printed */
} helps[] = {
    {{"--help"}, {"--listen ", "--url ", "anchortop wait ", "Exit status"}, {NULL}},
    {{"help"}, {"--listen ", "--url ", "anchortop wait ", "Exit status"}, {NULL}},
    {{"tail", "--help"},
     {"anchortop tail [options] [FILTER]", "--since TIME", "--no-color", "--config"},
     {"--url ", "anchortop wait", "--theme"}},
    {{"-h", "tail"}, {"anchortop tail [options] [FILTER]"}, {"--url "}},
    {{"help", "--help"}, {"--listen ", "--url "}, {NULL}},
    {{"help", "send", "-h"}, {"anchortop send"}, {"--listen "}},
    {{"help", "send"}, {"anchortop send [options] TYPE|FILE...", "--url "}, {"--listen "}},
    {{"wait", "is:failed", "--timeout", "1s", "--help"}, {"--timeout AGE"}, {"--url "}},
};

Test(options_help, help_is_about_the_command)
{
    for (size_t i = 0; i < sizeof helps / sizeof *helps; i++) {
        struct options options;
        cr_expect_eq(read_words(&options, helps[i].words), 0, "%s", err_text);
        for (size_t e = 0; e < 5 && helps[i].expected[e]; e++)
            cr_expect(strstr(out_text, helps[i].expected[e]), "%s %s: \"%s\" is missing",
                      helps[i].words[0], helps[i].words[1], helps[i].expected[e]);
        for (size_t m = 0; m < 4 && helps[i].missing[m]; m++)
            cr_expect_not(strstr(out_text, helps[i].missing[m]), "%s %s: \"%s\" is there",
                          helps[i].words[0], helps[i].words[1], helps[i].missing[m]);
        options_free(&options);
    }
}

/* $README names it. */
Test(options_help, the_readme_has_the_help)
{
    static char readme[1 << 17];
    const char *path = getenv("README");
    struct options options;
    if (!path)
        cr_skip("README is not set");
    FILE *file = fopen(path, "r");
    cr_assert(file, "%s", path);
    readme[fread(readme, 1, sizeof readme - 1, file)] = '\0';
    fclose(file);
    cr_expect_eq(read_words(&options, (const char *[]){"--help", NULL}), 0);
    cr_expect(strstr(readme, out_text), "what --help prints is not in %s", path);
    options_free(&options);
}

Test(options_help, version_is_one_line)
{
    static const char *const words[] = {"--version", "-V"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct options options;
        cr_expect_eq(read_words(&options, (const char *[]){words[i], NULL}), 0, "%s", err_text);
        cr_expect_str_eq(out_text, "anchortop " ANCHORTOP_VERSION "\n");
        options_free(&options);
    }
}

/* Cuts a line as a shell does that knows single quotes only, up to what it does with the result. */
static size_t cut_line(char *line, const char *words[MAX_ARGS + 1])
{
    size_t count = 0;
    char *save = NULL;
    for (char *word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        if (strcmp(word, "|") == 0 || strcmp(word, "&&") == 0)
            break;
        if (*word == '\'' && word[strlen(word) - 1] != '\'') {
            *strchr(word, '\0') = ' ';
            strtok_r(NULL, "'", &save);
            word++;
        }
        cr_assert_lt(count, MAX_ARGS);
        words[count++] = word;
    }
    words[count] = NULL;
    return count;
}

/* Takes every example of a help text; returns how many there are. */
static size_t try_examples(const char *const *help)
{
    static char text[sizeof out_text];
    struct options options;
    size_t examples = 0;
    cr_expect_eq(read_words(&options, help), 0);
    options_free(&options);
    snprintf(text, sizeof text, "%s", out_text);
    char *save = NULL, *at = strstr(text, "Examples:\n");
    cr_assert(at, "%s", text);
    strtok_r(at, "\n", &save);
    for (char *line = strtok_r(NULL, "\n", &save); line && *line == ' ';
         line = strtok_r(NULL, "\n", &save)) {
        const char *words[MAX_ARGS + 1];
        char copy[128];
        char *begin = strstr(line, "anchortop");
        cr_expect_leq(strlen(line), 80, "%s", line);
        snprintf(copy, sizeof copy, "%s", begin);
        cr_assert_gt(cut_line(copy, words), 0, "%s", line);
        cr_expect_eq(read_words(&options, words + 1), -1, "%s: %s", line, err_text);
        cr_expect_str_eq(err_text, "", "%s", line);
        options_free(&options);
        examples++;
    }
    return examples;
}

Test(options_help, the_examples_of_each_help_are_taken)
{
    static const char *const words[][3] = {
        {"--help"}, {"tail", "--help"}, {"wait", "--help"}, {"watch", "-h"}, {"help", "send"}};
    write_config(NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        cr_expect_geq(try_examples(words[i]), 2, "%s", words[i][0]);
}
