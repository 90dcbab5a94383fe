/*
 * The screen: the main thread's loop over keys, signals and frames. wake() of src/wake.h tells it
 * that the store has changed.
 */
#ifndef ANCHORTOP_UI_H
#define ANCHORTOP_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "../src/options.h"
#include "../src/past.h"
#include "../src/store.h"

enum { UI_SENTENCE = 320 };

/* How the journal is doing. */
struct ui_journal {
    bool trouble;             /* nothing can be written: deliveries are answered 503 */
    char reason[UI_SENTENCE]; /* why, and what to do */
    unsigned notices;         /* changes when there is another notice */
    char notice[UI_SENTENCE]; /* the last one: what was done about the file */
    const char *loading;      /* what is being brought back from it, or NULL */
    uint64_t loaded, to_load; /* events of that */
};

/* Everything is borrowed for the run. */
struct ui_config {
    const struct options *options;
    struct store *store;
    struct past *past; /* the events below the oldest one in the store; NULL: there is no journal */
    const char *address; /* where the endpoint listens, for the header; NULL with a source */
    const char *source;  /* the recording that is shown, clean; NULL: there is an endpoint */
    const char *url;     /* where to deliver to, for the curl line and the empty screen */
    bool verified;       /* there is at least one secret */
    bool demo;
    /* Called on SIGHUP, in the main thread: reads the secrets again. Returns a sentence for the
     * screen, good until the next call; may be NULL. */
    const char *(*reload)(void *context);
    /* Called after wake(), likewise: what there is to say about the source, or NULL. */
    const char *(*news)(void *context);
    /* Called once a frame, likewise: fills *journal. NULL: there is none. */
    void (*journal)(void *context, struct ui_journal *journal);
    void *context;
};

/* Whether standard input and output are a terminal that can be drawn on; else a sentence for
 * standard error that says what to do. Call before anything is started. */
bool ui_usable(char *reason, size_t reason_size);

/*
 * Standard input is a recording: puts the keyboard of the terminal in its place, and returns a
 * descriptor of what it was, or -1 with a reason. Call before ui_usable().
 */
int ui_release_stdin(char *reason, size_t reason_size);

/* Runs the screen until the operator quits, a fatal signal arrives or the terminal goes away.
 * Returns the exit status; the terminal is restored. */
int ui_run(const struct ui_config *config);

#endif
