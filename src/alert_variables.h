/*
 * What an alert's command is told about the event: the variables ANCHORTOP_*.
 */
#ifndef ANCHORTOP_ALERT_VARIABLES_H
#define ANCHORTOP_ALERT_VARIABLES_H

#include <stdint.h>

#include "field.h"

/*
 * The environment of a command: this program's, but for the signing secret, with ANCHORTOP_*
 * variables for the event; what the event does not have is empty. Values are clean text and of
 * limited length. `suppressed` is how often the rule was about to fire since it did the last time.
 * Owned by the caller, alert_environment_free() releases it; NULL when memory ran out.
 */
char **alert_environment(const char *rule, uint64_t suppressed, const struct field_source *source);
void alert_environment_free(char **environment);

#endif
