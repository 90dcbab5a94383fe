/*
 * The rows of a table.
 */
#include "sorted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sort_key_read(struct sort_key *key, const struct entity_field *field,
                   const struct entity *entity, int64_t now_ms)
{
    struct entity_value value;
    *key = (struct sort_key){.textual = entity_field_sorts_by_text(field)};
    if (field->rank) {
        key->present = true;
        key->number = field->rank(entity);
        return;
    }
    key->present = entity_field_get(field, entity, now_ms, &value);
    if (!key->present)
        return;
    key->number = value.value.number;
    if (key->textual)
        snprintf(key->text, sizeof key->text, "%s", value.value.text);
}

void sorted_free(struct sorted *sorted)
{
    free(sorted->rows);
    free(sorted->next);
    *sorted = (struct sorted){.rows = NULL};
}

void sorted_begin(struct sorted *sorted)
{
    sorted->next_count = 0;
    sorted->next_slot = 0;
    sorted->gathering = true;
}

static bool reserve(struct sorted *sorted)
{
    if (sorted->next_count < sorted->next_capacity)
        return true;
    size_t capacity = sorted->next_capacity ? sorted->next_capacity * 2 : 256;
    struct sorted_row *rows = realloc(sorted->next, capacity * sizeof *rows);
    if (!rows)
        return false;
    sorted->next = rows;
    sorted->next_capacity = capacity;
    return true;
}

bool sorted_add(struct sorted *sorted, const struct sorted_row *row)
{
    if (!reserve(sorted))
        return false;
    sorted->next[sorted->next_count++] = *row;
    return true;
}

/* Below zero when `a` comes first. */
static int compare_keys(const struct sort_key *a, const struct sort_key *b, bool descending)
{
    if (a->present != b->present)
        return a->present ? -1 : 1;
    if (!a->present)
        return 0;
    int order =
        a->textual ? strcmp(a->text, b->text) : (a->number > b->number) - (a->number < b->number);
    return descending ? -order : order;
}

#define COMPARE(name, descending, then_descending)                                                 \
    static int name(const void *left, const void *right)                                           \
    {                                                                                              \
        const struct sorted_row *a = left, *b = right;                                             \
        int order = compare_keys(&a->key, &b->key, descending);                                    \
        if (order == 0)                                                                            \
            order = compare_keys(&a->then, &b->then, then_descending);                             \
        return order ? order : (a->serial > b->serial) - (a->serial < b->serial);                  \
    }

COMPARE(compare_up_up, false, false)
COMPARE(compare_up_down, false, true)
COMPARE(compare_down_up, true, false)
COMPARE(compare_down_down, true, true)

void sorted_finish(struct sorted *sorted, bool descending, bool then_descending)
{
    static int (*const compare[2][2])(const void *, const void *) = {
        {compare_up_up, compare_up_down},
        {compare_down_up, compare_down_down},
    };
    struct sorted_row *rows = sorted->next;
    if (sorted->next_count > 0)
        qsort(rows, sorted->next_count, sizeof *rows, compare[descending][then_descending]);
    /* Both arrays are kept: the next order is gathered into the memory of this one's forerunner. */
    size_t capacity = sorted->next_capacity;
    sorted->next = sorted->rows;
    sorted->next_capacity = sorted->capacity;
    sorted->rows = rows;
    sorted->capacity = capacity;
    sorted->count = sorted->next_count;
    sorted->gathering = false;
}

size_t sorted_find(const struct sorted *sorted, uint64_t serial, size_t guess)
{
    if (guess < sorted->count && sorted->rows[guess].serial == serial)
        return guess;
    size_t index = 0;
    while (index < sorted->count && sorted->rows[index].serial != serial)
        index++;
    return index;
}
