/*
 * The journal's own clock: see history_clock.h.
 */
#include "history_clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

enum { CONFIRM_MS = 120 * 1000 }; /* how near to the sender's clock a good signature is */

static int64_t within(int64_t ms)
{
    return ms < 0 ? 0 : ms > CLOCK_MAX_MS ? CLOCK_MAX_MS : ms;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool same_boot(const struct machine_time *before, const struct machine_time *now)
{
    return now->boot[0] && strcmp(before->boot, now->boot) == 0 &&
           now->uptime_ms >= before->uptime_ms;
}

/* The journal's time, as the system's clock has it. That may have been wrong at the last moment
 * which is known, or be wrong now: of what is possible the least is taken. */
static int64_t estimate(const struct clock_mark *last, int64_t unix_ms)
{
    const int64_t guesses[] = {last->arrived_ms + (unix_ms - last->machine.unix_ms), unix_ms};
    int64_t found = INT64_MAX;
    for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++)
        if (guesses[i] >= last->arrived_ms && guesses[i] < found)
            found = guesses[i];
    return found == INT64_MAX ? last->arrived_ms : found;
}

struct clock_mark history_clock_continue(const struct clock_mark *mark,
                                         const struct clock_mark *newest,
                                         const struct machine_time *now)
{
    int64_t floor = newest ? newest->arrived_ms : 0;
    struct clock_mark here = {.machine = *now, .arrived_ms = now->unix_ms};
    if (!mark && !newest)
        return here;
    if (mark && same_boot(&mark->machine, now)) {
        int64_t passed = now->uptime_ms - mark->machine.uptime_ms;
        here.arrived_ms = later(floor, within(mark->arrived_ms + passed));
        return here;
    }
    const struct clock_mark *last = !mark || floor > mark->arrived_ms ? newest : mark;
    here.arrived_ms = within(estimate(last, now->unix_ms));
    here.doubt_ms = here.arrived_ms - last->arrived_ms;
    return here;
}

/* The first row of a query as a mark: arrived_ms, doubt_ms, unix_ms, uptime_ms and name. */
static int ask_mark(sqlite3 *db, const char *sql, struct clock_mark *mark, bool *found)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found) {
        const char *boot = (const char *)sqlite3_column_text(statement, 4);
        *mark = (struct clock_mark){
            .arrived_ms = within(sqlite3_column_int64(statement, 0)),
            .doubt_ms = within(sqlite3_column_int64(statement, 1)),
            .machine = {.unix_ms = within(sqlite3_column_int64(statement, 2)),
                        .uptime_ms = within(sqlite3_column_int64(statement, 3))}};
        snprintf(mark->machine.boot, sizeof mark->machine.boot, "%s", boot ? boot : "");
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

int history_clock_start(struct history_clock *clock, sqlite3 *db)
{
    static const char last_mark[] =
        "SELECT arrived_ms, doubt_ms, unix_ms, uptime_ms, name FROM boot ORDER BY row DESC LIMIT 1";
    static const char newest_event[] =
        "SELECT arrived_ms, 0, received_ms, 0, NULL FROM event ORDER BY row DESC LIMIT 1";
    struct clock_mark mark, newest;
    bool has_mark = false, has_newest = false;
    int code = ask_mark(db, last_mark, &mark, &has_mark);
    if (code == SQLITE_OK)
        code = ask_mark(db, newest_event, &newest, &has_newest);
    if (code != SQLITE_OK)
        return code;
    struct machine_time now = machine_time();
    now.unix_ms = within(now.unix_ms);
    const struct clock_mark here =
        history_clock_continue(has_mark ? &mark : NULL, has_newest ? &newest : NULL, &now);
    bool marked = has_mark && same_boot(&mark.machine, &now);
    *clock = (struct history_clock){.start = marked ? mark : here,
                                    .arrived_ms = here.arrived_ms,
                                    .steady_ms = machine_steady_ms(),
                                    .marked = marked};
    return SQLITE_OK;
}

int history_clock_keep(struct history_clock *clock, sqlite3 *db)
{
    static const char insert[] =
        "INSERT INTO boot (after_row, name, uptime_ms, unix_ms, arrived_ms, doubt_ms)"
        " VALUES (ifnull((SELECT max(row) FROM event), 0), ?1, ?2, ?3, ?4, ?5)";
    static const char tidy[] = "DELETE FROM boot WHERE row < (SELECT max(row) FROM boot) AND"
                               " (doubt_ms = 0 OR after_row < (SELECT min(row) FROM event))";
    sqlite3_stmt *statement;
    if (clock->marked)
        return SQLITE_OK;
    int code = sqlite3_prepare_v2(db, insert, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    const struct clock_mark *start = &clock->start;
    sqlite3_bind_text(statement, 1, start->machine.boot, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, start->machine.uptime_ms);
    sqlite3_bind_int64(statement, 3, start->machine.unix_ms);
    sqlite3_bind_int64(statement, 4, start->arrived_ms);
    sqlite3_bind_int64(statement, 5, start->doubt_ms);
    sqlite3_step(statement);
    code = sqlite3_finalize(statement);
    clock->marked = code == SQLITE_OK;
    return code == SQLITE_OK ? sqlite3_exec(db, tidy, NULL, NULL, NULL) : code;
}

int64_t history_clock_arrival_ms(const struct history_clock *clock)
{
    return within(clock->arrived_ms + (machine_steady_ms() - clock->steady_ms));
}

int64_t history_clock_ahead_ms(const struct history_clock *clock)
{
    return history_clock_arrival_ms(clock) - clock_now_ms();
}

/* How much of the journal's time since the last signed delivery before this boot is still doubtful,
 * when another one arrives at a time of the system's clock: both were received while it was right.
 */
static int remaining_doubt(const struct history_clock *clock, sqlite3 *db, int64_t received_ms,
                           int64_t *doubt_ms)
{
    static const char last_signed[] =
        "SELECT arrived_ms, 0, received_ms, 0, NULL FROM event, (SELECT after_row AS last FROM boot"
        " ORDER BY boot.row DESC LIMIT 1) WHERE row <= last AND row > last - 1000 AND verified"
        " ORDER BY row DESC LIMIT 1";
    struct clock_mark before;
    bool found = false;
    int code = ask_mark(db, last_signed, &before, &found);
    if (!found)
        return code;
    int64_t passed = within(received_ms) - before.machine.unix_ms;
    int64_t excess = history_clock_arrival_ms(clock) - before.arrived_ms - passed;
    *doubt_ms = excess <= 2 * CONFIRM_MS ? 0 : excess < *doubt_ms ? excess : *doubt_ms;
    return code;
}

int history_clock_confirm(struct history_clock *clock, sqlite3 *db, int64_t received_ms)
{
    struct clock_mark *start = &clock->start;
    int64_t right_ms =
        start->machine.unix_ms + (history_clock_arrival_ms(clock) - start->arrived_ms);
    if (start->doubt_ms == 0 || clock->confirmed || received_ms < right_ms - CONFIRM_MS ||
        received_ms > right_ms + CONFIRM_MS)
        return SQLITE_OK;
    char sql[128];
    int64_t doubt_ms = start->doubt_ms;
    int code = remaining_doubt(clock, db, received_ms, &doubt_ms);
    snprintf(sql, sizeof sql,
             "UPDATE boot SET doubt_ms = %" PRId64 " WHERE row = (SELECT max(row) FROM boot)",
             doubt_ms);
    if (code == SQLITE_OK && doubt_ms < start->doubt_ms)
        code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    clock->confirmed = code == SQLITE_OK;
    if (clock->confirmed)
        start->doubt_ms = doubt_ms;
    return code;
}

int history_clock_doubt(sqlite3 *db, int64_t *doubt_ms)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db,
                                  "SELECT total(doubt_ms) FROM boot"
                                  " WHERE after_row >= (SELECT min(row) FROM event)",
                                  -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    double sum = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_double(statement, 0) : 0;
    *doubt_ms = sum < 0 ? 0 : sum > (double)CLOCK_MAX_MS ? CLOCK_MAX_MS : (int64_t)sum;
    return sqlite3_finalize(statement);
}
