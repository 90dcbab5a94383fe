/* Foreign text can do nothing to the terminal but be shown, wherever it is shown. */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(hostile, .fini = programs_stop);

/* Escape sequences as JSON escapes, a C1 control and a bidirectional override as they are. */
#define ATTACK                                                                                     \
    "\\u001b]0;owned\\u0007\\u001b[31mred\\u001b[2J\\u001b]52;c;b3duZWQ=\\u0007\xc2\x9b"           \
    "6nrtl\xe2\x80\xaegnp.exe\xe2\x81\xa6\\r\\n\\b\\u007fend"

static const char *const forbidden[] = {
    "\033]0;owned", "\033[31mred", "\033]52", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6",
};

/* Ends the program, so that everything it had to draw is there to be looked at. */
static void assert_harmless(struct program *program)
{
    program_keys(program, "<C-c>");
    program_wait_exit(program);
    size_t length = 0;
    const char *output = program_output(program, &length);
    cr_expect_eq(strlen(output), length, "a NUL went to the terminal");
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        cr_expect_null(strstr(output, forbidden[i]), "sequence %zu went to the terminal", i);
    cr_expect_null(strstr(program_title(program), "owned"), "the title was set");
    cr_expect_eq(program_osc_count(program, 52), 0, "the clipboard was written");
}

static struct watch send_attack(void)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 50, .columns = 180});
    watch_send(&watch, "evt_" ATTACK, "task.failed",
               "\"task_id\":\"tsk_" ATTACK "\",\"error\":{\"message\":\"message " ATTACK "\"},"
               "\"" ATTACK "\":\"" ATTACK "\",\"live_view_url\":\"https://a.example/" ATTACK "\"");
    program_wait_text(watch.program, "task.failed");
    return watch;
}

Test(hostile, in_the_list)
{
    struct watch watch = send_attack();
    program_wait_text(watch.program, "<U+202E>");
    assert_harmless(watch.program);
}

Test(hostile, in_every_page_of_the_detail)
{
    struct watch watch = send_attack();
    program_keys(watch.program, "<Enter>");
    program_wait_text(watch.program, "Summary");
    program_keys(watch.program, "]");
    program_wait_text(watch.program, "▸");
    program_keys(watch.program, "]");
    program_wait_text(watch.program, "\"message\"");
    program_keys(watch.program, "]");
    program_wait_gone(watch.program, "\"message\"");
    assert_harmless(watch.program);
}

Test(hostile, in_the_type)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 50, .columns = 180});
    watch_send(&watch, "evt_1", "task." ATTACK, "\"task_id\":\"tsk_1\"");
    program_wait_text(watch.program, "tsk_1");
    program_keys(watch.program, "T");
    program_wait_text(watch.program, "identity.authentication_failed");
    assert_harmless(watch.program);
}

Test(hostile, in_a_refused_delivery)
{
    struct watch watch = watch_start(&(struct program_setup){.rows = 50, .columns = 180});
    static const char json[] = "{\"id\":\"evt_1\",\"type\":\"" ATTACK "\"";
    cr_assert_eq(watch_deliver(&watch, WATCH_SECRET, json).status, 400);
    int connection = http_connect(watch.port);
    http_send_text(connection, "POST / HTTP/1.1\r\nHost: a\r\nAnchor-Timestamp: \033[31mred\r\n"
                               "Anchor-Delivery-Id: \033]0;owned\007\r\n"
                               "Anchor-Signature: \033]0;owned\007\r\nContent-Length: 2\r\n\r\n{}");
    http_read(connection);
    program_keys(watch.program, "7");
    program_wait_text(watch.program, "400 refused");
    assert_harmless(watch.program);
}
