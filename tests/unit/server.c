/* How the endpoint starts, or says why not. What it answers is tested over HTTP. */
#include "server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct store *store;

static void set_up(void)
{
    store = store_new(RING_MIN_BYTES);
    cr_assert(store);
}

static void tear_down(void)
{
    store_free(store);
}

TestSuite(server, .init = set_up, .fini = tear_down);

static struct server *start(const char *listen, const char *secrets, bool insecure, char *reason,
                            size_t reason_size)
{
    struct server_config config = {
        .listen = listen, .insecure = insecure, .secrets = secrets_new(), .store = store};
    cr_assert(secrets_add_list(config.secrets, secrets));
    return server_new(&config, reason, reason_size);
}

static const struct {
    const char *name, *listen, *secrets;
    bool insecure;
    const char *reason; /* NULL: it starts */
} rows[] = {
    {"loopback", "0", "", false, NULL},
    {"loopback with a secret", "127.0.0.1:0", "one", false, NULL},
    {"open with a secret", "0.0.0.0:0", "one", false, NULL},
    {"open without", "0.0.0.0:0", "", false, "ANCHOR_WEBHOOK_SECRET"},
    {"open without, on purpose", "0.0.0.0:0", "", true, NULL},
    {"no address", "there:80", "", false, "--listen there:80"},
};

Test(server, starts_or_says_why_not)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char reason[400] = "";
        struct server *server =
            start(rows[i].listen, rows[i].secrets, rows[i].insecure, reason, sizeof reason);
        cr_expect_eq(server != NULL, rows[i].reason == NULL, "%s: %s", rows[i].name, reason);
        if (rows[i].reason)
            cr_expect(strstr(reason, rows[i].reason), "%s: %s", rows[i].name, reason);
        server_free(server);
    }
}

Test(server, says_where_it_is_and_ends_when_it_is_told)
{
    char reason[400], url[80];
    struct server *server = start("0", "one", false, reason, sizeof reason);
    cr_assert(server, "%s", reason);
    cr_assert(server_start(server, reason, sizeof reason), "%s", reason);
    snprintf(url, sizeof url, "http://%s", server_address(server));
    cr_expect_str_eq(server_url(server), url);

    struct server *second = start(server_address(server), "one", false, reason, sizeof reason);
    cr_expect_null(second);
    cr_expect(strstr(reason, server_address(server)) && strstr(reason, "in use"), "%s", reason);

    server_set_secrets(server, secrets_new());
    server_free(server);
}
