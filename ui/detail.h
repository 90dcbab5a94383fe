/*
 * The detail pane: everything about the selected event or delivery, on several pages.
 *
 * It owns a copy of what it shows, so the event may leave the ring while it is read. Main thread.
 */
#ifndef ANCHORTOP_DETAIL_H
#define ANCHORTOP_DETAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/event.h"
#include "../src/json.h"
#include "../src/link.h"
#include "../src/store.h"
#include "lines.h"

enum detail_page { PAGE_SUMMARY, PAGE_JSON, PAGE_LINKS, DETAIL_PAGES };

/* Zero-initialise; detail_free() at the end. */
struct detail {
    enum detail_page page;
    uint64_t seq;      /* of the event shown, 0 for none */
    uint64_t delivery; /* number of the delivery shown, 0 for none */
    struct store_copy copy;
    struct delivery row; /* with `delivery` */
    struct event event;  /* decoded from the copy; json is NULL for none */
    struct link_list links;
    struct json_layout layout;
    bool *folded; /* by line of the layout */
    struct lines lines;
    int built_width; /* what `lines` were built for; 0: not built */
    size_t cursor[DETAIL_PAGES], top[DETAIL_PAGES];
    int height;
};

void detail_free(struct detail *detail);

/* (locked) Shows an event, or a delivery with the event that it brought; nothing is done when that
 * is shown already, but for the counts that may have changed. */
void detail_show_event(struct detail *detail, const struct store *store, uint64_t seq);
void detail_show_delivery(struct detail *detail, const struct store *store, uint64_t number);
void detail_clear(struct detail *detail);

/* Draws into the rectangle; its first row is the pane's border with title and pages. */
void detail_draw(struct detail *detail, int row, int column, int width, int height, bool focused,
                 bool beside, int64_t now_ms);

/* Moves the cursor by lines; LONG_MIN and LONG_MAX go to the ends. */
void detail_move(struct detail *detail, long lines);
/* Turns to the next (+1) or previous (-1) page. */
void detail_turn(struct detail *detail, int by);
/* Folds or unfolds the object or array under the cursor, or the one around it. False when the page
 * has none. */
bool detail_fold(struct detail *detail);
/* The link under the cursor, or NULL. */
const struct link *detail_link(const struct detail *detail);

#endif
