/* Hostile load: whatever strangers send, and however much of it, every good delivery is answered
 * with 200. */
#if defined(__linux__)
#define _GNU_SOURCE /* prlimit() */
#endif
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../raw.h"

TestSuite(flood, .fini = programs_stop, .timeout = 120);

#define HEAD "POST / HTTP/1.1\r\nHost: test\r\n"

enum { GOOD = 40, LARGE = 4000000, FLOODERS = 4, HELD = 300 };

/* What a flood consists of: connections that send this and are held. */
struct flood {
    const char *head;
    size_t head_length, body; /* bytes */
    int port, held;           /* connections at a time, of each thread */
    const char *source;       /* address; NULL: that of everybody */
    unsigned pause_ms;        /* between two connections of a thread; 0: all it can */
    atomic_bool stop;
    atomic_ulong sent, answered;
};

static int connect_to(int port, const char *source)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {.tv_sec = 1};
    struct sockaddr_in from = {.sin_family = AF_INET};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (source && inet_pton(AF_INET, source, &from.sin_addr) == 1)
        bind(connection, (struct sockaddr *)&from, sizeof from);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connection >= 0 && connect(connection, (struct sockaddr *)&address, sizeof address) == 0)
        return connection;
    if (connection >= 0)
        close(connection);
    return -1;
}

static void send_all(int connection, size_t length)
{
    static const char bytes[1 << 16];
    while (length > 0) {
        size_t part = length < sizeof bytes ? length : sizeof bytes;
        ssize_t sent = send(connection, bytes, part, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        length -= (size_t)sent;
    }
}

static void let_go(struct flood *flood, int connection)
{
    char answer[16];
    if (connection < 0)
        return;
    if (recv(connection, answer, sizeof answer, MSG_DONTWAIT) > 0)
        atomic_fetch_add(&flood->answered, 1);
    close(connection);
}

/* Opens one connection after the other, and lets the oldest go when it holds enough. */
static void *run(void *context)
{
    struct flood *flood = context;
    const struct timespec pause = {.tv_nsec = flood->pause_ms * 1000000L};
    int *held = malloc((size_t)flood->held * sizeof *held);
    for (int i = 0; i < flood->held; i++)
        held[i] = -1;
    for (int i = 0; !atomic_load(&flood->stop); i = (i + 1) % flood->held) {
        let_go(flood, held[i]);
        if (flood->pause_ms > 0)
            nanosleep(&pause, NULL);
        held[i] = connect_to(flood->port, flood->source);
        if (held[i] < 0)
            continue;
        send(held[i], flood->head, flood->head_length, MSG_NOSIGNAL);
        send_all(held[i], flood->body);
        atomic_fetch_add(&flood->sent, 1);
    }
    for (int i = 0; i < flood->held; i++)
        let_go(flood, held[i]);
    free(held);
    return NULL;
}

/* Delivers during a flood, from its first connections on. */
static void deliver_during(const struct watch *watch, struct flood *flood, const char *name)
{
    pthread_t threads[FLOODERS];
    unsigned bad = 0;
    flood->port = watch->port;
    for (int i = 0; i < FLOODERS; i++)
        pthread_create(&threads[i], NULL, run, flood);
    for (int i = 0; i < GOOD || atomic_load(&flood->sent) < (unsigned long)(FLOODERS * flood->held);
         i++) {
        struct http_reply reply = http_deliver(watch->port, WATCH_SECRET, raw_event());
        bad += reply.status != 200;
    }
    atomic_store(&flood->stop, true);
    for (int i = 0; i < FLOODERS; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(bad, 0, "%s: %u deliveries were not accepted", name, bad);
    raw_assert_alive(watch, name);
}

Test(flood, of_large_bodies_without_a_signature)
{
    struct watch watch = watch_start(NULL);
    struct flood flood = {
        .head = HEAD "Content-Length: 4194304\r\n\r\n", .body = LARGE, .held = 18};
    flood.head_length = strlen(flood.head);
    deliver_during(&watch, &flood, "large bodies without a signature");
    cr_expect_gt(atomic_load(&flood.answered), 0, "they are told why");
    program_keys(watch.program, "7");
    program_wait_text(watch.program, "401 ");
}

/* Anybody can write a header that looks right until the body's end. */
Test(flood, of_large_bodies_that_look_signed)
{
    char head[RAW_SIZE];
    struct watch watch = watch_start(NULL);
    size_t length = raw_request(head, HEAD "%SContent-Length: 4194304\r\n\r\n", "");
    struct flood flood = {.head = head, .head_length = length, .body = LARGE, .held = 18};
    deliver_during(&watch, &flood, "large bodies that look signed");
    cr_expect_gt(atomic_load(&flood.answered), 0, "the largest had to go");
}

/* Starts it where only so many files may be open. */
static struct watch start_with_files(const char *limit)
{
    char script[128], program[4200];
    snprintf(script, sizeof script, "ulimit %s; exec \"$PROGRAM\" --listen 127.0.0.1:0", limit);
    snprintf(program, sizeof program, "PROGRAM=%s", getenv("ANCHORTOP"));
    const char *const arguments[] = {"-c", script, NULL};
    const char *const environment[] = {program, NULL};
    struct watch watch = {.program =
                              program_start(&(struct program_setup){.path = "/bin/sh",
                                                                    .arguments = arguments,
                                                                    .environment = environment,
                                                                    .secret = WATCH_SECRET})};
    watch.port = program_port(watch.program);
    return watch;
}

Test(flood, of_half_sent_requests)
{
    static const struct {
        const char *name, *head;
    } halves[] = {{"silent connections", ""}, {"half-sent heads", HEAD "Content-Le"}};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        struct watch watch = start_with_files("-n 256");
        struct flood flood = {.head = halves[i].head,
                              .head_length = strlen(halves[i].head),
                              .held = HELD / FLOODERS,
                              .pause_ms = 10};
        deliver_during(&watch, &flood, halves[i].name);
        program_stop(watch.program);
    }
}

static void hold(int port, int connections[HELD])
{
    for (int i = 0; i < HELD; i++) {
        connections[i] = connect_to(port, NULL);
        if (i % 2)
            send(connections[i], HEAD, strlen(HEAD), MSG_NOSIGNAL);
    }
}

static void let_all_go(int connections[HELD])
{
    for (int i = 0; i < HELD; i++)
        close(connections[i]);
}

Test(flood, where_few_files_may_be_open)
{
    int connections[HELD];
    struct watch watch = start_with_files("-n 64");
    hold(watch.port, connections);
    for (int i = 0; i < GOOD; i++)
        raw_assert_alive(&watch, "hundreds of connections for 64 files");
    raw_wait_quiet(&watch, "hundreds of connections for 64 files");
    struct flood flood = {
        .head = HEAD, .head_length = strlen(HEAD), .held = HELD / FLOODERS, .pause_ms = 40};
    deliver_during(&watch, &flood, "a flood for 64 files");
    let_all_go(connections);
}

#if defined(__linux__)
/* A sender far away takes its time between connecting and its first byte, and longer with TLS. */
Test(flood, of_one_address_ends_no_connection_of_another)
{
    enum { TIMES = 10, FILES = 256 };
    struct watch watch = start_with_files("-n 256");
    struct flood flood = {.port = watch.port, .head = "", .held = HELD, .source = "127.0.0.2"};
    pthread_t thread;
    int slow = http_connect(watch.port);
    pthread_create(&thread, NULL, run, &flood);
    while (atomic_load(&flood.sent) < TIMES * FILES)
        raw_assert_alive(&watch, "a flood from elsewhere");
    cr_expect_eq(http_deliver_on(slow, NULL, WATCH_SECRET, raw_event()).status, 200);
    atomic_store(&flood.stop, true);
    pthread_join(thread, NULL);
    close(slow);
}

/* What was counted as free can be taken by something else later. */
Test(flood, when_no_files_are_left)
{
    int connections[HELD];
    struct watch watch = start_with_files("-n 256");
    int kept = http_connect(watch.port);
    cr_assert_eq(http_deliver_on(kept, NULL, WATCH_SECRET, raw_event()).status, 200);
    const struct rlimit limit = {.rlim_cur = 30, .rlim_max = 256};
    cr_assert_eq(prlimit(program_pid(watch.program), RLIMIT_NOFILE, &limit, NULL), 0);
    hold(watch.port, connections);
    for (int i = 0; i < GOOD; i++)
        raw_assert_alive(&watch, "no file is left");
    raw_wait_quiet(&watch, "no file is left");
    cr_expect_eq(http_deliver_on(kept, NULL, WATCH_SECRET, raw_event()).status, 200,
                 "who has delivered goes last");
    let_all_go(connections);
    close(kept);
    raw_assert_alive(&watch, "their end");
}
#endif

Test(flood, a_soft_limit_is_raised)
{
    int connections[HELD];
    struct watch watch = start_with_files("-Sn 64");
    hold(watch.port, connections);
    raw_assert_alive(&watch, "hundreds of connections");
    cr_expect_eq(http_deliver_on(connections[0], NULL, WATCH_SECRET, raw_event()).status, 200,
                 "all of them have a place");
    let_all_go(connections);
}
