/*
 * What can be done on the screen, and with which key: one table, from which the footer, the help
 * and the manual page are made. Main thread.
 */
#ifndef ANCHORTOP_ACTIONS_H
#define ANCHORTOP_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

enum { ACTION_KEYS = 3, ACTIONS_MAX = 160 };

/* Where a action works, as bits. */
enum action_place {
    IN_EVENTS = 1 << 0,     /* the list of events has the keys */
    IN_DELIVERIES = 1 << 1, /* the list of deliveries */
    IN_DETAIL = 1 << 2,     /* the detail pane */
    IN_MENU = 1 << 3,
    IN_HELP = 1 << 4,
    IN_TABLE = 1 << 5, /* a table of entities */
    IN_LOG = IN_EVENTS | IN_DELIVERIES,
    IN_LIST = IN_LOG | IN_TABLE,
    IN_MAIN = IN_LIST | IN_DETAIL,
    IN_PROMPT = 1 << 6,
    IN_ALL = IN_MAIN | IN_MENU | IN_HELP, /* but not the prompt, where letters are text */
};

struct action {
    int keys[ACTION_KEYS]; /* the first one is shown in the footer; 0 ends them early */
    unsigned places;       /* enum action_place */
    const char *group;     /* heading in the help */
    const char *help;      /* what it does; NULL: told with the same key of the group */
    const char *hint;      /* one or two words for the footer; NULL: not there */
    unsigned rank;         /* of the hint: the highest gives way first, 0 never */
    /* Whether the key leads anywhere now, for the footer. NULL: it always does. */
    bool (*leads)(const struct ui *ui, long arg);
    void (*run)(struct ui *ui, long arg);
    long arg;
};

extern const struct action actions[];
extern const size_t action_count;

/* Whether the action works in the present state of the screen. */
bool action_applies(const struct action *action, const struct ui *ui);

/* Runs what a key is bound to in the present state. False when it is bound to nothing. */
bool action_run(struct ui *ui, int key);

#endif
