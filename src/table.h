/*
 * A table of things that have a key: found by key, walked by slot, let go in the order of their
 * last change.
 *
 * The nodes are parts of the things themselves and never move, so pointers to them stay good until
 * they are removed. A slot is a small number that a thing keeps for life and that is used again
 * afterwards; a serial is never used again. A (slot, serial) pair lets the screen hold on to a row
 * while things come and go.
 *
 * When a journal is read, what happened first may become known last. Nodes that only such a past
 * has changed are older than all others, whenever they were added.
 *
 * Not locked: the store, which owns the tables, is.
 */
#ifndef ANCHORTOP_TABLE_H
#define ANCHORTOP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The caller sets `key` and `hash`; the rest is the table's, for others to read. */
struct table_node {
    struct table_node *chained; /* the next one in its bucket */
    struct table_node *newer, *older;
    const char *key; /* owned by the caller; does not change while in the table */
    uint64_t hash;   /* of the key, seeded: keys are foreign. Nodes with one key and two hashes
                        are two */
    uint64_t serial; /* counts up from 1 */
    uint32_t slot;
    bool pinned;
    bool past; /* nothing but the past has changed it: older than all that is not past */
};

struct table;

/* An empty table. Up to `expected` nodes it never has to rebuild its index; memory is taken from
 * the system as it fills. NULL when there is no room. */
struct table *table_new(size_t expected);

/* Frees the table, and with `release`, unless NULL, every node in it. */
void table_free(struct table *table, void (*release)(struct table_node *node));

struct table_node *table_find(const struct table *table, const char *key, uint64_t hash);

/* The next node with a key, whatever the rest of its hash: those that share a key, and in their
 * hashes the bits of TABLE_ALIKE, are found one after the other. `after` is NULL for the first. The
 * other bits spread them, so that many alike are still found fast when each is asked for. */
#define TABLE_ALIKE UINT64_C(0xfffffc00)
struct table_node *table_alike(const struct table *table, const char *key, uint64_t hash,
                               const struct table_node *after);

/* Adds a node whose key is not in the table, as the most recently changed: of all, or of those that
 * only the past has changed. False when there is no room: the node is not in the table then. */
bool table_add(struct table *table, struct table_node *node, bool past);
void table_remove(struct table *table, struct table_node *node);

/* Makes a node the most recently changed. A change of the past comes before all others, so it does
 * nothing to a node that anything else has changed. */
void table_touch(struct table *table, struct table_node *node, bool past);

/* A pinned node is never the oldest. Unpinning makes it the most recently changed of its sort. */
void table_pin(struct table *table, struct table_node *node, bool pinned);

/* The least recently changed node that is not pinned, or NULL. */
struct table_node *table_oldest(const struct table *table);

size_t table_count(const struct table *table);

/* Slots 0 to table_slots() - 1 hold a node or are empty (NULL). */
uint32_t table_slots(const struct table *table);
struct table_node *table_at(const struct table *table, uint32_t slot);

#endif
