#include "watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct watch watch_start(const struct program_setup *setup)
{
    enum { MAX_ARGUMENTS = 32 };
    const char *arguments[MAX_ARGUMENTS] = {"--listen", "127.0.0.1:0"};
    struct program_setup whole = setup ? *setup : (struct program_setup){0};
    for (size_t i = 0; whole.arguments && whole.arguments[i] && i < MAX_ARGUMENTS - 3; i++)
        arguments[i + 2] = whole.arguments[i];
    whole.arguments = arguments;
    whole.secret = whole.secret ? whole.secret : WATCH_SECRET;
    struct watch watch = {.program = program_start(&whole)};
    watch.port = program_port(watch.program);
    return watch;
}

void watch_send(const struct watch *watch, const char *id, const char *type, const char *data)
{
    char created[32], json[8192];
    time_t now = time(NULL);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%S.000Z", gmtime(&now));
    int length = snprintf(json, sizeof json,
                          "{\"id\":\"%s\",\"type\":\"%s\",\"created\":\"%s\","
                          "\"project_id\":\"5d2c31f6\",\"text\":\"text of %s\",\"data\":{%s}}",
                          id, type, created, id, data);
    cr_assert(length < (int)sizeof json, "%s is too long", id);
    struct http_reply reply = watch_deliver(watch, WATCH_SECRET, json);
    cr_assert_eq(reply.status, 200, "%s: %s%s", id, reply.head, reply.body);
}

struct http_reply watch_deliver(const struct watch *watch, const char *secret, const char *json)
{
    return http_deliver(watch->port, secret, json);
}

static bool selected(struct program *program, void *context)
{
    int row, column;
    if (!program_find(program, context, &row, &column))
        return false;
    struct program_cell cell = program_cell(program, row, column);
    return cell.reverse || cell.background != COLOUR_DEFAULT;
}

void watch_wait_selected_at(const struct watch *watch, const char *text, const char *file, int line)
{
    char what[128], wanted[128];
    snprintf(wanted, sizeof wanted, "%s", text);
    snprintf(what, sizeof what, "the row of \"%s\" to be selected", text);
    program_wait_at(watch->program, what, selected, wanted, file, line);
}

struct order {
    const char *const *texts;
};

static bool in_order(struct program *program, void *context)
{
    const struct order *order = context;
    int last = -1;
    for (const char *const *text = order->texts; *text; text++) {
        int row = program_find_row(program, *text);
        if (row <= last)
            return false;
        last = row;
    }
    return true;
}

void watch_wait_order_at(const struct watch *watch, const char *const *texts, const char *file,
                         int line)
{
    char what[256] = "this order:";
    struct order order = {.texts = texts};
    for (const char *const *text = texts; *text; text++)
        snprintf(what + strlen(what), sizeof what - strlen(what), " %s", *text);
    program_wait_at(watch->program, what, in_order, &order, file, line);
}
