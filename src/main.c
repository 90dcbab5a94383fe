/*
 * anchortop: wiring, nothing else.
 */
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../ui/ui.h"
#include "complain.h"
#include "demo.h"
#include "follower.h"
#include "heap.h"
#include "hindsight.h"
#include "history.h"
#include "history_file.h"
#include "keyring.h"
#include "loader.h"
#include "options.h"
#include "past.h"
#include "print_command.h"
#include "printer.h"
#include "recording.h"
#include "replay.h"
#include "send_command.h"
#include "server.h"
#include "store.h"
#include "text.h"
#include "wake.h"

enum { REASON_SIZE = 512, URL_SIZE = 4096 };

/* Everything that receiving consists of. */
struct top {
    const struct options *options;
    bool verified; /* whether signatures are checked */
    struct secrets *demo_secrets;
    struct store *store;
    struct history *history;     /* NULL: no journal */
    struct loader *loader;       /* only for the screen */
    struct past *past;           /* likewise */
    struct follower *follower;   /* only with --since */
    struct hindsight *hindsight; /* only where the filter asks for it */
    struct server *server;
    struct demo *demo;
    char url[URL_SIZE]; /* where deliveries go */
};

/* Adds a sentence about what was read again to a message. */
__attribute__((format(printf, 2, 3))) static void tell(char message[REASON_SIZE],
                                                       const char *format, ...)
{
    size_t used = strlen(message);
    va_list arguments;
    if (used > 0)
        used += (size_t)snprintf(message + used, REASON_SIZE - used, "; ");
    if (used >= REASON_SIZE)
        return;
    va_start(arguments, format);
    vsnprintf(message + used, REASON_SIZE - used, format, arguments);
    va_end(arguments);
}

static void reload_secrets(struct top *top, char message[REASON_SIZE])
{
    char reason[REASON_SIZE];
    struct secrets *secrets = keyring_read(top->options, reason, sizeof reason);
    if (!secrets) {
        tell(message, "the secrets stay as they were: %s", reason);
        return;
    }
    tell(message, "signing secrets read again: %zu active", secrets_count(secrets));
    server_set_secrets(top->server, secrets);
}

static void reload_certificate(struct top *top, char message[REASON_SIZE])
{
    const struct options *options = top->options;
    char reason[REASON_SIZE], end[64];
    struct certificate *certificate =
        certificate_read(options->tls_cert, options->tls_key, reason, sizeof reason);
    if (!certificate) {
        tell(message, "the certificate stays as it was: %s", reason);
        return;
    }
    text_time_iso(end, sizeof end, certificate_end(certificate) * 1000);
    tell(message, "certificate read again: valid until %.10s", end);
    server_set_certificate(top->server, certificate);
}

/* On SIGHUP: the secrets and the certificate again, from the same places. */
static const char *reload(void *context)
{
    static char message[REASON_SIZE];
    struct top *top = context;

    message[0] = '\0';
    if (top->options->secret_files.count > 0)
        reload_secrets(top, message);
    if (top->options->tls_cert)
        reload_certificate(top, message);
    if (!*message)
        tell(message, "there is neither a --secret-file nor a --tls-cert to read again");
    return message;
}

static bool open_endpoint(struct top *top, char *reason, size_t reason_size)
{
    const struct options *options = top->options;
    struct secrets *secrets = NULL;

    if (options->demo)
        keyring_random(&secrets, &top->demo_secrets, reason, reason_size);
    else
        secrets = keyring_read(options, reason, reason_size);
    if (!secrets)
        return false;
    top->verified = secrets_count(secrets) > 0;

    struct server_config config = {.listen = options->listen,
                                   .path = options->path,
                                   .insecure = options->insecure,
                                   .tls_cert = options->tls_cert,
                                   .tls_key = options->tls_key,
                                   .secrets = secrets,
                                   .store = top->store,
                                   .history = top->history,
                                   .loader = top->loader,
                                   .changed = wake};
    top->server = server_new(&config, reason, reason_size);
    if (!top->server || !server_start(top->server, reason, reason_size))
        return false;
    snprintf(top->url, sizeof top->url, "%s%s", server_url(top->server),
             options->path ? options->path : "/");
    return true;
}

static bool start_demo(struct top *top, char *reason, size_t reason_size)
{
    top->demo = demo_start(top->url, top->demo_secrets, reason, reason_size);
    return top->demo != NULL;
}

/* Where the journal is; `place` is room for the default. NULL with a reason. */
static const char *journal_path(const struct options *options, char place[HISTORY_PATH_SIZE],
                                char *reason, size_t reason_size)
{
    if (options->history)
        return options->history;
    if (history_default_path(place, HISTORY_PATH_SIZE))
        return place;
    snprintf(reason, reason_size,
             "there is no place for the journal, because neither XDG_STATE_HOME nor HOME is "
             "set; name a file with --history, or keep none with --no-history");
    return NULL;
}

static bool open_history(struct top *top, char *reason, size_t reason_size)
{
    const struct options *options = top->options;
    char place[HISTORY_PATH_SIZE];
    if (options->demo || options->no_history)
        return true;
    const char *path = journal_path(options, place, reason, reason_size);
    if (!path)
        return false;
    /* A file that may not grow any further is a failure to write, not the end of the program. */
    signal(SIGXFSZ, SIG_IGN);
    struct history_config config = {.path = path, .keep_ms = options->keep};
    top->history = history_open(&config, reason, reason_size);
    return top->history;
}

static bool start_loader(struct top *top, char *reason, size_t reason_size)
{
    struct loader_config config = {.history = top->history, .store = top->store, .changed = wake};
    if (!top->history)
        return true;
    top->loader = loader_start(&config, reason, reason_size);
    return top->loader;
}

static bool open_past(struct past **past, const struct past_config *config, char *reason,
                      size_t reason_size)
{
    *past = past_new(config);
    if (!*past)
        snprintf(reason, reason_size, "there is no memory left");
    return *past;
}

static bool look_back(struct top *top, char *reason, size_t reason_size)
{
    if (!top->history)
        return true;
    const struct past_config config = {.path = history_path(top->history), .history = top->history};
    return open_past(&top->past, &config, reason, reason_size);
}

/* Before the endpoint accepts anything, so that all of that comes after it. */
static bool open_follower(struct top *top, const struct filter *filter, char *reason,
                          size_t reason_size)
{
    if (!top->options->since.given)
        return true;
    const struct follower_config config = {.path = history_path(top->history),
                                           .history = top->history,
                                           .since_ms = print_since(top->options)};
    top->follower = follower_open(&config, reason, reason_size);
    bool asks_more = filter_changes(filter) & FILTER_CHANGES_BY_EVENTS;
    if (top->follower && asks_more)
        top->hindsight = hindsight_open(&config, reason, reason_size);
    return asks_more ? top->hindsight != NULL : top->follower != NULL;
}

static bool open_store(struct store **store, const struct options *options, char *reason,
                       size_t reason_size)
{
    *store = store_new((size_t)options->memory);
    if (!*store)
        snprintf(reason, reason_size,
                 "there is not enough memory for --memory; give a smaller size");
    return *store != NULL;
}

static void tell_journal(void *context, struct ui_journal *journal)
{
    static const char *const phases[] = {
        [LOADER_REMEMBERING] = "loading",
        [LOADER_FOLDING] = "adding up",
        [LOADER_DONE] = NULL,
        [LOADER_FAILED] = NULL,
    };
    const struct top *top = context;
    char text[HISTORY_TEXT_SIZE];
    journal->trouble = history_trouble(top->history, text);
    snprintf(journal->reason, sizeof journal->reason, "%.*s", UI_SENTENCE - 1,
             journal->trouble ? text : "");
    journal->notices = history_notice(top->history, text);
    snprintf(journal->notice, sizeof journal->notice, "%.*s", UI_SENTENCE - 1, text);
    struct loader_progress progress = loader_progress(top->loader);
    journal->loading = phases[progress.phase];
    journal->loaded = progress.done;
    journal->to_load = progress.total;
}

static int fail(const char *reason)
{
    complain("%s", reason);
    return EXIT_FAILURE;
}

static void close_top(struct top *top)
{
    demo_stop(top->demo);
    server_free(top->server);
    loader_stop(top->loader);
    hindsight_close(top->hindsight);
    follower_close(top->follower);
    past_free(top->past);
    history_close(top->history);
    store_free(top->store);
    secrets_free(top->demo_secrets);
}

static int receive_and_show(const struct options *options)
{
    struct top top = {.options = options};
    char reason[REASON_SIZE] = "";
    int status;

    if (ui_usable(reason, sizeof reason) &&
        open_store(&top.store, options, reason, sizeof reason) &&
        open_history(&top, reason, sizeof reason) && start_loader(&top, reason, sizeof reason) &&
        look_back(&top, reason, sizeof reason) && open_endpoint(&top, reason, sizeof reason) &&
        (!options->demo || start_demo(&top, reason, sizeof reason))) {
        struct ui_config config = {.options = options,
                                   .store = top.store,
                                   .past = top.past,
                                   .address = server_address(top.server),
                                   .url = top.url,
                                   .verified = top.verified,
                                   .demo = options->demo,
                                   .reload = options->demo ? NULL : reload,
                                   .journal = top.history ? tell_journal : NULL,
                                   .context = &top};
        status = ui_run(&config);
    } else {
        status = fail(reason);
    }
    close_top(&top);
    return status;
}

/* Who reads this may deliver, and send signals. */
static void announce(void *context)
{
    const struct top *top = context;
    complain("listening on %s%s", top->url,
             top->verified ? "" : ", unverified: there is no secret");
}

static int print_deliveries(struct top *top, const struct filter *filter, char *reason,
                            size_t reason_size)
{
    if (!open_store(&top->store, top->options, reason, reason_size) ||
        !open_follower(top, filter, reason, reason_size) ||
        !open_endpoint(top, reason, reason_size))
        return fail(reason);
    struct printer_config config = print_config(top->options, filter);
    config.store = top->store;
    config.follower = top->follower;
    config.hindsight = top->hindsight;
    config.ready = announce;
    config.reload = reload;
    config.context = top;
    return printer_run(&config);
}

static int print_events(const struct options *options)
{
    struct top top = {.options = options};
    struct filter_error error;
    char reason[REASON_SIZE] = "", place[HISTORY_PATH_SIZE];
    int status;
    struct filter *filter = filter_parse(options->filter, &error);
    const char *path =
        options->no_history ? NULL : journal_path(options, place, reason, sizeof reason);

    if (!filter)
        status = fail(error.message);
    else if (!wake_open(reason, sizeof reason) || (!path && !options->no_history))
        status = fail(reason);
    else if (path && (options->no_follow || history_file_keeper(path, false).there))
        status = print_journal(options, filter, path);
    else if (open_history(&top, reason, sizeof reason))
        status = print_deliveries(&top, filter, reason, sizeof reason);
    else if (history_file_keeper(path, false).there) /* since a moment ago */
        status = print_journal(options, filter, path);
    else
        status = fail(reason);
    close_top(&top);
    filter_free(filter);
    return status;
}

static const char *news_of_recording(void *recording)
{
    return recording_news(recording);
}

/* Opens what the operand names. */
static struct recording *open_recording(const char *operand, struct store *store, char *reason,
                                        size_t reason_size)
{
    bool is_stdin = strcmp(operand, "-") == 0;
    struct recording_config config = {.path = operand,
                                      .descriptor = -1,
                                      .name = is_stdin ? "standard input" : operand,
                                      .store = store,
                                      .changed = wake};
    if (is_stdin) {
        config.descriptor = ui_release_stdin(reason, reason_size);
        if (config.descriptor < 0)
            return NULL;
    }
    return recording_open(&config, reason, reason_size);
}

static int watch_recording(const struct options *options)
{
    char reason[REASON_SIZE] = "";
    struct store *store = NULL;
    struct recording *recording = NULL;
    int status;

    if (open_store(&store, options, reason, sizeof reason))
        recording = open_recording(options->operands[0], store, reason, sizeof reason);
    if (recording && ui_usable(reason, sizeof reason) &&
        recording_start(recording, reason, sizeof reason)) {
        struct ui_config config = {.options = options,
                                   .store = store,
                                   .source = recording_name(recording),
                                   .url = options->url,
                                   .news = news_of_recording,
                                   .context = recording};
        status = ui_run(&config);
    } else {
        status = fail(reason);
    }
    recording_free(recording);
    store_free(store);
    return status;
}

static const char *news_of_replay(void *replay)
{
    return replay_news(replay);
}

static int watch_journal(const struct options *options)
{
    char reason[REASON_SIZE] = "", place[HISTORY_PATH_SIZE];
    struct replay_config source = {.since_ms = print_since(options),
                                   .ends = options->no_follow,
                                   .until_ms = options->until.given ? options->until.last_ms : 0,
                                   .changed = wake};
    struct past_config older = {.since_ms = source.since_ms};
    struct replay *replay = NULL;
    struct past *past = NULL;
    int status;

    older.path = source.path = journal_path(options, place, reason, sizeof reason);
    if (source.path && open_store(&source.store, options, reason, sizeof reason) &&
        open_past(&past, &older, reason, sizeof reason))
        replay = replay_open(&source, reason, sizeof reason);
    if (replay && ui_usable(reason, sizeof reason) && replay_start(replay, reason, sizeof reason)) {
        struct ui_config config = {.options = options,
                                   .store = source.store,
                                   .past = past,
                                   .source = "the journal",
                                   .url = options->url,
                                   .news = news_of_replay,
                                   .context = replay};
        status = ui_run(&config);
    } else {
        status = fail(reason);
    }
    replay_free(replay);
    past_free(past);
    store_free(source.store);
    return status;
}

static int watch(const struct options *options)
{
    return options->operand_count ? watch_recording(options) : watch_journal(options);
}

static int send_events(const struct options *options)
{
    char reason[REASON_SIZE];
    struct secrets *secrets = keyring_read(options, reason, sizeof reason);
    if (!secrets)
        return fail(reason);
    int status = send_command(options, secrets);
    secrets_free(secrets);
    return status;
}

static const struct {
    enum command command;
    int (*run)(const struct options *options);
} commands[] = {
    {COMMAND_TOP, receive_and_show}, {COMMAND_DEMO, receive_and_show}, {COMMAND_TAIL, print_events},
    {COMMAND_WAIT, print_events},    {COMMAND_WATCH, watch},           {COMMAND_SEND, send_events},
};

int main(int argc, char **argv)
{
    /* First of all: nobody inherits what is gone. */
    keyring_empty_environment();
    heap_share();
    /* Not LC_NUMERIC: JSON and the configuration have decimal points whatever the language. */
    setlocale(LC_CTYPE, "");
    struct options options;
    int status = options_read(&options, argc, argv, stdout, stderr);
    for (size_t i = 0; status < 0 && i < sizeof commands / sizeof *commands; i++)
        if (commands[i].command == options.command)
            status = commands[i].run(&options);
    options_free(&options);
    return status;
}
