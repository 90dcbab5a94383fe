/* A slow disk holds up answers, and nothing else. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../raw.h"

TestSuite(slow_disk, .fini = programs_stop, .timeout = 120);

enum { DELAY_MS = 300, KEYS = 40 };

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct sender {
    int connection;
    atomic_bool stop;
    unsigned answers;
    double shortest; /* answer, in seconds */
};

/* Keeps a delivery under way all the time. */
static void *send_on(void *context)
{
    struct sender *sender = context;
    for (unsigned n = 0; !atomic_load(&sender->stop); n++) {
        char json[128];
        snprintf(json, sizeof json, "{\"id\":\"slow_%u\",\"type\":\"task.failed\",\"data\":{}}", n);
        struct http_reply reply = http_deliver_on(sender->connection, NULL, WATCH_SECRET, json);
        if (reply.status != 200)
            return NULL;
        if (sender->answers++ == 0 || reply.seconds < sender->shortest)
            sender->shortest = reply.seconds;
    }
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

Test(slow_disk, keys_stay_quick)
{
    const char *module = getenv("SLOW_DISK");
    if (!module)
        cr_skip_test("there is no way to slow the disk down here");
    char preload[512], delay[32];
    double times[KEYS];
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", module);
    snprintf(delay, sizeof delay, "SLOW_DISK_MS=%d", DELAY_MS);
    struct watch watch = watch_start(
        &(struct program_setup){.environment = (const char *const[]){preload, delay, NULL}});
    struct sender sender = {.connection = http_connect(watch.port)};
    pthread_t thread;
    pthread_create(&thread, NULL, send_on, &sender);
    program_wait_text(watch.program, "task.failed");
    for (int i = 0; i < KEYS; i++) {
        double start = now_ms();
        program_keys(watch.program, i % 2 ? "1" : "7");
        program_wait_text(watch.program, i % 2 ? "TYPE" : "TOOK");
        times[i] = now_ms() - start;
    }
    atomic_store(&sender.stop, true);
    pthread_join(thread, NULL);
    close(sender.connection);
    cr_expect(sender.answers > 0 && sender.shortest * 1e3 >= DELAY_MS,
              "the disk was not slow: %u answers, %.0f ms", sender.answers, sender.shortest * 1e3);
    qsort(times, KEYS, sizeof *times, ascending);
    cr_expect_lt(times[KEYS / 2], DELAY_MS / 3, "key to painted: %.1f ms", times[KEYS / 2]);
    cr_expect_lt(times[KEYS - 1], DELAY_MS, "never waits for the disk: %.1f ms", times[KEYS - 1]);
}
