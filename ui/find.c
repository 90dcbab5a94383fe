/*
 * Finding a text inside the details.
 */
#include "find.h"

#include <stdio.h>
#include <string.h>

#include "state.h"

static size_t count_lines(const struct detail *detail)
{
    size_t count = 0;
    for (size_t i = 0; i < detail->lines.count; i++)
        count += lines_have(&detail->lines, i, &detail->search);
    return count;
}

/* The next line that has it, from `from` on in steps of `by`, round the ends. */
static bool seek(struct detail *detail, size_t from, int by)
{
    size_t count = detail->lines.count;
    for (size_t step = 0, at = from; step < count; step++) {
        if (lines_have(&detail->lines, at, &detail->search)) {
            detail->cursor[detail->page] = at;
            return true;
        }
        at = (at + count + (size_t)by) % count;
    }
    return false;
}

void find_set(struct ui *ui, const char *text)
{
    struct detail *detail = &ui->detail;
    ui_ready_detail(ui);
    snprintf(detail->sought, sizeof detail->sought, "%s", text);
    search_free(&detail->search);
    if (!search_prepare(&detail->search, detail->sought, strlen(detail->sought)))
        detail->sought[0] = '\0';
    if (*text && detail->page != PAGE_TIMELINE && detail->lines.count > 0)
        seek(detail, detail->cursor[detail->page] % detail->lines.count, 1);
}

bool find_next(struct ui *ui, int by)
{
    struct detail *detail = &ui->detail;
    ui_ready_detail(ui);
    size_t count = detail->lines.count;
    if (!detail->sought[0] || detail->page == PAGE_TIMELINE || count == 0)
        return false;
    return seek(detail, (detail->cursor[detail->page] % count + count + (size_t)by) % count, by);
}

void find_status(const struct ui *ui, char *text, size_t size)
{
    size_t count = ui->detail.sought[0] ? count_lines(&ui->detail) : 0;
    snprintf(text, size, "%zu line%s", count, count == 1 ? "" : "s");
}
