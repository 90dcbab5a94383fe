/* How the endpoint starts, or says why not, and the rows that it leaves for the list of deliveries.
 * What it answers is tested over HTTP. */
#include "server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* Posted by the server after each turn that changed the store. */
static sem_t turns;

static void on_changed(void *context)
{
    (void)context;
    sem_post(&turns);
}

static struct delivery wait_for_row(uint64_t number)
{
    for (;;) {
        store_lock(store);
        const struct delivery *row = store_delivery(store, number);
        struct delivery copy = row ? *row : (struct delivery){0};
        store_unlock(store);
        if (row)
            return copy;
        sem_wait(&turns);
    }
}

static int send_to(const struct server *server, const char *request)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)atoi(strrchr(server_address(server), ':') + 1)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(connection, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(write(connection, request, strlen(request)), (ssize_t)strlen(request));
    return connection;
}

#define LOCAL "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
#define EVENT "{\"id\":\"evt_1\",\"type\":\"a.b\"}" /* 27 bytes */

static const struct {
    const char *name, *request;
    bool hang_up; /* the sender does not wait for an answer */
    enum delivery_result result;
    uint16_t status;
    uint32_t bytes;
    const char *event_id, *reason;
} deliveries[] = {
    {"accepted", LOCAL "Content-Length: 27\r\n\r\n" EVENT, false, DELIVERY_ACCEPTED, 200, 27,
     "evt_1", ""},
    {"duplicate", LOCAL "Content-Length: 27\r\n\r\n" EVENT, false, DELIVERY_DUPLICATE, 200, 27,
     "evt_1", ""},
    {"bad JSON", LOCAL "Content-Length: 2\r\n\r\n{]", false, DELIVERY_REFUSED, 400, 2, "", ""},
    {"no length", LOCAL "\r\n", false, DELIVERY_REFUSED, 411, 0, "", "Content-Length"},
    {"not HTTP", "hello\n", false, DELIVERY_REFUSED, 400, 0, "", "CR LF"},
    {"hung up in the head", "POST / HT", true, DELIVERY_ABORTED, 0, 0, "", "closed"},
    {"from a page", LOCAL "Origin: null\r\nContent-Length: 27\r\n\r\n", false, DELIVERY_REFUSED,
     403, 0, "", "web page"},
    {"hung up in the body", LOCAL "Content-Length: 27\r\n\r\n{\"id", true, DELIVERY_ABORTED, 0, 4,
     "", "closed"},
};

Test(server, every_delivery_leaves_a_row)
{
    char reason[400];
    sem_init(&turns, 0, 0);
    struct server_config config = {
        .listen = "0", .secrets = secrets_new(), .store = store, .changed = on_changed};
    struct server *server = server_new(&config, reason, sizeof reason);
    cr_assert(server && server_start(server, reason, sizeof reason), "%s", reason);
    close(send_to(server, ""));
    for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++) {
        int connection = send_to(server, deliveries[i].request);
        if (deliveries[i].hang_up)
            close(connection);
        struct delivery row = wait_for_row(i + 1);
        cr_expect_eq(row.result, deliveries[i].result, "%s: %d", deliveries[i].name, row.result);
        cr_expect_eq(row.status, deliveries[i].status, "%s: %d", deliveries[i].name, row.status);
        cr_expect_eq(row.bytes, deliveries[i].bytes, "%s: %u", deliveries[i].name, row.bytes);
        cr_expect_str_eq(row.event_id, deliveries[i].event_id, "%s", deliveries[i].name);
        cr_expect(strstr(row.reason, deliveries[i].reason), "%s: %s", deliveries[i].name,
                  row.reason);
        cr_expect(strncmp(row.peer, "127.0.0.1:", 10) == 0, "%s", row.peer);
        if (!deliveries[i].hang_up)
            close(connection);
    }
    server_free(server);
}
