/*
 * Themes: what is read, and what is said about what cannot be.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ui/theme.h"

/* Writes a theme file and loads it. */
static bool load_text(const char *text, struct theme *theme, char *reason, size_t size)
{
    char path[] = "/tmp/anchortop-theme-XXXXXX";
    int file = mkstemp(path);
    cr_assert(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    bool loaded = theme_load(theme, path, reason, size);
    unlink(path);
    return loaded;
}

Test(theme, built_in_ones_load_from_anywhere)
{
    struct theme_names list;
    cr_assert_eq(chdir("/"), 0);
    theme_names(&list);
    cr_assert_geq(list.count, 2);
    cr_assert_str_eq(list.names[0], "default");
    for (size_t i = 0; i < list.count; i++) {
        struct theme theme;
        char reason[200] = "";
        cr_assert(theme_load(&theme, list.names[i], reason, sizeof reason), "%s", reason);
        cr_assert_str_eq(theme.name, list.names[i]);
        cr_assert_str_not_empty(theme.title);
    }
    theme_names_free(&list);
}

Test(theme, styles)
{
    static const struct {
        const char *text;
        int fg256, fg8, bg256, bg8;
        unsigned attributes;
    } cases[] = {
        {"red", 1, 1, -1, -1, 0},
        {"203", 203, 1, -1, -1, 0},
        {"203/yellow", 203, 3, -1, -1, 0},
        {"#ff0000", 196, 1, -1, -1, 0},
        {"default on 238/blue bold", -1, -1, 238, 4, ATTRIBUTE_BOLD},
        {"16/black on 81/cyan underline reverse", 16, 0, 81, 6,
         ATTRIBUTE_UNDERLINE | ATTRIBUTE_REVERSE},
        {"bold", -1, -1, -1, -1, ATTRIBUTE_BOLD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128], reason[256] = "";
        struct theme theme;
        snprintf(text, sizeof text, "[roles]\nfailed = %s\n", cases[i].text);
        cr_assert(load_text(text, &theme, reason, sizeof reason), "%s: %s", cases[i].text, reason);
        const struct theme_style *style = &theme.styles[ROLE_FAILED];
        cr_expect_eq(style->fg.of256, cases[i].fg256, "%s: %d", cases[i].text, style->fg.of256);
        cr_expect_eq(style->fg.of8, cases[i].fg8, "%s: %d", cases[i].text, style->fg.of8);
        cr_expect_eq(style->bg.of256, cases[i].bg256, "%s: %d", cases[i].text, style->bg.of256);
        cr_expect_eq(style->bg.of8, cases[i].bg8, "%s: %d", cases[i].text, style->bg.of8);
        cr_expect_eq(style->attributes, cases[i].attributes, "%s", cases[i].text);
    }
}

Test(theme, what_is_not_named_is_as_in_the_default)
{
    struct theme theme, standard;
    char reason[256] = "";
    cr_assert(theme_load(&standard, "default", reason, sizeof reason));
    cr_assert(load_text("title = Mine\n[roles]\nok = 2\n", &theme, reason, sizeof reason));
    cr_assert_str_eq(theme.title, "Mine");
    cr_assert_eq(theme.styles[ROLE_OK].fg.of256, 2);
    cr_assert_eq(theme.styles[ROLE_FAILED].fg.of256, standard.styles[ROLE_FAILED].fg.of256);
}

Test(theme, refusals_name_line_and_word)
{
    static const struct {
        const char *text, *line, *word;
    } cases[] = {
        {"[roles]\n\nok = grren\n", "line 3", "grren"},
        {"[roles]\nokay = green\n", "line 2", "okay"},
        {"[roles]\nok = 256\n", "line 2", "256"},
        {"[roles]\nok = green on\n", "line 2", "on"},
        {"[roles]\nok = 203/203\n", "line 2", "203"},
        {"[colours]\nok = green\n", "line 2", "[roles]"},
        {"[roles]\nok green\n", "line 2", "name = value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct theme theme = {.name = "untouched"};
        char reason[256] = "";
        cr_assert_not(load_text(cases[i].text, &theme, reason, sizeof reason), "%s", cases[i].text);
        cr_expect(strstr(reason, cases[i].line) && strstr(reason, cases[i].word), "%s: %s",
                  cases[i].text, reason);
        cr_expect_str_eq(theme.name, "untouched");
    }
}

Test(theme, unknown_name_lists_those_there_are)
{
    struct theme theme;
    char reason[256] = "";
    cr_assert_not(theme_load(&theme, "nope", reason, sizeof reason));
    cr_assert(strstr(reason, "nope") && strstr(reason, "default, light"), "%s", reason);
    cr_assert_not(theme_load(&theme, "./nope.theme", reason, sizeof reason));
    cr_assert(strstr(reason, "nope.theme"), "%s", reason);
}
