/* Nothing that was answered 200 is ever lost: kills, full disks and deleted files, from outside. */
#if defined(__linux__)
#define _GNU_SOURCE /* prlimit() */
#endif
#include <criterion/criterion.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../raw.h"

static char home[] = "/tmp/anchortop-journal-XXXXXX";
static char path[64]; /* of the journal, which outlives its programs */

static void set_up(void)
{
    cr_assert(mkdtemp(home));
    snprintf(path, sizeof path, "%s/state/history.db", home);
}

static int remove_entry(const char *name, const struct stat *status, int kind, struct FTW *where)
{
    (void)status, (void)kind, (void)where;
    return remove(name);
}

static void tear_down(void)
{
    programs_stop();
    nftw(home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

TestSuite(journal, .init = set_up, .fini = tear_down, .timeout = 170);

static struct watch start(void)
{
    return watch_start(
        &(struct program_setup){.arguments = (const char *const[]){"--history", path, NULL}});
}

static void kill_program(struct watch *watch)
{
    kill(program_pid(watch->program), SIGKILL);
    program_stop(watch->program);
}

static void event_json(char *json, size_t size, uint64_t number)
{
    snprintf(json, size,
             "{\"id\":\"evt_%" PRIu64 "\",\"type\":\"task.failed\","
             "\"created\":\"2026-05-24T12:18:05.123Z\",\"text\":\"number %" PRIu64 "\","
             "\"data\":{\"task_id\":\"tsk_%" PRIu64 "\",\"output\":\"%0600d\"}}",
             number, number, number % 7, 0);
}

static struct http_reply deliver(const struct watch *watch, uint64_t number)
{
    char json[1024];
    event_json(json, sizeof json, number);
    return watch_deliver(watch, WATCH_SECRET, json);
}

/* What the journal itself says, while no program has it. */
static int64_t ask_journal(const char *sql, int64_t argument)
{
    sqlite3 *db;
    sqlite3_stmt *query;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK, "%s",
                 sqlite3_errmsg(db));
    sqlite3_bind_int64(query, 1, argument);
    cr_assert_eq(sqlite3_step(query), SQLITE_ROW, "%s", sqlite3_errmsg(db));
    int64_t number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return number;
}

static int64_t copies_of(uint64_t number)
{
    return ask_journal("SELECT count(*) FROM event WHERE id = 'evt_' || ?1", (int64_t)number);
}

static void pause_at_random(unsigned at_most_us)
{
    nanosleep(&(struct timespec){.tv_nsec = random() % (long)at_most_us * 1000}, NULL);
}

enum { SENDERS = 4, PER_SENDER = 20000 };

/* One sender's events, over all rounds: numbers are SENDERS * n + its own. */
struct sender {
    int connection;
    uint64_t own, next;
    bool accepted[PER_SENDER];
    bool wrong; /* an answer that cannot be */
};

/* Sends until the program is gone. An event without an answer is sent again in the next round, as
 * Anchor would; so is one that was accepted, which must be known then. */
static void *send_until_killed(void *context)
{
    struct sender *s = context;
    char json[1024];
    bool again = s->next > 0;
    uint64_t n = again ? (uint64_t)random() % s->next : s->next;
    while (s->next < PER_SENDER) {
        event_json(json, sizeof json, SENDERS * n + s->own);
        struct http_reply reply = http_deliver_on(s->connection, NULL, WATCH_SECRET, json);
        if (reply.status == 0)
            return NULL;
        bool duplicate = strstr(reply.body, "duplicate");
        s->wrong |= reply.status != 200 || (s->accepted[n] && !duplicate);
        s->accepted[n] = true;
        s->next += n == s->next;
        n = s->next;
    }
    return NULL;
}

static void one_round(struct sender *senders)
{
    pthread_t threads[SENDERS];
    struct watch watch = start();
    for (size_t i = 0; i < SENDERS; i++) {
        senders[i].connection = http_connect(watch.port);
        pthread_create(&threads[i], NULL, send_until_killed, &senders[i]);
    }
    pause_at_random(25000);
    kill_program(&watch);
    for (size_t i = 0; i < SENDERS; i++) {
        pthread_join(threads[i], NULL);
        close(senders[i].connection);
    }
}

static uint64_t all_sent(const struct sender *senders)
{
    uint64_t count = 0;
    for (size_t i = 0; i < SENDERS; i++)
        count += senders[i].next;
    return count;
}

static void kill_while_it_starts(void)
{
    struct program *program = program_start(&(struct program_setup){
        .arguments = (const char *const[]){"--listen", "0", "--history", path, NULL}});
    pause_at_random(40000);
    program_stop(program);
}

#if defined(__SANITIZE_ADDRESS__)
enum { ROUNDS = 40 };
#else
enum { ROUNDS = 200 };
#endif

Test(journal, survives_being_killed_at_any_moment)
{
    struct sender *senders = calloc(SENDERS, sizeof *senders);
    uint64_t accepted = 0, missing = 0;
    cr_assert(senders);
    for (size_t i = 0; i < SENDERS; i++)
        senders[i].own = i;
    /* More of them where a slow disk lets little be accepted before a kill. */
    int rounds = 0;
    for (; rounds < ROUNDS || all_sent(senders) <= ROUNDS; rounds++) {
        one_round(senders);
        if (rounds % 4 == 0)
            kill_while_it_starts();
    }
    for (size_t i = 0; i < SENDERS; i++) {
        cr_expect_not(senders[i].wrong, "sender %zu", i);
        for (uint64_t n = 0; n < PER_SENDER; n++) {
            accepted += senders[i].accepted[n];
            missing += senders[i].accepted[n] && copies_of(SENDERS * n + i) != 1;
        }
    }
    cr_expect_gt(accepted, (uint64_t)ROUNDS, "%" PRIu64, accepted);
    cr_expect_eq(missing, 0, "%" PRIu64 " of %" PRIu64, missing, accepted);
    cr_expect_eq(ask_journal("SELECT count(*) - count(DISTINCT id) FROM event", 0), 0);
    int64_t kept = ask_journal("SELECT count(*) FROM event", 0);
    cr_expect(kept >= (int64_t)accepted && kept <= (int64_t)accepted + SENDERS * rounds,
              "%" PRId64 " kept, %" PRIu64 " accepted", kept, accepted);
    free(senders);
}

Test(journal, shows_in_the_morning_what_happened_overnight)
{
    struct watch watch = start();
    watch_send(&watch, "evt_1", "task.failed", "\"task_id\":\"tsk_overnight\"");
    kill_program(&watch);
    watch = start();
    program_wait_text(watch.program, "tsk_overnight");
    struct http_reply reply = deliver(&watch, 1);
    cr_expect(strstr(reply.body, "duplicate"), "%s", reply.body);
}

Test(journal, belongs_to_one_program)
{
    struct watch watch = start();
    struct program *second = program_start(&(struct program_setup){
        .arguments = (const char *const[]){"--listen", "0", "--history", path, NULL},
        .keep_stderr = true});
    cr_expect_eq(program_wait_exit(second), 1);
    char expected[64];
    snprintf(expected, sizeof expected, "(process %ld)", (long)program_pid(watch.program));
    const char *said = program_stderr(second);
    cr_expect(strstr(said, path) && strstr(said, expected) && strstr(said, "--no-history") &&
                  strstr(said, "anchortop watch --since"),
              "%s", said);
    cr_expect_eq(deliver(&watch, 1).status, 200);
}

/* Somebody's file under the name of the journal, for whoever would write or read it. */
static const struct {
    const char *name, *sql, *said;
} hostile[] = {
    {"a view that never ends",
     "DROP TABLE event; CREATE VIEW event (row, id, type, created_ms, received_ms, arrived_ms,"
     " delivery_id, verified, raw) AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1"
     " FROM n) SELECT x, x, 't', 1, 1, 1, 'd', 1, '{}' FROM n",
     "not as anchortop makes a journal"},
    {"a trigger that deletes",
     "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END",
     "not as anchortop makes a journal"},
    {"another program's", "PRAGMA application_id = 1", "not a journal of anchortop's"},
    {"a newer program's", "PRAGMA user_version = 99", "a newer anchortop has written it"},
};

static const char *const ways_to_open[][8] = {
    {"tail", "--listen", "0", "--history", path},
    {"wait", "--listen", "0", "--history", path, "x"},
    {"tail", "--since", "1d", "--no-follow", "--history", path},
    {"watch", "--since", "1d", "--history", path},
    {"--listen", "0", "--history", path},
};

Test(journal, a_hostile_journal_is_refused_in_words)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct watch watch = start();
        cr_expect_eq(deliver(&watch, 1).status, 200);
        program_signal(watch.program, SIGTERM);
        program_wait_exit(watch.program);
        sqlite3 *db;
        cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
        cr_assert_eq(sqlite3_exec(db, hostile[i].sql, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        for (size_t way = 0; way < sizeof ways_to_open / sizeof *ways_to_open; way++) {
            struct program *program = program_start(
                &(struct program_setup){.arguments = ways_to_open[way], .keep_stderr = true});
            cr_expect_eq(program_wait_exit(program), 1, "%s, %zu", hostile[i].name, way);
            const char *said = program_stderr(program);
            cr_expect(strstr(said, hostile[i].said) && strstr(said, path), "%s, %zu: %s",
                      hostile[i].name, way, said);
            program_stop(program);
        }
        cr_assert_eq(unlink(path), 0);
    }
}

static bool nothing_written(const struct watch *watch)
{
    char name[512];
    snprintf(name, sizeof name, "%s/anchortop", program_home(watch->program));
    return access(name, F_OK) != 0 && errno == ENOENT;
}

Test(journal, is_kept_only_where_it_is_wanted)
{
    struct watch watch = watch_start(NULL);
    cr_expect_not(nothing_written(&watch), "by default it is");
    watch = watch_start(
        &(struct program_setup){.arguments = (const char *const[]){"--no-history", NULL}});
    cr_expect_eq(deliver(&watch, 1).status, 200);
    cr_expect(nothing_written(&watch), "--no-history");
    watch =
        watch_start(&(struct program_setup){.arguments = (const char *const[]){"--demo", NULL}});
    program_wait_text(watch.program, "demo");
    cr_expect(nothing_written(&watch), "--demo");
}

Test(journal, goes_on_when_its_files_are_deleted)
{
    char directory[64];
    snprintf(directory, sizeof directory, "%s/state", home);
    struct watch watch = start();
    cr_expect_eq(deliver(&watch, 1).status, 200);
    nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    cr_expect_eq(deliver(&watch, 2).status, 200);
    kill_program(&watch);
    cr_expect_eq(copies_of(1), 0, "that was somebody's wish");
    cr_expect_eq(copies_of(2), 1);
}

#if defined(__linux__)
static void limit_files(const struct watch *watch, rlim_t size)
{
    struct rlimit limit;
    pid_t pid = program_pid(watch->program);
    cr_assert_eq(prlimit(pid, RLIMIT_FSIZE, NULL, &limit), 0);
    limit.rlim_cur = size;
    cr_assert_eq(prlimit(pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static struct http_reply ask_health(const struct watch *watch)
{
    int connection = http_connect(watch->port);
    http_send_text(connection, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    struct http_reply reply = http_read(connection);
    close(connection);
    return reply;
}

/* What it says to strangers: how it is, and nothing about what was received or where it is kept. */
static void expect_health(const struct watch *watch, int status, const char *says)
{
    struct http_reply reply = ask_health(watch);
    cr_expect_eq(reply.status, status, "%s%s", reply.head, reply.body);
    cr_expect(strstr(reply.body, says), "%s", reply.body);
    cr_expect_not(strstr(reply.body, path), "%s", reply.body);
}

static bool is_well(struct program *program, void *context)
{
    (void)program;
    struct http_reply reply = ask_health(context);
    return reply.status == 200 && strcmp(reply.body, "{\"status\":\"ok\"}") == 0;
}

static bool is_unwell(struct program *program, void *context)
{
    (void)program;
    return ask_health(context).status == 503;
}

/* Another program has it: nobody has delivered yet, and who asks is told all the same. */
Test(journal, health_is_known_before_a_delivery_fails)
{
    struct watch watch = start();
    sqlite3 *other = NULL;
    expect_health(&watch, 200, "{\"status\":\"ok\"}");
    cr_assert_eq(sqlite3_open(path, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    program_wait(watch.program, "it to be unwell", is_unwell, &watch);
    expect_health(&watch, 503, "locked");
    cr_expect_eq(deliver(&watch, 1).status, 503);
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    program_wait(watch.program, "it to be well again", is_well, &watch);
    cr_expect_eq(deliver(&watch, 1).status, 200);
    sqlite3_close(other);
}

Test(journal, answers_503_while_the_disk_is_full)
{
    enum { TIMES = 3, MOST = 5000 };
    struct watch watch = start();
    bool *accepted = calloc(MOST, sizeof *accepted);
    uint64_t number = 0;
    cr_assert(accepted);
    for (int time = 1; time <= TIMES; time++) {
        limit_files(&watch, (rlim_t)time << 20);
        struct http_reply reply = {.status = 200};
        for (; reply.status == 200 && number < MOST - 1; number++) {
            reply = deliver(&watch, number);
            accepted[number] = reply.status == 200;
        }
        cr_expect_eq(reply.status, 503, "time %d: %d", time, reply.status);
        cr_expect(strstr(reply.body, "ulimit -f") && !strstr(reply.body, path), "%s", reply.body);
        cr_expect_eq(deliver(&watch, 0).status, 200, "what is known needs no room");
        cr_expect_eq(deliver(&watch, MOST).status, 503, "and makes none");
        expect_health(&watch, 503, "ulimit -f");

        limit_files(&watch, RLIM_INFINITY);
        raw_assert_alive(&watch, "there is room again");
        program_wait(watch.program, "it to be well again", is_well, &watch);
        reply = deliver(&watch, number - 1);
        cr_expect(reply.status == 200 && strstr(reply.body, "accepted"), "%s", reply.body);
        accepted[number - 1] = true;
    }
    kill_program(&watch);
    for (uint64_t n = 0; n < number; n++)
        cr_expect_eq(copies_of(n), accepted[n], "%" PRIu64, n);
    free(accepted);
}
#endif
