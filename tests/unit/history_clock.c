/*
 * The journal's clock while the system's is set to and fro, programs end and machines boot: nothing
 * is removed before its time, and what arrived within some time is found.
 */
#include "history_clock.h"

#include "clock.h"
#include "journal.h"

#include <sys/wait.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)
#define YEAR_MS (365 * DAY_MS)

/* The machine's clocks, in the place of the real ones. */
static int64_t true_ms, wrong_by_ms, booted_ms;
static unsigned boots;

int64_t clock_now_ms(void)
{
    return true_ms + wrong_by_ms;
}

int64_t clock_steady_us(void)
{
    return (true_ms - booted_ms) * 1000;
}

int64_t machine_steady_ms(void)
{
    return true_ms - booted_ms;
}

struct machine_time machine_time(void)
{
    struct machine_time now = {.unix_ms = clock_now_ms(), .uptime_ms = machine_steady_ms()};
    snprintf(now.boot, sizeof now.boot, "boot-%u", boots);
    return now;
}

static void set_clocks(void)
{
    set_up();
    true_ms = INT64_C(1779625085000);
    booted_ms = true_ms - HOUR_MS;
    wrong_by_ms = 0;
    boots = 1;
}

TestSuite(history_clock, .init = set_clocks, .fini = tear_down, .timeout = 60);

/* Times are relative to the first moment. */
Test(history_clock, goes_on_from_what_the_journal_knows)
{
    static const int64_t first = INT64_C(1779625085000);
    static const struct {
        const char *name;
        bool marked; /* an hour before the newest event, in boot "a" */
        bool any;    /* there is a newest event */
        int64_t newest_unix, now_unix, uptime;
        const char *boot;
        int64_t arrived, doubt;
    } rows[] = {
        {"nothing is known", false, false, 0, 5000, 9, "a", 5000, 0},
        {"the same boot", true, true, 0, 2000, HOUR_MS + 2000, "a", 2000, 0},
        {"and the clock a year ahead", true, true, 0, YEAR_MS, HOUR_MS + 2000, "a", 2000, 0},
        {"or a year behind", true, true, 0, -YEAR_MS, HOUR_MS + 2000, "a", 2000, 0},
        {"or wrong at the last event", true, true, YEAR_MS, 2000, HOUR_MS + 2000, "a", 2000, 0},
        {"it never runs backwards", true, true, 0, 0, 1000, "a", 0, 0},
        {"another boot", true, true, 0, DAY_MS, 1000, "b", DAY_MS, DAY_MS},
        {"and the clock behind", true, true, 0, -DAY_MS, 1000, "b", 0, 0},
        {"or behind at the last event", true, true, -YEAR_MS, DAY_MS, 1000, "b", DAY_MS, DAY_MS},
        {"or ahead at the last event", true, true, YEAR_MS, DAY_MS, 1000, "b", DAY_MS, DAY_MS},
        {"a boot without a name", true, true, 0, DAY_MS, 0, "", DAY_MS, DAY_MS},
        {"the same name, but less uptime", true, true, 0, DAY_MS, -5000, "a", DAY_MS, DAY_MS},
        {"no mark", false, true, 0, DAY_MS, 1000, "a", DAY_MS, DAY_MS},
        {"a mark and no event", true, false, 0, DAY_MS, 1000, "b", DAY_MS, DAY_MS + HOUR_MS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct clock_mark mark = {.machine = {first - HOUR_MS, 0, "a"},
                                        .arrived_ms = first - HOUR_MS};
        const struct clock_mark newest = {.machine = {first + rows[i].newest_unix, 0, ""},
                                          .arrived_ms = first};
        struct machine_time now = {.unix_ms = first + rows[i].now_unix,
                                   .uptime_ms = rows[i].uptime};
        snprintf(now.boot, sizeof now.boot, "%s", rows[i].boot);
        struct clock_mark here = history_clock_continue(rows[i].marked ? &mark : NULL,
                                                        rows[i].any ? &newest : NULL, &now);
        cr_expect_eq(here.arrived_ms - first, rows[i].arrived, "%s: %lld", rows[i].name,
                     (long long)(here.arrived_ms - first));
        cr_expect_eq(here.doubt_ms, rows[i].doubt, "%s: %lld", rows[i].name,
                     (long long)here.doubt_ms);
    }
}

static bool write_received(struct history *history, const char *id, bool verified)
{
    struct history_entry entry = {.id = id,
                                  .type = "t",
                                  .raw = "{}",
                                  .length = 2,
                                  .created_ms = clock_now_ms(),
                                  .received_ms = clock_now_ms(),
                                  .verified = verified};
    return history_write(history, &entry, 1, reason, sizeof reason) && !entry.known;
}

static void tend(struct history *history)
{
    while (history_tend(history) < HISTORY_RETRY_MS)
        ;
}

static void boot_machine(void)
{
    booted_ms = true_ms;
    boots++;
}

/* While the machine is off, only the clock tells how much time passes, and it may be wrong. */
Test(history_clock, time_without_power_counts_once_a_signature_confirms_the_clock)
{
    struct history *history = open_keeping(7 * DAY_MS);
    cr_assert(write_received(history, "old", true));
    cr_assert(write_received(history, "old too", true));
    history_close(history);
    true_ms += 21 * DAY_MS;
    boot_machine();
    history = open_keeping(7 * DAY_MS);
    cr_assert(write_received(history, "unsigned", false));
    tend(history);
    cr_expect(has("old"), "nobody vouches for the clock");
    wrong_by_ms = HOUR_MS;
    cr_assert(write_received(history, "strange", true));
    tend(history);
    cr_expect(has("old"), "the clock has been set since");
    wrong_by_ms = 0;
    cr_assert(write_received(history, "signed", true));
    tend(history);
    cr_expect_not(has("old"));
    cr_expect(has("unsigned") && has("signed"));
    history_close(history);
}

/* One of the events that the model knows. */
struct told {
    char id[16];
    int64_t true_ms;
};

enum { KEEP_DAYS = 7, MOST = 250 };

static void maybe_set_clock(void)
{
    static const int64_t wrong[] = {0,       0,        HOUR_MS,      -3 * HOUR_MS,
                                    YEAR_MS, -YEAR_MS, 40 * YEAR_MS, -60 * YEAR_MS};
    if (random() % 4 == 0)
        wrong_by_ms = wrong[(size_t)random() % (sizeof wrong / sizeof *wrong)];
}

/* Signatures are good only while the clock is right. */
static bool is_signed(void)
{
    return wrong_by_ms == 0 && random() % 3;
}

/* Ends as a killed program does: without a last word. */
static void write_and_die(const char *id)
{
    pid_t child = fork();
    if (child == 0) {
        const struct history_config config = {.path = path, .keep_ms = KEEP_DAYS * DAY_MS};
        struct history *history = history_open(&config, reason, sizeof reason);
        _exit(history && write_received(history, id, is_signed()) ? 0 : 1);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int64_t oldest_of(const struct told *told, size_t count, int64_t since_ms)
{
    size_t i = 0;
    while (i < count && told[i].true_ms < since_ms)
        i++;
    return (int64_t)i;
}

/* Everything within the time that events are kept is there, and what arrived within some hours
 * begins with the first that did. */
static void check(const struct told *told, size_t count, bool rebooted)
{
    struct history_reader *reader = open_reader();
    for (size_t i = 0; i < count; i++)
        if (true_ms - told[i].true_ms < KEEP_DAYS * DAY_MS)
            cr_assert_gt(history_row_of(reader, told[i].id), 0, "%s of %zu, %lld ms old",
                         told[i].id, count, (long long)(true_ms - told[i].true_ms));
    for (int hours = 1; hours < 100 && !rebooted; hours += 13) {
        int64_t ago_ms = hours * HOUR_MS + 1;
        int64_t first = oldest_of(told, count, true_ms - ago_ms);
        int64_t row = history_row_before(reader, clock_now_ms() - ago_ms);
        const char *id = first < (int64_t)count ? told[first].id : NULL;
        cr_assert_eq(history_first_row(reader, row), id ? history_row_of(reader, id) : 0,
                     "%d hours", hours);
    }
    history_reader_close(reader);
}

static void live(unsigned seed, bool boots_too)
{
    static struct told told[MOST];
    size_t count = 0;
    struct history *history = open_keeping(KEEP_DAYS * DAY_MS);
    srandom(seed);
    while (count < MOST) {
        maybe_set_clock();
        true_ms += random() % (2 * HOUR_MS);
        struct told *one = &told[count++];
        *one = (struct told){.true_ms = true_ms};
        snprintf(one->id, sizeof one->id, "evt_%zu", count);
        bool ends = random() % 10 == 0;
        if (ends) {
            history_close(history);
            if (boots_too && random() % 2)
                boot_machine();
            write_and_die(one->id);
            history = open_keeping(KEEP_DAYS * DAY_MS);
        } else {
            cr_assert(write_received(history, one->id, is_signed()), "%s", reason);
        }
        tend(history);
        if (count % 10 == 0)
            check(told, count, boots_too);
    }
    struct history_reader *reader = open_reader();
    int64_t left = history_count(reader, INT64_MAX);
    cr_expect(boots_too || left < 200, "what is too old is removed: %lld left", (long long)left);
    history_reader_close(reader);
    history_close(history);
}

Test(history_clock, no_jump_removes_or_hides_anything)
{
    for (unsigned seed = 1; seed <= 2; seed++) {
        live(seed, false);
        tear_down();
        cr_assert_eq(mkdir(home, 0700), 0);
    }
}

Test(history_clock, no_jump_removes_anything_across_boots)
{
    for (unsigned seed = 1; seed <= 2; seed++) {
        live(seed, true);
        tear_down();
        cr_assert_eq(mkdir(home, 0700), 0);
    }
}
