/*
 * Starting with 100,000 events in the journal: how long until the real program has drawn its first
 * frame and answered its first 200, and until everything is in memory again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <pty.h>
#else
#include <util.h>
#endif

#include "bench.h"
#include "history.h"
#include "loader.h"
#include "store.h"

enum { EVENTS = 100000, AT_ONCE = 250, MEMORY = 256 << 20, LIMIT_S = 30 };

static char directory[256], path[300];

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void make_directory(void)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%.200s/anchortop-bench-XXXXXX",
             temporary ? temporary : "/tmp");
    if (!mkdtemp(directory))
        fail(directory);
    snprintf(path, sizeof path, "%s/history.db", directory);
}

static struct history *open_journal(void)
{
    char reason[700];
    const struct history_config config = {.path = path};
    struct history *history = history_open(&config, reason, sizeof reason);
    if (!history)
        fail(reason);
    return history;
}

/* Events of 1.1 KB, of a thousand sessions; every hundredth waits for a human. */
static void fill_journal(void)
{
    static char raws[AT_ONCE][1400], ids[AT_ONCE][24];
    struct history_entry entries[AT_ONCE];
    struct history *history = open_journal();
    char reason[160];
    int64_t now = (int64_t)time(NULL) * 1000;
    for (size_t n = 0; n < EVENTS; n += AT_ONCE) {
        for (size_t i = 0; i < AT_ONCE; i++) {
            const char *type = i % 100 ? "task.completed" : "intervention.requested";
            snprintf(ids[i], sizeof ids[i], "evt_%zu", n + i);
            int length =
                snprintf(raws[i], sizeof raws[i],
                         "{\"id\":\"%s\",\"type\":\"%s\",\"created\":\"2026-05-24T12:18:05.123Z\","
                         "\"project_id\":\"p\",\"text\":\"Task completed\",\"data\":{"
                         "\"task_id\":\"tsk_%zu\",\"session_id\":\"ses_%zu\","
                         "\"request_id\":\"req_%zu\",\"duration_ms\":4218,\"output\":\"%0860d\"}}",
                         ids[i], type, i % 50, (n + i) % 1000, n + i, 0);
            entries[i] = (struct history_entry){.id = ids[i],
                                                .type = type,
                                                .raw = raws[i],
                                                .length = (size_t)length,
                                                .created_ms = now,
                                                .received_ms = now};
        }
        if (!history_write(history, entries, AT_ONCE, reason, sizeof reason))
            fail(reason);
    }
    history_close(history);
}

static sem_t parts;

static void on_changed(void *context)
{
    (void)context;
    sem_post(&parts);
}

/* Seconds until a loader has brought everything back. */
static double measure_loading(void)
{
    char reason[256];
    struct history *history = open_journal();
    struct store *store = store_new(MEMORY);
    if (!store)
        fail("store");
    sem_init(&parts, 0, 0);
    const struct loader_config config = {.history = history, .store = store, .changed = on_changed};
    double start = bench_seconds();
    struct loader *loader = loader_start(&config, reason, sizeof reason);
    if (!loader)
        fail(reason);
    while (loader_progress(loader).phase != LOADER_DONE)
        sem_wait(&parts);
    double seconds = bench_seconds() - start;
    if (ring_end(store_ring(store)) != EVENTS + 1)
        fail("not everything is there");
    loader_stop(loader);
    store_free(store);
    history_close(history);
    return seconds;
}

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        fail("port");
    close(listener);
    return ntohs(address.sin_port);
}

/* Delivers one event; false when nobody answers. */
static bool deliver(uint16_t port)
{
    static const char body[] = "{\"id\":\"evt_first\",\"type\":\"task.failed\",\"data\":{}}";
    struct sockaddr_in address = loopback(port);
    char request[512], answer[512];
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) {
        close(connection);
        return false;
    }
    int length = snprintf(request, sizeof request,
                          "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                          "Content-Length: %zu\r\n\r\n%s",
                          sizeof body - 1, body);
    ssize_t got = write(connection, request, (size_t)length) == length
                      ? read(connection, answer, sizeof answer)
                      : 0;
    close(connection);
    return got > 12 && memcmp(answer, "HTTP/1.1 200", 12) == 0;
}

/* Whether the screen says where it listens. */
static bool has_drawn(int terminal, uint16_t port)
{
    static char screen[1 << 16];
    static size_t used;
    char address[32];
    ssize_t got = read(terminal, screen + used, sizeof screen - 1 - used);
    used += got > 0 ? (size_t)got : 0;
    screen[used] = '\0';
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    return strstr(screen, address);
}

static void measure_program(const char *program)
{
    struct winsize size = {.ws_row = 60, .ws_col = 200};
    char listen[32];
    uint16_t port = free_port();
    int terminal;
    snprintf(listen, sizeof listen, "%u", port);
    double start = bench_seconds(), frame = 0, answer = 0;
    pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child == 0) {
        setenv("TERM", "xterm-256color", 1);
        unsetenv("ANCHOR_WEBHOOK_SECRET");
        execl(program, program, "--listen", listen, "--history", path, (char *)NULL);
        _exit(127);
    }
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    while ((!frame || !answer) && bench_seconds() - start < LIMIT_S) {
        struct pollfd ready = {.fd = terminal, .events = POLLIN};
        poll(&ready, 1, 1);
        if (!frame && has_drawn(terminal, port))
            frame = bench_seconds() - start;
        if (!answer && deliver(port))
            answer = bench_seconds() - start;
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(terminal);
    if (!frame || !answer)
        fail(program);
    bench_report("start with 100,000 events, first frame", frame * 1e3, "ms", "<=100");
    bench_report("start with 100,000 events, first 200", answer * 1e3, "ms", "<=100");
}

int main(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    const char *program = getenv("ANCHORTOP");
    make_directory();
    fill_journal();
    bench_report("100,000 events back in memory", measure_loading() * 1e3, "ms", "");
    if (program)
        measure_program(program);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[320];
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    rmdir(directory);
    return 0;
}
