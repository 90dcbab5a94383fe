/*
 * Views: the numbered lists of the screen, each one a constant description and a state.
 *
 * A description says which rows there are, how one is loaded, and what stands in each column;
 * everything else (scrolling, following, selecting, pausing, fitting the columns into the width)
 * is the same for all of them and stands in view.c, view_update.c and view_draw.c. Main thread.
 */
#ifndef ANCHORTOP_VIEW_H
#define ANCHORTOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/entity_field.h"
#include "../src/event.h"
#include "../src/matcher.h"
#include "../src/sieve.h"
#include "../src/store.h"
#include "asked.h"
#include "matches.h"
#include "older.h"
#include "scope.h"
#include "sorted.h"
#include "theme.h"

enum { CELL_SIZE = 1024, VIEW_MAX_COLUMNS = 18, VIEW_NOTE = 640, VIEW_ASKS = 256 };

/* Set in the number of an event that only the journal has; the rest of it is its row there. */
#define VIEW_PAST (UINT64_C(1) << 63)

/* What one cell of a row shows. Text is clean. */
struct cell {
    char text[CELL_SIZE];
    size_t other; /* where in `text` another text begins, for `brief` and `instead`; 0: none */
    enum role role;
};

/* What a visible row shows, copied out of the store so that it is drawn without its lock. */
struct view_row {
    uint64_t number; /* of the event or delivery, or the entity's serial */
    bool present;
    bool missing;             /* the journal has no such row */
    bool day;                 /* a line with its day stands above it */
    struct store_copy copy;   /* events */
    struct event event;       /* decoded from it */
    struct delivery delivery; /* deliveries */
    struct entity *entity;    /* entities: a copy of its own */
    char asks[VIEW_ASKS];     /* sessions: what the oldest request that waits in it says, foreign */
};

struct view;

struct column {
    const char *title;
    const char *meaning; /* for the help; NULL: the field's */
    int min;             /* columns wide; it is narrower only when nothing in it is as wide */
    int good;            /* below that others give way to it; 0: min is good enough */
    int ample;           /* and below this when most of its cells are so wide; 0: good is ample */
    int most;            /* columns that it takes at most; 0: as many as stand in it */
    int grow;            /* its share of what is left over: 0 for what is short */
    int drop;            /* the highest goes first when there is no room; 0: never goes. From
                            COLUMN_YIELDS on it goes before others are less than good, and from
                            COLUMN_GIVES_WAY on before they are less than ample */
    bool id;             /* whole, or `min` columns of it: its beginning tells enough */
    bool right;          /* numbers */
    bool whole;          /* cutting a time leaves nothing of use */
    bool descending;     /* the order in which it is useful: the largest first */
    bool brief;          /* its cells have a shorter text for when there is not much room */
    size_t instead;      /* its cells have another text, for when that column is left out; or 0 */
    const char *field;   /* of the entity, in a table: what is shown and sorted by */
    /* Fills the cell when there is no field, or when that needs more than its text. */
    void (*cell)(const struct view *view, const struct view_row *row, int64_t now_ms,
                 struct cell *cell);
    /* Draws the cell instead, as wide as there is room up to `most`. */
    void (*paint)(const struct view_row *row, int y, int x, int width, enum role over);
};

enum { COLUMN_YIELDS = 3, COLUMN_GIVES_WAY = 4 };

/* How wide the cells of a column are, for view_fit(). */
struct column_need {
    int usual; /* four in five are no wider */
    int full;  /* the widest; 0: nothing stands in it */
};

/* A width that follows what is shown: it grows at once and shrinks late, so that columns do not
 * move at every new row. */
struct held_width {
    int width;
    int since; /* the most that was needed since then */
    int64_t since_ms;
};

/* The rows of a view that grows at its top. Every function but load() and match_recalled() is
 * called with the store's lock. */
struct log_ops {
    /* The numbers of all rows. */
    struct rows_range (*range)(const struct store *store);
    /* Prepares a pass of `match`. */
    void (*prepare)(struct view *view, const struct store *store);
    /* Whether a row passes the view's filter. NULL: rows are events, which go through the view's
     * sieve. */
    bool (*match)(struct view *view, const struct store *store, uint64_t number, int64_t now_ms);
    /* Copies what a row shows; false when it is no longer there. */
    bool (*load)(struct store *store, uint64_t number, struct view_row *row);
    /* When what a loaded row shows happened. Not locked. */
    int64_t (*when)(const struct view_row *row);
    /* For a log that goes on in the journal: the row of the journal of one that is in memory, or 0;
     * and whether an event of the journal passes the view's filter, which is asked without the
     * store's lock. NULL otherwise. */
    int64_t (*journal_row)(const struct store *store, uint64_t number);
    bool (*match_recalled)(struct view *view, struct store *store, const struct recalled *event,
                           int64_t now_ms);
};

struct view_class {
    char key;                /* '1' */
    const char *name;        /* as --view takes it */
    const char *title;       /* on its tab */
    const char *short_title; /* where that has no room; two letters of it tell it from the others */
    const char *meaning;
    const struct column *columns;
    size_t column_count;
    const struct log_ops *log; /* NULL: a table of entities */
    enum entity_kind kind;     /* of the table */
    size_t sort, then;         /* columns that the table is sorted by at first */
    /* Decodes what was copied when a row is loaded, of a long event what there is to see; and frees
     * that. May be NULL. */
    void (*decode)(struct view_row *row);
    void (*release)(struct view_row *row);
    /* (locked) Describes the filter in a few words, "" for none. */
    void (*describe)(const struct view *view, const struct store *store, char *text, size_t size);
    const char *empty; /* what an empty list says */
};

enum { TYPE_WORDS = STORE_MAX_TYPES / 64 };

/* Which events are shown, by type. */
struct type_filter {
    bool hide_family[ENTITY_KINDS];
    bool failures_only;
    uint64_t hidden[TYPE_WORDS]; /* by type number: switched off in the list of types */
    uint64_t shown[TYPE_WORDS];  /* what follows from all this */
};

struct view {
    const struct view_class *class;
    int64_t warn_after_ms, alarm_after_ms; /* ages at which waiting is coloured */
    struct type_filter types;
    struct scope scope;    /* of the events view: one entity's events only */
    struct filter *filter; /* owned; NULL: every row */
    struct matcher matcher;
    struct sieve sieve;
    struct matches matches; /* of a log */
    struct older older;     /* below them */
    unsigned journal;       /* of the store, that rows are numbered by */
    struct sorted sorted;   /* of a table */
    struct asked asked;     /* and what the filter says of events that memory has let go of */
    size_t sort;            /* column */
    bool descending;
    const struct entity_field *fields[VIEW_MAX_COLUMNS]; /* of a table's columns */
    int widths[VIEW_MAX_COLUMNS];                        /* as last drawn; 0: left out */
    struct held_width usual[VIEW_MAX_COLUMNS], full[VIEW_MAX_COLUMNS]; /* of their cells */
    bool brief;                   /* columns that can be brief are */
    int64_t roomy_ms;             /* since when they need not be; 0: they must */
    struct cell *cells;           /* of the rows of the window, a row after the other */
    size_t cell_capacity;         /* rows */
    uint64_t gathered_generation; /* of the store, when the table was last gathered */
    int64_t gathered_ms;
    bool paused;
    uint64_t paused_end;     /* a log's end when it was paused */
    int64_t paused_row;      /* and the newest one's row of the journal, or 0 */
    uint64_t held_back;      /* rows that pass the filter and came since then */
    uint64_t held_back_end;  /* below which they are counted */
    bool follow;             /* the selection is the first row, whichever that is */
    bool to_end;             /* it is the last one, while the journal is searched for more */
    uint64_t selected;       /* number; 0 for none */
    int64_t selected_row;    /* of the journal, where it goes on when memory forgets it; or 0 */
    size_t index;            /* of the selected row */
    size_t top;              /* the first visible row */
    int room;                /* lines that there are for rows */
    int height;              /* rows: what is said below, and days, take lines too */
    int day_lines;           /* lines between days among the rows of the window */
    bool searching;          /* not all rows were looked at yet */
    struct view_row *window; /* the visible rows */
    size_t window_count, window_capacity;
};

/* The table of views, in the order of their keys. */
enum view_id {
    VIEW_EVENTS,
    VIEW_TASKS,
    VIEW_SESSIONS,
    VIEW_INTERVENTIONS,
    VIEW_BATCHES,
    VIEW_IDENTITIES,
    VIEW_DELIVERIES,
    VIEWS
};
extern const struct view_class view_events, view_tasks, view_sessions, view_interventions,
    view_batches, view_identities, view_deliveries;
const struct view_class *view_class(enum view_id id);

/* The view of that name, or VIEWS. */
enum view_id view_find(const char *name);
/* The view of a kind of entity, or VIEW_EVENTS when it has none. */
enum view_id view_of_entity(enum entity_kind kind);

void view_init(struct view *view, enum view_id id);
void view_free(struct view *view);

size_t view_count(const struct view *view);
/* How many of a log's rows, the first ones, are in memory. */
size_t view_remembered(const struct view *view);
/* The number of a row, and the row of a number: the next older one's for a log that does not show
 * it, view_count() when there is none. */
uint64_t view_number(const struct view *view, size_t index);
size_t view_index(const struct view *view, uint64_t number);

/* Whether types or an expression are filtered, or one entity's events alone are shown. */
bool view_is_filtered(const struct view *view);

/* The filter has changed: rows are chosen anew, the selection stays on its row if that is still
 * shown. */
void view_filter_changed(struct view *view);

/* What can change whether a row passes: bits of enum filter_change. */
unsigned view_changes(const struct view *view);

/* Takes a filter over; NULL, or an empty one, lifts the view's. */
void view_set_filter(struct view *view, struct filter *filter);
/* The expression in force, "" for none. */
const char *view_expression(const struct view *view);

/* Shows the events of one entity only, or (NULL) all. */
void view_set_scope(struct view *view, enum entity_kind kind, const char *id);

/* Sorts a table by the next (1) or previous (-1) column that it can be sorted by; turns the order
 * round. Both do nothing and return false for a log. */
bool view_sort(struct view *view, int by);
bool view_reverse(struct view *view);

/*
 * Brings the rows and the window up to the store, for a list of `height` rows. Takes the store's
 * lock for itself, for less than a millisecond at a time. Returns false when there is more to look
 * at: another call is wanted soon.
 */
bool view_update(struct view *view, struct store *store, int height, int64_t now_ms);

/* Whether a row that there is, is not shown: because of the filter, or because the view was paused
 * before it came. After view_update(); takes the store's lock for itself. */
bool view_hides(struct view *view, struct store *store, uint64_t number, int64_t now_ms);

/* What there is to say below the last row, such as that the journal has more; "" for nothing. */
void view_note(const struct view *view, char *text, size_t size);

/* How many milliseconds from now the rows may be others though nothing happens, or -1. */
int view_wait_ms(const struct view *view, const struct store *store, int64_t now_ms);

/* Counts the rows that came while a log was paused, also those that memory has let go of since,
 * into view->held_back. Returns false when another call is wanted soon. */
bool view_count_held_back(struct view *view, struct store *store, int64_t now_ms);

/* Moves the selection by rows; LONG_MIN and LONG_MAX go to the ends. */
void view_move(struct view *view, long rows);
/* Selects a row by number, also one that will be found by the next view_update(). */
void view_select(struct view *view, uint64_t number);
/* (locked) Stands still, or goes on. */
void view_pause(struct view *view, const struct store *store, bool paused);

/* Draws column titles and rows into the rectangle. */
void view_draw(struct view *view, int row, int column, int width, int height, bool focused,
               int64_t now_ms);

/* The columns that the rows, as last drawn, would take if nothing were cut. */
int view_natural_width(const struct view *view);

/*
 * Fit `columns`, whose cells need so much, into `width`: widths[i] is 0 for a column that is left
 * out, because there is no room or nothing in it. Columns are separated by one blank. Returns
 * whether each column that is not left out has the room that most of its cells need.
 */
bool view_fit(const struct column *columns, const struct column_need *needs, size_t count,
              int width, int *widths);

/* Take note of what is needed now; returns the width to be held. */
int held_width(struct held_width *held, int needed, int64_t now_ms);

/* When a row happened by what its list is ordered by; false for lists that are not ordered by time.
 */
bool view_when(const struct view *view, const struct view_row *row, int64_t *ms);

/* Writes foreign text into a cell. */
void cell_set(struct cell *cell, enum role role, const char *text);
/* And another one beside that, for `brief` and `instead`. */
void cell_set_other(struct cell *cell, const char *text);

/* The roles that an outcome, and the value of a field, are drawn in. */
enum role outcome_role(enum outcome outcome);
enum role field_type_role(enum field_type type);

#endif
