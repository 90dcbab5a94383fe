/*
 * What Tab offers in the prompt: see offers.h.
 */
#include "offers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"

enum { GAP = 2 };

void offers_clear(struct offers *offers)
{
    for (size_t i = 0; i < offers->count; i++)
        free(offers->words[i]);
    free(offers->words);
    *offers = (struct offers){.words = NULL};
}

void offers_set(struct offers *offers, const struct filter_completion *completion)
{
    offers_clear(offers);
    if (completion->count == 0)
        snprintf(offers->note, sizeof offers->note, "%s",
                 completion->hint ? completion->hint : "nothing to complete");
    offers->words = calloc(completion->count + 1, sizeof *offers->words);
    for (size_t i = 0; offers->words && i < completion->count; i++) {
        offers->words[offers->count] = strdup(completion->candidates[i].text);
        offers->count += offers->words[offers->count] != NULL;
    }
}

/* Columns of a word once it has been cleaned. */
static int word_width(const char *word)
{
    char shown[512];
    text_clean(shown, sizeof shown, word, strlen(word), 0);
    return text_width(shown);
}

/* The word behind the line that begins with this one: a line has one word at least. */
static size_t line_end(const struct offers *offers, size_t first, int width)
{
    size_t end = first;
    for (int column = 0; end < offers->count; end++) {
        column += word_width(offers->words[end]);
        if (column > width && end > first)
            break;
        column += GAP;
    }
    return end;
}

/* The word behind the page that begins with this one. */
static size_t page_end(const struct offers *offers, size_t first, int width, int height)
{
    for (int line = 0; line < height && first < offers->count; line++)
        first = line_end(offers, first, width);
    return first;
}

/* How many of `height` lines are for words: one tells where the page stands, unless all fit. */
static int word_lines(const struct offers *offers, int width, int height)
{
    bool all = page_end(offers, 0, width, height) == offers->count;
    return all || height < 2 ? height : height - 1;
}

void offers_turn(struct offers *offers, int by, int width, int height)
{
    int words = word_lines(offers, width, height);
    size_t before = 0, end = page_end(offers, 0, width, words);
    size_t wanted = by > 0 ? page_end(offers, offers->top, width, words) : offers->top;
    if (by > 0) {
        offers->top = wanted < offers->count ? wanted : 0;
        return;
    }
    /* The page that ends where this one begins; from the first one, the last. */
    for (; end < offers->count && end != wanted; end = page_end(offers, end, width, words))
        before = end;
    offers->top = before;
}

void offers_lines(const struct offers *offers, struct lines *lines, int width, int height)
{
    int words = word_lines(offers, width, height);
    size_t end = page_end(offers, offers->top, width, words), next;
    if (offers->count == 0) {
        if (offers->note[0]) {
            lines_begin(lines, 0);
            lines_wrap(lines, ROLE_MENU, offers->note, 0, width);
        }
        return;
    }
    for (size_t at = offers->top; at < end; at = next) {
        next = line_end(offers, at, width);
        lines_begin(lines, 0);
        for (size_t i = at; i < next; i++) {
            if (i > at)
                lines_add(lines, ROLE_MENU, "  ");
            lines_add(lines, ROLE_MENU, offers->words[i]);
        }
    }
    if (offers->top > 0 || end < offers->count) {
        char text[96];
        snprintf(text, sizeof text, "%zu to %zu of %zu   Tab more", offers->top + 1, end,
                 offers->count);
        lines_begin(lines, 0);
        lines_add(lines, ROLE_HINT, text);
    }
}
