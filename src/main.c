/*
 * anchortop: wiring, nothing else.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "../ui/ui.h"
#include "demo.h"
#include "keyring.h"
#include "options.h"
#include "send_command.h"
#include "server.h"
#include "store.h"
#include "wake.h"

enum { REASON_SIZE = 512, URL_SIZE = 4096 };

/* Everything that receiving and watching consists of. */
struct top {
    const struct options *options;
    struct secrets *demo_secrets;
    struct store *store;
    struct server *server;
    struct demo *demo;
    char url[URL_SIZE]; /* where deliveries go */
};

/* On SIGHUP: the secrets again, from the same places. */
static const char *reload_secrets(void *context)
{
    static char message[REASON_SIZE];
    struct top *top = context;
    char reason[REASON_SIZE];

    if (top->options->secret_files.count == 0)
        return "there is no --secret-file to read again";
    struct secrets *secrets = keyring_read(top->options, reason, sizeof reason);
    if (!secrets) {
        snprintf(message, sizeof message, "the secrets stay as they were: %.400s", reason);
        return message;
    }
    snprintf(message, sizeof message, "signing secrets read again: %zu active",
             secrets_count(secrets));
    server_set_secrets(top->server, secrets);
    return message;
}

static bool open_endpoint(struct top *top, bool *verified, char *reason, size_t reason_size)
{
    const struct options *options = top->options;
    struct secrets *secrets = NULL;

    if (options->demo)
        keyring_random(&secrets, &top->demo_secrets, reason, reason_size);
    else
        secrets = keyring_read(options, reason, reason_size);
    if (!secrets)
        return false;
    *verified = secrets_count(secrets) > 0;

    struct server_config config = {.listen = options->listen,
                                   .path = options->path,
                                   .insecure = options->insecure,
                                   .tls_cert = options->tls_cert,
                                   .tls_key = options->tls_key,
                                   .secrets = secrets,
                                   .store = top->store,
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

static bool start(struct top *top, bool *verified, char *reason, size_t reason_size)
{
    if (!ui_usable(reason, reason_size))
        return false;
    top->store = store_new((size_t)top->options->memory);
    if (!top->store) {
        snprintf(reason, reason_size, "there is no room for --memory; give it less");
        return false;
    }
    return open_endpoint(top, verified, reason, reason_size) &&
           (!top->options->demo || start_demo(top, reason, reason_size));
}

static int receive_and_watch(const struct options *options)
{
    struct top top = {.options = options};
    char reason[REASON_SIZE] = "";
    bool verified = false;
    int status = EXIT_FAILURE;

    if (start(&top, &verified, reason, sizeof reason)) {
        struct ui_config config = {.options = options,
                                   .store = top.store,
                                   .address = server_address(top.server),
                                   .url = top.url,
                                   .verified = verified,
                                   .demo = options->demo,
                                   .reload = options->demo ? NULL : reload_secrets,
                                   .context = &top};
        status = ui_run(&config);
    } else {
        fprintf(stderr, "anchortop: %s\n", reason);
    }
    demo_stop(top.demo);
    server_free(top.server);
    store_free(top.store);
    secrets_free(top.demo_secrets);
    return status;
}

static int send_events(const struct options *options)
{
    char reason[REASON_SIZE];
    struct secrets *secrets = keyring_read(options, reason, sizeof reason);
    if (!secrets) {
        fprintf(stderr, "anchortop: %s\n", reason);
        return EXIT_FAILURE;
    }
    int status = send_command(options, secrets);
    secrets_free(secrets);
    return status;
}

int main(int argc, char **argv)
{
    /* Not LC_NUMERIC: JSON and the configuration have decimal points whatever the language. */
    setlocale(LC_CTYPE, "");
    struct options options;
    int status = options_read(&options, argc, argv, stdout, stderr);
    if (status < 0)
        status =
            options.command == COMMAND_SEND ? send_events(&options) : receive_and_watch(&options);
    options_free(&options);
    return status;
}
