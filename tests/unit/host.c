/* The Host header: what can be one, and which names are this machine's own. */
#include "host.h"

#include <criterion/criterion.h>

static const struct {
    const char *host;
    bool valid, loopback;
} rows[] = {
    {"localhost", true, true},
    {"localhost:8484", true, true},
    {"LocalHost:8484", true, true},
    {"localhost.", true, true},
    {"anchor.localhost:80", true, true},
    {"127.0.0.1", true, true},
    {"127.0.0.1:8484", true, true},
    {"127.9.8.7:1", true, true},
    {"[::1]", true, true},
    {"[::1]:8484", true, true},
    {"[0:0:0:0:0:0:0:1]:8484", true, true},
    {"[::ffff:127.0.0.1]:8484", true, true},
    {"127.0.0.1:", true, true},
    {"", true, false},
    {"example.com", true, false},
    {"some-words.trycloudflare.com", true, false},
    {"127.0.0.1.nip.io", true, false},
    {"localhost.example.com", true, false},
    {"notlocalhost", true, false},
    {"127.1", true, false},
    {"0.0.0.0", true, false},
    {"128.0.0.1:8484", true, false},
    {"192.168.1.2:8484", true, false},
    {"[::]", true, false},
    {"[::ffff:10.0.0.1]", true, false},
    {"[2001:db8::1]:443", true, false},
    {"[::1", false, false},
    {"::1", false, false},
    {"[]", false, false},
    {"[localhost]", false, false},
    {"[::1]x", false, false},
    {"localhost:80x", false, false},
    {"localhost:80:81", false, false},
    {"user@localhost", false, false},
    {"local host", false, false},
    {"localhost/", false, false},
    {"localhost, localhost", false, false},
    {"caf\xc3\xa9", false, false},
};

Test(host, which_are_valid_and_which_are_this_machine)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(host_is_valid(rows[i].host), rows[i].valid, "\"%s\"", rows[i].host);
        if (rows[i].valid)
            cr_expect_eq(host_is_loopback(rows[i].host), rows[i].loopback, "\"%s\"", rows[i].host);
    }
}
