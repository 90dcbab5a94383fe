/*
 * Timelines: which events they show when there are more than they can show, and in which order.
 */
#include "journal.h"

#include "../../ui/timeline.h"
#include "../../ui/view.h"

TestSuite(timeline, .init = set_up, .fini = tear_down);

/* Events of one task; the journal has them from the first, memory from a later one on. */
struct world {
    struct history *history;
    struct store *store;
    struct past *past;
    struct past_config past_config;
    struct timeline timeline;
    struct event_ids ids;
    int64_t began_ms;
};

static struct world *world_new(void)
{
    struct world *world = calloc(1, sizeof *world);
    cr_assert(world);
    world->history = open_journal();
    world->store = store_new(RING_MIN_BYTES);
    world->past_config = (struct past_config){.path = path, .history = world->history};
    world->past = past_new(&world->past_config);
    cr_assert(world->store && world->past);
    world->timeline.trace.older.past = world->past;
    world->timeline.height = 20;
    world->ids.of[ENTITY_TASK] = store_id(world->store, (enum id_kind)ENTITY_TASK, "tsk_1");
    world->began_ms = now_ms();
    return world;
}

static void world_free(struct world *world)
{
    timeline_free(&world->timeline);
    past_free(world->past);
    store_free(world->store);
    history_close(world->history);
    free(world);
}

/* Adds events that were created one after the other, or all at once; those before `from` to the
 * journal only. */
static void add(struct world *world, int count, int from, bool at_once)
{
    enum { BATCH = 500 };
    static char raw[BATCH][160];
    static char ids[BATCH][24];
    struct history_entry entries[BATCH];
    for (int done = 0; done < count;) {
        int part = count - done < BATCH ? count - done : BATCH;
        for (int i = 0; i < part; i++) {
            int number = done + i + 1;
            int64_t created_ms = world->began_ms + (at_once ? 0 : number);
            snprintf(ids[i], sizeof ids[i], "evt_%d", number);
            int length = snprintf(raw[i], sizeof raw[i],
                                  "{\"id\":\"%s\",\"type\":\"task.failed\",\"data\":"
                                  "{\"task_id\":\"tsk_1\",\"number\":%d}}",
                                  ids[i], number);
            entries[i] = (struct history_entry){.id = ids[i],
                                                .type = "task.failed",
                                                .raw = raw[i],
                                                .length = (size_t)length,
                                                .created_ms = created_ms,
                                                .received_ms = created_ms,
                                                .verified = true};
        }
        cr_assert(history_write(world->history, entries, (size_t)part, reason, sizeof reason), "%s",
                  reason);
        for (int i = 0; i < part; i++) {
            struct event event;
            uint64_t seq;
            char why[128];
            if (done + i + 1 < from)
                continue;
            cr_assert(event_decode(&event, raw[i], entries[i].length, why, sizeof why));
            event.created_ms = entries[i].created_ms;
            store_add(world->store,
                      &(struct store_arrival){.event = &event,
                                              .raw = raw[i],
                                              .length = entries[i].length,
                                              .received_ms = entries[i].received_ms,
                                              .row = entries[i].row},
                      &seq);
            event_free(&event);
        }
        done += part;
    }
}

static void update(struct world *world)
{
    while (!timeline_update(&world->timeline, world->store, &world->ids, now_ms()))
        ;
}

static int64_t row_at(const struct world *world, size_t index)
{
    return world->timeline.items[index].row;
}

static const struct {
    const char *name;
    int events, from; /* the first that is in memory */
    int origin;       /* 0: none */
    int first, last;  /* that are shown */
    bool older, newer;
} rows[] = {
    {"few", 50, 1, 3, 1, 50, false, false},
    {"few, the first in the journal only", 50, 40, 3, 1, 50, false, false},
    {"many, of no event", 12000, 1, 0, 7001, 12000, true, false},
    {"many, of one of the newest", 12000, 1, 11000, 7001, 12000, true, false},
    {"many, of an old one", 12000, 1, 6000, 3501, 8500, true, true},
    {"many, of the oldest", 12000, 1, 1, 1, 5000, false, true},
    {"many, of one in the journal", 12000, 11000, 6000, 3500, 8499, true, true},
    {"many, of the oldest in the journal", 12000, 11000, 1, 1, 5000, false, true},
};

Test(timeline, the_event_itself_is_always_among_those_shown, .timeout = 120)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world *world = world_new();
        add(world, rows[i].events, rows[i].from, false);
        int origin = rows[i].origin;
        uint64_t number = origin == 0             ? 0
                          : origin < rows[i].from ? VIEW_PAST | (uint64_t)origin
                                                  : (uint64_t)(origin - rows[i].from + 1);
        struct timeline *timeline = &world->timeline;
        timeline_reset(timeline, number);
        for (int round = 0; round < 2; round++) {
            update(world);
            cr_assert_eq(timeline->count, (size_t)(rows[i].last - rows[i].first + 1), "%s: %zu",
                         rows[i].name, timeline->count);
            cr_expect_eq(row_at(world, 0), rows[i].first, "%s: %d", rows[i].name,
                         (int)row_at(world, 0));
            cr_expect_eq(row_at(world, timeline->count - 1), rows[i].last, "%s", rows[i].name);
            cr_expect_eq(timeline->older, rows[i].older, "%s", rows[i].name);
            cr_expect_eq(timeline->newer, rows[i].newer, "%s", rows[i].name);
            if (origin)
                cr_expect_eq(row_at(world, timeline->cursor), origin, "%s", rows[i].name);
            /* A duplicate changes nothing. */
            store_repeat(world->store, "evt_12000");
        }
        world_free(world);
        tear_down();
        strcpy(home, "/tmp/anchortop-history-XXXXXX");
        set_up();
    }
}

Test(timeline, events_of_one_moment_stand_as_they_came)
{
    struct world *world = world_new();
    add(world, 20, 8, true);
    timeline_reset(&world->timeline, 0);
    update(world);
    cr_assert_eq(world->timeline.count, 20);
    for (size_t i = 0; i < 20; i++)
        cr_expect_eq(row_at(world, i), (int64_t)i + 1, "%zu", i);
    world_free(world);
}
