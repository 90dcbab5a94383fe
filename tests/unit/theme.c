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
        {"[roles]\n\nok = grren\n", ":3: ", "grren"},
        {"[roles]\nokay = green\n", ":2: ", "okay"},
        {"[roles]\nok = 256\n", ":2: ", "256"},
        {"[roles]\nok = green on\n", ":2: ", "on"},
        {"[roles]\nok = 203/203\n", ":2: ", "203"},
        {"[colours]\nok = green\n", ":2: ", "[roles]"},
        {"[roles]\nok green\n", ":2: ", "name = value"},
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

Test(theme, what_cannot_be_read_is_named)
{
    static const char *const paths[] = {"/nowhere/x.theme", "/"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct theme theme;
        char reason[256] = "";
        cr_expect_not(theme_load(&theme, paths[i], reason, sizeof reason), "%s", paths[i]);
        cr_expect(strstr(reason, "cannot read the theme ") && strstr(reason, paths[i]), "%s",
                  reason);
    }
}

Test(theme, unknown_name_lists_those_there_are)
{
    struct theme theme;
    char reason[256] = "";
    cr_assert_not(theme_load(&theme, "nope", reason, sizeof reason));
    cr_assert(strstr(reason, "nope") && strstr(reason, "default, dark, light"), "%s", reason);
    cr_assert_not(theme_load(&theme, "./nope.theme", reason, sizeof reason));
    cr_assert(strstr(reason, "nope.theme"), "%s", reason);
}

/* What stands for the terminal's own colours: black on white, or the other way round. */
struct background {
    const char *name;
    int fg, bg;
};
static const struct background dark = {"dark", 15, 0}, light = {"light", 0, 15};

static double contrast_on(struct theme_look look, const struct background *background)
{
    int fg = look.fg == COLOR_DEFAULT ? background->fg : look.fg;
    int bg = look.bg == COLOR_DEFAULT ? background->bg : look.bg;
    return theme_contrast(fg, bg);
}

/* What a role may stand on, besides the terminal's background and its own. */
static const enum role grounds[] = {ROLE_TEXT, ROLE_SELECTION, ROLE_SELECTION_IDLE, ROLE_MENU,
                                    ROLE_MENU_CURSOR};

static void assert_readable(const struct theme *theme, const struct background *background,
                            bool of256)
{
    for (size_t g = 0; g < sizeof grounds / sizeof *grounds; g++) {
        for (int role = 0; role < ROLES; role++) {
            /* A border is to be seen, not read; on a ground of its own a role need be told only. */
            double least = role == ROLE_BORDER ? 2 : g > 0 ? 3 : 3.5;
            struct theme_look look = theme_look(theme, (enum role)role, grounds[g], of256);
            double contrast = contrast_on(look, background);
            cr_expect_geq(contrast, least, "%s, %s background, %d colours: role %d on %d: %.1f",
                          theme->name, background->name, of256 ? 256 : 8, role, (int)grounds[g],
                          contrast);
            bool faint = !of256 && look.fg == 0 && look.attributes & ATTRIBUTE_BOLD;
            cr_expect_not(faint, "%s: role %d is bold black, which is grey", theme->name, role);
        }
    }
}

Test(theme, every_role_can_be_read_on_the_background_that_it_is_for)
{
    static const struct {
        const char *name;
        const struct background *backgrounds[2];
    } rows[] = {{"default", {&dark, &light}}, {"dark", {&dark}}, {"light", {&light}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct theme theme;
        char reason[256] = "";
        cr_assert(theme_load(&theme, rows[i].name, reason, sizeof reason), "%s", reason);
        for (int b = 0; b < 2 && rows[i].backgrounds[b]; b++) {
            assert_readable(&theme, rows[i].backgrounds[b], true);
            assert_readable(&theme, rows[i].backgrounds[b], false);
        }
    }
}

Test(theme, what_vanishes_on_a_ground_takes_its_colour)
{
    struct theme theme;
    char reason[256] = "";
    cr_assert(load_text("[roles]\nselection = white on blue\nok = blue\nfailed = cyan\n"
                        "dim = default\n",
                        &theme, reason, sizeof reason),
              "%s", reason);
    cr_expect_eq(theme_look(&theme, ROLE_OK, ROLE_SELECTION, false).fg, 7);
    cr_expect_eq(theme_look(&theme, ROLE_DIM, ROLE_SELECTION, false).fg, 7);
    cr_expect_eq(theme_look(&theme, ROLE_FAILED, ROLE_SELECTION, false).fg, 6);
    cr_expect_eq(theme_look(&theme, ROLE_OK, ROLE_TEXT, false).fg, 4);
    cr_expect_eq(theme_look(&theme, ROLE_OK, ROLE_SELECTION, false).bg, 4);
}

Test(theme, contrast_is_that_of_wcag)
{
    static const struct {
        int color, other;
        double contrast;
    } rows[] = {{16, 231, 21}, {0, 15, 21}, {231, 231, 1}, {196, 231, 4.0}, {196, 16, 5.25}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double contrast = theme_contrast(rows[i].color, rows[i].other);
        cr_expect(contrast > rows[i].contrast - 0.01 && contrast < rows[i].contrast + 0.01,
                  "%d and %d: %f", rows[i].color, rows[i].other, contrast);
    }
}
