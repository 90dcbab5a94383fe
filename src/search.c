/*
 * Searching text for a phrase: see search.h.
 *
 * The loops over a block are written so that compilers turn them into vector instructions: a fixed
 * number of rounds, bytes only, and no branch.
 */
#include "search.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "casefold.h"
#include "text.h"

enum {
    BLOCK = 128, /* places that are looked at together */
    LEADS = SEARCH_LONGER_CASES,
};
#define MISSING SIZE_MAX

/* What events of all types are made of, folded, the most frequent first. Other bytes are rare. */
static const char frequent[] = "\"esta:icodrn_,1p-20u63/4bf859m7.kxvhl{} yzwgj";

/* The more frequent a byte, the higher. */
static size_t frequency(char byte)
{
    const char *found = byte ? strchr(frequent, byte) : NULL;
    return found ? sizeof frequent - (size_t)(found - frequent) : 0;
}

/* The bits in which the cases of the folded character differ at its byte `index`. */
static unsigned char case_bits(const char *folded, size_t size, uint32_t code_point, size_t index)
{
    uint32_t sources[CASEFOLD_MAX_SOURCES];
    size_t count = casefold_sources(code_point, sources);
    unsigned char bits = 0;

    for (size_t i = 0; i < count; i++) {
        char source[4];
        if (text_encode(source, sources[i]) == size)
            bits |= (unsigned char)(source[index] ^ folded[index]);
    }
    return bits;
}

/* Takes the byte at `place` of the phrase as number `which` of the two that are compared. */
static void choose(struct search *search, size_t which, size_t place)
{
    const char *text = search->text;
    uint32_t code_point;

    for (size_t at = 0; at < search->length;) {
        size_t size = text_decode(text + at, search->length - at, &code_point);
        if (place < at + size) {
            search->mask[which] = case_bits(text + at, size, code_point, place - at);
            break;
        }
        at += size;
    }
    search->at[which] = place;
    search->byte[which] = (unsigned char)text[place] | search->mask[which];
}

/* Notes the first bytes of cases that take another number of bytes than the folded character: where
 * such a case stands in a text, the phrase is not as long as it is here. */
static void note_longer_cases(struct search *search, size_t size, uint32_t code_point)
{
    uint32_t sources[CASEFOLD_MAX_SOURCES];
    bool plain = code_point < 0x80 && code_point != 'k' && code_point != 's';
    size_t count = plain ? 0 : casefold_sources(code_point, sources); /* which takes its time */

    for (size_t i = 0; i < count; i++) {
        char source[4];
        if (text_encode(source, sources[i]) != size && search->longer_count < LEADS &&
            !memchr(search->longer, source[0], LEADS))
            search->longer[search->longer_count++] = source[0];
    }
}

static size_t rarest(const struct search *search, size_t but)
{
    size_t best = but ? 0 : search->length > 1;
    for (size_t i = 0; i < search->length; i++)
        if (i != but && frequency(search->text[i]) < frequency(search->text[best]))
            best = i;
    return best;
}

bool search_prepare(struct search *search, const char *text, size_t length)
{
    *search = (struct search){.text = malloc(length + 1), .length = length};
    if (!search->text)
        return false;
    memcpy(search->text, text, length);
    search->text[length] = '\0';
    search->length = length = casefold_text(search->text, length);
    search->text[length] = '\0';
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t code_point;
        size = text_decode(search->text + at, length - at, &code_point);
        note_longer_cases(search, size, code_point);
    }
    if (length > 0) {
        choose(search, 0, rarest(search, length));
        choose(search, 1, rarest(search, search->at[0]));
    }
    return true;
}

void search_free(struct search *search)
{
    free(search->text);
    *search = (struct search){0};
}

static char fold_ascii(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

/* How many bytes at the start of the text are the phrase, or MISSING. */
static size_t match(const struct search *search, const char *text, size_t length)
{
    size_t at = 0, done = 0, size, folded_size;

    for (; done < search->length; at += size, done += folded_size) {
        uint32_t code_point;
        char folded[4];
        if (at == length)
            return MISSING;
        size = folded_size = 1;
        folded[0] = text[at];
        if ((unsigned char)text[at] < 0x80) {
            folded[0] = fold_ascii(text[at]);
        } else {
            size = text_decode(text + at, length - at, &code_point);
            if (size > 1)
                folded_size = text_encode(folded, casefold_char(code_point));
        }
        if (folded_size > search->length - done ||
            memcmp(folded, search->text + done, folded_size) != 0)
            return MISSING;
    }
    return at;
}

bool search_begins(const struct search *search, const char *text, size_t length)
{
    return match(search, text, length) != MISSING;
}

bool search_equals(const struct search *search, const char *text, size_t length)
{
    return match(search, text, length) == length;
}

/* The places of a block, or of what is shorter than one, at which both bytes are right. */
static inline bool find_candidates(const struct search *search, const char *text, size_t places,
                                   unsigned char found[BLOCK])
{
    const unsigned char *first = (const unsigned char *)text + search->at[0];
    const unsigned char *second = (const unsigned char *)text + search->at[1];
    const unsigned char first_mask = search->mask[0], second_mask = search->mask[1];
    const unsigned char first_byte = search->byte[0], second_byte = search->byte[1];
    unsigned char any = 0;

    for (size_t i = 0; i < places; i++) {
        found[i] =
            ((first[i] | first_mask) == first_byte) & ((second[i] | second_mask) == second_byte);
        any |= found[i];
    }
    return any;
}

/* The first candidate at which the phrase begins, or NULL. */
static const char *check_candidates(const struct search *search, const char *text, size_t places,
                                    const char *end, const unsigned char found[BLOCK])
{
    const unsigned char *hit = found;
    while ((hit = memchr(hit, 1, places - (size_t)(hit - found)))) {
        const char *place = text + (hit - found);
        if (search_begins(search, place, (size_t)(end - place)))
            return place;
        hit++;
    }
    return NULL;
}

/* The first place of the phrase with all of its characters as long as they are in it, or NULL. */
static const char *find_as_long(const struct search *search, const char *text, size_t length)
{
    const char *end = text + length, *place;
    unsigned char found[BLOCK];

    if (length < search->length)
        return NULL;
    if (search->length == 0)
        return text;
    size_t places = length - search->length + 1;
    if (places < BLOCK)
        return find_candidates(search, text, places, found)
                   ? check_candidates(search, text, places, end, found)
                   : NULL;
    /* The last block reaches back over what was looked at already. */
    for (size_t at = 0;; at = at + 2 * BLOCK <= places ? at + BLOCK : places - BLOCK) {
        if (find_candidates(search, text + at, BLOCK, found) &&
            (place = check_candidates(search, text + at, BLOCK, end, found)))
            return place;
        if (at + BLOCK == places)
            return NULL;
    }
}

/* Whether the text has a character that is longer than the case which stands for it, and that the
 * phrase may have. Rare, but for "K", the sign of kelvins, and its like. */
static bool has_longer_case(const struct search *search, const char *text, size_t length)
{
    const char *end = text + length;

    for (size_t i = 0; i < search->longer_count; i++) {
        const char *at = text;
        while ((at = memchr(at, search->longer[i], (size_t)(end - at)))) {
            uint32_t code_point;
            char folded[4];
            size_t size = text_decode(at, (size_t)(end - at), &code_point);
            if (size > 1 && text_encode(folded, casefold_char(code_point)) != size)
                return true;
            at += size;
        }
    }
    return false;
}

/* The first place of the phrase, or NULL, by looking at every character. */
static const char *find_anywhere(const struct search *search, const char *text, size_t length)
{
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t ignored;
        if (search_begins(search, text + at, length - at))
            return text + at;
        size = text_decode(text + at, length - at, &ignored);
    }
    return NULL;
}

bool search_in(const struct search *search, const char *text, size_t length)
{
    return find_as_long(search, text, length) ||
           (has_longer_case(search, text, length) && find_anywhere(search, text, length));
}

const char *search_find(const struct search *search, const char *text, size_t length,
                        size_t *found_length)
{
    const char *place = has_longer_case(search, text, length) ? find_anywhere(search, text, length)
                                                              : find_as_long(search, text, length);
    if (place)
        *found_length = match(search, place, length - (size_t)(place - text));
    return place;
}
