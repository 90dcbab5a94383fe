/*
 * The rows below the oldest event that is remembered: see older.h.
 */
#include "older.h"

#include <stdio.h>

#include "../src/text.h"
#include "clock.h"

enum { BATCH = 100 }; /* rows read in one go */

void older_free(struct older *older)
{
    rows_free(&older->rows);
}

void older_reset(struct older *older, bool filtered)
{
    rows_reset(&older->rows, filtered);
    older->begun = false;
    older->wanted = 0;
}

void older_bound(struct older *older, int64_t end)
{
    older->range.end = (uint64_t)end;
    if (older->range.first > older->range.end || older->range.first == 0)
        older->range.first = older->range.end; /* not known yet: see older_update() */
    if (!older->rows.filtered)
        older->rows.looked_at = older->range;
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
}

void older_rest(struct older *older)
{
    older->wanted = 0;
}

/* Rows that were not looked at, below those that were. */
static uint64_t rest(const struct older *older)
{
    return older->begun ? older->rows.looked_at.first - older->range.first
                        : older->range.end - older->range.first;
}

bool older_is_searching(const struct older *older)
{
    return older->begun && older->rows.count < older->wanted && rest(older) > 0 &&
           !past_trouble(older->past)[0];
}

/* One slice of a search. */
struct search_slice {
    struct older *older;
    recalled_visit *match;
    void *context;
    int64_t until_us;
    bool stopped;
};

static bool may_go_on(struct search_slice *slice)
{
    slice->stopped = clock_steady_us() >= slice->until_us;
    return !slice->stopped;
}

static bool take_newer(void *context, const struct recalled *event)
{
    struct search_slice *slice = context;
    struct older *older = slice->older;
    uint64_t row = (uint64_t)event->record.row;
    if (row >= older->range.end)
        return false;
    if (slice->match(slice->context, event))
        rows_add_newest(&older->rows, row);
    older->rows.looked_at.end = row + 1;
    return may_go_on(slice);
}

static bool take_older(void *context, const struct recalled *event)
{
    struct search_slice *slice = context;
    struct older *older = slice->older;
    uint64_t row = (uint64_t)event->record.row;
    if (row < older->range.first)
        return false;
    if (slice->match(slice->context, event))
        rows_add_oldest(&older->rows, row);
    older->rows.looked_at.first = row;
    older->reached_ms = event->record.received_ms;
    return may_go_on(slice) && older_is_searching(older);
}

/* What has left memory since the last time. */
static bool look_at_newer(struct search_slice *slice)
{
    struct rows_range *seen = &slice->older->rows.looked_at;
    while (seen->end < slice->older->range.end && !slice->stopped) {
        const struct history_range range = {.row = (int64_t)seen->end - 1, .limit = BATCH};
        uint64_t before = seen->end;
        if (!past_read(slice->older->past, &range, take_newer, slice))
            return false;
        if (seen->end == before)
            seen->end = slice->older->range.end; /* there are gaps, or they cannot be decoded */
    }
    return !slice->stopped;
}

static bool look_at_older(struct search_slice *slice)
{
    struct older *older = slice->older;
    struct rows_range *seen = &older->rows.looked_at;
    while (older_is_searching(older) && !slice->stopped) {
        const struct history_range range = {
            .row = (int64_t)seen->first, .backwards = true, .limit = BATCH};
        uint64_t before = seen->first;
        if (!past_read(older->past, &range, take_older, slice))
            return false;
        if (seen->first == before)
            seen->first = older->range.first;
    }
    return !older_is_searching(older);
}

/* What was removed from the journal. */
static void trim(struct older *older)
{
    struct rows_range *seen = &older->rows.looked_at;
    rows_trim(&older->rows, older->range);
    if (seen->end < older->range.first)
        seen->end = older->range.first;
    if (seen->first < older->range.first)
        seen->first = older->range.first;
}

bool older_update(struct older *older, recalled_visit *match, void *context)
{
    if (!older->past || older->range.end == 0)
        return true;
    uint64_t first = (uint64_t)past_first(older->past, (int64_t)older->range.end);
    if (past_trouble(older->past)[0])
        return true;
    older->range.first = first;
    if (!older->rows.filtered) {
        older->rows.looked_at = older->range;
        return true;
    }
    if (!older->begun)
        return true;
    trim(older);
    struct search_slice slice = {older, match, context,
                                 .until_us = clock_steady_us() + OLDER_SLICE_US};
    if (!look_at_newer(&slice) || !look_at_older(&slice))
        return past_trouble(older->past)[0];
    return true;
}

void older_note(const struct older *older, char *text, size_t size)
{
    char time[64], count[32];
    uint64_t left = rest(older);
    text[0] = '\0';
    if (!older->past || older->range.end == 0)
        return;
    if (past_trouble(older->past)[0]) {
        snprintf(text, size, "Older events are out of reach: %s.", past_trouble(older->past));
    } else if (older_is_searching(older)) {
        text_time_full(time, sizeof time, older->reached_ms);
        text_count(count, sizeof count, (double)left);
        /* Without milliseconds and offset. */
        snprintf(text, size, "Looking through the journal, %s events left%s%.19s", count,
                 older->reached_ms ? "; back to " : "", older->reached_ms ? time : "");
    } else if (!older->rows.filtered || left == 0) {
        if (older->range.first < older->range.end)
            snprintf(text, size, "The journal begins here.");
    } else {
        text_count(count, sizeof count, (double)left);
        snprintf(text, size, "Down looks through %s older event%s in the journal.", count,
                 left == 1 ? "" : "s");
    }
}
