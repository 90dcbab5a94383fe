/*
 * What the files behind timeline.h share.
 */
#ifndef ANCHORTOP_TIMELINE_PRIVATE_H
#define ANCHORTOP_TIMELINE_PRIVATE_H

#include "timeline.h"

/* What there is to say of the events that are not shown, or not yet. */
void timeline_note(const struct timeline *timeline, char *text, size_t size);

/* The lines that are left for events, and for the days between them. */
size_t timeline_lines(const struct timeline *timeline);

/* Whether a line with its day stands above an event, which is the first that is shown, or not. */
bool timeline_has_day(const struct timeline *timeline, size_t i, bool first, int64_t now_ms);

#endif
