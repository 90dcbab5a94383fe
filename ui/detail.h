/*
 * The detail pane: everything about the selected event, delivery or entity, on several pages.
 *
 * It owns a copy of what it shows, so that may leave the store while it is read. Copying is done
 * under the store's lock, decoding without it: a body of 4 MiB takes its time. Main thread.
 */
#ifndef ANCHORTOP_DETAIL_H
#define ANCHORTOP_DETAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/entity.h"
#include "../src/event.h"
#include "../src/json.h"
#include "../src/link.h"
#include "../src/past.h"
#include "../src/store.h"
#include "lines.h"
#include "timeline.h"

enum detail_page { PAGE_SUMMARY, PAGE_TIMELINE, PAGE_JSON, PAGE_LINKS, DETAIL_PAGES };

/* What is shown; the number is an event's, a delivery's, or an entity's serial. */
enum subject_kind { SUBJECT_NONE, SUBJECT_EVENT, SUBJECT_DELIVERY, SUBJECT_ENTITY };
struct subject {
    enum subject_kind kind;
    enum entity_kind entity; /* with SUBJECT_ENTITY */
    uint64_t number;
};

/* Zero-initialise; detail_free() at the end. */
struct detail {
    enum detail_page page;
    struct subject subject;
    struct entity *entity;       /* with SUBJECT_ENTITY: a copy */
    struct delivery delivery;    /* with SUBJECT_DELIVERY */
    uint64_t seq;                /* of the event: itself, a delivery's, an entity's newest; or 0 */
    uint64_t asked;              /* the same, also when there was no such event */
    struct store_copy copy;      /* of that event */
    bool undecoded;              /* detail_prepare() is due */
    struct event event;          /* decoded from the copy; json is NULL for none */
    char *live_view, *dashboard; /* of what an entity is connected with, or NULL */
    struct link_list links;
    struct json_layout layout;
    struct json_scan *scan; /* NULL: the layout is made */
    bool *folded;           /* by line of the layout */
    struct {
        size_t line, token, byte; /* of the layout: what comes next */
    } next;
    struct event_ids ids; /* what ties other events to this; only the hashes are used */
    struct timeline timeline;
    uint64_t generation;  /* of the store, when an entity was copied */
    unsigned journal;     /* of the store, that rows are numbered by */
    char sought[256];     /* what is looked for in the lines; "" for nothing */
    struct search search; /* the same, prepared */
    struct lines lines;   /* of the page, but for the timeline */
    int built_width;      /* what `lines` were built for; 0: not built */
    bool unfinished;      /* there are more lines of the page to build */
    struct {
        bool on;      /* a line that has the text is looked for */
        bool wrapped; /* round the end */
        size_t start, at;
        int by;
    } seek;
    struct {
        size_t lines, looked_at; /* that have the text, of so many that were looked at */
    } found;
    int64_t built_ms;
    int width; /* that they were last drawn in; 0: never */
    size_t cursor[DETAIL_PAGES], top[DETAIL_PAGES];
    int height;
};

void detail_free(struct detail *detail);

/*
 * Copies what is to be shown out of the store, whose lock it takes for itself; nothing is done when
 * that is there already and has not changed. An entity is looked up by its slot.
 */
void detail_load(struct detail *detail, struct store *store, struct subject subject, uint32_t slot);

/* Copies an event that only the journal has, before detail_load() is called with the same subject;
 * not locked. What cannot be read is tried again the next time. */
void detail_recall(struct detail *detail, struct past *past, struct subject subject);

/* Copies the newest event of an entity, or that of a delivery, after detail_load(), when only the
 * journal has it; not locked. */
void detail_recall_newest(struct detail *detail, struct past *past);

/* The height that it will be drawn with, its border included: so many events of a timeline are
 * copied. */
void detail_fit(struct detail *detail, int height);

/* Decodes what was copied, when that is due; not locked. */
void detail_prepare(struct detail *detail, const struct store *store);

/* With the timeline open, brings that up to date, after detail_prepare(); takes the lock for
 * itself. Returns false when it is still looking through the journal: another call is wanted soon.
 */
bool detail_trace(struct detail *detail, struct store *store, int64_t now_ms);

/* Goes on with what takes longer than a frame: building a long page, finding a text in it, and
 * counting where it is. Returns false when another call is wanted. */
bool detail_go_on(struct detail *detail);

/* Whether there is nothing of that to do. */
bool detail_is_settled(const struct detail *detail);

/* Whether the page counts the time that passes. */
bool detail_ticks(const struct detail *detail);

/* Draws into the rectangle; its first row is the pane's border with title and pages. */
void detail_draw(struct detail *detail, int row, int column, int width, int height, bool focused,
                 bool beside, int64_t now_ms);

/* Makes the lines of the page when a key comes before they are drawn. */
void detail_ready(struct detail *detail);

/* Moves the cursor by lines, after detail_ready(); LONG_MIN and LONG_MAX go to the ends. */
void detail_move(struct detail *detail, long lines);
/* Turns to the next (+1) or previous (-1) page. */
void detail_turn(struct detail *detail, int by);
/* Folds or unfolds the object or array under the cursor, or the one around it. False when the page
 * has none. */
bool detail_fold(struct detail *detail);
/* The link under the cursor, or NULL. */
const struct link *detail_link(const struct detail *detail);
/* The filter term that wants only events with the value under the cursor of the summary, or none
 * with it. malloc()ed, the caller's; NULL when no value is there. */
char *detail_term(struct detail *detail, bool exclude);
/* The event under the cursor of the timeline, or 0. */
uint64_t detail_event(const struct detail *detail);

#endif
