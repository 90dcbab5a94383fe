/*
 * Keys out of the bytes that a terminal sends: see decoder.h.
 */
#include "decoder.h"

#include <stdlib.h>
#include <string.h>

#include "keyboard.h"

enum {
    ESCAPE = 27,
    INTERRUPT = 3, /* Ctrl-C: leaves whatever is unfinished but a paste */
    CANCEL = 24,   /* CAN and SUB end a sequence, by the standard */
    SUBSTITUTE = 26,
    LATE_MS = 200,      /* so long after an Esc its sequence may still come */
    SEQUENCE_MS = 1000, /* slow lines cut sequences, and nobody types one */
    PASTE_MS = 5000,
};

static const char paste_start[] = "\033[200~", paste_end[] = "\033[201~";

void decoder_free(struct decoder *decoder)
{
    free(decoder->paste);
    *decoder = (struct decoder){.state = DECODER_GROUND};
}

static int find(const struct decoder *decoder, const char *sequence)
{
    for (size_t i = 0; i < decoder->known_count; i++)
        if (strcmp(decoder->known[i].bytes, sequence) == 0)
            return decoder->known[i].key;
    return KEY_CODE_NONE;
}

void decoder_know(struct decoder *decoder, const char *sequence, int key)
{
    size_t length = strlen(sequence);
    if (length == 0 || length >= DECODER_SEQUENCE || decoder->known_count == DECODER_KNOWN ||
        find(decoder, sequence) != KEY_CODE_NONE)
        return;
    memcpy(decoder->known[decoder->known_count].bytes, sequence, length + 1);
    decoder->known[decoder->known_count++].key = key;
}

static void emit(struct decoder *decoder, int key)
{
    if (decoder->queued < DECODER_QUEUE)
        decoder->queue[decoder->queued++] = key;
}

int decoder_take(struct decoder *decoder)
{
    if (decoder->queued == 0)
        return KEY_CODE_NONE;
    int key = decoder->queue[0];
    memmove(decoder->queue, decoder->queue + 1, --decoder->queued * sizeof *decoder->queue);
    return key;
}

const char *decoder_pasted(const struct decoder *decoder, size_t *length)
{
    *length = decoder->paste_length;
    return decoder->paste;
}

static void to_ground(struct decoder *decoder)
{
    decoder->state = DECODER_GROUND;
    decoder->with_alt = false;
    decoder->length = 0;
}

static void begin_sequence(struct decoder *decoder, enum decoder_state state, const char *start)
{
    decoder->state = state;
    decoder->length = strlen(start);
    memcpy(decoder->sequence, start, decoder->length);
}

/* Keeps a byte of the sequence: those that are too long for a key mean nothing anyway. */
static void keep(struct decoder *decoder, unsigned char byte)
{
    if (decoder->length < DECODER_SEQUENCE - 1)
        decoder->sequence[decoder->length++] = (char)byte;
}

static void end_sequence(struct decoder *decoder)
{
    decoder->sequence[decoder->length] = '\0';
    bool with_alt = decoder->with_alt;
    bool pasting = strcmp(decoder->sequence, paste_start) == 0;
    int key = find(decoder, decoder->sequence);
    to_ground(decoder);
    if (pasting) {
        decoder->state = DECODER_PASTE;
        decoder->paste_length = decoder->matched = 0;
    } else if (key != KEY_CODE_NONE && !with_alt) {
        emit(decoder, key);
    }
}

/* A character of several bytes, which may come one by one. */
static int gather(struct decoder *decoder, unsigned char byte)
{
    char c = (char)byte;
    wchar_t character = 0;
    size_t length = mbrtowc(&character, &c, 1, &decoder->gathered);
    if (length == (size_t)-2)
        return KEY_CODE_NONE;
    if (length == (size_t)-1) {
        decoder->gathered = (mbstate_t){0};
        return byte < 0x80 ? byte : KEY_CODE_UNKNOWN;
    }
    return (int)character;
}

static void on_ground(struct decoder *decoder, unsigned char byte)
{
    if (byte == ESCAPE) {
        decoder->gathered = (mbstate_t){0};
        decoder->state = DECODER_ESCAPE;
        decoder->begun++;
        return;
    }
    int key = find(decoder, (char[]){(char)byte, '\0'});
    if (key == KEY_CODE_NONE)
        key = gather(decoder, byte);
    if (key >= 0x80 && key < 0xA0) /* a control character of eight bits */
        key = KEY_CODE_UNKNOWN;
    if (key != KEY_CODE_NONE)
        emit(decoder, key);
}

/* Opens the sequence that this byte stands for behind an Esc. False: there is none. */
static bool open_sequence(struct decoder *decoder, unsigned char byte)
{
    if (byte == '[') {
        begin_sequence(decoder, DECODER_CSI, "\033[");
    } else if (byte == 'O') {
        begin_sequence(decoder, DECODER_SS3, "\033O");
    } else if (byte != '\0' && strchr("]P_^X", byte)) {
        decoder->state = DECODER_STRING;
        decoder->ends_by_bel = byte == ']';
    } else {
        return false;
    }
    return true;
}

static void on_escape(struct decoder *decoder, unsigned char byte)
{
    if (byte == ESCAPE) {
        decoder->state = DECODER_ESCAPE_TWICE;
        return;
    }
    if (open_sequence(decoder, byte))
        return;
    to_ground(decoder);
    int key = find(decoder, (char[]){ESCAPE, (char)byte, '\0'});
    if (key != KEY_CODE_NONE) {
        emit(decoder, key);
    } else if (byte == INTERRUPT) {
        emit(decoder, KEY_CODE_ESCAPE);
        emit(decoder, INTERRUPT);
    } else if (gather(decoder, byte) == KEY_CODE_NONE) {
        decoder->state = DECODER_ALT;
    }
}

static void on_escape_twice(struct decoder *decoder, unsigned char byte)
{
    if (byte == '[' || byte == 'O') {
        open_sequence(decoder, byte);
        decoder->with_alt = true;
        return;
    }
    emit(decoder, KEY_CODE_ESCAPE);
    if (byte != ESCAPE)
        on_escape(decoder, byte);
}

/* A byte that has no place in a sequence ends it. */
static void break_off(struct decoder *decoder, unsigned char byte)
{
    to_ground(decoder);
    decoder->gathered = (mbstate_t){0};
    if (byte == ESCAPE || byte == INTERRUPT || byte >= 0x80)
        on_ground(decoder, byte);
}

static void on_alt(struct decoder *decoder, unsigned char byte)
{
    if (byte < 0x80) /* it is not of that character */
        break_off(decoder, byte);
    else if (gather(decoder, byte) != KEY_CODE_NONE)
        to_ground(decoder);
}

/* rxvt ends some keys with a "$", which elsewhere announces one more byte. */
static bool ends_as_in_rxvt(const struct decoder *decoder, unsigned char byte)
{
    size_t digits = strspn(decoder->sequence + 2, "0123456789");
    return byte == '$' && decoder->length > 2 && digits == decoder->length - 2;
}

static void on_csi(struct decoder *decoder, unsigned char byte)
{
    bool first = decoder->length == 2;
    decoder->sequence[decoder->length] = '\0';
    if (first && byte == '[') {
        decoder->state = DECODER_CONSOLE;
    } else if (first && byte == 'M') {
        decoder->state = DECODER_MOUSE;
    } else if ((byte >= 0x40 && byte <= 0x7e) || ends_as_in_rxvt(decoder, byte)) {
        keep(decoder, byte);
        end_sequence(decoder);
    } else if (byte >= 0x20 && byte < 0x40) {
        keep(decoder, byte);
    } else {
        break_off(decoder, byte);
    }
}

static void on_ss3(struct decoder *decoder, unsigned char byte)
{
    if (byte < 0x20 || byte > 0x7e) {
        break_off(decoder, byte);
        return;
    }
    keep(decoder, byte);
    if (byte >= 0x40)
        end_sequence(decoder);
}

static void on_console(struct decoder *decoder, unsigned char byte)
{
    if (byte < 0x20)
        break_off(decoder, byte);
    else
        to_ground(decoder);
}

static void on_mouse(struct decoder *decoder, unsigned char byte)
{
    if (byte < 0x20)
        break_off(decoder, byte);
    else if (++decoder->length == 2 + 3)
        to_ground(decoder);
}

static void on_string(struct decoder *decoder, unsigned char byte)
{
    if (byte == ESCAPE)
        decoder->state = DECODER_STRING_ESCAPE;
    else if ((byte == '\a' && decoder->ends_by_bel) || byte == CANCEL || byte == SUBSTITUTE)
        to_ground(decoder);
    else if (byte == INTERRUPT)
        break_off(decoder, byte);
}

static void on_string_escape(struct decoder *decoder, unsigned char byte)
{
    to_ground(decoder);
    if (byte != '\\')
        on_escape(decoder, byte);
}

static void add_pasted(struct decoder *decoder, char byte)
{
    if (!decoder->paste)
        decoder->paste = malloc(DECODER_PASTE_MAX);
    if (decoder->paste && decoder->paste_length < DECODER_PASTE_MAX)
        decoder->paste[decoder->paste_length++] = byte;
}

static void end_paste(struct decoder *decoder)
{
    to_ground(decoder);
    emit(decoder, KEY_CODE_PASTE);
}

static void on_paste(struct decoder *decoder, unsigned char byte)
{
    if ((char)byte != paste_end[decoder->matched]) {
        for (size_t i = 0; i < decoder->matched; i++)
            add_pasted(decoder, paste_end[i]);
        decoder->matched = 0;
    }
    if ((char)byte != paste_end[decoder->matched])
        add_pasted(decoder, (char)byte);
    else if (++decoder->matched == sizeof paste_end - 1)
        end_paste(decoder);
}

/* Whether a read looks like the rest of a sequence, which nobody types within one read. */
static bool is_rest(const char *bytes, size_t length)
{
    if (length == 2) /* of an arrow, say */
        return (bytes[0] == '[' || bytes[0] == 'O') && memchr("ABCDFHZ", bytes[1], 7);
    if (length < 2)
        return false;
    return (bytes[0] == '[' && memchr("<?0123456789", bytes[1], 12)) ||
           (bytes[0] == ']' && memchr("0123456789", bytes[1], 10));
}

/* Behind an Esc that was taken for the key because nothing followed it soon. */
static void on_late(struct decoder *decoder, const char *bytes, size_t length)
{
    to_ground(decoder);
    if (is_rest(bytes, length))
        open_sequence(decoder, (unsigned char)bytes[0]);
    else
        on_ground(decoder, (unsigned char)bytes[0]);
}

static void (*const take_byte[])(struct decoder *decoder, unsigned char byte) = {
    [DECODER_GROUND] = on_ground,
    [DECODER_ESCAPE] = on_escape,
    [DECODER_ESCAPE_TWICE] = on_escape_twice,
    [DECODER_ALT] = on_alt,
    [DECODER_CSI] = on_csi,
    [DECODER_CONSOLE] = on_console,
    [DECODER_MOUSE] = on_mouse,
    [DECODER_SS3] = on_ss3,
    [DECODER_STRING] = on_string,
    [DECODER_STRING_ESCAPE] = on_string_escape,
    [DECODER_PASTE] = on_paste,
};

size_t decoder_feed(struct decoder *decoder, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && decoder->queued == 0) {
        if (decoder->state == DECODER_LATE)
            on_late(decoder, bytes + at, length - at);
        else
            take_byte[decoder->state](decoder, (unsigned char)bytes[at]);
        at++;
    }
    return at;
}

int decoder_limit_ms(const struct decoder *decoder)
{
    switch (decoder->state) {
    case DECODER_GROUND: return -1;
    case DECODER_ESCAPE:
    case DECODER_ESCAPE_TWICE: return DECODER_ESCAPE_MS;
    case DECODER_LATE: return LATE_MS;
    case DECODER_PASTE: return PASTE_MS;
    default: return SEQUENCE_MS;
    }
}

void decoder_expire(struct decoder *decoder)
{
    enum decoder_state state = decoder->state;
    if (state == DECODER_PASTE) {
        end_paste(decoder);
        return;
    }
    to_ground(decoder);
    decoder->gathered = (mbstate_t){0};
    if (state == DECODER_ESCAPE || state == DECODER_ESCAPE_TWICE) {
        emit(decoder, KEY_CODE_ESCAPE);
        decoder->state = DECODER_LATE;
    }
    if (state == DECODER_ESCAPE_TWICE)
        emit(decoder, KEY_CODE_ESCAPE);
}
