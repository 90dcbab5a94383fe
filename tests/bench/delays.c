/*
 * The slowest delivery while the screen filters 256 MB of events, for each kind of filter and for
 * events of several sizes. The endpoint and what the screen does for a filter run in this process,
 * a thread each; the filter begins anew as soon as it has seen everything.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../ui/view.h"
#include "bench.h"
#include "server.h"
#include "signature.h"

#define SECRET "whsec_for_measuring"

enum {
    MEMORY = 320 << 20,
    FILLED = 256 << 20,
    DELIVERIES = 300, /* for each figure */
    PAUSE_US = 2000,  /* between two of them */
    HEIGHT = 60,
    NOW_MS = 1000000,
};

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* An event as Anchor sends them, but for its size: rows of a table fill it. */
static size_t write_event(char *raw, size_t bytes, size_t number, const char *id)
{
    size_t used = (size_t)sprintf(
        raw,
        "{\"id\":\"%s_%zu\",\"type\":\"%s\",\"created\":\"2026-05-24T12:18:05.123Z\",\"data\":"
        "{\"task_id\":\"tsk_%zu\",\"session_id\":\"ses_%zu\",\"duration_ms\":4218,\"cost\":"
        "{\"amount\":0.012,\"currency\":\"USD\"},\"text\":\"caf\\u00e9\",\"output\":{\"rows\":[0",
        id, number, number % 10 ? "task.completed" : "task.failed", number % 50, number);
    for (size_t i = 0; used + 64 < bytes; i++)
        used += (size_t)sprintf(raw + used, ",{\"n\":%zu,\"word\":\"parcel\"}", i);
    return used + (size_t)sprintf(raw + used, "]}}}");
}

static struct store *fill(size_t bytes)
{
    struct store *store = store_new(MEMORY);
    char *raw = malloc(bytes + 1024), reason[128];
    if (!store || !raw)
        fail("memory");
    for (size_t i = 0; i < FILLED / bytes; i++) {
        struct event event;
        uint64_t seq;
        size_t length = write_event(raw, bytes, i, "evt");
        if (!event_decode(&event, raw, length, reason, sizeof reason))
            fail(reason);
        store_add(store,
                  &(struct store_arrival){
                      .event = &event, .raw = raw, .length = length, .received_ms = NOW_MS},
                  &seq);
        event_free(&event);
    }
    free(raw);
    return store;
}

/* The screen: one view, filtered again and again. */
struct screen {
    struct store *store;
    enum view_id view;
    const char *filter;
    atomic_bool stop;
    atomic_ulong passes;
};

static void *look(void *context)
{
    struct screen *screen = context;
    struct view view;
    struct filter_error error;
    view_init(&view, screen->view);
    while (!atomic_load(&screen->stop)) {
        view_set_filter(&view, filter_parse(screen->filter, &error));
        while (!view_update(&view, screen->store, HEIGHT, NOW_MS) && !atomic_load(&screen->stop))
            ;
        atomic_fetch_add(&screen->passes, 1);
    }
    view_free(&view);
    return NULL;
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

/* What signs the deliveries. */
static struct secrets *secrets;
static struct signer *signer;

/* Milliseconds from a delivery of 1 KB to its answer. */
static double deliver(int connection, size_t number)
{
    char body[2048], request[4096], answer[1024], hex[SIGNATURE_HEX_SIZE];
    size_t length = write_event(body, 1100, number, "late");
    long long now = (long long)time(NULL);
    if (!signature_make(signer, secrets, now, body, length, hex))
        fail("signature");
    int size = snprintf(request, sizeof request,
                        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        "Anchor-Timestamp: %lld\r\nAnchor-Signature: t=%lld,v1=%s\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        now, now, hex, length, body);
    double start = bench_seconds();
    if (write(connection, request, (size_t)size) != size)
        fail("write");
    ssize_t got = read(connection, answer, sizeof answer);
    double ms = (bench_seconds() - start) * 1e3;
    if (got < 12 || memcmp(answer, "HTTP/1.1 200", 12) != 0)
        fail("not a 200");
    return ms;
}

static double slowest(uint16_t port)
{
    static size_t number;
    const struct timespec pause = {.tv_nsec = PAUSE_US * 1000};
    int connection = open_connection(port);
    double worst = 0;
    for (int i = 0; i < DELIVERIES; i++) {
        double ms = deliver(connection, number++);
        worst = ms > worst ? ms : worst;
        nanosleep(&pause, NULL);
    }
    close(connection);
    return worst;
}

static const struct {
    const char *name;
    enum view_id view;
    const char *filter;
} kinds[] = {
    {"no filter", VIEW_EVENTS, ""},
    {"type", VIEW_EVENTS, "type:task.failed"},
    {"text", VIEW_EVENTS, "zebra"},
    {"field", VIEW_EVENTS, "cost>1"},
    {"payload path", VIEW_EVENTS, "data.output.rows.n=-1"},
    {"age", VIEW_EVENTS, "age>1h"},
    {"table filter", VIEW_SESSIONS, "data.output.rows.n=-1"},
};

static const struct {
    const char *name;
    size_t bytes;
} sizes[] = {{"1 KB", 1100}, {"100 KB", 100 << 10}, {"1 MB", 1 << 20}};

static void measure(struct store *store, uint16_t port, const char *size)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char figure[64];
        struct screen screen = {.store = store, .view = kinds[i].view, .filter = kinds[i].filter};
        pthread_t thread;
        if (pthread_create(&thread, NULL, look, &screen) != 0)
            fail("thread");
        double ms = slowest(port);
        atomic_store(&screen.stop, true);
        pthread_join(thread, NULL);
        snprintf(figure, sizeof figure, "slowest beside %s, %s", kinds[i].name, size);
        bench_report(figure, ms, "ms", "<=20");
    }
}

int main(void)
{
    char reason[400];
    secrets = secrets_new();
    signer = signer_new();
    if (!secrets || !signer || !secrets_add(secrets, SECRET, strlen(SECRET)))
        fail("signer");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct store *store = fill(sizes[i].bytes);
        struct server_config config = {
            .listen = "0", .secrets = secrets_new(), .store = store, .history = NULL};
        if (!config.secrets || !secrets_add(config.secrets, SECRET, strlen(SECRET)))
            fail("secrets");
        struct server *server = server_new(&config, reason, sizeof reason);
        if (!server || !server_start(server, reason, sizeof reason)) {
            fprintf(stderr, "bench: %s\n", reason);
            return 1;
        }
        uint16_t port = (uint16_t)atoi(strrchr(server_address(server), ':') + 1);
        measure(store, port, sizes[i].name);
        server_free(server);
        store_free(store);
    }
    signer_free(signer);
    secrets_free(secrets);
    return 0;
}
