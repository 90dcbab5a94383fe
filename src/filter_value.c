/*
 * What stands behind an operator: durations, sizes, money, shares and times as people write them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "decimal.h"
#include "filter_private.h"
#include "text.h"

enum {
    TEXT_OPS = 1 << OP_BEGINS | 1 << OP_EQUAL | 1 << OP_CONTAINS,
    ORDER_OPS = 1 << OP_LESS | 1 << OP_LESS_EQUAL | 1 << OP_GREATER | 1 << OP_GREATER_EQUAL,
    EQUAL_OPS = 1 << OP_BEGINS | 1 << OP_EQUAL,
};

/* Takes a number in the field's base unit, which strtod() made of `length` bytes. */
static bool set_number(struct operand *operand, double number, const char *text, size_t length)
{
    operand->kind = OPERAND_NUMBER;
    operand->number = number;
    if (decimal_is_cut(text, length, number)) {
        operand->digits = strndup(text, length);
        operand->out_of_memory = !operand->digits;
    }
    return true;
}

static bool set_whole(struct operand *operand, const char *sign, uint64_t number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%s%" PRIu64, sign, number);
    return set_number(operand, strtod(text, NULL), text, (size_t)length);
}

/* Reads the number that the text begins with; returns what follows it, or NULL. strtod() alone
 * would take "inf", "0x10" and leading blanks too. */
static const char *take_number(const char *text, double *number)
{
    size_t length = decimal_length(text);

    if (length == 0 || text[length] == 'x' || text[length] == 'X')
        return NULL;
    *number = strtod(text, NULL);
    return text + length;
}

static bool read_text(const char *text, struct operand *operand)
{
    (void)text;
    operand->kind = OPERAND_TEXT;
    return true;
}

bool filter_is_number(const char *text, double *number)
{
    const char *rest = take_number(text, number);
    return rest && !*rest;
}

static bool read_number(const char *text, struct operand *operand)
{
    double number;
    return filter_is_number(text, &number) && set_number(operand, number, text, strlen(text));
}

static bool read_duration(const char *text, struct operand *operand)
{
    bool negative = text[0] == '-';
    double number;
    int64_t ms;
    const char *rest = take_number(text, &number);

    /* Nothing is nothing in any unit, and only milliseconds come in fractions of themselves. */
    size_t length = rest ? (size_t)(rest - text) : 0;
    bool nothing = rest && !*rest && decimal_compare(text, "0") == 0;
    if (nothing || (rest && strcasecmp(rest, "ms") == 0))
        return set_number(operand, number, text, length);
    return text_parse_duration(text + negative, &ms) &&
           set_whole(operand, negative ? "-" : "", (uint64_t)ms);
}

static bool read_bytes(const char *text, struct operand *operand)
{
    uint64_t bytes;
    return read_number(text, operand) ||
           (text_parse_size(text, &bytes) && set_whole(operand, "", bytes));
}

/* Takes a number between two other texts. */
static bool set_joined(struct operand *operand, const char *before, const char *text, size_t length,
                       const char *after)
{
    size_t size = strlen(before) + length + strlen(after) + 1;
    char *joined = malloc(size);

    operand->out_of_memory = !joined;
    if (joined) {
        snprintf(joined, size, "%s%.*s%s", before, (int)length, text, after);
        set_number(operand, strtod(joined, NULL), joined, size - 1);
    }
    free(joined);
    return true;
}

/* Shifted as text: 12.3 / 100 is not what 0.123 is read as. */
static bool set_percent(struct operand *operand, const char *text, size_t length)
{
    bool exponent = memchr(text, 'e', length) || memchr(text, 'E', length);
    return !exponent && set_joined(operand, "", text, length, "e-2");
}

static bool read_ratio(const char *text, struct operand *operand)
{
    double number;
    const char *rest = take_number(text, &number);

    bool percent = rest && strcmp(rest, "%") == 0;
    if (!rest || (*rest && !percent) || decimal_compare(text, "0") < 0 ||
        decimal_compare(text, percent ? "100" : "1") > 0)
        return false;
    size_t length = (size_t)(rest - text);
    return percent ? set_percent(operand, text, length) : set_number(operand, number, text, length);
}

static const char blanks[] = " \t\r\n";
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* "$0.01", "0.01", "0.01usd", "EUR 3": the currency may stand on either side. */
static bool read_money(const char *text, struct operand *operand)
{
    static const struct {
        const char *sign, *code;
    } signs[] = {{"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}};
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
        text += strspn(text, blanks);
    }
    const char *rest = take_number(text, &amount);
    if (!rest || (negative && *text == '-'))
        return false;
    size_t length = (size_t)(rest - text);
    size_t apart = strspn(rest, blanks);
    if (apart > 0 && !rest[apart])
        return false;
    rest += apart;
    if (!code && *rest) {
        code = rest;
        code_length = strspn(rest, letters);
        rest += code_length;
    }
    if (*rest || (code && code_length != strlen("USD")))
        return false;
    snprintf(operand->currency, sizeof operand->currency, "%.*s", (int)code_length,
             code ? code : "");
    return set_joined(operand, negative ? "-" : "", text, length, "");
}

static bool read_flag(const char *text, struct operand *operand)
{
    static const char *const words[] = {"no", "yes", "false", "true", "0", "1"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return set_whole(operand, "", i % 2);
    return false;
}

static bool read_time(const char *text, struct operand *operand)
{
    if (!moment_read(text, &operand->words))
        return false;
    operand->kind = OPERAND_TIME;
    if (!operand->words.relative)
        operand->moment = moment_place(&operand->words, 0);
    return true;
}

/* Whether the text is a size in units of 1,024², and not a number of minutes: alone an M is as
 * people write either. */
static bool is_mebibytes(const char *text)
{
    double number;
    const char *rest = take_number(text, &number);
    return rest && strcmp(rest, "M") == 0;
}

/* For what may hold anything, the form of the words tells what they are. */
static bool read_any(const char *text, struct operand *operand)
{
    if (is_mebibytes(text))
        return read_bytes(text, operand) || read_text(text, operand);
    return read_number(text, operand) || read_duration(text, operand) ||
           read_bytes(text, operand) || read_ratio(text, operand) || read_time(text, operand) ||
           read_text(text, operand);
}

#define DURATION_REMEDY "write a number with ms, s, m, h, d or w, as in 30s or 1h30m"

const struct operand_class operand_classes[FIELD_TYPES] = {
    [FIELD_TEXT] = {.name = "text", .ops = TEXT_OPS, .read = read_text},
    [FIELD_ID] = {.name = "an id", .ops = TEXT_OPS, .read = read_text},
    [FIELD_URL] = {.name = "a link", .ops = TEXT_OPS, .read = read_text},
    [FIELD_TIME] =
        {.name = "a time",
         .remedy =
             "write a day or a time, as in 2026-05-24, 2026-05-24T14:00, 09:00 or yesterday 22:00",
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

void filter_operand_free(struct operand *operand)
{
    free(operand->digits);
    search_free(&operand->text);
}

const struct op_info op_infos[] = {
    {":", OP_BEGINS, false},   {"=", OP_EQUAL, false},          {"!=", OP_EQUAL, true},
    {"~", OP_CONTAINS, false}, {"<", OP_LESS, false},           {"<=", OP_LESS_EQUAL, false},
    {">", OP_GREATER, false},  {">=", OP_GREATER_EQUAL, false},
};
const size_t op_info_count = sizeof op_infos / sizeof op_infos[0];
