/*
 * Figures that come out the same in whatever order events arrive: see fold.h.
 */
#include "fold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "heap.h"
#include "text.h"

struct stamp stamp_of(int64_t created_ms, const char *id)
{
    /* Not secret: nothing is gained by ids that collide here. */
    static const struct hash_seed seed = {{0, 0}};
    struct stamp stamp = {.created_ms = created_ms, .hash = hash_text(&seed, 0, id)};
    memcpy(stamp.id, id, strnlen(id, sizeof stamp.id - 1));
    return stamp;
}

bool stamp_known(const struct stamp *stamp)
{
    return stamp->id[0] != '\0';
}

int stamp_compare(const struct stamp *a, const struct stamp *b)
{
    if (!stamp_known(a) || !stamp_known(b))
        return stamp_known(a) - stamp_known(b);
    if (a->created_ms != b->created_ms)
        return a->created_ms < b->created_ms ? -1 : 1;
    int order = strcmp(a->id, b->id);
    return order ? order : (a->hash > b->hash) - (a->hash < b->hash);
}

bool stamp_advance(struct stamp *at, const struct stamp *other)
{
    if (stamp_compare(other, at) <= 0)
        return false;
    *at = *other;
    return true;
}

bool stamp_retreat(struct stamp *at, const struct stamp *other)
{
    if (stamp_known(at) && stamp_compare(other, at) >= 0)
        return false;
    *at = *other;
    return true;
}

/* Bytes of the text that are kept: what is cut off begins with a whole UTF-8 character. */
static size_t kept_length(const char *text)
{
    size_t length = strnlen(text, FOLD_TEXT_MAX + 1);
    if (length <= FOLD_TEXT_MAX)
        return length;
    for (length = FOLD_TEXT_MAX; length > FOLD_TEXT_MAX - 4; length--)
        if (((unsigned char)text[length] & 0xc0) != 0x80)
            return length;
    return FOLD_TEXT_MAX; /* not UTF-8 */
}

void fold_text(char **text, const char *value)
{
    char cut[FOLD_TEXT_MAX + 1];
    if (value && strlen(value) > FOLD_TEXT_MAX) {
        text_cut(cut, sizeof cut, value);
        value = cut;
    }
    /* Most events repeat what the one before said. */
    if (*text && value && strcmp(*text, value) == 0)
        return;
    heap_free_text(*text);
    *text = value ? heap_text(value, strlen(value)) : NULL;
}

void latest_text_fold(struct latest_text *latest, const struct stamp *at, const char *text)
{
    if (stamp_advance(&latest->at, at))
        fold_text(&latest->text, text);
}

void latest_number_fold(struct latest_number *latest, const struct stamp *at, int64_t value)
{
    if (stamp_advance(&latest->at, at))
        latest->value = value;
}

static int64_t add_capped(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* Where a currency stands among the sums, or would. */
static uint32_t currency_place(const struct costs *costs, const char *currency)
{
    uint32_t place = 0;
    while (place < costs->count && strcmp(costs->sums[place].currency, currency) < 0)
        place++;
    return place;
}

static void add_cost(struct costs *costs, struct cost sum)
{
    uint32_t place = currency_place(costs, sum.currency);
    struct cost *at = &costs->sums[place];
    if (place < costs->count && strcmp(at->currency, sum.currency) == 0) {
        at->micros = add_capped(at->micros, sum.micros);
        return;
    }
    /* The last in the alphabet makes room. It cannot come back, so no part of it is lost. */
    if (costs->count == FOLD_CURRENCIES) {
        const struct cost *last =
            place == FOLD_CURRENCIES ? &sum : &costs->sums[FOLD_CURRENCIES - 1];
        costs->other = add_capped(costs->other, last->micros);
        if (last == &sum)
            return;
        costs->count--;
    }
    memmove(at + 1, at, (costs->count++ - place) * sizeof *at);
    *at = sum;
}

void costs_add(struct costs *costs, double amount, const char *currency)
{
    if (!(amount >= 0 && amount < 1e12))
        return;
    struct cost sum = {.micros = llround(amount * 1e6)};
    if (snprintf(sum.currency, sizeof sum.currency, "%s", currency ? currency : "") >=
        (int)sizeof sum.currency)
        costs->other = add_capped(costs->other, sum.micros);
    else
        add_cost(costs, sum);
}

void costs_merge(struct costs *costs, const struct costs *others)
{
    for (uint32_t i = 0; i < others->count; i++)
        add_cost(costs, others->sums[i]);
    costs->other = add_capped(costs->other, others->other);
}

/* Copies the text of a ref that was copied as a whole. */
static bool ref_own(struct ref *ref)
{
    const char *other = ref->other;
    ref->id = heap_text(ref->id, kept_length(ref->id));
    ref->other = other ? heap_text(other, kept_length(other)) : NULL;
    return ref->id && (ref->other || !other);
}

static void ref_free(struct ref *ref)
{
    heap_free_text(ref->id);
    heap_free_text(ref->other);
}

/* Bytes of the items of a list: their number is rounded up to a power of two. */
static size_t items_size(uint32_t count)
{
    uint32_t capacity = count ? 1 : 0;
    while (capacity < count)
        capacity *= 2;
    return capacity * sizeof(struct ref);
}

static uint32_t ref_find(const struct refs *refs, const struct ref *met)
{
    uint32_t i = 0;
    while (i < refs->count &&
           (refs->items[i].hash != met->hash || strcmp(refs->items[i].id, met->id) != 0))
        i++;
    return i;
}

/* Adds an item at the end, in place of the oldest when there are enough. Its stamp is not set. */
static bool refs_add(struct refs *refs, const struct ref *met)
{
    struct ref ref = {.hash = met->hash};
    fold_text(&ref.id, met->id);
    if (!ref.id)
        return false;
    if (refs->count == FOLD_REFS_MAX)
        ref_free(&refs->items[--refs->count]);
    else if (items_size(refs->count + 1) > items_size(refs->count)) {
        struct ref *items =
            heap_grow(refs->items, items_size(refs->count), items_size(refs->count + 1));
        if (!items) {
            ref_free(&ref);
            return false;
        }
        refs->items = items;
    }
    refs->items[refs->count++] = ref;
    return true;
}

void refs_fold(struct refs *refs, const struct ref *met)
{
    uint32_t from = ref_find(refs, met), to = 0;
    /* The oldest of a full list is as good as unknown: what is older than it is not kept. */
    uint32_t rival = from == FOLD_REFS_MAX ? from - 1 : from;
    if (rival < refs->count && stamp_compare(&met->at, &refs->items[rival].at) <= 0)
        return;
    if (from == refs->count) {
        if (!refs_add(refs, met))
            return;
        from = refs->count - 1;
    }
    struct ref ref = refs->items[from];
    ref.at = met->at;
    ref.outcome = met->outcome;
    fold_text(&ref.other, met->other);
    while (to < from && stamp_compare(&met->at, &refs->items[to].at) < 0)
        to++;
    memmove(&refs->items[to + 1], &refs->items[to], (from - to) * sizeof *refs->items);
    refs->items[to] = ref;
}

void refs_free(struct refs *refs)
{
    for (uint32_t i = 0; i < refs->count; i++)
        ref_free(&refs->items[i]);
    heap_free(refs->items, items_size(refs->count));
    *refs = (struct refs){0};
}

bool refs_copy(struct refs *to, const struct refs *from)
{
    *to = (struct refs){0};
    if (!from->count)
        return true;
    to->items = heap_take(items_size(from->count));
    while (to->items && to->count < from->count) {
        struct ref *item = &to->items[to->count];
        *item = from->items[to->count++];
        if (!ref_own(item))
            break;
        if (to->count == from->count)
            return true;
    }
    refs_free(to);
    return false;
}

/* Bytes of the texts that are kept of so many. */
static size_t texts_size(uint32_t total)
{
    return (total < FOLD_LIST_MAX ? total : FOLD_LIST_MAX) * sizeof(char *);
}

bool text_list_start(struct text_list *list, uint32_t total)
{
    *list = (struct text_list){.total = total};
    list->texts = total ? heap_take(texts_size(total)) : NULL;
    return list->texts != NULL;
}

bool text_list_add(struct text_list *list, const char *text)
{
    if (list->count == FOLD_LIST_MAX || list->count == list->total)
        return false;
    fold_text(&list->texts[list->count], text);
    list->count += list->texts[list->count] != NULL;
    return true;
}

void text_list_free(struct text_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        heap_free_text(list->texts[i]);
    heap_free(list->texts, texts_size(list->total));
    *list = (struct text_list){0};
}

bool text_list_copy(struct text_list *to, const struct text_list *from)
{
    *to = (struct text_list){.total = from->total};
    if (!from->count)
        return true;
    bool good = text_list_start(to, from->total);
    for (uint32_t i = 0; good && i < from->count; i++)
        good = text_list_add(to, from->texts[i]) && to->count == i + 1;
    if (!good)
        text_list_free(to);
    return good;
}
