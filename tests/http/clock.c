/* A clock that jumps while the journal is kept: nothing is removed or lost for it, and --since
 * finds what has arrived since. */
#include <criterion/criterion.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include "printing.h"

static char home[] = "/tmp/anchortop-clock-XXXXXX";
static char path[64], clock_file[64]; /* the journal, and by how much the clock is wrong */

static void set_up(void)
{
    cr_assert(mkdtemp(home));
    snprintf(path, sizeof path, "%s/history.db", home);
    snprintf(clock_file, sizeof clock_file, "%s/clock", home);
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

TestSuite(clock, .init = set_up, .fini = tear_down, .timeout = 170);

static void set_clock(int64_t seconds)
{
    char name[sizeof clock_file + 8];
    snprintf(name, sizeof name, "%s.new", clock_file);
    FILE *file = fopen(name, "w");
    cr_assert(file);
    fprintf(file, "%lld", (long long)seconds);
    fclose(file);
    cr_assert_eq(rename(name, clock_file), 0);
}

/* Without a secret: a signature is good for two minutes by the right clock. */
static struct program *run(const char *const *words)
{
    const char *module = getenv("SET_CLOCK");
    if (!module)
        cr_skip_test("there is no way to set a clock here");
    char preload[512], file[128];
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", module);
    snprintf(file, sizeof file, "SET_CLOCK_FILE=%s", clock_file);
    return program_start(
        &(struct program_setup){.arguments = words,
                                .environment = (const char *const[]){preload, file, NULL},
                                .no_terminal = true,
                                .keep_stderr = true});
}

static struct program *keep_journal(void)
{
    return run((const char *const[]){"tail", "--listen", "0", "--history", path, NULL});
}

static int unverified_port(struct program *program)
{
    static const char prefix[] = "listening on http://127.0.0.1:";
    wait_stderr(program, "unverified");
    const char *announced = strstr(program_stderr(program), prefix);
    cr_assert(announced, "%s", program_stderr(program));
    return (int)strtol(announced + sizeof prefix - 1, NULL, 10);
}

static void deliver_number(int port, int number)
{
    char json[128];
    snprintf(json, sizeof json, "{\"id\":\"evt_%d\",\"type\":\"task.failed\"}", number);
    struct http_reply reply = http_deliver(port, NULL, json);
    cr_assert_eq(reply.status, 200, "%s: %s%s", json, reply.head, reply.body);
}

static int64_t ask_journal(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *query;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK, "%s",
                 sqlite3_errmsg(db));
    int code = sqlite3_step(query);
    int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(query, 0) : -1;
    cr_assert(code == SQLITE_ROW || code == SQLITE_DONE, "%s", sqlite3_errmsg(db));
    sqlite3_finalize(query);
    sqlite3_close(db);
    return number;
}

/* What --since prints: the numbers from one on, in order. */
static void expect_since(const char *since, int first, int end)
{
    struct program *tail = run((const char *const[]){"tail", "--history", path, "--since", since,
                                                     "--no-follow", "--format", "json", NULL});
    cr_assert_eq(program_wait_exit(tail), 0, "%s", program_stderr(tail));
    const char *at = program_output(tail, NULL);
    int number = first;
    for (; (at = strstr(at, "\"id\":\"evt_")); at += 10)
        cr_expect_eq(strtol(at + 10, NULL, 10), number++, "since %s: %.60s", since, at);
    cr_expect_eq(number, end, "since %s, up to %d: %d", since, end, number);
    program_stop(tail);
}

static void end_program(struct program *program, int number)
{
    program_signal(program, number);
    program_wait_exit(program);
    program_stop(program);
}

static bool is_pruned(struct program *program, void *context)
{
    (void)program, (void)context;
    return ask_journal("SELECT count(*) FROM event WHERE id IN ('evt_0', 'evt_1')") == 0;
}

enum { DAY = 86400, HOUR = 3600, YEAR = 365 * DAY };

Test(clock, one_event_of_a_wrong_clock_removes_nothing)
{
    static const int64_t wrong[] = {YEAR, 10 * DAY, -YEAR, 60 * (int64_t)YEAR, -10 * DAY};
    struct program *keeper = keep_journal();
    int port = unverified_port(keeper), number = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        set_clock(0);
        deliver_number(port, number++);
        set_clock(wrong[i]);
        deliver_number(port, number++);
        end_program(keeper, i % 2 ? SIGKILL : SIGTERM);
        keeper = keep_journal();
        port = unverified_port(keeper);
        deliver_number(port, number++);
        expect_since("3h", 0, number);
    }
    set_clock(0);
    deliver_number(port, number++);
    expect_since("3h", 0, number);
    cr_expect_eq(ask_journal("SELECT count(*) FROM event"), number);
}

/* Two events of eight days ago, two of two hours ago, and what comes now. */
Test(clock, what_is_too_old_goes_and_what_is_new_is_found_whatever_the_clock_says)
{
    static const int64_t wrong[] = {0, YEAR, -YEAR, -3 * HOUR, 5 * HOUR, 0};
    struct program *keeper = keep_journal();
    int port = unverified_port(keeper), number = 0;
    while (number < 6)
        deliver_number(port, number++);
    end_program(keeper, SIGKILL);
    ask_journal("UPDATE event SET arrived_ms = arrived_ms - CASE WHEN id IN ('evt_0', 'evt_1')"
                " THEN 8 * 86400000 WHEN id IN ('evt_2', 'evt_3') THEN 2 * 3600000 ELSE 0 END");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        set_clock(wrong[i]);
        keeper = keep_journal();
        port = unverified_port(keeper);
        deliver_number(port, number++);
        program_wait(keeper, "what is too old to go", is_pruned, NULL);
        expect_since("3h", 2, number);
        expect_since("1h", 4, number);
        end_program(keeper, i % 2 ? SIGKILL : SIGTERM);
    }
}
