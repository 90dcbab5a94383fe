/*
 * The commands without a screen under test: starting them, what they print, and events for them.
 */
#ifndef ANCHORTOP_TEST_PRINTING_H
#define ANCHORTOP_TEST_PRINTING_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../client.h"
#include "../harness.h"

#define SECRET "whsec_for_tests_0123456789abcdef"

enum { MAX_WORDS = 16 };

static inline struct program *start_as_it_is(const char *const *words)
{
    return program_start(&(struct program_setup){
        .arguments = words, .secret = SECRET, .no_terminal = true, .keep_stderr = true});
}

static inline struct program *start(const char *const *words)
{
    const char *arguments[MAX_WORDS] = {words[0], "--listen", "0"};
    for (size_t i = 1; words[i]; i++)
        arguments[i + 2] = words[i];
    return start_as_it_is(arguments);
}
#define START(...) start((const char *const[]){__VA_ARGS__, NULL})

static inline bool says(struct program *program, void *context)
{
    return strstr(program_stderr(program), context) != NULL;
}

/* Waits for something on standard error. */
static inline void wait_stderr(struct program *program, const char *text)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "%s", text);
    program_wait(program, text, says, wanted);
}

static inline int port_of(struct program *program)
{
    static const char prefix[] = "listening on http://127.0.0.1:";
    wait_stderr(program, "/\n");
    const char *announced = strstr(program_stderr(program), prefix);
    cr_assert(announced, "%s", program_stderr(program));
    return (int)strtol(announced + sizeof prefix - 1, NULL, 10);
}

static inline void deliver(int port, const char *json)
{
    struct http_reply reply = http_deliver(port, SECRET, json);
    cr_assert_eq(reply.status, 200, "%s: %s%s", json, reply.head, reply.body);
}

static inline void deliver_type(int port, const char *id, const char *type)
{
    char json[256];
    snprintf(
        json, sizeof json,
        "{\"id\":\"%s\",\"type\":\"%s\",\"data\":{\"task_id\":\"tsk_%s\",\"duration_ms\":4218}}",
        id, type, id);
    deliver(port, json);
}

static inline bool has_output(struct program *program, void *context)
{
    return strstr(program_output(program, NULL), context) != NULL;
}

static inline void wait_output(struct program *program, const char *text)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "%s", text);
    program_wait(program, text, has_output, wanted);
}

static inline size_t lines_of(struct program *program)
{
    size_t lines = 0;
    for (const char *at = program_output(program, NULL); (at = strchr(at, '\n')); at++)
        lines++;
    return lines;
}

static inline bool has_lines(struct program *program, void *context)
{
    return lines_of(program) >= *(const size_t *)context;
}

/* Waits until so many lines have come whole: a pipe may be read when it has a part of one. */
static inline void wait_lines(struct program *program, size_t count)
{
    char what[32];
    snprintf(what, sizeof what, "%zu lines", count);
    program_wait(program, what, has_lines, &count);
}

static inline void end_with(struct program *program, int number)
{
    program_signal(program, number);
    program_wait_exit(program);
}

#define JOURNAL "--history", "journal.db"
/* With the journal of another program, which was started with JOURNAL. */
#define START_AFTER(before, ...)                                                                   \
    START(__VA_ARGS__, "--history", journal_of(before, (char[4200]){""}))

static inline const char *journal_of(const struct program *program, char name[4200])
{
    snprintf(name, 4200, "%s/journal.db", program_home(program));
    return name;
}

/* The same without an address to listen on. */
#define START_BESIDE(keeper, ...)                                                                  \
    start_as_it_is((const char *const[]){                                                          \
        __VA_ARGS__, "--history", journal_of(keeper, (char[4200]){""}), NULL})

static inline void deliver_request(int port, const char *id, const char *type, const char *session)
{
    char json[256];
    snprintf(json, sizeof json,
             "{\"id\":\"%s-%s\",\"type\":\"%s\",\"data\":{\"request_id\":\"%s\","
             "\"session_id\":\"%s\"}}",
             id, type, type, id, session);
    deliver(port, json);
}

/* Runs a script with the program as $0. */
static inline struct program *shell(const char *script)
{
    const char *arguments[] = {"-c", script, getenv("ANCHORTOP"), NULL};
    return program_start(&(struct program_setup){.path = "/bin/sh",
                                                 .arguments = arguments,
                                                 .secret = SECRET,
                                                 .no_terminal = true,
                                                 .keep_stderr = true});
}

#endif
