/*
 * anchortop under test: on a terminal, with its endpoint on a free port, and signed events for it.
 */
#ifndef ANCHORTOP_WATCH_H
#define ANCHORTOP_WATCH_H

#include <stdbool.h>
#include <time.h>

#include "client.h"
#include "harness.h"

#define WATCH_SECRET "whsec_for_tests_0123456789abcdef"

struct watch {
    struct program *program;
    int port;
    time_t started;
};

/* Starts it with `--listen 127.0.0.1:0` and WATCH_SECRET, and waits for its first frame. The
 * setup's own arguments come after; NULL for the defaults. */
struct watch watch_start(const struct program_setup *setup);

/*
 * Delivers one signed event and asserts that it is accepted. `data` is the inside of the data
 * object: "\"task_id\":\"tsk_1\"".
 */
void watch_send(const struct watch *watch, const char *id, const char *type, const char *data);

/* The same for an event that was created so many seconds before the program was started: between
 * two of them lies exactly the difference. */
void watch_send_ago(const struct watch *watch, const char *id, int seconds, const char *type,
                    const char *data);

/* An event to be sent, for tables. */
struct watch_event {
    int ago; /* seconds before the start */
    const char *type, *data;
};
/* Sends them in that order, up to the one without a type. `prefix` begins their ids. */
void watch_send_all(const struct watch *watch, const char *prefix,
                    const struct watch_event *events);

/* The reply to any delivery of ours, with that secret (NULL: unsigned). */
struct http_reply watch_deliver(const struct watch *watch, const char *secret, const char *json);

/* Quits a program that receives: q, the question, y. Returns the exit status. */
int watch_quit(struct program *program);

/* Types an expression into the prompt of the filter, behind what stands there, and takes it. */
void watch_filter(const struct watch *watch, const char *expression);

/* Whether the row that shows a text is the selected one: it has another background. Waits. */
#define watch_wait_selected(watch, text) watch_wait_selected_at(watch, text, __FILE__, __LINE__)
void watch_wait_selected_at(const struct watch *watch, const char *text, const char *file,
                            int line);

/* Whether these words stand in a row, in that order; ended by NULL. */
bool watch_row_has(const struct watch *watch, int row, const char *const *words);
/* Waits until these words stand in one row, in that order; ended by NULL. */
#define watch_wait_words(watch, ...)                                                               \
    watch_wait_words_at(watch, (const char *const[]){__VA_ARGS__, NULL}, __FILE__, __LINE__)
void watch_wait_words_at(const struct watch *watch, const char *const *words, const char *file,
                         int line);

/* Waits until texts stand in rows below each other, in that order; ended by NULL. */
#define watch_wait_order(watch, ...)                                                               \
    watch_wait_order_at(watch, (const char *const[]){__VA_ARGS__, NULL}, __FILE__, __LINE__)
void watch_wait_order_at(const struct watch *watch, const char *const *texts, const char *file,
                         int line);

/* Starts it with a $BROWSER that notes what it is called with, and waits until it was called with
 * exactly one argument, this one. */
struct watch watch_start_with_browser(const struct program_setup *setup);
void watch_wait_opened(const struct watch *watch, const char *url);

#endif
