/*
 * The promise of entity.h: any permutation of the same events, whatever was delivered twice, gives
 * the same entities. Random small histories, each folded as it happened and in another order.
 *
 * The number of histories is that of the environment's HISTORIES, else as many as take some
 * seconds.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entity.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SLOW
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SLOW)
enum { HISTORIES = 3000 };
#else
enum { HISTORIES = 100000 };
#endif

/* Histories are drawn from one pool of events, decoded once. There are few ids and times in it, so
 * that the events of a history have to do with each other. */
enum { POOL = 8192, LENGTH = 40 };

static const struct hash_seed seed = {{3, 4}};

static struct event pool[POOL];
static struct entity_facts facts[POOL];

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static unsigned below(uint64_t *random, unsigned end)
{
    return (unsigned)(next_random(random) % end);
}

struct writer {
    char text[2048];
    size_t length;
    uint64_t random;
};

/* Adds a member in three of four cases; "%u" in it becomes a number below `choices`. */
static void maybe(struct writer *writer, const char *member, const char *end, unsigned choices)
{
    if (below(&writer->random, 4) == 0)
        return;
    writer->length +=
        (size_t)snprintf(writer->text + writer->length, sizeof writer->text - writer->length,
                         ",%s%u%s", member, below(&writer->random, choices), end);
}

static const char *const types[] = {
    "task.completed",
    "task.completed",
    "task.failed",
    "task.failed",
    "task.cancelled",
    "task.healed",
    "task.paused",
    "session.completed",
    "session.failed",
    "session.recording.ready",
    "session.paused",
    "session.cancelled",
    "session.terminated",
    "intervention.requested",
    "intervention.requested",
    "intervention.requested",
    "intervention.resolved",
    "intervention.reminded",
    "intervention.expired",
    "batch.completed",
    "batch.failed",
    "identity.authenticated",
    "identity.authentication_failed",
    "export.failed",
};

/* Every type has members of all of them: what is none of its business must not matter. */
static void write_event(struct writer *writer, unsigned number)
{
    static const struct {
        const char *member, *end;
        unsigned choices;
    } members[] = {
        {"\"task_id\":\"tsk_", "\"", 3},
        {"\"session_id\":\"ses_", "\"", 3},
        {"\"request_id\":\"req_", "\"", 4},
        {"\"batch_id\":\"bat_", "\"", 2},
        {"\"identity_id\":\"idn_", "\"", 2},
        {"\"execution_id\":\"exr_", "\"", 50},
        {"\"source_execution_id\":\"exr_", "\"", 50},
        {"\"task_version_id\":\"v", "\"", 5},
        {"\"execution_mode\":\"mode_", "\"", 2},
        {"\"duration_ms\":", "", 20},
        {"\"cost\":{\"amount\":0.0", ",\"currency\":\"USD\"}", 100},
        {"\"cost\":{\"amount\":0.01,\"currency\":\"C", "\"}", 12},
        {"\"error\":{\"type\":\"t\",\"message\":\"m", "\"}", 9},
        {"\"failure_type\":\"f", "\"", 3},
        {"\"healed_task_version_id\":\"h", "\"", 9},
        {"\"confidence_score\":0.", "", 10},
        {"\"reason\":\"r", "\"", 5},
        {"\"steps\":", "", 9},
        {"\"size_bytes\":", "", 9},
        {"\"domains\":[\"a.example\",\"d", "\"]", 9},
        {"\"message\":\"m", "\"", 9},
        {"\"status\":\"s", "\"", 4},
        {"\"total_requests\":", "", 9},
        {"\"application_id\":\"app_", "\"", 3},
        {"\"session_dashboard_url\":\"https://d/", "\"", 9},
        {"\"recording_url\":\"https://r/", "\"", 9},
    };
    const char *type = types[below(&writer->random, sizeof types / sizeof *types)];
    writer->length = (size_t)snprintf(writer->text, sizeof writer->text,
                                      "{\"id\":\"evt_%u_%u\",\"type\":\"%s\",\"data\":{\"x\":0",
                                      below(&writer->random, 9), number, type);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        maybe(writer, members[i].member, members[i].end, members[i].choices);
    writer->length +=
        (size_t)snprintf(writer->text + writer->length, sizeof writer->text - writer->length, "}}");
}

static void fill_pool(const struct entities *entities)
{
    struct writer writer = {.random = 5};
    char reason[256];
    for (unsigned i = 0; i < POOL; i++) {
        write_event(&writer, i);
        cr_assert(event_decode(&pool[i], writer.text, writer.length, reason, sizeof reason), "%s",
                  reason);
        pool[i].created_ms = 1 + below(&writer.random, 12); /* many at the same time */
        entities_read(entities, &pool[i], 100, &facts[i]);
    }
}

/* What came of the events, folded in this order, each the first time that it comes. */
static char *outcome(const unsigned *order, unsigned count)
{
    struct entities *entities = entities_new(50, &seed);
    cr_assert_not_null(entities);
    for (unsigned i = 0; i < count; i++) {
        unsigned k = 0;
        while (order[k] != order[i])
            k++;
        if (k == i)
            entities_fold(entities, &facts[order[i]], i + 1, 0);
    }
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert_not_null(file);
    entities_write(entities, file);
    fclose(file);
    entities_free(entities);
    return text;
}

/* The same events in another order, some of them repeated. */
static unsigned reorder(const unsigned *events, unsigned count, unsigned *order, uint64_t *random)
{
    unsigned total = count;
    memcpy(order, events, count * sizeof *order);
    for (unsigned i = 0; i < count; i++)
        if (below(random, 8) == 0)
            order[total++] = events[i];
    for (unsigned i = total; i > 1; i--) {
        unsigned k = below(random, i), held = order[i - 1];
        order[i - 1] = order[k];
        order[k] = held;
    }
    return total;
}

static unsigned long histories(void)
{
    const char *text = getenv("HISTORIES");
    return text ? strtoul(text, NULL, 10) : HISTORIES;
}

Test(entity_order, does_not_matter, .timeout = 600)
{
    struct entities *entities = entities_new(1, &seed);
    cr_assert_not_null(entities);
    fill_pool(entities);
    entities_free(entities);

    uint64_t random = 9;
    for (unsigned long history = 0; history < histories(); history++) {
        unsigned events[LENGTH], order[2 * LENGTH], count = 1 + below(&random, LENGTH);
        for (unsigned i = 0; i < count; i++)
            events[i] = below(&random, POOL);
        unsigned total = reorder(events, count, order, &random);
        char *expected = outcome(events, count), *found = outcome(order, total);
        cr_assert_str_eq(found, expected, "history %lu", history);
        free(expected);
        free(found);
    }
    for (unsigned i = 0; i < POOL; i++)
        event_free(&pool[i]);
}
