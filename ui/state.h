/*
 * The state of the screen: what the actions change and a frame draws.
 *
 * A pass of the loop first lets keys and signals change this, then draws once. One instance, owned
 * by ui_run(), main thread.
 */
#ifndef ANCHORTOP_STATE_H
#define ANCHORTOP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alarm.h"
#include "detail.h"
#include "filter_counts.h"
#include "lines.h"
#include "menu.h"
#include "prompt.h"
#include "screen.h"
#include "targets.h"
#include "theme.h"
#include "ui.h"
#include "view.h"

enum { SPARK_SECONDS = 60, MESSAGE_MS = 6000, MAX_BACK = 32, WAITING_TEXT = 160 };

/* Where keys go. */
enum focus { FOCUS_LIST, FOCUS_DETAIL };

/* Who waits for a human, for the line below the header. */
struct waiting {
    size_t count;
    int64_t since_ms; /* of the one that waits longest */
    uint64_t serial;  /* of it */
    uint64_t newest;  /* the newest request that came since the start: its event, or 0 */
    char session[STORE_EVENT_ID_SIZE];
    char message[WAITING_TEXT]; /* foreign, as is the session */
};

/* What header and tabs show, copied out of the store once a frame. */
struct figures {
    struct store_counts counts;
    uint64_t events;                /* that were accepted or brought back */
    uint32_t series[SPARK_SECONDS]; /* accepted events by second, oldest first */
    double rate;                    /* accepted events a second, of late */
    bool active;                    /* something came within the sparkline's time */
    uint64_t held_back;             /* rows that came while the view was paused */
    char filter[512];               /* the view's filter in words */
    char last_refusal[STORE_REASON_SIZE];
    struct waiting waiting;
    size_t entities[ENTITY_TABLES]; /* how many there are of each kind */
    uint64_t runs_ok, runs_failed;  /* of tasks, in the last hour */
    int64_t p95_ms;                 /* of their durations; 0: none */
    struct costs spent;             /* in the last hour */
};

/* How a list and the details beside it share the width. */
struct split {
    enum view_id view;
    enum detail_page page;
    int columns;    /* of the screen */
    int list_width; /* 0: not known yet */
};

/* Where the operator was, to come back to. */
struct place {
    enum view_id view;
    uint64_t selected;
    int64_t selected_row; /* of the journal */
    bool follow, detail_open;
    enum focus focus;
    enum detail_page page;
    bool arrived_open;           /* the details came with the jump away from here */
    enum entity_kind scope_kind; /* of the events view */
    char *scope;                 /* owned; NULL: all events */
    bool lifted;                 /* the jump away from here has lifted a filter: */
    enum view_id lifted_view;    /* of that view */
    char *filter;                /* owned; this expression */
    struct type_filter types;    /* and these types */
};

struct ui {
    const struct ui_config *config;
    struct theme theme;
    struct theme theme_before; /* to go back to from the list of themes */
    struct view views[VIEWS];
    enum view_id current;
    enum detail_page pages[VIEWS]; /* each view keeps the page that it was left with */
    struct place back[MAX_BACK];
    size_t back_count;
    bool detail_open;
    struct split split;
    enum focus focus;
    struct detail detail;
    struct menu menu;
    struct filter_counts counts; /* for the list of filters */
    struct prompt prompt;
    struct remembered remembered;
    bool help_open;
    struct lines help;
    size_t help_top;
    char help_sought[64]; /* only keys that have to do with it are told; "" for all */
    size_t help_found;
    int help_height, help_rows;
    struct figures figures;
    struct targets targets; /* of what is selected */
    struct ui_journal journal;
    unsigned notices_shown;
    struct alarm alarm;
    char message[1024]; /* clean; "" for none; longer than a line where something is cut */
    enum role message_role;
    int64_t message_until_ms; /* on the clock that goes on evenly */
    int64_t now_ms;
    int64_t opened_ms;     /* when the screen was: what it counts began then */
    bool searching;        /* a view has more of the past to look at: no waiting */
    bool tracing;          /* so has the timeline */
    bool building;         /* the page of the details is not whole yet */
    size_t waiting_before; /* how many waited when the last frame was drawn */
    uint64_t waiting_newest;
    bool muted;      /* no bell */
    bool repaint;    /* send every cell again */
    bool quit_asked; /* whether to quit: the next key says */
    bool quit;
    int status; /* to leave with */
};

/* The view that is shown. */
struct view *ui_view(struct ui *ui);

/* Brings the detail pane's event up to the selection, whether or not the pane is open. */
void ui_load_detail(struct ui *ui);
/* And the lines of its page: the next key may come before the next frame. */
void ui_ready_detail(struct ui *ui);

/* Shows a view, keeping the page of the one that is left. */
void ui_show_view(struct ui *ui, enum view_id view);

/* Remembers where the operator is, before a jump; goes back there. False when there is nowhere. */
void ui_remember(struct ui *ui);
bool ui_go_back(struct ui *ui);
/* After ui_remember(): nothing is filtered in the view that is shown, until the way back has led
 * from here. */
void ui_lift_filter(struct ui *ui);
/* Forgets all ways back; filters that were lifted hold again. */
void ui_forget_places(struct ui *ui);

/* What is selected, for the detail pane; *slot receives where an entity is. */
struct subject ui_subject(const struct ui *ui, uint32_t *slot);

/* Shows a sentence in the last line for a while. The text may be foreign. */
void ui_say(struct ui *ui, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The role of something that has waited so long for a human. */
enum role waiting_role(const struct ui *ui, int64_t waited_ms);

/* Draws header, waiting line, tabs and footer. */
void header_draw(struct ui *ui);
void trouble_draw(struct ui *ui, int row);
void waiting_draw(struct ui *ui, int row);
void tabs_draw(struct ui *ui, int row);
void footer_draw(struct ui *ui, int row);

/* Draws the help, made from the table of actions. */
void help_draw(struct ui *ui);
void help_move(struct ui *ui, long by);
/* Tells only of keys that have to do with a text from now on; "" for all. */
void help_find(struct ui *ui, const char *text);

#endif
