/* Many connections: silent ones are no burden, and never keep a delivery out. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../raw.h"

TestSuite(crowd, .fini = programs_stop, .timeout = 180);

/* Connections are taken in one after the other: a delivery that is made after all of them and
 * answered, however long that took, has seen them in. What is timed afterwards is the crowd, not
 * its arrival. */
static int *connect_many(const struct watch *watch, size_t count)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < count + 50)
        cr_skip_test("this system allows only %lu files", (unsigned long)limit.rlim_cur);
    int *connections = calloc(count, sizeof *connections);
    cr_assert(connections);
    for (size_t i = 0; i < count; i++)
        connections[i] = http_connect(watch->port);
    struct http_reply reply = http_deliver(watch->port, WATCH_SECRET, raw_event());
    cr_assert_eq(reply.status, 200, "%s", reply.head);
    return connections;
}

static void close_many(int *connections, size_t count)
{
    for (size_t i = 0; i < count; i++)
        close(connections[i]);
    free(connections);
}

Test(crowd, a_thousand_silent_connections)
{
    enum { COUNT = 1000 };
    struct watch watch = watch_start(NULL);
    int *connections = connect_many(&watch, COUNT);
    raw_assert_alive(&watch, "a thousand silent connections");
    raw_wait_quiet(&watch, "a thousand silent connections");
    struct http_reply reply =
        http_deliver_on(connections[COUNT - 1], NULL, WATCH_SECRET, raw_event());
    cr_expect_eq(reply.status, 200, "one of them speaks");
    close_many(connections, COUNT);
    raw_assert_alive(&watch, "their end");
}

/* More than there are places for: those that were silent longest make room. */
Test(crowd, more_than_there_is_room_for)
{
    enum { COUNT = 4500 };
    struct watch watch = watch_start(NULL);
    int *connections = connect_many(&watch, COUNT);
    raw_assert_alive(&watch, "thousands of connections");
    cr_expect(http_closed(connections[0]), "the oldest had to go");
    raw_wait_quiet(&watch, "thousands of connections");
    close_many(connections, COUNT);
}

Test(crowd, unfinished_deliveries)
{
    enum { COUNT = 200 };
    struct watch watch = watch_start(NULL);
    int *connections = connect_many(&watch, COUNT);
    char body[RAW_SIZE];
    raw_request(body, "POST / HTTP/1.1\r\nHost: test\r\n%SContent-Length: 4000000\r\n\r\n{", "");
    for (size_t i = 0; i < COUNT; i++)
        cr_assert(http_send_text(connections[i], i % 2 ? "POST / HTTP/1.1\r\nContent-Le" : body));
    raw_assert_alive(&watch, "unfinished deliveries");
    raw_wait_quiet(&watch, "unfinished deliveries");
    close_many(connections, COUNT);
    raw_assert_alive(&watch, "their end");
}
