/*
 * Events as large as they may be: no key waits for their size. What a key costs is measured in
 * processor time of the program, so that a busy machine does not count.
 */
#include "../watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(large, .fini = programs_stop, .timeout = 150);

#if defined __SANITIZE_ADDRESS__ || !defined __OPTIMIZE__
enum { SLOWNESS = 8 };
#else
enum { SLOWNESS = 1 };
#endif

enum { ROWS = 40, BODY = (4 << 20) - 4096, EACH = 2, LIMIT_MS = 400 * SLOWNESS };

/* Milliseconds of processor time that a program has used; 0 where /proc does not tell. */
static long processor_ms(pid_t pid)
{
    char path[64], text[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
    const char *behind = strrchr(text, ')'); /* of the name, which may hold blanks */
    if (!behind || sscanf(behind + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                          &user, &system) != 2)
        return 0;
    return (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
}

/* What fills an event: a part again and again, with a number in the place of %. */
static const struct filling {
    const char *name, *head, *part, *tail;
} fillings[] = {
    {"words", "\"message\":\"It begins", " wörd \\\"%\\\"", " and ends\""},
    {"numbers", "\"output\":[0", ",%", ",\"last\"]"},
    {"files", "\"artifacts\":[{\"name\":\"first\"}",
     ",{\"name\":\"file-%.pdf\",\"url\":\"https://files.example/%\",\"size\":%}",
     ",{\"name\":\"zebra.pdf\"}]"},
};

static void deliver(const struct watch *watch, const struct filling *filling, int number)
{
    char *json = malloc(BODY + 1024);
    cr_assert(json);
    size_t used =
        (size_t)sprintf(json, "{\"id\":\"evt_%s_%d\",\"type\":\"task.failed\",\"data\":{%s",
                        filling->name, number, filling->head);
    for (size_t i = 0; used < BODY; i++)
        for (const char *at = filling->part; *at; at++)
            used += *at == '%' ? (size_t)sprintf(json + used, "%zu", i)
                               : (size_t)sprintf(json + used, "%c", *at);
    sprintf(json + used, "%s,\"task_id\":\"tsk_%s\"}}", filling->tail, filling->name);
    struct http_reply reply = watch_deliver(watch, WATCH_SECRET, json);
    cr_assert_eq(reply.status, 200, "%s: %d", filling->name, reply.status);
    free(json);
}

/* Types keys, and waits for what they bring; that must not cost much. */
static void expect(const struct watch *watch, const char *keys, const char *text)
{
    pid_t pid = program_pid(watch->program);
    long before = processor_ms(pid);
    program_keys(watch->program, keys);
    program_wait_text(watch->program, text);
    long used = processor_ms(pid) - before;
    cr_expect_leq(used, LIMIT_MS, "%s: %ld ms", keys, used);
}

static struct watch start(void)
{
    static const char *const arguments[] = {"--memory", "256M", NULL};
    struct watch watch = watch_start(
        &(struct program_setup){.rows = ROWS, .columns = 110, .arguments = arguments});
    for (size_t i = 0; i < sizeof fillings / sizeof *fillings; i++)
        for (int number = 0; number < EACH; number++)
            deliver(&watch, &fillings[i], number);
    program_wait_text(watch.program, "tsk_words");
    return watch;
}

Test(large, no_key_waits_for_the_size_of_events)
{
    struct watch watch = start();
    expect(&watch, "?", "Looking closer");
    expect(&watch, "<Esc>", "tsk_files");
    expect(&watch, "j", "tsk_files");
    expect(&watch, "k<Enter>", "Artifact 1");
    cr_expect_eq(program_find_row(watch.program, " 101 artifacts"), -1, "all are counted");
    program_wait_text(watch.program, "first");
    expect(&watch, "]", "tsk_files");
    expect(&watch, "]", "\"artifacts\"");
    expect(&watch, "?", "Looking closer");
    program_keys(watch.program, "<Esc>");
    program_wait_gone(watch.program, "Looking closer");
}

Test(large, the_details_say_what_they_leave_out_and_the_json_has_it)
{
    struct watch watch = start();
    program_keys(watch.program, "<Enter><Tab>");
    program_wait_text(watch.program, "only this");
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "more: see the JSON page");
    program_keys(watch.program, "]]");
    program_wait_text(watch.program, "\"artifacts\"");
    program_keys(watch.program, "/zebra<Enter>");
    watch_wait_selected(&watch, "zebra.pdf");
    program_keys(watch.program, "G");
    program_wait_text(watch.program, "\"tsk_files\"");
    /* A long text is there to its end. */
    program_keys(watch.program, "<Tab>G");
    program_wait_text(watch.program, "It begins");
    program_keys(watch.program, "<Tab>G");
    program_wait_text(watch.program, "and ends\"");
}
