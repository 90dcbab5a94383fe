/*
 * What means something in other languages, and would be looked for here in vain.
 */
#include <stdio.h>
#include <string.h>

#include "filter_scan.h"

enum { REMEDY_SIZE = 96 };

static const struct {
    const char *word, *instead;
} foreign_words[] = {{"&&", "and"}, {"&", "and"}, {"||", "or"}, {"|", "or"}, {"!", "not"}};

static bool is_expression(const char *text)
{
    size_t length = strlen(text);

    if (length > 3 && strcmp(text + length - 2, "/i") == 0)
        length--;
    return length > 2 && text[0] == '/' && text[length - 1] == '/';
}

/* How to ask for the pieces between asterisks: each as the next term. "" when there are none, or
 * they are too long to be repeated. */
static void remedy_for(const char *name, const char *text, char remedy[REMEDY_SIZE])
{
    bool first = true;
    size_t used = 0;

    *remedy = '\0';
    for (size_t length; *text; text += length) {
        bool begins = first && *text != '*';
        first = false;
        text += strspn(text, "*");
        length = strcspn(text, "*");
        if (length == 0)
            continue;
        used += (size_t)snprintf(remedy + used, REMEDY_SIZE - used, "%s%s%s%.*s", used ? " " : "",
                                 name, *name ? begins ? ":" : "~" : "", (int)length, text);
        if (used >= REMEDY_SIZE) {
            *remedy = '\0';
            return;
        }
    }
}

static bool fail_wildcard(struct parser *parser, struct span where, const char *remedy)
{
    scan_fail(
        parser, where,
        "there are no wildcards: write %s; an asterisk that is meant itself belongs in quotes",
        remedy);
    return false;
}

bool filter_check_foreign_word(struct parser *parser, struct span where)
{
    char remedy[REMEDY_SIZE], term[REMEDY_SIZE];
    const char *word = parser->value;

    for (size_t i = 0; i < sizeof foreign_words / sizeof foreign_words[0]; i++)
        if (strcmp(word, foreign_words[i].word) == 0) {
            scan_fail(parser, where, "write \"%s\" for this, or put it into quotes",
                      foreign_words[i].instead);
            return false;
        }
    if (*word == '!') {
        scan_fail(parser, (struct span){where.offset, 1},
                  "write - or \"not\" for this, or put the word into quotes");
        return false;
    }
    if (is_expression(word)) {
        scan_fail(parser, where,
                  "there are no regular expressions: write words that the text has; what is meant "
                  "itself belongs in quotes");
        return false;
    }
    if (!strchr(word, '*'))
        return true;
    bool type = filter_meant_type(word, strlen(word), term, sizeof term);
    remedy_for("", word, remedy);
    return fail_wildcard(parser, where,
                         type      ? term
                         : *remedy ? remedy
                                   : "has:type, which every event has");
}

bool filter_check_foreign(struct parser *parser, const struct comparison *comparison)
{
    char name[REMEDY_SIZE], nothing[REMEDY_SIZE + sizeof "has:"], remedy[REMEDY_SIZE];
    const char *text = parser->text + comparison->name.offset;

    if (parser->text[comparison->value.offset] == '"')
        return true;
    snprintf(name, sizeof name, "%.*s", scan_shown(text, comparison->name.length), text);
    if (is_expression(parser->value)) {
        scan_fail(parser, comparison->value,
                  "there are no regular expressions: write %s~word for what it contains; what is "
                  "meant itself belongs in quotes",
                  name);
        return false;
    }
    if (!strchr(parser->value, '*'))
        return true;
    snprintf(nothing, sizeof nothing, "has:%s", name);
    remedy_for(name, parser->value, remedy);
    return fail_wildcard(parser, comparison->value, *remedy ? remedy : nothing);
}
