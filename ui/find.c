/*
 * Finding a text inside the details.
 */
#include "find.h"

#include <stdio.h>
#include <string.h>

#include "../src/clock.h"
#include "state.h"

enum { FIND_US = 6000, LINES = 64 /* between two looks at the clock */ };

void find_forget(struct detail *detail)
{
    detail->found.lines = detail->found.looked_at = 0;
    detail->seek.on = false;
}

/* Looks at the next line. */
static void seek_step(struct detail *detail)
{
    size_t count = detail->lines.count, at = detail->seek.at;
    if (at >= count && !detail->unfinished) {
        at = 0;
        detail->seek.wrapped = true;
    }
    if (count == 0 || (detail->seek.wrapped && at == detail->seek.start)) {
        detail->seek.on = false; /* all the way round */
        return;
    }
    if (lines_have(&detail->lines, at, &detail->search)) {
        detail->cursor[detail->page] = at;
        detail->seek.on = false;
        return;
    }
    detail->seek.wrapped |= detail->seek.by < 0 && at == 0;
    detail->seek.at = detail->seek.by > 0 ? at + 1 : at > 0 ? at - 1 : count - 1;
}

/* Whether the line to look at is there already. */
static bool can_seek(const struct detail *detail)
{
    return detail->seek.on && (detail->seek.at < detail->lines.count || !detail->unfinished);
}

bool find_is_settled(const struct detail *detail)
{
    return !detail->seek.on &&
           (!detail->sought[0] || detail->found.looked_at == detail->lines.count);
}

bool find_go_on(struct detail *detail, int64_t until_us)
{
    do
        for (int i = 0; i < LINES && can_seek(detail); i++)
            seek_step(detail);
    while (can_seek(detail) && clock_steady_us() < until_us);
    size_t *at = &detail->found.looked_at;
    do
        for (int i = 0; i < LINES && detail->sought[0] && *at < detail->lines.count; i++, ++*at)
            detail->found.lines += lines_have(&detail->lines, *at, &detail->search);
    while (!find_is_settled(detail) && !can_seek(detail) && *at < detail->lines.count &&
           clock_steady_us() < until_us);
    return find_is_settled(detail);
}

/* Looks for the next line that has it, from one on in steps of `by`, round the ends. False when it
 * is in none; true also when that takes longer than a frame. */
static bool seek(struct detail *detail, size_t from, int by)
{
    size_t page_cursor = detail->cursor[detail->page];
    detail->seek.on = true;
    detail->seek.wrapped = false;
    detail->seek.start = detail->seek.at = from;
    detail->seek.by = by;
    find_go_on(detail, clock_steady_us() + FIND_US);
    return detail->seek.on || detail->cursor[detail->page] != page_cursor ||
           (page_cursor < detail->lines.count &&
            lines_have(&detail->lines, page_cursor, &detail->search));
}

/* A line of those that are there. */
static size_t cursor_of(const struct detail *detail)
{
    size_t cursor = detail->cursor[detail->page];
    return cursor < detail->lines.count ? cursor : detail->lines.count - 1;
}

void find_set(struct ui *ui, const char *text)
{
    struct detail *detail = &ui->detail;
    ui_ready_detail(ui);
    find_forget(detail);
    snprintf(detail->sought, sizeof detail->sought, "%s", text);
    search_free(&detail->search);
    if (!search_prepare(&detail->search, detail->sought, strlen(detail->sought)))
        detail->sought[0] = '\0';
    if (*text && detail->page != PAGE_TIMELINE && detail->lines.count > 0)
        seek(detail, cursor_of(detail), 1);
}

bool find_next(struct ui *ui, int by)
{
    struct detail *detail = &ui->detail;
    ui_ready_detail(ui);
    size_t count = detail->lines.count;
    if (!detail->sought[0] || detail->page == PAGE_TIMELINE || count == 0)
        return false;
    size_t from = cursor_of(detail);
    if (by < 0)
        from = from > 0 ? from - 1 : count - 1;
    else
        from = from + 1 < count || detail->unfinished ? from + 1 : 0;
    return seek(detail, from, by);
}

void find_status(const struct ui *ui, char *text, size_t size)
{
    const struct detail *detail = &ui->detail;
    size_t count = detail->sought[0] ? detail->found.lines : 0;
    bool settled = find_is_settled(detail) && !detail->unfinished;
    snprintf(text, size, "%zu line%s%s", count, count == 1 ? "" : "s", settled ? "" : " so far");
}
