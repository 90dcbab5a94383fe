/*
 * Upper and lower case alike, against what the C library knows.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <string.h>
#include <wctype.h>

#include "casefold.h"
#include "text.h"

static const struct {
    const char *text, *folded;
} words[] = {
    {"", ""},
    {"Task.FAILED_09", "task.failed_09"},
    {"[@Z`{", "[@z`{"},
    {"CAFÉ Éclair", "café éclair"},
    {"ÄÖÜß×÷", "äöüß×÷"},
    {"ŁÓDŹ ÎȘȚĂ ŸÇ", "łódź îșță ÿç"},
    {"İstanbul", "İstanbul"}, /* its lower case is two characters */
    {"ΣΊΣΥΦΟΣ Σίσυφος", "σίσυφοσ σίσυφοσ"},
    {"ПРИВЕТ ЁЖ Ґанок", "привет ёж ґанок"},
    {"ԵՐԵՎԱՆ", "երեվան"},
    {"TIẾNG VIỆT", "tiếng việt"},
    {"ＡＺ", "ａｚ"},
    {"日本 ✅ \xE2\x84\xAA", "日本 ✅ \xE2\x84\xAA"}, /* the sign of kelvins */
    {"A\xC3", "a\xC3"},
    {"\xE2\xC3\x89", "\xE2\xC3\xA9"},
    {"\xC3\xC3\x89\xFF", "\xC3\xC3\xA9\xFF"},
};

Test(casefold, words)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[64];
        strcpy(text, words[i].text);
        casefold_text(text, strlen(text));
        cr_expect_str_eq(text, words[i].folded, "%s: %s", words[i].text, text);
    }
}

/* Text is folded in place, and the two cases of a letter are found by the same bytes. */
Test(casefold, keeps_lengths_and_ends)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char before[4], after[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        uint32_t folded = casefold_char(c);
        cr_assert_eq(casefold_char(folded), folded, "U+%04X", c);
        cr_assert_eq(text_encode(before, c), text_encode(after, folded), "U+%04X", c);
        cr_assert((folded < 0x80) == (c < 0x80), "U+%04X", c);
    }
}

Test(casefold, sources_are_what_is_folded)
{
    for (uint32_t c = 0; c < 0x10000; c++) {
        uint32_t sources[CASEFOLD_MAX_SOURCES];
        size_t count = casefold_sources(c, sources);
        for (size_t i = 0; i < count; i++)
            cr_expect_eq(casefold_char(sources[i]), c, "U+%04X to U+%04X", sources[i], c);
        if (casefold_char(c) == c)
            continue;
        bool found = false;
        count = casefold_sources(casefold_char(c), sources);
        for (size_t i = 0; i < count; i++)
            found |= sources[i] == c;
        cr_expect(found, "U+%04X", c);
    }
}

Test(casefold, agrees_with_the_library)
{
    static const struct {
        uint32_t first, last;
    } blocks[] = {{0x0000, 0x012F}, {0x0132, 0x017F}, {0x01CD, 0x01F0}, {0x01F8, 0x021F},
                  {0x0222, 0x0233}, {0x0386, 0x03C1}, {0x03C3, 0x03CE}, {0x0400, 0x058F},
                  {0x1E00, 0x1E95}, {0x1EA0, 0x1EFF}, {0xFF00, 0xFF5F}};
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        cr_skip("there is no locale C.UTF-8");
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        for (uint32_t c = blocks[i].first; c <= blocks[i].last; c++)
            cr_expect_eq(casefold_char(c), (uint32_t)towlower((wint_t)c), "U+%04X: U+%04X", c,
                         casefold_char(c));
}
