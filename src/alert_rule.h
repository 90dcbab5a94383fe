/*
 * Alert rules, as the sections [alert NAME] of the configuration file give them: which events, and
 * what is then to be done. alert.h puts them to work.
 */
#ifndef ANCHORTOP_ALERT_RULE_H
#define ANCHORTOP_ALERT_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter.h"

enum {
    ALERT_MAX_RULES = 64, /* so that a set of them is a uint64_t */
    ALERT_MAX_NAME = 40,  /* bytes, without the terminator */
    ALERT_MAX_WORDS = 32, /* of a command */
};

struct alert_rule {
    char *name;
    char *expression;
    struct filter *filter; /* of it */
    bool bell, flash, desktop;
    char *command;    /* as given, or NULL */
    int64_t every_ms; /* it fires at most once in that time */
    unsigned given;   /* keys, by their place in the table */
    /* What follows from `command`; the words stand in `words`. */
    char *path, *words;
    char *arguments[ALERT_MAX_WORDS + 1];
};

/* Zero-initialise; alert_rules_free() releases it. */
struct alert_rules {
    struct alert_rule *rules;
    size_t count;
};

/*
 * Reads rules: alert_rules_begin() adds one, alert_rules_take() gives it a value, and
 * alert_rules_end() looks at it as a whole. Each returns false with a sentence that says what is
 * wrong and what would be right.
 */
bool alert_rules_begin(struct alert_rules *rules, const char *name, char *reason,
                       size_t reason_size);
bool alert_rules_take(struct alert_rules *rules, const char *key, const char *value, char *reason,
                      size_t reason_size);
bool alert_rules_end(struct alert_rules *rules, char *reason, size_t reason_size);
void alert_rules_free(struct alert_rules *rules);

#endif
