/*
 * Links: which are found, which are refused, and what the browser is given.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link.h"
#include "samples.h"

static const struct {
    const char *url, *reason; /* NULL: good */
} urls[] = {
    {"https://app.anchorbrowser.io/sessions/ses_8d2c1fda", NULL},
    {"http://127.0.0.1:8484/", NULL},
    {"HTTPS://EXAMPLE.COM", NULL},
    {"http://[::1]:8080/a?b=c&d=%20#e", NULL},
    {"https://bucket.s3.amazonaws.com/v.mp4?X-Amz-Signature=ab;c=$1(2)*!~", NULL},
    {"https://example.com/@user", NULL},
    {"javascript:alert(1)", "the link is not http or https"},
    {"JavaScript://example.com/%0aalert(1)", "the link is not http or https"},
    {"file:///etc/passwd", "the link is not http or https"},
    {"data:text/html,x", "the link is not http or https"},
    {"-https://example.com", "the link is not http or https"},
    {" https://example.com", "the link is not http or https"},
    {"https:example.com", "the link is not http or https"},
    {"//example.com", "the link is not http or https"},
    {"", "the link is not http or https"},
    {"https://", "the link has no valid host"},
    {"https:///path", "the link has no valid host"},
    {"https://:80/", "the link has no valid host"},
    {"https://?q", "the link has no valid host"},
    {"https://exa%6dple.com/", "the link has no valid host"},
    {"https://a;b/", "the link has no valid host"},
    {"https://anchorbrowser.io@example.com/", "the link hides its host behind a user name"},
    {"https://u:p@example.com", "the link hides its host behind a user name"},
    {"https://example.com/a b", "the link has a space in it"},
    {"https://example.com/a\tb", "the link has a control or non-ASCII character"},
    {"https://example.com/\n", "the link has a control or non-ASCII character"},
    {"https://example.com/\x1b[31m", "the link has a control or non-ASCII character"},
    {"https://example.com/\x7f", "the link has a control or non-ASCII character"},
    {"https://ex\u0430mple.com/", "the link has a control or non-ASCII character"},
    {"https://example.com/\"", "the link has a quote, bracket or backslash in it"},
    {"https://example.com/'", "the link has a quote, bracket or backslash in it"},
    {"https://example.com/`id`", "the link has a quote, bracket or backslash in it"},
    {"https://example.com\\@evil.com", "the link has a quote, bracket or backslash in it"},
    {"https://example.com/<script>", "the link has a quote, bracket or backslash in it"},
};

Test(link, check)
{
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char reason[128] = "";
        bool good = link_check(urls[i].url, reason, sizeof reason);

        cr_expect_eq(good, urls[i].reason == NULL, "%s", urls[i].url);
        cr_expect_str_eq(reason, urls[i].reason ? urls[i].reason : "", "%s: %s", urls[i].url,
                         reason);
    }
}

Test(link, check_length)
{
    char url[8194] = "https://example.com/", reason[128] = "";

    memset(url + strlen(url), 'a', sizeof url - strlen(url) - 1);
    cr_expect_not(link_check(url, reason, sizeof reason));
    cr_expect_str_eq(reason, "the link is longer than 8 KB");
    url[sizeof url - 2] = '\0';
    cr_expect(link_check(url, reason, sizeof reason));
}

static char *print_links(const char *body)
{
    struct link_list list;
    struct event event;
    char reason[128] = "", *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);

    cr_assert(stream);
    cr_assert(event_decode(&event, body, strlen(body), reason, sizeof reason), "%s", reason);
    cr_expect(link_collect(&event, &list));
    event_free(&event); /* the list has its own copies */
    for (size_t i = 0; i < list.count; i++)
        fprintf(stream, "%s: %s\n", list.links[i].name, list.links[i].url);
    link_list_free(&list);
    fclose(stream);
    return out;
}

static const struct {
    const char *name, *body, *links;
} lists[] = {
    {"completed task",
     SAMPLE("task.completed",
            "{\"recording_url\":\"https://r\",\"artifacts\":[{\"name\":\"a.pdf\",\"url\":"
            "\"https://a\"},{\"url\":\"https://b\"},{\"name\":\"none\"},{\"name\":\"c.csv\","
            "\"url\":\"https://c\",\"thumbnail\":\"https://t\"}],"
            "\"session_dashboard_url\":\"https://s\"}"),
     "Session dashboard: https://s\nRecording: https://r\na.pdf: https://a\n"
     "Artifact 2 link: https://b\nc.csv: https://c\nArtifact 4 thumbnail: https://t\n"},
    {"intervention",
     SAMPLE("intervention.requested",
            "{\"session_dashboard_url\":\"https://s\",\"live_view_url\":\"https://l\"}"),
     "Live view: https://l\nSession dashboard: https://s\n"},
    {"links that the catalogue does not know",
     SAMPLE("export.made", "{\"docs\":[\"http://d\",\"ftp://f\"],\"output\":{\"value\":"
                           "{\"receipt\":\"https://o\"}},\"x\":{\"y\":\"HTTPS://z\"}}"),
     "Output receipt: https://o\ndocs.0: http://d\nx.y: HTTPS://z\n"},
    {"not links",
     SAMPLE("task.failed", "{\"recording_url\":\"javascript:alert(1)\",\"live_view_url\":7,"
                           "\"error\":{\"message\":\"https://x did not answer\"},"
                           "\"domains\":[\"https://a\",\"https://b\"],\"n\":1}"),
     ""},
    {"a field of text that is a link", SAMPLE("session.failed", "{\"reason\":\"https://help/1\"}"),
     "Reason: https://help/1\n"},
};

Test(link, collect)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char *links = print_links(lists[i].body);
        cr_expect_str_eq(links, lists[i].links, "%s: got\n%s", lists[i].name, links);
        free(links);
    }
}

/*
 * A directory with programs that write their name and arguments, one a line, into a pipe; and an
 * environment that knows nothing else.
 */
static char directory[] = "/tmp/anchortop-link-XXXXXX";
static const char *const programs[] = {"browser", "xdg-open", "open", "wslview"};

static char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void write_file(const char *name, mode_t mode, const char *text)
{
    FILE *file = fopen(path_of(name), "w");

    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
    cr_assert_eq(chmod(path_of(name), mode), 0);
}

static void set_up(void)
{
    char script[512];

    cr_assert(mkdtemp(directory));
    cr_assert_eq(mkfifo(path_of("pipe"), 0600), 0);
    snprintf(script, sizeof script,
             "#!/bin/sh\nread line && echo 'standard input is not empty' > %s/pipe\n"
             "printf '%%s\\n' \"${0##*/}\" \"$@\" > %s/pipe\n",
             directory, directory);
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        write_file(programs[i], 0700, script);
    write_file("broken", 0700, "#!/no/such/interpreter\n");
    setenv("PATH", directory, 1);
    unsetenv("BROWSER");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
}

static void tear_down(void)
{
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        unlink(path_of(programs[i]));
    unlink(path_of("broken"));
    unlink(path_of("pipe"));
    rmdir(directory);
}

TestSuite(link_open, .init = set_up, .fini = tear_down, .timeout = 30);

static const char url[] = "https://example.com/a?b=c&d=$(id);e#%73";

/* What the program that was started has to say: waits for it. */
static void expect_started(const char *name, const char *expected)
{
    char said[1024] = "", reason[160] = "";

    bool good = link_open(url, reason, sizeof reason);
    cr_assert(good, "%s: %s", name, reason);
    FILE *pipe = fopen(path_of("pipe"), "r");
    cr_assert(pipe);
    size_t length = fread(said, 1, sizeof said - 1, pipe);
    said[length] = '\0';
    fclose(pipe);
    cr_expect_str_eq(said, expected, "%s: got\n%s", name, said);
    cr_expect(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "%s: a child is left", name);
}

static const struct {
    const char *browser, *said; /* behind "said" comes the URL, where it holds %s */
} browsers[] = {
    {"browser", "browser\n%s\n"},
    {"browser --new-tab  -x", "browser\n--new-tab\n-x\n%s\n"},
    {"browser %s --last", "browser\n%s\n--last\n"},
    {"browser --url=%s;", "browser\n--url=%s;\n"},
    {"no-such-program:browser", "browser\n%s\n"},
    {"::  :browser:xdg-open", "browser\n%s\n"},
    {"browser 'a b'", "browser\n'a\nb'\n%s\n"},
    {"browser $HOME `id` > x", "browser\n$HOME\n`id`\n>\nx\n%s\n"},
};

Test(link_open, browser)
{
    for (size_t i = 0; i < sizeof browsers / sizeof browsers[0]; i++) {
        char said[512];
        const char *mark = strstr(browsers[i].said, "%s");

        snprintf(said, sizeof said, "%.*s%s%s", (int)(mark - browsers[i].said), browsers[i].said,
                 url, mark + 2);
        setenv("BROWSER", browsers[i].browser, 1);
        expect_started(browsers[i].browser, said);
    }
}

Test(link_open, browser_by_its_path)
{
    char said[256];

    setenv("BROWSER", path_of("browser"), 1);
    setenv("PATH", "/nowhere", 1);
    snprintf(said, sizeof said, "browser\n%s\n", url);
    expect_started("path", said);
}

Test(link_open, openers_of_the_system)
{
    char said[256];

    setenv("BROWSER", "no-such-program", 1);
    setenv("DISPLAY", ":0", 1);
    snprintf(said, sizeof said, "xdg-open\n%s\n", url);
    expect_started("xdg-open", said);

    unlink(path_of("xdg-open"));
    snprintf(said, sizeof said, "open\n%s\n", url);
    expect_started("open", said);

    unlink(path_of("open"));
    snprintf(said, sizeof said, "wslview\n%s\n", url);
    expect_started("wslview", said);
}

Test(link_open, no_opener)
{
    char reason[160];

    unlink(path_of("wslview"));
    unlink(path_of("open"));
    cr_expect_not(link_open(url, reason, sizeof reason));
    cr_expect_str_eq(reason, "no display here: set $BROWSER to the command that opens a link");

    unlink(path_of("xdg-open"));
    setenv("WAYLAND_DISPLAY", "wayland-0", 1);
    cr_expect_not(link_open(url, reason, sizeof reason));
    cr_expect_str_eq(reason, "no browser found: set $BROWSER, or install xdg-utils");

    unsetenv("PATH");
    cr_expect_not(link_open(url, reason, sizeof reason));
}

Test(link_open, browser_that_does_not_start)
{
    char reason[160], expected[256];

    setenv("BROWSER", "broken", 1);
    cr_expect_not(link_open(url, reason, sizeof reason));
    snprintf(expected, sizeof expected, "cannot start %s: No such file or directory",
             path_of("broken"));
    cr_expect_str_eq(reason, expected, "%s", reason);
    cr_expect(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "a child is left");
}

Test(link_open, refused_links_start_nothing)
{
    char reason[160], said[256];

    setenv("BROWSER", "browser", 1);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        if (urls[i].reason)
            cr_expect_not(link_open(urls[i].url, reason, sizeof reason), "%s", urls[i].url);

    /* Programs that had started would all write into the pipe as soon as somebody reads it. */
    snprintf(said, sizeof said, "browser\n%s\n", url);
    expect_started("a good one behind them", said);
}
