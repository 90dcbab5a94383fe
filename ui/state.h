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

#include "detail.h"
#include "lines.h"
#include "menu.h"
#include "screen.h"
#include "theme.h"
#include "ui.h"
#include "view.h"

enum { SPARK_SECONDS = 60, MESSAGE_MS = 6000 };

/* Where keys go. */
enum focus { FOCUS_LIST, FOCUS_DETAIL };

/* What header and tabs show, copied out of the store once a frame. */
struct figures {
    struct store_counts counts;
    uint32_t series[SPARK_SECONDS]; /* accepted events by second, oldest first */
    double rate;                    /* accepted events a second, of late */
    bool active;                    /* something came within the sparkline's time */
    uint64_t waiting;               /* rows that came while the view was paused */
    char filter[128];               /* the view's filter in words */
    char last_refusal[STORE_REASON_SIZE];
};

struct ui {
    const struct ui_config *config;
    struct theme theme;
    struct theme theme_before; /* to go back to from the list of themes */
    struct view views[VIEWS];
    enum view_id current;
    bool detail_open;
    enum focus focus;
    struct detail detail;
    struct menu menu;
    bool help_open;
    struct lines help;
    size_t help_top;
    int help_height;
    struct figures figures;
    char message[256]; /* clean; "" for none */
    enum role message_role;
    int64_t message_until_ms;
    int64_t now_ms;
    bool searching; /* a view has more of the past to look at: no waiting */
    bool repaint;   /* send every cell again */
    bool quit;
    int status; /* to leave with */
};

/* The view that is shown. */
struct view *ui_view(struct ui *ui);

/* Brings the detail pane's event up to the selection, whether or not the pane is open. */
void ui_load_detail(struct ui *ui);

/* Shows a sentence in the last line for a while. The text may be foreign. */
void ui_say(struct ui *ui, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Draws header, tabs and footer. */
void header_draw(struct ui *ui);
void tabs_draw(struct ui *ui, int row);
void footer_draw(struct ui *ui, int row);

/* Draws the help, made from the table of actions. */
void help_draw(struct ui *ui);
void help_move(struct ui *ui, long by);

#endif
