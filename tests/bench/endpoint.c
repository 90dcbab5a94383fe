/*
 * Deliveries a second: the endpoint, which checks signatures, decodes and stores, against a bare
 * libwebsockets server that answers a constant 200; and the same endpoint with a journal. All in
 * this process, one thread each, and the same client in another thread.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "history.h"
#include "server.h"
#include "signature.h"
#include "store.h"

#define SECRET "whsec_for_measuring"

enum { REQUESTS = 20000, REQUEST_SIZE = 2048, MAX_CONNECTIONS = 64, MEMORY = 256 << 20 };

struct request {
    size_t length;
    char bytes[REQUEST_SIZE];
};

static struct request *requests;

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Signed deliveries of 1.1 KB, each with an id that was not used before. */
static void make_requests(void)
{
    static unsigned long event;
    struct secrets *secrets = secrets_new();
    struct signer *signer = signer_new();
    if (!secrets || !signer || !secrets_add(secrets, SECRET, strlen(SECRET)))
        fail("signer");
    char filler[900];
    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    long long now = (long long)time(NULL);
    for (size_t i = 0; i < REQUESTS; i++) {
        char body[1200], hex[SIGNATURE_HEX_SIZE];
        int length = snprintf(body, sizeof body,
                              "{\"id\":\"evt_%lu\",\"type\":\"task.completed\","
                              "\"created\":\"2026-05-24T12:18:05.123Z\",\"project_id\":\"p\","
                              "\"text\":\"Task completed\",\"data\":{\"task_id\":\"tsk_4f8w9n2b\","
                              "\"duration_ms\":4218,\"cost\":{\"amount\":0.012,"
                              "\"currency\":\"USD\"},\"output\":\"%s\"}}",
                              event++, filler);
        if (!signature_make(signer, secrets, now, body, (size_t)length, hex))
            fail("signature");
        requests[i].length =
            (size_t)snprintf(requests[i].bytes, REQUEST_SIZE,
                             "POST /anchor/webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                             "User-Agent: Anchor-Webhooks/1.0\r\nContent-Type: application/json\r\n"
                             "Anchor-Event: task.completed\r\nAnchor-Timestamp: %lld\r\n"
                             "Anchor-Signature: t=%lld,v1=%s\r\nContent-Length: %d\r\n\r\n%s",
                             now, now, hex, length, body);
    }
    signer_free(signer);
    secrets_free(secrets);
}

static int open_connection(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect");
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connection;
}

static void send_request(int connection, size_t number)
{
    const struct request *request = &requests[number];
    if (write(connection, request->bytes, request->length) != (ssize_t)request->length)
        fail("write");
}

/* Sends everything over so many kept connections, one request at a time on each; requests a
 * second. Answers are small enough to come in one piece. */
static double measure(uint16_t port, size_t connections)
{
    struct pollfd sockets[MAX_CONNECTIONS];
    size_t sent = 0, answered = 0;
    for (size_t i = 0; i < connections; i++)
        sockets[i] = (struct pollfd){.fd = open_connection(port), .events = POLLIN};
    double start = bench_seconds();
    for (size_t i = 0; i < connections; i++)
        send_request(sockets[i].fd, sent++);
    while (answered < REQUESTS) {
        if (poll(sockets, connections, 10000) <= 0)
            fail("no answer");
        for (size_t i = 0; i < connections; i++) {
            char answer[1024];
            if (!sockets[i].revents)
                continue;
            ssize_t got = read(sockets[i].fd, answer, sizeof answer);
            if (got < 12 || memcmp(answer, "HTTP/1.1 200", 12) != 0)
                fail("not a 200");
            answered++;
            if (sent < REQUESTS)
                send_request(sockets[i].fd, sent++);
        }
    }
    double seconds = bench_seconds() - start;
    for (size_t i = 0; i < connections; i++)
        close(sockets[i].fd);
    return REQUESTS / seconds;
}

static int on_bare(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t length)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                 "Content-Length: 21\r\n\r\n{\"status\":\"accepted\"}";
    unsigned char buffer[LWS_PRE + sizeof answer];
    if (reason != LWS_CALLBACK_HTTP_BODY_COMPLETION)
        return reason == LWS_CALLBACK_HTTP || reason == LWS_CALLBACK_HTTP_BODY
                   ? 0
                   : lws_callback_http_dummy(wsi, reason, user, in, length);
    memcpy(buffer + LWS_PRE, answer, sizeof answer - 1);
    if (lws_write(wsi, buffer + LWS_PRE, sizeof answer - 1, LWS_WRITE_HTTP_HEADERS) < 0)
        return -1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

struct bare {
    struct lws_context *context;
    pthread_t thread;
    atomic_bool stop;
    uint16_t port;
};

static void *run_bare(void *context)
{
    struct bare *bare = context;
    while (!atomic_load(&bare->stop) && lws_service(bare->context, 0) >= 0)
        ;
    return NULL;
}

static void start_bare(struct bare *bare)
{
    static const struct lws_protocols protocols[] = {{.name = "http", .callback = on_bare}, {0}};
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS, .protocols = protocols, .iface = "127.0.0.1"};
    bare->context = lws_create_context(&info);
    struct lws_vhost *vhost = bare->context ? lws_create_vhost(bare->context, &info) : NULL;
    if (!vhost)
        fail("bare server");
    bare->port = (uint16_t)lws_get_vhost_listen_port(vhost);
    if (pthread_create(&bare->thread, NULL, run_bare, bare) != 0)
        fail("thread");
}

static void stop_bare(struct bare *bare)
{
    atomic_store(&bare->stop, true);
    lws_cancel_service(bare->context);
    pthread_join(bare->thread, NULL);
    lws_context_destroy(bare->context);
}

/* The journal of one measurement, in a directory of its own; on the disk that TMPDIR is on. */
struct journal {
    char directory[256], path[300];
    struct history *history;
};

static void open_journal(struct journal *journal)
{
    const char *temporary = getenv("TMPDIR");
    char reason[700];
    snprintf(journal->directory, sizeof journal->directory, "%.200s/anchortop-bench-XXXXXX",
             temporary ? temporary : "/tmp");
    if (!mkdtemp(journal->directory))
        fail(journal->directory);
    snprintf(journal->path, sizeof journal->path, "%s/history.db", journal->directory);
    const struct history_config config = {.path = journal->path};
    journal->history = history_open(&config, reason, sizeof reason);
    if (!journal->history)
        fail(reason);
}

static void remove_journal(struct journal *journal)
{
    char lock[320];
    if (!journal->history)
        return;
    history_close(journal->history);
    snprintf(lock, sizeof lock, "%s.lock", journal->path);
    unlink(lock);
    unlink(journal->path);
    rmdir(journal->directory);
}

static double measure_endpoint(size_t connections, bool with_journal)
{
    char reason[400];
    struct journal journal = {.history = NULL};
    if (with_journal)
        open_journal(&journal);
    struct store *store = store_new(MEMORY);
    struct server_config config = {
        .listen = "0", .secrets = secrets_new(), .store = store, .history = journal.history};
    if (!store || !config.secrets || !secrets_add(config.secrets, SECRET, strlen(SECRET)))
        fail("store");
    struct server *server = server_new(&config, reason, sizeof reason);
    if (!server || !server_start(server, reason, sizeof reason)) {
        fprintf(stderr, "bench: %s\n", reason);
        exit(1);
    }
    uint16_t port = (uint16_t)atoi(strrchr(server_address(server), ':') + 1);
    make_requests();
    double rate = measure(port, connections);
    server_free(server);
    store_free(store);
    remove_journal(&journal);
    return rate;
}

int main(void)
{
    static const size_t crowds[] = {1, 16, 64};
    struct bare bare = {0};
    requests = malloc(REQUESTS * sizeof *requests);
    if (!requests)
        fail("memory");
    make_requests();
    start_bare(&bare);
    for (size_t i = 0; i < sizeof crowds / sizeof *crowds; i++) {
        char figure[64];
        double constant = measure(bare.port, crowds[i]);
        double endpoint = measure_endpoint(crowds[i], false);
        double journaled = measure_endpoint(crowds[i], true);
        snprintf(figure, sizeof figure, "deliveries, %zu connections", crowds[i]);
        bench_report(figure, endpoint, "a second", "");
        snprintf(figure, sizeof figure, "against a constant 200, %zu connections", crowds[i]);
        bench_report(figure, endpoint / constant, "times", crowds[i] == 16 ? ">=0.65" : "");
        snprintf(figure, sizeof figure, "deliveries journaled, %zu connections", crowds[i]);
        bench_report(figure, journaled, "a second", "");
        snprintf(figure, sizeof figure, "with the journal against without, %zu", crowds[i]);
        bench_report(figure, journaled / endpoint, "times", crowds[i] == 64 ? ">=0.4" : "");
    }
    stop_bare(&bare);
    free(requests);
    return 0;
}
