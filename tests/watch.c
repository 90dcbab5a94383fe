#include "watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct watch watch_start(const struct program_setup *setup)
{
    enum { MAX_ARGUMENTS = 32 };
    const char *arguments[MAX_ARGUMENTS] = {"--listen", "127.0.0.1:0"};
    struct program_setup whole = setup ? *setup : (struct program_setup){0};
    for (size_t i = 0; whole.arguments && whole.arguments[i] && i < MAX_ARGUMENTS - 3; i++)
        arguments[i + 2] = whole.arguments[i];
    whole.arguments = arguments;
    whole.secret = whole.secret ? whole.secret : WATCH_SECRET;
    struct watch watch = {.started = time(NULL), .program = program_start(&whole)};
    watch.port = program_port(watch.program);
    return watch;
}

static void send_created(const struct watch *watch, const char *id, struct timespec when,
                         const char *type, const char *data)
{
    char second[32], created[48], json[32768];
    strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", gmtime(&when.tv_sec));
    snprintf(created, sizeof created, "%s.%03dZ", second, (int)(when.tv_nsec / 1000000));
    int length = snprintf(json, sizeof json,
                          "{\"id\":\"%s\",\"type\":\"%s\",\"created\":\"%s\","
                          "\"project_id\":\"5d2c31f6\",\"text\":\"text of %s\",\"data\":{%s}}",
                          id, type, created, id, data);
    cr_assert(length < (int)sizeof json, "%s is too long", id);
    struct http_reply reply = watch_deliver(watch, WATCH_SECRET, json);
    cr_assert_eq(reply.status, 200, "%s: %s%s", id, reply.head, reply.body);
}

void watch_send(const struct watch *watch, const char *id, const char *type, const char *data)
{
    /* To the millisecond: an event without `created` that came before is older. */
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    send_created(watch, id, now, type, data);
}

void watch_send_ago(const struct watch *watch, const char *id, int seconds, const char *type,
                    const char *data)
{
    send_created(watch, id, (struct timespec){.tv_sec = watch->started - seconds}, type, data);
}

void watch_send_all(const struct watch *watch, const char *prefix, const struct watch_event *events)
{
    for (size_t i = 0; events[i].type; i++) {
        char id[64];
        snprintf(id, sizeof id, "%s_%03zu", prefix, i);
        watch_send_ago(watch, id, events[i].ago, events[i].type, events[i].data);
    }
}

struct http_reply watch_deliver(const struct watch *watch, const char *secret, const char *json)
{
    return http_deliver(watch->port, secret, json);
}

int watch_quit(struct program *program)
{
    program_keys(program, "q");
    program_wait_text(program, "Quit?");
    program_keys(program, "y");
    return program_wait_exit(program);
}

void watch_filter(const struct watch *watch, const char *expression)
{
    program_keys(watch->program, "/");
    program_type(watch->program, expression, strlen(expression));
    program_wait_text(watch->program, expression);
    program_keys(watch->program, "<Enter>");
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

/* The texts of a wait. */
struct order {
    const char *const *texts;
};

static void describe(char *what, size_t size, const struct order *order)
{
    for (const char *const *text = order->texts; *text; text++)
        snprintf(what + strlen(what), size - strlen(what), " %s", *text);
}

bool watch_row_has(const struct watch *watch, int row, const char *const *words)
{
    const char *at = program_row(watch->program, row);
    for (; at && *words; words++) {
        at = strstr(at, *words);
        at = at ? at + strlen(*words) : NULL;
    }
    return at != NULL;
}

static bool any_row_has(struct program *program, void *context)
{
    const struct order *order = context;
    for (int row = 0; row < program_rows(program); row++)
        if (watch_row_has(&(struct watch){.program = program}, row, order->texts))
            return true;
    return false;
}

void watch_wait_words_at(const struct watch *watch, const char *const *words, const char *file,
                         int line)
{
    char what[256] = "in one row:";
    struct order order = {.texts = words};
    describe(what, sizeof what, &order);
    program_wait_at(watch->program, what, any_row_has, &order, file, line);
}

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
    describe(what, sizeof what, &order);
    program_wait_at(watch->program, what, in_order, &order, file, line);
}

struct watch watch_start_with_browser(const struct program_setup *setup)
{
    static const char *const environment[] = {"BROWSER=./browser", NULL};
    struct program_setup whole = setup ? *setup : (struct program_setup){0};
    whole.environment = environment;
    struct watch watch = watch_start(&whole);
    program_write_file(watch.program, "browser",
                       "#!/bin/sh\n"
                       "echo noise; echo noise >&2\n"
                       "printf '%s\\n' \"$#\" \"$@\" >opening && mv opening opened\n");
    return watch;
}

static bool browser_ran(struct program *program, void *context)
{
    (void)context;
    char path[4200];
    snprintf(path, sizeof path, "%s/opened", program_home(program));
    return access(path, R_OK) == 0;
}

void watch_wait_opened(const struct watch *watch, const char *url)
{
    char path[4200], opened[512], expected[512];
    program_wait(watch->program, "the browser", browser_ran, NULL);
    snprintf(path, sizeof path, "%s/opened", program_home(watch->program));
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    size_t length = fread(opened, 1, sizeof opened - 1, file);
    opened[length] = '\0';
    fclose(file);
    unlink(path);
    snprintf(expected, sizeof expected, "1\n%s\n", url);
    cr_assert_str_eq(opened, expected);
}
