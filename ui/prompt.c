/*
 * The prompt.
 */
#include "prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "complete.h"
#include "decoder.h"
#include "find.h"
#include "screen.h"
#include "state.h"

void prompt_free(struct prompt *prompt)
{
    for (int mode = 0; mode < PROMPT_MODES; mode++)
        remembered_lines_free(&prompt->history[mode]);
    offers_clear(&prompt->offers);
    *prompt = (struct prompt){.mode = PROMPT_CLOSED};
}

/* What is wrong leaves the last good one in force, or what was there before its last word. */
static void fall_back(struct view *view, const char *text)
{
    struct filter_error ignored;
    char *before = filter_in_force(text, view_expression(view));
    struct filter *filter = before && strcmp(before, view_expression(view)) != 0
                                ? filter_parse(before, &ignored)
                                : NULL;
    if (filter)
        view_set_filter(view, filter);
    free(before);
}

/* Puts what stands in the prompt into force, as far as it is right. */
static void apply(struct ui *ui)
{
    struct prompt *prompt = &ui->prompt;
    offers_clear(&prompt->offers);
    if (prompt->mode == PROMPT_FIND) {
        find_set(ui, prompt->text);
        return;
    }
    if (prompt->mode == PROMPT_HELP) {
        help_find(ui, prompt->text);
        return;
    }
    struct filter *filter = filter_parse(prompt->text, &prompt->error);
    prompt->wrong = !filter;
    prompt->doubt[0] = '\0';
    if (filter && ui_view(ui)->class != &view_deliveries)
        filter_doubts_type(filter, prompt->doubt, sizeof prompt->doubt);
    if (filter)
        view_set_filter(ui_view(ui), filter);
    else
        fall_back(ui_view(ui), prompt->text);
}

static void set_text(struct prompt *prompt, const char *text)
{
    snprintf(prompt->text, sizeof prompt->text, "%s", text);
    prompt->length = prompt->cursor = strlen(prompt->text);
}

void prompt_open(struct ui *ui, enum prompt_mode mode, const char *text)
{
    struct prompt *prompt = &ui->prompt;
    prompt->mode = mode;
    prompt->recalled = 0;
    prompt->wrong = false;
    prompt->doubt[0] = '\0';
    offers_clear(&prompt->offers);
    set_text(prompt, text);
    snprintf(prompt->before, sizeof prompt->before, "%s", prompt->text);
}

/* Adds the line to the history, also for later runs. */
static void keep_line(struct ui *ui)
{
    const struct prompt *prompt = &ui->prompt;
    char reason[UI_SENTENCE];
    remembered_lines_add(&ui->prompt.history[prompt->mode], prompt->text);
    if (prompt->mode == PROMPT_HELP)
        return;
    enum remembered_kind kind = prompt->mode == PROMPT_FILTER ? REMEMBERED_FILTER : REMEMBERED_FIND;
    if (!remembered_keep_line(&ui->remembered, kind, prompt->text, reason, sizeof reason))
        ui_say(ui, ROLE_WARNING, "%s", reason);
}

void prompt_accept(struct ui *ui)
{
    struct prompt *prompt = &ui->prompt;
    if (prompt->wrong) {
        /* It stays open, so that what was typed can be mended. */
        return;
    }
    keep_line(ui);
    prompt->mode = PROMPT_CLOSED;
}

void prompt_cancel(struct ui *ui)
{
    struct prompt *prompt = &ui->prompt;
    set_text(prompt, prompt->before);
    apply(ui);
    prompt->mode = PROMPT_CLOSED;
}

static void erase(struct prompt *prompt, size_t from, size_t to)
{
    memmove(prompt->text + from, prompt->text + to, prompt->length - to + 1);
    prompt->length -= to - from;
    prompt->cursor = from;
}

static void insert(struct prompt *prompt, const char *text, size_t length)
{
    if (prompt->length + length >= sizeof prompt->text)
        return;
    memmove(prompt->text + prompt->cursor + length, prompt->text + prompt->cursor,
            prompt->length - prompt->cursor + 1);
    memcpy(prompt->text + prompt->cursor, text, length);
    prompt->length += length;
    prompt->cursor += length;
}

/* Where the character before, or behind, the cursor begins or ends. */
static size_t step_back(const struct prompt *prompt)
{
    size_t at = prompt->cursor;
    while (at > 0 && ((unsigned char)prompt->text[--at] & 0xc0) == 0x80)
        ;
    return at;
}

static size_t step_on(const struct prompt *prompt)
{
    uint32_t ignored;
    if (prompt->cursor == prompt->length)
        return prompt->length;
    return prompt->cursor +
           text_decode(prompt->text + prompt->cursor, prompt->length - prompt->cursor, &ignored);
}

static size_t word_start(const struct prompt *prompt)
{
    size_t at = prompt->cursor;
    while (at > 0 && prompt->text[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text[at - 1] != ' ')
        at--;
    return at;
}

void prompt_insert(struct ui *ui, int code_point)
{
    char bytes[4];
    insert(&ui->prompt, bytes, text_encode(bytes, (uint32_t)code_point));
    apply(ui);
}

void prompt_paste(struct ui *ui, const char *text, size_t length)
{
    char line[DECODER_PASTE_MAX + 1];
    size_t room = sizeof ui->prompt.text - ui->prompt.length;
    size_t whole = text_line(line, sizeof line, text, length);
    size_t used = whole < room ? whole : text_line(line, room, text, length);
    insert(&ui->prompt, line, used);
    apply(ui);
    if (used < whole || length == DECODER_PASTE_MAX)
        snprintf(ui->prompt.offers.note, sizeof ui->prompt.offers.note,
                 "The pasted text is cut: there is room for %d bytes.", (int)PROMPT_SIZE - 1);
}

void prompt_replace(struct ui *ui, size_t from, size_t to, const char *text, size_t length)
{
    erase(&ui->prompt, from, to);
    insert(&ui->prompt, text, length);
    apply(ui);
}

static void recall(struct prompt *prompt, int by)
{
    const struct remembered_lines *history = &prompt->history[prompt->mode];
    if ((by > 0 && prompt->recalled == history->count) || (by < 0 && prompt->recalled == 0))
        return;
    if (prompt->recalled == 0)
        memcpy(prompt->typed, prompt->text, sizeof prompt->typed);
    prompt->recalled += (size_t)by;
    set_text(prompt,
             prompt->recalled ? history->lines[history->count - prompt->recalled] : prompt->typed);
}

void prompt_edit(struct ui *ui, enum prompt_edit edit)
{
    struct prompt *prompt = &ui->prompt;
    switch (edit) {
    case EDIT_LEFT: prompt->cursor = step_back(prompt); return;
    case EDIT_RIGHT: prompt->cursor = step_on(prompt); return;
    case EDIT_START: prompt->cursor = 0; return;
    case EDIT_END: prompt->cursor = prompt->length; return;
    case EDIT_BACKSPACE: erase(prompt, step_back(prompt), prompt->cursor); break;
    case EDIT_DELETE: erase(prompt, prompt->cursor, step_on(prompt)); break;
    case EDIT_ERASE_WORD: erase(prompt, word_start(prompt), prompt->cursor); break;
    case EDIT_ERASE_START: erase(prompt, 0, prompt->cursor); break;
    case EDIT_ERASE_END: erase(prompt, prompt->cursor, prompt->length); break;
    case EDIT_OLDER: recall(prompt, 1); break;
    case EDIT_NEWER: recall(prompt, -1); break;
    case EDIT_COMPLETE:
    case EDIT_COMPLETE_BACK:
        if (prompt->mode == PROMPT_FILTER)
            complete(ui, edit == EDIT_COMPLETE ? 1 : -1);
        return;
    }
    apply(ui);
}

/* Draws a part of the text; returns the column behind it. */
static int draw_part(int row, int column, int end, enum role role, const char *text, size_t length)
{
    char part[PROMPT_SIZE], clean[PROMPT_SIZE];
    if (length == 0 || column >= end)
        return column;
    memcpy(part, text, length);
    part[length] = '\0';
    text_clean(clean, sizeof clean, part, length, screen_ascii() ? TEXT_ASCII : 0);
    return column + screen_put(row, column, end - column, (struct style){.role = role}, clean);
}

/* What stands at the right: the matches, or what is wrong. */
static void status_text(const struct ui *ui, char *text, size_t size)
{
    const struct prompt *prompt = &ui->prompt;
    char count[32];
    if (prompt->mode == PROMPT_FIND) {
        find_status(ui, text, size);
        return;
    }
    if (prompt->mode == PROMPT_HELP) {
        snprintf(text, size, "%zu key%s", ui->help_found, ui->help_found == 1 ? "" : "s");
        return;
    }
    if (prompt->wrong) { /* the rows are those of the last good expression */
        snprintf(text, size, "not yet a filter");
        return;
    }
    text_count(count, sizeof count, (double)view_count(&ui->views[ui->current]));
    snprintf(text, size, "%s%s match%s", count, ui->views[ui->current].searching ? "…" : "",
             strcmp(count, "1") == 0 ? "" : "es");
}

int prompt_offers_width(void)
{
    int width = screen_columns() - 2;
    return width > 1 ? width : 1;
}

int prompt_offers_height(void)
{
    enum { MOST = 8 };
    int third = screen_rows() / 3;
    return third > MOST ? MOST : third > 1 ? third : 1;
}

/* The lines above: what Tab offers, or what is wrong, where, and what to do. */
static void draw_above(const struct prompt *prompt, int row, int width)
{
    char text[1024];
    struct lines lines = {.ascii = screen_ascii()};
    bool offers = prompt->offers.count > 0 || prompt->offers.note[0];
    enum role role = offers ? ROLE_MENU : ROLE_WARNING;

    if (offers) {
        offers_lines(&prompt->offers, &lines, prompt_offers_width(), prompt_offers_height());
    } else if (prompt->wrong || prompt->doubt[0]) {
        if (prompt->wrong)
            filter_explain(&prompt->error, prompt->text, text, sizeof text);
        else
            snprintf(text, sizeof text, "%s", prompt->doubt);
        lines_begin(&lines, 0);
        lines_wrap(&lines, role, text, 0, width - 2);
    }
    int top = row - (int)lines.count;
    for (size_t i = 0; i < lines.count; i++) {
        screen_fill(top + (int)i, 0, width, (struct style){.role = role});
        lines_draw(&lines, i, top + (int)i, 1, width - 2, role);
    }
    lines_free(&lines);
}

void prompt_draw(struct ui *ui, int row)
{
    const struct prompt *prompt = &ui->prompt;
    int width = screen_columns();
    char status[64];
    status_text(ui, status, sizeof status);
    int end = width - text_width(status) - 3;
    if (end < width / 2)
        end = width;
    screen_fill(row, 0, width, STYLE(TEXT));
    screen_put(row, 1, 2, STYLE(KEY), prompt->mode == PROMPT_FILTER ? "/" : "?");
    /* A long expression is shown from where its end, with the cursor, fits. */
    size_t from = 0;
    while (prompt->cursor - from > (size_t)(end > 12 ? end - 6 : 6))
        from++;
    while (((unsigned char)prompt->text[from] & 0xc0) == 0x80)
        from++;
    size_t wrong_from = prompt->length, wrong_to = prompt->length;
    if (prompt->wrong && prompt->error.offset < prompt->length) {
        wrong_from = prompt->error.offset > from ? prompt->error.offset : from;
        wrong_to = prompt->error.offset + prompt->error.length;
        wrong_to = wrong_to > prompt->length ? prompt->length : wrong_to;
        wrong_to = wrong_to < wrong_from ? wrong_from : wrong_to;
    }
    char head[PROMPT_SIZE]; /* as it is shown, to find the cursor's column */
    text_clean(head, sizeof head, prompt->text + from, prompt->cursor - from,
               screen_ascii() ? TEXT_ASCII : 0);
    int column = draw_part(row, 3, end, ROLE_TITLE, prompt->text + from, wrong_from - from);
    column =
        draw_part(row, column, end, ROLE_FAILED, prompt->text + wrong_from, wrong_to - wrong_from);
    draw_part(row, column, end, ROLE_TITLE, prompt->text + wrong_to, prompt->length - wrong_to);
    if (end < width)
        screen_put_right(row, end, width - end - 1, STYLE(DIM), status);
    draw_above(prompt, row, width);
    screen_cursor(row, 3 + text_width(head));
}
