/*
 * The constant tables of the command line, and the help that is made of them.
 */
#include "option_table.h"

#include <string.h>

enum {
    RECEIVING = COMMAND_TOP | COMMAND_DEMO | PRINTING,
    SCREEN = COMMAND_TOP | COMMAND_DEMO | COMMAND_WATCH,
    EVERYWHERE = RECEIVING | SCREEN | COMMAND_SEND,
};

static const char *const view_names[] = {"events",  "tasks",      "sessions",   "interventions",
                                         "batches", "identities", "deliveries", NULL};

static const char *const format_names[] = {"text", "json", NULL};

/* The help's sections. */
enum { GROUP_RECEIVING, GROUP_SCREEN, GROUP_COMMANDS, GROUP_EVERYWHERE, GROUPS };

static const char *const group_titles[GROUPS] = {
    [GROUP_RECEIVING] = "Receiving (without a command, tail, wait)",
    [GROUP_SCREEN] = "The screen (without a command, watch)",
    [GROUP_COMMANDS] = "tail, wait and send",
    [GROUP_EVERYWHERE] = "Everywhere",
};

#define FIELD(name) .offset = offsetof(struct options, name)

const struct option option_table[] = {
    {"listen", "ADDR:PORT",
     "address to listen on; PORT alone means loopback, [::1]:PORT works, and port 0 picks a free "
     "one",
     .fallback = "127.0.0.1:8484", .demo_fallback = "127.0.0.1:0", .kind = OPTION_TEXT,
     .commands = RECEIVING, .endpoint = true, FIELD(listen)},
    {"path", "PATH", "the only path that takes deliveries (default: any)", .kind = OPTION_PATH,
     .commands = RECEIVING, .endpoint = true, FIELD(path)},
    {"insecure", NULL,
     "without a secret, listen beyond loopback too, and believe everybody: other machines, "
     "tunnels, web pages",
     .kind = OPTION_FLAG, .commands = COMMAND_TOP | PRINTING, .endpoint = true, FIELD(insecure)},
    {"tls-cert", "FILE", "serve HTTPS with this certificate chain (PEM); read again on SIGHUP",
     .kind = OPTION_TEXT, .commands = COMMAND_TOP | PRINTING, .endpoint = true, FIELD(tls_cert)},
    {"tls-key", "FILE", "the certificate's private key (PEM)", .kind = OPTION_TEXT,
     .commands = COMMAND_TOP | PRINTING, .endpoint = true, FIELD(tls_key)},
    {"history", "FILE",
     "the journal of accepted events (default: $XDG_STATE_HOME/anchortop/history.db)",
     .kind = OPTION_TEXT, .commands = COMMAND_TOP | PRINTING | COMMAND_WATCH, FIELD(history)},
    {"no-history", NULL, "keep no journal: events are forgotten when the program ends",
     .kind = OPTION_FLAG, .commands = COMMAND_TOP | PRINTING, FIELD(no_history)},
    {"keep", "AGE", "how long the journal keeps events", .fallback = "7d", .kind = OPTION_DURATION,
     .commands = COMMAND_TOP | PRINTING, FIELD(keep)},
    {"memory", "SIZE",
     "memory for events and what is folded from them; the oldest go when it is "
     "full; at least 32M",
     .fallback = "256M", .kind = OPTION_SIZE, .commands = RECEIVING | COMMAND_WATCH, FIELD(memory)},
    {"view", "NAME",
     "the view to start with: events, tasks, sessions, interventions, batches, identities or "
     "deliveries",
     .fallback = "events", .kind = OPTION_CHOICE, .choices = view_names, .commands = SCREEN,
     .group = GROUP_SCREEN, FIELD(view)},
    {"filter", "FILTER", "the filter to start with", .kind = OPTION_TEXT, .commands = SCREEN,
     .group = GROUP_SCREEN, FIELD(filter)},
    {"warn-after", "AGE", "colour an intervention as a warning once it has waited this long",
     .fallback = "1m", .kind = OPTION_DURATION, .commands = SCREEN, .group = GROUP_SCREEN,
     FIELD(warn_after_ms)},
    {"alarm-after", "AGE", "colour an intervention as an alarm once it has waited this long",
     .fallback = "5m", .kind = OPTION_DURATION, .commands = SCREEN, .group = GROUP_SCREEN,
     FIELD(alarm_after_ms)},
    {"theme", "NAME",
     "colours: default, dark, light, or the path of a theme file (default: what C has chosen last)",
     .kind = OPTION_TEXT, .commands = SCREEN, .group = GROUP_SCREEN, FIELD(theme)},
    {"no-color", NULL, "no colours, in tail and wait too; the environment's NO_COLOR does the same",
     .environment = "NO_COLOR", .kind = OPTION_FLAG, .commands = SCREEN | PRINTING,
     .group = GROUP_SCREEN, FIELD(no_color)},
    {"ascii", NULL, "ASCII characters only, in tail and wait too", .kind = OPTION_FLAG,
     .commands = SCREEN | PRINTING, .group = GROUP_SCREEN, FIELD(ascii)},
    {"demo", NULL, "receive from a simulated fleet, signed with a random secret",
     .kind = OPTION_FLAG, .commands = COMMAND_TOP | COMMAND_DEMO, .group = GROUP_SCREEN,
     .command_line_only = true, FIELD(demo)},
    {"format", "text|json", "tail, wait: lines for people, or one JSON object per line",
     .fallback = "text", .kind = OPTION_CHOICE, .choices = format_names, .commands = PRINTING,
     .group = GROUP_COMMANDS, FIELD(format)},
    {"since", "TIME",
     "tail: begin with what the journal holds from then on (default: with new events); watch: "
     "show the journal from then on instead of a file",
     .kind = OPTION_MOMENT, .commands = COMMAND_TAIL | COMMAND_WATCH, .group = GROUP_COMMANDS,
     FIELD(since)},
    {"until", "TIME",
     "tail, watch: end with what the journal holds up to then; implies --no-follow",
     .kind = OPTION_MOMENT, .commands = COMMAND_TAIL | COMMAND_WATCH, .group = GROUP_COMMANDS,
     FIELD(until)},
    {"no-follow", NULL,
     "tail, watch: only what the journal holds now; tail opens no endpoint, and ends",
     .kind = OPTION_FLAG, .commands = COMMAND_TAIL | COMMAND_WATCH, .group = GROUP_COMMANDS,
     FIELD(no_follow)},
    {"timeout", "AGE", "wait: give up after this long (default: never)", .kind = OPTION_DURATION,
     .commands = COMMAND_WAIT, .group = GROUP_COMMANDS, FIELD(timeout_ms)},
    {"count", "N",
     "wait: how many events to wait for (default: 1); send: repeat everything N times, or with "
     "--simulate send N events",
     .kind = OPTION_COUNT, .commands = COMMAND_WAIT | COMMAND_SEND, .group = GROUP_COMMANDS,
     FIELD(count)},
    {"url", "URL", "send: where to send, http or https", .fallback = "http://127.0.0.1:8484/",
     .kind = OPTION_TEXT, .commands = COMMAND_SEND, .group = GROUP_COMMANDS, FIELD(url)},
    {"rate", "N", "send: events per second (default: as fast as answers come)", .kind = OPTION_RATE,
     .commands = COMMAND_SEND, .group = GROUP_COMMANDS, FIELD(rate)},
    {"simulate", NULL, "send: the events of a simulated fleet", .kind = OPTION_FLAG,
     .commands = COMMAND_SEND, .group = GROUP_COMMANDS, FIELD(simulate)},
    {"secret-file", "FILE",
     "signing secrets, one per line, # comments; may be repeated; read again on SIGHUP",
     .kind = OPTION_LIST, .commands = COMMAND_TOP | PRINTING | COMMAND_SEND,
     .group = GROUP_EVERYWHERE, FIELD(secret_files)},
    {"config", "FILE", "configuration file (default: $XDG_CONFIG_HOME/anchortop/config)",
     .kind = OPTION_TEXT, .commands = EVERYWHERE, .group = GROUP_EVERYWHERE,
     .command_line_only = true, FIELD(config)},
    {"help", NULL, "this text; COMMAND --help: the options of that command", .letter = 'h',
     .kind = OPTION_FLAG, .commands = EVERYWHERE, .group = GROUP_EVERYWHERE,
     .command_line_only = true, FIELD(help)},
    {"version", NULL, "the version", .letter = 'V', .kind = OPTION_FLAG, .commands = EVERYWHERE,
     .group = GROUP_EVERYWHERE, .command_line_only = true, FIELD(version)},
};

#undef FIELD

_Static_assert(sizeof option_table / sizeof *option_table == OPTIONS, "count them");

static const char follows[] =
    "It receives events itself. When another anchortop keeps the journal, it follows\n"
    "that journal instead, says so, and does not listen.\n";

const struct command_row command_table[] = {
    {COMMAND_TOP,
     NULL,
     "anchortop [options]",
     "receive and watch",
     "anchortop without a command",
     NULL,
     {"anchortop --listen 8484 --path /anchor/webhooks",
      "anchortop --view tasks --filter 'is:failed cost>0.01'"}},
    {COMMAND_DEMO,
     NULL,
     "anchortop --demo [options]",
     "the same, fed by a simulated fleet",
     "--demo",
     NULL,
     {"anchortop --demo"}},
    {COMMAND_TAIL,
     "tail",
     "anchortop tail [options] [FILTER]",
     "print events, one line each",
     "anchortop tail",
     follows,
     {"anchortop tail --since 1d is:failed",
      "anchortop tail --no-follow --format json type:task.failed | jq .event.data",
      "anchortop tail --since 'yesterday 22:00' --until 09:00"}},
    {COMMAND_WAIT,
     "wait",
     "anchortop wait [options] FILTER",
     "end as soon as an event matches",
     "anchortop wait",
     follows,
     {"anchortop wait --timeout 30s 'type:task.failed cost>0.01' && echo expensive",
      "anchortop wait --count 10 --format json type:session.completed"}},
    {COMMAND_WATCH,
     "watch",
     "anchortop watch [options] [FILE|-]",
     "look at recorded events or the journal",
     "anchortop watch",
     "FILE holds an envelope per line, or what tail --format json has printed; - is\n"
     "standard input. Without one, --since, --until or --no-follow show the journal.\n",
     {"anchortop watch recorded.jsonl", "anchortop watch --since 1d --view tasks",
      "ssh server anchortop tail --format json | anchortop watch -"}},
    {COMMAND_SEND,
     "send",
     "anchortop send [options] TYPE|FILE...",
     "send signed test events",
     "anchortop send",
     "An event of a TYPE is made up; PATH=VALUE behind the TYPE sets a field of it,\n"
     "below data or in the envelope, to JSON or text. FILE holds an envelope, one per\n"
     "line, or what tail --format json has printed; - is standard input.\n",
     {"anchortop send --url http://127.0.0.1:8484/anchor/webhooks task.failed",
      "anchortop send task.failed error.type=timeout duration_ms=90000",
      "anchortop send recorded.jsonl", "anchortop send --simulate --rate 50 --count 1000"}},
};

_Static_assert(sizeof command_table / sizeof *command_table == COMMANDS, "count them");

const struct option *option_table_find(const char *name, size_t length)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (strlen(option_table[i].name) == length &&
            memcmp(option_table[i].name, name, length) == 0)
            return &option_table[i];
    }
    return NULL;
}

void option_table_list(unsigned commands, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    commands &= ~(unsigned)COMMAND_DEMO;
    for (size_t i = 0; i < COMMANDS && used < size; i++) {
        const struct command_row *row = &command_table[i];
        if (!(commands & row->command))
            continue;
        commands &= ~(unsigned)row->command;
        const char *joint = used == 0 ? "" : commands ? ", " : " and ";
        used += (size_t)snprintf(text + used, size - used, "%s%s", joint,
                                 row->word ? row->word : row->name);
    }
}

static const char placeholders[] =
    "\nAGE is a number with ms, s, m, h, d or w, as in 30s or 1h30m. TIME is an AGE, or\n"
    "a moment, as in 09:00, 'yesterday 22:00', 2026-11-22 or 2026-11-22T03. SIZE is a\n"
    "number with K, M or G, as in 256M. TYPE is an event type, as task.failed; behind\n"
    "it PATH=VALUE sets a field, as error.type=timeout. FILTER says which events are\n"
    "wanted: words to look for, and comparisons, as in 'captcha type:task cost>0.01'\n"
    "or is:failed. On the screen, behind /, Tab lists what can be compared.\n";

static const char general[] =
    "\nSecrets come from the environment variable ANCHOR_WEBHOOK_SECRET (several are\n"
    "separated by commas) and from --secret-file, never from the command line.\n"
    "\n"
    "Every option but --config, --demo, --help and --version can stand in the\n"
    "configuration file as \"option = value\". The command line wins over the\n"
    "environment, and that over the file. Alerts stand there too, in sections\n"
    "[alert NAME], and named filters, in the section [filters].\n"
    "\n"
    "Exit status: 0 done, 1 it could not run, 2 wrong use, 3 wait gave up.\n";

static void print_command_help(const struct command_row *command, FILE *out)
{
    fprintf(out, "%s\n  %s\n\n%s%sOptions:\n", command->usage, command->help,
            command->note ? command->note : "", command->note ? "\n" : "");
    for (size_t i = 0; i < OPTIONS; i++)
        if (option_table[i].commands & command->command)
            option_print_help(&option_table[i], out);
    fputs(placeholders, out);
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < COMMAND_EXAMPLES && command->examples[i]; i++)
        fprintf(out, "  %s\n", command->examples[i]);
    fputs("\nanchortop --help lists the other commands, and says where secrets come from.\n", out);
}

void option_table_print_help(const struct command_row *command, FILE *out)
{
    if (command) {
        print_command_help(command, out);
        return;
    }
    fputs("anchortop is top for Anchor Browser: it receives signed webhook events and shows\n"
          "them live.\n\nUsage:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-38s %s\n", command_table[i].usage, command_table[i].help);
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %s\n", command_table[i].examples[0]);
    for (unsigned g = 0; g < GROUPS; g++) {
        fprintf(out, "\n%s:\n", group_titles[g]);
        for (size_t i = 0; i < OPTIONS; i++)
            if (option_table[i].group == g)
                option_print_help(&option_table[i], out);
    }
    fputs(placeholders, out);
    fputs(general, out);
}
