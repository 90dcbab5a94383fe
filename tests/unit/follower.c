/* What the journal has since a moment, then what is written to it: each once and in order. */
#include "follower.h"

#include "journal.h"

TestSuite(follower, .init = set_up, .fini = tear_down);

/* Ids that were handed over, each with a blank behind it. */
static char seen[32768];
static size_t most = SIZE_MAX; /* of one read */

static bool note(void *context, const struct recalled *event)
{
    size_t *count = context;
    size_t used = strlen(seen);
    snprintf(seen + used, sizeof seen - used, "%s ", event->event->id);
    cr_expect_eq(event->record.length,
                 strlen("{\"id\":\"\",\"type\":\"task.failed\"}") + strlen(event->event->id));
    cr_expect_eq(event->record.outcome, OUTCOME_FAILED);
    return ++*count < most;
}

static struct follower *follow(struct history *history, int64_t since_ms)
{
    const struct follower_config config = {.path = path, .history = history, .since_ms = since_ms};
    struct follower *follower = follower_open(&config, reason, sizeof reason);
    cr_assert(follower, "%s", reason);
    return follower;
}

/* Reads to where there is no more; says what was handed over, and the last trouble. */
static const char *read_all(struct follower *follower, char said[HISTORY_TEXT_SIZE])
{
    char trouble[HISTORY_TEXT_SIZE];
    size_t count;
    enum follower_state state;
    seen[0] = said[0] = '\0';
    do {
        count = 0;
        state = follower_read(follower, note, &count, trouble);
        cr_assert_leq(count, most);
        if (trouble[0])
            memcpy(said, trouble, sizeof trouble);
    } while (state == FOLLOWER_MORE);
    cr_expect_eq(state, FOLLOWER_UP_TO_DATE);
    return seen;
}

#define HOUR_MS INT64_C(3600000)

/* "a" three hours ago, "b" two and "c" one. */
static void write_three(struct history *history)
{
    static const char *const ids[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        write_event(history, ids[i], 1000);
        make_older(ids[i], (3 - (int64_t)i) * HOUR_MS);
    }
}

Test(follower, begins_at_a_time)
{
    static const struct {
        const char *name;
        int64_t ago_ms;
        const char *seen;
    } rows[] = {
        {"before all", 4 * HOUR_MS, "a b c "},    {"long before all", INT64_MAX / 2, "a b c "},
        {"between two", 5 * HOUR_MS / 2, "b c "}, {"just now", HOUR_MS / 2, ""},
        {"in the future", -HOUR_MS, ""},
    };
    char said[HISTORY_TEXT_SIZE];
    struct history *history = open_journal();
    write_three(history);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct follower *follower = follow(history, now_ms() - rows[i].ago_ms);
        cr_expect_str_eq(read_all(follower, said), rows[i].seen, "%s", rows[i].name);
        follower_close(follower);
    }
    history_close(history);
}

Test(follower, goes_on_where_it_stopped)
{
    char said[HISTORY_TEXT_SIZE];
    struct history *history = open_journal();
    struct follower *follower = follow(history, 0);
    cr_expect_str_eq(read_all(follower, said), "");
    write_event(history, "a", 1000);
    write_event(history, "b", 2000);
    write_event(history, "c", 3000);
    most = 2;
    cr_expect_str_eq(read_all(follower, said), "a b c ");
    cr_expect_str_eq(read_all(follower, said), "");
    write_event(history, "d", 500); /* the clock was set back */
    cr_expect_str_eq(read_all(follower, said), "d ");
    cr_expect_str_eq(said, "");
    follower_close(follower);
    history_close(history);
}

static void expect_part(struct history *history, const struct follower_config *part,
                        const char *expected, const char *name)
{
    struct follower_config config = *part;
    char trouble[HISTORY_TEXT_SIZE];
    size_t count = 0;
    enum follower_state state;
    config.path = path;
    config.history = history;
    config.ends = true;
    seen[0] = '\0';
    struct follower *follower = follower_open(&config, reason, sizeof reason);
    cr_assert(follower, "%s", reason);
    write_event(history, name, 9000); /* after it was opened */
    do {
        count = 0;
        state = follower_read(follower, note, &count, trouble);
    } while (state == FOLLOWER_MORE);
    cr_expect_eq(state, FOLLOWER_AT_END, "%s", name);
    cr_expect_str_eq(seen, expected, "%s", name);
    follower_close(follower);
}

Test(follower, ends_where_it_is_told_to)
{
    static const struct {
        const char *name;
        int since, until; /* minutes ago; -1: none */
        const char *seen;
    } rows[] = {
        {"what there is", 150, -1, "b c "},
        {"up to a time", 9999, 90, "a b "},
        {"up to a time before all", 9999, 200, ""},
        {"between two times", 150, 90, "b "},
        {"from the end on", -1, -1, ""},
    };
    struct history *history = open_journal();
    write_three(history);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct follower_config part = {.since_ms = FOLLOWER_NOW};
        if (rows[i].since >= 0)
            part.since_ms = now_ms() - rows[i].since * (HOUR_MS / 60);
        if (rows[i].until >= 0)
            part.until_ms = now_ms() - rows[i].until * (HOUR_MS / 60);
        expect_part(history, &part, rows[i].seen, rows[i].name);
    }
    history_close(history);
}

Test(follower, goes_over_to_the_next_journal)
{
    char said[HISTORY_TEXT_SIZE];
    struct history *history = open_journal();
    struct follower *follower = follow(history, 0);
    write_event(history, "a", 1000);
    cr_expect_str_eq(read_all(follower, said), "a ");
    write_event(history, "b", 2000);
    remove_all(path);
    write_event(history, "c", 3000);
    cr_expect_str_eq(read_all(follower, said), "b c ");
    cr_expect_str_eq(said, "");
    follower_close(follower);
    history_close(history);
}

/* The program that keeps it was started again meanwhile, and counts from 1. */
Test(follower, tells_that_another_program_has_begun_another_journal)
{
    char said[HISTORY_TEXT_SIZE];
    struct history *history = open_journal();
    write_event(history, "a", 1000);
    write_event(history, "b", 2000);
    struct follower *follower = follow(NULL, 0);
    cr_expect_str_eq(read_all(follower, said), "a b ");
    cr_expect_eq(follower_journals(follower), 0);
    history_close(history);
    remove_all(path);
    history = open_journal();
    write_event(history, "c", 3000);
    cr_expect_str_eq(read_all(follower, said), "c ");
    cr_expect_eq(follower_journals(follower), 1);
    follower_close(follower);
    history_close(history);
}

/* A file that was emptied, or another one of the same number: the system gives those again. The
 * new journal may have fewer events, as many, or more. */
Test(follower, tells_so_too_when_the_file_has_kept_its_number)
{
    static const char *const seen_then[] = {"c1 ", "c1 c2 ", "c1 c2 c3 "};
    for (size_t i = 0; i < sizeof seen_then / sizeof *seen_then; i++) {
        char said[HISTORY_TEXT_SIZE];
        size_t count = 0;
        struct history *history = open_journal();
        write_event(history, "a", 1000);
        write_event(history, "b", 2000);
        struct follower *follower = follow(NULL, 0);
        cr_expect_str_eq(read_all(follower, said), "a b ");
        history_close(history);
        cr_assert_eq(truncate(path, 0), 0);
        cr_expect_eq(follower_read(follower, note, &count, said), FOLLOWER_LATER);
        history = open_journal();
        for (size_t n = 1; n <= i + 1; n++)
            write_event(history, (char[]){'c', (char)('0' + n), '\0'}, 3000 + (int64_t)n);
        cr_expect_str_eq(read_all(follower, said), seen_then[i]);
        cr_expect_str_eq(read_all(follower, said), "");
        cr_expect_eq(follower_journals(follower), 1);
        follower_close(follower);
        history_close(history);
        remove_all(path);
    }
}

Test(follower, leaves_out_what_is_damaged_and_goes_on)
{
    enum { EVENTS = 1000 };
    char said[HISTORY_TEXT_SIZE], id[32];
    struct history *history = open_journal();
    for (int i = 0; i < EVENTS; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        write_event(history, id, 1000);
    }
    history_close(history); /* so that everything is in the one file */
    damage_page("{\"id\":\"evt_700\"");
    history = open_journal();
    struct follower *follower = follow(history, 0);
    read_all(follower, said);
    cr_expect(strstr(seen, "evt_0 evt_1 "));
    cr_expect_not(strstr(seen, "evt_700 "));
    cr_expect(strstr(said, "damaged"), "\"%s\"", said);
    cr_expect_str_eq(read_all(follower, said), "");
    cr_expect_str_eq(said, "", "once is enough");
    write_event(history, "new", 2000);
    cr_expect_str_eq(read_all(follower, said), "new ");
    follower_close(follower);
    history_close(history);
}
