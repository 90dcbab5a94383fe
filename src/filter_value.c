/*
 * What stands behind an operator: durations, sizes, money, shares and times as people write them.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "filter_private.h"
#include "text.h"

enum {
    TEXT_OPS = 1 << OP_BEGINS | 1 << OP_EQUAL | 1 << OP_CONTAINS,
    ORDER_OPS = 1 << OP_LESS | 1 << OP_LESS_EQUAL | 1 << OP_GREATER | 1 << OP_GREATER_EQUAL,
    EQUAL_OPS = 1 << OP_BEGINS | 1 << OP_EQUAL,
    NUMBER_SIZE = 64,
};

static bool set_number(struct operand *operand, double number)
{
    operand->kind = OPERAND_NUMBER;
    operand->low = operand->high = number;
    return isfinite(number);
}

/* The length of the decimal number that the text begins with: "-12", "0.5", "1e3". 0 for none. */
static size_t number_length(const char *text)
{
    static const char digits[] = "0123456789";
    size_t at = text[0] == '-';
    size_t whole = strspn(text + at, digits);

    if (whole == 0)
        return 0;
    at += whole;
    if (text[at] == '.' && isdigit((unsigned char)text[at + 1]))
        at += 1 + strspn(text + at + 1, digits);
    if (text[at] == 'e' || text[at] == 'E') {
        size_t sign = text[at + 1] == '-' || text[at + 1] == '+';
        size_t exponent = strspn(text + at + 1 + sign, digits);
        at += exponent ? 1 + sign + exponent : 0;
    }
    return at;
}

/* Reads the number that the text begins with; returns what follows it, or NULL. strtod() alone
 * would take "inf", "0x10" and leading blanks too. */
static const char *take_number(const char *text, double *number)
{
    size_t length = number_length(text);
    char copy[NUMBER_SIZE];

    if (length == 0 || length >= sizeof copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    *number = strtod(copy, NULL);
    return text + length;
}

static bool read_text(const char *text, struct operand *operand)
{
    (void)text;
    operand->kind = OPERAND_TEXT;
    return true;
}

static bool read_number(const char *text, struct operand *operand)
{
    double number;
    const char *rest = take_number(text, &number);
    return rest && !*rest && set_number(operand, number);
}

static bool read_duration(const char *text, struct operand *operand)
{
    bool negative = text[0] == '-';
    double number;
    int64_t ms;
    const char *rest = take_number(text, &number);

    /* Nothing is nothing in any unit, and only milliseconds come in fractions of themselves. */
    if (rest && (strcmp(rest, "ms") == 0 || (!*rest && fabs(number) <= 0)))
        return set_number(operand, number);
    return text_parse_duration(text + negative, &ms) &&
           set_number(operand, negative ? -(double)ms : (double)ms);
}

static bool read_bytes(const char *text, struct operand *operand)
{
    uint64_t bytes;
    return read_number(text, operand) ||
           (text_parse_size(text, &bytes) && set_number(operand, (double)bytes));
}

static bool read_ratio(const char *text, struct operand *operand)
{
    char decimal[NUMBER_SIZE];
    double number;
    const char *rest = take_number(text, &number);

    if (rest && strcmp(rest, "%") == 0) {
        /* Shifted as text: 12.3 / 100 is not what 0.123 is read as. */
        snprintf(decimal, sizeof decimal, "%.*se-2", (int)(rest - text), text);
        rest = take_number(decimal, &number);
        if (!rest || *rest)
            return false;
    } else if (!rest || *rest) {
        return false;
    }
    return number >= 0 && number <= 1 && set_number(operand, number);
}

/* "$0.01", "0.01", "0.01usd", "EUR 3": the currency may stand on either side. */
static bool read_money(const char *text, struct operand *operand)
{
    static const struct {
        const char *sign, *code;
    } signs[] = {{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}};
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const char *code = NULL;
    size_t code_length = 0;
    double amount;
    bool negative = text[0] == '-';

    text += negative;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !code; i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, length) == 0) {
            code = signs[i].code;
            code_length = strlen(code);
            text += length;
        }
    }
    if (!code && (code_length = strspn(text, letters)) > 0) {
        code = text;
        text += code_length;
        text += strspn(text, " ");
    }
    text = take_number(text, &amount);
    if (!text)
        return false;
    text += strspn(text, " ");
    if (!code && *text) {
        code = text;
        code_length = strspn(text, letters);
        text += code_length;
    }
    if (*text || (code && code_length != strlen("USD")))
        return false;
    snprintf(operand->currency, sizeof operand->currency, "%.*s", (int)code_length,
             code ? code : "");
    return set_number(operand, negative ? -amount : amount);
}

static bool read_flag(const char *text, struct operand *operand)
{
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return set_number(operand, (double)(i % 2));
    return false;
}

/* Whether the text has the form of the pattern, in which "0" stands for any digit and "T" for a
 * blank too. */
static bool has_form(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++) {
        bool good = *pattern == '0'   ? isdigit((unsigned char)*text)
                    : *pattern == 'T' ? *text && strchr("Tt ", *text)
                                      : *text == *pattern;
        if (!good)
            return false;
    }
    return !*text;
}

static double local_ms(struct tm tm)
{
    tm.tm_isdst = -1;
    return (double)mktime(&tm) * 1000;
}

/* A day, a minute or a second by the local clock. */
static bool read_local_time(const char *text, struct operand *operand)
{
    static const struct {
        const char *form, *rest;
        int days, seconds;
    } precisions[] = {
        {"0000-00-00", "T00:00:00Z", .days = 1},
        {"0000-00-00T00:00", ":00Z", .seconds = 60},
        {"0000-00-00T00:00:00", "Z", .seconds = 1},
    };
    char full[sizeof "0000-00-00T00:00:00Z"];
    int64_t utc_ms;

    for (size_t i = 0; i < sizeof precisions / sizeof precisions[0]; i++) {
        if (!has_form(text, precisions[i].form))
            continue;
        snprintf(full, sizeof full, "%s%s", text, precisions[i].rest);
        if (!event_parse_time(full, &utc_ms))
            return false;
        struct tm tm = {
            .tm_year = atoi(full) - 1900,
            .tm_mon = atoi(full + 5) - 1,
            .tm_mday = atoi(full + 8),
            .tm_hour = atoi(full + 11),
            .tm_min = atoi(full + 14),
            .tm_sec = atoi(full + 17),
        };
        operand->low = local_ms(tm);
        tm.tm_mday += precisions[i].days; /* days have 23 to 25 hours */
        operand->high = local_ms(tm) + precisions[i].seconds * 1000 - 1;
        operand->kind = OPERAND_TIME;
        return true;
    }
    return false;
}

static bool read_time(const char *text, struct operand *operand)
{
    int64_t ms;

    if (!event_parse_time(text, &ms))
        return read_local_time(text, operand);
    operand->kind = OPERAND_TIME;
    operand->low = (double)ms;
    operand->high = (double)ms + (strpbrk(text, ".,") ? 0 : 999);
    return true;
}

/* For what may hold anything, the form of the words tells what they are. */
static bool read_any(const char *text, struct operand *operand)
{
    return read_number(text, operand) || read_duration(text, operand) ||
           read_bytes(text, operand) || read_ratio(text, operand) || read_time(text, operand) ||
           read_text(text, operand);
}

#define DURATION_REMEDY "write a number with ms, s, m, h, d or w, as in 30s or 1h30m"

const struct operand_class operand_classes[FIELD_TYPES] = {
    [FIELD_TEXT] = {.name = "text", .ops = TEXT_OPS, .read = read_text},
    [FIELD_ID] = {.name = "an id", .ops = TEXT_OPS, .read = read_text},
    [FIELD_URL] = {.name = "a link", .ops = TEXT_OPS, .read = read_text},
    [FIELD_TIME] = {.name = "a time",
                    .remedy = "write a day or a time, as in 2026-05-24 or 2026-05-24T14:00",
                    .ops = EQUAL_OPS | ORDER_OPS,
                    .read = read_time},
    [FIELD_DURATION] = {.name = "a duration",
                        .remedy = DURATION_REMEDY,
                        .ops = EQUAL_OPS | ORDER_OPS,
                        .read = read_duration},
    [FIELD_AGE] = {.name = "an age",
                   .remedy = DURATION_REMEDY,
                   .ops = EQUAL_OPS | ORDER_OPS,
                   .read = read_duration},
    [FIELD_BYTES] = {.name = "a size",
                     .remedy = "write a number with B, KB, MB, GB, KiB, MiB or GiB, as in 10MB",
                     .ops = EQUAL_OPS | ORDER_OPS,
                     .read = read_bytes},
    [FIELD_COUNT] = {.name = "a number",
                     .remedy = "write it in digits and without a unit, as in 12",
                     .ops = EQUAL_OPS | ORDER_OPS,
                     .read = read_number},
    [FIELD_MONEY] = {.name = "an amount of money",
                     .remedy = "write a number, with or without a currency, as in 0.01, $0.01 or "
                               "0.01usd",
                     .ops = EQUAL_OPS | ORDER_OPS,
                     .read = read_money},
    [FIELD_RATIO] = {.name = "a share",
                     .remedy = "write a number from 0 to 1, or per cent, as in 0.9 or 90%",
                     .ops = EQUAL_OPS | ORDER_OPS,
                     .read = read_ratio},
    [FIELD_FLAG] = {.name = "a yes or no",
                    .remedy = "write yes or no",
                    .ops = EQUAL_OPS,
                    .read = read_flag},
    [FIELD_LIST] = {.name = "a list of texts", .ops = TEXT_OPS, .read = read_text},
    [FIELD_FILES] = {.name = "a list of files", .ops = TEXT_OPS, .read = read_text},
    [FIELD_JSON] = {.name = "a number or a time",
                    .remedy = "write a number, a time, or a number with a unit, as in 100, 30s, "
                              "10MB or 2026-05-24",
                    .ops = TEXT_OPS | ORDER_OPS,
                    .read = read_any},
};

const struct op_info op_infos[] = {
    {":", OP_BEGINS, false},   {"=", OP_EQUAL, false},          {"!=", OP_EQUAL, true},
    {"~", OP_CONTAINS, false}, {"<", OP_LESS, false},           {"<=", OP_LESS_EQUAL, false},
    {">", OP_GREATER, false},  {">=", OP_GREATER_EQUAL, false},
};
const size_t op_info_count = sizeof op_infos / sizeof op_infos[0];
