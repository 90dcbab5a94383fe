/*
 * Any bytes laid out: the tokens lie in order inside the text, the lines hold all of them, and the
 * folds close behind the line that opens them.
 */
#include <stdint.h>
#include <stdlib.h>

#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_layout layout;
    size_t tokens = 0, end = 0;

    if (!json_layout(&layout, (const char *)data, size))
        return 0;
    check(layout.line_count > 0);
    for (size_t i = 0; i < layout.line_count; i++) {
        const struct json_line *line = &layout.lines[i];

        check(line->token == tokens && line->token_count > 0);
        tokens += line->token_count;
        check(line->depth <= JSON_MAX_LEVELS);
        check(line->close == 0 ||
              (line->close > i + 1 && line->close < layout.line_count && line->members > 0 &&
               layout.lines[line->close].depth == line->depth));
    }
    check(tokens == layout.token_count);
    for (size_t i = 0; i < layout.token_count; i++) {
        check(layout.tokens[i].start >= end);
        end = layout.tokens[i].start + layout.tokens[i].length;
        check(end <= size);
    }
    if (layout.tokens[layout.token_count - 1].kind == JSON_ERROR)
        check(end == size);
    json_layout_free(&layout);
    json_survey((const char *)data, size, 64);
    return 0;
}
