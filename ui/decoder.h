/*
 * Keys out of the bytes that a terminal sends: pure, without a terminal or a clock.
 *
 * A terminal sends more than keys: answers to questions, reports of the mouse and of the focus,
 * text that is pasted. A sequence that is not known as a key is taken whole and means nothing,
 * however it is cut into reads, so that no part of it is mistaken for keys. Alt and a key is such
 * a sequence too.
 */
#ifndef ANCHORTOP_DECODER_H
#define ANCHORTOP_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

enum {
    DECODER_SEQUENCE = 16,    /* bytes of a key's sequence, with the terminator */
    DECODER_KNOWN = 64,       /* sequences that are keys */
    DECODER_PASTE_MAX = 8192, /* bytes of a paste that are kept; the others are swallowed */
    DECODER_QUEUE = 4,
    DECODER_ESCAPE_MS = 50, /* a lone Esc is the key when nothing follows within this time */
};

enum decoder_state {
    DECODER_GROUND,
    DECODER_ESCAPE,       /* Esc: the key, or the start of a sequence */
    DECODER_ESCAPE_TWICE, /* two of them: the key twice, or Alt and a key that sends a sequence */
    DECODER_LATE,         /* Esc was taken for the key a moment ago: the rest may still come */
    DECODER_ALT,          /* within a character of several bytes behind Esc */
    DECODER_CSI,          /* Esc [ */
    DECODER_CONSOLE,      /* Esc [ [, one more byte: function keys of the Linux console */
    DECODER_MOUSE,        /* Esc [ M, three more bytes: an old report of the mouse */
    DECODER_SS3,          /* Esc O */
    DECODER_STRING,       /* OSC, DCS, APC, PM or SOS, up to its terminator */
    DECODER_STRING_ESCAPE,
    DECODER_PASTE, /* bracketed paste, up to Esc [ 201 ~ */
};

/* Zero-initialise; decoder_free() at the end. */
struct decoder {
    enum decoder_state state;
    bool with_alt;                   /* the sequence stands behind one more Esc: it means nothing */
    bool ends_by_bel;                /* the string may (OSC) */
    char sequence[DECODER_SEQUENCE]; /* as far as it has come; cut */
    size_t length;
    mbstate_t gathered; /* the beginning of a character */
    int queue[DECODER_QUEUE];
    size_t queued;
    unsigned begun; /* sequences so far */
    size_t matched; /* bytes of the paste's end that have come */
    char *paste;
    size_t paste_length, paste_capacity;
    struct {
        char bytes[DECODER_SEQUENCE];
        int key;
    } known[DECODER_KNOWN];
    size_t known_count;
};

void decoder_free(struct decoder *decoder);

/* A key's sequence. What is known already stays; what is too long is left out. */
void decoder_know(struct decoder *decoder, const char *sequence, int key);

/* Takes bytes of one read until there is a key, and returns how many; at least one of `length`. */
size_t decoder_feed(struct decoder *decoder, const char *bytes, size_t length);

/* The next key that is whole, as keyboard_read() returns it; KEY_CODE_NONE when there is none. */
int decoder_take(struct decoder *decoder);

/* For how many milliseconds the rest of a sequence may be waited for: from its first byte on, or
 * from the last one of a paste. -1: nothing is unfinished, or only a character. */
int decoder_limit_ms(const struct decoder *decoder);
/* That time has passed. Gives up what is unfinished; Esc was the key. */
void decoder_expire(struct decoder *decoder);

/* The text of the KEY_CODE_PASTE that was taken last: foreign, not terminated, good until more is
 * fed. */
const char *decoder_pasted(const struct decoder *decoder, size_t *length);

#endif
