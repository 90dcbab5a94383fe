/*
 * Recordings: what of a file or pipe comes into the store, and what is said of the rest.
 */
#include "recording.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENT(id) "{\"id\":\"" id "\",\"type\":\"task.failed\"}"

static struct store *store;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;

static void changed(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&mutex);
}

static void setup(void)
{
    store = store_new(RING_MIN_BYTES);
    cr_assert(store);
}

static void teardown(void)
{
    store_free(store);
}

TestSuite(recording, .init = setup, .fini = teardown);

static uint64_t rows(enum delivery_result result)
{
    store_lock(store);
    uint64_t count = store_counts(store)->results[result];
    store_unlock(store);
    return count;
}

static uint64_t all_rows(void)
{
    return rows(DELIVERY_ACCEPTED) + rows(DELIVERY_DUPLICATE) + rows(DELIVERY_SKIPPED);
}

/* Waits until so many lines have been read, of which each leaves a row. */
static void wait_rows(uint64_t count)
{
    pthread_mutex_lock(&mutex);
    while (all_rows() < count)
        pthread_cond_wait(&turned, &mutex);
    pthread_mutex_unlock(&mutex);
}

/* Waits for a sentence that holds `text`. */
static void wait_news(struct recording *recording, const char *text)
{
    char all[2048] = "";
    pthread_mutex_lock(&mutex);
    for (;;) {
        const char *news = recording_news(recording);
        if (news)
            strncat(all, news, sizeof all - strlen(all) - 1);
        if (strstr(all, text))
            break;
        pthread_cond_wait(&turned, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static struct recording *start(const char *path, int descriptor)
{
    char reason[256] = "";
    struct recording_config config = {.path = path,
                                      .descriptor = descriptor,
                                      .name = path ? path : "the pipe",
                                      .store = store,
                                      .changed = changed};
    struct recording *recording = recording_open(&config, reason, sizeof reason);
    cr_assert(recording, "%s", reason);
    cr_assert(recording_start(recording, reason, sizeof reason), "%s", reason);
    return recording;
}

static void expect_reason(uint64_t number, const char *text)
{
    store_lock(store);
    const struct delivery *row = store_delivery(store, number);
    cr_assert(row);
    cr_expect(strstr(row->reason, text), "row %d: \"%s\"", (int)number, row->reason);
    store_unlock(store);
}

Test(recording, a_file_is_read_and_its_broken_lines_are_named)
{
    static const char text[] = EVENT("a") "\n"
                                          "not an event\n"
                                          "\n" EVENT("b") "\r\n" EVENT("a") "\n" EVENT("c");
    char path[] = "/tmp/anchortop-recording-XXXXXX";
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, text, sizeof text - 1) == sizeof text - 1);
    close(file);
    struct recording *recording = start(path, -1);
    wait_news(recording, "skipped line 2: not valid JSON");
    wait_rows(5);
    cr_expect_eq(rows(DELIVERY_ACCEPTED), 3);
    cr_expect_eq(rows(DELIVERY_DUPLICATE), 1);
    cr_expect_eq(rows(DELIVERY_SKIPPED), 1);
    expect_reason(2, "not valid JSON");
    recording_free(recording);
    unlink(path);
}

Test(recording, a_pipe_is_followed_until_it_ends)
{
    static const char first[] = EVENT("a") "\n{\"id\":\"b\"", rest[] = ",\"type\":\"x\"}\n";
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    struct recording *recording = start(NULL, ends[0]);
    cr_assert_eq(write(ends[1], first, sizeof first - 1), (ssize_t)sizeof first - 1);
    wait_rows(1);
    cr_assert_eq(write(ends[1], rest, sizeof rest - 1), (ssize_t)sizeof rest - 1);
    wait_rows(2);
    cr_expect_eq(rows(DELIVERY_ACCEPTED), 2);
    close(ends[1]);
    wait_news(recording, "the pipe has ended");
    recording_free(recording);
}

Test(recording, a_pipe_that_says_nothing_can_be_left)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    struct recording *recording = start(NULL, ends[0]);
    recording_free(recording);
    close(ends[1]);
}

Test(recording, a_line_without_end_is_let_go)
{
    enum { BLOCK = 1 << 16, BLOCKS = 9 << 4 };
    static char block[BLOCK];
    static const char end[] = "\n" EVENT("a") "\n";
    int ends[2];
    memset(block, ' ', sizeof block);
    cr_assert_eq(pipe(ends), 0);
    struct recording *recording = start(NULL, ends[0]);
    for (int i = 0; i < BLOCKS; i++)
        cr_assert_eq(write(ends[1], block, BLOCK), BLOCK);
    cr_assert_eq(write(ends[1], end, sizeof end - 1), (ssize_t)sizeof end - 1);
    wait_rows(2);
    expect_reason(1, "it is longer than 8 MiB");
    cr_expect_eq(rows(DELIVERY_ACCEPTED), 1);
    close(ends[1]);
    recording_free(recording);
}

Test(recording, an_event_that_no_endpoint_takes_is_skipped)
{
    enum { SIZE = 4 << 20 };
    static char text[SIZE + 1];
    char path[] = "/tmp/anchortop-recording-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert(file);
    memset(text, 'x', SIZE);
    fprintf(file, "{\"id\":\"a\",\"type\":\"t\",\"x\":\"%s\"}\n" EVENT("b") "\n", text);
    fclose(file);
    struct recording *recording = start(path, -1);
    wait_rows(2);
    expect_reason(1, "the event is larger than 4 MiB");
    cr_expect_eq(rows(DELIVERY_ACCEPTED), 1);
    recording_free(recording);
    unlink(path);
}

Test(recording, many_lines_that_are_skipped_are_told_in_one_sentence)
{
    static const char text[] = "x\ny\n{\"id\":\"a\"}\n";
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], text, sizeof text - 1), (ssize_t)sizeof text - 1);
    struct recording *recording = start(NULL, ends[0]);
    wait_rows(3);
    cr_expect_str_eq(recording_news(recording), "skipped 3 lines (7 lists them), the last: line 3: "
                                                "\"type\" is missing");
    close(ends[1]);
    wait_news(recording, "the pipe holds no events");
    recording_free(recording);
}

Test(recording, what_cannot_be_read_to_its_end_is_told)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    close(ends[0]);
    struct recording *recording = start(NULL, ends[1]);
    wait_news(recording, "skipped line 1 and what follows: it cannot be read: Bad file descriptor");
    expect_reason(1, "it cannot be read");
    recording_free(recording);
}

Test(recording, what_cannot_be_read_is_known_at_once)
{
    static const struct {
        const char *path, *reason;
    } table[] = {{"/nowhere/events.jsonl", "cannot read /nowhere/events.jsonl: No such file"},
                 {"/tmp", "cannot read /tmp: Is a directory"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char reason[256] = "";
        struct recording_config config = {
            .path = table[i].path, .descriptor = -1, .name = table[i].path, .store = store};
        cr_expect_null(recording_open(&config, reason, sizeof reason));
        cr_expect(strstr(reason, table[i].reason), "%s", reason);
    }
}

Test(recording, an_empty_file_is_said_to_be_empty)
{
    struct recording *recording = start("/dev/null", -1);
    wait_news(recording, "/dev/null holds no events");
    recording_free(recording);
}
