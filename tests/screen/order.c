/* Events that come late, twice or in another order than they happened: the screen shows what is
 * true all the same. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(order, .fini = programs_stop);

#define ASKS     "intervention.requested", "\"request_id\":\"req_1\",\"session_id\":\"ses_1\""
#define ANSWERED "intervention.resolved", "\"request_id\":\"req_1\",\"session_id\":\"ses_1\""
#define FAILED   "session.failed", "\"session_id\":\"ses_1\",\"reason\":\"browser_unreachable\""
#define LAST     "session.completed", "\"session_id\":\"ses_last\""

Test(order, interventions_stand_as_they_are_in_the_end)
{
    enum { EVENTS = 6 };
    static const struct {
        const char *name;
        struct watch_event events[EVENTS];
        const char *state, *waited;
    } rows[] = {
        {"in order", {{90, ASKS}, {30, ANSWERED}, {0, LAST}}, "resolved", "1m00s"},
        {"resolved before it is requested",
         {{30, ANSWERED}, {90, ASKS}, {0, LAST}},
         "resolved",
         "1m00s"},
        {"the session ends while it waits", {{90, ASKS}, {30, FAILED}, {0, LAST}}, "abandoned", ""},
        {"the end of the session comes first",
         {{30, FAILED}, {90, ASKS}, {0, LAST}},
         "abandoned",
         ""},
        {"requested again after the answer",
         {{90, ASKS}, {30, ANSWERED}, {10, ASKS}, {0, LAST}},
         "resolved",
         "1m00s"},
        {"requested again before the answer comes",
         {{90, ASKS}, {10, ASKS}, {30, ANSWERED}, {0, LAST}},
         "resolved",
         "1m00s"},
        {"answered after the session has ended",
         {{90, ASKS}, {60, FAILED}, {30, ANSWERED}, {0, LAST}},
         "resolved",
         "1m00s"},
        {"the request comes an hour late",
         {{30, ANSWERED}, {3630, ASKS}, {0, LAST}},
         "resolved",
         "1h00m"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 120});
        watch_send_all(&watch, "evt", rows[i].events);
        program_wait_text(watch.program, "ses_last");
        program_keys(watch.program, "4");
        watch_wait_words(&watch, rows[i].state, rows[i].waited, "ses_1");
        cr_expect_eq(program_find_row(watch.program, " waiting, oldest"), -1, "%s:\n%s",
                     rows[i].name, program_dump(watch.program));
        program_stop(watch.program);
    }
}

#define RUN(more) "\"task_id\":\"tsk_1\",\"session_id\":\"ses_1\"," more
#define WORKED    "task.completed", RUN("\"duration_ms\":1000")
#define BROKE     "task.failed", RUN("\"duration_ms\":1000,\"error\":{\"message\":\"Broke\"}")
#define LAST_TASK "task.completed", "\"task_id\":\"tsk_last\""

Test(order, runs_count_where_they_happened)
{
    enum { EVENTS = 6 };
    static const struct {
        const char *name;
        struct watch_event events[EVENTS];
        const char *words[8];
    } rows[] = {
        {"a failure of an hour ago is not the last outcome",
         {{60, WORKED}, {3660, BROKE}, {0, LAST_TASK}},
         {"✓", "tsk_1", "2", "50%", "Broke"}},
        {"a success of an hour ago does not end the streak",
         {{90, BROKE}, {60, BROKE}, {3660, WORKED}, {0, LAST_TASK}},
         {"✗", "tsk_1", "2", "3", "33.3%", "Broke"}},
        {"a late success between two failures does",
         {{3690, BROKE}, {60, BROKE}, {3660, WORKED}, {0, LAST_TASK}},
         {"✗", "tsk_1", "1", "3", "33.3%", "Broke"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 160});
        watch_send_all(&watch, "evt", rows[i].events);
        program_wait_text(watch.program, "tsk_last");
        program_keys(watch.program, "2");
        watch_wait_words_at(&watch, rows[i].words, rows[i].name, __LINE__);
        program_stop(watch.program);
    }
}

/* The figures of the last hour leave out what is older, whenever it comes. */
Test(order, the_last_hour_is_by_the_clock)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 200});
    watch_send_ago(&watch, "evt_1", 7300, "task.failed", "\"task_id\":\"tsk_1\"");
    watch_send_ago(&watch, "evt_2", 60, "task.completed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, 0, "100% ok/h");
    watch_send_ago(&watch, "evt_3", 30, "task.failed", "\"task_id\":\"tsk_1\"");
    program_wait_row(watch.program, 0, "50% ok/h");
}

Test(order, a_login_of_an_hour_ago_does_not_mend_an_identity)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 24, .columns = 160});
    watch_send_ago(&watch, "evt_1", 60, "identity.authentication_failed",
                   "\"identity_id\":\"idn_1\",\"failure_type\":\"invalid_credentials\"");
    watch_send_ago(&watch, "evt_2", 3660, "identity.authenticated", "\"identity_id\":\"idn_1\"");
    program_wait_row(watch.program, 0, "2 events");
    program_keys(watch.program, "6");
    watch_wait_words(&watch, "✗", "idn_1", "failed", "1", "1", "1", "invalid_credentials");
}
