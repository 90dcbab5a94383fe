/*
 * What the actions do: each changes the state of the screen and draws nothing. Main thread.
 */
#ifndef ANCHORTOP_DO_H
#define ANCHORTOP_DO_H

struct ui;

/* Arguments of do_move() that are no number of rows. */
enum move { PAGE_BACK = -1000000, PAGE_ON = 1000000, HALF_BACK = -500000, HALF_ON = 500000 };

/* Moves the cursor of whatever has the keys: by rows, or by one of enum move. */
void do_move(struct ui *ui, long by);
/* Shows a view (enum view_id). */
void do_view(struct ui *ui, long view);
/* Sorts a table by the next (1) or previous (-1) column; turns the order round. */
void do_sort(struct ui *ui, long by);
void do_reverse(struct ui *ui, long unused);

/* To the intervention that has waited longest. */
void do_waiting(struct ui *ui, long unused);

/* To the entity (enum entity_kind) that what is selected has to do with. */
void do_related(struct ui *ui, long kind);

/* The bell on or off. */
void do_mute(struct ui *ui, long unused);

/* The list stands still, or goes on. */
void do_pause(struct ui *ui, long unused);
/* Opens the prompt: for the view's filter; for a text to find in the details. */
void do_filter(struct ui *ui, long unused);
void do_find(struct ui *ui, long unused);
void do_find_next(struct ui *ui, long by);

/* Adds the value under the cursor of the summary to the view's filter: only it (0), or not it (1).
 */
void do_by_value(struct ui *ui, long exclude);

/* In the prompt: keeps it, gives it up, edits (enum prompt_edit). */
void do_accept(struct ui *ui, long unused);
void do_cancel(struct ui *ui, long unused);
void do_edit(struct ui *ui, long edit);

/* Only failures, or all again. */
void do_failures(struct ui *ui, long unused);
/* A family of events (enum entity_kind) on or off. */
void do_family(struct ui *ui, long family);
/* Lifts every filter of the view. */
void do_show_all(struct ui *ui, long unused);
/* To the next failure: 1 older, -1 newer. */
void do_failure(struct ui *ui, long direction);
/* One step closer: details, into them, the link or fold under the cursor. */
void do_enter(struct ui *ui, long unused);
/* Between the list and the details. */
void do_focus(struct ui *ui, long unused);
/* Turns the pages of the details by 1 or -1. */
void do_page(struct ui *ui, long by);
/* One step back; never out of the program. */
void do_back(struct ui *ui, long unused);
/* In a menu: takes the item, switches it on or off, switches all on. */
void do_choose(struct ui *ui, long unused);
void do_toggle(struct ui *ui, long unused);
void do_all_items(struct ui *ui, long unused);
/* Opens, or copies, the most useful link. */
void do_open(struct ui *ui, long unused);
void do_copy(struct ui *ui, long unused);
/* Opens a menu (enum menu_id). */
void do_menu(struct ui *ui, long which);
void do_help(struct ui *ui, long unused);
void do_find_key(struct ui *ui, long unused);
void do_repaint(struct ui *ui, long unused);
void do_suspend(struct ui *ui, long unused);
/* Quits. do_ask_to_quit() asks first where deliveries are received, which would be refused. */
void do_quit(struct ui *ui, long unused);
void do_ask_to_quit(struct ui *ui, long unused);

#endif
