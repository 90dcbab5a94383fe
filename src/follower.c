/*
 * The journal as it grows: see follower.h.
 */
#include "follower.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "history_reader.h"

enum { BATCH = 1000 };

struct follower {
    struct follower_config config;
    struct history_reader *reader;
    int64_t row;         /* the last that was handed over */
    int64_t received_ms; /* its event; -1: not known */
    int64_t end;         /* the last that will be */
    unsigned journals;
    bool failed, damage; /* has been told, of this file */
    recalled_visit *visit;
    void *context;
};

static void say(char trouble[HISTORY_TEXT_SIZE], bool *told, const char *sentence)
{
    if (!*told)
        snprintf(trouble, HISTORY_TEXT_SIZE, "%s", sentence);
    *told = true;
}

static bool note_received(void *context, const struct history_row *row)
{
    struct history_row *noted = context;
    if (row->row == noted->row)
        noted->received_ms = row->received_ms;
    return false;
}

/* When the event of a row was received; -1 when there is none, or reading failed. */
static int64_t received_at(struct history_reader *reader, int64_t row)
{
    struct history_row noted = {.row = row, .received_ms = -1};
    history_read(reader, &(struct history_range){.row = row - 1, .limit = 1}, note_received,
                 &noted);
    return noted.received_ms;
}

/* Finds out where to begin and to end. False when reading failed. */
static bool find_rows(struct follower *f)
{
    const struct follower_config *config = &f->config;
    f->end = INT64_MAX;
    f->row = history_row_before(f->reader, config->since_ms);
    f->received_ms = received_at(f->reader, f->row);
    if (config->ends && config->until_ms)
        f->end = history_row_before(f->reader, config->until_ms + 1);
    else if (config->ends)
        f->end = history_last_row(f->reader);
    return f->row >= 0 && f->end >= 0;
}

struct follower *follower_open(const struct follower_config *config, char *reason,
                               size_t reason_size)
{
    struct follower *f = calloc(1, sizeof *f);
    if (!f) {
        snprintf(reason, reason_size, "not enough memory for reading the journal");
        return NULL;
    }
    f->config = *config;
    f->reader = history_reader_open(config->path, reason, reason_size);
    if (f->reader && find_rows(f))
        return f;
    if (f->reader)
        snprintf(reason, reason_size,
                 "cannot find the time in the journal %.300s%s; go without --since", config->path,
                 history_reader_found_damage(f->reader) ? ": the file is damaged" : "");
    follower_close(f);
    return NULL;
}

void follower_close(struct follower *f)
{
    if (!f)
        return;
    history_reader_close(f->reader);
    free(f);
}

static bool take(void *context, const struct history_row *row)
{
    struct follower *f = context;
    if (row->row > f->end)
        return false;
    f->row = row->row;
    f->received_ms = row->received_ms;
    return recall_row(row, f->visit, f->context);
}

unsigned follower_journals(const struct follower *f)
{
    return f->journals;
}

static bool is_stale(const struct follower *f)
{
    return f->config.history ? history_reader_is_gone(f->reader)
                             : history_reader_is_stale(f->reader);
}

/* What another reader found in the place of the journal that was read. */
enum found { FOUND_SAME, FOUND_OTHER, FOUND_PART };

/*
 * Tells a journal by the last event that was read of it, for a file of the same number may have
 * been written anew, and the number may be given again. Where that event is gone, its row is the
 * newest or there are newer ones: a journal keeps the newest. One that ends earlier, with an older
 * event or with none, has lost its -wal. Its program writes the rest again with the next event, and
 * only then it is told from one that was begun anew.
 */
static enum found compare(const struct follower *f, struct history_reader *reader)
{
    int64_t last = history_last_row(reader), received_ms = received_at(reader, f->row);
    if (received_ms >= 0 && f->received_ms >= 0)
        return received_ms == f->received_ms ? FOUND_SAME : FOUND_OTHER;
    if (!history_reader_same(f->reader, reader))
        return FOUND_OTHER;
    if (last < 0 || last >= f->row)
        return FOUND_SAME;
    return last == 0 || received_at(reader, last) < f->received_ms ? FOUND_PART : FOUND_OTHER;
}

/* Goes over to the journal that was begun in the place of this one. */
static enum follower_state renew(struct follower *f)
{
    char reason[HISTORY_TEXT_SIZE];
    if (!f->config.history)
        history_reader_let_go(f->reader);
    struct history_reader *reader = history_reader_open(f->config.path, reason, sizeof reason);
    if (!reader) /* where there is no file, one is begun with the next event */
        return access(f->config.path, F_OK) == 0 ? FOLLOWER_LATER : FOLLOWER_UP_TO_DATE;
    /* The program that keeps the journal never gives a row twice, so that here, in the same one,
     * what was read already is left out. Another program may have been started again. */
    enum found found = f->config.history ? FOUND_SAME : compare(f, reader);
    if (found == FOUND_PART) {
        history_reader_close(reader);
        return FOLLOWER_UP_TO_DATE;
    }
    if (found == FOUND_OTHER) {
        f->row = 0;
        f->journals++;
    }
    history_reader_close(f->reader);
    f->reader = reader;
    f->failed = f->damage = false;
    return FOLLOWER_MORE;
}

static enum follower_state fail(struct follower *f, char trouble[HISTORY_TEXT_SIZE])
{
    if (!history_reader_found_damage(f->reader)) {
        say(trouble, &f->failed, "the journal cannot be read now; trying again");
        return FOLLOWER_LATER;
    }
    say(trouble, &f->damage,
        "the journal is damaged: events that cannot be read from it are left out");
    if (f->config.history)
        history_found_damage(f->config.history);
    int64_t last = history_last_row(f->reader);
    if (last <= f->row)
        return FOLLOWER_UP_TO_DATE; /* what comes next will stand in another file */
    f->row = last;
    f->received_ms = -1;
    return FOLLOWER_MORE;
}

static enum follower_state read_on(struct follower *f, bool stale, char trouble[HISTORY_TEXT_SIZE])
{
    const struct history_range range = {.row = f->row, .limit = BATCH};
    /* Opened again it would read what the path leads to now, from the row of the one before. */
    if (stale && !f->config.history && !f->config.ends && history_reader_was_let_go(f->reader))
        return renew(f);
    int64_t before = f->row, count = history_read(f->reader, &range, take, f);
    if (count > 0) {
        f->failed = false;
        return f->row > before ? FOLLOWER_MORE : FOLLOWER_UP_TO_DATE;
    }
    if (stale && !f->config.ends)
        return renew(f);
    return count == 0 ? FOLLOWER_UP_TO_DATE : fail(f, trouble);
}

enum follower_state follower_read(struct follower *f, recalled_visit *visit, void *context,
                                  char trouble[HISTORY_TEXT_SIZE])
{
    /* Asked first: a file that was replaced before it was read to its end has had its last event.
     */
    bool stale = is_stale(f);
    f->visit = visit;
    f->context = context;
    trouble[0] = '\0';
    enum follower_state state = f->row < f->end ? read_on(f, stale, trouble) : FOLLOWER_UP_TO_DATE;
    return f->config.ends && (state == FOLLOWER_UP_TO_DATE || f->row >= f->end) ? FOLLOWER_AT_END
                                                                                : state;
}
