/*
 * Decimal numbers as text: see decimal.h.
 */
#include "decimal.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { DOUBLE_CHARACTERS = 15 }; /* a number of so many always survives a double */

static const char decimal_digits[] = "0123456789";

size_t decimal_length(const char *text)
{
    size_t at = text[0] == '-';
    size_t whole = strspn(text + at, decimal_digits);

    if (whole == 0)
        return 0;
    at += whole;
    if (text[at] == '.' && isdigit((unsigned char)text[at + 1]))
        at += 1 + strspn(text + at + 1, decimal_digits);
    if (text[at] == 'e' || text[at] == 'E') {
        size_t sign = text[at + 1] == '-' || text[at + 1] == '+';
        size_t exponent = strspn(text + at + 1 + sign, decimal_digits);
        at += exponent ? 1 + sign + exponent : 0;
    }
    return at;
}

bool decimal_is_cut(const char *text, size_t length, double number)
{
    if (length > DOUBLE_CHARACTERS || !isfinite(number))
        return true;
    for (size_t i = 0; number == 0 && i < length && text[i] != 'e' && text[i] != 'E'; i++)
        if (text[i] >= '1' && text[i] <= '9')
            return true;
    return false;
}

/* 0.DIGITS × 10^magnitude, where the first digit is not 0. */
struct decimal {
    bool negative;
    const char *digits; /* with the point among them; "" of zero */
    int64_t magnitude;
};

/* The exponent behind the "e", as far as anybody can write one out. */
static int64_t read_exponent(const char *text)
{
    const int64_t most = INT64_C(1) << 58;
    bool negative = *text == '-';
    int64_t exponent = 0;

    for (text += negative || *text == '+'; isdigit((unsigned char)*text); text++)
        if (exponent < most)
            exponent = exponent * 10 + (*text - '0');
    return negative ? -exponent : exponent;
}

static struct decimal read_decimal(const char *text)
{
    struct decimal decimal = {.negative = *text == '-', .digits = ""};

    text += decimal.negative;
    size_t whole = strspn(text, decimal_digits);
    size_t zeros = strspn(text, "0.");
    if (!isdigit((unsigned char)text[zeros]))
        return decimal;
    decimal.digits = text + zeros;
    decimal.magnitude =
        zeros < whole ? (int64_t)(whole - zeros) : (int64_t)whole + 1 - (int64_t)zeros;
    const char *exponent = strpbrk(decimal.digits, "eE");
    if (exponent)
        decimal.magnitude += read_exponent(exponent + 1);
    return decimal;
}

/* The next digit; '0' behind the last one. */
static char take_digit(const char **digits, bool *more)
{
    *digits += **digits == '.';
    if (!isdigit((unsigned char)**digits))
        return '0';
    *more = true;
    return *(*digits)++;
}

static int compare_size(const struct decimal *a, const struct decimal *b)
{
    const char *left = a->digits, *right = b->digits;
    bool more = true;

    if (!*left || !*right)
        return (*left != '\0') - (*right != '\0');
    if (a->magnitude != b->magnitude)
        return a->magnitude < b->magnitude ? -1 : 1;
    while (more) {
        more = false;
        char digit = take_digit(&left, &more), other = take_digit(&right, &more);
        if (digit != other)
            return digit < other ? -1 : 1;
    }
    return 0;
}

int decimal_compare(const char *a, const char *b)
{
    struct decimal left = read_decimal(a), right = read_decimal(b);
    bool left_below = left.negative && *left.digits, right_below = right.negative && *right.digits;

    if (left_below != right_below)
        return left_below ? -1 : 1;
    return left_below ? -compare_size(&left, &right) : compare_size(&left, &right);
}
