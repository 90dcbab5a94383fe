/*
 * Mistyped words: what they were probably meant as, and what they were not.
 */
#include "nearest.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MAX_WORDS = 8 };

static const struct {
    const char *wrong, *words[MAX_WORDS], *meant; /* NULL: nothing is near */
} rows[] = {
    {"tail", {"wait", "tail"}, "tail"},
    {"tial", {"tail", "wait", "watch", "send"}, "tail"},
    {"tal", {"tail", "wait", "watch", "send"}, "tail"},
    {"taill", {"tail", "wait", "watch", "send"}, "tail"},
    {"TAIL", {"tail", "wait", "watch", "send"}, "tail"},
    {"watsh", {"tail", "wait", "watch", "send"}, "watch"},
    {"sedn", {"tail", "wait", "watch", "send"}, "send"},
    {"head", {"tail", "wait", "watch", "send"}, NULL},
    {"start", {"tail", "wait", "watch", "send"}, NULL},
    {"x", {"y"}, NULL},
    {"", {"tail"}, NULL},
    {"lisen", {"path", "listen"}, "listen"},
    {"no-colour", {"no-history", "no-color"}, "no-color"},
    {"secret-f", {"secret-file"}, "secret-file"},
    {"se", {"session", "since"}, NULL},
    {"ses", {"session", "since"}, "session"},
    {"task.fial",
     {"task.completed", "task.failed", "task.cancelled", "task.healed"},
     "task.failed"},
    {"task.fail", {"task.completed", "task.failed", "batch.failed"}, "task.failed"},
    {"session.faild", {"batch.failed", "session.failed", "task.failed"}, "session.failed"},
    {"export.failed", {"batch.failed", "session.failed", "task.failed"}, NULL},
    {"nofile.jsonl", {"batch.failed", "session.failed", "task.failed"}, NULL},
    /* The nearest, and the first of those that are as near. */
    {"counts", {"cost", "count"}, "count"},
    {"bat", {"bit", "but"}, "bit"},
};

Test(nearest, is_what_was_probably_meant)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nearest nearest = nearest_to(rows[i].wrong, strlen(rows[i].wrong));
        for (size_t k = 0; k < MAX_WORDS && rows[i].words[k]; k++)
            nearest_consider(&nearest, rows[i].words[k]);
        if (rows[i].meant)
            cr_expect(nearest.word && strcmp(nearest.word, rows[i].meant) == 0, "%s: %s",
                      rows[i].wrong, nearest.word ? nearest.word : "none");
        else
            cr_expect_null(nearest.word, "%s: %s", rows[i].wrong, nearest.word);
    }
}

Test(nearest, reads_so_many_letters_only)
{
    struct nearest nearest = nearest_to("lisen=8484", 5);
    nearest_consider(&nearest, "listen");
    cr_expect_str_eq(nearest.word, "listen");
}

Test(nearest, of_long_words_there_is_none)
{
    char wrong[200];
    memset(wrong, 'a', sizeof wrong);
    struct nearest nearest = nearest_to(wrong, sizeof wrong);
    nearest_consider(&nearest, "aaaa");
    cr_expect_null(nearest.word);
}
