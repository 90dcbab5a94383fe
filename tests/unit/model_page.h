/*
 * What the model writes of an entity, figure by figure, out of its events.
 */
#ifndef ANCHORTOP_MODEL_PAGE_H
#define ANCHORTOP_MODEL_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model_event.h"

/* Events, newest first. */
struct events {
    const struct model_event **of;
    size_t count;
};

/* For qsort(). */
int newest_first(const void *left, const void *right);
/* The newest of some; NULL when there is none. */
const struct model_event *newest(struct events events, chosen *which);
uint64_t how_many(struct events events, const char *type);

struct page {
    FILE *file;
    const char *kind, *id, *session; /* of whom; the session of a request that has one */
    int64_t now_ms;
};

/* Write what comes before a figure. */
void begin(const struct page *page, const char *name);

/* Write a figure. NULL is unknown. */
void write_words(const struct page *page, const char *name, const char *words);
void write_count(const struct page *page, const char *name, uint64_t count);
void write_time(const struct page *page, const char *name, const struct model_event *event);
void write_text(const struct page *page, const char *name, const char *words);
/* The text alone, cut where it is too long. */
void write_quoted(const struct page *page, const char *words);

/* Write what one event tells. */
void write_text_of(const struct page *page, const char *name, const struct model_event *event,
                   const char *places);
void write_amount_of(const struct page *page, const char *name, const struct model_event *event,
                     const char *places);

/* Write what the newest of some events that tells tells. */
void write_newest_text(const struct page *page, const char *name, struct events events,
                       chosen *which, const char *places);
void write_newest_id(const struct page *page, const char *name, struct events events, chosen *which,
                     named *id);
void write_newest_amount(const struct page *page, const char *name, struct events events,
                         chosen *which, const char *places);

/* Write the ids that the newest of some events name, the newest first; unless `other` is NULL, with
 * how that event went and what else it names. */
void write_refs(const struct page *page, const char *name, struct events events, chosen *which,
                named *id, named *other);

/* Write how many of a type are newer than the newest of the other. */
void write_streak(const struct page *page, struct events events, const char *failed,
                  const char *completed);

/* Write what all kinds have. */
void write_common(const struct page *page, struct events events);

#endif
