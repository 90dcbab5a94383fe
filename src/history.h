/*
 * The journal: every accepted event on the disk, before its sender hears that it was accepted.
 *
 * One program keeps a journal at a time, and its server thread writes. What stands in the way of
 * writing is a state, not an end: while it lasts nothing is accepted, it is said in words, and
 * writing goes on as soon as it can. Reading is history_reader's.
 *
 * Functions are for the thread that writes, but for those marked (any thread).
 */
#ifndef ANCHORTOP_HISTORY_H
#define ANCHORTOP_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HISTORY_TEXT_SIZE = 512 }; /* of troubles and notices */

struct history_config {
    const char *path;
    int64_t keep_ms; /* how long events are kept; 0: for ever */
};

/* One event to be written. Everything is borrowed for the call. */
struct history_entry {
    const char *id, *type;
    const char *delivery_id; /* may be NULL */
    const char *raw;
    size_t length;
    int64_t created_ms, received_ms; /* Unix time */
    bool verified;
    /* Set by history_write(). */
    bool known;  /* the journal had the id already */
    int64_t row; /* where it stands now; of one that was not known */
};

struct history;

/*
 * Opens the journal, or begins one. NULL with a sentence that says what is in the way and what to
 * do: another program has it, it cannot be written, it is not a journal. One that is damaged is
 * set aside, which is a notice.
 */
struct history *history_open(const struct history_config *config, char *reason, size_t reason_size);
void history_close(struct history *history);

/*
 * Makes all entries durable, in one transaction; those whose id is there already are only marked
 * `known`. False when none could be written: `reason` then says why, for the senders. An empty
 * list tries whether writing is possible.
 */
bool history_write(struct history *history, struct history_entry *entries, size_t count,
                   char *reason, size_t reason_size);

/*
 * A small step of what is to be done beside writing: trying again after trouble, removing what is
 * older than it is kept, giving its room back. Returns after how many milliseconds the next step
 * is due, unless history_write() fails before that.
 */
int64_t history_tend(struct history *history);
enum { HISTORY_RETRY_MS = 1000 }; /* when it is due after a failure */

/* (any thread) Why events are not accepted now, and what to do; false when they are. */
bool history_trouble(struct history *history, char text[HISTORY_TEXT_SIZE]);

/* (any thread) How many notices there were, such as that a damaged journal was set aside, and the
 * last one's text, empty when there was none. */
unsigned history_notice(struct history *history, char text[HISTORY_TEXT_SIZE]);

/* (any thread) Changes when a trouble comes or goes, and with every notice. */
unsigned history_said(const struct history *history);

/* (any thread) Somebody who read the journal found it damaged: it is set aside at the next
 * write. */
void history_found_damage(struct history *history);

/* (any thread) The newest row that was there when the journal was opened: what is written since has
 * greater ones. */
int64_t history_old_row(const struct history *history);

/* (any thread) The file, for readers. Good until history_close(). */
const char *history_path(const struct history *history);

#endif
