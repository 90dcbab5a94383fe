/* When a journal is worth looking at again: after each change, and never without one. */
#include "history_watch.h"

#include <fcntl.h>
#include <poll.h>

#include "history_file.h"
#include "journal.h"

TestSuite(history_watch, .init = set_up, .fini = tear_down, .timeout = 30);

static int64_t clock_ms; /* what the watch is told */

/* Lets time pass until nothing more is due; says how many looks that were. */
static int settle(struct history_watch *watch)
{
    int looks = 0, pause;
    do {
        while (history_watch_due(watch, clock_ms))
            looks++;
        pause = history_watch_timeout(watch, clock_ms);
        clock_ms += pause > 0 ? pause : 0;
        cr_assert_lt(looks, 1000, "it never comes to rest");
    } while (pause >= 0);
    return looks;
}

static struct history_watch *open_watch(void)
{
    struct history_watch *watch = history_watch_open(path);
    cr_assert(watch);
    cr_expect(history_watch_due(watch, clock_ms), "the first look is due at once");
    return watch;
}

#if defined(__linux__)
static bool is_readable(struct history_watch *watch)
{
    struct pollfd polled = {.fd = history_watch_descriptor(watch), .events = POLLIN};
    return poll(&polled, 1, 0) == 1;
}

Test(history_watch, comes_to_rest_while_nothing_happens)
{
    struct history *history = open_journal();
    struct history_watch *watch = open_watch();
    cr_expect_lt(settle(watch), 20);
    cr_expect_not(is_readable(watch));
    clock_ms += (int64_t)365 * 24 * 3600 * 1000;
    cr_expect_not(history_watch_due(watch, clock_ms));
    history_watch_close(watch);
    history_close(history);
}

static void write_next(struct history **history)
{
    static int number;
    char id[32];
    snprintf(id, sizeof id, "evt_%d", number++);
    write_event(*history, id, 1000);
}

static void end_keeper(struct history **history)
{
    history_close(*history);
    *history = NULL;
}

static void begin_keeper(struct history **history)
{
    end_keeper(history);
    *history = open_journal();
    write_next(history);
}

static void delete_lock(struct history **history)
{
    char name[PATH_SIZE + 8];
    snprintf(name, sizeof name, "%s.lock", path);
    cr_assert_eq(unlink(name), 0);
    begin_keeper(history);
}

static void delete_wal(struct history **history)
{
    char name[PATH_SIZE + 8];
    snprintf(name, sizeof name, "%s-wal", path);
    cr_assert_eq(unlink(name), 0);
    write_next(history);
}

static void delete_all(struct history **history)
{
    remove_all(path);
    write_next(history);
}

static void delete_directory(struct history **history)
{
    char name[PATH_SIZE];
    snprintf(name, sizeof name, "%s/state", home);
    remove_all(name);
    write_next(history);
}

/* Each is noticed, and so is what comes after it. */
Test(history_watch, notices_what_happens_to_the_journal)
{
    static const struct {
        const char *name;
        void (*happens)(struct history **history);
    } rows[] = {
        {"an event is written", write_next},
        {"the keeper ends", end_keeper},
        {"another keeper begins", begin_keeper},
        {"FILE-wal is deleted", delete_wal},
        {"FILE.lock is deleted", delete_lock},
        {"all files are deleted", delete_all},
        {"their directory is deleted", delete_directory},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *history = open_journal();
        struct history_watch *watch = open_watch();
        settle(watch);
        rows[i].happens(&history);
        cr_expect(is_readable(watch), "%s", rows[i].name);
        cr_expect(history_watch_due(watch, clock_ms), "%s", rows[i].name);
        cr_expect_gt(settle(watch), 3, "%s: the write may not be through yet", rows[i].name);
        if (!history)
            history = open_journal();
        write_next(&history);
        cr_expect(history_watch_due(watch, clock_ms), "after that: %s", rows[i].name);
        settle(watch);
        end_keeper(&history);
        cr_expect(is_readable(watch), "its end after that: %s", rows[i].name);
        history_watch_close(watch);
    }
}

Test(history_watch, waits_for_a_journal_that_is_not_there_yet)
{
    struct history_watch *watch = open_watch();
    for (int i = 0; i < 100; i++) {
        int pause = history_watch_timeout(watch, clock_ms);
        cr_assert(pause > 100 && pause <= 1000, "its directory is missing: %d ms", pause);
        clock_ms += pause;
        cr_assert(history_watch_due(watch, clock_ms));
    }
    struct history *history = open_journal();
    clock_ms += 1000;
    cr_expect(history_watch_due(watch, clock_ms));
    settle(watch);
    write_event(history, "evt_1", 1000);
    cr_expect(is_readable(watch));
    cr_expect(history_watch_due(watch, clock_ms));
    history_watch_close(watch);
    history_close(history);
}

Test(history_watch, other_files_beside_it_wake_nobody)
{
    struct history *history = open_journal();
    struct history_watch *watch = open_watch();
    char name[PATH_SIZE];
    settle(watch);
    snprintf(name, sizeof name, "%s/state/other", home);
    write_file(name, "text");
    cr_expect_not(is_readable(watch));
    history_watch_close(watch);
    history_close(history);
}

Test(history_watch, looks_again_soon_after_it_has_found_something)
{
    struct history *history = open_journal();
    struct history_watch *watch = open_watch();
    settle(watch);
    history_watch_found(watch, clock_ms);
    int pause = history_watch_timeout(watch, clock_ms);
    cr_expect(pause >= 0 && pause <= 500, "%d", pause);
    cr_expect_gt(settle(watch), 0);
    history_watch_close(watch);
    history_close(history);
}
#endif
