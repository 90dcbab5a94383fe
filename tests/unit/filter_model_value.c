/*
 * Numbers and their units.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_model.h"

static const char blanks[] = " \t\r\n";

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

size_t model_number_length(const char *text, bool sign, bool exponent)
{
    size_t length = sign && text[0] == '-';
    size_t digits = digits_at(text + length);
    if (digits == 0)
        return 0;
    length += digits;
    if (text[length] == '.' && digits_at(text + length + 1) > 0)
        length += 1 + digits_at(text + length + 1);
    if (exponent && (text[length] == 'e' || text[length] == 'E')) {
        size_t mark = 1U + (text[length + 1] == '+' || text[length + 1] == '-');
        if (digits_at(text + length + mark) > 0)
            length += mark + digits_at(text + length + mark);
    }
    return length;
}

struct decimal model_decimal(const char *text, size_t length)
{
    struct decimal decimal = {.negative = text[0] == '-'};
    char *digits = model_alloc(length + 1);
    bool fraction = false;
    for (size_t i = decimal.negative; i < length; i++) {
        if (text[i] == '.') {
            fraction = true;
        } else if (text[i] == 'e' || text[i] == 'E') {
            long long exponent = strtoll(text + i + 1, NULL, 10);
            const long long most = 200000000000000000; /* longer ones nobody writes out */
            decimal.exponent += exponent > most ? most : exponent < -most ? -most : exponent;
            break;
        } else if (decimal.count > 0 || text[i] != '0') {
            digits[decimal.count++] = text[i];
            decimal.exponent += !fraction;
        } else {
            decimal.exponent -= fraction;
        }
    }
    while (decimal.count > 0 && digits[decimal.count - 1] == '0')
        decimal.count--;
    decimal.digits = digits;
    return decimal;
}

int model_compare(const struct decimal *a, const struct decimal *b)
{
    int sign_a = a->count == 0 ? 0 : a->negative ? -1 : 1;
    int sign_b = b->count == 0 ? 0 : b->negative ? -1 : 1;
    if (sign_a != sign_b || sign_a == 0)
        return sign_a - sign_b;
    if (a->exponent != b->exponent)
        return a->exponent < b->exponent ? -sign_a : sign_a;
    size_t common = a->count < b->count ? a->count : b->count;
    int order = memcmp(a->digits, b->digits, common);
    if (order == 0)
        order = a->count < b->count ? -1 : a->count > b->count;
    return sign_a * (order < 0 ? -1 : order > 0);
}

static struct decimal from_integer(unsigned __int128 number, bool negative)
{
    char text[64], *at = text + sizeof text;
    *--at = '\0';
    do {
        *--at = (char)('0' + (int)(number % 10));
        number /= 10;
    } while (number > 0);
    if (negative)
        *--at = '-';
    return model_decimal(at, strlen(at));
}

/* A number of some unit as a whole number, of which six decimals count; false: beyond 64 bits. */
static bool whole(const char *text, size_t length, uint64_t unit, unsigned __int128 *result)
{
    const unsigned __int128 most = UINT64_MAX;
    unsigned __int128 number = 0, decimals = 0;
    size_t i = 0;
    for (; i < length && text[i] != '.'; i++) {
        number = number * 10 + (unsigned)(text[i] - '0');
        if (number > most)
            return false;
    }
    for (size_t digit = 1; digit <= 6; digit++)
        decimals = decimals * 10 + (i + digit < length ? (unsigned)(text[i + digit] - '0') : 0);
    *result = number * unit + decimals * unit / 1000000;
    return *result <= most;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

static size_t letters_at(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0' && strchr("0123456789.-+%", text[length]) == NULL)
        length++;
    return length;
}

static const struct {
    const char *name;
    uint64_t ms;
} durations[] = {{"w", 604800000}, {"d", 86400000}, {"h", 3600000},
                 {"m", 60000},     {"s", 1000},     {"ms", 1}};

bool model_duration(const char *text, struct decimal *number)
{
    size_t length = model_number_length(text, true, true);
    *number = model_decimal(text, length);
    bool zero = length > 0 && text[length] == '\0' && number->count == 0;
    if (zero || (length > 0 && is_word(text + length, strlen(text + length), "ms")))
        return true;
    bool negative = *text == '-';
    text += negative;
    unsigned __int128 total = 0;
    size_t next = 0;
    do {
        length = model_number_length(text, false, false);
        size_t unit = letters_at(text + length);
        while (next < 6 && !is_word(text + length, unit, durations[next].name))
            next++;
        unsigned __int128 part;
        if (length == 0 || next == 6 || !whole(text, length, durations[next].ms, &part))
            return false;
        next++;
        total += part;
        text += length + unit;
    } while (*text != '\0');
    *number = from_integer(total, negative);
    return total <= INT64_MAX;
}

bool model_size(const char *text, struct decimal *number)
{
    static const struct {
        const char *name;
        uint64_t bytes;
    } units[] = {
        {"b", 1},           {"kb", 1000},          {"mb", 1000000},
        {"gb", 1000000000}, {"tb", 1000000000000}, {"kib", 1 << 10},
        {"mib", 1 << 20},   {"gib", 1 << 30},      {"tib", 1ULL << 40},
        {"k", 1 << 10},     {"m", 1 << 20},        {"g", 1 << 30},
        {"t", 1ULL << 40},
    };
    size_t length = model_number_length(text, true, true);
    if (length > 0 && text[length] == '\0') {
        *number = model_decimal(text, length);
        return true;
    }
    length = model_number_length(text, false, false);
    const char *unit = text + length + strspn(text + length, blanks);
    for (size_t i = 0; length > 0 && i < sizeof units / sizeof *units; i++) {
        unsigned __int128 total;
        if (is_word(unit, strlen(unit), units[i].name)) {
            bool fits = whole(text, length, units[i].bytes, &total);
            *number = fits ? from_integer(total, false) : *number;
            return fits;
        }
    }
    return false;
}

bool model_share(const char *text, struct decimal *number)
{
    size_t length = model_number_length(text, true, true);
    if (length == 0)
        return false;
    if (strcmp(text + length, "%") == 0 && length == model_number_length(text, true, false)) {
        *number = model_decimal(text, length);
        number->exponent -= 2;
    } else if (text[length] == '\0') {
        *number = model_decimal(text, length);
    } else {
        return false;
    }
    struct decimal zero = from_integer(0, false), one = from_integer(1, false);
    return model_compare(number, &zero) >= 0 && model_compare(number, &one) <= 0;
}

static bool is_code(const char *text)
{
    for (int i = 0; i < 3; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z')))
            return false;
    return true;
}

bool model_money(const char *text, struct asked *asked)
{
    static const char *const signs[][2] = {{"$", "usd"}, {"€", "eur"}, {"£", "gbp"}, {"¥", "jpy"}};
    bool negative = *text == '-';
    const char *at = text + negative;
    for (size_t i = 0; i < 4 && asked->currency == NULL; i++) {
        if (strncmp(at, signs[i][0], strlen(signs[i][0])) == 0) {
            asked->currency = signs[i][1];
            at += strlen(signs[i][0]);
        }
    }
    if (asked->currency == NULL && is_code(at)) {
        asked->currency = model_folded(model_copy(at, 3));
        at += 3 + strspn(at + 3, blanks);
    }
    if (*at == '-') {
        if (negative)
            return false;
        negative = true;
        at++;
    }
    size_t length = model_number_length(at, false, true);
    if (length == 0)
        return false;
    asked->number = model_decimal(at, length);
    asked->number.negative = negative;
    at += length;
    const char *code = at + strspn(at, blanks);
    if (asked->currency == NULL && strlen(code) == 3 && is_code(code)) {
        asked->currency = model_folded(code);
        return true;
    }
    return *at == '\0';
}

bool model_flag(const char *text, bool *yes)
{
    static const char *const words[] = {"no", "false", "0", "yes", "true", "1"};
    for (size_t i = 0; i < 6; i++) {
        if (is_word(text, strlen(text), words[i])) {
            *yes = i >= 3;
            return true;
        }
    }
    return false;
}

void model_any_form(const char *text, struct asked *asked)
{
    size_t length = model_number_length(text, true, true);
    size_t alone = model_number_length(text, true, false);
    bool megabytes = alone > 0 && strcmp(text + alone, "M") == 0;
    asked->form = FORM_NUMBER;
    if (length > 0 && text[length] == '\0')
        asked->number = model_decimal(text, length);
    else if ((megabytes || !model_duration(text, &asked->number)) &&
             !model_size(text, &asked->number) && !model_share(text, &asked->number))
        asked->form = model_when(text, &asked->when) ? FORM_TIME : FORM_TEXT;
}
