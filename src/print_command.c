/*
 * What `tail` and `wait` make of their options: see print_command.h.
 */
#include "print_command.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complain.h"
#include "follow.h"

enum { REASON_SIZE = 512 };

struct printer_config print_config(const struct options *options, const struct filter *filter)
{
    const char *term = getenv("TERM");
    bool waits = options->command == COMMAND_WAIT;
    return (struct printer_config){
        .filter = filter,
        .style = {.format = strcmp(options->format, "json") == 0 ? LINE_JSON : LINE_TEXT,
                  .color = !options->no_color && isatty(STDOUT_FILENO) && term &&
                           strcmp(term, "dumb") != 0,
                  .dates = options->since.given || options->no_follow,
                  .ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0},
        .wanted = waits ? options->count ? options->count : 1 : 0,
        .timeout_ms = options->timeout_ms};
}

int64_t print_since(const struct options *options)
{
    return options->since.given ? options->since.first_ms : INT64_MIN / 2;
}

int print_journal(const struct options *options, const struct filter *filter, const char *path)
{
    char reason[REASON_SIZE] = "";
    const struct follow_config config = {
        .path = path,
        .since_ms =
            options->since.given || options->no_follow ? print_since(options) : FOLLOWER_NOW,
        .ends = options->no_follow,
        .until_ms = options->until.given ? options->until.last_ms : 0,
        .printer = print_config(options, filter)};
    if (options->endpoint_option && !options->no_follow) {
        complain(
            "another anchortop keeps the journal %s and takes the deliveries; leave out --%s to "
            "follow that journal, or name another with --history, or keep none with "
            "--no-history",
            path, options->endpoint_option);
        return EXIT_FAILURE;
    }
    int status = follow_journal(&config, reason, sizeof reason);
    if (status < 0)
        complain("%s", reason);
    return status < 0 ? EXIT_FAILURE : status;
}
