/*
 * Templates of requests, and what the program must be like after any of them.
 */
#include "raw.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Signature headers: by which secret, for when, and how far the plain timestamp is off. */
static const struct proof {
    char letter;
    const char *secret;
    int age, difference;
} proofs[] = {
    {'S', WATCH_SECRET, 0, 0}, {'P', WATCH_SECRET, -300, 0},         {'F', WATCH_SECRET, 300, 0},
    {'T', WATCH_SECRET, 0, 1}, {'W', "whsec_of_another_hook", 0, 0},
};

static int expand_proof(char *out, size_t size, const struct proof *proof, const char *body)
{
    char signature[128];
    int64_t timestamp = (int64_t)time(NULL) + proof->age;
    http_sign(proof->secret, timestamp, body, strlen(body), signature, sizeof signature);
    return snprintf(out, size, "Anchor-Timestamp: %lld\r\nAnchor-Signature: %s\r\n",
                    (long long)timestamp + proof->difference, signature);
}

static int expand(char *out, size_t size, char letter, const char *body)
{
    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++)
        if (proofs[i].letter == letter)
            return expand_proof(out, size, &proofs[i], body);
    switch (letter) {
    case 'L': return snprintf(out, size, "Content-Length: %zu\r\n", strlen(body));
    case 'B': return snprintf(out, size, "%s", body);
    case 'C': return snprintf(out, size, "%zx\r\n%s\r\n0\r\n\r\n", strlen(body), body);
    default: return snprintf(out, size, "%%");
    }
}

size_t raw_request(char *out, const char *format, const char *body)
{
    size_t used = 0;
    for (; *format; format++) {
        if (*format == '%')
            used += (size_t)expand(out + used, RAW_SIZE - used, *++format, body);
        else
            out[used++] = *format;
        cr_assert(used + 1 < RAW_SIZE, "a test's request is too long");
    }
    out[used] = '\0';
    return used;
}

const char *raw_event(void)
{
    static char json[128];
    static unsigned number;
    snprintf(json, sizeof json, "{\"id\":\"evt_raw_%u\",\"type\":\"task.completed\",\"data\":{}}",
             number++);
    return json;
}

void raw_assert_alive(const struct watch *watch, const char *after)
{
    struct http_reply reply = http_deliver(watch->port, WATCH_SECRET, raw_event());
    cr_assert_eq(reply.status, 200, "after %s: %s%s", after, reply.head, reply.body);
    cr_assert_lt(reply.seconds, RAW_HUNG_S, "after %s: %.1f s", after, reply.seconds);
}

/* Processor time of a process so far, in seconds. */
static double used_s(pid_t pid)
{
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "r");
    cr_assert(file && fgets(line, sizeof line, file), "%s", path);
    fclose(file);
    unsigned long user = 0, system = 0;
    cr_assert_eq(sscanf(strrchr(line, ')') + 2,
                        "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system),
                 2);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* Whether the program rests. What is still to be done for earlier requests may fall into the
 * interval; a loop that turns without rest is in each. */
static bool rests(struct program *program, void *context)
{
    const struct timespec interval = {.tv_nsec = 500000000};
    double *used = context;
    program_pump(program); /* a terminal that is not read gives rest, too */
    double before = used_s(program_pid(program));
    nanosleep(&interval, NULL);
    *used = used_s(program_pid(program)) - before;
    return *used < 0.1;
}

void raw_wait_quiet_at(const struct watch *watch, const char *after, const char *file, int line)
{
    char what[128];
    double used = 0;
    snprintf(what, sizeof what, "it to use little of the processor after %s", after);
    program_wait_at(watch->program, what, rests, &used, file, line);
}
