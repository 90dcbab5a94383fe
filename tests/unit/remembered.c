/*
 * What the screen remembers: it survives, nobody else's file is touched, and programs that write at
 * the same time lose nothing.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../ui/remembered.h"

static char home[64], path[128];

static void make_home(void)
{
    snprintf(home, sizeof home, "/tmp/anchortop-remembered-XXXXXX");
    cr_assert_not_null(mkdtemp(home));
    snprintf(path, sizeof path, "%s/state/anchortop/screen", home);
}

static void remove_home(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", home);
    cr_assert_eq(system(command), 0);
}

TestSuite(remembered, .init = make_home, .fini = remove_home);

/* A run: what it finds. */
struct run {
    struct remembered remembered;
    struct remembered_lines lines[REMEMBERED_KINDS];
    char reason[320];
    bool good;
};

static void open_run(struct run *run)
{
    *run = (struct run){.good = false};
    run->good =
        remembered_open(&run->remembered, path, run->lines, run->reason, sizeof run->reason);
}

static void close_run(struct run *run)
{
    for (int kind = 0; kind < REMEMBERED_KINDS; kind++)
        remembered_lines_free(&run->lines[kind]);
}

static void keep(struct run *run, enum remembered_kind kind, const char *line)
{
    cr_assert(remembered_keep_line(&run->remembered, kind, line, run->reason, sizeof run->reason),
              "%s", run->reason);
}

static void write_file(const char *text, size_t length)
{
    char command[256];
    snprintf(command, sizeof command, "mkdir -p %s/state/anchortop", home);
    cr_assert_eq(system(command), 0);
    FILE *file = fopen(path, "w");
    cr_assert(file && fwrite(text, 1, length, file) == length && fclose(file) == 0);
}

static void read_file(char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

Test(remembered, theme_and_lines_are_there_again)
{
    struct run run;
    open_run(&run);
    cr_assert(run.good && run.lines[0].count == 0, "%s", run.reason);
    keep(&run, REMEMBERED_FILTER, "is:failed");
    keep(&run, REMEMBERED_FILTER, "text:\"日本\" cost>1");
    keep(&run, REMEMBERED_FIND, "order");
    keep(&run, REMEMBERED_FILTER, "is:failed");
    cr_assert(remembered_keep_theme(&run.remembered, "light", run.reason, sizeof run.reason));
    close_run(&run);
    open_run(&run);
    cr_assert(run.good, "%s", run.reason);
    cr_expect_str_eq(run.remembered.theme, "light");
    cr_assert_eq(run.lines[REMEMBERED_FILTER].count, 2);
    cr_expect_str_eq(run.lines[REMEMBERED_FILTER].lines[0], "text:\"日本\" cost>1");
    cr_expect_str_eq(run.lines[REMEMBERED_FILTER].lines[1], "is:failed");
    cr_assert_eq(run.lines[REMEMBERED_FIND].count, 1);
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    close_run(&run);
}

Test(remembered, the_newest_lines_stay)
{
    struct run run;
    open_run(&run);
    for (int i = 0; i < REMEMBERED_LINES + 5; i++) {
        char line[32];
        snprintf(line, sizeof line, "line %d", i);
        keep(&run, REMEMBERED_FIND, line);
    }
    close_run(&run);
    open_run(&run);
    cr_assert_eq(run.lines[REMEMBERED_FIND].count, REMEMBERED_LINES);
    cr_expect_str_eq(run.lines[REMEMBERED_FIND].lines[0], "line 5");
    close_run(&run);
}

Test(remembered, the_longest_line_that_a_prompt_holds_is_there_again)
{
    struct run run;
    char line[REMEMBERED_LINE];
    memset(line, 'a', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    open_run(&run);
    keep(&run, REMEMBERED_FILTER, line);
    keep(&run, REMEMBERED_FIND, line);
    close_run(&run);
    open_run(&run);
    cr_assert(run.good, "%s", run.reason);
    cr_assert_eq(run.lines[REMEMBERED_FILTER].count, 1);
    cr_expect_str_eq(run.lines[REMEMBERED_FILTER].lines[0], line);
    cr_assert_eq(run.lines[REMEMBERED_FIND].count, 1);
    cr_expect_str_eq(run.lines[REMEMBERED_FIND].lines[0], line);
    close_run(&run);
}

Test(remembered, what_is_no_line_is_not_kept)
{
    static const char *const lines[] = {"", "a\nfilter b", "\033[2J", "\xff", "\xc2\x9b"};
    struct run run;
    open_run(&run);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        keep(&run, REMEMBERED_FILTER, lines[i]);
    cr_expect(
        remembered_keep_theme(&run.remembered, "/a/path.theme", run.reason, sizeof run.reason));
    cr_expect_neq(access(path, F_OK), 0, "nothing was written");
    close_run(&run);
}

Test(remembered, a_file_that_is_not_ours_is_left_alone)
{
    static const struct {
        const char *text;
        size_t length;
        const char *said;
    } rows[] = {
#define TEXT(text) text, sizeof text - 1
        {TEXT("notes of mine\n"), "line 1"},
        {TEXT(""), "line 1"},
        {TEXT("anchortop screen 2\n"), "line 1"},
        {TEXT("anchortop screen 1"), "line 1"},
        {TEXT("anchortop screen 1\ntheme light\nfilter a\0b\n"), "line 3"},
        {TEXT("anchortop screen 1\nfilter \033[2J\n"), "line 2"},
        {TEXT("anchortop screen 1\nfilter is:fail"), "line 2"},
        {TEXT("anchortop screen 1\ntheme ../../etc/passwd\n"), "line 2"},
        {TEXT("anchortop screen 1\nsurprise\n"), "line 2"},
#undef TEXT
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        struct run run;
        write_file(rows[i].text, rows[i].length);
        open_run(&run);
        cr_expect_not(run.good, "%s", rows[i].text);
        cr_expect(strstr(run.reason, rows[i].said) && strstr(run.reason, path), "%s", run.reason);
        cr_expect_eq(run.lines[0].count, 0);
        cr_expect_str_empty(run.remembered.theme);
        keep(&run, REMEMBERED_FILTER, "is:failed");
        read_file(text, sizeof text);
        cr_expect(memcmp(text, rows[i].text, rows[i].length) == 0, "%s", text);
        close_run(&run);
    }
}

Test(remembered, links_are_not_followed)
{
    static const char *const names[] = {"", ".new", ".lock"};
    char target[128], name[160], text[64];
    snprintf(target, sizeof target, "%s/target", home);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct run run;
        write_file("anchortop screen 1\n", 19);
        open_run(&run);
        cr_assert(run.good, "%s", run.reason);
        FILE *file = fopen(target, "w");
        cr_assert(file && fputs("precious", file) >= 0 && fclose(file) == 0);
        snprintf(name, sizeof name, "%s%s", path, names[i]);
        unlink(name);
        cr_assert_eq(symlink(target, name), 0);
        bool kept = remembered_keep_line(&run.remembered, REMEMBERED_FILTER, "a", run.reason,
                                         sizeof run.reason);
        cr_expect_eq(kept, i == 1, "%s: %s", names[i], run.reason);
        file = fopen(target, "r");
        cr_assert_not_null(file);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        cr_expect_str_eq(text, "precious");
        if (i == 0) {
            struct run other;
            open_run(&other);
            cr_expect_not(other.good);
            cr_expect(strstr(other.reason, "symbolic link"), "%s", other.reason);
        }
        unlink(name);
        close_run(&run);
    }
}

Test(remembered, a_pipe_in_its_place_holds_nobody_up)
{
    struct run run;
    write_file("", 0);
    unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    open_run(&run);
    cr_expect_not(run.good);
    close_run(&run);
}

/* Each adds lines of its own; all of them stand there in the end. */
Test(remembered, programs_that_write_at_the_same_time_lose_nothing)
{
    enum { PROGRAMS = 4, LINES = REMEMBERED_LINES / PROGRAMS };
    for (int program = 0; program < PROGRAMS; program++) {
        if (fork() > 0)
            continue;
        struct run run;
        int failures = 0;
        open_run(&run);
        for (int i = 0; i < LINES; i++) {
            char line[32];
            snprintf(line, sizeof line, "line %d of %d", i, program);
            while (!remembered_keep_line(&run.remembered, REMEMBERED_FILTER, line, run.reason,
                                         sizeof run.reason) &&
                   failures < 1000)
                failures++;
        }
        _exit(failures == 1000);
    }
    for (int program = 0; program < PROGRAMS; program++) {
        int status;
        cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    struct run run;
    open_run(&run);
    cr_assert(run.good, "%s", run.reason);
    cr_assert_eq(run.lines[REMEMBERED_FILTER].count, PROGRAMS * LINES);
    close_run(&run);
}

Test(remembered, without_a_place_nothing_is_kept)
{
    struct run run = {.good = false};
    cr_assert(remembered_open(&run.remembered, "", run.lines, run.reason, sizeof run.reason));
    keep(&run, REMEMBERED_FILTER, "is:failed");
    snprintf(path, sizeof path, "/proc/nowhere/screen");
    open_run(&run);
    cr_assert(run.good, "%s", run.reason);
    cr_expect_not(remembered_keep_line(&run.remembered, REMEMBERED_FILTER, "a", run.reason,
                                       sizeof run.reason));
    cr_expect(strstr(run.reason, path), "%s", run.reason);
}
