/*
 * Upper and lower case alike: the alphabets as a table of ranges.
 */
#include "casefold.h"

#include "text.h"

/* After CaseFolding.txt of Unicode, status C; without what changes its length in UTF-8, and
 * without U+212A and U+017F, so that ASCII is found in ASCII alone. */
static const struct range {
    uint32_t first, last;
    uint32_t step; /* 1: every character; 2: every second one, from the first on */
    int32_t delta;
} ranges[] = {
    /* Latin */
    {0x0041, 0x005A, 1, 32},
    /* Latin with accents */
    {0x00C0, 0x00D6, 1, 32},
    {0x00D8, 0x00DE, 1, 32},
    {0x0100, 0x012E, 2, 1},
    {0x0132, 0x0136, 2, 1},
    {0x0139, 0x0147, 2, 1},
    {0x014A, 0x0176, 2, 1},
    {0x0178, 0x0178, 1, -121},
    {0x0179, 0x017D, 2, 1},
    {0x01CD, 0x01DB, 2, 1},
    {0x01DE, 0x01EE, 2, 1},
    {0x01F8, 0x021E, 2, 1},
    {0x0222, 0x0232, 2, 1},
    /* Greek, with its second small sigma */
    {0x0386, 0x0386, 1, 38},
    {0x0388, 0x038A, 1, 37},
    {0x038C, 0x038C, 1, 64},
    {0x038E, 0x038F, 1, 63},
    {0x0391, 0x03A1, 1, 32},
    {0x03A3, 0x03AB, 1, 32},
    {0x03C2, 0x03C2, 1, 1},
    /* Cyrillic */
    {0x0400, 0x040F, 1, 80},
    {0x0410, 0x042F, 1, 32},
    {0x0460, 0x0480, 2, 1},
    {0x048A, 0x04BE, 2, 1},
    {0x04C0, 0x04C0, 1, 15},
    {0x04C1, 0x04CD, 2, 1},
    {0x04D0, 0x052E, 2, 1},
    /* Armenian */
    {0x0531, 0x0556, 1, 48},
    /* Latin with more accents, such as those of Vietnamese */
    {0x1E00, 0x1E94, 2, 1},
    {0x1EA0, 0x1EFE, 2, 1},
    /* fullwidth Latin */
    {0xFF21, 0xFF3A, 1, 32},
};

enum { RANGES = sizeof ranges / sizeof ranges[0] };

static uint32_t moved(uint32_t code_point, int32_t delta)
{
    return (uint32_t)((int32_t)code_point + delta);
}

static bool holds(const struct range *range, uint32_t code_point)
{
    return code_point >= range->first && code_point <= range->last &&
           (code_point - range->first) % range->step == 0;
}

uint32_t casefold_char(uint32_t code_point)
{
    for (size_t i = 0; i < RANGES && code_point >= ranges[i].first; i++)
        if (holds(&ranges[i], code_point))
            return moved(code_point, ranges[i].delta);
    return code_point;
}

size_t casefold_sources(uint32_t code_point, uint32_t sources[CASEFOLD_MAX_SOURCES])
{
    size_t count = 0;
    for (size_t i = 0; i < RANGES && count < CASEFOLD_MAX_SOURCES; i++) {
        uint32_t source = moved(code_point, -ranges[i].delta);
        if (holds(&ranges[i], source))
            sources[count++] = source;
    }
    return count;
}

void casefold_text(char *text, size_t length)
{
    size_t size;
    for (size_t i = 0; i < length; i += size) {
        uint32_t code_point;
        size = text_decode(text + i, length - i, &code_point);
        uint32_t folded = casefold_char(code_point);
        if (folded != code_point)
            text_encode(text + i, folded);
    }
}
