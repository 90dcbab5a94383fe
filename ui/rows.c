/*
 * The rows of a list that grows at its top.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

void rows_free(struct rows *rows)
{
    free(rows->numbers);
    *rows = (struct rows){.filtered = false};
}

void rows_reset(struct rows *rows, bool filtered)
{
    rows->head = rows->count = 0;
    rows->filtered = filtered;
    rows->looked_at = (struct rows_range){0, 0};
}

static uint64_t *slot(const struct rows *rows, size_t from_oldest)
{
    size_t at = rows->head + from_oldest;
    return &rows->numbers[at < rows->capacity ? at : at - rows->capacity];
}

static bool grow(struct rows *rows)
{
    size_t capacity = rows->capacity ? rows->capacity * 2 : 1024;
    uint64_t *numbers = malloc(capacity * sizeof *numbers);
    if (!numbers)
        return false;
    for (size_t i = 0; i < rows->count; i++)
        numbers[i] = *slot(rows, i);
    free(rows->numbers);
    rows->numbers = numbers;
    rows->capacity = capacity;
    rows->head = 0;
    return true;
}

bool rows_add_newest(struct rows *rows, uint64_t number)
{
    if (rows->count == rows->capacity && !grow(rows))
        return false;
    *slot(rows, rows->count++) = number;
    return true;
}

bool rows_add_oldest(struct rows *rows, uint64_t number)
{
    if (rows->count == rows->capacity && !grow(rows))
        return false;
    rows->head = rows->head ? rows->head - 1 : rows->capacity - 1;
    rows->count++;
    *slot(rows, 0) = number;
    return true;
}

void rows_trim(struct rows *rows, struct rows_range range)
{
    while (rows->count > 0 && *slot(rows, 0) < range.first) {
        rows->head = rows->head + 1 < rows->capacity ? rows->head + 1 : 0;
        rows->count--;
    }
}

static bool make_room(struct rows *rows, size_t more)
{
    while (rows->count + more > rows->capacity)
        if (!grow(rows))
            return false;
    return true;
}

/* What came since the last time. */
static bool look_at_newer(struct rows *rows, uint64_t end, rows_look *look, void *context)
{
    struct rows_range *seen = &rows->looked_at;
    struct rows_found found;
    while (seen->end < end) {
        found.count = 0;
        size_t looked_at = look(context, (struct rows_range){seen->end, end}, false, &found);
        if (looked_at == 0 || !make_room(rows, found.count))
            return false;
        for (size_t i = 0; i < found.count; i++)
            rows_add_newest(rows, found.numbers[i]);
        seen->end += looked_at;
    }
    return true;
}

static bool look_at_older(struct rows *rows, uint64_t first, rows_look *look, void *context)
{
    struct rows_range *seen = &rows->looked_at;
    struct rows_found found;
    while (seen->first > first) {
        found.count = 0;
        size_t looked_at = look(context, (struct rows_range){first, seen->first}, true, &found);
        if (looked_at == 0 || !make_room(rows, found.count))
            return false;
        for (size_t i = 0; i < found.count; i++)
            rows_add_oldest(rows, found.numbers[i]);
        seen->first -= looked_at;
    }
    return true;
}

bool rows_update(struct rows *rows, struct rows_range range, rows_look *look, void *context)
{
    struct rows_range *seen = &rows->looked_at;
    if (!rows->filtered) {
        *seen = range;
        return true;
    }
    /* Nothing seen yet, or all of it has left the range: begin at the newest and go back. */
    if (seen->end <= range.first || seen->first == seen->end) {
        rows->head = rows->count = 0;
        *seen = (struct rows_range){range.end, range.end};
    }
    rows_trim(rows, range);
    if (seen->first < range.first)
        seen->first = range.first;
    return look_at_newer(rows, range.end, look, context) &&
           look_at_older(rows, range.first, look, context);
}

size_t rows_count(const struct rows *rows)
{
    return rows->filtered ? rows->count : (size_t)(rows->looked_at.end - rows->looked_at.first);
}

uint64_t rows_at(const struct rows *rows, size_t index)
{
    return rows->filtered ? *slot(rows, rows->count - 1 - index) : rows->looked_at.end - 1 - index;
}

size_t rows_find(const struct rows *rows, uint64_t number)
{
    /* Binary search for the first row, newest first, whose number is not above the one sought. */
    size_t low = 0, high = rows_count(rows);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows_at(rows, middle) > number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
