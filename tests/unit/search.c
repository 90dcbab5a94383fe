/*
 * Searching text, upper and lower case alike, wherever the phrase and the edges of blocks lie.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "casefold.h"
#include "dice.h"
#include "search.h"

static const struct {
    const char *phrase, *text;
    bool in, begins, equals;
} rows[] = {
    {"", "", true, true, true},
    {"", "a", true, true, false},
    {"a", "", false, false, false},
    {"a", "A", true, true, true},
    {"A", "a", true, true, true},
    {"ab", "xAB", true, false, false},
    {"ab", "abx", true, true, false},
    {"ab", "ba", false, false, false},
    {"aab", "aaaab", true, false, false},
    {"a`", "A@", false, false, false}, /* differ in the bit that tells cases apart */
    {"a{", "A[", false, false, false},
    {"@", "`", false, false, false},
    {"k", "\xE2\x84\xAA", true, true, true}, /* the sign of kelvins */
    {"\xE2\x84\xAA", "k", true, true, true},
    {"20k", "now 20\xE2\x84\xAA today", true, false, false},
    {"task", "a Ta\xC5\xBF\xE2\x84\xAA", true, false, false}, /* with a long s */
    {"task", "\xC5\xBFtask", true, false, false},
    {"task", "\xE2\x80\xA6tas\xC5", false, false, false},
    {"Straße", "STRAẞE", true, true, true},
    {"ẞ", "ß", true, true, true},
    {"вода", "\xE1\xB2\x80\xE1\xB2\x82да", true, true, true}, /* in rounded letters */
    {"ⱥb", "xȺB", true, false, false},
    {"ქართ", "ᲥᲐᲠᲗ", true, true, true},
    {"É", "é", true, true, true},
    {"é", "xÉ", true, false, false},
    {"é", "É", true, true, true},
    {"é", "è", false, false, false},
    {"ПРИВЕТ", "привет", true, true, true},
    {"стр", "ОСТРОВ", true, false, false},
    {"σίσυφος", "ΣΊΣΥΦΟΣ", true, true, true},
    {"ÿ", "Ÿ", true, true, true},
    {"日本", "in 日本", true, false, false},
    {"✅ t", "✅ Task", true, true, false},
    {"é", "\xC3", false, false, false},
    {"é", "\xC3\xC3\xA9", true, false, false},
};

Test(search, rows)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct search search;
        const char *text = rows[i].text, *phrase = rows[i].phrase;
        cr_assert(search_prepare(&search, phrase, strlen(phrase)));
        cr_expect_eq(search_in(&search, text, strlen(text)), rows[i].in, "%s in %s", phrase, text);
        cr_expect_eq(search_begins(&search, text, strlen(text)), rows[i].begins, "%s begins %s",
                     phrase, text);
        cr_expect_eq(search_equals(&search, text, strlen(text)), rows[i].equals, "%s equals %s",
                     phrase, text);
        search_free(&search);
    }
}

/* A copy of its exact size, so that a sanitizer sees what is read beyond it. */
struct piece {
    char *text;
    size_t length;
};

/* Few different letters, so that parts of a phrase are everywhere. */
static struct piece make_piece(struct dice *dice, int64_t most, int64_t last)
{
    static const char *const letters[] = {"a", "A", "b", "\"", "é", "É", "σ",
                                          "ς", "ꙁ", "s", "ſ",  "K", "k", "\xC3"};
    char text[2048] = "";

    if (dice_chance(dice, 0.5))
        last = 2;
    for (int64_t count = dice_between(dice, 0, most); count > 0; count--)
        strcat(text, letters[dice_between(dice, 0, last)]);
    struct piece piece = {.length = strlen(text)};
    piece.text = malloc(piece.length + !piece.length);
    cr_assert(piece.text);
    memcpy(piece.text, text, piece.length);
    return piece;
}

static bool naive_in(const struct piece *phrase, const struct piece *text)
{
    for (size_t i = 0; i + phrase->length <= text->length; i++)
        if (memcmp(text->text + i, phrase->text, phrase->length) == 0)
            return true;
    return false;
}

Test(search, agrees_with_comparing_everywhere)
{
    struct dice dice = {.state = 4};

    for (int round = 0; round < 40000; round++) {
        struct piece text = make_piece(&dice, 400, 13), phrase = make_piece(&dice, 5, 12);
        struct search search;

        cr_assert(search_prepare(&search, phrase.text, phrase.length));
        size_t found_length = 0;
        bool found = search_in(&search, text.text, text.length);
        const char *place = search_find(&search, text.text, text.length, &found_length);
        cr_assert_eq(place != NULL, found);
        if (place)
            cr_assert(search_equals(&search, place, found_length));
        text.length = casefold_text(text.text, text.length);
        phrase.length = casefold_text(phrase.text, phrase.length);
        cr_assert_eq(found, naive_in(&phrase, &text), "%.*s in %.*s", (int)phrase.length,
                     phrase.text, (int)text.length, text.text);
        search_free(&search);
        free(text.text);
        free(phrase.text);
    }
}
