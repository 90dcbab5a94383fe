/*
 * Figures that come out the same in whatever order events arrive.
 *
 * Deliveries are retried and reordered, so "the last" never means the last to arrive: what an event
 * says is held against the stamp of the event that said it before. Each event must be folded once
 * only; finding duplicates is the business of the store.
 *
 * All structs start as zeroes, own their text, and have functions to free and to copy them. Text is
 * foreign and cut at FOLD_TEXT_MAX bytes. When memory runs out, a figure misses what there was no
 * room for; nothing breaks. Not locked.
 */
#ifndef ANCHORTOP_FOLD_H
#define ANCHORTOP_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"

enum {
    FOLD_TEXT_MAX = 16 << 10, /* bytes of a text, without its terminator */
    FOLD_REFS_MAX = 32,       /* newest things that an entity remembers having met */
    FOLD_STREAK_MAX = 1000,   /* failures that are counted one by one */
    FOLD_LIST_MAX = 64,
    FOLD_CURRENCIES = 8,
    FOLD_STAMP_ID = 32, /* start of an event's id, terminated */
};

/* When an event happened, and what settles which of two at the same time is the newer one. */
struct stamp {
    int64_t created_ms;     /* Unix time */
    uint64_t hash;          /* of the whole id, for ids that begin alike */
    char id[FOLD_STAMP_ID]; /* empty: no event */
};

struct stamp stamp_of(int64_t created_ms, const char *id);

/* By time, then by id; no event is older than any. <0, 0, >0. */
int stamp_compare(const struct stamp *a, const struct stamp *b);
bool stamp_known(const struct stamp *stamp);

/* Makes *at the newer of the two (or the older; any is older than none), and returns whether it
 * changed: whether what belongs to it is to be replaced. */
bool stamp_advance(struct stamp *at, const struct stamp *other);
bool stamp_retreat(struct stamp *at, const struct stamp *other);

/* Replaces *text by a copy of `value`, which ends in "…" when it is cut; NULL empties it. */
void fold_text(char **text, const char *value);

/* A text, and a number, of the newest event that has one. Unknown until `at` is known. */
struct latest_text {
    struct stamp at;
    char *text;
};
struct latest_number {
    struct stamp at;
    int64_t value;
};

void latest_text_fold(struct latest_text *latest, const struct stamp *at, const char *text);
void latest_number_fold(struct latest_number *latest, const struct stamp *at, int64_t value);

/* A yes or no of an event. Most events say neither. */
enum told { TOLD_NOTHING, TOLD_NO, TOLD_YES };

/* Failures since the last success, by the events' own time. */
struct streak {
    struct stamp success;   /* the newest */
    struct stamp *failures; /* newer than that: `count` from `first`, oldest first */
    uint32_t first, count, capacity;
};

void streak_fail(struct streak *streak, const struct stamp *at);
void streak_succeed(struct streak *streak, const struct stamp *at);

/* How many failures: at most FOLD_STREAK_MAX, and *more tells whether there are still more. */
uint32_t streak_length(const struct streak *streak, bool *more);
void streak_free(struct streak *streak);
bool streak_copy(struct streak *to, const struct streak *from);

/* Sums of money, in millionths of a unit, never negative; where they would overflow they stay at
 * the largest number. The FOLD_CURRENCIES that come first in the alphabet are kept apart. */
struct costs {
    struct cost {
        char currency[8]; /* foreign; empty when the events do not say */
        int64_t micros;
    } sums[FOLD_CURRENCIES];
    uint32_t count;
    int64_t other; /* of all further currencies, whatever that is worth; 0: none */
};

/* `currency` may be NULL. A negative or absurd amount does not count. */
void costs_add(struct costs *costs, double amount, const char *currency);
/* Add all sums of others. */
void costs_merge(struct costs *costs, const struct costs *others);

/* Something that an entity has met, with what the newest event that names both says of it. */
struct ref {
    struct stamp at;
    uint64_t hash; /* of the id */
    char *id;
    char *other; /* what else the event names, or NULL */
    enum outcome outcome;
};

/* The FOLD_REFS_MAX newest ones, newest first. */
struct refs {
    struct ref *items;
    uint32_t count;
};

/* `met` is borrowed, its text included. */
void refs_fold(struct refs *refs, const struct ref *met);
void refs_free(struct refs *refs);
bool refs_copy(struct refs *to, const struct refs *from);

/* The strings of an array. */
struct text_list {
    char **texts;
    uint32_t count; /* at most FOLD_LIST_MAX */
    uint32_t total; /* that the array had */
};

/* Begins the list of an array of `total` strings, of which the first ones are kept. False when
 * nothing can be added: there are none, or no memory. */
bool text_list_start(struct text_list *list, uint32_t total);
/* Adds the next one; false when there are enough. */
bool text_list_add(struct text_list *list, const char *text);
void text_list_free(struct text_list *list);
bool text_list_copy(struct text_list *to, const struct text_list *from);

#endif
