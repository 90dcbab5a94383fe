/*
 * The journal's events for the screen: see past.h.
 */
#include "past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct past {
    struct past_config config;
    struct history_reader *reader; /* NULL: not open */
    int64_t before;                /* no row up to this one is shown */
    char trouble[HISTORY_TEXT_SIZE];
};

struct past *past_new(const struct past_config *config)
{
    struct past *past = calloc(1, sizeof *past);
    if (past)
        past->config = *config;
    return past;
}

static void close_reader(struct past *past)
{
    history_reader_close(past->reader);
    past->reader = NULL;
}

void past_free(struct past *past)
{
    if (!past)
        return;
    close_reader(past);
    free(past);
}

const char *past_trouble(const struct past *past)
{
    return past->trouble;
}

/* Says why reading failed. What it was may pass, so that the file is opened again the next time. */
static bool fail(struct past *past)
{
    bool damage = history_reader_found_damage(past->reader);
    snprintf(past->trouble, sizeof past->trouble, "the journal cannot be read%s",
             damage ? ": the file is damaged" : " now");
    if (damage && past->config.history)
        history_found_damage(past->config.history);
    close_reader(past);
    return false;
}

static bool is_stale(const struct past *past)
{
    if (!past->reader)
        return false;
    return past->config.history ? history_reader_is_gone(past->reader)
                                : history_reader_is_stale(past->reader);
}

static bool make_ready(struct past *past)
{
    if (is_stale(past)) {
        if (!past->config.history)
            history_reader_let_go(past->reader);
        close_reader(past);
    }
    if (!past->reader) {
        past->reader = history_reader_open(past->config.path, past->trouble, sizeof past->trouble);
        if (!past->reader)
            return false;
        past->before =
            past->config.since_ms ? history_row_before(past->reader, past->config.since_ms) : 0;
        if (past->before < 0)
            return fail(past);
    }
    past->trouble[0] = '\0';
    return true;
}

int64_t past_first(struct past *past, int64_t end)
{
    if (!make_ready(past))
        return end;
    int64_t first = history_first_row(past->reader, past->before);
    int64_t last = first < 0 ? -1 : history_last_row(past->reader);
    if (last < 0) {
        fail(past);
        return end;
    }
    /* A journal that ends before the row is another one, with rows of its own. */
    return last < end || first == 0 || first > end ? end : first;
}

struct visiting {
    recalled_visit *visit;
    void *context;
};

static bool visit_row(void *context, const struct history_row *row)
{
    const struct visiting *visiting = context;
    return recall_row(row, visiting->visit, visiting->context);
}

bool past_read(struct past *past, const struct history_range *range, recalled_visit *visit,
               void *context)
{
    struct visiting visiting = {visit, context};
    if (!make_ready(past))
        return false;
    return history_read(past->reader, range, visit_row, &visiting) >= 0 || fail(past);
}

struct asking {
    int64_t row;
    recalled_visit *ask;
    void *context;
    bool answer;
};

static bool ask_event(void *context, const struct recalled *event)
{
    struct asking *asking = context;
    if (event->record.row == asking->row)
        asking->answer = asking->ask(asking->context, event);
    return false;
}

bool past_ask(struct past *past, int64_t row, recalled_visit *ask, void *context, bool *answer)
{
    struct asking asking = {.row = row, .ask = ask, .context = context};
    const struct history_range range = {.row = row - 1, .limit = 1};
    bool good = past_read(past, &range, ask_event, &asking);
    *answer = asking.answer;
    return good;
}

static bool copy_event(void *context, const struct recalled *event)
{
    return store_copy_set(context, &event->record, event->raw);
}

bool past_copy(struct past *past, int64_t row, struct store_copy *copy)
{
    bool copied;
    return past_ask(past, row, copy_event, copy, &copied) && copied;
}
