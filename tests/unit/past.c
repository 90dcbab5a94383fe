/* The journal's events that memory no longer has, by row. */
#include "past.h"

#include "journal.h"

TestSuite(past, .init = set_up, .fini = tear_down, .timeout = 60);

static struct past *look_back(struct history *history, int64_t since_ms)
{
    const struct past_config config = {.path = path, .history = history, .since_ms = since_ms};
    struct past *past = past_new(&config);
    cr_assert(past);
    return past;
}

static int64_t row_of(const char *id)
{
    struct history_reader *reader = open_reader();
    int64_t row = history_row_of(reader, id);
    history_reader_close(reader);
    return row;
}

#define HOUR_MS INT64_C(3600000)

Test(past, begins_with_the_oldest_row)
{
    static const struct {
        const char *name;
        int64_t ago_ms; /* 0: all */
        int64_t end, first;
    } rows[] = {
        {"all below the newest", 0, 4, 1}, {"below the second", 0, 2, 1},
        {"below the oldest", 0, 1, 1},     {"from a time on", 7 * HOUR_MS / 2, 4, 2},
        {"after all", HOUR_MS / 2, 4, 4},  {"a time above the end", 3 * HOUR_MS / 2, 3, 3},
        {"another journal's", 0, 5, 5},
    };
    struct history *history = open_journal();
    static const char *const ids[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        write_event(history, ids[i], 1000);
        make_older(ids[i], (4 - (int64_t)i) * HOUR_MS);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct past *past = look_back(history, rows[i].ago_ms ? now_ms() - rows[i].ago_ms : 0);
        cr_expect_eq(past_first(past, rows[i].end), rows[i].first, "%s", rows[i].name);
        cr_expect_str_eq(past_trouble(past), "", "%s", rows[i].name);
        past_free(past);
    }
    history_close(history);
}

Test(past, copies_an_event)
{
    struct store_copy copy = {.seq = 7};
    struct history *history = open_journal();
    write_event(history, "a", 1000);
    write_event(history, "b", 2000);
    struct past *past = look_back(history, 0);
    cr_assert(past_copy(past, 2, &copy));
    cr_expect_str_eq(copy.raw, "{\"id\":\"b\",\"type\":\"task.failed\"}");
    cr_expect_eq(copy.record.length, strlen(copy.raw));
    cr_expect_eq(copy.record.received_ms, 2000);
    cr_expect_eq(copy.record.row, 2);
    cr_expect_eq(copy.record.outcome, OUTCOME_FAILED);
    cr_expect(copy.record.verified);
    cr_expect_eq(copy.seq, 7);
    cr_expect_not(past_copy(past, 3, &copy), "none yet");
    cr_expect_str_eq(past_trouble(past), "");
    write_event(history, "c", 3000);
    cr_expect(past_copy(past, 3, &copy), "read while it is written");
    store_copy_free(&copy);
    past_free(past);
    history_close(history);
}

static bool join_ids(void *context, const struct recalled *event)
{
    strcat(context, event->event->id);
    return event->event->id[0] != 'b';
}

Test(past, reads_backwards_until_told_to_stop)
{
    char ids[16] = "";
    struct history *history = open_journal();
    static const char *const names[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++)
        write_event(history, names[i], 1000);
    struct past *past = look_back(history, 0);
    const struct history_range range = {.row = 4, .backwards = true, .limit = 9};
    cr_expect(past_read(past, &range, join_ids, ids));
    cr_expect_str_eq(ids, "cb");
    past_free(past);
    history_close(history);
}

Test(past, rows_are_never_given_twice)
{
    struct store_copy copy = {0};
    struct history *history = open_journal();
    write_event(history, "a", 1000);
    write_event(history, "b", 2000);
    struct past *past = look_back(history, 0);
    cr_expect_eq(past_first(past, 2), 1);
    remove_all(path);
    write_event(history, "c", 3000);
    write_event(history, "d", 4000);
    cr_expect_eq(row_of("c"), 3, "the next journal goes on counting");
    cr_expect_eq(past_first(past, 2), 2, "what was deleted is not there");
    cr_expect_eq(past_first(past, 4), 3);
    cr_expect(past_copy(past, 3, &copy));
    cr_expect_not(past_copy(past, 1, &copy));
    store_copy_free(&copy);
    past_free(past);
    history_close(history);
}

Test(past, says_that_it_cannot_be_read_and_goes_on_when_it_can)
{
    struct store_copy copy = {0};
    const struct past_config config = {.path = path};
    struct past *past = past_new(&config);
    cr_expect_eq(past_first(past, 5), 5);
    cr_expect(strstr(past_trouble(past), path), "%s", past_trouble(past));
    struct history *history = open_journal();
    write_event(history, "a", 1000);
    write_event(history, "b", 1000);
    cr_expect_eq(past_first(past, 2), 1);
    cr_expect_str_eq(past_trouble(past), "");
    cr_expect(past_copy(past, 1, &copy));
    store_copy_free(&copy);
    past_free(past);
    history_close(history);
}

Test(past, damage_is_said_and_told_to_the_writer)
{
    enum { EVENTS = 1000 };
    char id[32], notice[HISTORY_TEXT_SIZE];
    struct store_copy copy = {0};
    struct history *history = open_journal();
    for (int i = 1; i <= EVENTS; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        write_event(history, id, 1000);
    }
    history_close(history); /* so that everything is in the one file */
    damage_page("{\"id\":\"evt_700\"");
    history = open_journal();
    struct past *past = look_back(history, 0);
    cr_expect(past_copy(past, 1, &copy));
    cr_expect_not(past_copy(past, 700, &copy));
    cr_expect(strstr(past_trouble(past), "damaged"), "%s", past_trouble(past));
    write_event(history, "new", 2000);
    cr_expect_eq(history_notice(history, notice), 1);
    store_copy_free(&copy);
    past_free(past);
    history_close(history);
}
