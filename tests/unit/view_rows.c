/*
 * The rows of views: what is found of them, and when they are looked at again.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../ui/view.h"

enum { HEIGHT = 20, BEGAN = 1000000 };

static struct store *store;
static struct view view;

static void set_up(void)
{
    store = store_new(RING_MIN_BYTES);
    cr_assert(store);
}

static void tear_down(void)
{
    view_free(&view);
    store_free(store);
}

TestSuite(view_rows, .init = set_up, .fini = tear_down);

static void add(const char *type, const char *data)
{
    static int number;
    static char raw[1 << 16];
    char reason[128];
    struct event event;
    uint64_t seq;
    int length = snprintf(raw, sizeof raw, "{\"id\":\"evt_%d\",\"type\":\"%s\",\"data\":{%s}}",
                          ++number, type, data);
    cr_assert(event_decode(&event, raw, (size_t)length, reason, sizeof reason), "%s", reason);
    store_add(store,
              &(struct store_arrival){
                  .event = &event, .raw = raw, .length = (size_t)length, .received_ms = number},
              &seq);
    event_free(&event);
}

static void add_session(int number, int steps)
{
    char data[128];
    snprintf(data, sizeof data, "\"session_id\":\"ses_%d\",\"steps\":%d", number, steps);
    add("session.completed", data);
}

static void update(int64_t now_ms)
{
    while (!view_update(&view, store, HEIGHT, now_ms))
        ;
}

static void set_filter(const char *text)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, &error);
    cr_assert(filter, "%s", text);
    view_set_filter(&view, filter);
}

static void sort_by(const char *title)
{
    for (size_t i = 0; i < view.class->column_count; i++)
        view.widths[i] = 1;
    for (size_t i = 0; strcmp(view.class->columns[view.sort].title, title) != 0; i++) {
        cr_assert_lt(i, view.class->column_count);
        view_sort(&view, 1);
    }
}

Test(view_rows, a_large_table_says_when_it_catches_up)
{
    enum { SESSIONS = 6000 };
    view_init(&view, VIEW_SESSIONS);
    sort_by("STEPS");
    for (int i = 1; i <= SESSIONS; i++)
        add_session(i, i);
    update(BEGAN);
    cr_assert_eq(view_count(&view), SESSIONS);
    cr_expect_eq(view_wait_ms(&view, store, BEGAN), -1, "nothing has come");

    /* What comes so soon after that is not sorted in at once, but soon. */
    add_session(SESSIONS + 1, SESSIONS + 1);
    update(BEGAN + 10);
    cr_expect_eq(view_count(&view), SESSIONS);
    int wait_ms = view_wait_ms(&view, store, BEGAN + 10);
    cr_assert(wait_ms > 0 && wait_ms <= 1000, "%d", wait_ms);
    update(BEGAN + 10 + wait_ms);
    cr_assert_eq(view_count(&view), SESSIONS + 1);
    cr_expect_str_eq(entity_id(view.window[0].entity), "ses_6001");
    cr_expect_eq(view_wait_ms(&view, store, BEGAN + 10 + wait_ms), -1);
}

static const struct {
    const char *name, *filter, *scope;
    uint64_t held_back; /* of every six events that came */
} pauses[] = {
    {"all", "", NULL, 6},
    {"by type", "type:task.failed", NULL, 2},
    {"by path", "data.number=1", NULL, 2},
    {"of a task", "", "tsk_0", 3},
    {"of a task by path", "data.number=1", "tsk_0", 1},
};

Test(view_rows, a_pause_counts_what_came_also_when_memory_has_let_go_of_it)
{
    enum { ROUNDS = 500, A_ROUND = 10 };
    char pad[8192], data[9000];
    memset(pad, 'x', sizeof pad - 1);
    pad[sizeof pad - 1] = '\0';
    for (size_t p = 0; p < sizeof pauses / sizeof *pauses; p++) {
        view_init(&view, VIEW_EVENTS);
        if (*pauses[p].filter)
            set_filter(pauses[p].filter);
        view_set_scope(&view, ENTITY_TASK, pauses[p].scope);
        add("task.failed", "\"task_id\":\"tsk_0\",\"number\":1");
        update(BEGAN);
        store_lock(store);
        view_pause(&view, store, true);
        uint64_t end = view.paused_end;
        store_unlock(store);
        for (uint64_t round = 1; round <= ROUNDS; round++) {
            for (int i = 0; i < 6; i++) {
                snprintf(data, sizeof data, "\"task_id\":\"tsk_%d\",\"number\":%d,\"pad\":\"%s\"",
                         i % 2, i % 3, pad);
                add(i % 3 ? "task.completed" : "task.failed", data);
            }
            if (round % A_ROUND)
                continue;
            while (!view_count_held_back(&view, store, BEGAN))
                ;
            cr_assert_eq(view.held_back, round * pauses[p].held_back, "%s: %d after %d rounds",
                         pauses[p].name, (int)view.held_back, (int)round);
        }
        cr_expect_gt(ring_first(store_ring(store)), end, "memory has not wrapped");
        view_free(&view);
        memset(&view, 0, sizeof view);
    }
}
