/*
 * The rows below the oldest event that is remembered: see older.h.
 */
#include "older.h"

#include <stdio.h>

#include "../src/text.h"
#include "../src/clock.h"

enum {
    BATCH = 100,     /* rows read in one go */
    RETRY_MS = 1000, /* when a search that failed is tried again, if there is a reason to draw */
};

void older_free(struct older *older)
{
    rows_free(&older->rows);
    rows_free(&older->again);
}

void older_reset(struct older *older, bool filtered, unsigned change)
{
    rows_reset(&older->rows, filtered);
    older->begun = older->looking_again = older->stuck = false;
    older->wanted = 0;
    older->sought = 0;
    older->reached_ms = 0;
    again_reset(&older->when, change);
}

void older_bound(struct older *older, int64_t end)
{
    struct rows_range *range = &older->range;
    /* Another journal has rows of its own. */
    if ((uint64_t)end < range->end && older->begun)
        older_reset(older, true, older->when.change);
    range->end = (uint64_t)end;
    if (range->first > range->end || range->first == 0)
        range->first = range->end; /* not known yet: see older_update() */
    if (!older->rows.filtered)
        older->rows.looked_at = *range;
}

void older_begin(struct older *older)
{
    if (older->begun || !older->rows.filtered)
        return;
    older->begun = true;
    older->rows.looked_at = (struct rows_range){older->range.end, older->range.end};
}

void older_want(struct older *older, size_t more)
{
    size_t count = rows_count(&older->rows);
    older_begin(older);
    older->wanted = more > SIZE_MAX - count ? SIZE_MAX : count + more;
    older->stuck = false;
    older->when.rarely = 0;
}

void older_seek(struct older *older, uint64_t row)
{
    older_begin(older);
    older->sought = row;
}

void older_rest(struct older *older)
{
    older->wanted = 0;
    older->sought = 0;
}

/* Rows that were not looked at, below those that were. */
static uint64_t rest(const struct older *older)
{
    return older->begun ? older->rows.looked_at.first - older->range.first
                        : older->range.end - older->range.first;
}

bool older_is_searching(const struct older *older)
{
    bool seeks = older->sought > 0 && older->rows.looked_at.first > older->sought;
    return older->begun && !older->stuck && rest(older) > 0 &&
           (seeks || older->rows.count < older->wanted);
}

bool older_has_more(const struct older *older)
{
    return older->past && older->rows.filtered && rest(older) > 0;
}

bool older_may_find(const struct older *older, uint64_t row)
{
    const struct rows_range *seen = &older->rows.looked_at;
    return older->begun && !older->stuck && row < older->range.end &&
           (row >= seen->end || (row < seen->first && row >= older->sought && older->sought > 0));
}

/* A part of a search, of the rows that are shown or of those that are looked at again. */
struct slice {
    struct older *older;
    const struct older_pass *pass;
    struct rows *rows;
    uint64_t down_to; /* when looking again */
    int64_t until_us;
    bool stopped;
};

static bool may_go_on(struct slice *slice)
{
    slice->stopped = clock_steady_us() >= slice->until_us;
    return !slice->stopped;
}

static bool goes_further(const struct slice *slice)
{
    return slice->rows == &slice->older->rows ? older_is_searching(slice->older)
                                              : slice->rows->looked_at.first > slice->down_to;
}

static bool passes(const struct slice *slice, const struct recalled *event)
{
    return slice->pass->match(slice->pass->context, event);
}

static bool take_newer(void *context, const struct recalled *event)
{
    struct slice *slice = context;
    uint64_t row = (uint64_t)event->record.row;
    if (row >= slice->older->range.end)
        return false;
    if (passes(slice, event))
        rows_add_newest(slice->rows, row);
    slice->rows->looked_at.end = row + 1;
    return may_go_on(slice);
}

static bool take_older(void *context, const struct recalled *event)
{
    struct slice *slice = context;
    uint64_t row = (uint64_t)event->record.row;
    if (row < slice->older->range.first)
        return false;
    if (passes(slice, event))
        rows_add_oldest(slice->rows, row);
    slice->rows->looked_at.first = row;
    if (slice->rows == &slice->older->rows)
        slice->older->reached_ms = event->record.received_ms;
    return may_go_on(slice) && goes_further(slice);
}

static bool read(struct slice *slice, const struct history_range *range, recalled_visit *visit)
{
    struct older *older = slice->older;
    if (past_read(older->past, range, visit, slice))
        return true;
    snprintf(older->trouble, sizeof older->trouble, "%s", past_trouble(older->past));
    older->stuck = true;
    older->retry_ms = slice->pass->now_ms + RETRY_MS;
    return false;
}

/* What has left memory since the last time. */
static bool look_at_newer(struct slice *slice)
{
    struct rows_range *seen = &slice->rows->looked_at;
    while (seen->end < slice->older->range.end && !slice->stopped) {
        const struct history_range range = {.row = (int64_t)seen->end - 1, .limit = BATCH};
        uint64_t before = seen->end;
        if (!read(slice, &range, take_newer))
            return false;
        if (seen->end == before)
            seen->end = slice->older->range.end; /* there are gaps, or they cannot be decoded */
    }
    return !slice->stopped;
}

static bool look_at_older(struct slice *slice)
{
    struct rows_range *seen = &slice->rows->looked_at;
    while (goes_further(slice) && !slice->stopped) {
        const struct history_range range = {
            .row = (int64_t)seen->first, .backwards = true, .limit = BATCH};
        uint64_t before = seen->first;
        if (!read(slice, &range, take_older))
            return false;
        if (seen->first == before)
            seen->first = slice->older->range.first;
    }
    return !goes_further(slice);
}

/* What was removed from the journal. */
static void trim(struct rows *rows, struct rows_range range)
{
    struct rows_range *seen = &rows->looked_at;
    rows_trim(rows, range);
    if (seen->end < range.first)
        seen->end = range.first;
    if (seen->first < range.first)
        seen->first = range.first;
}

static void look_again(struct older *older, const struct older_pass *pass)
{
    rows_reset(&older->again, true);
    older->again.looked_at = (struct rows_range){older->range.end, older->range.end};
    older->looking_again = true;
    again_begin(&older->when, pass->generation, pass->now_ms);
}

static bool is_same(const struct rows *a, const struct rows *b)
{
    size_t count = rows_count(a);
    if (count != rows_count(b))
        return false;
    return count == 0 ||
           (rows_at(a, 0) == rows_at(b, 0) && rows_at(a, count - 1) == rows_at(b, count - 1));
}

/* Puts what was found again in the place of what was found before. */
static void exchange(struct older *older, const struct older_pass *pass)
{
    again_end(&older->when, pass->now_ms, is_same(&older->rows, &older->again));
    struct rows rows = older->rows;
    older->rows = older->again;
    older->again = rows;
    older->looking_again = false;
}

static bool update_again(struct slice *slice)
{
    struct older *older = slice->older;
    if (!older->looking_again) {
        if (slice->pass->paused ||
            !again_is_due(&older->when, slice->pass->generation, slice->pass->now_ms))
            return true;
        look_again(older, slice->pass);
    }
    slice->rows = &older->again;
    slice->down_to = older->rows.looked_at.first;
    trim(slice->rows, older->range);
    if (!look_at_newer(slice) || !look_at_older(slice))
        return older->stuck;
    exchange(older, slice->pass);
    return true;
}

bool older_update(struct older *older, const struct older_pass *pass)
{
    if (!older->past || older->range.end == 0)
        return true;
    uint64_t first = (uint64_t)past_first(older->past, (int64_t)older->range.end);
    const char *trouble = past_trouble(older->past);
    if (trouble[0] || !older->stuck)
        snprintf(older->trouble, sizeof older->trouble, "%s", trouble);
    if (trouble[0])
        return true;
    older->stuck &= pass->now_ms < older->retry_ms;
    older->range.first = first;
    if (!older->rows.filtered) {
        older->rows.looked_at = older->range;
        return true;
    }
    if (!older->begun || older->stuck)
        return true;
    if (!older->when.begun)
        again_begin(&older->when, pass->generation, pass->now_ms);
    trim(&older->rows, older->range);
    struct slice slice = {.older = older,
                          .pass = pass,
                          .rows = &older->rows,
                          .until_us = clock_steady_us() + OLDER_SLICE_US};
    if (!look_at_newer(&slice) || !look_at_older(&slice))
        return older->stuck;
    return update_again(&slice);
}

int older_wait_ms(const struct older *older, uint64_t generation, int64_t now_ms)
{
    bool waits = older->looking_again || older->stuck;
    return waits ? -1 : again_wait_ms(&older->when, generation, now_ms);
}

bool older_has_note(const struct older *older)
{
    return older->past && older->range.end > 0 &&
           (older->trouble[0] || older->range.first < older->range.end);
}

void older_note(const struct older *older, char *text, size_t size)
{
    char time[64], count[32];
    uint64_t left = rest(older);
    text[0] = '\0';
    if (!older_has_note(older))
        return;
    text_count(count, sizeof count, (double)left);
    if (older->trouble[0]) {
        snprintf(text, size, "Older events are out of reach: %s.%s", older->trouble,
                 older->stuck ? " Down tries again." : "");
    } else if (older_is_searching(older)) {
        text_time_full(time, sizeof time, older->reached_ms);
        /* Without milliseconds and offset. */
        snprintf(text, size, "Looking through the journal, %s events left%s%.19s", count,
                 older->reached_ms ? "; back to " : "", older->reached_ms ? time : "");
    } else if (!older->rows.filtered || left == 0) {
        snprintf(text, size, "The journal begins here.");
    } else {
        snprintf(text, size, "Down looks through %s older event%s in the journal.", count,
                 left == 1 ? "" : "s");
    }
}
