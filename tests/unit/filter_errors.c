/*
 * Wrong filter expressions: what is said about each, and where it points.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

static const struct {
    const char *text;
    size_t offset, length;
    const char *message;
} wrong[] = {
    {"typ:task", 0, 3,
     "there is no field \"typ\": did you mean \"type\"? To look for the text, put it into quotes"},
    {"sesion:ses_1", 0, 6,
     "there is no field \"sesion\": did you mean \"session\"? To look for the text, put it into "
     "quotes"},
    {"duration_ms>30s", 0, 11,
     "there is no field \"duration_ms\": did you mean \"duration\"? To look for the text, put it "
     "into quotes"},
    {"task_id:tsk", 0, 7,
     "there is no field \"task_id\": did you mean \"task\"? To look for the text, put it into "
     "quotes"},
    {"https://example.com", 0, 5,
     "there is no field \"https\": did you mean \"steps\"? To look for the text, put it into "
     "quotes"},
    {"foo:bar", 0, 3,
     "there is no field \"foo\": to look for the text, put it into quotes; members of the payload "
     "begin with \"data.\""},
    {"foo = bar", 0, 3,
     "there is no field \"foo\": to look for the text, put it into quotes; members of the payload "
     "begin with \"data.\""},
    {"x:", 0, 1,
     "there is no field \"x\": to look for the text, put it into quotes; members of the payload "
     "begin with \"data.\""},
    {"type:", 0, 5, "a value is missing behind \"type:\""},
    {"type: ", 0, 5, "a value is missing behind \"type:\""},
    {"type:a,", 6, 1, "a value is missing behind \",\""},
    {"type:a,,b", 6, 1, "a value is missing behind \",\""},
    {"cost>", 0, 5, "a value is missing behind \"cost>\""},
    {"cost>0.01,0.02", 9, 1, "\">\" takes one value: write \"or\" between two comparisons"},
    {"cost>cheap", 5, 5,
     "\"cheap\" is not an amount of money: write a number, with or without a currency, as in 0.01, "
     "$0.01 or 0.01usd"},
    {"cost>0.01dollars", 5, 11,
     "\"0.01dollars\" is not an amount of money: write a number, with or without a currency, as in "
     "0.01, $0.01 or 0.01usd"},
    {"cost>--5", 5, 3,
     "\"--5\" is not an amount of money: write a number, with or without a currency, as in 0.01, "
     "$0.01 or 0.01usd"},
    {"cost~0.01", 4, 1,
     "\"~\" does not go with \"cost\", which is an amount of money: write one of : = != < <= > >="},
    {"duration>30", 9, 2,
     "\"30\" is not a duration: write a number with ms, s, m, h, d or w, as in 30s or 1h30m"},
    {"duration>1e-400", 9, 6,
     "\"1e-400\" is not a duration: write a number with ms, s, m, h, d or w, as in 30s or 1h30m"},
    {"duration>30x", 9, 3,
     "\"30x\" is not a duration: write a number with ms, s, m, h, d or w, as in 30s or 1h30m"},
    {"duration>fast", 9, 4,
     "\"fast\" is not a duration: write a number with ms, s, m, h, d or w, as in 30s or 1h30m"},
    {"duration~30s", 8, 1,
     "\"~\" does not go with \"duration\", which is a duration: write one of : = != < <= > >="},
    {"proxy<10QB", 6, 4,
     "\"10QB\" is not a size: write a number with B, KB, MB, GB, KiB, MiB or GiB, as in 10MB"},
    {"proxy<lots", 6, 4,
     "\"lots\" is not a size: write a number with B, KB, MB, GB, KiB, MiB or GiB, as in 10MB"},
    {"steps>12s", 6, 3, "\"12s\" is not a number: write it in digits and without a unit, as in 12"},
    {"steps>many", 6, 4,
     "\"many\" is not a number: write it in digits and without a unit, as in 12"},
    {"confidence<90", 11, 2,
     "\"90\" is not a share: write a number from 0 to 1, or per cent, as in 0.9 or 90%"},
    {"confidence<120%", 11, 4,
     "\"120%\" is not a share: write a number from 0 to 1, or per cent, as in 0.9 or 90%"},
    {"confidence<high", 11, 4,
     "\"high\" is not a share: write a number from 0 to 1, or per cent, as in 0.9 or 90%"},
    {"age<5", 4, 1,
     "\"5\" is not an age: write a number with ms, s, m, h, d or w, as in 30s or 1h30m"},
    {"age<5x", 4, 2,
     "\"5x\" is not an age: write a number with ms, s, m, h, d or w, as in 30s or 1h30m"},
    {"created>2026-02-30", 8, 10,
     "\"2026-02-30\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, "
     "09:00 or "
     "yesterday 22:00"},
    {"created>tomorrow", 8, 8,
     "\"tomorrow\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, 09:00 "
     "or "
     "yesterday 22:00"},
    {"created>9", 8, 1,
     "\"9\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, 09:00 or "
     "yesterday 22:00"},
    {"created>09:0", 8, 4,
     "\"09:0\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, 09:00 or "
     "yesterday 22:00"},
    {"created>09:00Z", 8, 6,
     "\"09:00Z\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, 09:00 "
     "or "
     "yesterday 22:00"},
    {"created>2026-05-24 10:", 8, 14,
     "\"2026-05-24 10:\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, "
     "09:00 or "
     "yesterday 22:00"},
    {"created>2026-05-24 24:00", 8, 16,
     "\"2026-05-24 24:00\" is not a time: write a day or a time, as in 2026-05-24, "
     "2026-05-24T14:00, 09:00 or "
     "yesterday 22:00"},
    {"created=2026-05-24 09:00,2026-05-25 9:1", 25, 14,
     "\"2026-05-25 9:1\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, "
     "09:00 or "
     "yesterday 22:00"},
    {"received>yesterday 22:", 9, 13,
     "\"yesterday 22:\" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, "
     "09:00 or "
     "yesterday 22:00"},
    {"created>\"2026-05-24 \"", 8, 13,
     "\"2026-05-24 \" is not a time: write a day or a time, as in 2026-05-24, 2026-05-24T14:00, "
     "09:00 or "
     "yesterday 22:00"},
    {"created~2026", 7, 1,
     "\"~\" does not go with \"created\", which is a time: write one of : = != < <= > >="},
    {"draft=maybe", 6, 5, "\"maybe\" is not a yes or no: write yes or no"},
    {"verified>yes", 8, 1,
     "\">\" does not go with \"verified\", which is a yes or no: write one of : = !="},
    {"type>task", 4, 1, "\">\" does not go with \"type\", which is text: write one of : = != ~"},
    {"session<ses_1", 7, 1,
     "\"<\" does not go with \"session\", which is an id: write one of : = != ~"},
    {"domains>3", 7, 1,
     "\">\" does not go with \"domains\", which is a list of texts: write one of : = != ~"},
    {"artifacts<2", 9, 1,
     "\"<\" does not go with \"artifacts\", which is a list of files: write one of : = != ~"},
    {"data.total>many", 11, 4,
     "\"many\" is not a number or a time: write a number, a time, or a number with a unit, as in "
     "100, 30s, 10MB or 2026-05-24"},
    {"data.>3", 0, 5, "a key is missing behind a dot, as in data.output.status"},
    {"data=", 0, 5, "a value is missing behind \"data=\""},
    {"data.a.>3", 0, 7, "a key is missing behind a dot, as in data.output.status"},
    {"Data.a..b=1", 0, 9, "a key is missing behind a dot, as in data.output.status"},
    {"data..a=1", 0, 7, "a key is missing behind a dot, as in data.output.status"},
    {"has:data.a.", 4, 7, "a key is missing behind a dot, as in data.output.status"},
    {"data.\"a key\">", 0, 13, "a value is missing behind \"data.\"a key\">\""},
    {"data.\"a key\"", 0, 12,
     "an operator is missing behind this path, as in data.\"a key\"=value"},
    {"data.\"a key", 5, 6, "this quote is open: write \" at its end"},
    {"data.\"a\"b=1", 8, 1,
     "this follows a quote without a blank: write \\\" for a quote inside of quotes"},
    {"is:broken", 3, 6,
     "there is no state \"broken\": the states are failed, ok, cancelled, healed, noted, waiting, "
     "unknown, verified, unverified, duplicate"},
    {"is:faild", 3, 5, "there is no state \"faild\": did you mean \"failed\"?"},
    {"is:", 0, 3, "a value is missing behind \"is:\""},
    {"is>failed", 2, 1, "\">\" does not go with \"is\", which is for states: write one of : = !="},
    {"is~failed", 2, 1, "\"~\" does not go with \"is\", which is for states: write one of : = !="},
    {"has:recordin", 4, 8,
     "there is no field \"recordin\": did you mean \"recording\"? To look for the text, put it "
     "into quotes"},
    {"has:nothing_like_it", 4, 15,
     "there is no field \"nothing_like_it\": to look for the text, put it into quotes; members of "
     "the payload begin with \"data.\""},
    {"has:", 0, 4, "a value is missing behind \"has:\""},
    {"has~cost", 3, 1, "\"~\" does not go with \"has\", which is for fields: write one of : = !="},
    {"has:>3", 3, 2,
     "there is no operator \":>\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"has:cost>3", 8, 1, "this follows a value without a blank"},
    {"\"open", 0, 5, "this quote is open: write \" at its end"},
    {"type:\"open", 5, 5, "this quote is open: write \" at its end"},
    {"type:\"a\"b", 8, 1,
     "this follows a quote without a blank: write \\\" for a quote inside of quotes"},
    {"\"a\"b", 3, 1,
     "this follows a quote without a blank: write \\\" for a quote inside of quotes"},
    {"\"\\x\"", 1, 1, "this backslash begins no escape: write \\\\ for it"},
    {"\"\\u12\"", 1, 1, "this backslash begins no escape: write \\\\ for it"},
    {"(", 0, 1, "something to look for is missing behind \"(\""},
    {")", 0, 1, "no parenthesis is open here"},
    {"()", 0, 1, "something to look for is missing behind \"(\""},
    {"(a", 0, 1, "this parenthesis is open: write ) at its end"},
    {"a)", 1, 1, "no parenthesis is open here"},
    {"(a or b", 0, 1, "this parenthesis is open: write ) at its end"},
    {"(a or )", 3, 2, "something to look for is missing behind \"or\""},
    {"a or", 2, 2, "something to look for is missing behind \"or\""},
    {"or a", 0, 2,
     "something to look for is missing before this; the word itself belongs in quotes"},
    {"and a", 0, 3,
     "something to look for is missing before this; the word itself belongs in quotes"},
    {"a and", 2, 3, "something to look for is missing behind \"and\""},
    {"a and and b", 2, 3, "something to look for is missing behind \"and\""},
    {"a or or b", 2, 2, "something to look for is missing behind \"or\""},
    {"not", 0, 3, "something to look for is missing behind \"not\""},
    {"-", 0, 1, "something to look for is missing behind \"-\""},
    {"- a", 0, 1, "a blank follows the minus: write it directly before the term"},
    {"a -", 2, 1, "something to look for is missing behind \"-\""},
    {"a not", 2, 3, "something to look for is missing behind \"not\""},
    {"=foo", 0, 1, "a field is missing before this operator, as in cost>0.01"},
    {":foo", 0, 1, "a field is missing before this operator, as in cost>0.01"},
    {">3", 0, 1, "a field is missing before this operator, as in cost>0.01"},
    {"cost==3", 4, 2,
     "there is no operator \"==\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"cost=>3", 4, 2,
     "there is no operator \"=>\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"cost<>3", 4, 2,
     "there is no operator \"<>\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"type:~x", 4, 2,
     "there is no operator \":~\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"a && b", 2, 2, "write \"and\" for this, or put it into quotes"},
    {"a || b", 2, 2, "write \"or\" for this, or put it into quotes"},
    {"a | b", 2, 1, "write \"or\" for this, or put it into quotes"},
    {"!a", 0, 1, "write - or \"not\" for this, or put the word into quotes"},
    {"! a", 0, 1, "write \"not\" for this, or put it into quotes"},
    {"f(x)", 1, 1,
     "this stands inside of a word: put the word into quotes, or a blank before the ("},
    {"type:f(x)", 6, 1,
     "this stands inside of a word: put the word into quotes, or a blank before the ("},
    {"is:failed(type:batch)", 9, 1,
     "this stands inside of a word: put the word into quotes, or a blank before the ("},
    {"completed<total", 10, 5,
     "\"total\" is not a number: write it in digits and without a unit, as in 12"},
    {"cost!>3", 4, 2,
     "there is no operator \"!>\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"hi!!", 2, 2,
     "there is no operator \"!!\": the operators are : = != ~ < <= > >=; what is not meant as one "
     "belongs in quotes"},
    {"type:\"a\"=b", 8, 1, "this follows a value without a blank"},
    {"\"abc\",x", 5, 1, "a comma stands between values of a field only: write a blank, or \"or\""},
    {"\"abc\":x", 5, 1, "a field is missing before this operator, as in cost>0.01"},
    {"cost>0.01usdollars", 5, 13,
     "\"0.01usdollars\" is not an amount of money: write a number, with or without a currency, as "
     "in 0.01, $0.01 or 0.01usd"},
    /* Of other languages */
    {"error:/re/", 6, 4,
     "there are no regular expressions: write error~word for what it contains; what is "
     "meant itself belongs in quotes"},
    {"error~/time.out/i", 6, 11,
     "there are no regular expressions: write error~word for what it contains; what is "
     "meant itself belongs in quotes"},
    {"data.\"a b\"=x,/re/", 13, 4,
     "there are no regular expressions: write data.\"a b\"~word for what it contains; what is "
     "meant itself belongs in quotes"},
    {"/captcha/", 0, 9,
     "there are no regular expressions: write words that the text has; what is "
     "meant itself belongs in quotes"},
    {"error=*x*", 6, 3,
     "there are no wildcards: write error~x; an asterisk that is "
     "meant itself belongs in quotes"},
    {"error=*x", 6, 2,
     "there are no wildcards: write error~x; an asterisk that is "
     "meant itself belongs in quotes"},
    {"error=x*", 6, 2,
     "there are no wildcards: write error:x; an asterisk that is "
     "meant itself belongs in quotes"},
    {"error:time*out*again", 6, 14,
     "there are no wildcards: write error:time error~out error~again; an asterisk that is "
     "meant itself belongs in quotes"},
    {"type:task.*", 5, 6,
     "there are no wildcards: write type:task.; an asterisk that is "
     "meant itself belongs in quotes"},
    {"error=*", 6, 1,
     "there are no wildcards: write has:error; an asterisk that is "
     "meant itself belongs in quotes"},
    {"data.a.b~*", 9, 1,
     "there are no wildcards: write has:data.a.b; an asterisk that is "
     "meant itself belongs in quotes"},
    {"output=*", 7, 1,
     "there are no wildcards: write has:output; an asterisk that is "
     "meant itself belongs in quotes"},
    {"*captcha*", 0, 9,
     "there are no wildcards: write captcha; an asterisk that is "
     "meant itself belongs in quotes"},
    {"solve*captcha", 0, 13,
     "there are no wildcards: write solve captcha; an asterisk that is "
     "meant itself belongs in quotes"},
    {"session.*", 0, 9,
     "there are no wildcards: write type:session.; an asterisk that is "
     "meant itself belongs in quotes"},
    {"*", 0, 1,
     "there are no wildcards: write has:type, which every event has; an asterisk that is "
     "meant itself belongs in quotes"},
    {"\"caf\\ud83\"", 4, 1, "this backslash begins no escape: write \\\\ for it"},
};

Test(filter_errors, wrong)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct filter_error error;
        struct filter *filter = filter_parse(wrong[i].text, &error);
        cr_expect_null(filter, "%s is taken as right", wrong[i].text);
        if (filter) {
            filter_free(filter);
            continue;
        }
        cr_expect_str_eq(error.message, wrong[i].message, "%s: %s", wrong[i].text, error.message);
        cr_expect_eq(error.offset, wrong[i].offset, "%s: at %zu", wrong[i].text, error.offset);
        cr_expect_eq(error.length, wrong[i].length, "%s: %zu bytes", wrong[i].text, error.length);
    }
}

/* `count` times a text, then another. */
static char *repeat(const char *text, size_t count, const char *end)
{
    char *out = malloc(strlen(text) * count + strlen(end) + 1);
    cr_assert(out);
    *out = '\0';
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * strlen(text), text, strlen(text));
    strcpy(out + strlen(text) * count, end);
    return out;
}

static const struct {
    const char *name, *text;
    size_t count;
    const char *end;
    const char *message; /* NULL: it is right */
    size_t offset;
} limits[] = {
    {"longest", "a", FILTER_MAX_TEXT, "", NULL, 0},
    {"too long", "a", FILTER_MAX_TEXT + 1, "", "the filter is longer than 4096 bytes", 4096},
    {"many terms", "a ", FILTER_MAX_TEXT / 2, "", NULL, 0},
    {"many comparisons", "is:ok or ", FILTER_MAX_TEXT / 9 - 1, "a", NULL, 0},
    {"deep", "-", FILTER_MAX_DEPTH, "a", NULL, 0},
    {"too deep", "-", FILTER_MAX_DEPTH + 1, "a",
     "more than 64 parentheses and negations within each other", 64},
    {"too deep parentheses", "(", 2000, "a",
     "more than 64 parentheses and negations within each other", 64},
    {"too deep words", "not ", 1000, "a",
     "more than 64 parentheses and negations within each other", 256},
    {"a long name", "x", 3000, ":1",
     "there is no field \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\": to look for the "
     "text, "
     "put it into quotes; members of the payload begin with \"data.\"",
     0},
    {"half a character", "", 0, "caf\xC3", "this is not UTF-8: type it again", 3},
    {"a byte of no character", "a", 2, "\xFF", "this is not UTF-8: type it again", 2},
};

Test(filter_errors, limits)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char *text = repeat(limits[i].text, limits[i].count, limits[i].end);
        struct filter_error error;
        struct filter *filter = filter_parse(text, &error);
        cr_expect_eq(filter == NULL, limits[i].message != NULL, "%s: %s", limits[i].name,
                     error.message);
        if (!filter && limits[i].message) {
            cr_expect_str_eq(error.message, limits[i].message, "%s: %s", limits[i].name,
                             error.message);
            cr_expect_eq(error.offset, limits[i].offset, "%s: at %zu", limits[i].name,
                         error.offset);
        }
        filter_free(filter);
        free(text);
    }
}

static const struct {
    const char *text, *reason; /* NULL: it is right */
} readings[] = {
    {"", NULL},
    {"captcha", NULL},
    {"type:task.failed", NULL},
    {"\"task.failed\"", NULL},
    {"task.failed.again", NULL},
    {"\"a*b\" error~\"/re/\" a/b/", NULL},
    {"\"*\"", NULL},
    {"task.failed", "\"task.failed\" would be looked for in the text: did you mean "
                    "type:task.failed? If not, put it into quotes (at character 1)"},
    {"is:ok -(cost>1 or task.failed)",
     "\"task.failed\" would be looked for in the text: did you mean "
     "type:task.failed? If not, put it into quotes (at character 19)"},
    {"task.failed,session.*",
     "there are no wildcards: write type:task.failed,session.; an asterisk "
     "that is meant itself belongs in quotes (at character 1)"},
    {"café cost>x", "\"x\" is not an amount of money: write a number, with or without a currency, "
                    "as in 0.01, $0.01 or 0.01usd (at character 11)"},
};

Test(filter_errors, nobody_looks_for_a_type_in_the_text)
{
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        char reason[400] = "";
        struct filter *filter = filter_read(readings[i].text, reason, sizeof reason);
        cr_expect_eq(filter == NULL, readings[i].reason != NULL, "%s: %s", readings[i].text,
                     reason);
        if (!filter && readings[i].reason)
            cr_expect_str_eq(reason, readings[i].reason, "%s: %s", readings[i].text, reason);
        filter_free(filter);
    }
}

static const struct {
    const char *text, *sentence; /* NULL: there is no doubt */
} doubts[] = {
    {"type:task.fial", "anchortop knows no type \"task.fial\"; did you mean task.failed?"},
    {"type:TASK.Fial", "\"task.fial\"; did you mean task.failed?"},
    {"type=task.fail", "\"task.fail\"; did you mean task.failed?"},
    {"type!=task.faild", "\"task.faild\""},
    {"type~faild", NULL},
    {"type:sesion", "did you mean session?"},
    {"type:task.failed,sesion.failed", "did you mean session.failed?"},
    {"is:failed -(cost>1 or type:batch.complted)", "did you mean batch.completed?"},
    {"", NULL},
    {"type:t", NULL},
    {"type:task.f", NULL},
    {"type=task.failed", NULL},
    {"type~ail", NULL},
    {"type:export.ready", NULL},
    {"task:task.fial", NULL},
    {"task.fial", NULL},
};

Test(filter_errors, a_type_that_is_near_another_is_doubted)
{
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
        struct filter_error error;
        char sentence[FILTER_REASON_SIZE] = "";
        struct filter *filter = filter_parse(doubts[i].text, &error);
        cr_assert(filter, "%s: %s", doubts[i].text, error.message);
        bool doubted = filter_doubts_type(filter, sentence, sizeof sentence);
        cr_expect_eq(doubted, doubts[i].sentence != NULL, "%s: %s", doubts[i].text, sentence);
        if (doubted && doubts[i].sentence)
            cr_expect(strstr(sentence, doubts[i].sentence), "%s: %s", doubts[i].text, sentence);
        filter_free(filter);
    }
}
