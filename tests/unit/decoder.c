/*
 * Keys out of bytes: what is a key, what is swallowed, and what a cut or unfinished sequence is.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ui/decoder.h"
#include "../../ui/keyboard.h"

static void use_utf8(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
}

TestSuite(decoder, .init = use_utf8);

enum { MOST = 64 };

struct keys {
    int keys[MOST];
    size_t count;
};

static void take_all(struct decoder *decoder, struct keys *keys)
{
    for (int key = decoder_take(decoder); key != KEY_CODE_NONE; key = decoder_take(decoder))
        if (keys->count < MOST)
            keys->keys[keys->count++] = key;
}

/* Feeds one read. */
static void feed(struct decoder *decoder, const char *bytes, size_t length, struct keys *keys)
{
    for (size_t at = 0; at < length;) {
        at += decoder_feed(decoder, bytes + at, length - at);
        take_all(decoder, keys);
    }
}

/* Nothing comes until nothing is waited for any more. */
static void expire(struct decoder *decoder, struct keys *keys)
{
    while (decoder_limit_ms(decoder) >= 0) {
        decoder_expire(decoder);
        take_all(decoder, keys);
    }
}

static struct decoder *open_decoder(void)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    cr_assert_not_null(decoder);
    decoder_know(decoder, "\033[A", KEY_CODE_UP);
    decoder_know(decoder, "\033OA", KEY_CODE_UP);
    decoder_know(decoder, "\033[3~", KEY_CODE_DELETE);
    return decoder;
}

static void close_decoder(struct decoder *decoder)
{
    decoder_free(decoder);
    free(decoder);
}

static const struct {
    const char *name, *bytes;
    int keys[6]; /* 0 ends them */
} cases[] = {
    {"letters", "aq", {'a', 'q'}},
    {"characters of several bytes", "é日", {0xe9, 0x65e5}},
    {"a key", "\033[A\033OAx", {KEY_CODE_UP, KEY_CODE_UP, 'x'}},
    {"a lone Esc", "\033", {KEY_CODE_ESCAPE}},
    {"Esc twice", "\033\033", {KEY_CODE_ESCAPE, KEY_CODE_ESCAPE}},
    {"Esc thrice", "\033\033\033", {KEY_CODE_ESCAPE, KEY_CODE_ESCAPE, KEY_CODE_ESCAPE}},
    {"Esc and Ctrl-C", "\033\003", {KEY_CODE_ESCAPE, 3}},
    {"Alt and a letter", "\033qx", {'x'}},
    {"Alt and a character", "\033\xc3\xa9x", {'x'}},
    {"Alt and a key", "\033\033[Ax", {'x'}},
    {"a report of the mouse", "\033[<0;10;5mx", {'x'}},
    {"an old report of the mouse", "\033[Mqqqx", {'x'}},
    {"a report of the focus", "\033[Ix\033[Oy", {'x', 'y'}},
    {"where the cursor is", "\033[24;80Rx", {'x'}},
    {"what the terminal is", "\033[?62;1;2cx", {'x'}},
    {"a mode", "\033[?2004;1$yx", {'x'}},
    {"Shift-Home of rxvt", "\033[7$x", {'x'}},
    {"F1 of the Linux console", "\033[[Ax", {'x'}},
    {"Ctrl-Up", "\033[1;5Ax", {'x'}},
    {"Ctrl-Up of old", "\033O5Ax", {'x'}},
    {"F1", "\033OPx", {'x'}},
    {"a background colour", "\033]11;rgb:1e1e/1e1e/1e1e\033\\x", {'x'}},
    {"the same, ended by BEL", "\033]11;rgb:1e1e/1e1e/1e1e\ax", {'x'}},
    {"a version", "\033P>|XTerm(370)\033\\x", {'x'}},
    {"a graphics answer", "\033_Gi=31;OK\033\\x", {'x'}},
    {"PM and SOS", "\033^q\033\\\033Xq\033\\x", {'x'}},
    {"a BEL within DCS", "\033Pq\aq\033\\x", {'x'}},
    {"a string that another sequence ends", "\033]11;q\033[Ax", {KEY_CODE_UP, 'x'}},
    {"a string that CAN ends", "\033]11;q\030x", {'x'}},
    {"a string that Ctrl-C ends", "\033]11;q\003", {3}},
    {"a sequence that another one breaks off", "\033[12\033[Ax", {KEY_CODE_UP, 'x'}},
    {"a long sequence", "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15qx", {'x'}},
    {"a control character of eight bits", "\xc2\x9bq", {KEY_CODE_UNKNOWN, 'q'}},
    {"a byte that is no character", "\xffq", {KEY_CODE_UNKNOWN, 'q'}},
    {"a paste", "\033[200~q\ry\033[201~x", {KEY_CODE_PASTE, 'x'}},
    {"an unfinished paste", "\033[200~qy", {KEY_CODE_PASTE}},
    {"an end without a paste", "\033[201~x", {'x'}},
    {"an unfinished sequence", "\033[<0;1", {0}},
    {"an unfinished string", "\033]11;rgb", {0}},
    {"an unfinished SS3", "\033O", {0}},
};

static void assert_keys(const char *name, const int *expected, const struct keys *keys)
{
    size_t count = 0;
    while (count < 6 && expected[count])
        count++;
    cr_expect_eq(keys->count, count, "%s: %zu keys", name, keys->count);
    for (size_t i = 0; i < count && i < keys->count; i++)
        cr_expect_eq(keys->keys[i], expected[i], "%s: key %zu is %d", name, i, keys->keys[i]);
}

Test(decoder, keys_are_told_from_everything_else_that_a_terminal_sends)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decoder *decoder = open_decoder();
        struct keys keys = {.count = 0};
        feed(decoder, cases[i].bytes, strlen(cases[i].bytes), &keys);
        expire(decoder, &keys);
        assert_keys(cases[i].name, cases[i].keys, &keys);
        close_decoder(decoder);
    }
}

Test(decoder, a_sequence_may_come_in_two_reads)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = strlen(cases[i].bytes);
        for (size_t cut = 1; cut < length; cut++) {
            struct decoder *decoder = open_decoder();
            struct keys keys = {.count = 0};
            feed(decoder, cases[i].bytes, cut, &keys);
            feed(decoder, cases[i].bytes + cut, length - cut, &keys);
            expire(decoder, &keys);
            assert_keys(cases[i].name, cases[i].keys, &keys);
            close_decoder(decoder);
        }
    }
}

/* Then it was taken for the key, but what follows is still no key. */
/* Whatever is left unfinished, a paste behind it is one, and Ctrl-C leaves it. */
Test(decoder, a_paste_is_one_wherever_a_sequence_broke_off)
{
    static const char paste[] = "\033[200~q\ry\003\033[201~";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strstr(cases[i].bytes, "200~"))
            continue;
        for (size_t cut = 1; cut <= strlen(cases[i].bytes); cut++) {
            struct decoder *decoder = open_decoder();
            struct keys keys = {.count = 0};
            feed(decoder, cases[i].bytes, cut, &keys);
            size_t before = keys.count;
            feed(decoder, paste, sizeof paste - 1, &keys);
            cr_expect(keys.count > before && keys.keys[keys.count - 1] == KEY_CODE_PASTE,
                      "%s, %zu bytes", cases[i].name, cut);
            /* An Esc that was unfinished may come before it. */
            for (size_t k = before; k + 1 < keys.count; k++)
                cr_expect_eq(keys.keys[k], KEY_CODE_ESCAPE, "%s, %zu bytes: key %d", cases[i].name,
                             cut, keys.keys[k]);
            close_decoder(decoder);

            decoder = open_decoder();
            keys = (struct keys){.count = 0};
            feed(decoder, cases[i].bytes, cut, &keys);
            feed(decoder, "\003", 1, &keys);
            cr_expect(keys.count > 0 && keys.keys[keys.count - 1] == 3, "%s, %zu bytes",
                      cases[i].name, cut);
            close_decoder(decoder);
        }
    }
}

Test(decoder, the_rest_of_a_sequence_may_come_late_behind_its_escape)
{
    static const char *const rests[] = {"[<0;10;5m", "]11;rgb:1/1/1\033\\", "[24;80R", "[?1;2c"};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        struct decoder *decoder = open_decoder();
        struct keys keys = {.count = 0};
        feed(decoder, "\033", 1, &keys);
        decoder_expire(decoder);
        feed(decoder, rests[i], strlen(rests[i]), &keys);
        feed(decoder, "x", 1, &keys);
        assert_keys(rests[i], (int[]){KEY_CODE_ESCAPE, 'x', 0}, &keys);
        close_decoder(decoder);
    }
}

Test(decoder, an_arrow_may_come_late_behind_its_escape)
{
    static const char *const rests[] = {"[A", "OA"};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        struct decoder *decoder = open_decoder();
        struct keys keys = {.count = 0};
        feed(decoder, "\033", 1, &keys);
        decoder_expire(decoder);
        feed(decoder, rests[i], 2, &keys);
        assert_keys(rests[i], (int[]){KEY_CODE_ESCAPE, KEY_CODE_UP, 0}, &keys);
        close_decoder(decoder);
    }
}

Test(decoder, what_is_typed_behind_an_escape_is_typed)
{
    static const char *const typed[] = {"[", "]", "O", "[]", "x"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct decoder *decoder = open_decoder();
        struct keys keys = {.count = 0};
        feed(decoder, "\033", 1, &keys);
        decoder_expire(decoder);
        feed(decoder, typed[i], strlen(typed[i]), &keys);
        cr_expect_eq(keys.count, strlen(typed[i]) + 1, "%s", typed[i]);
        close_decoder(decoder);
    }
}

Test(decoder, an_escape_is_not_held_up_and_a_sequence_is_not_given_up_soon)
{
    struct decoder *decoder = open_decoder();
    struct keys keys = {.count = 0};
    cr_assert_eq(decoder_limit_ms(decoder), -1);
    feed(decoder, "\033", 1, &keys);
    cr_assert(decoder_limit_ms(decoder) <= 50);
    feed(decoder, "[1", 2, &keys);
    cr_assert(decoder_limit_ms(decoder) >= 500);
    feed(decoder, ";5A\xc3", 4, &keys);
    cr_assert_eq(decoder_limit_ms(decoder), -1, "the rest of a character may come at any time");
    close_decoder(decoder);
}

Test(decoder, a_paste_is_handed_on_whole_and_means_nothing)
{
    static const struct {
        const char *bytes, *text;
    } pastes[] = {
        {"one\rtwo\r", "one\rtwo\r"},
        {"", ""},
        {"q\003\033[A\033]11;", "q\003\033[A\033]11;"},
        {"\033[201", "\033[201"},
        {"\033\033[200~", "\033\033[200~"},
    };
    for (size_t i = 0; i < sizeof pastes / sizeof *pastes; i++) {
        struct decoder *decoder = open_decoder();
        struct keys keys = {.count = 0};
        char bytes[128];
        size_t length;
        snprintf(bytes, sizeof bytes, "\033[200~%s\033[201~", pastes[i].bytes);
        for (size_t at = 0; bytes[at]; at++)
            feed(decoder, bytes + at, 1, &keys);
        const char *text = decoder_pasted(decoder, &length);
        assert_keys(pastes[i].text, (int[]){KEY_CODE_PASTE, 0}, &keys);
        cr_expect_eq(length, strlen(pastes[i].text), "%zu", length);
        cr_expect(length == 0 || memcmp(text, pastes[i].text, length) == 0, "%.*s", (int)length,
                  text);
        close_decoder(decoder);
    }
}

Test(decoder, a_paste_of_any_size_takes_a_bounded_room)
{
    struct decoder *decoder = open_decoder();
    struct keys keys = {.count = 0};
    size_t length;
    feed(decoder, "\033[200~", 6, &keys);
    for (int i = 0; i < 1000; i++)
        feed(decoder, "0123456789abcdefghijklmnopqrstuvwxyz", 36, &keys);
    feed(decoder, "\033[201~x", 7, &keys);
    decoder_pasted(decoder, &length);
    cr_assert_eq(length, DECODER_PASTE_MAX);
    assert_keys("long", (int[]){KEY_CODE_PASTE, 'x', 0}, &keys);
    close_decoder(decoder);
}
