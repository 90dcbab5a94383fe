/*
 * Sample events: every type of the catalogue, as Anchor would send it.
 */
#include "sample.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"

static const int64_t created_ms = 1779625085123; /* 2026-05-24T12:18:05.123Z */

static void decode(const struct sample *sample, const char *type, struct event *event)
{
    char reason[160] = "";
    char *body = sample_envelope(sample, type, "evt_1", created_ms);
    cr_assert(body, "%s", type);
    cr_assert(event_decode(event, body, strlen(body), reason, sizeof reason), "%s: %s", type,
              reason);
    free(body);
}

Test(sample, every_type_of_the_catalogue_can_be_written)
{
    struct dice dice = {1};

    for (size_t t = 0; t < SAMPLE_TASKS; t++) {
        struct sample sample;
        sample_roll(&sample, &sample_tasks[t], &dice);
        for (size_t i = 0; i < catalog_size; i++) {
            struct event event;
            decode(&sample, catalog[i].name, &event);
            cr_expect_str_eq(event.type, catalog[i].name);
            cr_expect_eq(event.created_ms, created_ms, "%s", catalog[i].name);
            cr_expect(event.subject, "%s names what it is about", catalog[i].name);
            cr_expect(event.project, "%s", catalog[i].name);
            cr_expect(strchr(event.text, '`'), "%s: %s", catalog[i].name, event.text);
            event_free(&event);
        }
    }
}

Test(sample, a_type_that_the_catalogue_does_not_have_is_not_made_up)
{
    struct dice dice = {1};
    struct sample sample;
    sample_roll(&sample, &sample_tasks[0], &dice);
    cr_expect_null(sample_envelope(&sample, "task.paused", "evt_1", created_ms));
}

Test(sample, events_of_one_sample_belong_together)
{
    static const char *const types[] = {"task.completed", "task.failed", "session.completed",
                                        "intervention.requested", "identity.authenticated"};
    struct dice dice = {7};
    struct sample sample;
    sample_roll(&sample, &sample_tasks[0], &dice);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct event event;
        decode(&sample, types[i], &event);
        cr_expect_str_eq(event_data_string(&event, "session_id"), sample.session_id, "%s",
                         types[i]);
        event_free(&event);
    }
}

Test(sample, event_ids_are_ulids_that_sort_by_time)
{
    struct dice dice = {3};
    char first[SAMPLE_EVENT_ID_SIZE], second[SAMPLE_EVENT_ID_SIZE], third[SAMPLE_EVENT_ID_SIZE];
    sample_event_id(first, created_ms, &dice);
    sample_event_id(second, created_ms, &dice);
    sample_event_id(third, created_ms + 1, &dice);
    cr_expect_eq(strlen(first), SAMPLE_EVENT_ID_SIZE - 1);
    cr_expect_eq(strncmp(first, "evt_01K", 7), 0, "%s", first);
    cr_expect_str_neq(first, second);
    cr_expect_lt(strcmp(first, third), 0);
    cr_expect_lt(strcmp(second, third), 0);
}
