/*
 * Upper and lower case alike: see casefold.h.
 */
#include "casefold.h"

#include "casefold_private.h"
#include "text.h"

static uint32_t moved(uint32_t code_point, int32_t delta)
{
    return (uint32_t)((int32_t)code_point + delta);
}

static bool holds(const struct casefold_range *range, uint32_t code_point)
{
    return code_point >= range->first && code_point <= range->last &&
           (code_point - range->first) % range->step == 0;
}

uint32_t casefold_char(uint32_t code_point)
{
    size_t low = 0, high = casefold_range_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code_point > casefold_ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    bool folds = low < casefold_range_count && holds(&casefold_ranges[low], code_point);
    return folds ? moved(code_point, casefold_ranges[low].delta) : code_point;
}

size_t casefold_sources(uint32_t code_point, uint32_t sources[CASEFOLD_MAX_SOURCES])
{
    size_t count = 0;
    for (size_t i = 0; i < casefold_range_count && count < CASEFOLD_MAX_SOURCES; i++) {
        uint32_t source = moved(code_point, -casefold_ranges[i].delta);
        if (holds(&casefold_ranges[i], source))
            sources[count++] = source;
    }
    return count;
}

size_t casefold_text(char *text, size_t length)
{
    size_t used = 0, size;

    for (size_t at = 0; at < length; at += size) {
        uint32_t code_point;
        size = text_decode(text + at, length - at, &code_point);
        if (size == 1 && (unsigned char)text[at] >= 0x80)
            text[used++] = text[at];
        else
            used += text_encode(text + used, casefold_char(code_point));
    }
    return used;
}
