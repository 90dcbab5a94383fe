/*
 * Views: the numbered lists of the screen, each one a constant description and a state.
 *
 * A description says which rows there are, how one is loaded, and what stands in each column;
 * everything else (scrolling, following, selecting, pausing, fitting the columns into the width)
 * is the same for all of them and stands in view.c. Main thread.
 */
#ifndef ANCHORTOP_VIEW_H
#define ANCHORTOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/event.h"
#include "../src/store.h"
#include "rows.h"
#include "theme.h"

enum { CELL_SIZE = 512, VIEW_MAX_COLUMNS = 16 };

/* What one cell of a row shows. Text is clean. */
struct cell {
    char text[CELL_SIZE];
    enum role role;
};

/* What a visible row shows, copied out of the store so that it is drawn without its lock. */
struct view_row {
    uint64_t number;
    bool present;
    struct store_copy copy;   /* events */
    struct event event;       /* decoded from it while the row is drawn */
    struct delivery delivery; /* deliveries */
};

struct view;

struct column {
    const char *title;
    const char *meaning; /* for the help */
    int min, ideal;      /* columns wide; it is never narrower than min */
    int grow;            /* its share of what is left over; 0: stays at ideal */
    int drop;            /* the highest goes first when there is no room; 0: never goes */
    bool right;          /* numbers */
    void (*cell)(const struct view *view, const struct view_row *row, int64_t now_ms,
                 struct cell *cell);
};

struct view_class {
    char key;          /* '1' */
    const char *name;  /* as --view takes it */
    const char *title; /* on its tab */
    const char *meaning;
    const struct column *columns;
    size_t column_count;
    /* (locked) The numbers of all rows. */
    struct rows_range (*range)(const struct store *store);
    /* (locked) Prepares a pass of `match`. */
    void (*prepare)(struct view *view, const struct store *store);
    /* (locked) Whether a row passes the view's filter. */
    bool (*match)(const struct view *view, const struct store *store, uint64_t number);
    /* (locked) Copies what a row shows; false when it is no longer there. */
    bool (*load)(const struct store *store, uint64_t number, struct view_row *row);
    /* Decodes what load() copied, and frees that, around the drawing of a row; may be NULL. */
    void (*decode)(struct view_row *row);
    void (*release)(struct view_row *row);
    /* Describes the filter in a few words, "" for none. */
    void (*describe)(const struct view *view, const struct store *store, char *text, size_t size);
};

enum { TYPE_WORDS = STORE_MAX_TYPES / 64 };

/* Which events are shown, by type. */
struct type_filter {
    bool hide_family[ENTITY_KINDS];
    bool failures_only;
    uint64_t hidden[TYPE_WORDS]; /* by type number: switched off in the list of types */
    uint64_t shown[TYPE_WORDS];  /* what follows from all this, for the types met so far */
};

struct view {
    const struct view_class *class;
    struct type_filter types;
    struct rows rows;
    bool paused;
    uint64_t paused_end;     /* the range's end when it was paused */
    bool follow;             /* the selection is the newest row, whichever that is */
    uint64_t selected;       /* number; 0 for none */
    size_t index;            /* of the selected row */
    size_t top;              /* the first visible row */
    int height;              /* rows that fit */
    bool searching;          /* the past is not wholly searched yet */
    struct view_row *window; /* the visible rows */
    size_t window_count, window_capacity;
};

/* The table of views, in the order of their keys. */
enum view_id { VIEW_EVENTS, VIEW_DELIVERIES, VIEWS };
extern const struct view_class view_events, view_deliveries;
const struct view_class *view_class(enum view_id id);

/* The view of that name, or VIEWS. */
enum view_id view_find(const char *name);

void view_init(struct view *view, enum view_id id);
void view_free(struct view *view);

/* The filter has changed: rows are chosen anew, the selection stays on its row if that is still
 * shown. */
void view_filter_changed(struct view *view);

/*
 * (locked) Brings the rows and the window up to the store, for a list of `height` rows. Returns
 * false when there is more to search: another call is wanted soon.
 */
bool view_update(struct view *view, const struct store *store, int height);

/* (locked) Rows that came while the view was paused; they are counted up to `limit`. */
uint64_t view_waiting(const struct view *view, const struct store *store, uint64_t limit);

/* Moves the selection by rows; LONG_MIN and LONG_MAX go to the ends. */
void view_move(struct view *view, long rows);
/* Selects a row by number; false when it is not shown. */
bool view_select(struct view *view, uint64_t number);
/* Stands still, or goes on. (locked) */
void view_pause(struct view *view, const struct store *store, bool paused);

/* Draws column titles and rows into the rectangle. */
void view_draw(struct view *view, int row, int column, int width, int height, bool focused,
               int64_t now_ms);

/* Fits `columns` into `width`: widths[i] is 0 for a column that is left out. Columns are separated
 * by one blank. */
void view_fit(const struct column *columns, size_t count, int width, int *widths);

/* Writes foreign text into a cell. */
void cell_set(struct cell *cell, enum role role, const char *text);

/* The role that an outcome is drawn in. */
enum role outcome_role(enum outcome outcome);

#endif
