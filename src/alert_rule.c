/*
 * Alert rules: one table of keys, and what follows from their values.
 */
#include "alert_rule.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "option.h"
#include "process.h"

enum { REASON_SIZE = FILTER_REASON_SIZE + 60 };

enum { FILTER }; /* the key that is read further */

#define FIELD(name) .offset = offsetof(struct alert_rule, name)

static const struct option keys[] = {
    [FILTER] = {"filter", "EXPRESSION", .kind = OPTION_TEXT, FIELD(expression)},
    {"bell", "yes|no", .kind = OPTION_FLAG, FIELD(bell)},
    {"flash", "yes|no", .kind = OPTION_FLAG, FIELD(flash)},
    {"desktop", "yes|no", .kind = OPTION_FLAG, FIELD(desktop)},
    {"command", "PROGRAM", .kind = OPTION_TEXT, FIELD(command)},
    {"every", "AGE", .kind = OPTION_DURATION, .fallback = "10s", FIELD(every_ms)},
};

#undef FIELD

enum { KEY_COUNT = sizeof keys / sizeof *keys };

/* Finds the program of a command now, so that a wrong name is told before the first alert. */
static bool split_command(struct alert_rule *rule, char *reason, size_t reason_size)
{
    char *rest = NULL;
    size_t count = 0;

    rule->words = strdup(rule->command);
    if (!rule->words) {
        snprintf(reason, reason_size, "there is no memory left");
        return false;
    }
    for (char *word = strtok_r(rule->words, " \t", &rest); word;
         word = strtok_r(NULL, " \t", &rest)) {
        if (count == ALERT_MAX_WORDS) {
            snprintf(reason, reason_size,
                     "command: it has more than %d words; put it into a script", ALERT_MAX_WORDS);
            return false;
        }
        rule->arguments[count++] = word;
    }
    rule->path = process_find(rule->arguments[0]);
    if (!rule->path)
        snprintf(reason, reason_size,
                 "command: there is no program \"%.120s\"; give its full path, and make it "
                 "executable with chmod +x (~ and $ stand for themselves: no shell reads this)",
                 rule->arguments[0]);
    return rule->path != NULL;
}

/* Puts the rule's name before a reason. */
static bool refuse(const struct alert_rule *rule, const char *why, char *reason, size_t reason_size)
{
    snprintf(reason, reason_size, "alert %s: %s", rule->name, why);
    return false;
}

static bool check_name(const struct alert_rules *rules, const char *name, char *reason,
                       size_t reason_size)
{
    bool printable = *name != '\0';

    for (const char *c = name; *c; c++)
        printable &= isalnum((unsigned char)*c) || strchr(" -_.", *c);
    if (!printable || strlen(name) > ALERT_MAX_NAME) {
        snprintf(reason, reason_size,
                 "an alert's name has 1 to %d letters, digits, blanks, dots, - and _, as in "
                 "[alert captcha]",
                 ALERT_MAX_NAME);
        return false;
    }
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(rules->rules[i].name, name) == 0)
            return refuse(&rules->rules[i], "there are two of that name; rename one", reason,
                          reason_size);
    return true;
}

bool alert_rules_begin(struct alert_rules *rules, const char *name, char *reason,
                       size_t reason_size)
{
    if (!check_name(rules, name, reason, reason_size))
        return false;
    if (rules->count == ALERT_MAX_RULES) {
        snprintf(reason, reason_size, "there can be %d alerts; leave some out", ALERT_MAX_RULES);
        return false;
    }
    struct alert_rule *all = realloc(rules->rules, (rules->count + 1) * sizeof *all);
    char *copy = strdup(name);
    if (all)
        rules->rules = all;
    if (!all || !copy) {
        free(copy);
        snprintf(reason, reason_size, "there is no memory left");
        return false;
    }
    all[rules->count++] = (struct alert_rule){.name = copy};
    return true;
}

static const char *nearest_key(const char *key)
{
    struct nearest nearest = nearest_to(key, strlen(key));
    for (size_t i = 0; i < KEY_COUNT; i++)
        nearest_consider(&nearest, keys[i].name);
    return nearest.word;
}

bool alert_rules_take(struct alert_rules *rules, const char *key, const char *value, char *reason,
                      size_t reason_size)
{
    struct alert_rule *rule = &rules->rules[rules->count - 1];
    char why[REASON_SIZE], problem[FILTER_REASON_SIZE];
    size_t i = 0;

    while (i < KEY_COUNT && strcmp(keys[i].name, key) != 0)
        i++;
    if (i == KEY_COUNT) {
        const char *near = nearest_key(key);
        snprintf(why, sizeof why, "there is no \"%.40s\"; ", key);
        size_t used = strlen(why);
        if (near)
            snprintf(why + used, sizeof why - used, "did you mean %s?", near);
        else
            snprintf(why + used, sizeof why - used,
                     "an alert has filter, bell, flash, desktop, command and every");
        return refuse(rule, why, reason, reason_size);
    }
    if (rule->given & 1U << i) {
        snprintf(why, sizeof why, "%s is given twice; keep one, on one line", key);
        return refuse(rule, why, reason, reason_size);
    }
    rule->given |= 1U << i;
    bool good = option_take(&keys[i], value, rule, problem, sizeof problem);
    if (good && i == FILTER) {
        rule->filter = filter_read(rule->expression, problem, sizeof problem);
        good = rule->filter != NULL;
    }
    if (good)
        return true;
    snprintf(why, sizeof why, "%.40s: %s", key, problem);
    return refuse(rule, why, reason, reason_size);
}

bool alert_rules_end(struct alert_rules *rules, char *reason, size_t reason_size)
{
    struct alert_rule *rule = &rules->rules[rules->count - 1];
    char why[REASON_SIZE];

    for (size_t i = 0; i < KEY_COUNT; i++)
        if (keys[i].fallback && !(rule->given & 1U << i))
            option_take(&keys[i], keys[i].fallback, rule, why, sizeof why);
    if (!rule->filter)
        return refuse(rule, "it does not say which events; add for example filter = is:failed",
                      reason, reason_size);
    if (!rule->bell && !rule->flash && !rule->desktop && !rule->command)
        return refuse(rule,
                      "it does nothing; add bell = yes, flash = yes, desktop = yes or command = "
                      "PROGRAM",
                      reason, reason_size);
    if (rule->command && !split_command(rule, why, sizeof why))
        return refuse(rule, why, reason, reason_size);
    return true;
}

void alert_rules_free(struct alert_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct alert_rule *rule = &rules->rules[i];
        for (size_t key = 0; key < KEY_COUNT; key++)
            option_release(&keys[key], rule);
        filter_free(rule->filter);
        free(rule->name);
        free(rule->path);
        free(rule->words);
    }
    free(rules->rules);
    *rules = (struct alert_rules){0};
}
