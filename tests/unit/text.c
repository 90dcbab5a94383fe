/*
 * Foreign text on the screen: it may say anything, but it can only be looked at.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "text.h"

#define ACUTE "\u0301"
#define CSI   "\xc2\x9b"

static const struct {
    const char *name, *text;
    unsigned flags;
    const char *expected;
} clean_rows[] = {
    {"plain", "task.failed 4.2s", 0, "task.failed 4.2s"},
    {"empty", "", 0, ""},
    {"accents and CJK", "h\u00e9llo 世界 👍", 0, "h\u00e9llo 世界 👍"},
    {"escape sequence", "\x1b[31mred\x1b[0m", 0, "␛[31mred␛[0m"},
    {"title change", "\x1b]0;owned\a", 0, "␛]0;owned␇"},
    {"tab, CR, LF", "a\tb\r\nc", 0, "a␉b␍␊c"},
    {"newline kept", "a\nb\rc", TEXT_KEEP_NEWLINES, "a\nb␍c"},
    {"DEL", "a\x7f", 0, "a␡"},
    {"C1 CSI as UTF-8", CSI "31m", 0, "<U+009B>31m"},
    {"C1 CSI as a byte",
     "\x9b"
     "31m",
     0, "\ufffd31m"},
    {"bidirectional override", "user\u202egnp.exe", 0, "user<U+202E>gnp.exe"},
    {"isolates and marks", "\u2066a\u2069\u200f\u061c", 0, "<U+2066>a<U+2069><U+200F><U+061C>"},
    {"zero-width space, BOM, soft hyphen", "a\u200bb\ufeffc\u00add", 0,
     "a<U+200B>b<U+FEFF>c<U+00AD>d"},
    {"line separator", "a\u2028b\u2029", TEXT_KEEP_NEWLINES, "a<U+2028>b<U+2029>"},
    {"tag characters", "a\U000e0041", 0, "a<U+E0041>"},
    {"Hangul filler", "a\u3164b", 0, "a<U+3164>b"},
    {"emoji with variation selector and joiner", "❤\ufe0f 👩\u200d💻", 0, "❤ 👩💻"},
    {"unassigned", "\u0378\uffff", 0, "\ufffd\ufffd"},
    {"malformed bytes", "a\xff\xc0\xaf\xe2\x82z", 0, "a\ufffd\ufffd\ufffd\ufffd\ufffdz"},
    {"surrogate", "\xed\xa0\x80", 0, "\ufffd\ufffd\ufffd"},
    {"beyond Unicode", "\xf4\x90\x80\x80", 0, "\ufffd\ufffd\ufffd\ufffd"},
    {"four marks stay", "a" ACUTE ACUTE ACUTE ACUTE, 0, "a" ACUTE ACUTE ACUTE ACUTE},
    {"zalgo is cut", "a" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "b" ACUTE, 0,
     "a" ACUTE ACUTE ACUTE ACUTE "b" ACUTE},
    {"mark without a character", ACUTE "a", 0, "◌" ACUTE "a"},
    {"mark at the start of a line", "a\n" ACUTE, TEXT_KEEP_NEWLINES, "a\n◌" ACUTE},
    {"ASCII controls", "\x1b[0m\x7f" CSI "\u202e", TEXT_ASCII, "^[[0m^?<U+009B><U+202E>"},
    {"ASCII letters", "h\u00e9 世 e" ACUTE "\xff", TEXT_ASCII, "h? ? e?"},
    {"ASCII punctuation", "a · b — “c”… €3", TEXT_ASCII, "a - b - \"c\"... EUR 3"},
};

/* How many bytes at the start are UTF-8. */
static const struct {
    const char *text;
    size_t valid;
} valid_rows[] = {
    {"", 0},
    {"plain text, longer than eight bytes", 35},
    {"caf\u00e9 世界 👍\U0010ffff", 21},
    {"1234567\xff", 7},
    {"12345678\xff", 8},
    {"123456789\xe2\x82", 9},
    {"1\x80", 1},
    {"1\xc0\xaf", 1},
    {"1\xe0\x80\xaf", 1},
    {"1\xed\xa0\x80", 1},
    {"1\xf4\x90\x80\x80", 1},
    {"\u00e9\xc3", 2},
};

Test(text, valid)
{
    for (size_t i = 0; i < sizeof valid_rows / sizeof *valid_rows; i++) {
        const char *text = valid_rows[i].text;
        cr_expect_eq(text_valid(text, strlen(text)), valid_rows[i].valid, "\"%s\": %zu", text,
                     text_valid(text, strlen(text)));
    }
    cr_expect_eq(text_valid("\u00e9", 1), 0, "cut in a character");
}

Test(text, clean)
{
    for (size_t i = 0; i < sizeof clean_rows / sizeof *clean_rows; i++) {
        char out[256];
        const char *text = clean_rows[i].text;
        size_t length = text_clean(out, sizeof out, text, strlen(text), clean_rows[i].flags);
        cr_expect_str_eq(out, clean_rows[i].expected, "%s: \"%s\", expected \"%s\"",
                         clean_rows[i].name, out, clean_rows[i].expected);
        cr_expect_eq(length, strlen(out), "%s: length %zu", clean_rows[i].name, length);
    }
}

Test(text, clean_shows_nul_bytes)
{
    char out[32];
    text_clean(out, sizeof out, "a\0b", 3, 0);
    cr_expect_str_eq(out, "a␀b");
}

/* Whatever the size of the buffer: terminated, within it, and a prefix that ends with a whole
 * character or mark. */
Test(text, clean_into_small_buffers)
{
    static const char text[] = "é世\x1b\u202e!";
    static const size_t ends[] = {0, 2, 5, 8, 16, 17};
    char whole[64];
    text_clean(whole, sizeof whole, text, strlen(text), 0);

    for (size_t size = 0; size <= 18; size++) {
        char *out = malloc(size + 1);
        cr_assert_not_null(out);
        out[size] = '#';
        size_t length = text_clean(out, size, text, strlen(text), 0), expected = 0;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            if (ends[i] < size)
                expected = ends[i];
        cr_expect_eq(length, expected, "size %zu: length %zu", size, length);
        cr_expect_eq(memcmp(out, whole, length), 0, "size %zu", size);
        cr_expect_eq(out[size], '#', "size %zu: wrote behind the buffer", size);
        if (size)
            cr_expect_eq(out[length], '\0', "size %zu: not terminated", size);
        free(out);
    }
}

/* The UTF-8 of any code point, surrogates and all. */
static size_t encode(uint32_t c, char *out)
{
    if (c < 0x80)
        return out[0] = (char)c, 1;
    if (c < 0x800)
        return out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000)
        return out[0] = (char)(0xE0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63)),
               out[2] = (char)(0x80 | (c & 63)), 3;
    return out[0] = (char)(0xF0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63)),
           out[2] = (char)(0x80 | (c >> 6 & 63)), out[3] = (char)(0x80 | (c & 63)), 4;
}

/* Every code point there is: what comes out is printable and as wide as ncurses thinks. */
Test(text, clean_of_all_of_unicode)
{
    cr_assert_not_null(setlocale(LC_CTYPE, "C.UTF-8"));
    unsigned bad = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4], out[32];
        size_t length = text_clean(out, sizeof out, text, encode(c, text), 0);
        int columns = 0;
        for (size_t at = 0; at < length;) {
            uint32_t shown;
            at += text_decode(out + at, length - at, &shown);
            int width = wcwidth((wchar_t)shown);
            bad += width < 0 || shown < 0x20 || (shown >= 0x7F && shown < 0xA0);
            columns += width;
        }
        bad += columns != text_width(out);
        length = text_clean(out, sizeof out, text, encode(c, text), TEXT_ASCII);
        for (size_t i = 0; i < length; i++)
            bad += out[i] < 0x20 || out[i] > 0x7E;
        cr_assert_eq(bad, 0, "U+%04X becomes \"%s\"", (unsigned)c, out);
    }
}

Test(text, decode_takes_what_it_should)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        uint32_t decoded;
        size_t length = encode(c, text), taken = text_decode(text, length, &decoded);
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        cr_assert_eq(decoded, surrogate ? 0xFFFD : c, "U+%04X: U+%04X", (unsigned)c,
                     (unsigned)decoded);
        cr_assert_eq(taken, surrogate ? 1 : length, "U+%04X: %zu bytes", (unsigned)c, taken);
        for (size_t cut = 1; cut < length; cut++) {
            taken = text_decode(text, cut, &decoded);
            cr_assert(taken == 1 && decoded == 0xFFFD, "U+%04X cut after %zu", (unsigned)c, cut);
        }
    }
}

Test(text, width_does_not_depend_on_the_locale)
{
    static const struct {
        const char *text;
        int width;
    } rows[] = {{"", 0}, {"abc", 3}, {"h\u00e9llo", 5}, {"e" ACUTE, 1}, {"世界", 4}, {"👍", 2}};
    static const char *const locales[] = {"C", "C.UTF-8"};
    for (size_t l = 0; l < 2; l++) {
        setlocale(LC_ALL, locales[l]);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            cr_expect_eq(text_width(rows[i].text), rows[i].width, "\"%s\" in %s: %d", rows[i].text,
                         locales[l], text_width(rows[i].text));
    }
}

static const struct {
    const char *text;
    int columns;
    size_t bytes;
    int used;
} fit_rows[] = {
    {"abc", 5, 3, 3},         {"abc", 3, 3, 3},      {"abc", 2, 2, 2},
    {"abc", 0, 0, 0},         {"abc", -1, 0, 0},     {"", 4, 0, 0},
    {"世界", 4, 6, 4},        {"世界", 3, 3, 2},     {"世界", 1, 0, 0},
    {"e" ACUTE "f", 1, 3, 1}, {"ae" ACUTE, 1, 1, 1}, {"e" ACUTE ACUTE, 0, 0, 0},
};

Test(text, fit)
{
    for (size_t i = 0; i < sizeof fit_rows / sizeof *fit_rows; i++) {
        int used = -1;
        size_t bytes = text_fit(fit_rows[i].text, fit_rows[i].columns, &used);
        cr_expect(bytes == fit_rows[i].bytes && used == fit_rows[i].used,
                  "\"%s\" in %d columns: %zu bytes, %d columns", fit_rows[i].text,
                  fit_rows[i].columns, bytes, used);
    }
}

Test(text, a_line_holds_nothing_unseen)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        {"plain", "plain"},
        {"one\ntwo\r\nthree\tfour", "one two three four"},
        {"\n one\n\n\ntwo\n", " one two"},
        {"a\033[31mb\a\x7f", "a[31mb"},
        {"evt_\u202e1\u200b2\ufeff", "evt_12"},
        {"1\xe2\x80\x8d\xef\xb8\x8f\xc2\x9b", "1"},
        {"caf\xc3\xa9 \xff\xc3", "café "},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[64];
        size_t length = text_line(line, sizeof line, rows[i].text, strlen(rows[i].text));
        cr_expect_str_eq(line, rows[i].line);
        cr_expect_eq(length, strlen(line));
    }
    char small[4];
    cr_expect_eq(text_line(small, sizeof small, "ab\xc3\xa9", 4), 2, "no half character");
    cr_expect_eq(text_line(small, 0, "ab", 2), 0);
}
