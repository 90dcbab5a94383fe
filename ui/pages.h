/*
 * The pages of the detail pane that are made of lines: each fills detail->lines for a width.
 */
#ifndef ANCHORTOP_PAGES_H
#define ANCHORTOP_PAGES_H

#include "detail.h"

enum { PAGE_INDENT = 2 };

void page_summary_build(struct detail *detail, int width, int64_t now_ms);
void page_json_build(struct detail *detail, int width, int64_t now_ms);
/* Builds more lines of the JSON page, until `until_us` of clock_steady_us(), one at least; false when
 * there are more. */
bool page_json_go_on(struct detail *detail, int width, int64_t until_us);
void page_links_build(struct detail *detail, int width, int64_t now_ms);

/* Whether the summary of an entity counts the time that passes. */
bool page_summary_ticks(const struct detail *detail);

/* As detail_term(), for the line with this tag. */
char *page_summary_term(const struct detail *detail, uint64_t tag, bool exclude);

/* Gathers the links of what is shown, the most useful one first, into detail->links. */
void page_links_collect(struct detail *detail);

#endif
