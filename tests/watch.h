/*
 * anchortop under test: on a terminal, with its endpoint on a free port, and signed events for it.
 */
#ifndef ANCHORTOP_WATCH_H
#define ANCHORTOP_WATCH_H

#include <stdbool.h>

#include "client.h"
#include "harness.h"

#define WATCH_SECRET "whsec_for_tests_0123456789abcdef"

struct watch {
    struct program *program;
    int port;
};

/* Starts it with `--listen 127.0.0.1:0` and WATCH_SECRET, and waits for its first frame. The
 * setup's own arguments come after; NULL for the defaults. */
struct watch watch_start(const struct program_setup *setup);

/*
 * Delivers one signed event and asserts that it is accepted. `data` is the inside of the data
 * object: "\"task_id\":\"tsk_1\"".
 */
void watch_send(const struct watch *watch, const char *id, const char *type, const char *data);

/* The reply to any delivery of ours, with that secret (NULL: unsigned). */
struct http_reply watch_deliver(const struct watch *watch, const char *secret, const char *json);

/* Whether the row that shows a text is the selected one: it has another background. Waits. */
#define watch_wait_selected(watch, text) watch_wait_selected_at(watch, text, __FILE__, __LINE__)
void watch_wait_selected_at(const struct watch *watch, const char *text, const char *file,
                            int line);

/* Waits until texts stand in rows below each other, in that order; ended by NULL. */
#define watch_wait_order(watch, ...)                                                               \
    watch_wait_order_at(watch, (const char *const[]){__VA_ARGS__, NULL}, __FILE__, __LINE__)
void watch_wait_order_at(const struct watch *watch, const char *const *texts, const char *file,
                         int line);

#endif
