/*
 * anchortop: wiring, nothing else.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "server.h"
#include "signature.h"
#include "store.h"

#include "../ui/ui.h"

/* What a run of the screen is made of. */
struct top {
    struct options options;
    struct server *server;
    char said[256]; /* about the secrets that were read again */
};

static int fail(const char *reason)
{
    fprintf(stderr, "anchortop: %s\n", reason);
    return EXIT_FAILURE;
}

/* All signing secrets: those of the environment, then those of the files. NULL with a reason. */
static struct secrets *read_secrets(const struct options *options, char *reason, size_t reason_size)
{
    struct secrets *secrets = secrets_new();
    const char *list = getenv("ANCHOR_WEBHOOK_SECRET");
    snprintf(reason, reason_size, "not enough memory for the signing secrets");
    bool good = secrets && (!list || secrets_add_list(secrets, list));
    for (size_t i = 0; good && i < options->secret_files.count; i++)
        good = secrets_add_file(secrets, options->secret_files.values[i], reason, reason_size);
    if (good)
        return secrets;
    secrets_free(secrets);
    return NULL;
}

static const char *reload(void *context)
{
    struct top *top = context;
    struct secrets *secrets = read_secrets(&top->options, top->said, sizeof top->said);
    if (!secrets)
        return top->said;
    size_t count = secrets_count(secrets);
    server_set_secrets(top->server, secrets);
    snprintf(top->said, sizeof top->said, "signing secrets read again: %zu active", count);
    return top->said;
}

static int show(struct top *top, struct store *store, bool verified)
{
    struct ui_config config = {
        .options = &top->options,
        .store = store,
        .address = server_address(top->server),
        .url = server_url(top->server),
        .verified = verified,
        .reload = reload,
        .context = top,
    };
    return ui_run(&config);
}

static int receive(struct top *top)
{
    char reason[256];
    const struct options *options = &top->options;
    if (!ui_usable(reason, sizeof reason))
        return fail(reason);
    struct secrets *secrets = read_secrets(options, reason, sizeof reason);
    if (!secrets)
        return fail(reason);
    bool verified = secrets_count(secrets) > 0;
    struct store *store = store_new(options->memory);
    if (!store) {
        secrets_free(secrets);
        return fail("not enough memory for the ring; give it less with --memory");
    }
    struct server_config config = {
        .listen = options->listen,
        .path = options->path,
        .insecure = options->insecure,
        .tls_cert = options->tls_cert,
        .tls_key = options->tls_key,
        .secrets = secrets,
        .store = store,
        .changed = ui_wake,
    };
    int status;
    top->server = server_new(&config, reason, sizeof reason);
    if (top->server && server_start(top->server, reason, sizeof reason))
        status = show(top, store, verified);
    else
        status = fail(reason);
    server_free(top->server);
    store_free(store);
    return status;
}

int main(int argc, char **argv)
{
    /* Not LC_NUMERIC: JSON and the configuration have decimal points whatever the language. */
    setlocale(LC_CTYPE, "");
    struct top top = {.server = NULL};
    int status = options_read(&top.options, argc, argv, stdout, stderr);
    if (status < 0)
        status = receive(&top);
    options_free(&top.options);
    return status;
}
