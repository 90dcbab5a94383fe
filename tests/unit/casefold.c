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
    {"ᲥᲐᲠᲗᲣᲚᲘ Ⴕ", "ქართული ⴕ"},
    {"ᎣᏏᏲ ꭳꮟᏺ", "ᎣᏏᏲ ᎣᏏᏲ"},
    {"𐐐 Ⓐ Ⅷ Ǆ ǅ", "𐐸 ⓐ ⅷ ǆ ǆ"},
    {"Ὀδυσσεύς ᾈ", "ὀδυσσεύσ ᾀ"},
    {"µ Ω Å ẞ ſ", "μ ω å ß s"}, /* the signs of micro, ohm and angstrom */
    {"Ⱥⱥ", "ȺȺ"},               /* the shorter one stands for both */
    {"ΣΊΣΥΦΟΣ Σίσυφος", "σίσυφοσ σίσυφοσ"},
    {"ПРИВЕТ ЁЖ Ґанок", "привет ёж ґанок"},
    {"ԵՐԵՎԱՆ", "երեվան"},
    {"TIẾNG VIỆT", "tiếng việt"},
    {"ＡＺ", "ａｚ"},
    {"日本 ✅ \xE2\x84\xAA", "日本 ✅ k"}, /* the sign of kelvins */
    {"A\xC3", "a\xC3"},
    {"\xE2\xC3\x89", "\xE2\xC3\xA9"},
    {"\xC3\xC3\x89\xFF", "\xC3\xC3\xA9\xFF"},
};

Test(casefold, words)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char text[64];
        strcpy(text, words[i].text);
        text[casefold_text(text, strlen(text))] = '\0';
        cr_expect_str_eq(text, words[i].folded, "%s: %s", words[i].text, text);
    }
}

/* Text is folded in place. */
Test(casefold, makes_nothing_longer_and_ends)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char before[4], after[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        uint32_t folded = casefold_char(c);
        cr_assert_eq(casefold_char(folded), folded, "U+%04X", c);
        cr_assert(text_encode(before, c) >= text_encode(after, folded), "U+%04X", c);
    }
}

Test(casefold, sources_are_what_is_folded)
{
    for (uint32_t c = 0; c < 0x20000; c++) {
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

/* All that the C library has in two cases; its İ and ı are those of no language, or of Turkish. */
Test(casefold, agrees_with_the_library)
{
    size_t pairs = 0;
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        cr_skip("there is no locale C.UTF-8");
    for (uint32_t c = 0; c < 0x20000; c++) {
        uint32_t lower = (uint32_t)towlower((wint_t)c), upper = (uint32_t)towupper((wint_t)c);
        if (c == 0x130 || c == 0x131)
            continue;
        cr_expect_eq(casefold_char(c), casefold_char(lower), "U+%04X and U+%04X", c, lower);
        cr_expect_eq(casefold_char(c), casefold_char(upper), "U+%04X and U+%04X", c, upper);
        pairs += lower != c;
    }
    cr_expect(pairs > 1300, "%zu pairs", pairs);
}
