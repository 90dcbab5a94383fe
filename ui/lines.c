/*
 * Styled lines of text.
 */
#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "screen.h"

enum {
    LINE_SIZE = 4096, /* of a line that is searched; it is cut at the screen's width long before */
    CONTINUED_INDENT = 2, /* of a word that is longer than the lines of its text */
};

/* Makes room for `more` elements of `size` bytes; false when memory ran out. */
static bool reserve(void **array, size_t *capacity, size_t count, size_t more, size_t size)
{
    if (count + more <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 64;
    while (wanted < count + more)
        wanted *= 2;
    void *grown = realloc(*array, wanted * size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

void lines_free(struct lines *lines)
{
    free(lines->text);
    free(lines->spans);
    free(lines->lines);
    *lines = (struct lines){.ascii = lines->ascii};
}

void lines_clear(struct lines *lines)
{
    lines->text_length = lines->span_count = lines->count = 0;
}

void lines_begin(struct lines *lines, uint64_t tag)
{
    if (!reserve((void **)&lines->lines, &lines->line_capacity, lines->count, 1,
                 sizeof *lines->lines))
        return;
    lines->lines[lines->count++] = (struct lines_line){.span = lines->span_count, .tag = tag};
}

/* Adds clean text; every span keeps its terminator, so that it can be drawn as it stands. */
static void add_clean(struct lines *lines, enum role role, const char *text, size_t length)
{
    if (lines->count == 0 || length == 0 ||
        !reserve((void **)&lines->text, &lines->text_capacity, lines->text_length, length + 1, 1) ||
        !reserve((void **)&lines->spans, &lines->span_capacity, lines->span_count, 1,
                 sizeof *lines->spans))
        return;
    memcpy(lines->text + lines->text_length, text, length);
    lines->text[lines->text_length + length] = '\0';
    lines->spans[lines->span_count++] = (struct lines_span){lines->text_length, length, role};
    lines->text_length += length + 1;
    lines->lines[lines->count - 1].span_count++;
}

/* Foreign text made clean in memory of its own; NULL when memory ran out. A mark takes up to
 * eleven bytes for one. */
static char *clean(const struct lines *lines, const char *text, size_t length, unsigned flags)
{
    size_t size = length * 11 + 1;
    char *out = malloc(size);
    if (out)
        text_clean(out, size, text, length, flags | (lines->ascii ? TEXT_ASCII : 0));
    return out;
}

void lines_add_bytes(struct lines *lines, enum role role, const char *text, size_t length)
{
    char *safe = clean(lines, text, length, 0);
    if (safe)
        add_clean(lines, role, safe, strlen(safe));
    free(safe);
}

void lines_add(struct lines *lines, enum role role, const char *text)
{
    lines_add_bytes(lines, role, text, strlen(text));
}

int lines_width(const struct lines *lines, size_t index)
{
    const struct lines_line *line = &lines->lines[index];
    int width = 0;
    for (size_t i = 0; i < line->span_count; i++)
        width += text_width(lines->text + lines->spans[line->span + i].start);
    return width;
}

void lines_pad(struct lines *lines, int column)
{
    static const char blanks[] = "                                ";
    if (lines->count == 0)
        return;
    for (int missing = column - lines_width(lines, lines->count - 1); missing > 0;) {
        int part = missing < (int)sizeof blanks - 1 ? missing : (int)sizeof blanks - 1;
        add_clean(lines, ROLE_TEXT, blanks, (size_t)part);
        missing -= part;
    }
}

/* How much of a clean text goes into this line; *skip is what separates it from the next one. */
static size_t break_at(const char *text, int columns, size_t *skip)
{
    int used;
    size_t fit = text_fit(text, columns, &used);
    const char *feed = memchr(text, '\n', fit + (text[fit] != '\0'));
    *skip = 0;
    if (feed) {
        *skip = 1;
        return (size_t)(feed - text);
    }
    if (text[fit] == '\0')
        return fit;
    for (size_t at = fit; at > 0; at--) {
        if (text[at] == ' ') {
            *skip = 1;
            return at;
        }
    }
    if (fit == 0) { /* a wide character in one column: it must go somewhere */
        uint32_t ignored;
        return text_decode(text, strlen(text), &ignored);
    }
    return fit;
}

/* Whether the first word of a text is wider than so many columns. */
static bool begins_wide(const char *text, int columns)
{
    int used;
    size_t fit = text_fit(text, columns, &used), word = 0;
    while (word <= fit && text[word] && text[word] != ' ' && text[word] != '\n')
        word++;
    return word > fit;
}

void lines_wrap(struct lines *lines, enum role role, const char *text, int indent, int width)
{
    lines_wrap_bytes(lines, role, text, strlen(text), indent, width);
}

/* Begins the line in which a text goes on; returns the columns that it has. A word that is wider
 * than that, but no wider than a line, gets more of it. */
static int go_on(struct lines *lines, const char *rest, bool word, int indent, int width)
{
    uint64_t tag = lines->lines[lines->count - 1].tag;
    bool deep = word && indent > CONTINUED_INDENT && begins_wide(rest, width - indent) &&
                !begins_wide(rest, width - CONTINUED_INDENT);
    indent = deep ? CONTINUED_INDENT : indent;
    lines_begin(lines, tag);
    lines->lines[lines->count - 1].continued = true;
    lines_pad(lines, indent);
    return width - indent;
}

void lines_wrap_bytes(struct lines *lines, enum role role, const char *text, size_t length,
                      int indent, int width)
{
    char *safe = clean(lines, text, length, TEXT_KEEP_NEWLINES);
    if (!safe || lines->count == 0) {
        free(safe);
        return;
    }
    int room = width - lines_width(lines, lines->count - 1);
    /* What is no wider than a line is not split. */
    int most = width - (indent < CONTINUED_INDENT ? indent : CONTINUED_INDENT);
    if (room < most && begins_wide(safe, room) && !begins_wide(safe, most))
        room = go_on(lines, safe, true, indent, width);
    for (const char *rest = safe; *rest;) {
        size_t skip;
        size_t part = break_at(rest, room > 1 ? room : 1, &skip);
        add_clean(lines, role, rest, part);
        rest += part + skip;
        if (*rest)
            room = go_on(lines, rest, skip > 0, indent, width);
    }
    free(safe);
}

/* Columns of what follows a span in its line, but for blanks at the end. */
static int width_behind(const struct lines *lines, const struct lines_line *line, size_t i)
{
    int width = 0, shown = 0;
    while (++i < line->span_count) {
        const char *text = lines->text + lines->spans[line->span + i].start;
        width += text_width(text);
        if (text[strspn(text, " ")])
            shown = width;
    }
    return shown;
}

void lines_draw(const struct lines *lines, size_t index, int row, int column, int width,
                enum role over)
{
    const struct lines_line *line = &lines->lines[index];
    if (over != ROLE_TEXT)
        screen_fill(row, column, width, (struct style){.role = over, .over = ROLE_TEXT});
    for (size_t i = 0; i < line->span_count && width > 0; i++) {
        const struct lines_span *span = &lines->spans[line->span + i];
        const char *text = lines->text + span->start;
        /* One that just fills the line is cut, so that it shows that something follows. */
        bool last = text_width(text) == width && width_behind(lines, line, i) > 0;
        int used = screen_put(row, column, last ? width - 1 : width,
                              (struct style){.role = span->role, .over = over}, text);
        column += used;
        width -= last ? width : used;
    }
}

/* The text of a line, whole; terminated, cut when it is very long. */
static void line_text(const struct lines *lines, size_t index, char *text, size_t size)
{
    const struct lines_line *line = &lines->lines[index];
    size_t used = 0;
    for (size_t i = 0; i < line->span_count; i++) {
        const struct lines_span *span = &lines->spans[line->span + i];
        size_t length = span->length < size - 1 - used ? span->length : size - 1 - used;
        memcpy(text + used, lines->text + span->start, length);
        used += length;
    }
    text[used] = '\0';
}

bool lines_have(const struct lines *lines, size_t index, const struct search *sought)
{
    char line[LINE_SIZE];
    line_text(lines, index, line, sizeof line);
    return sought->length > 0 && search_in(sought, line, strlen(line));
}

void lines_mark(const struct lines *lines, size_t index, int row, int column, int width,
                const struct search *sought)
{
    char line[LINE_SIZE], part[LINE_SIZE];
    size_t length, found;
    const char *place = line;
    if (sought->length == 0)
        return;
    line_text(lines, index, line, sizeof line);
    length = strlen(line);
    while ((place = search_find(sought, place, length - (size_t)(place - line), &found))) {
        snprintf(part, sizeof part, "%.*s", (int)(place - line), line);
        int before = text_width(part);
        snprintf(part, sizeof part, "%.*s", (int)found, place);
        if (before < width)
            screen_put(row, column + before, width - before, STYLE(MATCH), part);
        place += found;
    }
}
