/* --listen: what is understood, what counts as this machine only, and what is said otherwise. */
#include "listen.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *text;
    bool loopback;
    const char *reason; /* NULL: it is an address */
} rows[] = {
    {"8484", true, NULL},
    {"0", true, NULL},
    {"127.0.0.1:8484", true, NULL},
    {"127.9.9.9:1", true, NULL},
    {"localhost:8484", true, NULL},
    {"[::1]:8484", true, NULL},
    {"[::ffff:127.0.0.1]:8484", true, NULL},
    {"0.0.0.0:8484", false, NULL},
    {"192.168.1.2:65535", false, NULL},
    {"[::]:8484", false, NULL},
    {"[2001:db8::1]:8484", false, NULL},
    {"[::ffff:10.0.0.1]:8484", false, NULL},
    {"", false, "ADDR:PORT"},
    {"here", false, "ADDR:PORT"},
    {"127.0.0.1", false, "ADDR:PORT"},
    {"127.0.0.1:", false, "port"},
    {"127.0.0.1:65536", false, "port"},
    {"127.0.0.1:-1", false, "port"},
    {"127.0.0.1:80x", false, "port"},
    {"99999", false, "port"},
    {"127.0.0.256:80", false, "IP address"},
    {"example.com:80", false, "IP address"},
    {"::1:80", false, "brackets"},
    {"[::1:80", false, "brackets"},
    {"[nonsense]:80", false, "IPv6"},
    {":80", false, "0.0.0.0"},
    {"*:80", false, "0.0.0.0"},
};

Test(listen, addresses)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct listen_address address;
        char reason[200] = "";
        bool ok = listen_parse(&address, rows[i].text, reason, sizeof reason);
        cr_expect_eq(ok, rows[i].reason == NULL, "%s: %s", rows[i].text, reason);
        if (ok)
            cr_expect_eq(address.loopback, rows[i].loopback, "%s", rows[i].text);
        else
            cr_expect(strstr(reason, rows[i].reason) && strstr(reason, "--listen"), "%s: %s",
                      rows[i].text, reason);
    }
}

Test(listen, opens_says_where_and_refuses_a_port_in_use)
{
    struct listen_address address;
    char reason[200], text[LISTEN_TEXT_SIZE], again[64], reach[LISTEN_TEXT_SIZE];
    cr_assert(listen_parse(&address, "0", reason, sizeof reason));
    int socket = listen_open(&address, reason, sizeof reason);
    cr_assert_geq(socket, 0, "%s", reason);
    listen_local_text(socket, text);
    cr_expect(strncmp(text, "127.0.0.1:", 10) == 0 && strcmp(text + 10, "0") != 0, "%s", text);
    listen_reach_text(socket, reach);
    cr_expect_str_eq(reach, text);

    snprintf(again, sizeof again, "%s", text);
    cr_assert(listen_parse(&address, again, reason, sizeof reason));
    cr_expect_eq(listen_open(&address, reason, sizeof reason), -1);
    cr_expect(strstr(reason, text) && strstr(reason, "in use") && strstr(reason, "--listen"), "%s",
              reason);
    close(socket);
}

Test(listen, all_addresses_are_reached_over_loopback)
{
    struct listen_address address;
    char reason[200], reach[LISTEN_TEXT_SIZE];
    cr_assert(listen_parse(&address, "0.0.0.0:0", reason, sizeof reason));
    int socket = listen_open(&address, reason, sizeof reason);
    cr_assert_geq(socket, 0, "%s", reason);
    listen_reach_text(socket, reach);
    cr_expect(strncmp(reach, "127.0.0.1:", 10) == 0, "%s", reach);
    close(socket);
}

/* Both ends of a connection to ourselves. */
static void expect_peer(const char *listen_text, const char *expected)
{
    struct listen_address address;
    char reason[200], text[LISTEN_TEXT_SIZE];
    cr_assert(listen_parse(&address, listen_text, reason, sizeof reason));
    int listener = listen_open(&address, reason, sizeof reason);
    if (listener < 0)
        return; /* a machine without IPv6 */
    socklen_t length = sizeof address.address;
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address.address, &length), 0);
    int client = socket(address.address.ss_family, SOCK_STREAM, 0);
    cr_assert_eq(connect(client, (struct sockaddr *)&address.address, length), 0);
    int server = accept(listener, NULL, NULL);
    listen_peer_address(server, text);
    cr_expect_str_eq(text, expected);
    close(server);
    close(client);
    close(listener);
}

Test(listen, a_sender_is_known_by_its_address_or_network)
{
    expect_peer("127.0.0.1:0", "127.0.0.1:0");
    expect_peer("[::1]:0", "[::]:0");
}
