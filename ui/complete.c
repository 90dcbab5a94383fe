/*
 * Tab in the prompt.
 */
#include "complete.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/clock.h"
#include "../src/field.h"
#include "state.h"

enum {
    LOOKED_AT = 400, /* newest rows whose values are offered */
    LOOK_US = 50000, /* how long they are looked at: some may be large */
    MAX_VALUES = 40,
};

/* Copies an event of the view: its row, or the newest event of the row's entity. */
static bool copy_row(const struct view *view, struct store *store, size_t index,
                     struct store_copy *copy)
{
    uint64_t seq = view_number(view, index);
    if (!view->class->log) {
        store_lock(store);
        const struct entity *entity =
            entities_at(store_entities(store), view->class->kind, view->sorted.rows[index].slot);
        seq = entity ? entity->newest_seq : 0;
        store_unlock(store);
    }
    return store_fetch(store, seq, copy);
}

static bool read_value(const struct event *event, const char *name, char *text, size_t size)
{
    const struct field *field = field_find(name);
    struct field_source source = {.event = event};
    struct value value;
    if (!field) {
        const cJSON *json = filter_find(event->json, name);
        const char *string = cJSON_GetStringValue(json);
        if (string)
            snprintf(text, size, "%s", string);
        return string != NULL;
    }
    if (!field_get(field, &source, &value) || !value.text || field->type == FIELD_MONEY)
        return false;
    snprintf(text, size, "%s", value.text);
    return true;
}

/* The values that the newest rows of the view have, each once. */
static void each_value(const void *context, const char *field,
                       void (*add)(void *list, const char *value), void *list)
{
    struct ui *ui = (struct ui *)(uintptr_t)context;
    struct view *view = ui_view(ui);
    struct store *store = ui->config->store;
    struct store_copy copy = {.raw = NULL};
    char seen[MAX_VALUES][128];
    size_t count = 0;
    if (!field || ui->current == VIEW_DELIVERIES)
        return;
    view_update(view, store, view->room, ui->now_ms); /* the filter may have changed just now */
    size_t rows = view->class->log ? view_remembered(view) : view_count(view);
    int64_t until_us = clock_steady_us() + LOOK_US;
    for (size_t i = 0; i < LOOKED_AT && i < rows && count < MAX_VALUES; i++) {
        struct event event;
        char reason[128];
        if (clock_steady_us() >= until_us)
            break;
        if (!copy_row(view, store, i, &copy) ||
            !event_skim(&event, copy.raw, copy.record.length, reason, sizeof reason))
            continue;
        bool fresh = read_value(&event, field, seen[count], sizeof seen[count]);
        for (size_t j = 0; fresh && j < count; j++)
            fresh = strcmp(seen[j], seen[count]) != 0;
        if (fresh)
            add(list, seen[count++]);
        event_free(&event);
    }
    store_copy_free(&copy);
}

/* How much all candidates have in common. */
static size_t common_length(const struct filter_completion *completion)
{
    size_t length = strlen(completion->candidates[0].text);
    for (size_t i = 1; i < completion->count; i++) {
        size_t same = 0;
        while (same < length &&
               completion->candidates[i].text[same] == completion->candidates[0].text[same])
            same++;
        length = same;
    }
    /* Not inside a character. */
    while (length > 0 && ((unsigned char)completion->candidates[0].text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

void complete(struct ui *ui, int turn)
{
    struct prompt *prompt = &ui->prompt;
    struct filter_values values = {each_value, ui};
    struct filter_completion completion;
    if (prompt->offers.count > 0) { /* nothing was typed since */
        offers_turn(&prompt->offers, turn, prompt_offers_width(), prompt_offers_height());
        return;
    }
    if (!filter_complete(&completion, prompt->text, prompt->cursor, &values))
        return;
    if (completion.count > 0) {
        size_t length = common_length(&completion);
        const char *first = completion.candidates[0].text;
        bool whole = completion.count == 1;
        if (whole || length >= prompt->cursor - completion.start)
            prompt_replace(ui, completion.start, completion.start + completion.length, first,
                           whole ? strlen(first) : length);
    }
    if (completion.count != 1)
        offers_set(&prompt->offers, &completion);
    filter_completion_free(&completion);
}
