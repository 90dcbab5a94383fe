/*
 * A table of things that have a key: see table.h.
 *
 * Buckets are chains. Both arrays are zero pages until they are used, so that a table can be made
 * for its full size at once, and nobody waits for a rebuild of the index later.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_BUCKETS = 16 };

/* Nodes by their last change. */
struct order {
    struct table_node *newest, *oldest;
};

/* The first of them that is not empty has the oldest node that may go. */
enum { ORDER_PAST, ORDER_RECENT, ORDER_PINNED, ORDERS };

struct table {
    struct table_node **buckets;
    size_t mask; /* of the buckets, a power of two */
    struct table_node **slots;
    size_t slot_capacity;
    uint32_t *free_slots; /* those below slot_count that are empty, as a stack */
    uint32_t slot_count, free_count;
    struct order orders[ORDERS];
    size_t count;
    uint64_t next_serial;
};

struct table *table_new(size_t expected)
{
    struct table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    size_t buckets = MIN_BUCKETS;
    while (buckets < expected)
        buckets *= 2;
    table->mask = buckets - 1;
    table->slot_capacity = buckets;
    table->next_serial = 1;
    table->buckets = calloc(buckets, sizeof *table->buckets);
    table->slots = calloc(buckets, sizeof *table->slots);
    table->free_slots = calloc(buckets, sizeof *table->free_slots);
    if (table->buckets && table->slots && table->free_slots)
        return table;
    table_free(table, NULL);
    return NULL;
}

void table_free(struct table *table, void (*release)(struct table_node *node))
{
    if (!table)
        return;
    for (uint32_t slot = 0; release && slot < table->slot_count; slot++)
        if (table->slots[slot])
            release(table->slots[slot]);
    free(table->buckets);
    free(table->slots);
    free(table->free_slots);
    free(table);
}

static struct table_node **bucket_of(const struct table *table, uint64_t hash)
{
    return &table->buckets[(size_t)hash & table->mask];
}

struct table_node *table_find(const struct table *table, const char *key, uint64_t hash)
{
    struct table_node *node = *bucket_of(table, hash);
    while (node && (node->hash != hash || strcmp(node->key, key) != 0))
        node = node->chained;
    return node;
}

static struct table_node *with_key(struct table_node *node, const char *key)
{
    while (node && strcmp(node->key, key) != 0)
        node = node->chained;
    return node;
}

struct table_node *table_alike(const struct table *table, const char *key, uint64_t hash,
                               const struct table_node *after)
{
    /* They lie in neighbouring buckets, of which a small table has fewer. */
    size_t first = (size_t)(hash & TABLE_ALIKE) & table->mask;
    size_t last = first | ((size_t)~TABLE_ALIKE & UINT32_MAX & table->mask);
    size_t bucket = after ? (size_t)after->hash & table->mask : first;
    struct table_node *node = with_key(after ? after->chained : table->buckets[bucket], key);
    while (!node && bucket < last)
        node = with_key(table->buckets[++bucket], key);
    return node;
}

static void enter_bucket(struct table *table, struct table_node *node)
{
    struct table_node **bucket = bucket_of(table, node->hash);
    node->chained = *bucket;
    *bucket = node;
}

/* Longer chains are slower, not wrong: without room for more buckets it goes on with these. */
static void grow_buckets(struct table *table)
{
    size_t count = (table->mask + 1) * 2;
    struct table_node **buckets = calloc(count, sizeof *buckets);
    if (!buckets)
        return;
    free(table->buckets);
    table->buckets = buckets;
    table->mask = count - 1;
    for (uint32_t slot = 0; slot < table->slot_count; slot++)
        if (table->slots[slot])
            enter_bucket(table, table->slots[slot]);
}

/* The free stack has room for every slot, so that giving one back cannot fail. */
static bool grow_slots(struct table *table)
{
    size_t capacity = table->slot_capacity * 2;
    if (capacity > UINT32_MAX)
        return false;
    struct table_node **slots = realloc(table->slots, capacity * sizeof(struct table_node *));
    if (!slots)
        return false;
    table->slots = slots;
    uint32_t *free_slots = realloc(table->free_slots, capacity * sizeof *free_slots);
    if (!free_slots)
        return false;
    table->free_slots = free_slots;
    table->slot_capacity = capacity;
    return true;
}

static bool take_slot(struct table *table, struct table_node *node)
{
    if (table->free_count)
        node->slot = table->free_slots[--table->free_count];
    else if (table->slot_count < table->slot_capacity || grow_slots(table))
        node->slot = table->slot_count++;
    else
        return false;
    table->slots[node->slot] = node;
    return true;
}

static struct order *order_of(struct table *table, const struct table_node *node)
{
    return &table->orders[node->pinned ? ORDER_PINNED : node->past ? ORDER_PAST : ORDER_RECENT];
}

static void enter_order(struct table *table, struct table_node *node)
{
    struct order *order = order_of(table, node);
    node->newer = NULL;
    node->older = order->newest;
    *(order->newest ? &order->newest->newer : &order->oldest) = node;
    order->newest = node;
}

static void leave_order(struct table *table, struct table_node *node)
{
    struct order *order = order_of(table, node);
    *(node->newer ? &node->newer->older : &order->newest) = node->older;
    *(node->older ? &node->older->newer : &order->oldest) = node->newer;
}

bool table_add(struct table *table, struct table_node *node, bool past)
{
    if (!take_slot(table, node))
        return false;
    node->serial = table->next_serial++;
    node->pinned = false;
    node->past = past;
    enter_bucket(table, node);
    enter_order(table, node);
    if (++table->count > table->mask + 1)
        grow_buckets(table);
    return true;
}

void table_remove(struct table *table, struct table_node *node)
{
    struct table_node **link = bucket_of(table, node->hash);
    while (*link != node)
        link = &(*link)->chained;
    *link = node->chained;
    leave_order(table, node);
    table->slots[node->slot] = NULL;
    table->free_slots[table->free_count++] = node->slot;
    table->count--;
}

void table_touch(struct table *table, struct table_node *node, bool past)
{
    if (past && !node->past)
        return;
    leave_order(table, node);
    node->past = past;
    enter_order(table, node);
}

void table_pin(struct table *table, struct table_node *node, bool pinned)
{
    if (node->pinned == pinned)
        return;
    leave_order(table, node);
    node->pinned = pinned;
    enter_order(table, node);
}

struct table_node *table_oldest(const struct table *table)
{
    struct table_node *past = table->orders[ORDER_PAST].oldest;
    return past ? past : table->orders[ORDER_RECENT].oldest;
}

size_t table_count(const struct table *table)
{
    return table->count;
}

uint32_t table_slots(const struct table *table)
{
    return table->slot_count;
}

struct table_node *table_at(const struct table *table, uint32_t slot)
{
    return slot < table->slot_count ? table->slots[slot] : NULL;
}
