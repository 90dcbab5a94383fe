/* What was in the journal is in memory again, in the order of arrival, whatever arrives meanwhile.
 */
#include "loader.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <inttypes.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "admit.h"

enum { PADDING = 900 };

static char home[] = "/tmp/anchortop-loader-XXXXXX";
static char path[64];
static struct store *store;
static struct history *history;
static struct admissions *admissions;
static sem_t parts;

static struct history *open_journal(void)
{
    char reason[700];
    const struct history_config config = {.path = path};
    struct history *opened = history_open(&config, reason, sizeof reason);
    cr_assert(opened, "%s", reason);
    return opened;
}

static void set_up(void)
{
    cr_assert(mkdtemp(home));
    snprintf(path, sizeof path, "%s/history.db", home);
    sem_init(&parts, 0, 0);
    history = open_journal();
    store = store_new(RING_MIN_BYTES);
    admissions = calloc(1, sizeof *admissions);
    cr_assert(store && admissions);
    admissions->store = store;
    admissions->history = history;
}

static int remove_entry(const char *name, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(name);
}

static void tear_down(void)
{
    free(admissions);
    history_close(history);
    store_free(store);
    nftw(home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(loader, .init = set_up, .fini = tear_down, .timeout = 60);

static int event_text(char *raw, size_t size, uint64_t number)
{
    return snprintf(raw, size,
                    "{\"id\":\"evt_%" PRIu64 "\",\"type\":\"intervention.requested\","
                    "\"created\":\"2026-05-24T12:18:05.123Z\",\"data\":{\"session_id\":\"ses_1\","
                    "\"request_id\":\"req_%" PRIu64 "\",\"message\":\"%0*d\"}}",
                    number, number, PADDING, 0);
}

/* Adds an event to a turn. */
static struct admission *add(uint64_t number)
{
    static char raws[ADMIT_MAX][PADDING + 300];
    char *raw = raws[admissions->count], reason[256];
    struct admission admission = {.raw = raw, .received_ms = (int64_t)time(NULL) * 1000};
    admission.length = (size_t)event_text(raw, sizeof raws[0], number);
    cr_assert(event_decode(&admission.event, raw, admission.length, reason, sizeof reason), "%s",
              reason);
    return admit_add(admissions, &admission);
}

static void admit(void)
{
    admit_all(admissions);
    for (size_t i = 0; i < admissions->count; i++)
        cr_assert(!admissions->list[i].refused, "%s", admissions->reason);
    admit_clear(admissions);
}

static void admit_many(uint64_t first, uint64_t end)
{
    for (uint64_t number = first; number < end; number++) {
        add(number);
        if (admit_is_full(admissions))
            admit();
    }
    admit();
}

static void on_changed(void *context)
{
    (void)context;
    sem_post(&parts);
}

static struct loader *start(void)
{
    char reason[256];
    const struct loader_config config = {.history = history, .store = store, .changed = on_changed};
    struct loader *loader = loader_start(&config, reason, sizeof reason);
    cr_assert(loader, "%s", reason);
    return loader;
}

static struct loader_progress wait_for_end(const struct loader *loader)
{
    for (;;) {
        struct loader_progress progress = loader_progress(loader);
        if (progress.phase == LOADER_DONE || progress.phase == LOADER_FAILED)
            return progress;
        sem_wait(&parts);
    }
}

/* A program that ends, and the next one. */
static void restart(void)
{
    history_close(history);
    store_free(store);
    history = open_journal();
    store = store_new(RING_MIN_BYTES);
    cr_assert(store);
    admissions->store = store;
    admissions->history = history;
}

/* The ring holds the last events up to `end`, in order. Returns how many. */
static uint64_t check_ring(uint64_t end)
{
    char expected[PADDING + 300];
    struct store_copy copy = {0};
    store_lock(store);
    uint64_t first = ring_first(store_ring(store)), last = ring_end(store_ring(store));
    for (uint64_t seq = first; seq < last; seq++) {
        event_text(expected, sizeof expected, end - (last - seq));
        cr_assert(store_copy_event(store, seq, &copy));
        cr_assert_str_eq(copy.raw, expected, "%" PRIu64 " of %" PRIu64, seq, last);
    }
    store_unlock(store);
    store_copy_free(&copy);
    return last - first;
}

static size_t waiting(void)
{
    store_lock(store);
    size_t count = entities_waiting(store_entities(store));
    store_unlock(store);
    return count;
}

Test(loader, an_empty_journal_is_loaded_at_once)
{
    struct loader *loader = start();
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    cr_expect(loader_enter(loader));
    loader_leave(loader);
    loader_stop(loader);
    cr_expect_eq(check_ring(1), 0);
}

Test(loader, brings_back_what_was_there)
{
    admit_many(1, 301);
    restart();
    struct loader *loader = start();
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    loader_stop(loader);
    cr_expect_eq(check_ring(301), 300);
    cr_expect_eq(waiting(), 300, "pending again");
    store_lock(store);
    cr_expect_not(rate_active(store_rate(store), (int64_t)time(NULL) * 1000, 60),
                  "nothing of it arrived now");
    store_unlock(store);
}

Test(loader, folds_what_the_ring_has_no_room_for)
{
    enum { EVENTS = 20000 };
    admit_many(1, EVENTS + 1);
    restart();
    struct loader *loader = start();
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    loader_stop(loader);
    uint64_t remembered = check_ring(EVENTS + 1);
    cr_expect(remembered > EVENTS / 2 && remembered < EVENTS, "%" PRIu64, remembered);
    cr_expect_eq(waiting(), EVENTS, "%zu", waiting());
}

/* A session each. */
static void admit_sessions(uint64_t first, uint64_t end)
{
    static char raws[ADMIT_MAX][PADDING + 300];
    for (uint64_t number = first; number < end; number++) {
        char *raw = raws[admissions->count], reason[256];
        struct admission admission = {.raw = raw, .received_ms = (int64_t)time(NULL) * 1000};
        admission.length =
            (size_t)snprintf(raw, sizeof raws[0],
                             "{\"id\":\"evt_%" PRIu64 "\",\"type\":\"session.completed\",\"data\":"
                             "{\"session_id\":\"ses_%" PRIu64 "\",\"x\":\"%0*d\"}}",
                             number, number, PADDING, 0);
        cr_assert(event_decode(&admission.event, raw, admission.length, reason, sizeof reason));
        admit_add(admissions, &admission);
        if (admit_is_full(admissions))
            admit();
    }
    admit();
}

static void expect_sessions(uint64_t first, uint64_t end)
{
    store_lock(store);
    const struct entities *entities = store_entities(store);
    cr_expect_eq(entities_count(entities, ENTITY_SESSION), end - first);
    for (uint64_t number = 1; number < end; number += 7) {
        char id[32];
        snprintf(id, sizeof id, "ses_%" PRIu64, number);
        cr_assert_eq(entities_find(entities, ENTITY_SESSION, id) != NULL, number >= first, "%s",
                     id);
    }
    store_unlock(store);
}

Test(loader, the_newest_entities_are_remembered)
{
    enum { EVENTS = 20000 }; /* of which the ring has room for two thirds */
    static const size_t limits[] = {100, 17000};
    admit_sessions(1, EVENTS + 1);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct store_limits small = {.links = SIZE_MAX,
                                     .entities = 1 << 30,
                                     .each = limits[i],
                                     .ids = 1000,
                                     .deliveries = 1};
        restart();
        store_free(store);
        store = admissions->store = store_new_limited(&small);
        struct loader *loader = start();
        cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
        loader_stop(loader);
        store_lock(store);
        cr_expect_lt(ring_end(store_ring(store)), EVENTS, "there is more than memory holds");
        store_unlock(store);
        expect_sessions(EVENTS + 1 - limits[i], EVENTS + 1);
    }
}

Test(loader, what_arrives_meanwhile_comes_after_it)
{
    enum { OLD = 12000, NEW = 1000 };
    admit_many(1, OLD + 1);
    restart();
    struct loader *loader = admissions->loader = start();
    for (uint64_t number = OLD + 1; number <= OLD + NEW; number++) {
        add(number);
        admit();
    }
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    cr_expect_gt(check_ring(OLD + NEW + 1), NEW);
    admit_many(OLD + NEW + 1, OLD + NEW + 11);
    check_ring(OLD + NEW + 11);
    loader_stop(loader);
}

/* A run of a task that ended and arrived at a time. */
static void add_run(const char *id, const char *type, int64_t received_ms)
{
    char raw[256], reason[256], created[32];
    time_t seconds = (time_t)(received_ms / 1000);
    struct tm tm;
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));
    struct admission run = {.raw = raw, .received_ms = received_ms};
    run.length = (size_t)snprintf(raw, sizeof raw,
                                  "{\"id\":\"%s\",\"type\":\"%s\",\"created\":\"%s\","
                                  "\"data\":{\"task_id\":\"tsk_1\"}}",
                                  id, type, created);
    cr_assert(event_decode(&run.event, raw, run.length, reason, sizeof reason), "%s", reason);
    admit_add(admissions, &run);
    admit();
}

/* Two hours lie in the same minutes of the hour. */
Test(loader, figures_of_the_last_hour_survive_a_restart)
{
    enum { OTHERS = 20000 };
    int64_t now = (int64_t)time(NULL) * 1000;
    struct hour_sums sums;
    add_run("evt_old", "task.completed", now - 7200000);
    admit_many(1, OTHERS);
    add_run("evt_new", "task.failed", now);
    restart();
    struct loader *loader = start();
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    loader_stop(loader);
    store_lock(store);
    cr_expect_gt(ring_first(store_ring(store)) + OTHERS, ring_end(store_ring(store)),
                 "memory holds less than the journal");
    hour_sum(entities_hour(store_entities(store)), now, &sums);
    store_unlock(store);
    cr_expect_eq(sums.failed, 1);
    cr_expect_eq(sums.ok, 0);
}

Test(loader, only_what_arrives_meanwhile_is_news)
{
    enum { OLD = 12000, NEW = 300 };
    admit_many(1, OLD + 1);
    restart();
    struct loader *loader = admissions->loader = start();
    admit_many(OLD + 1, OLD + NEW + 1);
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    uint64_t news = 0;
    store_lock(store);
    const struct ring *ring = store_ring(store);
    for (uint64_t seq = ring_first(ring); seq < ring_end(ring); seq++)
        news += !ring_at(ring, seq)->recalled;
    cr_expect_not(ring_at(ring, ring_end(ring) - NEW)->recalled, "those that came last");
    store_unlock(store);
    cr_expect_eq(news, NEW, "%" PRIu64, news);
    loader_stop(loader);
}

Test(loader, repeats_are_known_whoever_knows_them)
{
    admit_many(1, 11);
    restart();
    struct loader *loader = admissions->loader = start();
    struct admission *old = add(3), *fresh = add(11), *again = add(11);
    admit_all(admissions);
    cr_expect_eq(old->result, DELIVERY_DUPLICATE);
    cr_expect_eq(fresh->result, DELIVERY_ACCEPTED);
    cr_expect_eq(again->result, DELIVERY_DUPLICATE, "twice in one turn");
    admit_clear(admissions);
    wait_for_end(loader);
    old = add(3), fresh = add(12);
    admit_all(admissions);
    cr_expect_eq(old->result, DELIVERY_DUPLICATE);
    cr_expect_eq(old->seq, 3);
    cr_expect_eq(fresh->seq, 12);
    admit_clear(admissions);
    cr_expect_eq(check_ring(13), 12);
    loader_stop(loader);
}

/* The delivery's row is made while its event waits in the journal to be loaded. */
Test(loader, a_delivery_finds_its_event_once_that_is_loaded)
{
    enum { OLD = 12000 };
    admit_many(1, OLD + 1);
    restart();
    struct loader *loader = admissions->loader = start();
    struct admission *admission = add(OLD + 1);
    admit_all(admissions);
    const struct delivery brought = {.seq = admission->seq, .row = admission->row};
    const struct delivery repeated = {.row = 0}, gone = {.row = 1}, none = {.row = OLD + 2};
    admit_clear(admissions);
    cr_expect_eq(brought.seq, 0, "this test wants to be faster than the loader");
    cr_expect_eq(wait_for_end(loader).phase, LOADER_DONE);
    loader_stop(loader);
    store_lock(store);
    const char *raw = ring_raw(store_ring(store), store_delivered(store, &brought));
    cr_assert(raw);
    cr_expect(strstr(raw, "\"evt_12001\""), "%.40s", raw);
    cr_expect_eq(store_delivered(store, &repeated), 0);
    cr_expect_eq(store_delivered(store, &gone), ring_first(store_ring(store)) == 1 ? 1 : 0);
    cr_expect_eq(store_delivered(store, &none), 0);
    store_unlock(store);
}

Test(loader, another_journal_begun_meanwhile_is_read_too)
{
    admit_many(1, 5001);
    restart();
    cr_assert_eq(remove(path), 0);
    struct loader *loader = admissions->loader = start();
    add(5001);
    admit();
    wait_for_end(loader);
    store_lock(store);
    uint64_t last = ring_end(store_ring(store)) - 1;
    struct store_copy copy = {0};
    cr_assert(store_copy_event(store, last, &copy));
    cr_expect(strstr(copy.raw, "\"evt_5001\""), "%.40s", copy.raw);
    store_unlock(store);
    store_copy_free(&copy);
    loader_stop(loader);
}

Test(loader, what_is_damaged_does_not_keep_new_events_out)
{
    enum { OLD = 3000 };
    char text[HISTORY_TEXT_SIZE];
    admit_many(1, OLD + 1);
    history_close(history);
    FILE *file = fopen(path, "r+");
    cr_assert(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fseek(file, size / 4, SEEK_SET);
    for (long i = size / 4; i < size / 2; i++)
        fputc('#', file);
    fclose(file);
    history = open_journal();
    store_free(store);
    store = store_new(RING_MIN_BYTES);
    cr_assert(store);
    admissions->store = store;
    admissions->history = history;
    struct loader *loader = admissions->loader = start();
    cr_expect_eq(wait_for_end(loader).phase, LOADER_FAILED);
    history_tend(history);
    cr_expect_eq(history_notice(history, text), 1);
    cr_expect(strstr(text, "damaged"), "%s", text);
    add(OLD + 1);
    admit();
    uint64_t remembered = check_ring(OLD + 2);
    cr_expect(remembered > OLD / 4 && remembered < OLD, "the newest, up to the damage: %" PRIu64,
              remembered);
    loader_stop(loader);
}

Test(loader, may_be_stopped_at_any_time)
{
    admit_many(1, 5001);
    restart();
    for (int i = 0; i < 20; i++) {
        struct loader *loader = start();
        for (int part = 0; part < i / 4; part++)
            sem_wait(&parts);
        loader_stop(loader);
        while (sem_trywait(&parts) == 0)
            ;
    }
}

/* Without a journal. */
Test(admit, everything_is_remembered_at_once)
{
    set_up();
    admissions->history = NULL;
    struct admission *first = add(1), *again = add(1);
    admit_all(admissions);
    cr_expect_eq(first->result, DELIVERY_ACCEPTED);
    cr_expect_eq(first->seq, 1);
    cr_expect_eq(again->result, DELIVERY_DUPLICATE);
    cr_expect_eq(again->seq, 1);
    admit_clear(admissions);
    cr_expect_eq(check_ring(2), 1);
    tear_down();
}
